"""Gateways that ask for more than a bearer token: headers, another place for the key, a query, fields of other names,
a client certificate, plain http within a house."""

import json
import os
import re
import socket

import pytest

from accounts import read_ledger
from gateway import Authority, Gateway, Proxy
from harness import KEY, run_reeld, wait_until
from test_secrets import ledger_texts, texts_in

SECRET = "gate-way/secret-42"
CODE = "functions-code-77"


def write_secret(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


def header_lines(**lines):
    return "[api.headers]\n" + "".join(f"{name.replace('_', '-')} = {value}\n" for name, value in lines.items())


def submit(spool, daemon, stem, prompt=None):
    spool.drop(stem, prompt or stem)
    return spool.wait_for_result(stem, daemon=daemon)


# Headers, the key's header, the query.

def test_headers_and_key_and_query_reach_the_api(tmp_path, spool, start_daemon):
    file, credentials = write_secret(tmp_path / "gateway-key", SECRET), tmp_path / "credentials"
    credentials.mkdir()
    write_secret(credentials / "tenant", "films")
    extra = header_lines(x_one='"1"', Authorization=f'{{ file = "{file}" }}', x_two='{ credential = "tenant" }')
    with Gateway() as gateway:
        daemon = start_daemon(gateway, url=gateway.url("/openai?api-version=2025-04-01-preview"), extra=extra,
                              tables={"api": {"auth_header": "api-key"}},
                              environment={"CREDENTIALS_DIRECTORY": str(credentials)})
        submit(spool, daemon, "scene")
        (request,) = gateway.requests
    assert request.target == "/openai/v1/videos?api-version=2025-04-01-preview"
    assert request.header("api-key") == [KEY] and request.header("authorization") == [SECRET]
    assert request.header("x-one") == ["1"] and request.header("x-two") == ["films"]


def test_a_reload_reads_header_files_again_and_takes_other_settings(tmp_path, spool, start_daemon):
    file = write_secret(tmp_path / "gateway-key", "first-value")
    extra = header_lines(x_gateway=f'{{ file = "{file}" }}')
    with Gateway() as gateway:
        daemon = start_daemon(gateway, url=gateway.url(), extra=extra)
        submit(spool, daemon, "one")
        write_secret(file, "second-value")
        daemon.configure({"api": {"auth_header": "x-key", "url": gateway.url("/other?v=2")}}, extra + 'x-more = "1"\n')
        daemon.reload()
        daemon.wait_for("config.reloaded")
        submit(spool, daemon, "two")
        file.chmod(0o666)
        daemon.reload()
        assert f"run: chmod go-w {file}" in daemon.wait_for("config.rejected")["reason"]
        submit(spool, daemon, "three")
    first, second, third = gateway.requests
    assert first.header("x-gateway") == ["first-value"] and first.header("authorization") == [f"Bearer {KEY}"]
    assert second.header("x-gateway") == ["second-value"] and second.header("x-more") == ["1"]
    assert second.header("x-key") == [KEY] and second.header("authorization") == []
    assert second.target == "/other/v1/videos?v=2" and third.headers[:4] == second.headers[:4]


def test_a_proxy_sees_none_of_it(tmp_path, spool, start_daemon):
    authority = Authority(tmp_path / "authority")
    certificate, key = authority.issue("client")
    with (Gateway(tls=authority.issue("server"), clients=authority.ca_file) as gateway, Proxy(gateway) as proxy):
        api = {"proxy": f"http://127.0.0.1:{proxy.port}", "ca_file": authority.ca_file, "client_cert_file": certificate,
               "client_key_file": key, "auth_header": "api-key"}
        daemon = start_daemon(gateway, url="https://api.test/?code=" + CODE, tables={"api": api},
                              extra=header_lines(x_gateway=f'"{SECRET}"'))
        submit(spool, daemon, "scene")
    (request,), (head,) = gateway.requests, proxy.heads
    assert request.header("x-gateway") == [SECRET] and request.client == "client"
    assert head.split("\r\n") == ["CONNECT api.test:443 HTTP/1.1", "Host: api.test:443"]


# Secrets are nowhere.

ESCAPED = SECRET.replace("/", "\\/").replace("g", "\\u0067", 1)
ERROR = json.dumps({"error": {"message": f"no {SECRET} nor {CODE}", "code": SECRET}, "request_id": f"r-{SECRET}",
                    "id": f"v-{CODE}"}).replace(json.dumps(SECRET), f'"{ESCAPED}"')
ANSWERS = {"refused": (400, ERROR, "error", "job.refused"), "doubt": (500, ERROR, "doubt", "job.doubt"),
           "html": (502, f"<p>{SECRET} {CODE}</p>", "doubt", "job.doubt"),
           "accepted": (200, json.dumps({"id": f"v-{SECRET}", "status": "queued"}), "job", "job.accepted")}


def shows(text):
    found = list(texts_in(json.loads(text))) if text.startswith("{") else [text]
    return any(word in inner for inner in [*found, text] for word in (SECRET, CODE, ESCAPED))


@pytest.mark.parametrize("name", ANSWERS)
def test_secrets_are_nowhere_but_in_the_requests(tmp_path, spool, start_daemon, name):
    status, body, result, event = ANSWERS[name]
    file = write_secret(tmp_path / "gateway-key", SECRET)
    with Gateway(answer=lambda _: (status, body)) as gateway:
        daemon = start_daemon(gateway, url=gateway.url(f"/?code={CODE}&v=1"), tables={"log": {"level": "debug"}},
                              extra=header_lines(x_gateway=f'{{ file = "{file}" }}'))
        spool.drop("scene", "first")
        text = spool.wait_for_result("scene", result, daemon=daemon).decode()
        daemon.wait_for(event)
        shown = [run_reeld("status", *more, "--spool", spool.path, key=None).stdout for more in ((), ("--json",))]
        check = run_reeld("check", "--config", daemon.config)
        assert check.returncode == 0 and "x-gateway" in check.stdout and "code=[secret]&v=1" in check.stdout
    shown += [line.decode() for line in daemon.raw_lines] + [daemon.stderr(), check.stdout, check.stderr]
    shown += ledger_texts(spool) if result != "job" else []
    if result == "job":
        assert text == body, "byte for byte"
    else:
        shown.append(text)
    if result == "doubt":
        assert json.loads(text)["url"] == gateway.url("/v1/videos?code=[secret]&v=1")
    assert [line for line in shown if shows(line)] == []
    assert gateway.requests[0].header("x-gateway") == [SECRET]


def test_a_text_under_a_name_of_secrets_is_one(spool, start_daemon):
    with Gateway(answer=lambda _: (400, ERROR)) as gateway:
        daemon = start_daemon(gateway, url=gateway.url(), extra=header_lines(x_api_key=f'"{SECRET}"'))
        spool.drop("scene")
        assert SECRET not in spool.wait_for_result("scene", "error", daemon=daemon).decode()


# Fields under other names.

NAMES = '[api.fields]\ninput_reference = "image"\nseconds = "duration"\nprompt = "text"\n'


def test_fields_are_sent_under_their_names(spool, start_daemon):
    with Gateway() as gateway:
        daemon = start_daemon(gateway, url=gateway.url(), extra=NAMES)
        spool.drop("pending", "+++\nduration = 3\n+++\nno")
        error = spool.read_result("pending", "error", daemon)
        assert '"seconds" is sent under this name ([api.fields]): write seconds' in error["reason"]
        submit(spool, daemon, "scene", "+++\nseconds = 4\nstyle = \"noir\"\n+++\na cow")
        check = run_reeld("check", "--pairs", "--config", daemon.config)
    assert gateway.requests[0].parts() == [("model", "sora-2"), ("text", "a cow"), ("duration", "4"), ("image", "(image)"),
                                           ("size", "16x9"), ("watermark", "false"), ("style", "noir")]
    assert "fields        prompt as text, input_reference as image, seconds as duration" in check.stdout


def test_check_shows_the_names_that_would_be_sent(tmp_path, spool):
    spool.drop("scene", "a cow")
    config = tmp_path / "reeld.toml"
    config.write_text(f'[spool]\npath = "{spool.path}"\n[api]\nurl = "http://127.0.0.1:1"\n{NAMES}')
    check = run_reeld("check", "--pairs", "--config", config)
    assert "bytes, as image\n" in check.stdout and 'duration = "10"' in check.stdout, check.stdout


def test_a_repeat_is_the_same_whatever_the_names_are_by_then(spool, start_daemon):
    answers = [(500, "{}"), (200, '{"id":"video_1","status":"queued"}')]
    submit_table = {"on_doubt": "retry", "doubt_pause": "1500ms"}
    with Gateway(answer=lambda _: answers.pop(0)) as gateway:
        daemon = start_daemon(gateway, url=gateway.url(), extra=NAMES, tables={"submit": submit_table})
        spool.drop("scene", "a cow")
        gateway.wait_for(1, daemon)
        daemon.wait_for("attempt.ended", verdict="doubt")
        daemon.configure({"submit": submit_table, "api": {"image_field": "picture"}}, '[api.fields]\nsize = "ratio"\n')
        daemon.reload()
        daemon.wait_for("config.reloaded")
        spool.wait_for_result("scene", daemon=daemon)
        first, second = gateway.requests
        assert first.body == second.body and first.parts()[1] == ("text", "a cow")


def test_a_doubt_file_has_the_names_that_were_sent(spool, start_daemon):
    with Gateway(answer=lambda _: (500, "{}")) as gateway:
        daemon = start_daemon(gateway, url=gateway.url(), extra=NAMES)
        spool.drop("scene", "a cow")
        doubt = spool.read_result("scene", "doubt", daemon)
    assert doubt["fields"] == {"model": "sora-2", "duration": "10", "size": "16x9", "watermark": "false"}
    assert [job.state for job in read_ledger(spool.path / ".reeld" / "ledger.db")] == ["doubt"]


# A client certificate.

def test_a_client_certificate(tmp_path, spool, start_daemon):
    """Without one it is said what the server wants; a reload takes one, and another."""
    authority = Authority(tmp_path / "authority")
    api = {"ca_file": authority.ca_file}

    def with_client(name):
        certificate, key = authority.issue(name)
        return {"api": {**api, "client_cert_file": certificate, "client_key_file": key}}

    with Gateway(tls=authority.issue("server"), clients=authority.ca_file) as gateway:
        daemon = start_daemon(gateway, url=gateway.url(), tables={"api": api})
        spool.drop("scene")
        line = daemon.wait_for("attempt.ended")
        assert line["verdict"] == "unsent" and "the server asks for a client certificate" in line["reason"], line
        assert "[api] client_cert_file and client_key_file" in line["reason"]
        for name, stem in (("first", "scene"), ("second", "other")):
            daemon.configure(with_client(name))
            daemon.reload()
            daemon.wait_for("config.reloaded", count=1 if name == "first" else 2)
            if stem == "other":
                spool.drop(stem)
            spool.wait_for_result(stem, daemon=daemon)
        assert [request.client for request in gateway.requests] == ["first", "second"]
        check = run_reeld("check", "--config", daemon.config)
        assert check.returncode == 0 and f"client        shows the certificate in {authority.folder / 'second.pem'}" in check.stdout


def test_a_client_certificate_that_cannot_be_used(tmp_path, spool):
    authority = Authority(tmp_path / "authority")
    (one, one_key), (_, other_key) = authority.issue("one"), authority.issue("other")
    config = tmp_path / "reeld.toml"

    def refuse(key, words):
        config.write_text(f'[spool]\npath = "{spool.path}"\n[api]\nurl = "https://localhost:1"\n'
                          f'client_cert_file = "{one}"\nclient_key_file = "{key}"\n')
        for command in ("run", "check"):
            done = run_reeld(command, "--config", config)
            assert done.returncode == 78 and words in done.stderr and "api.client_key_file: " in done.stderr, done.stderr

    refuse(other_key, f"{other_key} is not the key of the certificate in {one}")
    one_key.chmod(0o644)
    refuse(one_key, f"run: chmod o= {one_key}")
    one_key.chmod(0o622)
    refuse(one_key, f"run: chmod go-w {one_key}")


# Plain http within a house.

def own_address():
    """An address of this machine's own that is not loopback: what is sent there does not leave it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a datagram socket: nothing is sent
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return probe.getsockname()[0]


def test_plain_http_to_a_host_that_is_named(tmp_path, spool, start_daemon):
    address = own_address()
    with Gateway(address=address) as gateway:
        config = tmp_path / "reeld.toml"
        config.write_text(f'[spool]\npath = "{spool.path}"\n[api]\nurl = "{gateway.url()}"\n')
        done = run_reeld("run", "--config", config)
        assert done.returncode == 78 and f'allow_http = ["{address}"]' in done.stderr, done.stderr
        daemon = start_daemon(gateway, url=gateway.url(), tables={"api": {"allow_http": [address]}})
        submit(spool, daemon, "scene")
        warning = f"reeld: warning: api.allow_http: {address} is spoken to without TLS"
        assert daemon.stderr().count(warning) == 1
        check = run_reeld("check", "--config", daemon.config)
        assert check.returncode == 0 and warning in check.stderr


# Tables that are not served yet.

def test_page_and_hooks_are_said_to_be_unserved(tmp_path, spool):
    config = tmp_path / "reeld.toml"
    config.write_text(f'[spool]\npath = "{spool.path}"\n[api]\nurl = "http://127.0.0.1:1"\n[follow]\nkeep_free = "2GiB"\n'
                      '[page]\nlisten = "127.0.0.1:9466"\n[hooks]\non = ["doubt"]\nexec = ["/bin/true"]\n')
    for command in ("check", "drain"):
        done = run_reeld(command, "--config", config)
        assert done.returncode == 0
        assert re.findall(r"warning: (\S+) has no effect", done.stderr) == ["page.listen", "[hooks]"]
