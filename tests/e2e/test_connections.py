"""What becomes of connections: which are kept, which are closed, and what the near ones do not cost."""

import contextlib
import json
import pathlib
import re
import shutil
import signal
import subprocess
import time

import pytest

from far_side import drop_pairs, serving
from harness import make_png, wait_until
from raw_api import RawApi, read_rest


def test_a_late_answer_to_the_former_request_is_not_the_next_ones(tmp_path, spool, start_daemon):
    with serving(tmp_path, "late") as (url, requests):
        daemon = start_daemon(None, url=url, tables={"submit": {"concurrency": 1}, "api": {"reuse_idle": "10s"}})
        drop_pairs(spool, 8)
        daemon.wait_for("job.doubt")
        daemon.wait_for("job.accepted", count=7)
        ids = {entry["prompt"]: entry["id"] for entry in requests()}
        for line in daemon.events("job.accepted"):
            assert line["id"] == ids[line["job"]], daemon.story()
        assert len(ids) == 8


class SwappedApi(RawApi):
    """The first request is accepted, and its connection kept; the next one's head is answered at once with another id,
    as a late answer to the first would be."""

    def __init__(self):
        super().__init__(refuse=None)

    def serve(self, peer):
        head, body = self.read_head(peer)
        read_rest(peer, head + b"\r\n\r\n" + body)
        self.answer(peer, "video_first")
        self.read_head(peer)
        self.answer(peer, "video_late")
        while peer.recv(65536):
            pass

    @staticmethod
    def answer(peer, number):
        body = json.dumps({"id": number, "object": "video"}).encode()
        peer.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def test_an_early_id_on_a_connection_that_has_carried_another_is_in_doubt(spool, start_daemon):
    with SwappedApi() as api:
        daemon = start_daemon(api, url=api.url, tables={"submit": {"concurrency": 1}, "api": {"reuse_idle": "10s"}})
        spool.drop("one", "one")
        spool.wait_for_result("one", daemon=daemon)
        spool.drop("two", "two", make_png(16 << 20))
        doubt = json.loads(spool.wait_for_result("two", "doubt", daemon))
    assert "carried another" in doubt["reason"] and not daemon.events("job.accepted", job="two"), doubt
    assert [line["job"] for line in daemon.events("job.accepted")] == ["one"]


def test_an_id_that_comes_again_is_accepted_and_said_once(tmp_path, spool, start_daemon):
    with serving(tmp_path, "same") as (url, _):
        tables = {"submit": {"concurrency": 1}}
        daemon = start_daemon(None, url=url, tables=tables)
        drop_pairs(spool, 2)
        daemon.wait_for("job.accepted", count=2)
        first, second = [line["job"] for line in daemon.events("job.accepted")]
        said = daemon.wait_for("id.repeated")
        assert (said["id"], said["job"], said["other"]) == ("video_example", second, first)
        assert daemon.stop() == 0
        daemon = start_daemon(None, url=url, tables=tables)
        drop_pairs(spool, 2, first=2)
        daemon.wait_for("job.accepted", count=2)
        assert not daemon.events("id.repeated")


def keep_alive_timers(daemon, port):
    """When the kernel will next ask whether the peer is there: seconds, for each connection to that port."""
    found = []
    for line in open(f"/proc/{daemon.process.pid}/net/tcp", encoding="ascii").read().splitlines()[1:]:
        words = line.split()
        timer, when = words[5].split(":")
        if words[2].endswith(f":{port:04X}") and words[3] == "01" and timer == "02":
            found.append(int(when, 16) / 100)
    return found


def test_a_connection_is_kept_alive_while_its_answer_is_awaited(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="hang", tables={"api": {"response_timeout": "2s"}})
    spool.drop("scene")
    stub.wait_for_posts(1)
    timers = wait_until(lambda: keep_alive_timers(daemon, stub.port), daemon.story)
    assert 0 < timers[0] <= 31
    spool.wait_for_result("scene", "doubt", daemon)


@contextlib.contextmanager
def traced(daemon, *calls):
    """Tells how often what its system calls are written as matches; it begins when they are all seen."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    path = daemon.folder / "trace"
    status = pathlib.Path(f"/proc/{daemon.process.pid}/status")
    tracer = subprocess.Popen(["strace", "-f", "-qq", "-e", "signal=none", "-e", "trace=" + ",".join(calls), "-o", path,
                               "-p", str(daemon.process.pid)], stderr=subprocess.PIPE, text=True)
    wait_until(lambda: "TracerPid:\t0\n" not in status.read_text() or tracer.poll() is not None, "strace")
    if tracer.poll() is not None:
        pytest.skip(f"strace is not allowed here: {tracer.stderr.read().strip()}")
    try:
        yield lambda pattern: len(re.findall(pattern, path.read_text(errors="replace")))
    finally:
        tracer.terminate()
        tracer.communicate()


def test_near_servers_cost_no_look_at_the_kernels_queue(stub, spool, start_daemon):
    """Not even after a handshake that took a quarter of a second."""
    daemon = start_daemon(stub, tables={"api": {"reuse_idle": "10s"}, "submit": {"concurrency": 1}})
    connect = rf"connect\(.*htons\({stub.port}\)"
    with traced(daemon, "ioctl", "getsockopt", "connect") as count:
        stub.process.send_signal(signal.SIGSTOP)
        drop_pairs(spool, 1)
        wait_until(lambda: count(connect), daemon.story)
        time.sleep(0.25)  # the hiccup
        stub.process.send_signal(signal.SIGCONT)
        drop_pairs(spool, 11, first=1)
        daemon.wait_for("job.accepted", count=12)
        assert {end["ack_ms"] for end in daemon.events("attempt.ended")} == {0}
        assert count(r"SIOCOUTQ|TIOCOUTQ") == 0
        assert 1 <= count("TCP_INFO") <= count(connect)
