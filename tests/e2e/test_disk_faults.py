"""Disks that are full, read-only or fail, under the spool, under the ledger and under both: a paid answer outlives it,
nothing is sent that could not be recorded, and when the disk is well again all is as it should be."""

import os

import pytest

from accounts import balance, check_ledger, wait_for_results
from disk_world import (  # noqa: F401 (fixtures)
    answer_to, finish, is_kept, ledger, send, serve, states_in, still_known, stub)
from disks import MIB, LoopDisk, MemoryDisk, mounted
from harness import Spool, wait_until

DISKS = {
    "tmpfs": lambda path: MemoryDisk(path, "24m"),
    "ext4": lambda path: LoopDisk(path, 32 * MIB),
}

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
def test_the_spools_disk_takes_no_result(tmp_path, gate, stub, disk, serve, trouble):
    spool, ledger = Spool(disk.path / "spool"), tmp_path / "ledger.db"
    daemon = serve(spool, ledger)
    send(gate, spool, daemon, ["scene", "other"])
    heal = TROUBLES[trouble](disk)
    gate.open()
    for stem in ("scene", "other"):
        line = daemon.wait_for("result.unwritten", job=stem)
        assert line["answer"].encode() == answer_to(stub, stem), "logged whole"
        assert line["level"] == "error" and line["reason"]
    wait_until(lambda: states_in(ledger) == dict.fromkeys(["opener", "scene", "other"], "accepted"), daemon.story)
    assert spool.results_of("scene") == spool.results_of("other") == []
    heal()
    for stem in ("scene", "other"):
        daemon.wait_for("result.written", job=stem)
    finish(stub, spool, ledger, daemon, ["scene", "other"])
    assert len(stub.posts()) == 3


@pytest.mark.parametrize("trouble", TROUBLES)
def test_killed_while_the_spools_disk_takes_no_result(tmp_path, gate, stub, disk, serve, trouble):
    """A start that finds it so still serves, or ends and has sent nothing; once the disk is well, what the ledger owes is
    written."""
    spool, ledger = Spool(disk.path / "spool"), tmp_path / "ledger.db"
    daemon = serve(spool, ledger)
    send(gate, spool, daemon, ["scene"])
    heal = TROUBLES[trouble](disk)
    gate.open()
    daemon.wait_for("result.unwritten", job="scene")
    wait_until(lambda: states_in(ledger)["scene"] == "accepted", daemon.story)
    daemon.kill()
    daemon = serve(spool, ledger, wait=False)
    wait_until(lambda: daemon.ended or daemon.events("result.unwritten", job="scene"), daemon.story)
    heal()
    if daemon.ended:
        assert daemon.wait() != 0
        daemon = serve(spool, ledger)
    finish(stub, spool, ledger, daemon, ["scene"])
    assert daemon.events("result.written", job="scene") and len(stub.posts()) == 2


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_start_that_a_disk_forbids_may_be_tried_again(tmp_path, stub, ext4, serve, trouble):
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
    assert stub.requests() == [] or code is None
    heal()
    daemon = serve(spool, ledger)
    wait_for_results(spool, ["scene"], daemon)
    assert len(stub.posts()) == 1 or code is None
    assert code in (None, 1, 75), f"it ended with {code}"


# The ledger's disk: the folder takes the answer, the ledger later.

def test_the_ledgers_disk_is_full(tmp_path, gate, stub, disk, serve):
    """What is kept in reserve takes the answers of all that is in flight; after that nothing is sent."""
    spool, ledger = Spool(tmp_path / "spool"), disk.path / "ledger.db"
    stems = [f"scene{number}" for number in range(4)]
    daemon = serve(spool, ledger)
    send(gate, spool, daemon, stems[:2])  # two at once: the lane has been widened once
    disk.fill()
    gate.open()
    for stem in stems[:2]:
        spool.wait_for_result(stem, daemon=daemon)
        daemon.wait_for("job.accepted", job=stem)
        wait_until(lambda stem=stem: is_kept(stub, daemon, ledger, stem), daemon.story)
    disk.fill()  # what the reserve has given up, too
    sent = len(stub.posts(complete=True))
    for stem in stems[2:]:
        spool.drop(stem, stem)
    wait_until(lambda: daemon.events("ledger.failed") or len(daemon.events("attempt.ended", verdict="unsent")) >= 3,
               daemon.story)
    assert len(stub.posts(complete=True)) == sent, "a boundary left that the ledger had no room for"
    disk.free()
    finish(stub, spool, ledger, daemon, stems)
    assert bool(daemon.events("ledger.failed")) == bool(daemon.events("ledger.recovered"))


