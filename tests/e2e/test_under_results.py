"""Files that are put under a result that is there already."""

import contextlib
import sqlite3

import pytest

from harness import make_png, wait_until

ANSWER = "that is about what lay here before"


@pytest.fixture
def finished(stub, spool, daemon):
    """A daemon that has published the result of `scene`."""
    spool.drop("scene", "one prompt", make_png(4096, seed=1))
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted", job="scene")
    return daemon


def prove_it_is_quiet(stub, spool, daemon):
    """Whatever comes of it has come: another pair that is put under its result after it is said."""
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    spool.put("canary.txt", "another canary")
    daemon.wait_for("pair.known", job="canary")
    assert len(stub.posts()) == 2


def stamps(spool):
    with contextlib.closing(sqlite3.connect(f"file:{spool.path}/.reeld/ledger.db?mode=ro", uri=True)) as ledger:
        return ledger.execute("SELECT prompt_inode, image_inode FROM jobs WHERE stem = CAST('scene' AS BLOB)").fetchone()


@pytest.mark.parametrize("what", ["prompt", "prompt-in-place", "image", "both"])
def test_other_files_under_a_result_are_said_once(stub, spool, finished, what):
    result = spool.result_path("scene").read_bytes()
    if what in ("prompt", "both"):
        spool.put("scene.txt", "two prompt")
    if what == "prompt-in-place":
        spool.put("scene.txt", "two prompt", how="copy")
    if what in ("image", "both"):
        spool.put("scene.png", make_png(4096, seed=2))
    said = finished.wait_for("pair.known", job="scene")
    assert ANSWER in said["msg"] and said["state"] == "accepted"
    spool.put("scene.txt", "a third prompt")
    prove_it_is_quiet(stub, spool, finished)
    assert len(finished.events("pair.known", job="scene")) == 1
    assert spool.result_path("scene").read_bytes() == result


def test_the_same_bytes_once_more_say_nothing_and_are_known_by_their_new_stamps(stub, spool, finished):
    before = stamps(spool)
    spool.put("scene.txt", "one prompt")
    spool.put("scene.png", make_png(4096, seed=1), how="slow")
    spool.put("scene.png", make_png(4096, seed=1))
    prove_it_is_quiet(stub, spool, finished)
    assert not finished.events("pair.known", job="scene")
    files = tuple(spool.file("scene", kind).stat().st_ino for kind in ("txt", "png"))
    wait_until(lambda: stamps(spool) == files, lambda: f"the stamps of {files}: {before}, then {stamps(spool)}")


def test_a_result_without_a_job_is_nobodys(stub, spool, daemon):
    """It was brought along: nobody knows what it is about."""
    spool.put("scene.job.json", '{"id": "video_elsewhere"}')
    spool.put("scene.txt", "one prompt")
    spool.put("scene.png", make_png(4096))
    spool.drop("first", "first")
    spool.wait_for_result("first", daemon=daemon)
    prove_it_is_quiet(stub, spool, daemon)
    assert not daemon.events("pair.known", job="scene")
