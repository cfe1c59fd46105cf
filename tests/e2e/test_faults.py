"""Every fault the stub knows, with the verdict and the outcome that the contract gives it.

One daemon and one spool a fault, several at a time: most of the time is waiting. Each plays the same scene: "first"
meets the fault, "second" comes when that is settled and shows that the lane goes on."""

import concurrent.futures
import json
import time
import types

import pytest

from harness import PNG_LEAST, Daemon, Spool, Stub, make_png, text_bytes

BIG = 16 << 20  # more than all buffers between the two hold: the upload is still going on when the fault strikes
SHORT = {"api": {"response_timeout": "2s", "upload_timeout": "1s"}}
PATIENT = {"api": {"response_timeout": "30s"}, "submit": {"backoff": ["50ms", "5s"]}}
AT_WORK = 6     # faults at a time

# The upload fails: nothing can have been created; tried again for free.
UNSENT = ["close-before-body:2", "close-during-body:2", "reset-before-body:2", "reset-during-body:2", "stall-read:1",
          "early-408:2", "early-500:2"]

# The boundary has left and no answer tells: held.
DOUBT = ["close-after-body", "close-after-body-created", "reset-after-body", "reset-after-body-created", "hang",
         "hang-created", "cut-head", "cut-head-created", "cut-body", "cut-body-created", "html-200",
         "html-200-created", "empty-200", "no-id-200", "array-200", "bad-utf8-200", "bad-chunks",
         "huge-200", "brotli", "status-500", "status-500-created", "status-500-bare", "status-502-bare", "status-504-bare",
         "status-524-bare", "status-408", "status-408-bare", "status-204", "status-503-bare"]

ACCEPTED = ["drip", "overlong-body", "null-error-200", "task-id", "data-id", "data-task-id", "id-with-colon",
            "interim-100", "interim-103-200", "chunked", "no-length", "http-1.0", "gzip-claim", "slow-read",
            "unasked-408", "early-200", "two-lengths", "none-error", "zero-error", "zero-code", "ok-code", "half-character",
            "not-a-number", "raw-line-end", "number-id", "list-of-one", "both-framings", "blank-chunks", "blank-colon",
            "gzip"]

# ... after which the connection is good for nothing more. So it is after a doubt, whatever framed it.
LEFT_OPEN = ["html-200", "no-id-200", "array-200"]

CONDEMNED = ["half-character", "not-a-number", "raw-line-end", "overlong-body", "no-length", "http-1.0", "unasked-408", "early-200", "two-lengths", "both-framings",
             "blank-chunks", "blank-colon"]

REFUSED = {"error-in-200": 200, "failed-status-200": 200, "status-400": 400, "status-413": 413,
           "status-413-bare": 413, "status-415": 415, "status-422": 422, "early-413": 413, "failed-at-once": 200,
           "failed-at-once-422": 422, "error-id-400": 400, "detail-422": 422, "details-422": 422,
           "moderation-403": 403}

THROTTLED = ["status-429:2", "status-429-bare:1", "status-425:1", "saturated-500:2", "no-channel-503:1",
             "retry-after-429:1", "retry-after-503:1"]

ACCOUNT = ["status-401:2", "status-402:1", "status-403:1", "status-401-bare:1", "quota-403:1", "redirect-307:1",
           "status-301-bare:1", "early-401:1", "budget-400:1", "arrears-400:1", "credit-400:1", "key-400:1",
           "credit-zh-200:1"]

# ... of which one request tells; and what another pair has to prove, with what the pause says.
WALLS = {"region-403": "country", "no-certificate-400": "client_cert_file"}
PROVEN = {"no-such-model-404": "`model` in [job]", "no-such-text-404": "check [api] url", "no-such-detail-404": "check [api] url",
          "no-such-code-404": "check [api] url", "no-such-page-404": "404 page not found", "front-400": "nginx/1.22.1",
          "front-404": "check [api] url", "front-422": "a server before the API", "challenge-403": "firewall",
          "rule-403": "error code: 1020"}

