"""The operator's commands, against a daemon that runs and without one: nothing is bought again but by a person's word."""

import json
import os
import shutil

import pytest

from harness import Daemon, Spool, run_reeld, wait_until
from operator_words import fail, prompts, read_status, settle, succeed, wait_for_jobs

DOUBT = "close-after-body-created"
HANGING = {"api": {"response_timeout": "10m"}}


@pytest.fixture
def doubted(stub, spool, start_daemon):
    """A daemon, and "scene" in doubt: the stub has created it. Everything else goes well."""
    daemon = start_daemon(stub, fault=f"{DOUBT}:1")
    spool.drop("scene", "first")
    spool.wait_for_result("scene", "doubt", daemon)
    daemon.wait_for("job.doubt")
    return daemon


@pytest.fixture
def accepted(daemon, spool):
    spool.drop("scene", "first")
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted")
    wait_for_jobs(spool, daemon, accepted=1)
    return daemon


def test_a_retry_of_an_accepted_job_needs_a_yes_and_buys_once_more(accepted, stub, spool):
    said = fail(1, "retry", spool.path / "scene")
    assert "scene was accepted as " + json.loads(spool.result_path("scene").read_bytes())["id"] in said
    assert "may buy a second time" in said and "--yes" in said
    assert spool.results_of("scene") == ["job"]
    assert succeed("retry", "--yes", spool.path / "scene.png", spool.path / "scene.txt") == "scene: runs again\n"
    accepted.wait_for("job.accepted", count=2, job="scene")
    settle(stub, spool, accepted)
    assert prompts(stub) == ["first", "first", "canary"]
    assert json.loads(spool.result_path("scene").read_bytes())["id"] in stub.posts()[1]["response"]


def test_a_retry_without_a_daemon_counts_at_the_next_start(accepted, stub, spool, start_daemon):
    accepted.stop()
    fail(1, "retry", spool.path / "scene.job.json")
    assert succeed("retry", "--yes", "scene.job.json", cwd=spool.path) == "scene: runs again; reeld is not running\n"
    assert spool.results_of("scene") == []
    daemon = start_daemon(stub)
    spool.wait_for_result("scene", daemon=daemon)
    settle(stub, spool, daemon)
    assert prompts(stub) == ["first", "first", "canary"]


def test_a_result_that_the_ledger_does_not_hold_is_kept(accepted, stub, spool):
    spool.result_path("scene").write_text('{"id": "mine"}')
    said = succeed("retry", "--yes", spool.path / "scene")
    (kept,) = spool.path.glob(".scene.job.json.replaced-*")
    assert f"it is kept as {kept.name}" in said and kept.read_text() == '{"id": "mine"}'
    accepted.wait_for("job.accepted", count=2, job="scene")
    assert len(stub.posts()) == 2


def test_a_result_alone_is_asked_about_too(daemon, stub, spool):
    spool.put("scene.job.json", '{"id": "from elsewhere"}')
    spool.drop("scene", "first")
    settle(stub, spool, daemon)
    assert "as from elsewhere" in fail(1, "retry", spool.path / "scene")
    succeed("retry", "--yes", spool.path / "scene")
    daemon.wait_for("job.accepted", job="scene")


def test_a_retry_of_a_job_whose_result_was_moved_away(accepted, stub, spool):
    (spool.path / "done").mkdir()
    spool.result_path("scene").rename(spool.path / "done" / "scene.job.json")
    wait_until(lambda: read_status(spool)["owed"] == 0, "the ledger to know of the result")
    fail(1, "retry", spool.path / "scene")
    succeed("retry", "--yes", spool.path / "scene")
    accepted.wait_for("job.accepted", count=2, job="scene")
    assert len(stub.posts()) == 2


