"""Disks that are full, read-only or fail, under the spool, under the ledger and under both: a paid answer outlives it,
nothing is sent that could not be recorded, and when the disk is well again all is as it should be."""

import errno
import os
import random
import threading
import time

import pytest

from accounts import balance, check_ledger, read_ledger, wait_for_results
from bad_sync import bad_sync, bad_sync_library  # noqa: F401 (fixtures)
from disks import MIB, LoopDisk, MemoryDisk, mounted
from harness import Daemon, Spool, Stub, text_bytes, wait_until
from launching import launch  # noqa: F401 (a fixture)

TABLES = {"submit": {"backoff": ["50ms", "200ms"], "doubt_pause": "100ms", "concurrency": 4}}

DISKS = {
    "tmpfs": lambda path: MemoryDisk(path, "24m"),
    "ext4": lambda path: LoopDisk(path, 32 * MIB),
}


@pytest.fixture
def slow(tmp_path):
    """Long enough to do something to a disk while an answer is awaited."""
    with Stub(tmp_path / "slow", "--latency", "1500ms") as started:
        yield started


# The rest in a campaign: each of these takes seconds of waiting for a disk.
SHORT = not os.environ.get("REELD_CAMPAIGN")


@pytest.fixture(params=["ext4"] if SHORT else DISKS)
def disk(tmp_path, request):
    with mounted(lambda: DISKS[request.param](tmp_path / "disk")) as made:
        yield made


@pytest.fixture
def ext4(tmp_path):
    with mounted(lambda: LoopDisk(tmp_path / "disk", 32 * MIB)) as made:
        yield made


@pytest.fixture
def ledger(tmp_path):
    """Where a ledger may lie outside the spool."""
    path = tmp_path / "state" / "ledger.db"
    path.parent.mkdir()
    return path


@pytest.fixture
def serve(tmp_path, slow):
    """Daemons that end before their disks go: this fixture is asked for after those of the disks."""
    daemons = []

    def start(spool, ledger=None, wait=True, **options):
        tables = {**TABLES, **({"ledger": {"path": str(ledger)}} if ledger else {})}
        daemon = Daemon(tmp_path / f"daemon{len(daemons)}", spool, slow.url(), stub=slow, tables=tables, **options)
        daemons.append(daemon.start(wait=wait))
        return daemon

    yield start
    for daemon in daemons:
        if daemon.process.poll() is None:
            daemon.kill()


def send(slow, spool, daemon, stems):
    """Pairs that have gone up whole, and whose answers are awaited; the lane has been opened by another."""
    spool.drop("opener", "opener")
    spool.wait_for_result("opener", daemon=daemon)
    daemon.wait_for("job.accepted", job="opener")
    for stem in stems:
        spool.drop(stem, stem)
    wait_until(lambda: sum(record["fields"]["prompt"] in stems for record in slow.posts(complete=True)) == len(stems),
               daemon.story)


def answer_to(slow, stem):
    (record,) = [record for record in slow.posts(created=True) if record["fields"]["prompt"] == stem]
    return text_bytes(record["response"])


def is_kept(slow, daemon, ledger, stem):
    """Whether the paid answer is whole somewhere that outlives the daemon: in its log, or in the ledger."""
    answer = answer_to(slow, stem)
    logged = [line["answer"].encode() for name in ("result.unwritten", "answer.unrecorded")
              for line in daemon.events(name, job=stem)]
    return answer in logged or any(job.name == stem and job.answer == answer for job in read_ledger(ledger))


def finish(slow, spool, ledger, daemon, stems):
    """Each of the pairs has its answer; the daemon ends well, and its books are right."""
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon, timeout=60)
        assert spool.result_path(stem).read_bytes() == answer_to(slow, stem)
    assert daemon.stop() == 0, daemon.story()
    balance(spool, slow, ["opener", *stems])
    check_ledger(ledger, spool, ["opener", *stems])


# The spool's disk: the ledger is elsewhere, and holds the answer.

def take_space(disk):
    disk.fill()
    return disk.free


def take_inodes(disk):
    disk.fill_inodes()
    return disk.free


def take_writing(disk):
    disk.remount("ro")
    return lambda: disk.remount("rw")


