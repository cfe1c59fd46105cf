"""A start over pairs that were done with long ago, and whose results were taken away."""

import contextlib
import re
import sqlite3

from harness import wait_until
from tracing import ENVIRONMENT, require_strace

PAIRS = 30


def count_proven(spool):
    with contextlib.closing(sqlite3.connect(f"file:{spool.path}/.reeld/ledger.db?mode=ro", uri=True)) as ledger:
        return ledger.execute("SELECT count(*) FROM jobs WHERE prompt_proof AND image_proof").fetchone()[0]


def test_a_start_over_known_pairs_opens_none_of_their_files(stub, spool, start_daemon, tmp_path):
    stems = [f"film/scene{number}" for number in range(PAIRS)]
    daemon = start_daemon(stub)
    for stem in stems:
        spool.drop(stem, stem)
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
    # What is proven by then needs no reading; the rest is read once more while there is nothing else to do.
    wait_until(lambda: count_proven(spool) == PAIRS, lambda: f"proofs: {count_proven(spool)} of {PAIRS}")
    assert daemon.stop() == 0
    for stem in stems:
        spool.result_path(stem).unlink()

    calls = tmp_path / "calls"
    strace = [require_strace(), "-f", "-qq", "-o", str(calls), "--trace=?open,openat,openat2"]
    spool.drop("canary", "canary")
    drain = start_daemon(stub, command=("drain", "--config", "{config}"), prefix=strace, environment=ENVIRONMENT)
    assert drain.wait() == 0, drain.story()
    assert len(drain.events("pair.known")) == PAIRS and spool.results_of("canary") == ["job"]
    opened = [line for line in calls.read_text().splitlines() if re.search(r"scene\d+\.(png|txt)", line)]
    assert not opened, opened[:3]
    assert len(stub.posts()) == PAIRS + 1

    daemon = start_daemon(stub)
    spool.drop("last", "last")
    spool.wait_for_result("last", daemon=daemon)
    assert not daemon.events("pair.known"), "it is said once"
    assert len(stub.posts()) == PAIRS + 2
