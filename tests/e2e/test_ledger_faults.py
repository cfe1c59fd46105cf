"""Writes and syncs of the ledger and of results that fail, and then do not."""

import errno
import random
import resource
import threading
import time

import pytest

from accounts import balance, check_ledger, read_ledger, wait_for_results
from bad_sync import bad_sync, bad_sync_library  # noqa: F401 (fixtures)
from disk_world import (  # noqa: F401 (fixtures)
    TABLES, answer_to, finish, is_kept, ledger, open_lane, send, serve, states_in, still_known, stub)
from harness import Daemon, Stub, make_png, wait_until
from launching import launch  # noqa: F401 (a fixture)
from operator_words import settle

FAILURES = {"sync-eio": ("sync", errno.EIO), "write-eio": ("write", errno.EIO), "write-erofs": ("write", errno.EROFS),
            "write-enospc": ("write", errno.ENOSPC)}


@pytest.mark.parametrize("failure", ["sync-eio", "write-erofs"])
def test_the_ledger_fails_while_answers_are_awaited(ledger, gate, stub, spool, serve, bad_sync, failure):  # noqa: F811
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    send(gate, spool, daemon, ["scene", "other"])
    bad_sync.fail(ledger, *FAILURES[failure])
    gate.open()
    assert daemon.wait_for("ledger.failed")["level"] == "error"
    for stem in ("scene", "other"):
        assert spool.wait_for_result(stem, daemon=daemon) == answer_to(stub, stem)
        wait_until(lambda stem=stem: is_kept(stub, daemon, ledger, stem), daemon.story)
    spool.drop("later", "later")
    daemon.wait_for("pair.ready", job="later")
    bad_sync.wait_for_hits(1)  # it has been tried again, in vain
    assert len(stub.posts()) == 3 and not daemon.events("attempt.started", job="later")
    bad_sync.heal()
    daemon.wait_for("ledger.recovered")
    finish(stub, spool, ledger, daemon, ["scene", "other", "later"])
    assert len(stub.posts()) == 4 and len(daemon.events("ledger.failed")) == 1, "said once"
    still_known(stub, spool, ledger, serve, "scene")


def test_what_replaced_a_pair_in_doubt_waits_for_the_doubts_file(ledger, gate, stub, spool, serve, bad_sync):  # noqa: F811
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    send(gate, spool, daemon, ["scene"])
    spool.drop("scene", "second", make_png(5000))
    daemon.kill()
    gate.open()
    bad_sync.hang(spool.path / ".reeld-tmp")
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    ended = daemon.wait_for("attempt.ended", job="scene")
    assert ended["verdict"] == "unsent" and "a result is to be written under its name" in ended["reason"], ended
    assert spool.results_of("scene") == []
    bad_sync.heal()
    spool.wait_for_result("scene", "doubt", daemon)
    settle(stub, spool, daemon)
    assert [record["fields"]["prompt"] for record in stub.posts(complete=True)] == ["opener", "scene", "canary"]


@pytest.mark.parametrize("is_killed", [False, True], ids=["", "killed"])
def test_a_sync_that_hangs_hides_no_paid_answer(ledger, gate, stub, spool, serve, bad_sync, is_killed):  # noqa: F811
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    send(gate, spool, daemon, ["scene", "other"])
    bad_sync.hang(ledger)
    gate.open()
    for stem in ("scene", "other"):
        assert spool.wait_for_result(stem, daemon=daemon) == answer_to(stub, stem)
        daemon.wait_for("job.accepted", job=stem)
    states = {job.name: (job.state, job.is_published) for job in read_ledger(ledger)}
    assert states["scene"] == ("intended", False) or bad_sync.hits() > 0, states
    assert not daemon.events("ledger.failed")
    if is_killed:
        daemon.kill()
        bad_sync.heal()
        daemon = serve(spool, ledger)
    bad_sync.heal()
    spool.drop("later", "later")
    finish(stub, spool, ledger, daemon, ["scene", "other", "later"])
    assert len(stub.posts()) == 4
    still_known(stub, spool, ledger, serve, "scene")