TROUBLES = {"full": take_space, "no-inodes": take_inodes, "read-only": take_writing}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_spools_disk_takes_no_result(tmp_path, slow, disk, serve, trouble):
    spool, ledger = Spool(disk.path / "spool"), tmp_path / "ledger.db"
    daemon = serve(spool, ledger)
    send(slow, spool, daemon, ["scene", "other"])
    heal = TROUBLES[trouble](disk)
    for stem in ("scene", "other"):
        line = daemon.wait_for("result.unwritten", job=stem)
        assert line["answer"].encode() == answer_to(slow, stem), "logged whole"
        assert line["level"] == "error" and line["reason"]
    assert {job.name: job.state for job in read_ledger(ledger)} == {
        "opener": "accepted", "scene": "accepted", "other": "accepted"}
    assert spool.results_of("scene") == spool.results_of("other") == []
    heal()
    for stem in ("scene", "other"):
        daemon.wait_for("result.written", job=stem)
    finish(slow, spool, ledger, daemon, ["scene", "other"])
    assert len(slow.posts()) == 3


@pytest.mark.parametrize("trouble", TROUBLES)
def test_killed_while_the_spools_disk_takes_no_result(tmp_path, slow, disk, serve, trouble):
    """A start that finds it so still serves, or ends and has sent nothing; once the disk is well, what the ledger owes is
    written."""
    spool, ledger = Spool(disk.path / "spool"), tmp_path / "ledger.db"
    daemon = serve(spool, ledger)
    send(slow, spool, daemon, ["scene"])
    heal = TROUBLES[trouble](disk)
    daemon.wait_for("result.unwritten", job="scene")
    daemon.kill()
    daemon = serve(spool, ledger, wait=False)
    wait_until(lambda: daemon.ended or daemon.events("result.unwritten", job="scene"), daemon.story)
    heal()
    if daemon.ended:
        assert daemon.wait() != 0
        daemon = serve(spool, ledger)
    finish(slow, spool, ledger, daemon, ["scene"])
    assert daemon.events("result.written", job="scene") and len(slow.posts()) == 2


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_start_that_a_disk_forbids_may_be_tried_again(tmp_path, slow, ext4, serve, trouble):
    """A disk that is full or read-only is no error in the configuration: 78 would keep a service manager from trying
    again when there is space."""
    spool, ledger = Spool(ext4.path / "spool"), tmp_path / "ledger.db"
    spool.drop("scene", "scene")
    heal = TROUBLES[trouble](ext4)
    daemon = serve(spool, ledger, wait=False)
    wait_until(lambda: daemon.ended or daemon.events("daemon.ready"), daemon.story)
    code = daemon.wait() if daemon.ended else None
    if code is None:
        daemon.kill()
    assert slow.requests() == [] or code is None
    heal()
    daemon = serve(spool, ledger)
    wait_for_results(spool, ["scene"], daemon)
    assert len(slow.posts()) == 1 or code is None
    assert code in (None, 1, 75), f"it ended with {code}"


# The ledger's disk: the folder takes the answer, the ledger later.

def test_the_ledgers_disk_is_full(tmp_path, slow, disk, serve):
    """What is kept in reserve takes the answers of all that is in flight; after that nothing is sent."""
    spool, ledger = Spool(tmp_path / "spool"), disk.path / "ledger.db"
    stems = [f"scene{number}" for number in range(4)]
    daemon = serve(spool, ledger)
    send(slow, spool, daemon, stems[:2])  # two at once: the lane has been widened once
    disk.fill()
    for stem in stems[:2]:
        spool.wait_for_result(stem, daemon=daemon)
        daemon.wait_for("job.accepted", job=stem)
        assert is_kept(slow, daemon, ledger, stem)
    disk.fill()  # what the reserve has given up, too
    sent = len(slow.posts(complete=True))
    for stem in stems[2:]:
        spool.drop(stem, stem)
    wait_until(lambda: daemon.events("ledger.failed") or len(daemon.events("attempt.ended", verdict="unsent")) >= 3,
               daemon.story)
    assert len(slow.posts(complete=True)) == sent, "a boundary left that the ledger had no room for"
    disk.free()
    finish(slow, spool, ledger, daemon, stems)
    assert bool(daemon.events("ledger.failed")) == bool(daemon.events("ledger.recovered"))


def test_the_ledgers_disk_has_no_inodes(tmp_path, slow, disk, serve):
    spool, ledger = Spool(tmp_path / "spool"), disk.path / "ledger.db"
    stems = ["scene", "other", "third"]
    daemon = serve(spool, ledger)
    send(slow, spool, daemon, stems[:2])
    disk.fill_inodes()
    for stem in stems[:2]:
        spool.wait_for_result(stem, daemon=daemon)
        daemon.wait_for("job.accepted", job=stem)
        assert is_kept(slow, daemon, ledger, stem)
    spool.drop("third", "third")
    daemon.wait_for("attempt.started", job="third")
    disk.free()
    finish(slow, spool, ledger, daemon, stems)


