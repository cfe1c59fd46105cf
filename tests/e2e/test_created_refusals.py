"""A job that the API has created, and that failed: its error file names the id, and removing that file buys nothing."""

import json
import os
import shutil

import pytest

from answers import plain, serve
from harness import Daemon, make_image, run_reeld

FAILED = b'{"id":"video_77","status":"failed","error":{"message":"no","code":"oops"}}'
QUEUED = b'{"id":"video_78","status":"queued"}'


@pytest.fixture
def refused(tmp_path, spool):
    """A daemon whose first pair was created and refused; what comes after is accepted."""
    answers = [plain(FAILED)[0], plain(QUEUED)[0]]
    with serve(lambda number: answers[min(number, 1)]) as (url, requests):
        with Daemon(tmp_path / "daemon", spool, url).start() as daemon:
            spool.drop("scene", "a cat")
            assert json.loads(spool.wait_for_result("scene", "error", daemon=daemon))["id"] == "video_77"
            said = daemon.wait_for("job.refused")
            assert "only `reeld retry` tries again" in said["msg"] and "paid for again" in said["msg"], said
            yield daemon, requests


def send_another(spool, daemon, stem):
    """All that was ready before has been looked at when this is accepted."""
    spool.drop(stem, f"a dog called {stem}")
    assert spool.wait_for_result(stem, daemon=daemon) == QUEUED


def test_removing_the_error_file_says_once_what_would_buy_again(refused, spool):
    daemon, requests = refused
    spool.result_path("scene", "error").unlink()
    known = daemon.wait_for("pair.known")
    assert known["state"] == "refused" and known["id"] == "video_77" and known["job"] == "scene", known
    assert "(video_77), and the job failed" in known["msg"] and "`reeld retry`" in known["msg"] and "cost money again" in known["msg"]
    send_another(spool, daemon, "other")
    for path in (spool.path / "scene.txt", spool.path / "scene.png"):
        os.utime(path)
    send_another(spool, daemon, "third")
    assert len(requests) == 3 and not spool.results_of("scene")
    assert len(daemon.events("pair.known")) == 1
    daemon.stop()
    daemon.start()
    send_another(spool, daemon, "fourth")
    assert len(requests) == 4 and not spool.results_of("scene")


def test_neither_a_copy_back_nor_a_move_buys_again(refused, spool, tmp_path):
    daemon, requests = refused
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in ("scene.txt", "scene.png"):
        shutil.copy(spool.path / name, kept)
        (spool.path / name).unlink()
    spool.result_path("scene", "error").unlink()
    send_another(spool, daemon, "other")
    for name in ("scene.txt", "scene.png"):
        shutil.copy(kept / name, spool.path)
    assert daemon.wait_for("pair.known")["job"] == "scene"
    (spool.path / "moved").mkdir()
    for name in ("scene.txt", "scene.png"):
        (spool.path / name).rename(spool.path / "moved" / name)
    known = daemon.wait_for("pair.known", job="moved/scene")
    assert known["was"] == "scene" and known["id"] == "video_77", known
    send_another(spool, daemon, "third")
    assert len(requests) == 3 and not list(spool.path.glob("**/scene.*.json"))


def test_retry_asks_first_and_runs_it_again(refused, spool):
    daemon, requests = refused
    asked = run_reeld("retry", spool.path / "scene")
    assert asked.returncode == 1 and "created as video_77 and failed" in asked.stdout + asked.stderr, asked
    assert "may buy a second time" in asked.stdout + asked.stderr and len(requests) == 1
    run_reeld("retry", "--yes", spool.path / "scene")
    assert spool.wait_for_result("scene", daemon=daemon) == QUEUED and len(requests) == 2


def test_retry_after_the_error_file_was_removed(refused, spool):
    daemon, requests = refused
    spool.result_path("scene", "error").unlink()
    daemon.wait_for("pair.known")
    run_reeld("retry", "--yes", spool.path / "scene")
    assert spool.wait_for_result("scene", daemon=daemon) == QUEUED and len(requests) == 2


def test_one_that_was_said_before_the_request_was_whole(tmp_path, spool):
    image = make_image("jpg", 8 << 20, seed="large")
    with serve(plain(FAILED)[0], closes=True, early=True) as (url, requests):
        with Daemon(tmp_path / "daemon", spool, url).start() as daemon:
            spool.drop("scene", "a cat", image, "jpg")
            assert json.loads(spool.wait_for_result("scene", "error", daemon=daemon))["id"] == "video_77"
            spool.result_path("scene", "error").unlink()
            assert daemon.wait_for("pair.known")["id"] == "video_77"
            assert len(requests) == 1