def test_a_hanging_sync_that_then_fails_is_told_whole(ledger, gate, stub, spool, serve, bad_sync):  # noqa: F811
    """The result is in its folder by then, and may have been taken away: it does not come back."""
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    send(gate, spool, daemon, ["scene"])
    bad_sync.hang(ledger)
    gate.open()
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted", job="scene")
    bad_sync.fail(ledger)
    line = daemon.wait_for("answer.unrecorded", job="scene")
    assert line["answer"].encode() == answer_to(stub, "scene")
    bad_sync.heal()
    daemon.wait_for("ledger.recovered")
    finish(stub, spool, ledger, daemon, ["scene"])
    still_known(stub, spool, ledger, serve, "scene")


@pytest.mark.parametrize("gone", [("-wal",), ("-wal", "-shm")], ids=["log", "log-and-index"])
def test_a_log_that_is_removed_is_noticed(ledger, gate, stub, spool, serve, gone):  # noqa: F811
    """What stood in it alone is saved, a new one is begun, and a kill loses nothing."""
    daemon = serve(spool, ledger)
    send(gate, spool, daemon, ["scene"])
    for suffix in gone:
        ledger.with_name(ledger.name + suffix).unlink()
    gate.open()
    assert "-wal was removed" in daemon.wait_for("ledger.failed")["reason"]
    daemon.wait_for("ledger.recovered")
    daemon.wait_for("job.accepted", job="scene")
    spool.drop("other", "other")
    spool.wait_for_result("other", daemon=daemon)
    daemon.wait_for("job.accepted", job="other")
    accepted = dict.fromkeys(["opener", "scene", "other"], "accepted")
    wait_until(lambda: states_in(ledger) == accepted, daemon.story)
    daemon.kill()
    assert states_in(ledger) == accepted, daemon.story()
    daemon = serve(spool, ledger)
    finish(stub, spool, ledger, daemon, ["scene", "other"])
    assert len(stub.posts()) == 3
    still_known(stub, spool, ledger, serve, "scene")


def test_a_limit_on_the_size_of_files_is_a_disk_that_is_full(ledger, gate, stub, spool, serve):  # noqa: F811
    daemon = serve(spool, ledger)
    send(gate, spool, daemon, ["scene"])
    limits = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE)
    least = ledger.with_name(ledger.name + "-wal").stat().st_size
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (least, limits[1]))
    gate.open()
    daemon.wait_for("ledger.failed")
    assert daemon.wait_for("answer.unrecorded", job="scene")["answer"].encode() == answer_to(stub, "scene")
    spool.drop("later", "later")
    daemon.wait_for("pair.ready", job="later")
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, limits)
    daemon.wait_for("ledger.recovered")
    finish(stub, spool, ledger, daemon, ["scene", "later"])
    assert len(stub.posts()) == 3 and not daemon.events("job.doubt")


@pytest.mark.parametrize("failure", FAILURES)
def test_the_ledger_fails_before_the_intent(ledger, stub, spool, serve, bad_sync, failure):  # noqa: F811
    """No boundary leaves; what was not recorded is no doubt, and is sent once the ledger can be written."""
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    open_lane(spool, daemon)
    bad_sync.fail(ledger, *FAILURES[failure])
    for stem in ("scene", "other"):
        spool.drop(stem, stem)
    daemon.wait_for("ledger.failed")
    bad_sync.wait_for_hits(1)
    assert len(stub.posts(complete=True)) == 1
    bad_sync.heal()
    daemon.wait_for("ledger.recovered")
    finish(stub, spool, ledger, daemon, ["scene", "other"])
    assert len(stub.posts(complete=True)) == 3 and not daemon.events("job.doubt")


@pytest.mark.parametrize("failure", FAILURES)
def test_killed_while_the_ledger_fails(ledger, gate, stub, spool, serve, bad_sync, failure):  # noqa: F811
    """The folder has the answer and the ledger does not: the next start takes it from there."""
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    send(gate, spool, daemon, ["scene"])
    bad_sync.fail(ledger, *FAILURES[failure])
    gate.open()
    daemon.wait_for("ledger.failed")
    answer = spool.wait_for_result("scene", daemon=daemon)
    daemon.kill()
    bad_sync.heal()
    daemon = serve(spool, ledger)
    spool.drop("later", "later")
    finish(stub, spool, ledger, daemon, ["scene", "later"])
    assert spool.result_path("scene").read_bytes() == answer
    still_known(stub, spool, ledger, serve, "scene")