def test_the_ledgers_disk_turns_read_only(tmp_path, slow, ext4, serve):
    """As the kernel does it when it finds a disk at fault: there is no way back but to mount it again."""
    spool, ledger = Spool(tmp_path / "spool"), ext4.path / "ledger.db"
    daemon = serve(spool, ledger)
    send(slow, spool, daemon, ["scene", "other"])
    ext4.trigger_error()
    daemon.wait_for("ledger.failed")
    for stem in ("scene", "other"):
        line = daemon.wait_for("answer.unrecorded", job=stem)
        assert line["answer"].encode() == answer_to(slow, stem), "logged whole"
        assert spool.wait_for_result(stem, daemon=daemon) == answer_to(slow, stem)
    spool.drop("later", "later")
    daemon.wait_for("pair.ready", job="later")
    assert not daemon.events("attempt.started", job="later")
    daemon.kill()
    assert len(slow.posts()) == 3, "nothing more is sent"
    ext4.unmount()
    ext4.check()
    ext4.mount()
    daemon = serve(spool, ledger)
    finish(slow, spool, ledger, daemon, ["scene", "other", "later"])
    assert len(slow.posts()) == 4
    still_known(slow, spool, ledger, serve, "scene")


def still_known(slow, spool, ledger, serve, stem):
    """The ledger holds it as accepted: with its result moved away, it is not bought again."""
    sent = len(slow.posts())
    spool.result_path(stem).unlink()
    daemon = serve(spool, ledger)
    assert daemon.wait_for("pair.known", job=stem)["state"] == "accepted"
    assert daemon.stop() == 0 and len(slow.posts()) == sent


# One disk for both.

def test_one_disk_for_both_is_full(slow, disk, serve):
    spool = Spool(disk.path / "spool")
    ledger = spool.path / ".reeld" / "ledger.db"
    daemon = serve(spool)
    send(slow, spool, daemon, ["scene", "other"])
    disk.fill()
    for stem in ("scene", "other"):
        wait_until(lambda stem=stem: daemon.events("attempt.ended", job=stem, verdict="accepted"), daemon.story)
        wait_until(lambda stem=stem: is_kept(slow, daemon, ledger, stem), daemon.story)
    disk.free()
    spool.drop("later", "later")
    finish(slow, spool, ledger, daemon, ["scene", "other", "later"])
    assert len(slow.posts(complete=True)) == 4


def test_killed_on_a_full_disk(slow, disk, serve):
    """What was paid for is in the log or in the ledger; a start on the full disk sends nothing; the next one is right."""
    spool = Spool(disk.path / "spool")
    ledger = spool.path / ".reeld" / "ledger.db"
    daemon = serve(spool)
    send(slow, spool, daemon, ["scene"])
    spool.drop("later", "later")
    disk.fill()
    daemon.wait_for("attempt.ended", job="scene")
    wait_until(lambda: is_kept(slow, daemon, ledger, "scene"), daemon.story)
    daemon.kill()
    disk.fill()
    sent = len(slow.posts(complete=True))
    daemon = serve(spool, wait=False)
    wait_until(lambda: daemon.ended or daemon.events("daemon.ready"), daemon.story)
    if not daemon.ended:
        wait_until(lambda: daemon.events("ledger.failed") or daemon.events("attempt.ended"), daemon.story)
        daemon.kill()
    assert len(slow.posts(complete=True)) == sent
    disk.free()
    daemon = serve(spool)
    wait_for_results(spool, ["scene", "later"], daemon)
    assert daemon.stop() == 0
    balance(spool, slow, ["opener", "scene", "later"])
    check_ledger(ledger, spool, ["opener", "scene", "later"])


def test_one_disk_for_both_turns_read_only(slow, ext4, serve):
    spool = Spool(ext4.path / "spool")
    ledger = spool.path / ".reeld" / "ledger.db"
    daemon = serve(spool)
    send(slow, spool, daemon, ["scene", "other"])
    ext4.trigger_error()
    daemon.wait_for("ledger.failed")
    for stem in ("scene", "other"):
        wait_until(lambda stem=stem: is_kept(slow, daemon, ledger, stem), daemon.story)
    daemon.kill()
    ext4.unmount()
    ext4.check()
    ext4.mount()
    daemon = serve(spool)
    wait_for_results(spool, ["scene", "other"], daemon)
    assert daemon.stop() == 0
    balance(spool, slow, ["opener", "scene", "other"])
    check_ledger(ledger, spool, ["opener", "scene", "other"])


# Writes and syncs that fail, and then do not.

FAILURES = {"sync-eio": ("sync", errno.EIO), "write-eio": ("write", errno.EIO), "write-erofs": ("write", errno.EROFS),
            "write-enospc": ("write", errno.ENOSPC)}


