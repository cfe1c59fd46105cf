"""A reload that changes [spool]: its rules, or the spool itself, while answers are awaited and pairs wait."""

import fcntl
import subprocess

import pytest

from harness import BIN_DIR, Spool


@pytest.fixture
def other(tmp_path):
    return Spool(tmp_path / "other")


def go_to(daemon, spool):
    daemon.configure({"spool": {"path": str(spool.path)}})
    daemon.reload()


def prompts(stub):
    return sorted(record["fields"]["prompt"] for record in stub.posts())


def test_the_old_spool_is_kept_until_its_last_answer(gate, spool, other, start_daemon):
    daemon = start_daemon(gate.stub, url=gate.url())
    gate.send(spool, "first")
    spool.drop("waits", "waits")
    daemon.wait_for("pair.ready", job="waits")
    other.drop("second", "second")
    go_to(daemon, other)
    assert daemon.wait_for("config.reloaded")["spool"] == str(other.path)
    # Nobody else can take either of them yet.
    for place in (spool, other):
        taken = subprocess.run([BIN_DIR / "reeld", "drain", "--spool", place.path, "--url", gate.url()],
                               capture_output=True, env=daemon.environment, check=False)
        assert taken.returncode == 75, taken.stderr
    gate.open()
    assert daemon.wait_for("spool.left")["spool"] == str(spool.path)
    assert spool.wait_for_result("first") == gate.stub.posts()[0]["response"].encode()
    other.wait_for_result("second", daemon=daemon)
    assert spool.results_of("waits") == [] and prompts(gate.stub) == ["first", "second"]
    assert not (spool.path / ".reeld/control").exists() and (other.path / ".reeld/control").exists()
    # The old one is free, and what waited there still does.
    with start_daemon(gate.stub, url=gate.url()):
        spool.wait_for_result("waits")
    assert prompts(gate.stub) == ["first", "second", "waits"]
    assert daemon.stop() == 0
    stopped = daemon.wait_for("daemon.stopped")
    assert stopped["accepted"] == 2 and stopped["in_doubt"] == 0


def test_there_and_back_again(stub, spool, other, start_daemon):
    daemon = start_daemon(stub)
    for turn, place in enumerate((other, spool, other)):
        go_to(daemon, place)
        daemon.wait_for("spool.left", count=turn + 1)
        place.drop(f"scene{turn}", f"scene {turn}")
        place.wait_for_result(f"scene{turn}", daemon=daemon)
    assert prompts(stub) == ["scene 0", "scene 1", "scene 2"]


@pytest.mark.parametrize("how", ["missing", "taken", "within"])
def test_a_spool_that_cannot_be_taken_changes_nothing(tmp_path, stub, spool, other, start_daemon, how):
    daemon = start_daemon(stub)
    place = other
    if how == "missing":
        place = type("Place", (), {"path": tmp_path / "nowhere"})()
    if how == "within":
        (spool.path / "sub").mkdir()
        place = Spool(spool.path / "sub")
    if how == "taken":
        (other.path / ".reeld").mkdir()
        holder = open(other.path / ".reeld" / "lock", "w", encoding="ascii")
        fcntl.flock(holder, fcntl.LOCK_EX)
    go_to(daemon, place)
    reason = daemon.wait_for("config.rejected")["reason"]
    assert str(place.path) in reason
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    if how == "taken":
        holder.close()
        daemon.reload()
        daemon.wait_for("config.reloaded")
        other.drop("scene")
        other.wait_for_result("scene", daemon=daemon)


def test_the_same_spool_by_another_name_is_the_same(tmp_path, stub, spool, start_daemon):
    daemon = start_daemon(stub)
    link = tmp_path / "link"
    link.symlink_to(spool.path)
    daemon.configure({"spool": {"path": str(link)}})
    daemon.reload()
    daemon.wait_for("config.reloaded")
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    assert not daemon.events("spool.left")


def test_new_rules_for_the_same_spool(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-401")
    spool.drop("a/deep", "deep")
    spool.drop("top", "top")
    daemon.wait_for("lane.paused")
    daemon.configure({"spool": {"recursive": False, "settle": "50ms"}, "api": {"url": stub.url()}})
    daemon.reload()
    spool.wait_for_result("top", daemon=daemon)
    spool.drop("b/also", "also")
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert {record["fields"]["prompt"] for record in stub.posts() if record["status"] == 200} == {"top", "canary"}
    daemon.configure({"api": {"url": stub.url()}})
    daemon.reload()
    for stem in ("a/deep", "b/also"):
        spool.wait_for_result(stem, daemon=daemon)
