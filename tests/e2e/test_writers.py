"""Who writes, where no lease tells: the daemon is another user than who drops. Times that are set late, writers that pause,
files that are laid out before they are written."""

import os
import threading
import time

import pytest

from harness import make_png
from two_users import daemon, needs_root, place, prompts_of, run_as_daemon, run_daemon, spool, stub  # noqa: F401

pytestmark = needs_root
OLD = 1_700_000_000


def assert_ready_soon(daemon, spool, stems):
    """Far below the ten seconds of silence that stand in for a close that cannot be told."""
    begin = time.monotonic()
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
    assert time.monotonic() - begin < 8, daemon.story()


@pytest.mark.parametrize("when", [OLD, None])
def test_times_that_are_set_after_the_close_delay_nothing(daemon, spool, stub, when):
    """rclone, lftp, pure-ftpd, Finder."""
    stems = [f"scene{number}" for number in range(20)]
    for stem in stems:
        for name, data in ((f"{stem}.txt", stem), (f"{stem}.png", make_png(4096))):
            path = spool.put(name, data, "copy")
            os.utime(path, None if when is None else (when, when))
            path.chmod(0o644)
    assert_ready_soon(daemon, spool, stems)
    assert prompts_of(stub) == sorted(stems)


def test_times_that_are_set_later_still_delay_nothing(daemon, spool, stub):
    """As over a slow line: the file was seen closed, and looked at, before."""
    stems = [f"scene{number}" for number in range(8)]
    for stem in stems:
        spool.put(f"{stem}.txt", stem, "copy").chmod(0o644)
    for stem in stems:
        os.utime(spool.file(stem, "txt"), (OLD, OLD))
        spool.put(f"{stem}.png", make_png(4096), "copy").chmod(0o644)
    for stem in stems:
        daemon.wait_for("pair.ready", job=stem)
        os.utime(spool.file(stem, "png"), (OLD, OLD))
        os.utime(spool.file(stem, "txt"))
    assert_ready_soon(daemon, spool, stems)


def test_a_touch_does_not_take_a_pair_back(place, spool, stub):
    """The pair waits for its turn meanwhile."""
    with run_daemon(place, spool, stub) as daemon:
        assert run_as_daemon(place, "hold", "--spool", spool.path).returncode == 0
        daemon.wait_for("lane.held")
        spool.drop("scene", "held")
        daemon.wait_for("pair.ready", job="scene")
        for _ in range(5):
            for extension in ("txt", "png"):
                os.utime(spool.file("scene", extension), (OLD, OLD))
        spool.drop("marker", "marker")
        daemon.wait_for("pair.ready", job="marker")
        assert run_as_daemon(place, "release", "--spool", spool.path).returncode == 0
        assert_ready_soon(daemon, spool, ["scene", "marker"])
        assert len(stub.posts()) == 2


def write_in_two(path, halves, go_on, flags=os.O_CREAT):
    """Opens, writes a half, and has the file open until it may go on."""
    file = os.open(path, os.O_WRONLY | flags, 0o644)
    os.write(file, halves[0])

    def finish():
        go_on.wait()
        os.write(file, halves[1])
        os.close(file)

    thread = threading.Thread(target=finish)
    thread.start()
    return thread


@pytest.mark.parametrize("how", ["created", "rewritten", "renamed"])
def test_a_writer_that_pauses_is_waited_for(place, spool, stub, how):
    """For longer than the ten seconds of silence that once were taken for a close."""
    go_on = threading.Event()
    with run_daemon(place, spool, stub, tables={"spool": {"incomplete_after": "3s"}}) as daemon:
        if how == "rewritten":
            spool.put("scene.txt", "old words", "copy")
            spool.drop("marker", "marker")
            spool.wait_for_result("marker", daemon=daemon)
        path = spool.file("scene", "part" if how == "renamed" else "txt")
        thread = write_in_two(path, (b"the first half", b" and the second"), go_on,
                              os.O_TRUNC if how == "rewritten" else os.O_CREAT)
        try:
            if how == "renamed":
                path = path.rename(spool.file("scene", "txt"))
            spool.put("scene.png", make_png(4096))
            said = daemon.wait_for("pair.incomplete", job="scene")
            assert "still being written" in said["reason"]
            time.sleep(9)  # that nothing happens meanwhile is what this is about
            assert not daemon.events("pair.ready", job="scene") and spool.results_of("scene") == []
        finally:
            go_on.set()
            thread.join()
        spool.wait_for_result("scene", daemon=daemon)
        assert "the first half and the second" in prompts_of(stub)
        assert len(daemon.events("pair.incomplete", job="scene")) == 1


@pytest.mark.parametrize("text", [b"\0" * 40, b"half of it" + b"\0" * 30])
def test_a_prompt_that_is_only_laid_out_is_waited_for(daemon, spool, stub, text):
    spool.put("scene.txt", text)
    spool.put("scene.png", make_png(4096))
    said = daemon.wait_for("pair.incomplete", job="scene")
    assert "zeros" in said["reason"] and spool.results_of("scene") == []
    spool.put("scene.txt", "all of it", "copy")
    spool.wait_for_result("scene", daemon=daemon)
    assert prompts_of(stub) == ["all of it"]


def test_a_prompt_that_stays_laid_out_is_refused(place, spool, stub):
    with run_daemon(place, spool, stub, tables={"spool": {"incomplete_after": "500ms"}}) as daemon:
        spool.put("scene.txt", b"half\0\0\0\0")
        spool.put("scene.png", make_png(4096))
        error = spool.read_result("scene", "error", daemon)
        assert "zeros" in error["reason"] and stub.posts() == []
