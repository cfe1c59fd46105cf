"""What a drain waits for, and what it does not: it ends, and says what it has waited for."""

import time

import pytest

from harness import Daemon, make_png

BIG = 16 << 20  # more than all buffers between the two hold


@pytest.fixture
def start_drain(tmp_path, spool):
    drains = []

    def start(stub, fault="", patience="5s", url=None, **options):
        command = ("drain", "--config", "{config}", "--patience", patience)
        folder = tmp_path / f"drain{len(drains)}"
        drain = Daemon(folder, spool, url or stub.url(fault), stub=stub, command=command, **options)
        drains.append(drain.start(wait=False))
        return drain

    yield start
    for drain in drains:
        if drain.process.poll() is None:
            drain.kill()


def reason_of_end(drain):
    assert drain.wait() == 1, drain.story()
    return drain.events("daemon.stopping")[0]["reason"]


@pytest.mark.parametrize("fault", ["reset-during-body", "early-500"])
def test_uploads_that_end_unsent_again_and_again_are_no_progress(stub, spool, start_drain, fault):
    spool.drop("scene", "scene", make_png(BIG))
    drain = start_drain(stub, fault)
    reason = reason_of_end(drain)
    ends = drain.events("attempt.ended")
    assert len(ends) >= 2 and {line["verdict"] for line in ends} == {"unsent"}
    # They break at other places, and the latest is named.
    assert "nothing has moved" in reason and any(line["reason"] in reason for line in ends), reason
    assert spool.results_of("scene") == []


def test_a_reserve_that_finds_no_room_is_named(stub, spool, start_drain):
    """The ledger has room for an intent, and not for an answer."""
    spool.drop("scene")
    seldom = {"submit": {"backoff": ["1s", "1s"]}}  # each try makes the ledger's log longer
    drain = start_drain(stub, prefix=("prlimit", f"--fsize={1 << 20}"), patience="6s", tables=seldom)
    assert "no space for the answer" in reason_of_end(drain)
    assert stub.posts(complete=True) == [] and spool.results_of("scene") == []


def test_a_cut_image_is_named_at_once_and_at_the_end(stub, spool, start_drain):
    spool.drop("good", "good")
    spool.put("bad.txt", "bad")
    spool.put("bad.png", make_png(5000)[:-100])
    drain = start_drain(stub)
    said = drain.wait_for("pair.incomplete", job="bad")["reason"]
    reason = reason_of_end(drain)
    events = [line["event"] for line in drain.lines]
    assert "bad.png" in said and events.index("pair.incomplete") < events.index("daemon.stopping")
    assert f"bad is not complete: {said}" in reason, reason
    assert spool.results_of("good") == ["job"]


def test_a_pair_that_comes_while_one_is_waited_for_is_sent_and_is_progress(stub, spool, start_drain):
    spool.put("bad.txt", "bad")
    bad = spool.put("bad.png", make_png(5000)[:-100])
    drain = start_drain(stub, patience="30s")
    drain.wait_for("pair.incomplete", job="bad")
    spool.drop("good", "good")
    spool.wait_for_result("good", daemon=drain)
    bad.unlink()
    assert drain.wait() == 0, drain.story()


def test_an_answer_that_takes_longer_than_the_patience_is_awaited(gate, spool, start_drain):
    spool.drop("scene")
    with gate.closed():
        drain = start_drain(gate.stub, patience="3s", url=gate.url())
        gate.stub.wait_for_posts(1, complete=True)
        time.sleep(4)  # that nothing happens meanwhile is what this is about
    assert drain.wait() == 0, drain.story()
    assert spool.results_of("scene") == ["job"]
