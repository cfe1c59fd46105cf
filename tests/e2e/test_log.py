"""The log: every line one JSON object with its four fields, known events alone, and never the key or a prompt."""

import json
import pathlib
import re

import pytest

from harness import KEY, Daemon, Spool, Stub, make_png, wait_until

SECRET_PROMPT = "zebra-in-a-prompt"
EVENTS_FILE = pathlib.Path(__file__).parents[2] / "daemon" / "log" / "log_events.hpp"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """One daemon that has met most of what there is; its raw lines, standard error and the spool."""
    folder = tmp_path_factory.mktemp("log")
    spool = Spool(folder / "spool")
    order = "status-400:1,html-200:1,status-429:1,status-401:1,close-after-body:1,saturated-500:1"
    spool.drop("bad", b"\xff\xfe")
    spool.drop("cut", SECRET_PROMPT, make_png(5000)[:-1])
    spool.put("half.txt", SECRET_PROMPT)
    for number in range(6):
        spool.drop(f"scene\n{number} 牛", f"{SECRET_PROMPT} {number}")
    with Stub(folder / "stub") as stub, \
            Daemon(folder / "daemon", spool, stub.url(order), stub=stub,
                   tables={"spool": {"incomplete_after": "300ms"}}).start() as daemon:
        for number in range(6):
            daemon.wait_for("pair.ready", job=f"scene\n{number} 牛")
        daemon.wait_for("job.accepted", count=3)
        daemon.wait_for("job.doubt", count=2)
        daemon.wait_for("pair.orphan", job="half")
        spool.wait_for_result("cut", "error", daemon)
        daemon.configure({}, extra="[nonsense]\n")
        daemon.reload()
        daemon.wait_for("config.rejected")
        assert daemon.stop() == 0
    return daemon.raw_lines, daemon.stderr(), spool


def test_every_line_is_one_object_with_its_fields(story):
    raw_lines, _, _ = story
    assert len(raw_lines) > 20
    for raw in raw_lines:
        assert raw.endswith(b"\n")
        line = json.loads(raw.decode("utf-8"))
        assert list(line)[:4] == ["ts", "level", "event", "msg"], line
        assert STAMP.fullmatch(line["ts"]) and line["level"] in ("debug", "info", "warning", "error")
        assert line["msg"] and isinstance(line["msg"], str)


def test_times_never_run_backwards(story):
    stamps = [json.loads(raw)["ts"] for raw in story[0]]
    assert stamps == sorted(stamps)


def test_only_known_events(story):
    known = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', EVENTS_FILE.read_text("utf-8")))
    seen = {json.loads(raw)["event"] for raw in story[0]}
    assert seen <= known and len(seen) >= 12, seen


def test_it_begins_with_ready_and_ends_with_stopped(story):
    events = [json.loads(raw)["event"] for raw in story[0]]
    assert events.count("daemon.ready") == 1 and events.count("daemon.stopping") == 1
    assert events[-1] == "daemon.stopped"
    last = json.loads(story[0][-1])
    assert any("flight" in name for name in last) and any("doubt" in name for name in last)


def test_an_attempt_says_how_it_went(story):
    lines = [json.loads(raw) for raw in story[0]]
    accepted = next(line for line in lines if line["event"] == "attempt.ended" and line["verdict"] == "accepted")
    assert accepted["http_status"] == 200 and accepted["id"].startswith("video_")
    assert accepted["request_id"] == "req_stub" and accepted["bytes"] > 4096
    for stage in ("connect_ms", "upload_ms", "ack_ms", "commit_ms", "answer_ms"):
        assert isinstance(accepted[stage], (int, float)) and accepted[stage] >= 0
    assert any("queued_ms" in line for line in lines)
    verdicts = {line["verdict"] for line in lines if line["event"] == "attempt.ended"}
    assert verdicts >= {"accepted", "refused", "doubt", "throttled", "account"}


def test_neither_key_nor_prompt_is_said(story):
    raw_lines, stderr, spool = story
    said = b"".join(raw_lines) + stderr.encode()
    assert KEY.encode() not in said and SECRET_PROMPT.encode() not in said
    results = list(spool.path.rglob("*.json"))
    assert len(results) >= 7
    for path in results:
        assert KEY not in path.read_text("utf-8")
        if not path.name.endswith(".job.json"):
            data = path.read_text("utf-8")
            assert SECRET_PROMPT not in data or "doubt" in path.name


def test_a_repeating_error_is_not_a_flood(tmp_path, spool, start_daemon):
    """Nothing listens there: many attempts, few lines above info that say so."""
    absent = Stub(tmp_path / "absent").start()
    assert absent.stop() == 0
    spool.drop("scene")
    daemon = start_daemon(absent, tables={"submit": {"backoff": ["10ms", "10ms"]}})
    daemon.wait_for("attempt.ended", count=20)
    with daemon.changed:
        loud = [line for line in daemon.lines if line["level"] in ("warning", "error")]
    assert len(loud) <= 5, loud


def test_text_format_is_for_people(stub, spool, start_daemon):
    daemon = start_daemon(stub, wait=False, tables={"log": {"format": "text"}})
    spool.drop("scene", SECRET_PROMPT)
    spool.wait_for_result("scene")
    assert daemon.stop() == 0
    text = b"".join(daemon.raw_lines).decode()
    assert "job.accepted" in text and "{" not in text.splitlines()[0] and SECRET_PROMPT not in text


def test_a_log_file_besides_is_reopened(tmp_path, stub, spool, start_daemon):
    path = tmp_path / "reeld.log"
    daemon = start_daemon(stub, tables={"log": {"file": str(path)}})
    wait_until(lambda: "daemon.ready" in path.read_text(), "the first line in the file")
    path.rename(tmp_path / "reeld.log.1")
    daemon.reload()
    daemon.wait_for("config.reloaded")
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    assert daemon.stop() == 0
    assert "job.accepted" in path.read_text() and "job.accepted" not in (tmp_path / "reeld.log.1").read_text()


def test_the_level_is_kept_to(stub, spool, start_daemon):
    daemon = start_daemon(stub, wait=False, tables={"log": {"level": "warning"}})
    spool.drop("scene")
    spool.wait_for_result("scene")
    assert daemon.stop() == 0 and daemon.lines == []
