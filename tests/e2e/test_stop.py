"""Ends: SIGTERM, a second one, drain and its exit codes, a second daemon."""

import signal
import time

import pytest

from bad_sync import bad_sync, bad_sync_library  # noqa: F401 (fixtures)
from harness import Daemon, Stub, make_png, run_reeld, text_bytes, write_config

LOCKED = 75
AT_ONCE = 45  # seconds: on a busy machine, too, and less than any time that is waited for by setting


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_answers_that_are_under_way_are_waited_for(gate, spool, start_daemon, number):
    spool.drop("scene")
    with gate.closed():
        daemon = start_daemon(gate.stub, url=gate.url())
        gate.stub.wait_for_posts(1, complete=True)
        daemon.signal(number)
        daemon.wait_for("daemon.stopping")
    assert daemon.wait() == 0
    assert spool.wait_for_result("scene") == text_bytes(gate.stub.posts()[0]["response"])
    assert daemon.events("daemon.stopped") and daemon.lines[-1]["event"] == "daemon.stopped"


def test_nothing_new_is_begun_while_stopping(gate, spool, start_daemon):
    spool.drop("first")
    with gate.closed():
        daemon = start_daemon(gate.stub, url=gate.url(), tables={"submit": {"concurrency": 1}})
        gate.stub.wait_for_posts(1, complete=True)
        daemon.signal()
        daemon.wait_for("daemon.stopping")
        spool.drop("second")
    assert daemon.wait() == 0
    assert spool.results_of("second") == [] and len(gate.stub.posts()) == 1
    daemon = start_daemon(gate.stub)
    spool.wait_for_result("second", daemon=daemon)
    assert len(gate.stub.posts()) == 2


def test_an_upload_that_is_under_way_is_given_up_or_finished(stub, spool, start_daemon):
    spool.drop("scene", "big", make_png(16 << 20))
    daemon = start_daemon(stub, fault="slow-read:1")
    daemon.wait_for("attempt.started")
    assert daemon.stop() == 0
    assert spool.results_of("scene") in ([], ["job"])
    daemon = start_daemon(stub)
    spool.wait_for_result("scene", daemon=daemon)
    assert len(stub.posts(created=True)) == 1


def test_an_idle_daemon_ends_at_once(stub, daemon):
    assert daemon.stop(AT_ONCE) == 0 and stub.requests() == []


