"""Is it the pair, or a wall before all of them? A wall must not burn a spool, and one bad pair must not stop everybody."""

import itertools
import json
import threading

import pytest

from form_api import JSON, FormApi, accept
from harness import PATIENCE, Daemon, make_image, run_reeld, wait_until
from walls import (
    BEHIND_CLOUDFLARE,
    BLOCKED,
    CLOUDFLARE,
    CLOUDFLARE_JSON,
    NGINX,
    NO_MODEL,
    drop,
    errors,
    expect_a_wall_of_refusals,
    page,
    start,
)

WALLS = {
    "nginx, 400": ((400, NGINX, page("400 Bad Request")), ["nginx/1.22.1", "400 Bad Request"]),
    "nginx, 422": ((422, NGINX, page("422")), ["a server before the API (nginx/1.22.1)"]),
    "nginx, 404": ((404, NGINX, page("404 Not Found")), ["check [api] url"]),
    "nginx, 405": ((405, NGINX, page("405 Not Allowed")), ["check [api] url"]),
    "a framework's text": ((404, JSON, '{"error":"Not Found"}'), ["check [api] url"]),
    "a framework's detail": ((404, JSON, '{"detail":"Not Found"}'), ["check [api] url"]),
    "a framework's code": ((404, JSON, '{"code":404,"message":"page not found"}'), ["check [api] url"]),
    "plain text": ((404, "Content-Type: text/plain\r\n", "404 page not found\n"), ["404 page not found"]),
    "Spring": ((404, JSON, '{"timestamp":"2026-11-30T10:00:00.000+00:00","status":404,"error":"Not Found","path":"/videos"}'),
               ["check [api] url"]),
    "Nest": ((404, JSON, '{"message":"Cannot POST /videos","error":"Not Found","statusCode":404}'), ["check [api] url"]),
    "Express": ((404, "Content-Type: text/html\r\n",
                 '<!DOCTYPE html><html lang="en"><head><title>Error</title></head><body><pre>Cannot POST /videos</pre></body></html>'),
                ["Cannot POST /videos"]),
    "Kong": ((404, JSON + "Server: kong/3.4.2\r\n", '{"message":"no Route matched with those values"}'),
             ["check [api] url"]),
    "a list of errors": ((404, JSON, '{"errors":[{"status":"404","title":"Not Found"}]}'), ["check [api] url"]),
    "a message": ((404, JSON, '{"message":"Not Found"}'), ["check [api] url"]),
    "a challenge": ((403, CLOUDFLARE, page("Just a moment...")), ["cf-ray 8f2c0a1b2c3d4e5f-FRA", "firewall"]),
    "a rule": ((403, CLOUDFLARE, "error code: 1020"), ["error code: 1020", "firewall"]),
    "a rule, said in JSON": ((403, CLOUDFLARE_JSON, BLOCKED), ["cf-ray 8f2c0a1b2c3d4e5f-FRA", "Error 1020", "firewall"]),
    "no such model": (NO_MODEL, ["`model` in [job]"]),
    "forbidden": ((403, JSON, '{"error":{"message":"you have no access to sora-2"}}'), ["the API forbids this request"]),
}
# Of these one request tells.
PLAIN = {
    "the region": ((403, JSON, '{"error":{"code":"unsupported_country_region_territory","message":"no"}}'),
                   "the API does not serve the country"),
    "a certificate": ((400, NGINX, page("400 No required SSL certificate was sent")), "client_cert_file"),
    "the key, behind Cloudflare": ((403, BEHIND_CLOUDFLARE, '{"error":{"code":"invalid_api_key","message":"no"}}'),
                                   "the API answered HTTP 403 (invalid_api_key) \"no\": the key is not accepted"),
}
# What one pair may meet by itself, while all others are accepted.
ODD = {
    "its model": NO_MODEL,
    "a word that a firewall dislikes": (403, CLOUDFLARE, "error code: 1020"),
    "the same, said in JSON": (403, CLOUDFLARE_JSON, BLOCKED),
    "a page": (400, NGINX, page("400 Bad Request")),
    "an error's own id": (404, JSON, '{"id":"not_found","message":"The resource you requested could not be found."}'),
    "forbidden": (403, JSON, '{"error":{"code":"content_blocked","message":"prompt is not allowed"}}'),
    "a detail": (403, JSON, '{"detail":"this image shows a real person"}'),
    "a refusal": (400, JSON, '{"error":{"message":"seconds must be 4, 8 or 12"}}'),
}


