"""Answers as gateways really give them: an answer with an id is evidence of money, and is read if a browser could read
it. What is stored of it are its own bytes."""

import json

import pytest

from answers import OK, plain, serve
from harness import Daemon, run_reeld


def chunked(head, body):
    return OK + head + b"\r\n%x  \r\n%s\r\n0 \r\n\r\n" % (len(body), body), body


def chunked_by_lines(body):
    return OK + b"Transfer-Encoding: chunked\n\n%x\n%s\n0\n\n" % (len(body), body), body


QUEUED = b'{"id":"video_1","status":"queued"}'
ACCEPTED = {
    "no error, in words": plain(b'{"id":"video_1","status":"queued","error":"None"}'),
    "no error, as an object": plain(b'{"id":"video_1","error":{"code":0,"message":"success"}}'),
    "no error, as an empty one": plain(b'{"id":"video_1","error":{"code":"ok","message":""}}'),
    "a number": plain(b'{"id":12345}'),
    "a long number": plain(b'{"id":1234567890123456789012}'),
    "a list": plain(b'{"code":200,"data":[{"status":"submitted","task_id":"video_1"}]}'),
    "half a character": plain(b'{"prompt":"\\ud83d","id":"video_1"}'),
    "no number": plain(b'{"progress":NaN,"id":"video_1"}'),
    "a raw line end": plain(b'{"prompt":"two\nlines","id":"video_1"}'),
    "both lengths": chunked(b"Content-Length: 7\r\nTransfer-Encoding: chunked\r\n", QUEUED),
    "blanks behind sizes": chunked(b"Transfer-Encoding: chunked\r\n", QUEUED),
    "lone line feeds": chunked_by_lines(QUEUED),
    "no end behind the last chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n" % (len(QUEUED), QUEUED), QUEUED),
    "a blank before the colon": (OK + b"Content-Length : %d\r\n\r\n" % len(QUEUED) + QUEUED, QUEUED),
}
PAUSES = {
    "a budget": (400, b'{"error":{"code":"budget_exceeded","message":"no"}}'),
    "arrears": (400, b'{"code":"Arrearage","message":"Access denied"}'),
    "credit in words": (400, b'{"error":{"message":"Your credit balance is too low"}}'),
    "a key in words": (400, b'{"error":{"message":"API key not valid. Please pass a valid API key."}}'),
    "an envelope with an id": (401, b'{"status":"error","id":"unauthorized","message":"invalid api key"}'),
    "credit in Chinese": (200, '{"id":0,"code":1001,"message":"余额不足"}'.encode()),
}


@pytest.mark.parametrize("kind", ACCEPTED)
def test_an_answer_with_an_id_is_accepted(tmp_path, spool, kind):
    answer, body = ACCEPTED[kind]
    with serve(answer, closes=kind.startswith("no end")) as (url, requests), Daemon(
            tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        daemon.wait_for("job.accepted")
        assert spool.wait_for_result("scene", daemon=daemon) == body
        assert len(requests) == 1 and b"\r\nAccept-Encoding: identity" in requests[0]


@pytest.mark.parametrize("kind", PAUSES)
def test_the_account_pauses_the_lane_and_burns_no_pair(tmp_path, spool, kind):
    status, body = PAUSES[kind]
    with serve(plain(body, status)[0]) as (url, requests), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        for stem in ("one", "two"):
            spool.drop(stem, stem)
        paused = daemon.wait_for("lane.paused")
        assert paused["pause"] == "account", paused
        assert not spool.results_of("one") and not spool.results_of("two") and len(requests) == 1
        assert "account" in run_reeld("status", "--spool", spool.path).stdout


def test_a_job_that_was_created_and_failed_is_named(tmp_path, spool):
    body = b'{"id":"video_77","status":"failed","error":{"message":"no","code":"oops"}}'
    with serve(plain(body)[0]) as (url, _), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        refused = daemon.wait_for("job.refused")
        assert refused["id"] == "video_77" and "created as video_77, and failed" in refused["msg"], refused
        error = json.loads(spool.wait_for_result("scene", "error", daemon=daemon))
    assert error["id"] == "video_77" and "may be paid for again" in error["reason"]


def test_so_is_one_whose_failure_is_said_with_a_4xx(tmp_path, spool):
    body = b'{"id":"video_77","status":"failed","error":{"message":"no","code":"oops"}}'
    with serve(plain(body, 422)[0]) as (url, posts), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        assert daemon.wait_for("job.refused")["id"] == "video_77"
        assert json.loads(spool.wait_for_result("scene", "error", daemon=daemon))["id"] == "video_77"
        spool.result_path("scene", "error").unlink()
        assert daemon.wait_for("pair.known", job="scene")["id"] == "video_77"


def test_an_error_with_an_id_of_its_own_names_no_job(tmp_path, spool):
    body = b'{"id":"err_1","error":{"message":"no","code":"oops"}}'
    with serve(plain(body, 400)[0]) as (url, _), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        assert daemon.wait_for("job.refused")["msg"].startswith("not submitted")
        assert "id" not in json.loads(spool.wait_for_result("scene", "error", daemon=daemon))
