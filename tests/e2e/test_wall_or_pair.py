"""The other side of test_walls: what an answer says once something was accepted, of a content check, and to a drain."""

import json

import pytest

from form_api import JSON, FormApi, accept
from harness import run_reeld
from walls import NO_HEADER, NO_MODEL, drop, errors, start

# An error object at 405, which only an API gives.
NO_METHOD = (405, JSON, '{"error":{"message":"Method Not Allowed"}}')


def drain(spool, api):
    return run_reeld("drain", "--spool", spool.path, "--url", api.url)


def events(result, word):
    lines = (json.loads(line) for line in result.stdout.splitlines() if line.startswith("{"))
    return [line for line in lines if line["event"] == word]


@pytest.mark.parametrize("status", [400, 409, 422])
@pytest.mark.parametrize("detail, words", [("no such size", "no such size"),
                                           ([{"loc": ["body", "seconds"], "msg": "Field required"}], "body.seconds: Field required"),
                                           ({"code": "bad_size", "message": "no such size"}, "(bad_size) \"no such size\"")])
def test_a_detail_is_read_as_the_errors_text(spool, status, detail, words):
    with FormApi(lambda fields: (status, JSON, json.dumps({"detail": detail}))) as api:
        drop(spool, "odd")
        assert drain(spool, api).returncode == 1
        error = spool.read_result("odd", "error")
        assert error["verdict"] == "refused" and words in error["reason"] and len(api.requests) == 1, error


NAMED = '{"id":"video_77","status":"queued"}'
FAILED_LATER = '{"id":"video_77","status":"failed","error":{"code":"saturated","message":"no"}}'
NO_CREDIT = '{"id":"video_77","status":"queued","error":{"code":"insufficient_user_quota","message":"no"}}'
# Of no success; each may be paid for, and is sent once.
NAMES_A_JOB = {
    "it exists": (409, JSON, NAMED),
    "it exists, with an error": (409, JSON, '{"id":"video_77","status":"queued","error":{"message":"exists"}}'),
    "busy": (429, JSON + "Retry-After: 0\r\n", NAMED),
    "busy behind it": (503, JSON + "Retry-After: 0\r\n", FAILED_LATER),
    "no credit behind it": (500, JSON, NO_CREDIT),
    "no key behind it": (401, JSON, NAMED),
    "a redirect": (302, JSON, NAMED),
    "see other": (303, JSON + "Location: /v1/videos/video_77\r\n", NAMED),
}


@pytest.mark.parametrize("kind", NAMES_A_JOB)
def test_what_names_a_job_is_in_doubt_and_sent_once(spool, kind):
    with FormApi(lambda fields: NAMES_A_JOB[kind]) as api:
        drop(spool, "one")
        assert drain(spool, api).returncode == 1
        drain(spool, api)
        doubt = spool.read_result("one", "doubt")
        assert doubt["http_status"] == NAMES_A_JOB[kind][0] and len(api.requests) == 1, doubt
        assert doubt["id_seen"] == "video_77", doubt


@pytest.mark.parametrize("location, is_result", [("/v1/videos/video_77", True), ("https://x/v1/videos?call_id=fc-01", True),
                                                 ("/v1/videos/", False), ("https://elsewhere/v1/videos", False), ("/login", False)])
def test_a_redirect_to_a_result_is_in_doubt(spool, location, is_result):
    with FormApi(lambda fields: (303, f"Location: {location}\r\n", "")) as api:
        drop(spool, "one")
        result = drain(spool, api)
        assert result.returncode == 1 and len(api.requests) == 1
        assert spool.results_of("one") == (["doubt"] if is_result else []), result.stdout
        assert ("check [api] url" in result.stdout) != is_result


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize("code", ["content_policy_violation", "moderation_blocked"])
def test_a_content_check_is_about_its_pair_however_often(spool, status, code):
    refusal = status, JSON, json.dumps({"error": {"code": code, "message": "rejected by the safety system"}})
    with FormApi(lambda fields: refusal) as api:
        stems = [f"{folder}/{number}" for folder in "ab" for number in range(3)]
        drop(spool, *stems)
        result = drain(spool, api)
        assert result.returncode == 1 and "lane.paused" not in result.stdout and "result.withdrawn" not in result.stdout
        assert len(api.requests) == 6 and len(errors(spool)) == 6, api.requests
        for stem in stems:
            assert spool.read_result(stem, "error")["attempts"] == 1


def test_a_drain_ends_once_refusals_are_proven_to_be_a_wall(spool):
    with FormApi(lambda fields: NO_HEADER) as api:
        drop(spool, *(f"scene{number}" for number in range(6)))
        result = drain(spool, api)
        assert result.returncode == 1, result.stdout
        (end,) = events(result, "daemon.stopping")
        assert "every pair is refused" in end["reason"] and "a header is missing" in end["reason"], end
        assert len(api.requests) == 4 and len(events(result, "result.withdrawn")) == 3
        assert errors(spool) == []
        api.answer = accept
        again = drain(spool, api)
        assert again.returncode == 0, again.stdout
        assert len(list(spool.path.glob("*.job.json"))) == 6 and len(api.requests) == 10


@pytest.mark.parametrize("answer", [NO_MODEL, NO_METHOD], ids=["404", "405"])
def test_a_reload_asks_anew_whether_the_api_knows_the_address(tmp_path, spool, answer):
    with FormApi(accept) as api, start(tmp_path, spool, api) as daemon:
        drop(spool, "first")
        spool.wait_for_result("first", daemon=daemon)
        api.answer = lambda fields: answer
        drop(spool, "odd")
        spool.wait_for_result("odd", "error", daemon=daemon)
        daemon.reload()
        drop(spool, "one", "two")
        paused = daemon.wait_for("lane.paused")
        assert paused["pause"] == "account" and "check [api] url" in paused["reason"], paused
        assert errors(spool) == ["odd.error.json"] and api.prompts()[2:] in (["one", "two"], ["two", "one"])
        api.answer = accept
        daemon.reload()
        for stem in ("one", "two"):
            spool.wait_for_result(stem, daemon=daemon)
