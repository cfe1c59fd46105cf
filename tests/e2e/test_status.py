"""`reeld status`: what waits and why, the lane, the errors, with the daemon running and without, and watched."""

import json
import re
import signal
import subprocess

import pytest

from harness import BIN_DIR, PATIENCE, run_reeld, wait_until
from terminal import Terminal


def read_status(spool):
    done = run_reeld("status", "--json", "--spool", spool.path)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def say_status(spool):
    done = run_reeld("status", "--spool", spool.path)
    assert done.returncode == 0, done.stderr
    return done.stdout


def totals(status):
    return {reason: sum(row) for reason, row in status["waits"]["by_reason"].items()}


@pytest.fixture
def refused_key(stub, spool, start_daemon):
    """A daemon that the API has told that the key is no good, with three pairs and a half."""
    daemon = start_daemon(stub, fault="status-401:1", tables={"submit": {"account_retry": "1h", "per_day": 100}})
    for number in range(3):
        spool.drop(f"scene{number}")
    spool.put("lonely.txt", "half of it")
    daemon.wait_for("lane.paused", pause="account")
    wait_until(lambda: totals(read_status(spool)) == {"account": 3, "half": 1}, daemon.story)
    return daemon


def test_a_paused_lane_says_why_and_for_how_long(refused_key, spool):
    status = read_status(spool)
    lane = status["live"]["lane"]
    assert lane["pause"] == "account" and lane["pause_reason"] and lane["paused_since"].startswith("20")
    assert 3500_000 < lane["paused_for_ms"] <= 3600_000 and lane["limit"] == 1 and lane["concurrency"] == 16
    assert status["waits"]["ages_s"] == [10, 60, 300, 900, 3600, 21600, 86400]
    assert all(len(row) == 8 and sum(row[:2]) == sum(row) for row in status["waits"]["by_reason"].values())
    assert status["waiting"] == 3 and status["last_errors"][0]["event"] == "lane.paused"
    said = say_status(spool)
    assert re.search(r"^lane          paused \(account\) since 20\S+, for another (1h|59m\S*); then one request decides$",
                     said, re.M), said
    assert lane["pause_reason"][:40] in said
    assert re.search(r"^              account +3 +[0-3.] ", said, re.M) and re.search(r"^              half +1 ", said, re.M)
    assert re.search(r"^ +total +<10s +<1m +<5m +<15m +<1h +<6h +<1d +older$", said, re.M)
    assert "last 24 hours 0 of 100 accepted or in doubt\n" in said
    assert re.search(r"^last error    20\S+ lane\.paused: ", said, re.M)


def test_what_is_held(refused_key, spool):
    assert run_reeld("hold", "--spool", spool.path).returncode == 0
    assert totals(read_status(spool)) == {"held": 3, "half": 1}
    assert "lane          held; after `reeld release` up to 1 of 16 at one time\n" in say_status(spool)
    refused_key.stop()
    without = read_status(spool)
    assert not without["running"] and totals(without) == {"held": 3, "half": 1} and without["waiting"] == 3
    assert run_reeld("release", "--spool", spool.path).returncode == 0
    assert totals(read_status(spool)) == {"not_running": 3, "half": 1}
    said = say_status(spool)
    assert "reeld         not running\n" in said and re.search(r"^              not_running +3 ", said, re.M)


def test_without_a_daemon_ages_are_those_of_the_files(spool):
    spool.drop("scene")
    assert read_status(spool)["waits"]["by_reason"]["not_running"][0] == 1


def test_doubts_and_errors_outlive_the_daemon(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="cut-body-created:2", tables={"submit": {"doubt_pause": "100ms"}})
    for stem in ("first", "second"):
        spool.drop(stem)
        spool.wait_for_result(stem, "doubt", daemon=daemon)
        daemon.wait_for("job.doubt", job=stem)
    live = read_status(spool)
    assert [doubt["job"] for doubt in live["doubts"]] == ["first", "second"], "oldest first"
    assert [error["job"] for error in live["last_errors"]] == ["second", "first"], "newest first"
    daemon.stop()
    status = read_status(spool)
    assert [error["job"] for error in status["last_errors"]] == ["second", "first"]
    assert status["last_errors"][0]["event"] == "job.doubt" and status["last_errors"][0]["reason"]
    said = say_status(spool)
    assert "in doubt      2\n" in said and "`reeld resolve PATH --accepted ID`" in said


def watch(*words):
    """`reeld status --watch` on a terminal of its own."""
    return Terminal(BIN_DIR / "reeld", "status", *words)


def test_a_watch_refreshes_in_place_and_ends_with_0(daemon, spool):
    with watch("--watch=0.1", "--spool", spool.path) as watched:
        first = watched.read(lambda seen: seen.count(b"\x1b[H") >= 3)
        assert "every 100ms; Ctrl-C ends" in first and f"process {daemon.process.pid}" in first
        spool.put("lonely.txt", "half of it")
        watched.read(lambda seen: b"half " in seen)
        assert watched.end(signal.SIGINT) == 0
        sequences = set(re.findall(rb"\x1b\[[0-9?;]*[A-Za-z]", watched.seen))
        assert sequences == {b"\x1b[H", b"\x1b[2J", b"\x1b[K", b"\x1b[J"}, "no mode of the terminal is changed"


def test_a_watch_outlives_the_daemon(daemon, spool):
    with watch("--watch=0.1", "--spool", spool.path) as watched:
        watched.read(lambda seen: b"running since" in seen)
        daemon.stop()
        watched.read(lambda seen: b"not running" in seen)
        assert watched.end(signal.SIGTERM) == 0


def test_a_watch_with_json_is_one_object_a_line(daemon, spool):
    process = subprocess.Popen([str(BIN_DIR / "reeld"), "status", "--json", "--watch=0.1", "--spool", str(spool.path)],
                               stdout=subprocess.PIPE, text=True)
    try:
        lines = [json.loads(process.stdout.readline()) for _ in range(3)]
        assert all(line["live"]["pid"] == daemon.process.pid for line in lines)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_watch_needs_a_terminal_and_a_sensible_time(spool):
    done = run_reeld("status", "--watch", "--spool", spool.path)
    assert done.returncode == 64 and done.stdout == "" and "with --json it writes one object a line" in done.stderr
    done = run_reeld("status", "--watch=soon", "--spool", spool.path)
    assert done.returncode == 64 and "--watch needs a number of seconds" in done.stderr
