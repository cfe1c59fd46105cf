"""Everything at once for twenty minutes: pairs that come and go, an API that fails in many ways, reloads, holds, commands,
scrapes. The books are right, and memory and descriptors are what they were after the first minute. In a campaign only;
REELD_SOAK_SECONDS sets its length."""

import collections
import contextlib
import os
import random
import statistics
import threading
import time

import pytest

from accounts import is_free, whole_requests
from bad_sync import find_sanitizer
from harness import Daemon, Spool, Stub, make_image, run_reeld, text_bytes, wait_until
from scrape import fetch, free_port, scrape

SECONDS = float(os.environ.get("REELD_SOAK_SECONDS", "1200"))
SEED = os.environ.get("REELD_SEED", "1")
FAULTS = {
    "close-before-body": 0.01, "reset-during-body": 0.02, "early-500": 0.01, "early-413": 0.01, "reset-after-body": 0.002,
    "cut-body-created": 0.003, "status-500-created": 0.002, "status-429": 0.03, "no-channel-503": 0.01,
    "status-400": 0.02, "chunked": 0.05, "no-length": 0.05, "http-1.0": 0.03, "slow-read": 0.02, "drip": 0.005,
    "half-character": 0.01, "list-of-one": 0.01, "gzip": 0.01, "both-framings": 0.01,
}
ALLOWED = 1.05  # against the end of the first minute


class Worker(threading.Thread):
    """Does something again and again, with a pause of about so many seconds, until it is told to end."""

    def __init__(self, deed, pause, dice):
        super().__init__()
        self.deed, self.pause, self.dice = deed, pause, dice
        self.is_over = threading.Event()
        self.fault, self.count = None, 0

    def run(self):
        while not self.is_over.wait(self.pause * self.dice.uniform(0.5, 1.5)):
            try:
                self.deed()
                self.count += 1
            except Exception as fault:  # told by the test
                self.fault = fault
                return


class Soak:
    def __init__(self, tmp_path, stub, dice):
        self.dice, self.stub, self.spool = dice, stub, Spool(tmp_path / "spool")
        self.done = tmp_path / "done"
        self.done.mkdir()
        self.stems = []
        self.port = free_port()
        self.daemon = Daemon(tmp_path / "daemon", self.spool, stub.url(), stub=stub, tables=self.tables())

    def tables(self, concurrency=8):
        return {"submit": {"backoff": ["10ms", "100ms"], "doubt_pause": "50ms", "concurrency": concurrency},
                "spool": {"rescan": "10s"}, "metrics": {"listen": f"127.0.0.1:{self.port}"}}

    def drop(self):
        stem = f"folder{len(self.stems) % 5}/scene{len(self.stems):06}"
        self.stems.append(stem)
        size = self.dice.choice([300, 5000, 70000, 280000, 600000])
        self.spool.drop(stem, stem, make_image("jpg", size, seed=stem), "jpg")

    def tidy(self):
        """What is finished goes, its result among the things that are done."""
        for path in list(self.spool.path.glob("folder*/*.json")):
            stem = path.name.split(".")[0]
            path.rename(self.done / path.name)
            for name in (f"{stem}.jpg", f"{stem}.txt"):
                (path.parent / name).unlink(missing_ok=True)

    def reload(self):
        self.daemon.configure(self.tables(self.dice.choice([4, 8, 12])))
        self.daemon.reload()

    def look(self):
        assert run_reeld("status", "--json", "--spool", self.spool.path, key=None).returncode == 0
        assert fetch(self.port, "/healthz")[0] == 200

    def hold(self):
        for word in ("hold", "release"):
            assert run_reeld(word, "--spool", self.spool.path, key=None).returncode == 0

    def measure(self):
        numbers = scrape(self.port)
        return numbers("process_resident_memory_bytes"), numbers("process_open_fds")

    def find_faults(self):
        requests, found = whole_requests(self.stub.posts()), collections.defaultdict(dict)
        for folder in (self.spool.path, self.done):
            for path in folder.rglob("*.json"):
                stem, kind = path.name.split(".")[:2]
                found[stem][kind] = path.read_bytes()
        for stem in self.stems:
            results = found[stem.split("/")[-1]]
            created = [record for record in requests[stem] if record["created"]]
            unclear = [record for record in requests[stem] if not is_free(record)]
            if len(created) > 1 or len(unclear) > 1:
                yield f"{stem} was sent {len(unclear)} times, and paid for {len(created)} times"
            if len(results) != 1:
                yield f"{stem} is in {len(results)} states: {sorted(results)}"
            if "job" in results and results["job"] not in [text_bytes(record["response"]) for record in created]:
                yield f"{stem}.job.json is not the answer that was given"


def median(samples):
    return [statistics.median(column) for column in zip(*samples)]


@pytest.mark.skipif(not os.environ.get("REELD_CAMPAIGN"), reason="it takes twenty minutes: a campaign's")
def test_everything_at_once(tmp_path):
    order = ",".join(f"{name}={probability}" for name, probability in FAULTS.items())
    dice = random.Random(SEED)
    with Stub(tmp_path / "stub", "--latency", "50ms", "--faults", order, "--seed", SEED) as stub:
        soak = Soak(tmp_path, stub, dice)
        with soak.daemon as daemon:
            deeds = [(soak.drop, 0.1), (soak.tidy, 2), (soak.reload, 7), (soak.look, 3), (soak.hold, 31)]
            workers = [Worker(deed, pause, random.Random(f"{SEED}/{pause}")) for deed, pause in deeds]
            samples, begun = [], time.monotonic()
            for worker in workers:
                worker.start()
            try:
                while (age := time.monotonic() - begun) < SECONDS and all(worker.fault is None for worker in workers):
                    with contextlib.suppress(TimeoutError):
                        samples.append((age, soak.measure()))
                    time.sleep(0.5)  # how often it is measured
            finally:
                for worker in workers:
                    worker.is_over.set()
                for worker in workers:
                    worker.join()
            assert [worker.fault for worker in workers] == [None] * len(workers), daemon.story()
            wait_until(lambda: not list(soak.spool.path.glob("folder*/*.txt")) or soak.tidy(), daemon.story, 300, 0.5)
        first = median([numbers for age, numbers in samples if 30 <= age < 60])
        last = median([numbers for age, numbers in samples if age >= SECONDS - 30])
        print(f"{len(soak.stems)} pairs, {[worker.count for worker in workers]} deeds; first {first}, last {last}")
        faults = list(soak.find_faults())
        assert not faults, "\n".join(faults[:50])
        assert last[1] <= first[1] * ALLOWED + 1, "descriptors"
        if not find_sanitizer():  # whose quarantine grows
            assert last[0] <= first[0] * ALLOWED, "memory"
