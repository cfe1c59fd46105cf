"""Loopback is never proxied, whatever the environment or the configuration says; and what a proxy answers to CONNECT."""

import contextlib
import socket
import ssl
import subprocess
import threading

import pytest

from answers import plain
from harness import Daemon
from raw_api import read_rest


class DeafProxy:
    """Listens on loopback and counts who comes; answers nobody."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.visits = 0
        self.thread = threading.Thread(target=self._count, daemon=True)
        self.thread.start()

    def _count(self):
        while True:
            try:
                visitor, _ = self.listener.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)


@pytest.fixture
def proxy():
    made = DeafProxy()
    yield made
    made.close()


def test_the_proxy_of_these_tests_counts(proxy):
    socket.create_connection(("127.0.0.1", proxy.port)).recv(1)
    assert proxy.visits == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_the_environments_proxy_is_not_used_for_loopback(stub, spool, start_daemon, proxy, host, name):
    daemon = start_daemon(stub, url=stub.url(host=host), environment={name: f"http://127.0.0.1:{proxy.port}"})
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    assert proxy.visits == 0 and len(stub.posts()) == 1


def test_the_configured_proxy_is_not_used_for_loopback(stub, spool, start_daemon, proxy):
    daemon = start_daemon(stub, tables={"api": {"proxy": f"http://127.0.0.1:{proxy.port}"}})
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    assert proxy.visits == 0


class OddProxy:
    """Answers each CONNECT with this head, and is itself the server behind the tunnel."""

    def __init__(self, folder, head, answer):
        self.ca_file = folder / "ca.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "2", "-subj", "/CN=api.example", "-addext", "subjectAltName=DNS:api.example", "-keyout",
                        folder / "key.pem", "-out", self.ca_file], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.ca_file, folder / "key.pem")
        self.head, self.answer = head, answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.connects, self.requests = [], []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self.listener.accept()[0],), daemon=True).start()

    @staticmethod
    def _read_head(peer):
        data = b""
        while b"\r\n\r\n" not in data:
            more = peer.recv(65536)
            if not more:
                raise OSError("it went away")
            data += more
        return data

    def _serve(self, peer):
        with contextlib.suppress(OSError), peer:
            self.connects.append(self._read_head(peer))
            peer.sendall(self.head)
            with self.context.wrap_socket(peer, server_side=True) as tunnel:
                self.requests.append(read_rest(tunnel, self._read_head(tunnel))[0])
                tunnel.sendall(self.answer)


@pytest.mark.parametrize("headers", [
    b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", b"Content-Length: 5\r\nContent-Length: 6\r\n"])
def test_what_frames_a_body_means_nothing_in_a_success_to_connect(tmp_path, spool, headers):
    answer, body = plain(b'{"id":"video_1","status":"queued"}')
    proxy = OddProxy(tmp_path, b"HTTP/1.1 200 Connection established\r\n" + headers + b"\r\n", answer)
    tables = {"api": {"proxy": proxy.url, "ca_file": str(proxy.ca_file)}}
    with Daemon(tmp_path / "daemon", spool, "https://api.example", tables=tables).start() as daemon:
        spool.drop("scene", "a cat")
        assert spool.wait_for_result("scene", daemon=daemon) == body
        assert len(proxy.connects) == len(proxy.requests) == 1
        assert proxy.connects[0].startswith(b"CONNECT api.example:443 HTTP/1.1\r\n")
    proxy.listener.close()


def test_a_proxy_that_lets_nobody_through_is_named(tmp_path, spool):
    refusal, _ = plain(b"<html><title>Access denied by policy</title></html>", status=403)
    proxy = OddProxy(tmp_path, refusal, b"")
    tables = {"api": {"proxy": proxy.url, "ca_file": str(proxy.ca_file)}}
    with Daemon(tmp_path / "daemon", spool, "https://api.example", tables=tables).start() as daemon:
        spool.drop("scene", "a cat")
        paused = daemon.wait_for("lane.paused")
        assert paused["pause"] == "account" and "the proxy answered HTTP 403" in paused["reason"], paused
        assert "[api] proxy" in paused["reason"] and "key" not in paused["reason"], paused
        assert proxy.requests == [] and spool.results_of("scene") == []
    proxy.listener.close()