@pytest.mark.parametrize("order, results", [("status-400:1", ["error"]), ("html-200:1", ["doubt"])])
def test_killed_while_the_ledger_fails_and_nothing_was_accepted(ledger, gate, stub, spool, launch,  # noqa: F811
                                                                bad_sync, order, results):  # noqa: F811
    """The folder says how it ended and the ledger does not. The next start finds one state, and leaves one."""
    tables = {**TABLES, "ledger": {"path": str(ledger)}}
    daemon = launch(url=gate.url(fault=order), tables=tables, environment=bad_sync.environment)
    with gate.closed():
        spool.drop("scene", "scene")
        stub.wait_for_posts(1, complete=True)
        bad_sync.fail(ledger, "write", errno.EIO)
    daemon.wait_for("ledger.failed")
    spool.wait_for_result("scene", results[0], daemon)
    daemon.kill()
    bad_sync.heal()
    daemon = launch(tables=tables)
    spool.drop("later", "later")
    spool.wait_for_result("later", daemon=daemon)
    assert daemon.stop() == 0
    assert spool.results_of("scene") == results, daemon.story()
    assert len(stub.posts()) == 2
    check_ledger(ledger, spool, ["scene", "later"])


@pytest.mark.parametrize("failure", FAILURES)
def test_the_result_fails(ledger, gate, stub, spool, serve, bad_sync, failure):  # noqa: F811
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    send(gate, spool, daemon, ["scene"])
    bad_sync.fail(spool.path, *FAILURES[failure])
    gate.open()
    line = daemon.wait_for("result.unwritten", job="scene")
    assert line["answer"].encode() == answer_to(stub, "scene")
    bad_sync.heal()
    daemon.wait_for("result.written", job="scene")
    finish(stub, spool, ledger, daemon, ["scene"])
    assert len(stub.posts()) == 2


@pytest.mark.parametrize("seed", [1, 2])
def test_disks_that_fail_now_and_then(tmp_path, ledger, spool, bad_sync, seed):  # noqa: F811
    """Ledger and spool fail by turns for a moment each, and the daemon is killed twice in the midst of it."""
    dice = random.Random(seed)
    stems = [f"scene{number:02}" for number in range(60)]
    tables = {**TABLES, "ledger": {"path": str(ledger)}}
    is_over = threading.Event()

    def trouble():
        while not is_over.is_set():
            bad_sync.fail(dice.choice([ledger, spool.path, tmp_path]), *dice.choice(list(FAILURES.values())))
            is_over.wait(dice.uniform(0.0, 0.3))
            bad_sync.heal()
            is_over.wait(dice.uniform(0.0, 0.5))

    with Stub(tmp_path / "brisk", "--latency", "40ms", "--faults", "cut-body-created=0.05,status-429=0.05") as brisk:
        thread = threading.Thread(target=trouble)
        thread.start()
        try:
            for number in range(3):
                for stem in stems[number * 20:(number + 1) * 20]:
                    spool.drop(stem, stem)
                daemon = Daemon(tmp_path / f"daemon{number}", spool, brisk.url(), stub=brisk, tables=tables,
                                environment=bad_sync.environment).start(wait=False)
                time.sleep(dice.uniform(0.5, 4))  # what is random is the instant of the kill
                daemon.kill()
        finally:
            is_over.set()
            thread.join()
            bad_sync.heal()
        with Daemon(tmp_path / "last", spool, brisk.url(), stub=brisk, tables=tables).start() as daemon:
            wait_for_results(spool, stems, daemon)
        print(bad_sync.hits(), balance(spool, brisk, stems))
    assert bad_sync.hits() > 0, "disks that never failed prove nothing"
    check_ledger(ledger, spool, stems)
