"""Many new pairs at once: a folder of captioned pictures, a restored backup, a lost ledger. They wait for a person's word."""

import shutil
import subprocess

import pytest

from harness import run_reeld

LIMIT = {"submit": {"ask_above": 5}}


def prompts_of(stub):
    return sorted(record["fields"]["prompt"] for record in stub.posts())


def drop_many(spool, folder, count):
    stems = [f"{folder}/{number}" for number in range(count)]
    for stem in stems:
        spool.drop(stem, stem)
    return stems


def release(spool):
    done = run_reeld("release", "--spool", spool.path)
    assert done.returncode == 0 and done.stdout.startswith("released"), done


def assert_canary_passes(stub, spool, daemon, name, *wanted):
    """One that comes by itself is sent, and nothing else was."""
    spool.drop(name, name)
    spool.wait_for_result(name, daemon=daemon)
    assert prompts_of(stub) == sorted([*wanted, name])


def test_a_few_are_sent_and_many_wait_for_a_word(stub, spool, start_daemon):
    few, many = drop_many(spool, "few", 5), [f"many/{number}" for number in range(6)]
    daemon = start_daemon(stub, tables=LIMIT)
    for stem in few:
        spool.wait_for_result(stem, daemon=daemon)
    aside = spool.path.with_name("aside")
    for stem in many:
        spool.drop(f"../aside/{stem}", stem)
    (aside / "many").rename(spool.path / "many")
    held = daemon.wait_for("lane.held")
    assert held["pairs"] == 6 and held["where"] == "many (6)" and "reeld release" in held["msg"]
    assert_canary_passes(stub, spool, daemon, "canary", *few)
    status = run_reeld("status", "--spool", spool.path).stdout
    assert "mass " in status and "`reeld release` sends what waits" in status, status
    release(spool)
    assert daemon.wait_for("lane.released")["pairs"] == 6
    for stem in many:
        spool.wait_for_result(stem, daemon=daemon)
    assert prompts_of(stub) == sorted([*few, *many, "canary"])
    assert len(daemon.events("lane.held")) == 1


def start_scanned_daemon(stub, spool, start_daemon):
    """What appears from now on was not found by its first scan."""
    spool.drop("first", "first")
    daemon = start_daemon(stub, tables=LIMIT)
    spool.wait_for_result("first", daemon=daemon)
    return daemon


def count_held(daemon, at_least):
    """The scan that comes first may hold some, and each silence of the copying ends a number. A pair whose files are
    written once more before that may be counted twice."""
    held = count = 0
    while held < at_least:
        count += 1
        held += daemon.wait_for("lane.held", count=count)["pairs"]
    return held


def test_of_a_folder_that_comes_file_by_file_the_first_are_sent_and_the_rest_waits(stub, spool, start_daemon):
    """`cp -r`, `tar x` and every upload make the folder first: no scan finds much in it."""
    daemon = start_scanned_daemon(stub, spool, start_daemon)
    (spool.path / "film").mkdir()
    stems = drop_many(spool, "film", 5)
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
    late = [f"film/takes/{number}" for number in range(5, 9)]
    for stem in late:
        spool.drop(stem, stem)
    count_held(daemon, at_least=4)
    assert all(event["where"].startswith("film/takes (") for event in daemon.events("lane.held"))
    assert_canary_passes(stub, spool, daemon, "canary", "first", *stems)
    release(spool)
    lines = len(daemon.events("lane.held"))
    for stem in [*late, *drop_many(spool, "film/more", 9)]:
        spool.wait_for_result(stem, daemon=daemon)
    assert len(daemon.events("lane.held")) == lines


@pytest.mark.parametrize("copy", [["cp", "-r"], ["rsync", "-a"]], ids=lambda words: words[0])
def test_a_folder_that_is_copied_into_the_spool_is_not_bought_whole(stub, spool, start_daemon, copy):
    if shutil.which(copy[0]) is None:
        pytest.skip(f"{copy[0]} is not installed")
    for number in range(60):
        spool.drop(f"../aside/film/{number}", f"take {number}")
    daemon = start_scanned_daemon(stub, spool, start_daemon)
    subprocess.run([*copy, spool.path.with_name("aside") / "film", spool.path], check=True)
    count_held(daemon, at_least=55)
    assert_canary_passes(stub, spool, daemon, "canary", *(record["fields"]["prompt"] for record in stub.posts()))
    assert len(stub.posts(created=True)) <= LIMIT["submit"]["ask_above"] + 2, "the first, the canary, and no more"
    release(spool)
    for number in range(60):
        spool.wait_for_result(f"film/{number}", daemon=daemon)
    assert len(stub.posts(created=True)) == 62


def test_what_is_held_stays_so_over_a_restart_however_few_are_left(stub, spool, start_daemon):
    stems = drop_many(spool, "film", 7)
    with start_daemon(stub, tables=LIMIT) as daemon:
        daemon.wait_for("lane.held")
    for stem in stems[2:]:
        for extension in ("txt", "png"):
            spool.file(stem, extension).unlink()
    daemon = start_daemon(stub, tables=LIMIT)
    assert daemon.wait_for("lane.held")["pairs"] == 2
    assert_canary_passes(stub, spool, daemon, "canary")
    release(spool)
    for stem in stems[:2]:
        spool.wait_for_result(stem, daemon=daemon)


