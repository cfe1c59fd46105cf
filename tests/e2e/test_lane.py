"""The lane: how many at once, when it waits, what a doubt may cost; and rules of the user's own."""

import os
import time

import pytest

from harness import Stub, make_png, text_bytes, wait_until
from operator_words import read_status, succeed
from raw_api import RawApi


def drop_many(spool, count, prefix="scene"):
    stems = [f"{prefix}{number:03}" for number in range(count)]
    for stem in stems:
        spool.drop(stem, stem)
    return stems


def most_at_once(daemon):
    """The most attempts that were under way together, by the log."""
    now = most = 0
    with daemon.changed:
        for line in daemon.lines:
            now += {"attempt.started": 1, "attempt.ended": -1}.get(line["event"], 0)
            most = max(most, now)
    return most


@pytest.fixture
def slow_stub(tmp_path):
    with Stub(tmp_path / "slow", "--latency", "150ms", "--keep-bodies") as started:
        yield started


def test_the_lane_opens_with_one_and_widens(slow_stub, spool, start_daemon):
    stems = drop_many(spool, 20)
    daemon = start_daemon(slow_stub, tables={"submit": {"concurrency": 8}})
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
    with daemon.changed:
        order = [line["event"] for line in daemon.lines if line["event"] in ("attempt.started", "attempt.ended")]
    assert order[:2] == ["attempt.started", "attempt.ended"], "one decides"
    assert 3 <= most_at_once(daemon) <= 8


def test_the_oldest_goes_first_from_the_start_on(stub, spool, start_daemon):
    stems = drop_many(spool, 40)
    for age, stem in enumerate(reversed(stems)):
        for kind in ("txt", "png"):
            os.utime(spool.file(stem, kind), (1_700_000_000 + age, 1_700_000_000 + age))
    start_daemon(stub, tables={"submit": {"concurrency": 1}})
    posts = stub.wait_for_posts(40)
    assert [record["fields"]["prompt"] for record in posts] == stems[::-1]


def test_concurrency_is_never_exceeded(slow_stub, spool, start_daemon):
    stems = drop_many(spool, 12)
    daemon = start_daemon(slow_stub, tables={"submit": {"concurrency": 2}})
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
    assert most_at_once(daemon) == 2


def test_a_server_that_takes_three_at_once_is_found_out(tmp_path, spool, start_daemon):
    with Stub(tmp_path / "narrow", "--max-jobs", "3", "--job-time", "100ms") as narrow:
        stems = drop_many(spool, 25)
        daemon = start_daemon(narrow, tables={"submit": {"concurrency": 16}})
        for stem in stems:
            spool.wait_for_result(stem, daemon=daemon)
        assert len(narrow.posts(created=True)) == 25


def test_three_doubts_in_a_row_pause_the_lane(stub, spool, start_daemon):
    """Then one request decides: a sick gateway cannot burn a whole spool."""
    stems = drop_many(spool, 10)
    daemon = start_daemon(stub, fault="html-200", tables={"submit": {"doubt_pause": "10m", "concurrency": 16}})
    daemon.wait_for("lane.paused")
    daemon.wait_for("job.doubt", count=3)
    assert daemon.stop() == 0 and len(stub.posts()) == 3
    assert sorted(len(spool.results_of(stem)) for stem in stems) == [0] * 7 + [1] * 3


def test_after_the_pause_one_request_decides(stub, spool, start_daemon):
    stems = drop_many(spool, 8)
    daemon = start_daemon(stub, fault="html-200:3", tables={"submit": {"doubt_pause": "300ms"}})
    daemon.wait_for("job.accepted", count=5)
    assert sorted(spool.results_of(stem)[0] for stem in stems) == ["doubt"] * 3 + ["job"] * 5
    posts = stub.posts()
    assert posts[3]["at"] - posts[2]["at"] >= 0.28 and len(posts) == 8


@pytest.mark.parametrize("fault, result, count", [("hang-created:1", "job", 2), ("html-200:1", "job", 2),
                                                  ("html-200:2", "doubt", 2)])
def test_a_doubt_is_retried_once_when_asked_for(stub, spool, start_daemon, fault, result, count):
    daemon = start_daemon(stub, fault=fault, tables={"submit": {"on_doubt": "retry", "doubt_pause": "200ms"},
                                                     "api": {"response_timeout": "5s"}})
    spool.drop("scene", "again", make_png(5000))
    spool.wait_for_result("scene", result, daemon)
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    posts = [record for record in stub.posts() if record["fields"]["prompt"] == "again"]
    assert len(posts) == count
    assert posts[1]["at"] - posts[0]["at"] >= 0.19
    assert stub.raw_body(posts[0]) == stub.raw_body(posts[1]), "byte for byte the same"


