"""A campaign of kill -9 over one spool, against an API that fails in every way: then the stub's record is held against
the folder. REELD_KILLS and REELD_KILL_PAIRS set its size."""

import collections
import contextlib
import os
import random
import threading
import time

import pytest

from accounts import balance, check_ledger, is_free, wait_for_results, watch_for, whole_requests
from harness import Daemon, Spool, Stub, make_image, text_bytes, wait_until

KILLS = int(os.environ.get("REELD_KILLS", "15"))
PAIRS = int(os.environ.get("REELD_KILL_PAIRS", "200"))
SEED = os.environ.get("REELD_SEED", "1")

FAULTS = {
    "close-before-body": 0.02, "reset-during-body": 0.03, "early-500": 0.01, "early-413": 0.01,
    "close-after-body-created": 0.01, "reset-after-body": 0.01, "cut-head-created": 0.01, "cut-body-created": 0.02,
    "cut-body": 0.01, "html-200": 0.01, "status-500-created": 0.02, "status-502-bare": 0.01, "status-429": 0.05,
    "saturated-500": 0.02, "no-channel-503": 0.02, "status-400": 0.02, "chunked": 0.05, "no-length": 0.05,
    "http-1.0": 0.03, "interim-103-200": 0.03, "slow-read": 0.05, "drip": 0.005, "id-with-colon": 0.05,
}
TABLES = {"submit": {"backoff": ["10ms", "50ms"], "doubt_pause": "50ms", "concurrency": 8}}
# Instants that are worth more than others; None is any.
INSTANTS = [None, None, "daemon.ready", "pair.ready", "attempt.started", "attempt.ended", "job.accepted", "job.doubt"]


