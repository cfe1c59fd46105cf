"""Memory runs out at one allocation, and then not: what cannot be undone where it happens ends the process, for a start
to put right. No slot is lost for good, nothing hangs, nothing is lost or paid for twice."""

import concurrent.futures
import os

import pytest

from accounts import balance, check_ledger
from bad_memory import BadMemory, build_library
from harness import Daemon, Spool, Stub, wait_until

AT_WORK = 4
# From the time when an answer is awaited; a job takes about two hundred more.
ALLOCATIONS = range(1, 400) if os.environ.get("REELD_CAMPAIGN") else range(1, 400, 11)
TABLES = {"submit": {"backoff": ["50ms", "200ms"], "drain_timeout": "5s"}}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return build_library(tmp_path_factory.mktemp("bad_memory"))


def play(folder, library, nth):
    """Returns whether the process has ended of it."""
    folder.mkdir()
    spool, memory = Spool(folder / "spool"), BadMemory(folder, library)
    stems = ["first", "second"]
    with Stub(folder / "stub", "--latency", "300ms") as stub:
        daemon = Daemon(folder / "daemon", spool, stub.url(), stub=stub, tables=TABLES,
                        environment=memory.environment).start()
        spool.drop("first", "first")
        stub.wait_for_posts(1, complete=True)
        memory.fail(nth)
        wait_until(lambda: daemon.ended or spool.results_of("first"), daemon.story)
        spool.drop("second", "second")
        wait_until(lambda: daemon.ended or spool.results_of("second"), daemon.story)
        has_ended = daemon.ended
        code = daemon.wait() if has_ended else daemon.stop()
        has_fault = bool(daemon.events("daemon.failed")) or "a fault in reeld itself" in daemon.stderr()
        assert code == (1 if has_fault else 0), daemon.story()
        assert has_fault or not has_ended, daemon.story()
        with Daemon(folder / "again", spool, stub.url(), stub=stub, tables=TABLES).start() as again:
            wait_until(lambda: all(spool.results_of(stem) for stem in stems), again.story)
        balance(spool, stub, stems)
        check_ledger(spool.path / ".reeld" / "ledger.db", spool, stems)
    return has_ended, memory.failures()


def test_memory_that_runs_out_leaves_nothing_half_done(tmp_path, library):
    with concurrent.futures.ThreadPoolExecutor(AT_WORK) as workers:
        plays = {nth: workers.submit(play, tmp_path / str(nth), library, nth) for nth in ALLOCATIONS}
    ends = [plays[nth].result() for nth in ALLOCATIONS]
    print(f"{sum(failures for _, failures in ends)} failed allocations, {sum(end for end, _ in ends)} processes ended")
    assert any(end for end, _ in ends), "faults that end no process prove nothing"
