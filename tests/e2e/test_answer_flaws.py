"""Answers that tell no job's id, and answers whose end no rule can tell: what is whole counts, what is not is kept, and
the reason says what was wrong with it."""

import base64
import json

import pytest

from answers import OK, plain, serve
from harness import Daemon, make_image

QUEUED = b'{"id":"video_1","status":"queued"}'
PROMPT = 'a sign that says {"id":"video_9"}'
FLAWS = {
    "empty": (b"", "is empty", None, None),
    "HTML": (b"<!DOCTYPE html><title>OK</title>", "is HTML", "<!DOCTYPE html><title>OK</title>", None),
    "an array": (b'[{"id":"video_1"}]', "is an array", [{"id": "video_1"}], "video_1"),
    "no JSON": (b'{"id":"video_1",}', "is not JSON (at byte 16: ", '{"id":"video_1",}', "video_1"),
    "half": (b'{"id":"video_1","sta', "breaks off after 20 bytes", '{"id":"video_1","sta', "video_1"),
    "an id elsewhere": (b'{"result":{"id":"video_1"}}', "has an id, but none that can be taken for a job's",
                        {"result": {"id": "video_1"}}, "video_1"),
    "a damaged id": (b'{"id":"video_\xff"}', "has an id that cannot be read", "eyJpZCI6InZpZGVvX/8ifQ==", None),
    "an echo": (json.dumps({"prompt": PROMPT}).encode()[:-1], "breaks off", json.dumps({"prompt": PROMPT})[:-1], None),
    "a bare echo": (b"OK " + PROMPT.encode(), "is not JSON", "OK " + PROMPT, None),
    "two ids": (b'{"code":200,"data":[{"id":"v_1"},{"id":"v_2"}]}', "has an id, but none that can be taken for a job's",
                {"code": 200, "data": [{"id": "v_1"}, {"id": "v_2"}]}, "v_1"),
    "an id below a failure": (b'{"success":false,"data":[{"id":"v_1"}]}', "has an id, but none that can be taken for a job's",
                              {"success": False, "data": [{"id": "v_1"}]}, "v_1"),
    "no id": (b'{"ok":"yes"}', "a success without a job's id", {"ok": "yes"}, None),
}
CUT = {
    "no line between head and body": OK + b"Content-Type: application/json\r\n" + QUEUED,
    "a head by lone line feeds": OK + b"Content-Type: application/json\n" + QUEUED + b"\n",
}
ENDLESS = {
    "no number": OK + b"Content-Length: many\r\n\r\n",
    "two lengths": OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n",
    "no chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n",
    "a coding and a length": OK + b"Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\n",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\n",
}
NO_REPLIES = {
    "a body alone": (QUEUED, "not HTTP/1"),
    "ICY": (b"ICY 200 OK\r\n\r\n" + QUEUED, "not HTTP/1"),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "not HTTP/1"),
    "HTTP/2's settings": (b"\0\0\0\x04\0\0\0\0\0", "what arrived is HTTP/2, and reeld speaks HTTP/1.1"),
    "no status": (b"HTTP/1.1 fine\r\n\r\n" + QUEUED, "status line is malformed"),
}


@pytest.mark.parametrize("kind", FLAWS)
def test_a_doubt_says_what_is_wrong_with_the_answer(tmp_path, spool, kind):
    body, reason, kept, seen = FLAWS[kind]
    with serve(plain(body)[0]) as (url, requests), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", PROMPT)
        doubt = json.loads(spool.wait_for_result("scene", "doubt", daemon=daemon))
        assert reason in doubt["reason"], doubt
        assert doubt["api"] == kept and doubt.get("id_seen") == seen and len(requests) == 1
        assert daemon.wait_for("job.doubt").get("id_seen") == seen


@pytest.mark.parametrize("body, seen", [(QUEUED, "video_1"), (QUEUED[:-1] + b',"error":{"message":"no"}}', "video_1"),
                                        (b'{"id":"err_1","error":{"message":"no"}}', None)])
