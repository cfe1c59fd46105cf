"""Several jobs of one content, or in one place: a person's word is about one of them, and nothing is forgotten of the
others."""

import json
import shutil

import pytest

from harness import make_png, run_reeld
from operator_words import prompts, read_status, settle, succeed, wait_for_jobs

IMAGE = make_png(4096, seed=1)


def copy_pair(spool, old, new):
    for extension in ("png", "txt"):
        shutil.copyfile(spool.file(old, extension), spool.file(new, extension))


def accept_two_takes(stub, spool, start_daemon):
    daemon = start_daemon(stub)
    spool.drop("scene", "a prompt")
    spool.wait_for_result("scene", daemon=daemon)
    copy_pair(spool, "scene", "copy")
    spool.wait_for_result("copy", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=2)
    return daemon


@pytest.mark.parametrize("is_tidied", [True, False], ids=["tidied", "in place"])
def test_a_retry_of_one_take_is_no_word_about_the_other(stub, spool, start_daemon, is_tidied):
    daemon = accept_two_takes(stub, spool, start_daemon)
    if is_tidied:
        for stem in ("scene", "copy"):
            spool.result_path(stem).unlink()
            daemon.wait_for("pair.known", job=stem)
    succeed("retry", "--yes", spool.path / "scene")
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=2)
    assert daemon.stop() == 0
    spool.result_path("copy").unlink(missing_ok=True)
    daemon = start_daemon(stub)
    settle(stub, spool, daemon)
    assert prompts(stub) == ["a prompt"] * 3 + ["canary"] and spool.results_of("copy") == []


def test_a_retry_of_one_take_leaves_the_others_doubt(stub, spool, start_daemon):
    daemon = start_daemon(stub)
    spool.drop("scene", "a prompt")
    spool.wait_for_result("scene", daemon=daemon)
    assert daemon.stop() == 0
    daemon = start_daemon(stub, fault="status-500:1")
    copy_pair(spool, "scene", "copy")
    spool.wait_for_result("copy", "doubt", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1, doubt=1)
    succeed("retry", "--yes", spool.path / "scene")
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1, doubt=1)
    succeed("resolve", "--accepted", "video_copy", spool.path / "copy")
    assert read_status(spool)["jobs"] == {"accepted": 2}
    assert json.loads(spool.result_path("copy").read_text())["id"] == "video_copy"


def test_a_take_whose_own_files_are_gone_does_not_speak_against_the_word(stub, spool, start_daemon):
    """What is known of both takes is of one content; the word is about the one that lies there."""
    daemon = accept_two_takes(stub, spool, start_daemon)
    for path in spool.path.glob("copy.*"):
        path.unlink()
    succeed("retry", "--yes", spool.path / "scene")
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=2)
    assert prompts(stub) == ["a prompt"] * 3


def test_what_was_refused_is_the_one_that_runs_and_not_the_take_that_was_accepted(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-400:1")
    spool.drop("scene", "a prompt")
    spool.wait_for_result("scene", "error", daemon)
    copy_pair(spool, "scene", "copy")
    spool.wait_for_result("copy", daemon=daemon)
    wait_for_jobs(spool, daemon, refused=1, accepted=1)
    for extension in ("txt", "png", "job.json"):
        spool.file("copy", extension).unlink()
    succeed("retry", "--yes", spool.path / "scene")
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=2)
    (spool.path / "done").mkdir()
    for extension in ("txt", "png"):
        spool.file("scene", extension).rename(spool.path / f"done/scene.{extension}")
    daemon.wait_for("pair.known", job="done/scene")
    assert prompts(stub) == ["a prompt"] * 3


