"""The power is cut: the spool and its ledger are on an ext4 that is shut down in the middle of things, mounted again and
served again. Then the stub's record is held against the folder. REELD_POWER_CUTS is the number of cuts a spool sees."""

import contextlib
import os
import pathlib
import random
import signal
import time

import pytest

from accounts import balance, check_ledger, wait_for_results, watch_for
from disks import LOG_FLUSH, MIB, NO_LOG_FLUSH, LoopDisk, mounted, run, sync_file
from harness import Daemon, Spool, Stub, make_image, wait_until

CUTS = int(os.environ.get("REELD_POWER_CUTS", "4"))
PAIRS_A_CUT = 12
SEED = os.environ.get("REELD_SEED", "1")
TABLES = {"submit": {"backoff": ["10ms", "50ms"], "doubt_pause": "50ms", "concurrency": 8}}
INSTANTS = [None, "pair.ready", "attempt.started", "attempt.ended", "job.accepted", "job.doubt"]
FAULTS = "cut-body-created=0.04,html-200=0.03,status-429=0.05,status-400=0.03,reset-during-body=0.03,slow-read=0.05"


def drop_durably(spool, stem, size):
    """As people's files are once they have been there for a while: a power cut does not take them."""
    folder = spool.file(stem, "txt").parent
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    for extension, data in (("txt", stem.encode()), ("jpg", make_image("jpg", size, seed=stem))):
        part = folder / f".{os.urandom(6).hex()}.part"
        part.write_bytes(data)
        sync_file(part)
        part.rename(spool.file(stem, extension))
    sync_file(folder)
    if is_new:
        sync_file(folder.parent)


def freeze(daemon, states="TtDZX"):
    """Not an instruction of it is run from here on, as when the power goes. Without this the cut would not be one: a sync
    that is under way while ext4 is shut down can return 0 and leave nothing on the disk (seen with Linux 6.18 and a bare
    loop of pwrite and fdatasync), and a daemon that lives would believe it. D: still within the kernel, from where it
    comes back to the stop, and never to its code."""
    daemon.signal(signal.SIGSTOP)
    tasks = pathlib.Path(f"/proc/{daemon.process.pid}/task")
    wait_until(lambda: all(state_of(task) in states for task in tasks.iterdir()), "the daemon's threads to stand still",
               pause=0.0005)


def cut_alive(disk, daemon, flag):
    """The disk dies and the daemon lives on, from between two syncs."""
    freeze(daemon, "TtZX")
    disk.cut_power(flag)
    daemon.signal(signal.SIGCONT)