@pytest.mark.parametrize("failure", ["sync-eio", "write-erofs"])
def test_the_ledger_fails_while_answers_are_awaited(ledger, slow, spool, serve, bad_sync, failure):  # noqa: F811
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    send(slow, spool, daemon, ["scene", "other"])
    bad_sync.fail(ledger, *FAILURES[failure])
    assert daemon.wait_for("ledger.failed")["level"] == "error"
    for stem in ("scene", "other"):
        assert spool.wait_for_result(stem, daemon=daemon) == answer_to(slow, stem)
        assert is_kept(slow, daemon, ledger, stem)
    spool.drop("later", "later")
    daemon.wait_for("pair.ready", job="later")
    bad_sync.wait_for_hits(1)  # it has been tried again, in vain
    assert len(slow.posts()) == 3 and not daemon.events("attempt.started", job="later")
    bad_sync.heal()
    daemon.wait_for("ledger.recovered")
    finish(slow, spool, ledger, daemon, ["scene", "other", "later"])
    assert len(slow.posts()) == 4 and len(daemon.events("ledger.failed")) == 1, "said once"
    still_known(slow, spool, ledger, serve, "scene")


@pytest.mark.parametrize("failure", FAILURES)
def test_the_ledger_fails_before_the_intent(ledger, slow, spool, serve, bad_sync, failure):  # noqa: F811
    """No boundary leaves; what was not recorded is no doubt, and is sent once the ledger can be written."""
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    send(slow, spool, daemon, [])
    bad_sync.fail(ledger, *FAILURES[failure])
    for stem in ("scene", "other"):
        spool.drop(stem, stem)
    daemon.wait_for("ledger.failed")
    bad_sync.wait_for_hits(1)
    assert len(slow.posts(complete=True)) == 1
    bad_sync.heal()
    daemon.wait_for("ledger.recovered")
    finish(slow, spool, ledger, daemon, ["scene", "other"])
    assert len(slow.posts(complete=True)) == 3 and not daemon.events("job.doubt")


@pytest.mark.parametrize("failure", FAILURES)
def test_killed_while_the_ledger_fails(ledger, slow, spool, serve, bad_sync, failure):  # noqa: F811
    """The folder has the answer and the ledger does not: the next start takes it from there."""
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    send(slow, spool, daemon, ["scene"])
    bad_sync.fail(ledger, *FAILURES[failure])
    daemon.wait_for("ledger.failed")
    answer = spool.wait_for_result("scene", daemon=daemon)
    daemon.kill()
    bad_sync.heal()
    daemon = serve(spool, ledger)
    spool.drop("later", "later")
    finish(slow, spool, ledger, daemon, ["scene", "later"])
    assert spool.result_path("scene").read_bytes() == answer
    still_known(slow, spool, ledger, serve, "scene")


@pytest.mark.parametrize("order, results", [("status-400:1", ["error"]), ("html-200:1", ["doubt"])])
def test_killed_while_the_ledger_fails_and_nothing_was_accepted(ledger, slow, spool, launch, bad_sync,  # noqa: F811
                                                                order, results):
    """The folder says how it ended and the ledger does not. The next start finds one state, and leaves one."""
    tables = {**TABLES, "ledger": {"path": str(ledger)}}
    daemon = launch(order, over=slow, tables=tables, environment=bad_sync.environment)
    spool.drop("scene", "scene")
    slow.wait_for_posts(1, complete=True)
    bad_sync.fail(ledger, "write", errno.EIO)
    daemon.wait_for("ledger.failed")
    spool.wait_for_result("scene", results[0], daemon)
    daemon.kill()
    bad_sync.heal()
    daemon = launch(over=slow, tables=tables)
    spool.drop("later", "later")
    spool.wait_for_result("later", daemon=daemon)
    assert daemon.stop() == 0
    assert spool.results_of("scene") == results, daemon.story()
    assert len(slow.posts()) == 2
    check_ledger(ledger, spool, ["scene", "later"])


@pytest.mark.parametrize("failure", FAILURES)
def test_the_result_fails(ledger, slow, spool, serve, bad_sync, failure):  # noqa: F811
    daemon = serve(spool, ledger, environment=bad_sync.environment)
    send(slow, spool, daemon, ["scene"])
    bad_sync.fail(spool.path, *FAILURES[failure])
    line = daemon.wait_for("result.unwritten", job="scene")
    assert line["answer"].encode() == answer_to(slow, "scene")
    bad_sync.heal()
    daemon.wait_for("result.written", job="scene")
    finish(slow, spool, ledger, daemon, ["scene"])
    assert len(slow.posts()) == 2


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