@pytest.mark.parametrize("kind", WALLS)
def test_a_wall_burns_no_pair(tmp_path, spool, kind):
    answer, words = WALLS[kind]
    with FormApi(lambda fields: answer) as api:
        drop(spool, *(f"{folder}/{number}" for folder in "ab" for number in range(6)))
        with start(tmp_path, spool, api) as daemon:
            paused = daemon.wait_for("lane.paused")
            assert paused["pause"] == "account" and paused["level"] == "error", paused
            for word in words:
                assert word in paused["reason"], paused
            assert len(api.requests) == 2, api.requests
            assert errors(spool) == [], daemon.story()
            api.answer = accept
            daemon.reload()
            for stem in ("a/0", "b/5"):
                spool.wait_for_result(stem, daemon=daemon)


@pytest.mark.parametrize("kind", PLAIN)
def test_what_is_about_all_needs_no_proof(tmp_path, spool, kind):
    answer, word = PLAIN[kind]
    with FormApi(lambda fields: answer) as api:
        drop(spool, "one", "two")
        with start(tmp_path, spool, api) as daemon:
            paused = daemon.wait_for("lane.paused")
            assert paused["pause"] == "account" and word in paused["reason"], paused
            assert "firewall" not in paused["reason"]
            assert ("(nginx/1.22.1)" in paused["reason"]) == (kind == "a certificate"), paused
            assert ("put a valid one" in paused["reason"]) == kind.startswith("the key"), paused
            assert len(api.requests) == 1 and errors(spool) == []


@pytest.mark.parametrize("kind", ODD)
def test_one_bad_pair_stops_nobody(tmp_path, spool, kind):
    def answer(fields):
        return ODD[kind] if fields["prompt"] == "odd" else accept(fields)
    with FormApi(answer) as api:
        drop(spool, "odd", *(f"scene{number}" for number in range(5)))
        result = run_reeld("drain", "--spool", spool.path, "--url", api.url)
        assert result.returncode == 1, result.stdout
        assert errors(spool) == ["odd.error.json"]
        assert len(list(spool.path.glob("*.job.json"))) == 5
        assert api.prompts().count("odd") == 1
        assert "lane.paused" not in result.stdout
        assert "everything there was has been submitted, but: 1 refused" in result.stdout, result.stdout
        error = spool.read_result("odd", "error")
        if ODD[kind][0] != 400 or "seconds" not in ODD[kind][2]:
            assert "other pairs are answered otherwise, so it is about this one" in error["reason"], error
        assert "id" not in error, "no job was created"
        # What the next night's drain finds is one pair that has its answer.
        drop(spool, "late")
        assert run_reeld("drain", "--spool", spool.path, "--url", api.url).returncode == 0


def test_the_pair_that_is_asked_with_has_other_fields(tmp_path, spool):
    """Two pairs of one author, with a model that does not exist, at the head of the queue."""
    def answer(fields):
        return ODD["its model"] if fields["model"] == "x" else accept(fields)
    with FormApi(answer) as api:
        for stem in ("odd1", "odd2", "odd3"):
            spool.drop(stem, f'+++\nmodel = "x"\n+++\n{stem}')
        drop(spool, "plain")
        result = run_reeld("drain", "--spool", spool.path, "--url", api.url)
        assert api.prompts()[:2] == ["odd1", "plain"], api.requests
        assert errors(spool) == ["odd1.error.json", "odd2.error.json", "odd3.error.json"], result.stdout
        assert spool.results_of("plain") == ["job"] and "lane.paused" not in result.stdout


def test_a_drain_ends_once_the_wall_is_proven(tmp_path, spool):
    with FormApi(lambda fields: WALLS["nginx, 404"][0]) as api:
        drop(spool, "one", "two", "three")
        result = run_reeld("drain", "--spool", spool.path, "--url", api.url)
        assert result.returncode == 1 and "check [api] url" in result.stdout, result.stdout
        assert len(api.requests) == 2 and errors(spool) == []


def test_the_only_pair_gets_its_error_file_at_the_third_like_answer(tmp_path, spool):
    with FormApi(lambda fields: WALLS["nginx, 404"][0]) as api:
        drop(spool, "only")
        result = run_reeld("drain", "--spool", spool.path, "--url", api.url)
        assert result.returncode == 1, result.stdout
        assert api.prompts() == ["only"] * 3
        error = spool.read_result("only", "error")
        assert error["verdict"] == "refused" and error["http_status"] == 404 and error["attempts"] == 3, error
        assert "three times running" in error["reason"] and "check [api] url" in error["reason"], error
        # It is run again as any other.
        api.answer = accept
        spool.result_path("only", "error").unlink()
        assert run_reeld("drain", "--spool", spool.path, "--url", api.url).returncode == 0