def test_a_word_that_was_given_up_is_no_word_about_the_other(stub, spool, start_daemon):
    daemon = accept_two_takes(stub, spool, start_daemon)
    assert daemon.stop() == 0
    succeed("retry", "--yes", spool.path / "scene")
    (spool.path / "done").mkdir()
    for extension in ("txt", "png"):
        spool.file("scene", extension).unlink()
        spool.file("copy", extension).rename(spool.path / f"done/copy.{extension}")
    daemon = start_daemon(stub)
    daemon.wait_for("pair.known", job="done/copy")
    settle(stub, spool, daemon)
    assert prompts(stub) == ["a prompt"] * 2 + ["canary"]


def test_another_take_that_a_crash_left_open_is_in_doubt(gate, spool, start_daemon):
    daemon = start_daemon(gate.stub, url=gate.url())
    spool.drop("scene", "a prompt")
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1)
    with gate.closed():
        copy_pair(spool, "scene", "copy")
        gate.stub.wait_for_posts(2, complete=True)
        daemon.kill()
    for extension in ("txt", "png"):
        spool.file("copy", extension).unlink()
    succeed("retry", "--yes", spool.path / "scene")
    daemon = start_daemon(gate.stub, url=gate.url())
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1, doubt=1)
    assert prompts(gate.stub) == ["a prompt"] * 3


def test_one_word_is_spent_by_one_job(stub, spool, start_daemon):
    """Another take has come to the place of the first, with its files: what is sent once is known ever after."""
    daemon = accept_two_takes(stub, spool, start_daemon)
    assert daemon.stop() == 0
    for extension in ("txt", "png", "job.json"):
        spool.file("copy", extension).replace(spool.file("scene", extension))
    succeed("retry", "--yes", spool.path / "scene")
    assert read_status(spool)["jobs"] == {"accepted": 1, "released": 1}
    daemon = start_daemon(stub)
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=2)


def test_a_doubt_whose_repeat_was_due_stays_one(stub, spool, start_daemon):
    settings = {"submit": {"on_doubt": "retry", "doubt_pause": "60s"}}
    daemon = start_daemon(stub, fault="status-500:1", tables=settings)
    spool.drop("scene", "a prompt", IMAGE)
    wait_for_jobs(spool, daemon, doubt=1)
    assert daemon.stop() == 0
    spool.put("scene.txt", "another prompt")
    spool.put("scene.png", make_png(4096, seed=7))
    succeed("retry", "--yes", spool.path / "scene")
    assert [doubt["job"] for doubt in read_status(spool)["doubts"]] == ["scene"]
    daemon = start_daemon(stub, tables=settings)
    spool.wait_for_result("scene", daemon=daemon)
    spool.drop("back", "a prompt", IMAGE)
    daemon.wait_for("pair.known", job="back")
    settle(stub, spool, daemon)
    assert prompts(stub) == ["a prompt", "another prompt", "canary"]


@pytest.mark.parametrize("stem", ["scene", "fix/scene"], ids=["in place", "moved"])
def test_a_word_about_a_refused_pair_makes_a_new_key(stub, spool, start_daemon, stem):
    settings = {"api": {"idempotency_header": "Idempotency-Key"}}
    daemon = start_daemon(stub, fault="status-400:1", tables=settings)
    spool.drop("scene", "a prompt")
    spool.wait_for_result("scene", "error", daemon)
    wait_for_jobs(spool, daemon, refused=1)
    assert daemon.stop() == 0
    (spool.path / "fix").mkdir()
    for extension in ("txt", "png", "error.json"):
        spool.file("scene", extension).rename(spool.file(stem, extension))
    succeed("retry", "--yes", spool.path / stem)
    daemon = start_daemon(stub, tables=settings)
    spool.wait_for_result(stem, daemon=daemon)
    keys = [value for record in stub.posts() for name, value in record["headers"].items() if name.lower() == "idempotency-key"]
    assert len(set(keys)) == len(keys) == 2