def test_a_retry_of_a_refused_pair_needs_no_yes(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-400:1")
    spool.drop("scene", "first")
    spool.wait_for_result("scene", "error", daemon)
    assert succeed("retry", spool.path / "scene") == "scene: runs again\n"
    daemon.wait_for("job.accepted", job="scene")
    assert spool.results_of("scene") == ["job"]


@pytest.mark.parametrize("stem", ["projectA/scene", "a\nb", "scene.v2", "n\udcffme"])
def test_names_of_every_kind(daemon, stub, spool, stem):
    name = os.fsencode(stem)
    folder = os.path.dirname(os.fsencode(spool.path) + b"/" + name)
    os.makedirs(folder, exist_ok=True)
    spool.drop("model", "first")
    spool.wait_for_result("model", daemon=daemon)
    for extension in (b".txt", b".png"):
        shutil.copy(os.fsencode(spool.path) + b"/model" + extension, os.fsencode(spool.path) + b"/" + name + extension)
    daemon.wait_for("job.accepted", count=2)
    wait_for_jobs(spool, daemon, accepted=2)
    succeed("retry", "--yes", os.fsdecode(os.fsencode(spool.path) + b"/" + name))
    daemon.wait_for("job.accepted", count=3)
    assert len(stub.posts()) == 3


def test_what_cannot_be_retried_says_why(accepted, stub, spool, tmp_path):
    assert "there is no such pair" in fail(1, "retry", spool.path / "nothing")
    assert "no spool is above it" in fail(1, "retry", tmp_path / "scene")
    assert "open its folder" in fail(1, "retry", spool.path / "missing" / "scene")
    spool.put("half.txt", "alone")
    assert "no image" in fail(1, "retry", spool.path / "half.txt")
    assert "where pairs are looked for" in fail(1, "retry", spool.path / ".reeld" / "spool")
    assert len(stub.posts()) == 1


def test_a_pair_that_waits_is_said_to(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-401:100", tables={"submit": {"account_retry": "10m"}})
    spool.drop("scene", "first")
    daemon.wait_for("lane.paused")
    wait_for_jobs(spool, daemon, unsent=1)
    assert succeed("retry", spool.path / "scene") == "scene: waits already, there is nothing to undo\n"
    assert spool.results_of("scene") == []


def test_a_job_that_is_being_sent_is_left_alone(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="hang-created", tables=HANGING)
    spool.drop("scene", "first")
    wait_until(lambda: read_status(spool)["live"]["awaiting"] == 1, "the answer being awaited")
    assert "is being sent just now; try later" in fail(75, "retry", "--yes", spool.path / "scene")
    assert "is being sent just now; try later" in fail(75, "resolve", spool.path / "scene", "--not-accepted")
    daemon.signal()
    daemon.wait_for("daemon.stopping")
    assert read_status(spool)["live"]["stopping"]
    daemon.signal()
    assert daemon.wait() == 0
    assert len(stub.posts()) == 1


def test_a_job_that_a_crash_left_open_is_settled_without_a_start(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="hang-created:1", tables=HANGING)
    spool.drop("scene", "first")
    stub.wait_for_posts(1)
    wait_until(lambda: read_status(spool)["live"]["awaiting"] == 1, "the answer being awaited")
    daemon.kill()
    assert "nobody knows what came of it" in fail(1, "retry", spool.path / "scene")
    succeed("resolve", spool.path / "scene", "--accepted", "video_7")
    assert json.loads(spool.result_path("scene").read_bytes()) == {"id": "video_7"}
    daemon = start_daemon(stub)
    settle(stub, spool, daemon)
    assert prompts(stub) == ["first", "canary"] and not daemon.events("job.doubt")


def test_a_doubt_is_never_sent_again_but_by_a_person(doubted, stub, spool, start_daemon):
    spool.result_path("scene", "doubt").unlink()
    doubted.reload()
    doubted.wait_for("config.reloaded")
    settle(stub, spool, doubted)
    succeed("hold", "--spool", spool.path)
    succeed("release", "--spool", spool.path)
    doubted.stop()
    daemon = start_daemon(stub)
    settle(stub, spool, daemon, "canary2")
    assert prompts(stub) == ["first", "canary", "canary2"]
    said = fail(1, "retry", spool.path / "scene")
    assert "scene is in doubt since " in said
    succeed("retry", "--yes", spool.path / "scene")
    daemon.wait_for("job.accepted", job="scene")
    assert prompts(stub) == ["first", "canary", "canary2", "first"]


@pytest.mark.parametrize("is_running", [True, False])
def test_a_doubt_is_resolved_as_accepted(doubted, stub, spool, start_daemon, is_running):
    if not is_running:
        doubted.stop()
    assert succeed("resolve", spool.path / "scene.txt", "--accepted", "video:1") == "scene: accepted as video:1\n"
    assert spool.result_path("scene").read_text() == '{\n  "id": "video:1"\n}\n'
    assert spool.results_of("scene") == ["job"]
    status = read_status(spool)
    assert status["doubts"] == [] and status["jobs"] == {"accepted": 1} and status["owed"] == 0
    daemon = doubted if is_running else start_daemon(stub)
    settle(stub, spool, daemon)
    assert prompts(stub) == ["first", "canary"]
    assert "is not in doubt; the ledger has it as accepted" in fail(1, "resolve", spool.path / "scene", "--not-accepted")


@pytest.mark.parametrize("is_running", [True, False])
def test_a_doubt_is_resolved_as_not_accepted(doubted, stub, spool, start_daemon, is_running):
    if not is_running:
        doubted.stop()
    succeed("resolve", spool.path / "scene", "--not-accepted")
    daemon = doubted if is_running else start_daemon(stub)
    daemon.wait_for("job.accepted", job="scene")
    settle(stub, spool, daemon)
    assert prompts(stub) == ["first", "first", "canary"]
    assert spool.results_of("scene") == ["job"]


def test_a_doubt_whose_files_have_gone_is_resolved(doubted, spool):
    spool.file("scene", "txt").unlink()
    spool.file("scene", "png").unlink()
    succeed("resolve", spool.path / "scene.doubt.json", "--accepted", "video_1")
    assert spool.results_of("scene") == ["job"] and read_status(spool)["doubts"] == []


def test_a_doubt_that_was_moved_is_resolved_where_it_lies(doubted, spool, stub, start_daemon):
    doubted.stop()
    (spool.path / "later").mkdir()
    for name in ("scene.txt", "scene.png", "scene.doubt.json"):
        (spool.path / name).rename(spool.path / "later" / name)
    succeed("resolve", spool.path / "later/scene", "--accepted", "video_1")
    assert spool.results_of("later/scene") == ["job"] and spool.results_of("scene") == []
    daemon = start_daemon(stub)
    settle(stub, spool, daemon)
    assert len(stub.posts()) == 2


def test_a_doubt_that_only_a_file_tells_of(daemon, spool, stub):
    spool.put("scene.doubt.json", "{}")
    spool.drop("scene", "first")
    succeed("resolve", spool.path / "scene", "--not-accepted")
    daemon.wait_for("job.accepted", job="scene")
    (kept,) = spool.path.glob(".scene.doubt.json.replaced-*")
    assert kept.read_text() == "{}" and len(stub.posts()) == 1


def test_hold_stops_sending_and_survives_a_restart(daemon, stub, spool, start_daemon):
    assert succeed("hold", "--spool", spool.path) == f"held: nothing is sent until `reeld release` (spool {spool.path})\n"
    daemon.wait_for("lane.held")
    spool.drop("scene", "first")
    daemon.wait_for("pair.ready")
    wait_until(lambda: read_status(spool)["waiting"] == 1, "the pair to wait")
    assert daemon.stop() == 0
    assert stub.posts() == []
    daemon = start_daemon(stub)
    daemon.wait_for("lane.held")
    daemon.wait_for("pair.ready")
    assert read_status(spool)["live"]["held"] and stub.posts() == []
    succeed("release", "--spool", spool.path)
    daemon.wait_for("lane.released")
    spool.wait_for_result("scene", daemon=daemon)
    assert len(stub.posts()) == 1


def test_hold_and_release_without_a_daemon(daemon, stub, spool, start_daemon):
    daemon.stop()
    assert "reeld is not running" in succeed("hold", "--config", daemon.config)
    held = start_daemon(stub)
    held.wait_for("lane.held")
    held.stop()
    assert "reeld is not running" in succeed("release", "--spool", spool.path)
    spool.drop("scene")
    again = start_daemon(stub)
    spool.wait_for_result("scene", daemon=again)
    assert not again.events("lane.held")


def test_a_hold_comes_before_the_first_start(stub, spool, start_daemon):
    spool.drop("scene")
    assert "reeld is not running" in succeed("hold", "--spool", spool.path)
    assert read_status(spool)["held"]
    daemon = start_daemon(stub)
    daemon.wait_for("lane.held")
    daemon.wait_for("pair.ready")
    wait_until(lambda: read_status(spool)["waiting"] == 1, "the pair to wait")
    assert stub.posts() == []
    succeed("release", "--spool", spool.path)
    spool.wait_for_result("scene", daemon=daemon)
    assert len(stub.posts()) == 1


def test_status_of_a_daemon_that_runs(doubted, stub, spool):
    settle(stub, spool, doubted)
    doubted.wait_for("job.accepted")
    wait_for_jobs(spool, doubted, accepted=1, doubt=1)
    status = read_status(spool)
    assert status["running"] and status["used"] and status["spent_24h"] == 2
    assert status["jobs"] == {"accepted": 1, "doubt": 1}
    (doubt,) = status["doubts"]
    assert doubt["job"] == "scene" and doubt["path"] == str(spool.path / "scene") and doubt["reason"]
    live = status["live"]
    assert live["pid"] == doubted.process.pid and not live["held"] and live["ledger_well"]
    assert live["since_start"]["accepted"] == 1 and live["since_start"]["doubt"] == 1
    assert live["last_error"]["event"] == "job.doubt" and live["last_error"]["reason"]
    said = succeed("status", "--config", doubted.config)
    assert f"process {doubted.process.pid}\n" in said and "in doubt      1\n" in said
    assert str(spool.path / "scene") + ", for " in said and "last error    20" in said


def test_status_without_a_daemon(doubted, spool):
    doubted.stop()
    spool.drop("waits")
    status = read_status(spool)
    assert not status["running"] and status["live"] is None and status["waiting"] == 1
    said = succeed("status", "--spool", spool.path)
    assert "reeld         not running\n" in said and "waiting       1\n" in said and "in doubt      1\n" in said


def test_without_a_daemon_a_pair_whose_result_was_moved_away_is_known(accepted, spool):
    accepted.stop()
    spool.result_path("scene").rename(spool.path.parent / "scene.job.json")
    spool.drop("new")
    status = read_status(spool)
    assert status["waiting"] == 1 and list(status["waits"]["by_reason"]) == ["not_running"]
    done = run_reeld("check", "--pairs", "--config", accepted.config)
    assert done.returncode == 0, done.stderr
    assert "known         scene: accepted; nothing is sent\n" in done.stdout
    assert "ready         new\n" in done.stdout and "1 ready, 1 known; nothing was sent\n" in done.stdout


def test_status_of_a_spool_that_is_not_used_yet(spool):
    spool.drop("scene")
    status = read_status(spool)
    assert not status["used"] and status["waiting"] == 1 and not status["running"]
    assert "not used yet" in succeed("status", "--spool", spool.path)
    assert sorted(entry.name for entry in spool.path.iterdir()) == ["scene.png", "scene.txt"]


def test_the_socket_is_there_while_reeld_runs_and_for_few(daemon, spool):
    socket = spool.path / ".reeld" / "control"
    assert socket.stat().st_mode & 0o777 == 0o660
    daemon.kill()
    assert socket.exists()
    assert not read_status(spool)["running"]


def test_a_dead_socket_is_replaced_and_removed_at_the_end(daemon, stub, spool, start_daemon):
    daemon.kill()
    again = start_daemon(stub)
    assert read_status(spool)["live"]["pid"] == again.process.pid
    again.stop()
    assert not (spool.path / ".reeld" / "control").exists()


def test_a_socket_that_cannot_be_made_is_a_warning(stub, spool, start_daemon):
    (spool.path / ".reeld" / "control").mkdir(parents=True)
    daemon = start_daemon(stub)
    assert daemon.wait_for("control.failed")["level"] == "warning"
    settle(stub, spool, daemon)
    assert read_status(spool)["running"]
    assert "could not be told" in fail(1, "hold", "--spool", spool.path)


def test_a_path_of_a_spool_may_be_long(stub, tmp_path):
    deep = Spool(tmp_path / ("long" * 30) / ("path" * 30))
    with Daemon(tmp_path / "deep", deep, stub.url(), stub=stub):
        assert read_status(deep)["live"]


def test_two_pairs_at_once_and_a_configured_spool(accepted, stub, spool):
    spool.drop("second", "second")
    accepted.wait_for("job.accepted", job="second")
    wait_for_jobs(spool, accepted, accepted=2)
    done = run_reeld("retry", "--yes", "--config", accepted.config, spool.path / "scene", spool.path / "no", "second",
                     key=None, cwd=spool.path)
    assert done.returncode == 1 and done.stdout == "scene: runs again\nsecond: runs again\n", done.stderr
    accepted.wait_for("job.accepted", job="scene", count=2)
    accepted.wait_for("job.accepted", job="second", count=2)
    assert len(stub.posts()) == 4


def test_an_answer_that_is_awaited_comes_in_spite_of_a_hold(gate, spool, start_daemon):
    daemon = start_daemon(gate.stub, url=gate.url())
    with gate.closed():
        spool.drop("scene", "first")
        gate.stub.wait_for_posts(1, complete=True)
        succeed("hold", "--spool", spool.path)
    spool.wait_for_result("scene", daemon=daemon)
    assert len(gate.stub.posts()) == 1
