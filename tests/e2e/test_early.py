"""Answers that come before the request has ended, in bad moments: while the ledger cannot be written, and before TLS has
taken the first of the body."""

import contextlib
import ctypes
import fcntl
import os
import socket
import sqlite3
import ssl
import struct
import subprocess
import threading

import pytest

from accounts import read_ledger
from harness import Daemon, make_image, wait_until

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, SIOCSIFMTU, IFF_UP = 0x8914, 0x8922, 1


@contextlib.contextmanager
def locked(ledger):
    """Nobody else can write it meanwhile."""
    database = sqlite3.connect(ledger, isolation_level=None, timeout=10)
    database.execute("BEGIN IMMEDIATE")
    yield
    database.execute("ROLLBACK")
    database.close()


def meet_locked_ledger(spool, daemon, result, state, done):
    """An early answer comes while the ledger is locked; then its result is moved away."""
    ledger = spool.path / ".reeld" / "ledger.db"
    with locked(ledger):
        spool.drop("scene", "scene", make_image("png", 16 << 20, seed="scene"))
        spool.wait_for_result("scene", result, daemon, timeout=60)
        assert daemon.wait_for("answer.unrecorded", job="scene")["verdict"] == state
    daemon.wait_for("ledger.recovered")
    wait_until(lambda: [(job.name, job.state, job.is_published) for job in read_ledger(ledger)] == [("scene", state, 1)],
               lambda: str(read_ledger(ledger)))
    spool.result_path("scene", result).rename(done)


def test_a_success_is_recorded_when_the_ledger_can_be_written(stub, spool, start_daemon, tmp_path):
    daemon = start_daemon(stub, fault="early-200:1")
    meet_locked_ledger(spool, daemon, "job", "accepted", tmp_path / "done")
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert len(stub.posts()) == 2 and spool.results_of("scene") == []


def test_a_success_that_is_cut_is_recorded_likewise(spool, start_daemon, tmp_path):
    requests = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            peer, _ = listener.accept()
            requests.append(peer.recv(1000))
            peer.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"id":"x')
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(1 << 20):
                pass

    threading.Thread(target=serve, daemon=True).start()
    daemon = start_daemon(None, url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    meet_locked_ledger(spool, daemon, "doubt", "doubt", tmp_path / "done")
    spool.drop("bad", b"\xff")
    spool.wait_for_result("bad", "error", daemon)
    assert len(requests) == 1 and spool.results_of("scene") == []


@pytest.fixture(scope="module")
def slow_network():
    """A network of this process's own, in which little fits into a socket: what leaves in one call is never all of it."""
    if os.geteuid() != 0 or ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        pytest.skip("a network of its own takes root")
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
        fcntl.ioctl(any_socket, SIOCSIFMTU, struct.pack("16si12x", b"lo", 1500))
    for name in ("tcp_wmem", "tcp_rmem"):
        with open(f"/proc/sys/net/ipv4/{name}", "w", encoding="ascii") as setting:
            setting.write("4096 4096 8192")


class HastyServer:
    """Answers each request when the first of its head has come, and resets the connection."""

    def __init__(self, folder, status, body):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem",
                        "-out", folder / "ca.pem"], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.reply = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (
            status, len(body), body)
        self.requests = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def url(self):
        return f"https://localhost:{self.listener.getsockname()[1]}"

    def serve(self):
        while True:
            peer, _ = self.listener.accept()
            with contextlib.suppress(OSError, ssl.SSLError):
                self.answer(peer)

    def answer(self, peer):
        stream = self.context.wrap_socket(peer, server_side=True)
        stream.recv(100)
        self.requests += 1
        stream.sendall(self.reply)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(stream.detach())


@pytest.mark.parametrize("status, body, result", [
    (413, b'{"error":{"message":"too large","type":"invalid_request_error"}}', "error"),
    (200, b'{"id":"video_early","status":"queued"}', "job")])
def test_a_reply_to_the_head_is_read_although_tls_has_taken_little(slow_network, tmp_path, spool, status, body, result):
    server = HastyServer(tmp_path, status, body)
    stems = ["scene0", "scene1", "scene2"]
    for stem in stems:
        spool.drop(stem, stem, make_image("png", 1 << 20, seed=stem))
    with Daemon(tmp_path / "daemon", spool, server.url(), tables={"api": {"ca_file": str(tmp_path / "ca.pem")}}) as daemon:
        for stem in stems:
            spool.wait_for_result(stem, result, daemon)
    assert server.requests == len(stems), daemon.story()