@pytest.mark.parametrize("rule, fault, result", [
    ('status = [500]\nverdict = "throttled"', "status-500:1", "job"),
    ('code = "MODEL_NOT_FOUND"\nverdict = "refused"', "no-channel-503:1", "error"),
    ('contains = "ordered FAULT"\nverdict = "refused"', "status-500:1", "error"),
    ('contains = "ordered fault"\nstatus = [501]\nverdict = "refused"', "status-500:1", "doubt"),
    ('status = [400]\nverdict = "doubt"', "status-400:1", "doubt"),
    ('status = [418]\nverdict = "account"', "status-418:1", "job"),
    ('status = [200]\nverdict = "refused"', "", "job"),
])
def test_rules_of_the_users_own(stub, spool, start_daemon, rule, fault, result):
    daemon = start_daemon(stub, fault=fault, extra=f"[[verdict]]\n{rule}\n")
    spool.drop("scene")
    spool.wait_for_result("scene", result, daemon)


def test_a_rate_a_minute(stub, spool, start_daemon):
    drop_many(spool, 5)
    daemon = start_daemon(stub, tables={"submit": {"per_minute": 3}})
    daemon.wait_for("pair.ready", count=5)
    daemon.wait_for("job.accepted", count=3)
    assert daemon.stop() == 0 and len(stub.posts()) == 3


def test_a_limit_a_day_outlives_a_restart(stub, spool, start_daemon):
    stems = drop_many(spool, 5)
    daemon = start_daemon(stub, tables={"submit": {"per_day": 2}})
    daemon.wait_for("job.accepted", count=2)
    assert daemon.stop() == 0
    daemon = start_daemon(stub, tables={"submit": {"per_day": 2}})
    daemon.configure({"submit": {"per_day": 3}})
    daemon.reload()
    daemon.wait_for("config.reloaded")
    daemon.wait_for("job.accepted")
    assert daemon.stop() == 0 and len(stub.posts()) == 3
    assert sum(spool.results_of(stem) == ["job"] for stem in stems) == 3


def test_backoff_is_the_lanes_not_each_jobs(tmp_path, spool, start_daemon):
    """Nothing listens: 30 jobs that wait do not make 30 times the attempts."""
    absent = Stub(tmp_path / "absent").start()
    assert absent.stop() == 0
    drop_many(spool, 30)
    daemon = start_daemon(absent, tables={"submit": {"backoff": ["200ms", "200ms"], "concurrency": 16}})
    begun = time.monotonic()
    daemon.wait_for("attempt.ended", verdict="unsent", count=4)
    assert time.monotonic() - begun >= 0.3
    with absent.start(absent.port):
        spool.wait_for_result("scene029", daemon=daemon)


def test_a_pair_that_fails_thrice_goes_to_the_end(stub, spool, start_daemon):
    """Its uploads are reset in the middle; the others must not wait for it."""
    spool.drop("poison", "poison", make_png(16 << 20))
    spool.drop("good", "good")
    succeed("hold", "--spool", spool.path)  # until it is known which is the older
    daemon = start_daemon(stub, fault="reset-during-body:3", tables={"submit": {"concurrency": 1}})

    def are_held():
        status = read_status(spool)
        return status["waiting"] == 2 and list(status["waits"]["by_reason"]) == ["held"]
    wait_until(are_held, daemon.story)
    succeed("release", "--spool", spool.path)
    spool.wait_for_result("good", daemon=daemon)
    spool.wait_for_result("poison", daemon=daemon)
    daemon.wait_for("job.accepted", job="poison")  # said after the file is there
    assert [line["job"] for line in daemon.events("job.accepted")] == ["good", "poison"]


def test_a_hot_lane_keeps_its_answers_apart(slow_stub, spool, start_daemon):
    stems = drop_many(spool, 40)
    daemon = start_daemon(slow_stub, tables={"submit": {"concurrency": 16}})
    answers = {stem: spool.wait_for_result(stem, daemon=daemon) for stem in stems}
    for record in slow_stub.posts():
        assert answers[record["fields"]["prompt"]] == text_bytes(record["response"])


# A pair that a filter in front of the API dislikes.

def test_a_pair_that_alone_meets_an_early_5xx_does_not_hold_up_the_others(spool, start_daemon):
    """From its third try on it waits by itself; a pair that comes later goes out at once."""
    with RawApi(lambda prompt: 503 if prompt == "odd" else 0) as api:
        daemon = start_daemon(api, url=api.url, tables={"submit": {"backoff": ["100ms", "5m"]}})
        spool.drop("odd", "odd", make_png(4 << 20))
        api.wait_for("odd", 6)  # the lane would wait 3 s by now, and longer each time
        pauses = len(daemon.events("lane.paused"))
        for number in range(5):
            spool.drop(f"good{number}", f"good{number}")
            spool.wait_for_result(f"good{number}", daemon=daemon)
        assert len(api.statuses("odd")) <= 12, "it backs off by itself"
        assert len(daemon.events("lane.paused")) == pauses
        assert set(api.statuses("odd")) == {503} and spool.results_of("odd") == []


def test_an_early_5xx_that_all_meet_backs_off_as_one(spool, start_daemon):
    with RawApi(lambda prompt: 503) as api:
        start_daemon(api, url=api.url, tables={"submit": {"backoff": ["200ms", "5m"]}})
        for number in range(8):
            spool.drop(f"scene{number}", f"scene{number}", make_png(4 << 20))
        api.wait_for("scene0", 3)
        wait_until(lambda: len(api.requests) >= 6, lambda: str(api.requests))
        assert len(api.requests) <= 12, "not each by itself"