TURNS = {
    "refusals": [(400, JSON, '{"error":{"message":"unknown tenant"}}'), (422, JSON, '{"error":{"message":"no such channel"}}')],
    "pages": [(404, NGINX, page("404 Not Found")), (405, NGINX, page("405 Not Allowed"))],
    "a page and a refusal": [(404, NGINX, page("404 Not Found")), (400, JSON, '{"error":{"message":"unknown tenant"}}')],
}


@pytest.mark.parametrize("kind", TURNS)
def test_walls_that_take_turns_burn_no_spool(tmp_path, spool, kind):
    """Two servers behind one balancer."""
    answers = itertools.cycle(TURNS[kind])
    with FormApi(lambda fields: next(answers)) as api:
        stems = [f"{folder}/{number}" for folder in "ab" for number in range(15)]
        drop(spool, *stems)
        with start(tmp_path, spool, api) as daemon:
            assert daemon.wait_for("lane.paused")["pause"] == "refused", daemon.story()
            wait_until(lambda: errors(spool) == [], daemon.story)
            assert len(api.requests) <= 9, api.requests
            api.answer = accept
            daemon.reload()
            for stem in stems:
                spool.wait_for_result(stem, daemon=daemon)


REFUSAL = (400, JSON, '{"error":{"message":"a header is missing (request id: 2026%s)"}}')


def test_what_is_refused_alike_pauses_and_is_withdrawn(tmp_path, spool):
    numbers = iter(range(1000, 9999))
    with FormApi(lambda fields: (400, JSON, REFUSAL[2] % next(numbers))) as api:
        drop(spool, *(f"{folder}/{number}" for folder in "ab" for number in range(5)))
        with start(tmp_path, spool, api) as daemon:
            expect_a_wall_of_refusals(daemon, api, spool, "a header is missing")
            status = json.loads(run_reeld("status", "--json", "--spool", spool.path).stdout)
            assert status["live"]["lane"]["pause"] == "refused", status
            assert status["live"]["waiting"] == 10, status
            assert "paused (refused)" in run_reeld("status", "--spool", spool.path).stdout
            api.answer = accept
            daemon.reload()
            for folder in "ab":
                for number in range(5):
                    spool.wait_for_result(f"{folder}/{number}", daemon=daemon)


def test_a_front_that_takes_no_image_at_all_burns_no_spool(tmp_path, spool):
    """nginx lets 1 MiB through unless it is told otherwise."""
    with FormApi(lambda fields: (413, NGINX, page("413 Request Entity Too Large"))) as api:
        drop(spool, *(f"{folder}/{number}" for folder in "ab" for number in range(3)))
        with start(tmp_path, spool, api) as daemon:
            expect_a_wall_of_refusals(daemon, api, spool, "too large")


def test_images_that_are_too_large_stop_no_small_one(tmp_path, spool):
    """Nor do small ones burn those that are too large: they wait, until somebody has changed the limit."""
    def answer(fields):
        return (413, NGINX, page("413 Request Entity Too Large")) if fields["prompt"].startswith("large") else accept(fields)
    with FormApi(answer) as api:
        for number in range(70):
            spool.drop(f"large{number}", f"large{number}", make_image("png", 4096 + number))
        spool.drop("small", "small", make_image("png", 1024))
        spool.drop("large70", "large70", make_image("png", 4096))
        with start(tmp_path, spool, api) as daemon:
            spool.wait_for_result("small", daemon=daemon)
            assert daemon.wait_for("lane.paused")["pause"] == "refused", daemon.story()
            spool.drop("second", "second", make_image("png", 1024))
            spool.wait_for_result("second", daemon=daemon)
            daemon.wait_for("lane.paused", count=2)
            wait_until(lambda: len(daemon.events("job.refused")) == len(daemon.events("result.withdrawn")) + 3,
                       lambda: "all error files but those that came before the first small one" + daemon.story())
            refused = errors(spool)
            assert len(refused) == 3, refused
            api.answer = accept
            daemon.reload()
            for number in range(71):
                if f"large{number}.error.json" not in refused:
                    spool.wait_for_result(f"large{number}", daemon=daemon)