def test_waiting_jobs_do_not_hold_up_the_end(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-401", tables={"submit": {"account_retry": "10m"}})
    for number in range(5):
        spool.drop(f"scene{number}")
    daemon.wait_for("lane.paused")
    assert daemon.stop(AT_ONCE) == 0
    assert all(spool.results_of(f"scene{number}") == [] for number in range(5))


@pytest.mark.parametrize("how", ["second signal", "drain timeout"])
def test_what_has_no_answer_at_the_end_is_in_doubt(stub, spool, start_daemon, how):
    drain_timeout = "60s" if how == "second signal" else "500ms"
    daemon = start_daemon(stub, fault="hang-created", tables={"submit": {"drain_timeout": drain_timeout},
                                                              "api": {"response_timeout": "10m"}})
    spool.drop("scene")
    stub.wait_for_posts(1, complete=True)
    daemon.signal()
    daemon.wait_for("daemon.stopping")
    if how == "second signal":
        assert spool.results_of("scene") == []
        daemon.signal()
    daemon.wait(AT_ONCE)
    assert spool.read_result("scene", "doubt")["verdict"] == "doubt"
    daemon = start_daemon(stub)
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert len(stub.posts()) == 2, "the one in doubt was not sent again"


def drain(tmp_path, spool, stub, fault="", tables=None, words=()):
    merged = {"spool": {"path": str(spool.path)}, "api": {"url": stub.url(fault), "ca_file": str(stub.ca_file)}}
    for name, values in (tables or {}).items():
        merged.setdefault(name, {}).update(values)
    config = write_config(tmp_path / "drain.toml", merged)
    return run_reeld("drain", "--config", config, *words)


def test_drain_ends_with_0_when_all_was_accepted(tmp_path, stub, spool):
    for number in range(10):
        spool.drop(f"folder{number % 2}/scene{number}")
    done = drain(tmp_path, spool, stub)
    assert done.returncode == 0, done
    assert len(stub.posts(created=True)) == 10
    assert all(spool.results_of(f"folder{number % 2}/scene{number}") == ["job"] for number in range(10))


def test_drain_of_an_empty_spool_ends_with_0(tmp_path, stub, spool):
    assert drain(tmp_path, spool, stub).returncode == 0 and stub.requests() == []


@pytest.mark.parametrize("fault, result", [("status-400:1", "error"), ("html-200:1", "doubt")])
def test_drain_ends_with_1_when_one_was_not(tmp_path, stub, spool, fault, result):
    for number in range(3):
        spool.drop(f"scene{number}")
    assert drain(tmp_path, spool, stub, fault).returncode == 1
    assert sorted(spool.results_of(f"scene{number}")[0] for number in range(3)) == sorted(["job", "job", result])


def test_drain_ends_with_1_for_bad_input(tmp_path, stub, spool):
    spool.drop("bad", b"\xff\xfe")
    spool.drop("good")
    assert drain(tmp_path, spool, stub).returncode == 1
    assert spool.results_of("bad") == ["error"] and spool.results_of("good") == ["job"]


def test_drain_waits_out_throttling(tmp_path, stub, spool):
    spool.drop("scene")
    assert drain(tmp_path, spool, stub, "retry-after-429:1").returncode == 0
    assert spool.results_of("scene") == ["job"]


def test_drain_ends_with_the_reason_at_an_account_pause(tmp_path, stub, spool):
    spool.drop("scene")
    done = drain(tmp_path, spool, stub, "status-401", {"submit": {"account_retry": "10m"}})
    assert done.returncode == 1 and "401" in done.stdout + done.stderr
    assert spool.results_of("scene") == []


def test_drain_ends_when_nothing_moves(tmp_path, spool):
    absent = Stub(tmp_path / "absent").start()
    assert absent.stop() == 0
    spool.drop("scene")
    begun = time.monotonic()
    done = drain(tmp_path, spool, absent, words=("--patience", "1s"))
    assert done.returncode == 1 and time.monotonic() - begun > 0.9
    assert spool.results_of("scene") == []


def test_drain_does_not_wait_for_throttling_that_a_hold_outlasts(tmp_path, stub, spool):
    spool.drop("scene")
    daemon = Daemon(tmp_path / "drain", spool, stub.url("status-429:1"), stub=stub,
                    tables={"submit": {"backoff": ["60s", "60s"]}}, command=("drain", "--config", "{config}", "--patience", "1s"))
    daemon.start(wait=False)
    daemon.wait_for("lane.paused")
    run_reeld("hold", "--config", daemon.config)
    assert daemon.wait() == 1
    assert "reeld release" in daemon.wait_for("daemon.stopping")["reason"]


def test_drain_names_what_was_not_accepted(tmp_path, stub, spool):
    spool.drop("scene")
    spool.drop("two")
    spool.put("two.jpg", make_png(300))
    done = drain(tmp_path, spool, stub)
    assert done.returncode == 1 and "has been submitted, but: 1 ambiguous" in done.stdout, done.stdout


def test_a_marker_that_cannot_be_written_keeps_nobody_from_ending(spool, stub, start_daemon, bad_sync):  # noqa: F811
    daemon = start_daemon(stub, environment=bad_sync.environment)
    bad_sync.fail(spool.path / ".reeld" / ".reeld-tmp")
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("marker.unwritten")
    assert daemon.stop(AT_ONCE) == 0 and len(daemon.events("marker.unwritten")) == 1


def test_a_second_daemon_on_a_spool_ends_with_75(tmp_path, stub, spool, start_daemon):
    start_daemon(stub)
    second = Daemon(tmp_path / "second", spool, stub.url(), stub=stub)
    second.start(wait=False)
    assert second.wait() == LOCKED
    assert str(spool.path) in second.stderr() and "Traceback" not in second.stderr()
    assert drain(tmp_path, spool, stub).returncode == LOCKED


def test_the_lock_goes_with_the_daemon(stub, spool, start_daemon):
    start_daemon(stub).kill()
    daemon = start_daemon(stub)
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
