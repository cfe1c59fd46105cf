"""Daemons whose disks are about to fail, and the look at their books afterwards."""

import pytest

from accounts import balance, check_ledger, read_ledger
from harness import Daemon, Stub, text_bytes, wait_until

TABLES = {"submit": {"backoff": ["50ms", "200ms"], "doubt_pause": "100ms", "concurrency": 4}}


@pytest.fixture
def slow(tmp_path):
    """Long enough to do something to a disk while an answer is awaited."""
    with Stub(tmp_path / "slow", "--latency", "1500ms") as started:
        yield started


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

    def start(spool, ledger=None, wait=True, url=None, **options):
        tables = {**TABLES, **({"ledger": {"path": str(ledger)}} if ledger else {})}
        daemon = Daemon(tmp_path / f"daemon{len(daemons)}", spool, url or slow.url(), stub=slow, tables=tables, **options)
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


def still_known(slow, spool, ledger, serve, stem):
    """The ledger holds it as accepted: with its result moved away, it is not bought again."""
    sent = len(slow.posts())
    spool.result_path(stem).unlink()
    daemon = serve(spool, ledger)
    assert daemon.wait_for("pair.known", job=stem)["state"] == "accepted"
    assert daemon.stop() == 0 and len(slow.posts()) == sent


# One disk for both.