@pytest.mark.parametrize("answer", [
    '{"error":{"message":"model x does not exist"}}', '{"id":"video_%s","status":"failed","error":{"message":"no GPU is free"}}'])
def test_what_may_be_paid_for_pauses_and_is_not_sent_again(tmp_path, spool, answer):
    def refuse(fields):
        return 200, JSON, answer.replace("%s", fields["prompt"])
    with FormApi(refuse) as api:
        drop(spool, *(f"{folder}/{folder}{number}" for folder in "ab" for number in range(6)))
        with start(tmp_path, spool, api) as daemon:
            paused = daemon.wait_for("lane.paused")
            assert paused["pause"] == "refused", paused
            daemon.wait_for("job.refused", count=4)
            assert len(api.requests) == 4 and len(errors(spool)) == 4, api.requests
            api.answer = accept
            daemon.reload()
            daemon.wait_for("job.accepted", count=8)
    assert len(set(api.prompts())) == len(api.prompts()) == 12, "each was sent once"
    assert len(errors(spool)) == 4


def test_what_echoes_each_prompt_is_alike_all_the_same(tmp_path, spool):
    def refuse(fields):
        return 400, JSON, json.dumps({"error": {"message": f"header x-tenant is missing for {fields['prompt']}"}})
    with FormApi(refuse) as api:
        drop(spool, *(f"{folder}/the camera pans over {word}" for folder in "ab" for word in ("a town", "the sea", "sand")))
        with start(tmp_path, spool, api) as daemon:
            assert daemon.wait_for("lane.paused")["pause"] == "refused"
            wait_until(lambda: errors(spool) == [], daemon.story)
            assert len(api.requests) == 4, api.requests


def test_what_echoes_a_field_of_each_pair_is_alike_too(tmp_path, spool):
    def refuse(fields):
        return 400, JSON, json.dumps({"error": {"message": f"header x-tenant is missing for style {fields['style']}"}})
    with FormApi(refuse) as api:
        for number, style in enumerate(("film noir", "pastel", "watercolour", "sketch", "anime", "oil painting")):
            spool.drop(f"{'ab'[number % 2]}/scene{number}", f'+++\nstyle = "{style}"\n+++\nprompt {number}')
        with start(tmp_path, spool, api) as daemon:
            assert daemon.wait_for("lane.paused")["pause"] == "refused"
            wait_until(lambda: errors(spool) == [], daemon.story)
            assert len(api.requests) == 4, api.requests


def test_a_wall_that_a_wide_lane_meets_leaves_no_error_file(tmp_path, spool):
    """Seventy and more are under way when the first is refused, and others wait."""
    asked, may_answer = [], threading.Event()

    def refuse(fields):
        asked.append(fields["prompt"])
        assert may_answer.wait(PATIENCE)
        return 400, JSON, '{"error":{"message":"no such model"}}'
    with FormApi(accept) as api:
        tables = {"submit": {"account_retry": "5m", "concurrency": 100}}
        with Daemon(tmp_path / "daemon", spool, api.url, tables=tables).start() as daemon:
            drop(spool, *(f"good/g{number}" for number in range(150)))
            daemon.wait_for("job.accepted", count=150)
            api.answer = refuse
            drop(spool, *(f"bad/b{number}" for number in range(150)))
            daemon.wait_for("pair.ready", count=300)
            wait_until(lambda: len(asked) >= 70, daemon.story)
            may_answer.set()
            assert daemon.wait_for("lane.paused")["pause"] == "refused"
            wait_until(lambda: errors(spool) == [] and len(daemon.events("result.withdrawn")) >= 70, daemon.story)


def test_what_a_pair_says_of_money_pauses_nobody(tmp_path, spool):
    """An answer that quotes what was sent: its words are the pair's, not the API's."""
    words = "your credit balance is too low"
    with FormApi(lambda fields: (400, JSON, json.dumps({"error": {"message": f"no: {fields['prompt']}"}}))) as api, \
            start(tmp_path, spool, api) as daemon:
        spool.drop("beggar", words)
        error = json.loads(spool.wait_for_result("beggar", "error", daemon=daemon))
        assert error["verdict"] == "refused" and not daemon.events("lane.paused"), daemon.story()


