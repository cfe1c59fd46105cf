"""TLS: who is trusted, which connection is used again, which session is resumed."""

import socket
import time

import pytest

from harness import Stub


def submit(spool, daemon, stem):
    spool.drop(stem, stem)
    spool.wait_for_result(stem, daemon=daemon)


def refusal(daemon):
    """The first attempt's end, which must have come to nothing and say why."""
    line = daemon.wait_for("attempt.ended")
    assert line["verdict"] == "unsent"
    return line["reason"].lower()


def test_an_authority_that_is_not_trusted(tmp_path, stub, spool, start_daemon):
    with Stub(tmp_path / "other") as other:
        daemon = start_daemon(stub, tables={"api": {"ca_file": str(other.ca_file)}})
        spool.drop("scene")
        assert "certificate" in refusal(daemon)
        assert stub.requests() == [] and spool.results_of("scene") == []
        daemon.configure({})
        daemon.reload()
        spool.wait_for_result("scene", daemon=daemon)


def test_no_authority_but_the_systems(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables={"api": {"ca_file": ""}})
    spool.drop("scene")
    assert "certificate" in refusal(daemon) and stub.requests() == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_for_another_name(tmp_path, spool, start_daemon, host):
    with Stub(tmp_path / "other", "--name-mismatch") as other:
        daemon = start_daemon(other, url=other.url(host=host))
        spool.drop("scene")
        reason = refusal(daemon)
        assert "certificate" in reason or "host" in reason or "mismatch" in reason, reason
        assert other.requests() == [] and spool.results_of("scene") == []


def test_a_name_that_is_not_the_certificates(stub, spool, start_daemon):
    """127.0.0.2 is loopback too, but the certificate does not hold it; nor does the stub listen there."""
    daemon = start_daemon(stub, url=f"https://127.0.0.2:{stub.port}")
    spool.drop("scene")
    refusal(daemon)
    assert stub.requests() == []


def test_tls_1_2_will_do(tmp_path, spool, start_daemon):
    with Stub(tmp_path / "old", "--tls-max", "1.2") as old:
        daemon = start_daemon(old, tables={"api": {"reuse_idle": "50ms"}})
        submit(spool, daemon, "one")
        time.sleep(0.15)  # longer than reuse_idle: idling is what this is about
        submit(spool, daemon, "two")
        first, second = old.posts()
        assert not first["tls_resumed"] and second["tls_resumed"]


def test_plain_http_where_tls_is_spoken_is_no_answer(stub, spool, start_daemon):
    daemon = start_daemon(stub, url=f"http://localhost:{stub.port}")
    spool.drop("scene")
    line = daemon.wait_for("attempt.ended")
    assert line["verdict"] in ("unsent", "doubt", "account") and stub.requests() == []


def test_tls_where_http_is_spoken_is_unsent(tmp_path, spool, start_daemon):
    with Stub(tmp_path / "plain", "--plain") as plain:
        daemon = start_daemon(plain, url=f"https://localhost:{plain.port}")
        spool.drop("scene")
        refusal(daemon)
        assert plain.posts() == []


def test_a_hot_connection_is_used_again(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables={"api": {"reuse_idle": "30s"}})
    for stem in ("one", "two", "three"):
        submit(spool, daemon, stem)
    posts = stub.posts()
    assert [record["reused"] for record in posts] == [False, True, True]
    assert len({record["connection"] for record in posts}) == 1


def test_a_cold_connection_is_not_but_its_session_is(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables={"api": {"reuse_idle": "100ms"}})
    submit(spool, daemon, "one")
    time.sleep(0.3)  # longer than reuse_idle: idling is what this is about
    submit(spool, daemon, "two")
    first, second = stub.posts()
    assert not second["reused"] and first["connection"] != second["connection"]
    assert not first["tls_resumed"] and second["tls_resumed"]


def test_a_server_that_closes_its_idle_connections(tmp_path, spool, start_daemon):
    """The stub goes away between two pairs, and a new one takes its place: the old connection is not written to."""
    stub = Stub(tmp_path / "stub").start()
    daemon = start_daemon(stub, tables={"api": {"reuse_idle": "30s"}})
    submit(spool, daemon, "one")
    assert stub.stop() == 0
    with stub.start(stub.port):
        submit(spool, daemon, "two")
        assert [line["verdict"] for line in daemon.events("attempt.ended", job="two")][-1] == "accepted"
        assert len(stub.posts()) == 2 and not daemon.events("job.doubt")


@pytest.mark.parametrize("host", ["[::1]", "localhost"])
def test_ipv6(tmp_path, spool, start_daemon, host):
    families = {info[0] for info in socket.getaddrinfo(host.strip("[]"), 0, type=socket.SOCK_STREAM)}
    if socket.AF_INET6 not in families:
        pytest.skip(f"{host} has no IPv6 address here")
    with Stub(tmp_path / "six", "--ipv6") as six:
        daemon = start_daemon(six, url=six.url(host=host))
        submit(spool, daemon, "scene")
        assert six.posts()[0]["headers"]["host"] == f"{host}:{six.port}"


def test_many_requests_need_few_connections(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables={"submit": {"concurrency": 4}})
    for number in range(100):
        spool.drop(f"scene{number}", f"scene {number}")
    for number in range(100):
        spool.wait_for_result(f"scene{number}", daemon=daemon)
    assert len({record["connection"] for record in stub.posts()}) <= 8