class Campaign:
    """One spool, one stub, and daemons that are killed."""

    def __init__(self, tmp_path, stub, dice, tables=None):
        self.at_hand = threading.Lock()  # nobody tidies a pair up of which one half is there
        self.tmp_path, self.stub, self.dice = tmp_path, stub, dice
        self.spool = Spool(tmp_path / "spool")
        self.tables = {**TABLES, "submit": {**TABLES["submit"], **(tables or {})}}
        self.kills = self.kills_at_work = 0

    def daemon(self, name):
        return Daemon(self.tmp_path / name, self.spool, self.stub.url(), stub=self.stub, tables=self.tables)

    def put_in(self, stem):
        size = self.dice.choice([300, 5000, 70000, 280000, 600000])
        with self.at_hand:
            self.spool.drop(stem, stem, make_image("jpg", size, seed=stem), "jpg")

    def await_the_instant(self, daemon):
        """Returns at a moment that is interesting, or at any; on a machine so busy that too few of them met an upload, when
        one has begun."""
        if 3 * self.kills_at_work < self.kills:
            watch_for(daemon, "attempt.started", timeout=10)
            return
        instant = self.dice.choice(INSTANTS)
        if instant is None:
            time.sleep(self.dice.uniform(0.0, 0.9))  # what is random is the instant of the kill
        elif watch_for(daemon, instant, count=self.dice.randint(1, 6), timeout=1.5) and self.dice.random() < 0.5:
            time.sleep(self.dice.uniform(0.0, 0.02))

    def kill_one(self, before, after):
        """A daemon that finds some pairs, is given others, and is killed."""
        for stem in before:
            self.put_in(stem)
        daemon = self.daemon(f"daemon{self.kills}").start(wait=False)
        for stem in after:
            self.put_in(stem)
        self.await_the_instant(daemon)
        assert daemon.process.poll() is None, f"it did not wait to be killed: {daemon.story()}"
        daemon.kill()
        self.kills += 1
        self.kills_at_work += len(daemon.events("attempt.started")) > len(daemon.events("attempt.ended"))

    def kill_many(self, stems, kills, between=lambda: None):
        rest = list(stems)
        for number in range(kills):
            share = [rest.pop(0) for _ in range(-(-len(rest) // (kills - number)))]
            self.kill_one(share[::2], share[1::2])
            between()
        assert self.kills_at_work >= kills // 4, "kills that meet nothing prove nothing"

    def finish(self, stems):
        with self.daemon("last").start() as last:
            wait_for_results(self.spool, stems, last, timeout=120 + len(stems) / 10)

    def say(self, counts):
        print(f"{self.kills} kills, {self.kills_at_work} with requests under way: {dict(counts)}")


@pytest.fixture
def moody_stub(tmp_path):
    order = ",".join(f"{name}={probability}" for name, probability in FAULTS.items())
    with Stub(tmp_path / "stub", "--latency", "30ms", "--faults", order, "--seed", SEED) as started:
        yield started


def test_killed_again_and_again(tmp_path, moody_stub):
    campaign = Campaign(tmp_path, moody_stub, random.Random(SEED))
    stems = [f"folder{number % 5}/scene{number:04}" for number in range(PAIRS)]
    campaign.kill_many(stems, KILLS)
    campaign.finish(stems)
    counts = balance(campaign.spool, moody_stub, stems)
    campaign.say(counts)
    check_ledger(campaign.spool.path / ".reeld" / "ledger.db", campaign.spool, stems)
    assert counts["job"] > PAIRS / 2


def test_killed_again_and_again_where_doubts_are_repeated(tmp_path, moody_stub):
    """The one repeat of each, and never another, whatever is killed."""
    pairs, kills = PAIRS // 2, KILLS // 2
    campaign = Campaign(tmp_path, moody_stub, random.Random(SEED + "/repeats"), {"on_doubt": "retry"})
    stems = [f"folder{number % 5}/scene{number:04}" for number in range(pairs)]
    campaign.kill_many(stems, kills)
    campaign.finish(stems)
    counts = balance(campaign.spool, moody_stub, stems, repeats=1)
    campaign.say(counts)
    check_ledger(campaign.spool.path / ".reeld" / "ledger.db", campaign.spool, stems)
    requests = whole_requests(moody_stub.posts())
    assert any(len(requests[stem]) > 1 for stem in stems)


class Mover(threading.Thread):
    """Somebody who tidies up all the time: pairs go from folder to folder, folders are renamed, results are taken out."""

    def __init__(self, spool, done, dice, at_hand):
        super().__init__()
        self.spool, self.done, self.dice, self.at_hand = spool, done, dice, at_hand
        self.is_over = threading.Event()
        self.counts = collections.Counter()
        done.mkdir()

    def run(self):
        while not self.is_over.wait(self.dice.uniform(0.0, 0.1)):
            deed = self.dice.choice([self.move_pair, self.move_pair, self.rename_folder, self.take_results])
            with contextlib.suppress(FileNotFoundError), self.at_hand:
                deed()
                self.counts[deed.__name__] += 1

    def folders(self):
        return [path for path in self.spool.path.iterdir() if path.is_dir() and path.name != ".reeld"]

    def move_pair(self):
        images = [path for folder in self.folders() for path in folder.glob("*.jpg")]
        image = self.dice.choice(images)
        target = self.dice.choice(self.folders())
        for path in (image, image.with_suffix(".txt")):
            path.rename(target / path.name)

    def rename_folder(self):
        folder = self.dice.choice(self.folders())
        folder.rename(folder.with_name(f"renamed{self.dice.randrange(10**9)}"))

    def take_results(self):
        for path in self.dice.choice(self.folders()).glob("*.job.json"):
            path.rename(self.done / path.name)

    def end(self):
        self.is_over.set()
        self.join()


def gather(spool, done, stem):
    """All results of a pair, wherever they are: kind -> contents."""
    name = stem.split("/")[-1]
    return {kind: [path.read_bytes() for folder in (spool.path, done) for path in folder.rglob(f"{name}.{kind}.json")]
            for kind in ("job", "doubt", "error")}


def test_killed_while_somebody_tidies_up(tmp_path, moody_stub):
    """No pair is bought twice, and each that was bought has its answer somewhere, or is in doubt."""
    pairs, kills = PAIRS // 2, KILLS // 2
    dice = random.Random(SEED + "/mover")
    campaign = Campaign(tmp_path, moody_stub, dice)
    stems = [f"folder{number % 5}/scene{number:04}" for number in range(pairs)]
    for number in range(5):
        (campaign.spool.path / f"folder{number}").mkdir()
    mover = Mover(campaign.spool, tmp_path / "done", random.Random(SEED + "/moves"), campaign.at_hand)
    mover.start()
    try:
        campaign.kill_many(stems, kills)
    finally:
        mover.end()
    print(dict(mover.counts))
    with campaign.daemon("last").start() as last:
        wait_until(lambda: all(any(gather(campaign.spool, mover.done, stem).values()) for stem in stems), last.story,
                   timeout=60 + pairs / 10, pause=0.2)
    requests = whole_requests(moody_stub.posts())
    faults = []
    for stem in stems:
        found = gather(campaign.spool, mover.done, stem)
        created = [record for record in requests[stem] if record["created"]]
        unclear = [record for record in requests[stem] if not is_free(record)]
        answers = {text_bytes(record["response"]) for record in created}
        if len(created) > 1 or len(unclear) > 1:
            faults.append(f"{stem} was sent {len(unclear)} times, and paid for {len(created)} times")
        # An error file stays where the pair was; elsewhere the pair is sent again.
        if bool(found["job"]) + bool(found["doubt"]) > 1:
            faults.append(f"{stem} is in the states {[kind for kind in found if found[kind]]}")
        if set(found["job"]) - answers:
            faults.append(f"{stem}.job.json is not the answer that was given")
        if created and not found["job"] and not found["doubt"]:
            faults.append(f"{stem} is lost")
    assert not faults, "\n".join(faults)
    assert min(mover.counts[name] for name in ("move_pair", "rename_folder", "take_results")) > 0