def test_what_was_released_is_not_asked_about_again(stub, spool, start_daemon):
    stems = drop_many(spool, "film", 12)
    tables = {"submit": {"ask_above": 5, "per_day": 2}}
    with start_daemon(stub, tables=tables) as daemon:
        daemon.wait_for("lane.held")
        release(spool)
        daemon.wait_for("lane.paused", pause="per_day")
    daemon = start_daemon(stub, tables=LIMIT)
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
    assert not daemon.events("lane.held") and len(stub.posts(created=True)) == len(stems)


def test_a_word_is_heard_while_no_daemon_runs(stub, spool, start_daemon):
    stems = drop_many(spool, "film", 7)
    with start_daemon(stub, tables=LIMIT) as daemon:
        daemon.wait_for("lane.held")
    release(spool)
    daemon = start_daemon(stub, tables=LIMIT)
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)


def test_a_lost_ledger_buys_nothing_by_itself(stub, spool, start_daemon):
    """Results were moved away, as people do; then the ledger is lost, and adopted anew."""
    stems = drop_many(spool, "film", 7)
    with start_daemon(stub) as daemon:
        for stem in stems:
            spool.wait_for_result(stem, daemon=daemon)
            spool.result_path(stem).unlink()
    for path in (spool.path / ".reeld").glob("ledger.db*"):
        path.unlink()
    assert run_reeld("adopt", "--yes", "--spool", spool.path).returncode == 0
    release(spool)
    daemon = start_daemon(stub, tables=LIMIT)
    assert daemon.wait_for("lane.held")["pairs"] == 7
    assert_canary_passes(stub, spool, daemon, "canary", *stems)


@pytest.mark.parametrize("limit", [0, 100])
def test_nobody_is_asked_unless_there_is_a_limit(stub, spool, start_daemon, limit):
    stems = drop_many(spool, "film", 30)
    daemon = start_daemon(stub, tables={"submit": {"ask_above": limit}})
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
    assert not daemon.events("lane.held")


def copy_pair(spool, stem, name):
    for extension in ("txt", "png"):
        spool.put(f"{name}.{extension}", spool.file(stem, extension).read_bytes())


def test_each_copy_waits_where_that_is_the_rule(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables={"submit": {"duplicates": "hold"}})
    spool.drop("scene", "scene")
    spool.wait_for_result("scene", daemon=daemon)
    copy_pair(spool, "scene", "take2")
    daemon.wait_for("pair.duplicate", job="take2")
    assert_canary_passes(stub, spool, daemon, "canary", "scene")
    assert "duplicate " in run_reeld("status", "--spool", spool.path).stdout
    release(spool)
    spool.wait_for_result("take2", daemon=daemon)


def test_a_copy_of_what_is_under_way_waits_where_that_is_the_rule(gate, spool, start_daemon):
    daemon = start_daemon(gate.stub, url=gate.url(), tables={"submit": {"duplicates": "hold"}})
    spool.drop("first", "first")
    spool.wait_for_result("first", daemon=daemon)
    gate.send(spool, "scene")
    copy_pair(spool, "scene", "take2")
    daemon.wait_for("pair.duplicate", job="take2")
    gate.open()
    spool.wait_for_result("scene", daemon=daemon)
    assert_canary_passes(gate.stub, spool, daemon, "canary", "first", "scene")
    release(spool)
    spool.wait_for_result("take2", daemon=daemon)
    assert prompts_of(gate.stub) == ["canary", "first", "scene", "scene"]


def test_of_copies_that_come_together_one_is_sent_where_the_others_are_held(stub, spool, start_daemon):
    spool.drop("scene/0", "scene")
    for number in range(1, 5):
        copy_pair(spool, "scene/0", f"scene/{number}")
    daemon = start_daemon(stub, tables={"submit": {"duplicates": "hold"}})
    daemon.wait_for("pair.duplicate", count=4)
    held = {event["job"] for event in daemon.events("pair.duplicate")}
    accepted = daemon.wait_for("job.accepted")["job"]
    assert held | {accepted} == {f"scene/{number}" for number in range(5)}
    assert_canary_passes(stub, spool, daemon, "canary", "scene")


def test_a_few_copies_are_takes_and_a_folder_of_them_waits(stub, spool, start_daemon):
    stems = [f"film/{number}" for number in range(21)]
    for stem in stems:
        spool.drop(stem, stem)
    daemon = start_daemon(stub)
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
    aside = spool.path.with_name("aside")
    for folder, count in (("few", 20), ("many", 21)):
        for stem in stems[:count]:
            copy_pair(spool, stem, f"../aside/{stem.replace('film', folder)}")
    (aside / "few").rename(spool.path / "few")
    daemon.wait_for("job.accepted", count=41)
    assert not daemon.events("pair.duplicate")
    (aside / "many").rename(spool.path / "many")
    daemon.wait_for("pair.duplicate", count=21)
    assert daemon.wait_for("lane.held")["pairs"] == 21
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert len(stub.posts(created=True)) == 42
    release(spool)
    daemon.wait_for("job.accepted", count=63)
