"""Daemons whose disks are about to fail, and the look at their books afterwards."""

import pytest

from accounts import balance, check_ledger, read_ledger
from harness import Daemon, text_bytes

TABLES = {"submit": {"backoff": ["50ms", "200ms"], "doubt_pause": "100ms", "concurrency": 4}}


@pytest.fixture
def stub(gate):
    """The one behind the gate, which keeps the answers back while something is done to a disk."""
    return gate.stub


@pytest.fixture
def ledger(tmp_path):
    """Where a ledger may lie outside the spool."""
    path = tmp_path / "state" / "ledger.db"
    path.parent.mkdir()
    return path


@pytest.fixture
def serve(tmp_path, gate):
    """Daemons that end before their disks go: this fixture is asked for after those of the disks."""
    daemons = []

    def start(spool, ledger=None, wait=True, **options):
        tables = {**TABLES, **({"ledger": {"path": str(ledger)}} if ledger else {})}
        daemon = Daemon(tmp_path / f"daemon{len(daemons)}", spool, gate.url(), stub=gate.stub, tables=tables, **options)
        daemons.append(daemon.start(wait=wait))
        return daemon

    yield start
    for daemon in daemons:
        if daemon.process.poll() is None:
            daemon.kill()


def open_lane(spool, daemon):
    """By a pair that is accepted."""
    spool.drop("opener", "opener")
    spool.wait_for_result("opener", daemon=daemon)
    daemon.wait_for("job.accepted", job="opener")


def send(gate, spool, daemon, stems):
    """Pairs that have gone up whole, and whose answers are awaited until the gate is opened."""
    open_lane(spool, daemon)
    gate.send(spool, *stems)


def answer_to(stub, stem):
    (record,) = [record for record in stub.posts(created=True) if record["fields"]["prompt"] == stem]
    return text_bytes(record["response"])


def is_kept(stub, daemon, ledger, stem):
    """Whether the paid answer is whole somewhere that outlives the daemon: in its log, or in the ledger."""
    answer = answer_to(stub, stem)
    logged = [line["answer"].encode() for name in ("result.unwritten", "answer.unrecorded")
              for line in daemon.events(name, job=stem)]
    return answer in logged or any(job.name == stem and job.answer == answer for job in read_ledger(ledger))


def states_in(ledger):
    return {job.name: job.state for job in read_ledger(ledger)}


def finish(stub, spool, ledger, daemon, stems):
    """Each of the pairs has its answer; the daemon ends well, and its books are right."""
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon, timeout=60)
        assert spool.result_path(stem).read_bytes() == answer_to(stub, stem)
    assert daemon.stop() == 0, daemon.story()
    balance(spool, stub, ["opener", *stems])
    check_ledger(ledger, spool, ["opener", *stems])


def still_known(stub, spool, ledger, serve, stem):
    """The ledger holds it as accepted: with its result moved away, it is not bought again."""
    sent = len(stub.posts())
    spool.result_path(stem).unlink()
    daemon = serve(spool, ledger)
    assert daemon.wait_for("pair.known", job=stem)["state"] == "accepted"
    assert daemon.stop() == 0 and len(stub.posts()) == sent


# One disk for both.