@pytest.mark.parametrize("field", ["style", "a_field_of_its_own"])
def test_nor_does_what_its_fields_say(tmp_path, spool, field):
    def answer(fields):
        return 400, JSON, json.dumps({"error": {"message": f"no such {field}: {fields[field]}"}}, ensure_ascii=False)
    with FormApi(answer) as api, start(tmp_path, spool, api) as daemon:
        spool.drop("beggar", f'+++\n{field} = "余额不足, no credit left"\n+++\na prompt')
        error = json.loads(spool.wait_for_result("beggar", "error", daemon=daemon))
        assert error["verdict"] == "refused" and not daemon.events("lane.paused"), daemon.story()
        assert "余额不足" in error["reason"]


def test_three_prompts_of_one_author_stop_nobody(tmp_path, spool):
    def answer(fields):
        refusal = 400, JSON, '{"error":{"message":"this was not let through"}}'
        return refusal if fields["prompt"].startswith("bad") else accept(fields)
    with FormApi(answer) as api:
        drop(spool, "bad1", "bad2", "bad3", "bad4", "x/good1", "x/good2")
        result = run_reeld("drain", "--spool", spool.path, "--url", api.url)
        assert errors(spool) == [f"bad{number}.error.json" for number in (1, 2, 3, 4)], result.stdout
        assert len(list(spool.path.rglob("*.job.json"))) == 2 and "lane.paused" not in result.stdout


@pytest.mark.parametrize("refusal", [WALLS["nginx, 404"][0], (400, JSON, '{"error":{"message":"this was not let through"}}')],
                         ids=["page", "error"])
def test_bad_neighbours_at_the_head_of_a_flat_spool_stop_nobody(tmp_path, spool, refusal):
    """No other folder, no other fields: the pair that is asked with is the last, and not their neighbour."""
    def answer(fields):
        return refusal if fields["prompt"].startswith("bad") else accept(fields)
    with FormApi(answer) as api:
        drop(spool, "bad1", "bad2", "bad3", "bad4", "good1", "good2")
        result = run_reeld("drain", "--spool", spool.path, "--url", api.url)
        assert errors(spool) == [f"bad{number}.error.json" for number in (1, 2, 3, 4)], result.stdout
        assert len(list(spool.path.glob("*.job.json"))) == 2 and "lane.paused" not in result.stdout


def test_an_error_file_that_somebody_has_touched_stays(tmp_path, spool):
    gate = []

    def answer(fields):
        if fields["prompt"] == "3":
            wait_until(lambda: gate, "the third is let through")
        return 400, JSON, '{"error":{"message":"a header is missing"}}'
    with FormApi(answer) as api:
        drop(spool, "1", "2", "3", "4")
        with start(tmp_path, spool, api) as daemon:
            spool.wait_for_result("2", "error", daemon=daemon)
            spool.result_path("2", "error").write_text("seen by me\n")
            gate.append(True)
            daemon.wait_for("lane.paused")
            wait_until(lambda: len(daemon.events("result.withdrawn")) == 2, daemon.story)
            assert errors(spool) == ["2.error.json"]


@pytest.mark.parametrize("kind", [NO_MODEL, WALLS["a framework's text"][0], WALLS["a framework's code"][0],
                                  WALLS["Spring"][0], WALLS["Nest"][0]], ids=["model", "text", "code", "Spring", "Nest"])
def test_after_an_accepted_answer_no_such_thing_is_the_pairs(tmp_path, spool, kind):
    def answer(fields):
        return kind if fields["prompt"] == "odd" else accept(fields)
    with FormApi(answer) as api, start(tmp_path, spool, api) as daemon:
        drop(spool, "first")
        spool.wait_for_result("first", daemon=daemon)
        drop(spool, "odd")
        error = json.loads(spool.wait_for_result("odd", "error", daemon=daemon))
        assert api.prompts() == ["first", "odd"] and error["attempts"] == 1


@pytest.mark.parametrize("kind", ["a framework's detail", "Express", "a message", "plain text"])
def test_what_names_no_error_is_asked_about_also_after_an_accepted_answer(tmp_path, spool, kind):
    """It may be a route that was taken away since."""
    with FormApi(accept) as api, start(tmp_path, spool, api) as daemon:
        drop(spool, "first")
        spool.wait_for_result("first", daemon=daemon)
        api.answer = lambda fields: WALLS[kind][0]
        drop(spool, "second", "third")
        assert daemon.wait_for("lane.paused")["pause"] == "account" and errors(spool) == [], daemon.story()
        assert len(api.requests) <= 4, api.requests  # both may be under way
