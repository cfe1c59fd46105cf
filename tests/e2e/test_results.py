"""A pair with a result is finished; what removing, moving and linking files does to that."""

import os
import time

import pytest

from harness import PATIENCE, make_png


def accept(stub, spool, daemon, stem, prompt="a prompt"):
    spool.drop(stem, prompt)
    return spool.wait_for_result(stem, daemon=daemon)


def canary(stub, spool, daemon, count, name="canary"):
    """Sends one more pair through; then there have been `count` submissions and it."""
    accept(stub, spool, daemon, name, "canary")
    assert len(stub.posts()) == count + 1, [record["fields"]["prompt"] for record in stub.posts()]


@pytest.mark.parametrize("result", ["job", "error", "doubt"])
def test_a_result_that_is_there_at_the_start(stub, spool, start_daemon, result):
    spool.drop("scene")
    spool.put(f"scene.{result}.json", '{"id": "from before"}')
    daemon = start_daemon(stub)
    canary(stub, spool, daemon, 0)
    assert spool.result_path("scene", result).read_text() == '{"id": "from before"}'


def test_results_outlive_a_restart(stub, spool, start_daemon):
    daemon = start_daemon(stub)
    answer = accept(stub, spool, daemon, "scene")
    assert daemon.stop() == 0
    daemon = start_daemon(stub)
    canary(stub, spool, daemon, 1)
    assert spool.result_path("scene").read_bytes() == answer


