"""What a drain waits for, and what it does not: it ends, and says what it has waited for."""

import time

import pytest

from harness import Daemon, make_png, run_reeld
from launching import launch  # noqa: F401 (a fixture)
from people import accept_and_tidy
from tracing import ENVIRONMENT, inject

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


def test_nor_are_those_of_one_pair_after_the_other(stub, spool, start_drain):
    pairs = 20
    for number in range(pairs):
        spool.drop(f"scene{number}", f"scene {number}", make_png(BIG))
    drain = start_drain(stub, "reset-during-body", tables={"submit": {"concurrency": 1, "backoff": ["1s", "1s"]}})
    assert "nothing has moved" in reason_of_end(drain)
    ends = drain.events("attempt.ended")
    assert {line["verdict"] for line in ends} == {"unsent"}
    assert len({line["job"] for line in ends}) < pairs, "it ended before each had had its turn"


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


def test_pairs_that_are_read_are_progress_and_named(stub, spool, launch, start_drain):  # noqa: F811
    """One image after the other, each in less than the patience; then one that takes longer."""
    stems = [f"scene{number}" for number in range(4)]
    accept_and_tidy(spool, launch, stems)
    for stem in stems:
        spool.file(stem, "png").chmod(0o640)
    slow = inject("pread64:delay_exit=2s", paths=[spool.file(stem, "png") for stem in stems], is_aside=True)
    drain = start_drain(stub, patience="6s", prefix=slow, environment=ENVIRONMENT)
    assert drain.wait() == 0, drain.story()
    assert len(drain.events("pair.known")) == len(stems) and len(stub.posts()) == len(stems)

    spool.file("scene0", "png").chmod(0o600)
    slow = inject("pread64:delay_exit=20s", paths=[spool.file("scene0", "png")], is_aside=True)
    spool.drop("new")
    drain = start_drain(stub, patience="3s", prefix=slow, environment=ENVIRONMENT, tables={"submit": {"ask_above": 100}})
    assert "1 pair is being read" in reason_of_end(drain)


def test_a_mass_that_waits_for_a_word_is_named(stub, spool, start_drain):
    for number in range(4):
        spool.drop(f"film/scene{number}")
    drain = start_drain(stub, patience="3s", tables={"submit": {"ask_above": 3}})
    assert "4 new pairs wait for `reeld release`" in reason_of_end(drain)
    assert stub.posts() == []
    assert run_reeld("release", "--spool", spool.path, key=None).returncode == 0
    drain = start_drain(stub, tables={"submit": {"ask_above": 3}})
    assert drain.wait() == 0, drain.story()
    assert len(stub.posts(complete=True)) == 4
