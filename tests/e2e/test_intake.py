"""How pairs arrive: in either order, slowly, by rename, in folders that come and go while the daemon works."""

import os
import shutil

import pytest

from harness import make_png, text_bytes, wait_until


def prompts_of(stub):
    return sorted(record["fields"]["prompt"] for record in stub.posts())


def assert_nothing_came_before(stub, spool, daemon, *wanted):
    """Sends one more pair through, so that whatever was to be sent before it has been; then looks."""
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert prompts_of(stub) == sorted([*wanted, "canary"])


@pytest.mark.parametrize("how", ["copy", "slow", "rename"])
@pytest.mark.parametrize("image_first", [False, True])
def test_in_either_order(stub, spool, daemon, how, image_first):
    spool.drop("scene1", "a cow", how=how, image_first=image_first)
    answer = spool.wait_for_result("scene1", daemon=daemon)
    (record,) = stub.posts()
    assert text_bytes(record["response"]) == answer and record["fields"]["prompt"] == "a cow"
    assert daemon.wait_for("pair.ready", job="scene1") and daemon.wait_for("attempt.started", job="scene1")


def test_a_slow_writer_is_waited_for(stub, spool, daemon):
    image = make_png(100000)
    spool.put("scene1.txt", "slow")
    with open(spool.file("scene1", "png"), "wb", buffering=0) as file:
        for at in range(0, len(image), 20000):
            file.write(image[at:at + 20000])
            spool.drop(f"other{at}", f"other {at}")
            spool.wait_for_result(f"other{at}", daemon=daemon)
        # Complete by its bytes, but still open for writing.
        assert "slow" not in prompts_of(stub)
    spool.wait_for_result("scene1", daemon=daemon)
    assert stub.posts(created=True)[-1]["image"]["size"] == len(image)


def test_a_slow_prompt_is_waited_for(stub, spool, daemon):
    spool.put("scene1.png", make_png(4096))
    with open(spool.file("scene1", "txt"), "w", encoding="utf-8") as file:
        file.write("first half, ")
        file.flush()
        assert_nothing_came_before(stub, spool, daemon)
        file.write("second half")
    spool.wait_for_result("scene1", daemon=daemon)
    assert "first half, second half" in prompts_of(stub)


def test_a_file_that_was_open_before_the_start_is_waited_for(stub, spool, start_daemon):
    image = make_png(100000)
    spool.put("scene1.txt", "slow")
    with open(spool.file("scene1", "png"), "wb", buffering=0) as file:
        file.write(image[:50000])
        daemon = start_daemon(stub)
        assert_nothing_came_before(stub, spool, daemon)
        file.write(image[50000:])
    spool.wait_for_result("scene1", daemon=daemon)
    assert stub.posts(created=True)[-1]["image"]["size"] == len(image)


def test_pairs_that_were_there_at_the_start(stub, spool, start_daemon):
    for stem in ("one", "deep/er/two", "deep/three"):
        spool.drop(stem, stem)
    daemon = start_daemon(stub)
    for stem in ("one", "deep/er/two", "deep/three"):
        spool.wait_for_result(stem, daemon=daemon)
    assert prompts_of(stub) == ["deep/er/two", "deep/three", "one"]
    assert daemon.wait_for("job.accepted", job="deep/er/two")


def test_folders_made_while_running(stub, spool, daemon):
    for number in range(20):
        spool.drop(f"a{number % 3}/b{number}/c/scene", f"nested {number}", how="copy")
    for number in range(20):
        spool.wait_for_result(f"a{number % 3}/b{number}/c/scene", daemon=daemon)
    assert len(stub.posts()) == 20


def test_a_whole_tree_renamed_into_the_spool(stub, spool, daemon, tmp_path):
    outside = type(spool)(tmp_path / "outside" / "tree")
    outside.drop("one", "one")
    outside.drop("sub/two", "two")
    outside.path.rename(spool.path / "tree")
    spool.wait_for_result("tree/one", daemon=daemon)
    spool.wait_for_result("tree/sub/two", daemon=daemon)
    assert prompts_of(stub) == ["one", "two"]


def test_a_folder_renamed_within_the_spool(stub, spool, daemon):
    spool.drop("before/sub/one", "one")
    spool.wait_for_result("before/sub/one", daemon=daemon)
    (spool.path / "before").rename(spool.path / "after")
    spool.drop("after/sub/two", "two")
    spool.wait_for_result("after/sub/two", daemon=daemon)
    assert daemon.wait_for("job.accepted", job="after/sub/two")
    assert prompts_of(stub) == ["one", "two"]


