"""Files that people's programs write over while they are being sent: never half of each, and never dropped for a touch."""

import hashlib
import os

import pytest

from harness import PATIENCE, make_png
from servers import run

SIZE = 24 << 20  # more than all buffers on the way hold
WHOLE_SECOND = 1_700_000_000
PROMPT = "the camera pans left"
BEFORE, AFTER = (make_png(SIZE, seed=seed) for seed in ("before", "after"))


def digest(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    for name, data in (("before.png", BEFORE), ("after.png", AFTER)):
        (folder / name).write_bytes(data)
        os.utime(folder / name, (WHOLE_SECOND, WHOLE_SECOND))
    return folder


IN_PLACE = {
    "cp": ("cp",),
    "cp -p": ("cp", "-p"),
    "rsync --inplace -t": ("rsync", "--inplace", "-t", "--ignore-times"),
    "dd": None,
}


def write_over(how, source, target):
    if IN_PLACE[how]:
        run(*IN_PLACE[how], source, target)
    else:
        run("dd", f"if={source}", f"of={target}", "bs=1M", "conv=notrunc", "status=none")
        run("touch", "-r", source, target)


def send(gate, spool, home, start_daemon):
    """A pair whose upload has stopped in its middle."""
    daemon = start_daemon(gate.stub, url=gate.url(), tables={"api": {"upload_timeout": "60s"}})
    gate.close_to_requests()
    run("cp", "-p", home / "before.png", spool.file("scene", "png"))
    spool.put("scene.txt", PROMPT)
    assert gate.stopped.wait(PATIENCE), daemon.story()
    return daemon


def sent_images(gate):
    return [record["image"]["sha256"] for record in gate.stub.posts(complete=True)]


@pytest.mark.parametrize("how", IN_PLACE)
def test_an_image_is_written_over_in_the_middle(how, gate, spool, home, start_daemon):
    daemon = send(gate, spool, home, start_daemon)
    write_over(how, home / "after.png", spool.file("scene", "png"))
    gate.open()
    spool.wait_for_result("scene", daemon=daemon)
    assert sent_images(gate) == [digest(AFTER)]


@pytest.mark.parametrize("how", IN_PLACE)
def test_the_same_bytes_are_written_over_in_the_middle(how, gate, spool, home, start_daemon):
    daemon = send(gate, spool, home, start_daemon)
    write_over(how, home / "before.png", spool.file("scene", "png"))
    gate.open()
    spool.wait_for_result("scene", daemon=daemon)
    assert sent_images(gate) == [digest(BEFORE)]


@pytest.mark.parametrize("words", [("touch",), ("touch", "-d", "2024-02-29 12:00"), ("chmod", "g+w")], ids=" ".join)
def test_a_touch_in_the_middle_drops_nothing(words, gate, spool, home, start_daemon):
    daemon = send(gate, spool, home, start_daemon)
    for extension in ("png", "txt"):
        run(*words, spool.file("scene", extension))
    gate.open()
    spool.wait_for_result("scene", daemon=daemon)
    assert sent_images(gate) == [digest(BEFORE)]
    assert len(gate.stub.posts()) == 1, "the upload was dropped for a touch"