ALL = UNSENT + [f"{name}:1" for name in DOUBT + ACCEPTED + list(REFUSED)] + THROTTLED + ACCOUNT


def is_before_the_commit(order):
    return order.startswith(("early-", "stall-")) or "-before-" in order or "-during-" in order


def tables_for(order):
    """Time ends only what nothing else does: a machine that is busy answers late."""
    return SHORT if order.startswith(("hang", "stall")) else PATIENT


def play(folder, stub, order):
    """The scene; returns what was found at its end, the daemon stopped."""
    spool = Spool(folder / "spool")
    size = BIG if is_before_the_commit(order) else 300000 if order.startswith("slow") else PNG_LEAST + 100
    daemon = Daemon(folder / "daemon", spool, stub.url(order), stub=stub, tables=tables_for(order)).start()
    with daemon:
        spool.drop("first", f"first {order}", make_png(size, seed=order))
        ending = daemon.wait_for("attempt.ended", job="first")
        if order in UNSENT:
            daemon.wait_for("job.accepted", job="first")
        elif order not in THROTTLED + ACCOUNT:
            daemon.wait_for({"accepted": "job.accepted", "refused": "job.refused"}.get(ending["verdict"], "job.doubt"))
        if order.startswith("unasked"):
            time.sleep(0.4)  # the connection idles until the 408 comes: nothing else says that it has
        # The fault is over after its count: a second pair is always accepted.
        spool.drop("second", f"second {order}", make_png(PNG_LEAST + 100, seed=order + "2"))
        spool.wait_for_result("second", daemon=daemon)
        if order in THROTTLED + ACCOUNT:
            spool.wait_for_result("first", daemon=daemon)
    target = f"/fault/{order}/v1/videos"
    posts = [record for record in stub.posts() if record["target"] == target]
    return types.SimpleNamespace(
        spool=spool, daemon=daemon, ending=ending, posts=posts,
        first=[record for record in posts if not record["complete"] or record["image"]["size"] == size
               and record["fields"]["prompt"].startswith("first")])


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    """Fault -> the future of its scene; all are begun at once, a few run at a time."""
    folder = tmp_path_factory.mktemp("faults")
    with Stub(folder / "stub") as stub, concurrent.futures.ThreadPoolExecutor(AT_WORK) as workers:
        yield {order: workers.submit(play, folder / str(number), stub, order) for number, order in enumerate(ALL)}


def verdicts_of(scene, job="first"):
    return [line["verdict"] for line in scene.daemon.events("attempt.ended", job=job)]


def result_of(scene, result):
    assert scene.spool.results_of("first") == [result], scene.daemon.story()
    return scene.spool.result_path("first", result).read_bytes()


@pytest.mark.parametrize("order", UNSENT)
def test_before_the_commit_point_is_unsent_and_free(scenes, order):
    scene = scenes[order].result()
    count = int(order.split(":")[1])
    assert verdicts_of(scene) == ["unsent"] * count + ["accepted"], scene.daemon.story()
    (created,) = [record for record in scene.first if record["created"]]
    assert result_of(scene, "job") == text_bytes(created["response"])
    assert not any(record["complete"] for record in scene.first if not record["created"])


