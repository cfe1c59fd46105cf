"""Real programs bring pairs: twelve prompts of one length, each with a copy of one reference image and one whole-second
time, each brought, awaited and taken away before the next, so that the file system gives the next ones the same inodes.
Twelve jobs, twelve ids, the right prompt each."""

import json
import os

import pytest

from client_ways import WAYS, Ways
from harness import make_png, wait_until

COUNT = 12
WHOLE_SECOND = 1_700_000_000
LOCAL = ("mv", "cp", "cp -p", "tar", "rsync -a", "rsync -r", "rsync --inplace", "unzip")
IMAGE = make_png(4096, seed="the reference")


def write_pair(folder, stem, prompt, image=IMAGE):
    """A pair as a person has it at home: its times are whole seconds, and alike."""
    folder.mkdir(exist_ok=True)
    for name, data in ((f"{stem}.txt", prompt.encode()), (f"{stem}.png", image)):
        path = folder / name
        path.write_bytes(data)
        os.utime(path, (WHOLE_SECOND, WHOLE_SECOND))


def empty(folder):
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()


def wait_for_answer(spool, daemon, stem):
    """The id in the pair's result. That the pair is called known is the fault that is looked for: it ends the wait."""
    def answered():
        known = [line for line in daemon.events("pair.known") if line["job"] == stem]
        assert not known, f"{stem} was taken for another: {known[-1]}"
        return spool.results_of(stem)
    wait_until(answered, lambda: f"a result of {stem}{daemon.story()}")
    return json.loads(spool.wait_for_result(stem, daemon=daemon))["id"]


def check_bought(stub, answers, count):
    """One job for each prompt, and beside each pair the id of its own."""
    bought = [(record["fields"]["prompt"], record["id"]) for record in stub.posts(complete=True)]
    assert sorted(bought) == sorted(answers.items())
    assert len(bought) == len(set(answers.values())) == count


@pytest.mark.parametrize("way", WAYS)
def test_twelve_alike_one_after_the_other(way, tmp_path, stub, spool, start_daemon):
    daemon = start_daemon(stub)
    home = tmp_path / "home"
    answers = {}
    with Ways(tmp_path, spool.path) as ways:
        for number in range(COUNT):
            prompt = f"Shot {number + 10}: the camera pans left"
            stem = "scene" if number % 3 == 0 else f"shot{number}"  # one name, used again and again
            write_pair(home, stem, prompt)
            ways.bring(way, home)
            answers[prompt] = wait_for_answer(spool, daemon, stem)
            for folder in (home, spool.path):
                empty(folder)
    check_bought(stub, answers, COUNT)


def test_many_hands_at_once(tmp_path, stub, spool, start_daemon):
    """The same by every way, the ways taking turns: what one has just freed another gets."""
    daemon = start_daemon(stub)
    home = tmp_path / "home"
    answers = {}
    with Ways(tmp_path, spool.path) as ways:
        for number in range(3 * len(LOCAL)):
            prompt = f"Shot {number + 10}: the camera pans left"
            write_pair(home, "scene", prompt)
            ways.bring(LOCAL[number % len(LOCAL)], home)
            answers[prompt] = wait_for_answer(spool, daemon, "scene")
            for folder in (home, spool.path):
                empty(folder)
    check_bought(stub, answers, 3 * len(LOCAL))