def test_an_id_in_a_failure_is_told_unless_it_is_the_errors(tmp_path, spool, body, seen):
    with serve(plain(body, 500)[0]) as (url, _), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        assert json.loads(spool.wait_for_result("scene", "doubt", daemon=daemon)).get("id_seen") == seen


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_whole_answer_counts_wherever_it_ends(tmp_path, spool, kind):
    with serve(ENDLESS[kind] + QUEUED, closes=True) as (url, requests), Daemon(
            tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        assert spool.wait_for_result("scene", daemon=daemon) == QUEUED
        spool.drop("another", "a dog")
        assert spool.wait_for_result("another", daemon=daemon) == QUEUED and len(requests) == 2


def test_ten_seconds_of_silence_end_an_answer_that_nothing_else_ends(tmp_path, spool):
    with serve(ENDLESS["no chunks"] + QUEUED) as (url, requests), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        assert spool.wait_for_result("scene", daemon=daemon, timeout=30) == QUEUED and len(requests) == 1
        assert 9_500 < daemon.wait_for("attempt.ended")["answer_ms"] < 20_000


@pytest.mark.parametrize("kind", ENDLESS)
def test_half_an_answer_is_kept_wherever_it_ends(tmp_path, spool, kind):
    half = QUEUED[:-2]
    with serve(ENDLESS[kind] + half, closes=True) as (url, requests), Daemon(
            tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        doubt = json.loads(spool.wait_for_result("scene", "doubt", daemon=daemon))
        assert doubt["api"] == half.decode() and doubt["id_seen"] == "video_1" and doubt["http_status"] == 200
        assert len(requests) == 1


@pytest.mark.parametrize("kind", CUT)
def test_a_reply_that_is_cut_in_its_head_is_kept(tmp_path, spool, kind):
    with serve(CUT[kind], closes=True) as (url, requests), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        doubt = json.loads(spool.wait_for_result("scene", "doubt", daemon=daemon))
        assert QUEUED.decode() in doubt["api"] and doubt["id_seen"] == "video_1" and doubt["http_status"] == 200, doubt
        assert len(requests) == 1


@pytest.mark.parametrize("kind", NO_REPLIES)
def test_what_is_no_reply_is_kept_in_the_doubt(tmp_path, spool, kind):
    answer, reason = NO_REPLIES[kind]
    with serve(answer, closes=True) as (url, requests), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        doubt = json.loads(spool.wait_for_result("scene", "doubt", daemon=daemon))
        kept = doubt["api"] if isinstance(doubt["api"], str) else json.dumps(doubt["api"], separators=(",", ":"))
        kept = base64.b64decode(kept) if doubt.get("api_encoding") == "base64" else kept.encode()
        assert kept == answer and doubt["http_status"] is None and reason in doubt["reason"], doubt
        assert doubt.get("id_seen") == ("video_1" if QUEUED in answer else None) and len(requests) == 1


@pytest.mark.parametrize("kind", NO_REPLIES)
def test_before_the_commit_point_it_is_unsent(tmp_path, spool, kind):
    answers = [NO_REPLIES[kind][0], plain(QUEUED)[0]]
    with serve(lambda number: answers[min(number, 1)], closes=True, early=True) as (url, requests), Daemon(
            tmp_path / "daemon", spool, url, tables={"submit": {"backoff": ["10ms", "20ms"]}}).start() as daemon:
        # More than all buffers between the two hold: the answer comes while it is on its way.
        spool.drop("scene", "a cat", make_image("jpg", 16 << 20, seed="large"), "jpg")
        assert spool.wait_for_result("scene", daemon=daemon) == QUEUED and len(requests) == 2
        assert daemon.wait_for("attempt.ended")["verdict"] == "unsent"


@pytest.mark.parametrize("status, headers", [(308, b"Location: /v1/videos/generations\r\n"), (303, b"Location: /v1/videos/video_1\r\n")])
def test_a_redirect_that_comes_early_pauses_the_lane_and_no_upload_is_made_anew(tmp_path, spool, status, headers):
    answer = b"HTTP/1.1 %d X\r\n%sContent-Length: 0\r\n\r\n" % (status, headers)
    with serve(answer, early=True) as (url, requests), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat", make_image("jpg", 8 << 20, seed="large"), "jpg")
        paused = daemon.wait_for("lane.paused")
        assert paused["pause"] == "account" and "check [api] url" in paused["reason"] and len(requests) == 1, paused


def test_blanks_without_end_behind_a_chunks_size_are_bounded(tmp_path, spool):
    answer = OK + b"Transfer-Encoding: chunked\r\n\r\n22" + b" " * (4 << 20)
    with serve(answer) as (url, requests), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        doubt = json.loads(spool.wait_for_result("scene", "doubt", daemon=daemon))
        assert "over the limit" in doubt["reason"] and len(requests) == 1, doubt["reason"]