@pytest.mark.parametrize("name", DOUBT)
def test_past_the_commit_point_without_an_answer_is_doubt(scenes, name):
    scene = scenes[f"{name}:1"].result()
    assert verdicts_of(scene) == ["doubt"], scene.daemon.story()
    doubt = json.loads(result_of(scene, "doubt"))
    (record,) = scene.first
    assert record["complete"], "exactly one whole request, and never another"
    assert doubt["verdict"] == "doubt" and doubt["reason"] and doubt["attempts"] == 1
    assert doubt["http_status"] == (record["status"] or None) or name.startswith(("cut", "bad-chunks"))
    assert record["image"]["sha256"] in json.dumps(doubt) and f"{name}:1" in json.dumps(doubt)
    if name == "brotli":
        assert "compressed as br" in doubt["reason"], doubt
    assert verdicts_of(scene, "second") == ["accepted"] and len(scene.posts) == 2
    if name in LEFT_OPEN:
        assert not scene.posts[1]["reused"]


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_answer_with_an_id_is_accepted(scenes, name):
    scene = scenes[f"{name}:1"].result()
    assert verdicts_of(scene) == ["accepted"], scene.daemon.story()
    (record,) = scene.first
    assert record["created"] and result_of(scene, "job") == text_bytes(record["response"])
    named = scene.daemon.events("job.accepted", job="first")[0]["id"]
    assert named == record["id"] or (name == "number-id" and named.isdigit() and named.encode() in result_of(scene, "job"))
    assert verdicts_of(scene, "second") == ["accepted"] and len(scene.posts) == 2
    if name in CONDEMNED:
        assert not scene.posts[1]["reused"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_speaks_of_the_request_is_refused(scenes, name):
    scene = scenes[f"{name}:1"].result()
    assert verdicts_of(scene) == ["refused"], scene.daemon.story()
    error = json.loads(result_of(scene, "error"))
    (record,) = scene.first
    assert error["verdict"] == "refused" and error["http_status"] == REFUSED[name] and error["attempts"] == 1
    answer = text_bytes(record["response"])
    assert error["api"] == (answer.decode() if answer.startswith(b"<") else json.loads(answer))
    created = {"failed-status-200": "video_failed_at_once"}.get(name, record["id"] if "failed" in name else None)
    assert error.get("id") == created
    if name.startswith("detail"):
        assert "the image is too small" in error["reason"], error
    assert len(scene.posts) == 2


@pytest.mark.parametrize("order", THROTTLED)
def test_what_says_later_is_waited_out(scenes, order):
    scene = scenes[order].result()
    all_verdicts = [line["verdict"] for line in scene.daemon.events("attempt.ended")]
    count = int(order.split(":")[1])
    assert all_verdicts.count("throttled") == count and all_verdicts.count("accepted") == 2, scene.daemon.story()
    assert len(scene.posts) == count + 2 and sum(record["created"] for record in scene.posts) == 2
    result_of(scene, "job")
    if order.startswith("retry-after"):
        refused, later = scene.posts[0], scene.posts[1]
        assert later["at"] - refused["at"] >= 0.95


@pytest.mark.parametrize("order", ACCOUNT)
def test_what_is_about_the_account_pauses_the_lane(scenes, order):
    scene = scenes[order].result()
    all_verdicts = [line["verdict"] for line in scene.daemon.events("attempt.ended")]
    count = int(order.split(":")[1])
    assert all_verdicts[:count] == ["account"] * count and all_verdicts[count:] == ["accepted"] * 2
    assert scene.daemon.events("lane.paused")[0]["level"] == "error"
    assert len(scene.daemon.events("lane.resumed")) >= 1
    result_of(scene, "job")
    assert sum(record["created"] for record in scene.posts) == 2


@pytest.mark.parametrize("order", ALL)
def test_every_attempt_is_in_the_log(scenes, order):
    scene = scenes[order].result()
    started = scene.daemon.events("attempt.started")
    ended = scene.daemon.events("attempt.ended")
    assert len(started) == len(ended) == len(scene.posts)
    assert all(line["job"] in ("first", "second") and line["attempt"] >= 1 for line in started + ended)
    assert all("reason" in line for line in ended if line["verdict"] != "accepted")


@pytest.mark.parametrize("name", [*WALLS, *PROVEN])
def test_a_wall_pauses_the_lane_and_burns_no_pair(tmp_path, stub, spool, name):
    tables = {"submit": {"account_retry": "5m"}}
    with Daemon(tmp_path / "daemon", spool, stub.url(name), stub=stub, tables=tables).start() as daemon:
        for stem in ("one", "two", "three"):
            spool.drop(stem, stem)
        paused = daemon.wait_for("lane.paused")
        assert paused["pause"] == "account" and {**WALLS, **PROVEN}[name] in paused["reason"], paused
        assert len(stub.posts()) == (1 if name in WALLS else 2)
        assert not list(spool.path.glob("*.error.json"))
