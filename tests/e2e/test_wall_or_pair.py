"""The other side of test_walls: what an answer says once something was accepted, of a content check, and to a drain."""

import json

import pytest

from form_api import JSON, FormApi, accept
from harness import Daemon, run_reeld, wait_until
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
    "a task of its own": (409, JSON, '{"task":{"id":"video_77","status":"queued"}}'),
    "a failure that shows an id": (200, JSON, '{"job_id":"video_77","status":"failed","error":{"message":"upstream is saturated"}}'),
    "a list that shows an id": (200, JSON, '{"success":false,"data":[{"task_id":"video_77"}],"error":{"message":"upstream is saturated"}}'),
    "no credit, beside a job": (200, JSON, '{"video":{"id":"video_77","status":"queued"},"error":{"message":"insufficient balance"}}'),
    "a code, beside a job": (200, JSON, '{"code":503,"message":"upstream saturated","job_id":"video_77","status":"queued"}'),
    "a code, and a job in data": (200, JSON, '{"code":1001,"message":"余额不足","data":{"task":{"id":"video_77"}}}'),
    "an error that has the job": (200, JSON, '{"error":{"message":"no channel available","task_id":"video_77","status":"queued"}}'),
    "a job that has failed": (500, JSON, '{"error":{"code":"saturated","message":"x"},"task":{"id":"video_77","status":"failed"}}'),
    "busy, in an envelope": (429, JSON + "Retry-After: 0\r\n",
                             '{"status":"error","error":{"message":"slow"},"data":{"id":"video_77","status":"queued"}}'),
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


@pytest.mark.parametrize("status, location, is_result", [
    (303, "/v1/videos/video_77", True), (303, "https://x/v1/videos?call_id=fc-01", True), (302, "videos/video_77", True),
    (303, "/videos/video_77", True), (302, "/v1/videos/ufawqhfynnddng", True), (301, "/v1/videos/video_77", True), (303, "/v1/videos/?id=video_77", True),
    (303, "https://u:p@x/v1/videos/video_77", True), (307, "/v1/videos/video_77", False),
    (303, "/v1/videos/", False), (303, "https://elsewhere/v1/videos", False), (303, "/login", False),
    (303, "/login?next=%2Fv1%2Fvideos", False), (302, "https://sso.example/videos/login", False),
    (308, "/v1/videos/generations", False), (301, "https://www.example.com/v1/videos/", False)])
def test_a_redirect_to_a_result_is_in_doubt(spool, status, location, is_result):
    with FormApi(lambda fields: (status, f"Location: {location}\r\n", "")) as api:
        drop(spool, "one")
        result = drain(spool, api)
        assert result.returncode == 1 and len(api.requests) == 1
        assert spool.results_of("one") == (["doubt"] if is_result else []), result.stdout
        assert ("check [api] url" in result.stdout) != is_result


@pytest.mark.parametrize("kind", ["it exists", "see other", "a failure that shows an id"])
def test_what_names_a_job_is_not_repeated_and_no_rule_sends_it_again(tmp_path, spool, kind):
    rule = '[[verdict]]\nstatus = [200, 303, 409]\nverdict = "refused"\n'
    tables = {"submit": {"account_retry": "50ms", "on_doubt": "retry", "doubt_pause": "10ms"}}
    with FormApi(lambda fields: NAMES_A_JOB[kind]) as api:
        for extra in ("", rule):
            api.requests.clear()
            stems = [f"{'rule' if extra else 'none'}{number}" for number in range(4)]
            daemon = Daemon(tmp_path / stems[0], spool, api.url, tables=tables, extra=extra).start()
            drop(spool, *stems)
            # A failure that shows an id is a success without an id to the contract: its one repeat is wanted.
            is_repeated = kind == "a failure that shows an id"
            result = "error" if extra and kind == "it exists" else "doubt"
            for stem in stems:
                told = json.loads(spool.wait_for_result(stem, result, daemon=daemon))
                assert told.get("id", told.get("id_seen")) == "video_77", told
            if result == "error":
                (spool.path / f"{stems[0]}.error.json").unlink()
                daemon.wait_for("pair.known", job=stems[0])
            daemon.stop()
            assert not daemon.events("result.withdrawn")
            assert len(api.requests) == (8 if is_repeated else 4), api.requests