def test_the_ledgers_disk_has_no_inodes(tmp_path, gate, stub, disk, serve):
    spool, ledger = Spool(tmp_path / "spool"), disk.path / "ledger.db"
    stems = ["scene", "other", "third"]
    daemon = serve(spool, ledger)
    send(gate, spool, daemon, stems[:2])
    disk.fill_inodes()
    gate.open()
    for stem in stems[:2]:
        spool.wait_for_result(stem, daemon=daemon)
        daemon.wait_for("job.accepted", job=stem)
        wait_until(lambda stem=stem: is_kept(stub, daemon, ledger, stem), daemon.story)
    spool.drop("third", "third")
    daemon.wait_for("attempt.started", job="third")
    disk.free()
    finish(stub, spool, ledger, daemon, stems)


def test_the_ledgers_disk_turns_read_only(tmp_path, gate, stub, ext4, serve):
    """As the kernel does it when it finds a disk at fault: there is no way back but to mount it again."""
    spool, ledger = Spool(tmp_path / "spool"), ext4.path / "ledger.db"
    daemon = serve(spool, ledger)
    send(gate, spool, daemon, ["scene", "other"])
    ext4.trigger_error()
    gate.open()
    daemon.wait_for("ledger.failed")
    for stem in ("scene", "other"):
        line = daemon.wait_for("answer.unrecorded", job=stem)
        assert line["answer"].encode() == answer_to(stub, stem), "logged whole"
        assert spool.wait_for_result(stem, daemon=daemon) == answer_to(stub, stem)
    spool.drop("later", "later")
    daemon.wait_for("pair.ready", job="later")
    assert not daemon.events("attempt.started", job="later")
    daemon.kill()
    assert len(stub.posts()) == 3, "nothing more is sent"
    ext4.unmount()
    ext4.check()
    ext4.mount()
    daemon = serve(spool, ledger)
    finish(stub, spool, ledger, daemon, ["scene", "other", "later"])
    assert len(stub.posts()) == 4
    still_known(stub, spool, ledger, serve, "scene")


def test_one_disk_for_both_is_full(gate, stub, disk, serve):
    spool = Spool(disk.path / "spool")
    ledger = spool.path / ".reeld" / "ledger.db"
    daemon = serve(spool)
    send(gate, spool, daemon, ["scene", "other"])
    disk.fill()
    gate.open()
    for stem in ("scene", "other"):
        wait_until(lambda stem=stem: daemon.events("attempt.ended", job=stem, verdict="accepted"), daemon.story)
        wait_until(lambda stem=stem: is_kept(stub, daemon, ledger, stem), daemon.story)
    disk.free()
    spool.drop("later", "later")
    finish(stub, spool, ledger, daemon, ["scene", "other", "later"])
    assert len(stub.posts(complete=True)) == 4


def test_killed_on_a_full_disk(gate, stub, disk, serve):
    """What was paid for is in the log or in the ledger; a start on the full disk sends nothing; the next one is right."""
    spool = Spool(disk.path / "spool")
    ledger = spool.path / ".reeld" / "ledger.db"
    daemon = serve(spool)
    send(gate, spool, daemon, ["scene"])
    spool.drop("later", "later")
    disk.fill()
    gate.open()
    daemon.wait_for("attempt.ended", job="scene")
    wait_until(lambda: is_kept(stub, daemon, ledger, "scene"), daemon.story)
    # Should it have left before the disk was full, its answer is on its way, too.
    wait_until(lambda: daemon.events("attempt.ended", job="later") or not daemon.events("attempt.started", job="later"),
               daemon.story)
    if any(record["fields"]["prompt"] == "later" for record in stub.posts(complete=True)):
        wait_until(lambda: is_kept(stub, daemon, ledger, "later"), daemon.story)
    daemon.kill()
    disk.fill()
    sent = len(stub.posts(complete=True))
    daemon = serve(spool, wait=False)
    wait_until(lambda: daemon.ended or daemon.events("daemon.ready"), daemon.story)
    if not daemon.ended:
        wait_until(lambda: daemon.events("ledger.failed") or daemon.events("attempt.ended") or
                   daemon.events("pair.known"), daemon.story)
        daemon.kill()
    assert len(stub.posts(complete=True)) == sent
    disk.free()
    daemon = serve(spool)
    wait_for_results(spool, ["scene", "later"], daemon)
    assert daemon.stop() == 0
    balance(spool, stub, ["opener", "scene", "later"])
    check_ledger(ledger, spool, ["opener", "scene", "later"])


def test_one_disk_for_both_turns_read_only(gate, stub, ext4, serve):
    spool = Spool(ext4.path / "spool")
    ledger = spool.path / ".reeld" / "ledger.db"
    daemon = serve(spool)
    send(gate, spool, daemon, ["scene", "other"])
    ext4.trigger_error()
    gate.open()
    daemon.wait_for("ledger.failed")
    for stem in ("scene", "other"):
        wait_until(lambda stem=stem: is_kept(stub, daemon, ledger, stem), daemon.story)
    daemon.kill()
    ext4.unmount()
    ext4.check()
    ext4.mount()
    daemon = serve(spool)
    wait_for_results(spool, ["scene", "other"], daemon)
    assert daemon.stop() == 0
    balance(spool, stub, ["opener", "scene", "other"])
    check_ledger(ledger, spool, ["opener", "scene", "other"])
