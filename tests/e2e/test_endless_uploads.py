"""A pair that is written anew during each of its uploads: other bytes do not cost upload after upload without an end, the
same bytes cost nothing, and what it is in the end is sent once."""

import hashlib
import threading

import pytest

from gate import Gate
from harness import PATIENCE, Stub, make_png

SIZE = 8 << 20


class Turnstile(Gate):
    """Each request stops once `request_bytes` of it have passed, until it is let by."""

    def __init__(self, stub):
        self.stub = stub
        self.has_stopped, self.may_pass = threading.Semaphore(0), threading.Semaphore(0)
        self.this_one = threading.local()
        super().__init__(stub.port)

    def wait_for_one(self, daemon):
        assert self.has_stopped.acquire(timeout=PATIENCE), daemon.story()

    def let_by(self):
        self.may_pass.release()

    def __exit__(self, *why):
        self.may_pass.release(100)
        super().__exit__(*why)

    def _pass_request(self, passed):
        if passed < self.request_bytes or getattr(self.this_one, "has_passed", False):
            return
        self.has_stopped.release()
        self.may_pass.acquire()
        self.this_one.has_passed = True


@pytest.fixture
def turnstile(tmp_path):
    with Stub(tmp_path / "slow", "--plain") as stub, Turnstile(stub) as gate:
        yield gate


def digests_of(stub):
    return [record["image"]["sha256"] for record in stub.posts(complete=True)]


def test_other_bytes_during_each_upload(turnstile, spool, start_daemon):
    daemon = start_daemon(turnstile.stub, url=turnstile.url(), tables={"api": {"upload_timeout": "10m"}})
    image = make_png(SIZE, seed=0)
    spool.put("scene.png", image)
    spool.put("scene.txt", "a prompt")
    for seed in range(1, 5):
        turnstile.wait_for_one(daemon)
        image = make_png(SIZE, seed=seed)
        spool.put("scene.png", image)
        turnstile.let_by()
        daemon.wait_for("attempt.ended", count=seed)
    said = daemon.wait_for("pair.incomplete", job="scene")
    assert said["reason"] == "its files change during uploads", said
    assert {event["verdict"] for event in daemon.events("attempt.ended")} == {"unsent"}
    turnstile.wait_for_one(daemon)
    turnstile.let_by()
    spool.wait_for_result("scene", daemon=daemon)
    assert digests_of(turnstile.stub) == [hashlib.sha256(image).hexdigest()]
    assert len(daemon.events("pair.incomplete")) == 1


def write_in_place(path, data):
    with open(path, "r+b") as file:
        file.write(data)


def write_beside(path, data):
    beside = path.with_name(".upload")
    beside.write_bytes(data)
    beside.rename(path)


@pytest.mark.parametrize("write", [write_in_place, write_beside])
def test_the_same_bytes_during_an_upload(turnstile, spool, start_daemon, write):
    daemon = start_daemon(turnstile.stub, url=turnstile.url(), tables={"api": {"upload_timeout": "10m"}})
    image = make_png(SIZE, seed=0)
    path = spool.put("scene.png", image)
    spool.put("scene.txt", "a prompt")
    turnstile.wait_for_one(daemon)
    write(path, image)
    turnstile.let_by()
    assert daemon.wait_for("attempt.ended")["verdict"] == "accepted", daemon.story()
    spool.wait_for_result("scene", daemon=daemon)
    assert digests_of(turnstile.stub) == [hashlib.sha256(image).hexdigest()]