@pytest.mark.parametrize("answer", [(403, JSON, '{"error":{"message":"This key was disabled by its owner"}}'),
                                    (404, JSON, '{"detail":"Not Found"}')], ids=["the key", "a framework"])
def test_pairs_that_come_one_after_another_prove_a_wall_too(tmp_path, spool, answer):
    with FormApi(lambda fields: answer) as api, start(tmp_path, spool, api) as daemon:
        drop(spool, "first")
        spool.wait_for_result("first", "error", daemon=daemon)
        drop(spool, "second")
        assert daemon.wait_for("lane.paused")["pause"] == "account"
        daemon.wait_for("result.withdrawn", job="first")
        assert errors(spool) == [] and api.prompts() == ["first"] * 3 + ["second"]


@pytest.mark.parametrize("named", ['"job":{"id":"%s","status":"in_progress"}', '"job_id":"%s","status":"in_progress"',
                                   '"running_task":{"task_id":"%s","status":"running"}',
                                   '"id":"%s","task_id":"t_9","status":"processing"'])
def test_a_job_that_is_anothers_makes_no_doubt(tmp_path, spool, named):
    """One job at a time: the answer names the one that runs, which the ledger knows."""
    ids = []

    def answer(fields):
        if not ids:
            ids.append("video_9")
            return 200, JSON, '{"id":"video_9","task_id":"t_9","status":"queued"}'
        return 409, JSON, '{"error":{"code":"concurrency_limit","message":"one job at a time"},' + named % ids[0] + "}"
    with FormApi(answer) as api:
        drop(spool, *(f"{folder}/{number}" for folder in "ab" for number in range(6)))
        with start(tmp_path, spool, api) as daemon:
            assert daemon.wait_for("lane.paused")["pause"] == "refused", daemon.story()
            wait_until(lambda: errors(spool) == [], daemon.story)
            assert not list(spool.path.rglob("*.doubt.json")) and len(api.requests) <= 6, api.requests
            api.answer = accept
            daemon.reload()
            daemon.wait_for("job.accepted", count=12)


def test_a_job_that_is_its_own_is_in_doubt(tmp_path, spool):
    """Run again by a person's word: the answer names the job of the first time."""
    with FormApi(lambda fields: (200, JSON, '{"id":"video_9","status":"queued"}')) as api:
        with start(tmp_path, spool, api) as daemon:
            drop(spool, "one")
            spool.wait_for_result("one", daemon=daemon)
            api.answer = lambda fields: (429, JSON, '{"error":{"message":"slow"},"id":"video_9","status":"queued"}')
            assert run_reeld("retry", "--yes", spool.path / "one.txt", "--spool", spool.path).returncode == 0
            doubt = json.loads(spool.wait_for_result("one", "doubt", daemon=daemon))
            assert doubt["id_seen"] == "video_9" and len(api.requests) == 2, doubt


def test_a_third_pair_need_not_wait_for_what_two_have_met(tmp_path, spool):
    forbidden = 403, JSON, '{"error":{"message":"prompt is not allowed"}}'
    with FormApi(lambda fields: forbidden if fields["prompt"].startswith("bad") else accept(fields)) as api, \
            start(tmp_path, spool, api) as daemon:
        drop(spool, "bad1")
        spool.wait_for_result("bad1", "error", daemon=daemon)
        drop(spool, "bad2")
        daemon.wait_for("lane.paused")
        drop(spool, "good")
        spool.wait_for_result("good", daemon=daemon)
        for stem in ("bad1", "bad2"):
            spool.wait_for_result(stem, "error", daemon=daemon)


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