def state_of(task):
    try:
        return (task / "stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"


class Campaign:
    """One disk, one spool, many cuts."""

    def __init__(self, tmp_path, disk, stub, dice, ledger=None):
        self.tmp_path, self.disk, self.stub, self.dice = tmp_path, disk, stub, dice
        self.spool = Spool(disk.path / "spool")
        sync_file(disk.path)
        self.tables = {**TABLES, **({"ledger": {"path": ledger}} if ledger else {})}
        self.ledger = ledger or self.spool.path / ".reeld" / "ledger.db"
        self.stems = []
        self.cuts = self.cuts_at_work = 0

    def daemon(self, name):
        return Daemon(self.tmp_path / name, self.spool, self.stub.url(), stub=self.stub, tables=self.tables)

    def drop(self, count):
        for _ in range(count):
            stem = f"folder{self.dice.randrange(3)}/scene{len(self.stems):03}"
            drop_durably(self.spool, stem, self.dice.choice([300, 5000, 70000, 400000]))
            self.stems.append(stem)

    def await_the_instant(self, daemon):
        if self.cuts % 4 == 0 and watch_for(daemon, "attempt.started"):
            return
        instant = self.dice.choice(INSTANTS)
        if instant is None:
            time.sleep(self.dice.uniform(0.0, 0.7))  # what is random is the instant of the cut
        elif watch_for(daemon, instant, count=self.dice.randint(1, 5), timeout=1.5) and self.dice.random() < 0.5:
            time.sleep(self.dice.uniform(0.0, 0.02))

    def cut(self, flag):
        """Some pairs are there, more come; in the middle of it the power goes, and the daemon with it; or the disk alone
        dies, and the daemon somewhat later."""
        self.drop(PAIRS_A_CUT // 2)
        daemon = self.daemon(f"cut{self.cuts}").start(wait=False)
        try:
            self.drop(PAIRS_A_CUT // 2)
            self.await_the_instant(daemon)
            self.cuts_at_work += len(daemon.events("attempt.started")) > len(daemon.events("attempt.ended"))
            if self.dice.random() < 0.6:
                freeze(daemon)
                self.disk.cut_power(flag)
            else:
                cut_alive(self.disk, daemon, flag)
                time.sleep(self.dice.uniform(0.0, 0.5))  # how long it outlives its disk
        finally:
            daemon.kill()
        self.disk.unmount()
        self.cuts += 1

    def finish(self):
        with self.daemon("last").start() as last:
            wait_for_results(self.spool, self.stems, last)
        counts = balance(self.spool, self.stub, self.stems)
        check_ledger(self.ledger, self.spool, self.stems)
        print(f"{self.cuts} cuts, {self.cuts_at_work} with requests under way: {dict(counts)}")
        assert self.cuts == CUTS and self.cuts_at_work >= CUTS // 4, "cuts that meet nothing prove nothing"
        assert counts["job"] >= len(self.stems) // 3


@pytest.fixture
def disk(tmp_path):
    with mounted(lambda: LoopDisk(tmp_path / "disk", 96 * MIB)) as made:
        yield made


@pytest.fixture
def moody_stub(tmp_path):
    with Stub(tmp_path / "stub", "--latency", "30ms", "--faults", FAULTS, "--seed", SEED) as started:
        yield started


@contextlib.contextmanager
def other_device(disk):
    """Within, the next loop device that is free is another than before: the disk comes back under another number."""
    blank = disk.image.with_name("blank.img")
    blank.write_bytes(b"\0" * MIB)
    taken = run("losetup", "--find", "--show", blank)
    try:
        yield
    finally:
        run("losetup", "--detach", taken)


@pytest.mark.parametrize("flag", [LOG_FLUSH, NO_LOG_FLUSH], ids=["journal-flushed", "journal-lost"])
def test_power_cuts(tmp_path, disk, moody_stub, flag):
    campaign = Campaign(tmp_path, disk, moody_stub, random.Random(f"{SEED}/{flag}"))
    for _ in range(CUTS):
        campaign.cut(flag)
        disk.check()
        disk.mount()
    campaign.finish()


def test_power_cuts_and_the_disk_has_another_number_each_time(tmp_path, disk, moody_stub):
    campaign = Campaign(tmp_path, disk, moody_stub, random.Random(f"{SEED}/number"))
    devices = {disk.path.stat().st_dev}
    with contextlib.ExitStack() as taken:
        for _ in range(CUTS):
            campaign.cut(NO_LOG_FLUSH)
            taken.enter_context(other_device(disk)) if len(devices) < 4 else None
            disk.mount()
            devices.add(disk.path.stat().st_dev)
    assert len(devices) > 1
    campaign.finish()


def test_power_cuts_where_the_ledger_is_on_another_disk(tmp_path, disk, moody_stub):
    """The ledger's disk keeps what the spool's has lost: answers whose files did not reach their disk are written again."""
    (tmp_path / "state").mkdir()
    campaign = Campaign(tmp_path, disk, moody_stub, random.Random(f"{SEED}/elsewhere"), str(tmp_path / "state/ledger.db"))
    for _ in range(CUTS):
        campaign.cut(NO_LOG_FLUSH)
        disk.mount()
    campaign.finish()


def test_the_ledgers_disk_alone_loses_its_power(tmp_path, disk, moody_stub):
    """Nothing is recorded from then on, and so nothing is sent."""
    spool, stems = Spool(tmp_path / "spool"), [f"scene{number:02}" for number in range(40)]
    tables = {**TABLES, "ledger": {"path": str(disk.path / "ledger.db")}}
    for stem in stems[:20]:
        drop_durably(spool, stem, 5000)
    daemon = Daemon(tmp_path / "first", spool, moody_stub.url(), stub=moody_stub, tables=tables).start()
    try:
        daemon.wait_for("job.accepted", count=4)
        cut_alive(disk, daemon, NO_LOG_FLUSH)
        for stem in stems[20:]:
            drop_durably(spool, stem, 5000)
        daemon.wait_for("ledger.failed")
        daemon.wait_for("pair.ready", count=40)
        sent = len(moody_stub.posts(created=True))
    finally:
        daemon.kill()
    assert sent < 40 and all(stem not in sent_prompts(moody_stub) for stem in stems[20:])
    disk.unmount()
    disk.mount()
    with Daemon(tmp_path / "second", spool, moody_stub.url(), stub=moody_stub, tables=tables).start() as daemon:
        wait_for_results(spool, stems, daemon)
    balance(spool, moody_stub, stems)
    check_ledger(disk.path / "ledger.db", spool, stems)


def sent_prompts(stub):
    return {record["fields"]["prompt"] for record in stub.posts(complete=True)}