def test_removing_an_error_runs_the_pair_again(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-400:1")
    spool.drop("scene")
    error = spool.read_result("scene", "error", daemon)
    assert error["verdict"] == "refused" and error["http_status"] == 400 and error["attempts"] == 1
    spool.result_path("scene", "error").unlink()
    spool.wait_for_result("scene", daemon=daemon)
    assert len(stub.posts()) == 2


def test_removing_an_error_while_stopped_runs_the_pair_again(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-400:1")
    spool.drop("scene")
    spool.wait_for_result("scene", "error", daemon)
    assert daemon.stop() == 0
    spool.result_path("scene", "error").unlink()
    daemon = start_daemon(stub)
    spool.wait_for_result("scene", daemon=daemon)
    assert len(stub.posts()) == 2


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("result", ["job", "doubt"])
def test_removing_a_paid_result_buys_nothing(stub, spool, start_daemon, result, restart):
    daemon = start_daemon(stub, fault="html-200:1" if result == "doubt" else "")
    spool.drop("scene")
    spool.wait_for_result("scene", result, daemon)
    if restart:
        assert daemon.stop() == 0
        spool.result_path("scene", result).unlink()
        daemon = start_daemon(stub)
    else:
        spool.result_path("scene", result).unlink()
        daemon.reload()  # which scans, should the removal itself not be looked at
    daemon.wait_for("pair.known", job="scene")
    canary(stub, spool, daemon, 1)
    assert len(daemon.events("pair.known", job="scene")) == 1


def test_new_files_under_an_old_name_are_a_new_job(stub, spool, daemon):
    accept(stub, spool, daemon, "scene", "old")
    for extension in ("txt", "png"):
        spool.file("scene", extension).unlink()
    spool.result_path("scene").unlink()
    spool.drop("scene", "new", make_png(5000, seed=5))
    spool.wait_for_result("scene", daemon=daemon)
    assert [record["fields"]["prompt"] for record in stub.posts()] == ["old", "new"]


@pytest.mark.parametrize("kept", ["txt", "png"])
def test_half_replaced_is_still_the_old_job(stub, spool, daemon, kept):
    accept(stub, spool, daemon, "scene", "old")
    replaced = "png" if kept == "txt" else "txt"
    spool.put(f"scene.{replaced}", make_png(5000, seed=5) if replaced == "png" else "new")
    spool.result_path("scene").unlink()
    canary(stub, spool, daemon, 1)
    assert daemon.wait_for("pair.known", job="scene")


@pytest.mark.parametrize("result", ["job", "doubt", "error"])
def test_a_result_that_appears_while_the_pair_is_sent_finishes_it(stub, spool, start_daemon, result):
    daemon = start_daemon(stub, fault="slow-read:1")
    spool.drop("scene", "scene", make_png(3 << 20))
    daemon.wait_for("attempt.started", job="scene")
    spool.put(f"scene.{result}.json", b"somebody's own")
    ended = daemon.wait_for("attempt.ended", job="scene")
    assert ended["verdict"] == "unsent" and "appeared" in ended["reason"], ended
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert [record["fields"]["prompt"] for record in stub.posts(complete=True)] == ["canary"]
    assert spool.result_path("scene", result).read_bytes() == b"somebody's own"


def test_a_file_in_the_place_of_a_result_is_kept(gate, spool, start_daemon):
    daemon = start_daemon(gate.stub, url=gate.url())
    with gate.closed():
        spool.drop("scene", "scene")
        gate.stub.wait_for_posts(1, complete=True)
        spool.put("scene.job.json", b"somebody's own")
    line = daemon.wait_for("result.written", level="warning", job="scene")
    assert (spool.path / line["file"]).read_bytes() == b"somebody's own"
    daemon.wait_for("job.accepted", job="scene")
    assert spool.result_path("scene").read_bytes() == gate.stub.posts()[0]["response"].encode()


def test_a_moved_pair_is_the_same_job(stub, spool, daemon):
    accept(stub, spool, daemon, "scene")
    (spool.path / "done").mkdir()
    for extension in ("txt", "png"):
        spool.file("scene", extension).rename(spool.file("done/scene", extension))
    assert daemon.wait_for("pair.known", job="done/scene")
    canary(stub, spool, daemon, 1)


def test_a_pair_moved_with_its_result_is_the_same_job(stub, spool, daemon):
    answer = accept(stub, spool, daemon, "scene")
    (spool.path / "done").mkdir()
    for name in ("scene.job.json", "scene.txt", "scene.png"):
        (spool.path / name).rename(spool.path / "done" / name)
    canary(stub, spool, daemon, 1)
    assert spool.result_path("done/scene").read_bytes() == answer


@pytest.mark.parametrize("restart", [False, True])
def test_results_moved_away_buy_nothing(stub, spool, start_daemon, restart):
    daemon = start_daemon(stub)
    for number in range(5):
        accept(stub, spool, daemon, f"scene{number}", f"scene {number}")
    if restart:
        assert daemon.stop() == 0
    (spool.path / "results").mkdir()
    for number in range(5):
        spool.result_path(f"scene{number}").rename(spool.path / "results" / f"scene{number}.job.json")
    if restart:
        daemon = start_daemon(stub)
    daemon.wait_for("pair.known", count=5)  # once for each, over restarts: who said it does not say it again
    canary(stub, spool, daemon, 5)


@pytest.mark.parametrize("restart", [False, True])
def test_an_early_success_is_in_the_ledger_too(stub, spool, start_daemon, restart):
    daemon = start_daemon(stub, fault="early-200:1")
    spool.drop("scene", image=make_png(8 << 20))  # of which little has left when the answer comes
    spool.wait_for_result("scene", daemon=daemon)
    if restart:
        assert daemon.stop() == 0
    spool.result_path("scene").unlink()
    if restart:
        daemon = start_daemon(stub)
    else:
        daemon.reload()
    daemon.wait_for("pair.known", job="scene", state="accepted")
    canary(stub, spool, daemon, 1)


def test_a_linked_pair_is_the_same_job(stub, spool, daemon):
    accept(stub, spool, daemon, "scene")
    for extension in ("txt", "png"):
        os.link(spool.file("scene", extension), spool.file("linked", extension))
    assert daemon.wait_for("pair.known", job="linked")
    canary(stub, spool, daemon, 1)


def test_one_image_linked_under_two_prompts_is_two_jobs(stub, spool, daemon):
    image = spool.put("first.png", make_png(4096))
    os.link(image, spool.file("second", "png"))
    spool.put("first.txt", "first")
    spool.put("second.txt", "second")
    spool.wait_for_result("first", daemon=daemon)
    spool.wait_for_result("second", daemon=daemon)
    assert sorted(record["fields"]["prompt"] for record in stub.posts()) == ["first", "second"]


def test_the_same_contents_twice_are_two_jobs(stub, spool, daemon):
    image = make_png(4096)
    for stem in ("first", "second"):
        spool.drop(stem, "the same", image)
        spool.wait_for_result(stem, daemon=daemon)
    assert len(stub.posts()) == 2


def test_a_result_is_whole_or_not_there(stub, spool, daemon):
    """A reader who looks at every name that appears never sees a piece of one."""
    seen = {}
    for number in range(20):
        spool.drop(f"scene{number}", f"scene {number}")
    deadline = time.monotonic() + PATIENCE
    while len(seen) < 20 and time.monotonic() < deadline:
        for path in spool.path.glob("*.job.json"):
            data = path.read_bytes()
            assert data, f"{path} was empty at first sight"
            assert seen.setdefault(path.name, data) == data
    assert len(stub.posts()) == 20 and len(set(seen.values())) == 20
