"""A connection that is cut after every number of bytes, in both directions, by an end and by a reset: what was not sent
whole is sent again, what may have been is not, and each answer that came whole is written."""

import os
import random

import pytest

from accounts import balance, check_ledger, wait_for_results
from cutting_proxy import Cut, CuttingProxy
from harness import Daemon, Spool, Stub, make_png, wait_until

IS_CAMPAIGN = bool(os.environ.get("REELD_CAMPAIGN"))
SEED = os.environ.get("REELD_SEED", "1")
CUTS = 40  # in each direction, in the short form
TABLES = {"submit": {"backoff": ["5ms", "20ms"], "doubt_pause": "10ms", "concurrency": 4},
          "api": {"reuse_idle": "1ms", "response_timeout": "10s", "upload_timeout": "10s"}}  # a connection a job


def make_world(folder, name, stub, proxy):
    scheme = "http" if stub.plain else "https"
    spool = Spool(folder / f"spool-{name}")
    daemon = Daemon(folder / f"daemon-{name}", spool, f"{scheme}://localhost:{proxy.port}", stub=stub, tables=TABLES)
    return spool, daemon


def drop(spool, prefix, numbers):
    stems = [f"{prefix}{number:05}" for number in numbers]
    for stem in stems:
        spool.drop(stem, stem, make_png(300, seed=stem))
    return stems


def measure(folder, stub):
    """How many bytes a job is, up and down."""
    with CuttingProxy(stub.port) as proxy:
        spool, daemon = make_world(folder, "measure", stub, proxy)
        with daemon:
            for stem in drop(spool, "measure", range(1)):
                spool.wait_for_result(stem, daemon=daemon)
        return dict(proxy.bytes)


def make_plan(sizes, dice):
    """Every third is left whole: many doubts in a row would pause the lane."""
    cuts = [Cut(way, after, is_reset) for way in sizes for after in range(sizes[way] + 1) for is_reset in (False, True)]
    if not IS_CAMPAIGN:
        edges = [cut for cut in cuts if cut.after in (0, 1) or sizes[cut.way] - cut.after in (0, 1, 2, 40, 80)]
        cuts = edges + [one for way in sizes for one in dice.sample([cut for cut in cuts if cut.way == way], CUTS)]
    dice.shuffle(cuts)
    return [one for number, cut in enumerate(cuts) for one in ([cut] if number % 2 else [cut, Cut("")])]


@pytest.mark.parametrize("kind", ["plain", "tls"])
def test_a_connection_that_is_cut_at_every_byte(tmp_path, kind):
    dice = random.Random(f"{SEED}/{kind}")
    with Stub(tmp_path / "stub", *(["--plain"] if kind == "plain" else [])) as stub:
        sizes = measure(tmp_path, stub)
        plan = make_plan(sizes, dice)
        with CuttingProxy(stub.port, plan) as proxy:
            spool, daemon = make_world(tmp_path, "cuts", stub, proxy)
            stems = []
            with daemon:
                while not proxy.is_exhausted():
                    # What is cut on its way up is tried again by itself; the others take a pair each.
                    more = drop(spool, "scene", range(len(stems), len(stems) + 20))
                    stems += more
                    wait_for_results(spool, more, daemon, timeout=300)
            wait_until(lambda: proxy.cuts > 0, "a cut")
        counts = balance_of(spool, stub, stems)
        check_ledger(spool.path / ".reeld" / "ledger.db", spool, stems)
        print(f"{kind}: {sizes}, {proxy.cuts} cuts of {len(plan)} connections: {dict(counts)}")
        assert proxy.cuts > len(plan) / 2 and counts["job"] and counts["doubt"]


def balance_of(spool, stub, stems):
    """The books without the pair that was measured."""
    class Without:
        @staticmethod
        def posts():
            return [record for record in stub.posts() if not record["fields"].get("prompt", "").startswith("measure")]
    return balance(spool, Without, stems)
