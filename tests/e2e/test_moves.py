"""Files and folders that are moved while their answer is awaited: paid for once, and the result follows the folder."""

import os
import pathlib
import shutil

import pytest

from harness import make_png
from waiting import wait_until


def send(gate, spool, start_daemon, stem, fault=""):
    """A pair that has gone up whole, and whose answer is awaited until the gate is opened."""
    daemon = start_daemon(gate.stub, url=gate.url(fault=fault))
    gate.send(spool, stem, prompt="a prompt")
    return daemon


def test_a_folder_is_renamed(gate, spool, start_daemon):
    daemon = send(gate, spool, start_daemon, "before/scene")
    (spool.path / "before").rename(spool.path / "after")
    gate.open()
    assert spool.wait_for_result("after/scene", daemon=daemon) == gate.stub.posts()[0]["response"].encode()
    daemon.wait_for("job.accepted")
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert [record["fields"]["prompt"] for record in gate.stub.posts()] == ["a prompt", "canary"]


@pytest.mark.parametrize("how", [pathlib.Path.rename, os.link], ids=["moved", "linked"])
def test_a_pair_stands_under_another_name(gate, spool, start_daemon, how):
    daemon = send(gate, spool, start_daemon, "scene")
    for extension in ("txt", "png"):
        how(spool.file("scene", extension), spool.file("other", extension))
    gate.open()
    daemon.wait_for("job.accepted")
    daemon.wait_for("pair.known", job="other")
    assert len(gate.stub.posts()) == 1


def test_a_copy_of_what_was_spelt_otherwise_when_it_was_sent_is_a_take(stub, spool, start_daemon):
    daemon = start_daemon(stub)
    spool.put("scene.PNG", make_png(4096))
    spool.put("scene.TXT", "a prompt")
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted")
    for extension in ("png", "txt"):
        spool.file("scene", extension.upper()).rename(spool.file("scene", extension))
    for extension in ("png", "txt"):
        shutil.copyfile(spool.file("scene", extension), spool.file("copy", extension))
    spool.wait_for_result("copy", daemon=daemon)
    assert len(stub.posts()) == 2


def test_a_refusal_follows_a_pair_that_was_moved(gate, spool, start_daemon):
    daemon = send(gate, spool, start_daemon, "scene", fault="status-400:1")
    for extension in ("txt", "png"):
        spool.file("scene", extension).rename(spool.file("other", extension))
    gate.open()
    error = spool.read_result("other", "error", daemon)
    assert error["http_status"] == 400 and error["attempts"] == 1
    daemon.wait_for("job.refused", job="other")
    assert not spool.result_path("scene", "error").exists()
    assert len(gate.stub.posts()) == 1
    # It was told: removing it is a word.
    spool.result_path("other", "error").unlink()
    spool.wait_for_result("other", daemon=daemon)
    assert len(gate.stub.posts()) == 2


def test_a_refusal_that_could_not_be_told_is_told_by_the_next_start(gate, spool, start_daemon):
    daemon = send(gate, spool, start_daemon, "scene", fault="status-400:1")
    for extension in ("txt", "png"):
        spool.file("scene", extension).rename(spool.path.parent / f"scene.{extension}")
    gate.open()
    daemon.wait_for("attempt.ended", verdict="refused")
    assert daemon.stop() == 0
    for extension in ("txt", "png"):
        (spool.path.parent / f"scene.{extension}").rename(spool.file("scene", extension))
    daemon = start_daemon(gate.stub)
    assert spool.read_result("scene", "error", daemon)["http_status"] == 400
    assert len(gate.stub.posts()) == 1


def test_a_new_pair_under_the_name_of_one_that_was_moved(gate, spool, start_daemon):
    daemon = send(gate, spool, start_daemon, "scene")
    (spool.path / "done").mkdir()
    for extension in ("txt", "png"):
        spool.file("scene", extension).rename(spool.file("done/scene", extension))
    spool.drop("scene", "another prompt")
    gate.open()
    first = spool.wait_for_result("done/scene", daemon=daemon)
    wait_until(lambda: len(gate.stub.posts()) == 2 and spool.results_of("scene"), daemon.story)
    posts = {record["fields"]["prompt"]: record["response"].encode() for record in gate.stub.posts()}
    assert first == posts["a prompt"]
    wait_until(lambda: spool.result_path("scene").read_bytes() == posts["another prompt"], daemon.story)


@pytest.mark.parametrize("moment", ["running", "restarted"])
def test_a_result_that_was_left_behind_goes_along_once_its_pair_is_found(gate, spool, start_daemon, moment):
    """The pair was elsewhere, out of the spool, when its answer came."""
    daemon = send(gate, spool, start_daemon, "scene")
    outside = [spool.path.parent / f"scene.{extension}" for extension in ("txt", "png")]
    for path in outside:
        (spool.path / path.name).rename(path)
    gate.open()
    answer = spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted")
    if moment == "restarted":
        assert daemon.stop() == 0
    (spool.path / "done").mkdir()
    for path in outside:
        path.rename(spool.path / "done" / path.name)
    if moment == "restarted":
        daemon = start_daemon(gate.stub)
    assert spool.wait_for_result("done/scene", daemon=daemon) == answer
    wait_until(lambda: spool.results_of("scene") == [], daemon.story)
    assert len(gate.stub.posts()) == 1