def test_a_half_pair_in_a_renamed_folder_is_completed_there(stub, spool, daemon):
    spool.put("before/scene.txt", "half")
    spool.put("marker.txt", "x")
    (spool.path / "before").rename(spool.path / "after")
    spool.put("after/scene.png", make_png(4096))
    spool.wait_for_result("after/scene", daemon=daemon)
    assert prompts_of(stub) == ["half"]


def test_a_folder_removed_and_made_again(stub, spool, daemon):
    spool.drop("folder/one", "one")
    spool.wait_for_result("folder/one", daemon=daemon)
    shutil.rmtree(spool.path / "folder")
    spool.drop("folder/two", "two")
    spool.wait_for_result("folder/two", daemon=daemon)
    assert prompts_of(stub) == ["one", "two"]


def test_hidden_names_and_results_are_no_inputs(stub, spool, daemon):
    spool.drop(".scene", "hidden file")
    spool.drop(".folder/scene", "hidden folder")
    spool.put("scene.job.txt", "half of a pair with an odd stem")
    spool.put("notes.md", "not ours")
    spool.put("scene.png~", make_png(4096))
    assert_nothing_came_before(stub, spool, daemon)


def test_dotted_stems_are_stems(stub, spool, daemon):
    spool.drop("v1.2.final", "dotted")
    spool.wait_for_result("v1.2.final", daemon=daemon)
    assert prompts_of(stub) == ["dotted"]


def test_sub_folders_can_be_left_out(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables={"spool": {"recursive": False}})
    spool.drop("folder/scene", "in a folder")
    assert_nothing_came_before(stub, spool, daemon)


def test_strange_names(stub, spool, daemon):
    stems = ["场景1", "with space", "quote'\"", "new\nline", "tab\t", "-dash", "percent%20", "back\\slash", "*?[a]",
             "é\u0301", "a" * 200]
    for stem in stems:
        spool.drop(stem, f"prompt of {stem!r}")
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
    assert prompts_of(stub) == sorted(f"prompt of {stem!r}" for stem in stems)
    assert daemon.wait_for("job.accepted", job="new\nline")


def test_names_that_are_not_utf8(stub, spool, daemon):
    name = b"latin\xe9"
    base = os.fsencode(spool.path)
    for extension, data in ((b".txt", b"latin"), (b".png", make_png(4096))):
        with open(os.path.join(base, name + extension), "wb") as file:
            file.write(data)
    wait_until(lambda: os.path.exists(os.path.join(base, name + b".job.json")), "the result of a latin-1 name")
    assert prompts_of(stub) == ["latin"]


def test_a_stem_too_long_for_its_results(stub, spool, daemon):
    stem = "n" * 251
    spool.drop(stem, "too long")
    assert daemon.wait_for("pair.unnameable", job=stem)
    assert_nothing_came_before(stub, spool, daemon)
    assert len(daemon.events("pair.unnameable")) == 1


def test_events_that_were_missed_are_found_by_the_scan(stub, spool, start_daemon, tmp_path):
    """A hard link into the spool closes no file for writing there: only its creation is seen."""
    daemon = start_daemon(stub)
    for extension, data in (("txt", b"linked"), ("png", make_png(4096))):
        (tmp_path / f"source.{extension}").write_bytes(data)
        os.link(tmp_path / f"source.{extension}", spool.file("scene", extension))
    spool.wait_for_result("scene", daemon=daemon)
    assert prompts_of(stub) == ["linked"]


def test_many_events_at_once(stub, spool, daemon):
    """More creations than one read of events holds."""
    for number in range(3000):
        (spool.path / f"noise{number}.tmp").touch()
    for number in range(3000):
        (spool.path / f"noise{number}.tmp").unlink()
    spool.drop("scene", "after the noise")
    spool.wait_for_result("scene", daemon=daemon)
    assert prompts_of(stub) == ["after the noise"]


def test_oldest_first_and_folders_take_turns(stub, spool, start_daemon):
    now = 1_700_000_000
    ages = {"small/only": now + 100, **{f"big/{number}": now + number for number in range(6)}}
    for stem, age in reversed(ages.items()):
        spool.drop(stem, stem)
        for extension in ("txt", "png"):
            os.utime(spool.file(stem, extension), (age, age))
    # The first attempt pauses the lane, so that all are known when the next is chosen.
    daemon = start_daemon(stub, fault="status-401:1", tables={"submit": {"concurrency": 1, "account_retry": "1s"}})
    daemon.wait_for("pair.ready", count=7)
    daemon.wait_for("job.accepted", count=7)
    order = [record["fields"]["prompt"] for record in stub.posts()[1:]]
    assert [prompt for prompt in order if prompt.startswith("big")] == [f"big/{number}" for number in range(6)]
    assert order.index("small/only") <= 1, order
