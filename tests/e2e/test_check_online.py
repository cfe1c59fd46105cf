"""`reeld check --online` goes to the API and asks for free whether the key is taken; it never posts."""

import socket

import pytest

from gateway import Authority, Gateway
from harness import KEY, run_reeld, write_config
from scrape import free_port


def check(spool, url, *words):
    return run_reeld("check", "--online", "--spool", spool.path, "--url", url, *words)


def answer_by_path(answers):
    """Of each path (a GET's), status and body."""
    def answer(request):
        return answers[request.target]
    return answer


@pytest.mark.parametrize("answers, code, words", [
    ({"/v1/videos": (200, b'{"data":[]}')}, 0, "takes the key: HTTP 200 to GET /v1/videos"),
    ({"/v1/videos": (200, b'[]')}, 0, "takes the key"),
    ({"/v1/videos": (200, b'{"code":0,"data":{"items":[]}}')}, 0, "takes the key"),
    ({"/v1/videos": (200, '{"success":false,"message":"无效的令牌","data":[]}'.encode()), "/v1/models": (404, b"{}")}, 0,
     "does not show whether the API accepts the key"),
    ({"/v1/videos": (200, b'{"status":"ok"}'), "/v1/models": (404, b"{}")}, 0, "does not show whether the API accepts the key"),
    ({"/v1/videos": (200, b'{"errors":[{"message":"Unauthorized"}]}'), "/v1/models": (404, b"{}")}, 0,
     "does not show whether the API accepts the key"),
    ({"/v1/videos": (404, b"{}"), "/v1/models": (200, b'{"data":[]}')}, 0, "HTTP 200 to GET /v1/models does not show"),
    ({"/v1/videos": (200, b"<html></html>"), "/v1/models": (404, b"{}")}, 0, "does not show whether the API accepts the key"),
    ({"/v1/videos": (401, b'{"error":{"code":"invalid_api_key","message":"no"}}')}, 78, "the key is not accepted"),
    ({"/v1/videos": (404, b"{}"), "/v1/models": (401, b"{}")}, 78, "GET /v1/models: the API answered HTTP 401"),
    ({"/v1/videos": (402, b"{}")}, 78, "no credit left"),
    ({"/v1/videos": (403, b"<title>Just a moment...</title>")}, 78, "Just a moment"),
    ({"/v1/videos": (400, b"<title>No required SSL certificate was sent</title>")}, 78, "client certificate"),
    ({"/v1/videos": (404, b"<h1>nginx</h1>"), "/v1/models": (404, b"<h1>nginx</h1>")}, 0, "no JSON object"),
    ({"/v1/videos": (404, b"{}"), "/v1/models": (405, b"{}")}, 0, "does not show whether the API accepts the key"),
    ({"/v1/videos": (500, b"{}"), "/v1/models": (500, b"{}")}, 0, "does not show whether the API accepts the key"),
    ({"/v1/videos": (429, b"{}"), "/v1/models": (429, b"{}")}, 0, "does not show whether the API accepts the key"),
])
def test_the_answer_tells(spool, answers, code, words):
    with Gateway(answer_by_path(answers)) as gateway:
        result = check(spool, gateway.url())
        assert result.returncode == code, result.stdout + result.stderr
        assert words in result.stdout + result.stderr
        assert {request.method for request in gateway.requests} == {"GET"}
        assert all(request.header("authorization") == [f"Bearer {KEY}"] for request in gateway.requests)
        assert KEY not in result.stdout + result.stderr


def test_nobody_is_there(spool):
    result = check(spool, f"http://127.0.0.1:{free_port()}")
    assert result.returncode == 1 and "connect to 127.0.0.1" in result.stderr, result.stdout + result.stderr


def test_a_name_that_nobody_has(spool):
    result = check(spool, "https://nobody.invalid")
    assert result.returncode == 1 and "nobody.invalid" in result.stderr, result.stdout + result.stderr


def test_a_server_that_speaks_no_tls(spool):
    with socket.create_server(("127.0.0.1", 0)) as silent, Gateway(answer_by_path({})) as gateway:
        assert silent
        result = check(spool, gateway.url().replace("http:", "https:"))
        assert result.returncode == 1 and "TLS" in result.stderr, result.stdout + result.stderr


def test_without_the_word_nothing_is_asked(spool):
    with Gateway(answer_by_path({})) as gateway:
        assert run_reeld("check", "--spool", spool.path, "--url", gateway.url()).returncode == 0
        assert gateway.requests == []


def test_a_certificate_that_nobody_vouches_for(tmp_path, spool):
    authority = Authority(tmp_path / "authority")
    with Gateway(answer_by_path({"/v1/videos": (200, b"{}")}), tls=authority.issue("server")) as gateway:
        result = check(spool, gateway.url())
        assert result.returncode == 1 and "the certificate is not trusted" in result.stderr, result.stdout + result.stderr
        assert "[api] ca_file" in result.stderr and gateway.requests == []


def test_it_asks_as_a_job_would_be_sent(tmp_path, spool):
    """With the query, the key's header and the other headers."""
    with Gateway(answer_by_path({"/openai/v1/videos?api-version=1": (200, b'{"data":[]}')})) as gateway:
        tables = {"spool": {"path": spool.path},
                  "api": {"url": gateway.url("/openai?api-version=1"), "auth_header": "api-key"}}
        config = write_config(tmp_path / "check.toml", tables, '[api.headers]\nx-tenant = "films"\n')
        result = run_reeld("check", "--online", "--config", config)
        assert result.returncode == 0, result.stdout + result.stderr
    (request,) = gateway.requests
    assert request.header("api-key") == [KEY] and request.header("authorization") == []
    assert request.header("x-tenant") == ["films"]