@pytest.mark.parametrize("end", ["doubt", "crash"])
def test_what_lies_there_now_is_sent_and_the_doubt_stays_one(gate, spool, start_daemon, end):
    stub = gate.stub
    if end == "doubt":
        daemon = start_daemon(stub, fault="status-500:1")
        spool.drop("scene", "a prompt", IMAGE)
        spool.wait_for_result("scene", "doubt", daemon)
        wait_for_jobs(spool, daemon, doubt=1)
    else:
        daemon = start_daemon(stub, url=gate.url())
        with gate.closed():
            spool.drop("scene", "a prompt", IMAGE)
            stub.wait_for_posts(1, complete=True)
            daemon.kill()
    assert end == "crash" or daemon.stop() == 0
    spool.put("scene.txt", "another prompt")
    succeed("retry", "--yes", spool.path / "scene")
    daemon = start_daemon(stub)
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, doubt=1, accepted=1)
    for path in spool.path.glob("scene.*"):
        path.unlink()
    spool.drop("again", "a prompt", IMAGE)
    assert daemon.wait_for("pair.known", job="again")["state"] == "doubt"
    settle(stub, spool, daemon)
    assert prompts(stub) == ["a prompt", "another prompt", "canary"]


def have_unwritten_answer(gate, spool, start_daemon):
    """Accepted, and a folder has the name of its result."""
    daemon = start_daemon(gate.stub, url=gate.url())
    gate.send(spool, "scene", prompt="a prompt")
    (spool.path / "scene.job.json").mkdir()
    gate.open()
    daemon.wait_for("result.unwritten")
    wait_for_jobs(spool, daemon, accepted=1)
    return daemon


@pytest.mark.parametrize("is_running", [True, False], ids=["running", "stopped"])
def test_no_answer_that_cannot_be_written_is_dropped(gate, spool, start_daemon, is_running):
    daemon = have_unwritten_answer(gate, spool, start_daemon)
    if not is_running:
        daemon.stop()
    refused = run_reeld("retry", "--yes", spool.path / "scene", key=None)
    assert refused.returncode == 75 and "result has not been written yet" in refused.stderr, refused
    (spool.path / "scene.job.json").rmdir()
    daemon = daemon if is_running else start_daemon(gate.stub, url=gate.url())
    assert spool.wait_for_result("scene", daemon=daemon) == gate.stub.posts()[0]["response"].encode()
    assert prompts(gate.stub) == ["a prompt"]


def test_no_answer_that_is_still_to_be_written_is_dropped(gate, spool, start_daemon):
    daemon = have_unwritten_answer(gate, spool, start_daemon)
    daemon.stop()
    (spool.path / "scene.job.json").rmdir()
    spool.put("scene.txt", "another prompt")
    refused = run_reeld("retry", "--yes", spool.path / "scene", key=None)
    assert refused.returncode == 75 and "has not been written yet; start reeld" in refused.stderr, refused
    daemon = start_daemon(gate.stub, url=gate.url())
    assert spool.wait_for_result("scene", daemon=daemon) == gate.stub.posts()[0]["response"].encode()


def test_each_prompt_that_comes_beside_an_image_that_was_sent_is_said(stub, spool, start_daemon, tmp_path):
    daemon = start_daemon(stub)
    spool.drop("scene", "a prompt")
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted")
    spool.result_path("scene").unlink()
    daemon.wait_for("pair.known", job="scene")
    for number in range(3):
        spool.put("scene.txt", f"quite another prompt {number}")
        said = daemon.wait_for("pair.known", job="scene", count=2 + number)
        assert "the other was replaced since" in said["msg"]
    assert daemon.stop() == 0
    daemon = start_daemon(stub)
    settle(stub, spool, daemon)
    assert not daemon.events("pair.known"), "of the last one it was said"
    assert daemon.stop() == 0
    drained = run_reeld("drain", "--config", daemon.config)
    assert drained.returncode == 1 and "1 half replaced (`reeld retry` sends" in drained.stdout, drained
    assert prompts(stub) == ["a prompt", "canary"]
