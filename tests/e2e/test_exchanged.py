"""Two pairs that exchange their names while their answers are awaited: whatever comes, comes to its own files."""

import ctypes
import json

import pytest

from harness import make_png, wait_until
from operator_words import prompts, read_status, succeed

RENAME_EXCHANGE = 2
AT_FDCWD = -100
STEMS = ("shot1", "shot2")


def exchange(one, other):
    libc = ctypes.CDLL(None, use_errno=True)
    failed = libc.renameat2(AT_FDCWD, bytes(one), AT_FDCWD, bytes(other), RENAME_EXCHANGE)
    if failed:
        pytest.skip("names cannot be exchanged here")


def send_both(gate, spool, start_daemon):
    """Both on their way, and their answers awaited."""
    daemon = start_daemon(gate.stub, url=gate.url(), tables={"submit": {"concurrency": 4}})
    for stem in ("warm1", "warm2"):
        spool.drop(stem, stem)
        spool.wait_for_result(stem, daemon=daemon)
    gate.close()
    for number, stem in enumerate(STEMS, 1):
        spool.drop(stem, f"prompt of {stem}", make_png(4096, seed=number))
    gate.stub.wait_for_posts(4, complete=True)
    return daemon


def exchange_both(spool):
    for extension in ("txt", "png"):
        exchange(spool.file(STEMS[0], extension), spool.file(STEMS[1], extension))


def wait_for_own_results(gate, spool, daemon):
    answers = {record["fields"]["prompt"]: record["response"].encode() for record in gate.stub.posts()}
    for stem in STEMS:
        result = spool.wait_for_result(stem, daemon=daemon)
        assert result == answers[spool.file(stem, "txt").read_text()], daemon.story()


def test_each_answer_comes_to_its_own_files(gate, spool, start_daemon):
    daemon = send_both(gate, spool, start_daemon)
    exchange_both(spool)
    gate.open()
    wait_for_own_results(gate, spool, daemon)
    assert len(prompts(gate.stub)) == 4


def have_doubts(gate, spool, start_daemon, how):
    daemon = send_both(gate, spool, start_daemon)
    exchange_both(spool)
    if how == "kill":
        daemon.kill()
    else:
        daemon.signal()
        daemon.wait_for("daemon.stopping")
        daemon.signal()
        daemon.wait()
    gate.open()
    return start_daemon(gate.stub, url=gate.url())


def read_doubt(spool, stem):
    """The beginning of the prompt that the doubt beside it is about."""
    path = spool.result_path(stem, "doubt")
    return json.loads(path.read_text())["prompt_start"] if path.exists() else None


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_each_doubt_comes_to_its_own_files(gate, spool, start_daemon, how):
    daemon = have_doubts(gate, spool, start_daemon, how)
    for stem in STEMS:
        text = spool.file(stem, "txt").read_text()
        wait_until(lambda stem=stem, text=text: read_doubt(spool, stem) == text, daemon.story)
    succeed("resolve", "--not-accepted", spool.path / "shot1")
    result = spool.wait_for_result("shot1", daemon=daemon)
    assert gate.stub.posts()[-1]["response"].encode() == result
    assert prompts(gate.stub)[4:] == [spool.file("shot1", "txt").read_text()]
    succeed("resolve", "--accepted", "video_here", spool.path / "shot2")
    assert json.loads(spool.result_path("shot2").read_text())["id"] == "video_here"
    assert read_status(spool)["jobs"] == {"accepted": 4}


@pytest.mark.parametrize("word", ["accepted", "not-accepted"])
def test_a_word_is_about_the_doubt_that_the_file_tells_of(gate, spool, start_daemon, word):
    """Files are exchanged under doubts that are told: whoever reads one, and answers, means that one."""
    daemon = send_both(gate, spool, start_daemon)
    daemon.kill()
    gate.open()
    daemon = start_daemon(gate.stub, url=gate.url())
    for stem in STEMS:
        spool.wait_for_result(stem, "doubt", daemon)
    assert daemon.stop() == 0
    exchange_both(spool)
    said = read_doubt(spool, "shot1")
    assert said == "prompt of shot1" != spool.file("shot1", "txt").read_text()
    words = ("--accepted", "video_shot1") if word == "accepted" else ("--not-accepted",)
    succeed("resolve", *words, spool.path / "shot1")
    succeed("resolve", "--accepted", "video_shot2", spool.path / "shot2")
    daemon = start_daemon(gate.stub)
    if word == "accepted":
        for stem, other in (STEMS, STEMS[::-1]):
            answer = json.loads(spool.wait_for_result(stem, daemon=daemon))
            assert answer["id"] == f"video_{other}" and spool.file(stem, "txt").read_text() == f"prompt of {other}"
        assert len(prompts(gate.stub)) == 4
    else:
        assert json.loads(spool.wait_for_result("shot1", daemon=daemon))["id"] == "video_shot2"
        spool.wait_for_result("shot2", daemon=daemon)
        assert prompts(gate.stub)[4:] == ["prompt of shot1"]


def test_a_doubt_is_not_put_over_that_of_the_files_that_have_its_place(gate, spool, start_daemon):
    """Shots are renumbered, a killed reeld starts: each doubt is there to be settled, and the file beside the pair is its
    own."""
    daemon = send_both(gate, spool, start_daemon)
    for extension in ("txt", "png"):
        spool.file("shot2", extension).replace(spool.file("shot1", extension))
    daemon.kill()
    gate.open()
    daemon = start_daemon(gate.stub, url=gate.url(), tables={"spool": {"rescan": "1s"}})
    wait_until(lambda: list(spool.path.glob(".shot1.doubt.json.replaced-*")), daemon.story)
    wait_until(lambda: read_doubt(spool, "shot1") == "prompt of shot2", daemon.story)
    assert len(read_status(spool)["doubts"]) == 2
    succeed("resolve", "--accepted", "video_2", spool.path / "shot1")
    assert json.loads(spool.result_path("shot1").read_text())["id"] == "video_2"
    succeed("resolve", "--accepted", "video_1", spool.path / "shot1")
    assert json.loads(spool.result_path("shot1").read_text())["id"] == "video_2"
    assert read_status(spool)["jobs"] == {"accepted": 4} and len(prompts(gate.stub)) == 4
