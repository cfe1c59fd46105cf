"""A campaign of kill -9 over one spool, against an API that fails in every way: then the stub's record is held against
the folder. REELD_KILLS and REELD_KILL_PAIRS set its size."""

import os
import random
import time

from accounts import balance, check_ledger, wait_for_results, watch_for
from harness import Daemon, Spool, Stub, make_image

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


def put_in(spool, stem, dice):
    size = dice.choice([300, 5000, 70000, 280000, 600000])
    spool.drop(stem, stem, make_image("jpg", size, seed=stem), "jpg")


def await_the_instant(daemon, dice):
    """Returns at a moment that is interesting, or at any."""
    instant = dice.choice(INSTANTS)
    if instant is None:
        time.sleep(dice.uniform(0.0, 0.9))  # what is random is the instant of the kill
    elif watch_for(daemon, instant, count=dice.randint(1, 6), timeout=1.5) and dice.random() < 0.5:
        time.sleep(dice.uniform(0.0, 0.02))


def in_flight(daemon):
    return len(daemon.events("attempt.started")) - len(daemon.events("attempt.ended"))


def test_killed_again_and_again(tmp_path):
    dice = random.Random(SEED)
    spool = Spool(tmp_path / "spool")
    stems = [f"folder{number % 5}/scene{number:04}" for number in range(PAIRS)]
    order = ",".join(f"{name}={probability}" for name, probability in FAULTS.items())
    killed_at_work = 0
    with Stub(tmp_path / "stub", "--latency", "30ms", "--faults", order, "--seed", SEED) as stub:
        rest = list(stems)
        for kill in range(KILLS):
            share = [rest.pop(0) for _ in range(min(len(rest), -(-len(rest) // (KILLS - kill))))]
            for stem in share[::2]:
                put_in(spool, stem, dice)
            daemon = Daemon(tmp_path / f"daemon{kill}", spool, stub.url(), stub=stub, tables=TABLES).start(wait=False)
            for stem in share[1::2]:
                put_in(spool, stem, dice)
            await_the_instant(daemon, dice)
            assert daemon.process.poll() is None, f"it did not wait to be killed: {daemon.story()}"
            daemon.kill()
            killed_at_work += in_flight(daemon) > 0
        last = Daemon(tmp_path / "last", spool, stub.url(), stub=stub, tables=TABLES).start()
        with last:
            wait_for_results(spool, stems, last, timeout=120 + PAIRS / 10)
        counts = balance(spool, stub, stems)
    check_ledger(spool.path / ".reeld" / "ledger.db", spool, stems)
    print(f"{KILLS} kills, {killed_at_work} with requests under way: {dict(counts)}")
    assert killed_at_work >= KILLS // 4, "kills that meet nothing prove nothing"
    assert counts["job"] > PAIRS / 2
