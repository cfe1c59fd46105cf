"""`reeld resolve` is about the doubt that a doubt.json tells of, wherever that file and the pair lie by now."""

import json
import shutil

import pytest

from harness import make_png, wait_until
from operator_words import fail, prompts, read_status, settle, succeed, wait_for_jobs

IMAGE = make_png(4096, seed=1)
OTHER_IMAGE = make_png(4096, seed=7)


@pytest.fixture
def doubted(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-500:1")
    spool.drop("scene", "a prompt", IMAGE)
    spool.wait_for_result("scene", "doubt", daemon)
    wait_for_jobs(spool, daemon, doubt=1)
    return daemon


def move(spool, folder, *names):
    (spool.path / folder).mkdir(exist_ok=True)
    for name in names:
        (spool.path / name).rename(spool.path / folder / name)


def read_id(path):
    return json.loads(path.read_text())["id"]


def test_accepted_after_its_pair_was_moved_away(doubted, spool, stub):
    move(spool, "away", "scene.txt", "scene.png")
    doubted.wait_for("pair.known", job="away/scene")
    wait_until(lambda: read_status(spool)["doubts"][0]["job"] == "away/scene", doubted.story)
    said = succeed("resolve", "--accepted", "video_x", spool.path / "scene")
    assert "its answer is in away/scene.job.json" in said
    assert read_id(spool.result_path("away/scene")) == "video_x" and not spool.results_of("scene")
    assert read_status(spool)["jobs"] == {"accepted": 1} and read_status(spool)["owed"] == 0


def test_not_accepted_after_its_pair_was_moved_away(doubted, spool, stub):
    move(spool, "away", "scene.txt", "scene.png")
    doubted.wait_for("pair.known", job="away/scene")
    wait_until(lambda: read_status(spool)["doubts"][0]["job"] == "away/scene", doubted.story)
    succeed("resolve", "--not-accepted", spool.path / "scene")
    spool.wait_for_result("away/scene", daemon=doubted)
    assert prompts(stub) == ["a prompt"] * 2


@pytest.mark.parametrize("beside", ["nothing", "half a pair", "another pair"])
def test_a_doubt_file_that_was_moved_alone(doubted, spool, stub, beside):
    assert doubted.stop() == 0
    move(spool, "todo", "scene.doubt.json")
    if beside != "nothing":
        spool.put("todo/scene.txt", "quite another")
    if beside == "another pair":
        spool.put("todo/scene.png", OTHER_IMAGE)
    said = succeed("resolve", "--accepted", "video_x", spool.path / "todo/scene")
    assert "its answer is in scene.job.json" in said
    assert read_id(spool.result_path("scene")) == "video_x" and not spool.results_of("todo/scene")


@pytest.mark.parametrize("is_running", [True, False], ids=["running", "stopped"])
@pytest.mark.parametrize("where", ["gone", "elsewhere"])
def test_where_other_files_lie_by_now(doubted, spool, stub, start_daemon, is_running, where):
    if not is_running:
        assert doubted.stop() == 0
    if where == "elsewhere":
        move(spool, "away", "scene.txt", "scene.png")
    if where == "elsewhere" and is_running:
        # Until the ledger has it: a word in the very moment of the move may find the pair at neither place.
        wait_until(lambda: read_status(spool)["doubts"][0]["job"] == "away/scene", doubted.story)
    spool.put("scene.txt", "another prompt")
    spool.put("scene.png", OTHER_IMAGE)
    said = succeed("resolve", "--accepted", "video_x", spool.path / "scene")
    daemon = doubted if is_running else start_daemon(stub)
    spool.wait_for_result("scene", daemon=daemon)
    assert prompts(stub) == ["a prompt", "another prompt"]
    if where == "elsewhere":
        assert read_id(spool.path / "away/scene.job.json") == "video_x", said
    else:
        hidden = list(spool.path.glob(".scene.job.json.replaced-*"))
        assert [read_id(path) for path in hidden] == ["video_x"] and hidden[0].name in said
    # The mark that a result was written follows a moment later.
    wait_until(lambda: read_status(spool)["owed"] == 0, daemon.story)


def test_a_doubt_whose_prompt_was_replaced_and_sent_can_still_be_settled(doubted, spool, stub):
    spool.put("scene.txt", "another prompt")
    said = succeed("retry", "--yes", spool.path / "scene")
    assert "scene.doubt.json is not what the ledger holds" not in said and "kept as .scene.doubt.json.replaced-" in said
    spool.wait_for_result("scene", daemon=doubted)
    wait_for_jobs(spool, doubted, doubt=1, accepted=1)
    assert [doubt["job"] for doubt in read_status(spool)["doubts"]] == ["scene"]
    succeed("resolve", "--accepted", "video_x", spool.path / "scene")
    assert read_status(spool)["jobs"] == {"accepted": 2}
    assert json.loads(spool.result_path("scene").read_text())["id"] == stub.posts()[-1]["id"]
    settle(stub, spool, doubted)
    assert prompts(stub) == ["a prompt", "another prompt", "canary"]


@pytest.mark.parametrize("word", [("--accepted", "video_x"), ("--not-accepted",)], ids=["accepted", "not accepted"])
def test_a_copied_folder_settles_nothing_and_sends_nothing(stub, spool, start_daemon, word):
    daemon = start_daemon(stub, fault="status-500:1")
    spool.drop("proj/scene", "a prompt")
    spool.wait_for_result("proj/scene", "doubt", daemon)
    wait_for_jobs(spool, daemon, doubt=1)
    assert daemon.stop() == 0
    shutil.copytree(spool.path / "proj", spool.path / "proj2")
    daemon = start_daemon(stub)
    daemon.wait_for("daemon.ready")
    said = fail(1, "resolve", *word, spool.path / "proj2/scene")
    assert "is a copy of proj/scene" in said
    settle(stub, spool, daemon)
    assert prompts(stub) == ["a prompt", "canary"] and read_status(spool)["jobs"]["doubt"] == 1
    succeed("resolve", *word, spool.path / "proj/scene")
    again = [] if word[0] == "--accepted" else ["a prompt"]
    if again:
        spool.wait_for_result("proj/scene", daemon=daemon)
    settle(stub, spool, daemon, "canary2")
    assert sorted(prompts(stub)) == sorted(["a prompt", "canary", "canary2", *again])


@pytest.mark.parametrize("word", [("--accepted", "video_x"), ("--not-accepted",)], ids=["accepted", "not accepted"])
def test_a_doubt_file_that_was_copied_alone_leaves_none_behind(doubted, stub, spool, word):
    spool.path.joinpath("todo").mkdir()
    shutil.copyfile(spool.result_path("scene", "doubt"), spool.result_path("todo/scene", "doubt"))
    said = succeed("resolve", *word, spool.path / "todo/scene")
    assert not list(spool.path.rglob("*.doubt.json"))
    spool.wait_for_result("scene", daemon=doubted)
    if word[0] == "--accepted":
        assert "its answer is in scene.job.json" in said
    else:
        assert said == "todo/scene: not accepted; it runs again as scene\n"
    settle(stub, spool, doubted)
    assert prompts(stub).count("a prompt") == (1 if word[0] == "--accepted" else 2)
