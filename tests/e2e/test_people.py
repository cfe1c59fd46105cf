"""What people do with files: move, remove, link, touch, edit, copy, restore. Whatever it is, a pair is bought once, and
where reeld cannot tell any more it says so and sends nothing."""

import os
import pathlib
import shutil
import sqlite3

import pytest

from harness import Stub, make_png, run_reeld, text_bytes, wait_until
from launching import launch  # noqa: F401 (a fixture)

STEMS = [f"scene{number}" for number in range(5)]
KINDS = ("txt", "png")


@pytest.fixture
def slow(tmp_path):
    with Stub(tmp_path / "slow", "--latency", "1200ms") as started:
        yield started


def accept(spool, daemon, stem):
    spool.drop(stem, stem)
    answer = spool.wait_for_result(stem, daemon=daemon)
    daemon.wait_for("job.accepted", job=stem)
    return answer


def only_once(stub, spool, daemon, stems=STEMS, canary="canary"):
    """One pair more goes through, and each of the others has been sent once: never a second POST."""
    accept(spool, daemon, canary)
    prompts = sorted(record["fields"]["prompt"] for record in stub.posts(complete=True))
    assert prompts == sorted([*stems, canary]), daemon.story()


def answer_to(stub, stem):
    (record,) = [record for record in stub.posts(created=True) if record["fields"]["prompt"] == stem]
    return text_bytes(record["response"])


def stop(daemon):
    assert daemon.stop() == 0, daemon.story()


def move_pair(spool, stem, to):
    """Both files, the image first: a half that arrives is no pair yet."""
    pathlib.Path(spool.file(to, "txt")).parent.mkdir(parents=True, exist_ok=True)
    for kind in reversed(KINDS):
        spool.file(stem, kind).rename(spool.file(to, kind))


# Results.

def test_results_are_moved_away_and_back(stub, spool, launch, tmp_path):  # noqa: F811
    """`mv *.job.json done/`, a reload that looks at it all again, and `mv done/* .`."""
    daemon = launch()
    answers = [accept(spool, daemon, stem) for stem in STEMS]
    away = tmp_path / "away"
    away.mkdir()
    for stem in STEMS:
        spool.result_path(stem).rename(away / f"{stem}.job.json")
    for stem in STEMS:
        daemon.wait_for("pair.known", job=stem)
    for stem in STEMS:
        (away / f"{stem}.job.json").rename(spool.result_path(stem))
    stop(daemon)
    daemon = launch()
    only_once(stub, spool, daemon)
    assert [spool.result_path(stem).read_bytes() for stem in STEMS] == answers
    assert not daemon.events("pair.known")


def test_results_removed_over_many_starts_are_spoken_of_once(stub, spool, launch):  # noqa: F811
    daemon = launch()
    for stem in STEMS:
        accept(spool, daemon, stem)
    stop(daemon)
    for stem in STEMS:
        spool.result_path(stem).unlink()
    daemon = launch()
    for stem in STEMS:
        assert daemon.wait_for("pair.known", job=stem)["state"] == "accepted"
    stop(daemon)
    for number in range(2):
        daemon = launch()
        accept(spool, daemon, f"canary{number}")
        stop(daemon)
        assert not daemon.events("pair.known"), "said before"
    assert len(stub.posts()) == len(STEMS) + 2 and not any(spool.results_of(stem) for stem in STEMS)


def mirror(source, target, keep=()):
    """`rsync -a --delete source/ target/`: what is not in the source goes, what is the same stays as it is."""
    for path in sorted(target.rglob("*"), reverse=True):
        name = path.relative_to(target)
        if (source / name).exists() or any(str(name).startswith(kept) for kept in keep):
            continue
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    for path in sorted(source.rglob("*")):
        there = target / path.relative_to(source)
        if path.is_dir():
            there.mkdir(exist_ok=True)
        elif not there.exists() or there.stat().st_mtime_ns != path.stat().st_mtime_ns:
            part = there.with_name(f".{there.name}.Xa81Kq")
            shutil.copy2(path, part)
            part.rename(there)


def write_source(folder):
    for stem in STEMS:
        (folder / "project").mkdir(parents=True, exist_ok=True)
        (folder / f"project/{stem}.txt").write_text(f"project/{stem}")
        (folder / f"project/{stem}.png").write_bytes(make_png(3000, seed=stem))
    return [f"project/{stem}" for stem in STEMS]


def test_a_folder_is_mirrored_and_its_results_deleted(stub, spool, launch, tmp_path):  # noqa: F811
    stems = write_source(tmp_path / "source")
    mirror(tmp_path / "source", spool.path)
    daemon = launch()
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
    for _ in range(2):
        mirror(tmp_path / "source", spool.path, keep=(".reeld",))
        assert not any(spool.results_of(stem) for stem in stems)
        for stem in stems:
            daemon.wait_for("pair.known", job=stem)
    stop(daemon)
    daemon = launch()
    only_once(stub, spool, daemon, stems)


def test_a_whole_spool_is_mirrored_with_its_marker(stub, spool, launch, tmp_path):  # noqa: F811
    """It takes .reeld away as well. The daemon that runs still knows; the next start knows that it does not."""
    stems = write_source(tmp_path / "source")
    mirror(tmp_path / "source", spool.path)
    tables = {"ledger": {"path": str(tmp_path / "ledger.db")}}
    daemon = launch(tables=tables)
    for stem in stems:
        spool.wait_for_result(stem, daemon=daemon)
        daemon.wait_for("job.accepted", job=stem)
    mirror(tmp_path / "source", spool.path)
    for stem in stems:
        daemon.wait_for("pair.known", job=stem)
    daemon.kill()
    (spool.path / ".reeld" / "spool").unlink(missing_ok=True)
    refuses_to_start(stub, launch, tables=tables)
    assert len(stub.posts()) == len(stems)


# Prompts and images.

def edit(path, text):
    """As some editors save: the old file goes, a new one comes."""
    path.unlink()
    path.write_text(text)


def touch(path):
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))


@pytest.mark.parametrize("change", [lambda spool: edit(spool.file("scene0", "txt"), "another prompt"),
                                    lambda spool: touch(spool.file("scene0", "txt")),
                                    lambda spool: touch(spool.file("scene0", "png"))],
                         ids=["edited", "prompt-touched", "image-touched"])
def test_half_of_an_accepted_pair_changes(stub, spool, launch, change):  # noqa: F811
    """With its result there it is finished; with the result gone it is still the old job, and said to be."""
    daemon = launch()
    answer = accept(spool, daemon, "scene0")
    change(spool)
    accept(spool, daemon, "first canary")
    assert spool.result_path("scene0").read_bytes() == answer
    spool.result_path("scene0").unlink()
    assert daemon.wait_for("pair.known", job="scene0")["state"] == "accepted"
    only_once(stub, spool, daemon, ["scene0", "first canary"])
    stop(daemon)
    daemon = launch()
    only_once(stub, spool, daemon, ["scene0", "first canary", "canary"], "last canary")


def test_both_files_are_touched_beside_their_result(stub, spool, launch):  # noqa: F811
    daemon = launch()
    answer = accept(spool, daemon, "scene0")
    for kind in KINDS:
        touch(spool.file("scene0", kind))
    stop(daemon)
    daemon = launch()
    only_once(stub, spool, daemon, ["scene0"])
    assert spool.result_path("scene0").read_bytes() == answer


@pytest.mark.parametrize("change", [lambda path: edit(path, "another prompt"), touch], ids=["edited", "touched"])
def test_a_prompt_changes_while_the_answer_is_awaited(slow, spool, launch, change):  # noqa: F811
    """What was paid for has its result, and the pair that it has become is not sent."""
    daemon = launch(over=slow)
    spool.drop("scene0", "scene0")
    slow.wait_for_posts(1, complete=True)
    change(spool.file("scene0", "txt"))
    assert spool.wait_for_result("scene0", daemon=daemon) == answer_to(slow, "scene0")
    only_once(slow, spool, daemon, ["scene0"])


def test_an_accepted_image_is_removed_and_comes_back(stub, spool, launch, tmp_path):  # noqa: F811
    daemon = launch()
    accept(spool, daemon, "scene0")
    spool.file("scene0", "png").rename(tmp_path / "kept.png")
    spool.result_path("scene0").unlink()
    accept(spool, daemon, "first canary")
    (tmp_path / "kept.png").rename(spool.file("scene0", "png"))
    daemon.wait_for("pair.known", job="scene0")
    only_once(stub, spool, daemon, ["scene0", "first canary"])


# Links.

def link_pair(spool, stem, to):
    spool.file(to, "txt").parent.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        os.link(spool.file(stem, kind), spool.file(to, kind))


def test_two_names_of_the_same_files_at_a_start(stub, spool, launch):  # noqa: F811
    for stem in STEMS:
        spool.drop(stem, stem)
        link_pair(spool, stem, f"linked/{stem}")
    daemon = launch()
    for stem in STEMS:
        wait_until(lambda stem=stem: spool.results_of(stem) or spool.results_of(f"linked/{stem}"), daemon.story)
    only_once(stub, spool, daemon)


def test_linked_while_stopped(stub, spool, launch):  # noqa: F811
    daemon = launch()
    answers = {stem: accept(spool, daemon, stem) for stem in STEMS}
    stop(daemon)
    for stem in STEMS:
        link_pair(spool, stem, f"linked/{stem}")
    daemon = launch()
    for stem in STEMS:
        assert spool.wait_for_result(f"linked/{stem}", daemon=daemon) == answers[stem]
        assert spool.result_path(stem).read_bytes() == answers[stem], "its own files are still there"
    only_once(stub, spool, daemon)


# Moves.

@pytest.mark.parametrize("is_running", [True, False], ids=["running", "stopped"])
def test_a_pair_moves_and_its_result_goes_with_it(stub, spool, launch, is_running):  # noqa: F811
    daemon = launch()
    answer = accept(spool, daemon, "before/scene0")
    if not is_running:
        stop(daemon)
    move_pair(spool, "before/scene0", "after/scene0")
    if not is_running:
        daemon = launch()
    assert spool.wait_for_result("after/scene0", daemon=daemon) == answer
    wait_until(lambda: not spool.results_of("before/scene0"), daemon.story)
    only_once(stub, spool, daemon, ["before/scene0"])
    # And on: the ledger has gone with it.
    stop(daemon)
    move_pair(spool, "after/scene0", "scene0")
    daemon = launch()
    assert spool.wait_for_result("scene0", daemon=daemon) == answer
    wait_until(lambda: not spool.results_of("after/scene0"), daemon.story)
    only_once(stub, spool, daemon, ["before/scene0", "canary"], "last canary")


def test_a_pair_moves_to_another_folder_while_its_answer_is_awaited(slow, spool, launch):  # noqa: F811
    daemon = launch(over=slow)
    spool.drop("before/scene0", "scene0")
    slow.wait_for_posts(1, complete=True)
    move_pair(spool, "before/scene0", "after/scene0")
    assert spool.wait_for_result("after/scene0", daemon=daemon) == answer_to(slow, "scene0")
    wait_until(lambda: not spool.results_of("before/scene0"), daemon.story)
    only_once(slow, spool, daemon, ["scene0"])


def test_a_pair_moves_while_its_answer_is_awaited_and_reeld_is_killed(slow, spool, launch):  # noqa: F811
    """Nobody knows: the doubt goes with the pair."""
    daemon = launch(over=slow)
    spool.drop("before/scene0", "scene0")
    slow.wait_for_posts(1, complete=True)
    daemon.kill()
    move_pair(spool, "before/scene0", "after/scene0")
    daemon = launch(over=slow)
    doubt = spool.read_result("after/scene0", "doubt", daemon)
    assert doubt["verdict"] == "doubt"
    wait_until(lambda: not spool.results_of("before/scene0"), daemon.story)
    only_once(slow, spool, daemon, ["scene0"])


@pytest.mark.parametrize("moment", ["awaited", "accepted"])
def test_a_pair_leaves_the_spool_and_comes_back(slow, spool, launch, tmp_path, moment):  # noqa: F811
    daemon = launch(over=slow)
    spool.drop("scene0", "scene0")
    slow.wait_for_posts(1, complete=True)
    if moment == "accepted":
        spool.wait_for_result("scene0", daemon=daemon)
    for kind in KINDS:
        spool.file("scene0", kind).rename(tmp_path / f"kept.{kind}")
    spool.wait_for_result("scene0", daemon=daemon)
    daemon.wait_for("job.accepted", job="scene0")
    spool.result_path("scene0").unlink()
    accept(spool, daemon, "first canary")
    for kind in reversed(KINDS):
        (tmp_path / f"kept.{kind}").rename(spool.file("scene0", kind))
    assert daemon.wait_for("pair.known", job="scene0")["state"] == "accepted"
    only_once(slow, spool, daemon, ["scene0", "first canary"])


def test_a_doubt_finds_its_folder_that_was_renamed_while_stopped(slow, spool, launch):  # noqa: F811
    daemon = launch(over=slow)
    spool.drop("before/scene0", "scene0")
    slow.wait_for_posts(1, complete=True)
    daemon.kill()
    (spool.path / "deep").mkdir()
    (spool.path / "before").rename(spool.path / "deep" / "after")
    daemon = launch(over=slow)
    assert spool.read_result("deep/after/scene0", "doubt", daemon)["verdict"] == "doubt"
    only_once(slow, spool, daemon, ["scene0"])
    assert not (spool.path / "before").exists()


def test_an_answer_finds_its_folder_that_was_renamed_while_stopped(slow, spool, launch):  # noqa: F811
    """It was in the ledger, and could not be written: something else had its name."""
    daemon = launch(over=slow)
    spool.drop("before/scene0", "scene0")
    slow.wait_for_posts(1, complete=True)
    spool.result_path("before/scene0").mkdir()
    line = daemon.wait_for("result.unwritten", job="before/scene0")
    assert line["answer"].encode() == answer_to(slow, "scene0")
    daemon.kill()
    spool.result_path("before/scene0").rmdir()
    (spool.path / "before").rename(spool.path / "after")
    daemon = launch(over=slow)
    assert spool.wait_for_result("after/scene0", daemon=daemon) == answer_to(slow, "scene0")
    only_once(slow, spool, daemon, ["scene0"])


# Ledger and spool.

def ledger_of(spool):
    return spool.path / ".reeld" / "ledger.db"


def refuses_to_start(stub, launch, code=78, **options):  # noqa: F811
    """Ends with that code, sends nothing; returns what was said."""
    sent = len(stub.requests())
    daemon = launch(wait=False, **options)
    assert daemon.wait() == code, daemon.story()
    assert len(stub.requests()) == sent and daemon.lines == []
    return daemon.stderr()


def remove_ledger(path):
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def copy_ledger(source, target):
    for suffix in ("", "-wal"):
        there = source.with_name(source.name + suffix)
        if there.exists():
            shutil.copy2(there, target.with_name(target.name + suffix))


@pytest.fixture
def used(stub, spool, launch):  # noqa: F811
    """A spool that has been served, with a pair accepted and its result moved away."""
    daemon = launch()
    accept(spool, daemon, "scene0")
    stop(daemon)
    spool.result_path("scene0").unlink()
    return spool


def test_a_ledger_restored_from_a_backup(stub, used, launch, tmp_path):  # noqa: F811
    copy_ledger(ledger_of(used), tmp_path / "backup.db")
    daemon = launch()
    accept(used, daemon, "later")
    stop(daemon)
    used.result_path("later").unlink()
    remove_ledger(ledger_of(used))
    copy_ledger(tmp_path / "backup.db", ledger_of(used))
    said = refuses_to_start(stub, launch)
    assert "reeld adopt" in said and "backup" in said and str(ledger_of(used)) in said
    before = ledger_of(used).read_bytes()
    refuses_to_start(stub, launch)
    assert ledger_of(used).read_bytes() == before and len(stub.posts()) == 2


def test_a_ledger_that_is_missing(stub, used, launch):  # noqa: F811
    remove_ledger(ledger_of(used))
    said = refuses_to_start(stub, launch)
    assert "reeld adopt" in said and "missing" in said
    assert not ledger_of(used).exists(), "none is made before somebody has looked"
    refuses_to_start(stub, launch)
    assert len(stub.posts()) == 1


@pytest.mark.parametrize("how", ["path", "state"])
def test_a_marker_that_is_gone(stub, spool, launch, tmp_path, how):  # noqa: F811
    """An empty mount point looks just so."""
    (tmp_path / "state").mkdir()
    options = {"tables": {"ledger": {"path": str(tmp_path / "state/ledger.db")}}} if how == "path" else {
        "environment": {"STATE_DIRECTORY": str(tmp_path / "state")}}
    daemon = launch(**options)
    accept(spool, daemon, "scene0")
    stop(daemon)
    assert (tmp_path / "state/ledger.db").exists() and not ledger_of(spool).exists()
    spool.result_path("scene0").unlink()
    shutil.rmtree(spool.path / ".reeld")
    said = refuses_to_start(stub, launch, **options)
    assert "reeld adopt" in said and "mount" in said and not (spool.path / ".reeld").exists()
    assert len(stub.posts()) == 1


@pytest.mark.parametrize("is_elsewhere", [False, True], ids=["ledger-within", "ledger-elsewhere"])
def test_a_spool_that_is_a_copy(stub, spool, launch, tmp_path, is_elsewhere):  # noqa: F811
    options = {"tables": {"ledger": {"path": str(tmp_path / "ledger.db")}}} if is_elsewhere else {}
    daemon = launch(**options)
    accept(spool, daemon, "scene0")
    stop(daemon)
    copy = type(spool)(tmp_path / "copy")
    shutil.copytree(spool.path, copy.path, dirs_exist_ok=True)
    copy.result_path("scene0").unlink()
    said = refuses_to_start(stub, launch, at=copy, **options)
    assert "reeld adopt" in said and "cop" in said
    daemon = launch(**options)  # the original is as it was
    only_once(stub, spool, daemon, ["scene0"])


@pytest.mark.parametrize("damage", ["not-a-database", "a-page", "cut"])
def test_a_ledger_that_is_corrupt(stub, used, launch, damage):  # noqa: F811
    """It is set aside as it is, for somebody who may get something out of it, and nothing is sent."""
    with sqlite3.connect(ledger_of(used)) as database:  # nothing is left in the log: the file is all there is
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    data = bytearray(ledger_of(used).read_bytes())
    if damage == "not-a-database":
        data[:100] = b"x" * 100
    elif damage == "a-page":
        data[4096:len(data) // 4096 // 2 * 4096 + 4096] = b"\xa5" * (len(data) // 4096 // 2 * 4096)
    else:
        del data[len(data) // 2 // 4096 * 4096:]
    ledger_of(used).write_bytes(data)
    said = refuses_to_start(stub, launch)
    (aside,) = [path for path in ledger_of(used).parent.glob("ledger.db.corrupt-*") if path.suffix != "-wal"]
    assert aside.read_bytes() == bytes(data), "not a byte of it is changed"
    assert "corrupt" in said and str(aside) in said and "reeld adopt" in said.replace("\n", " ")
    said = refuses_to_start(stub, launch)
    assert "reeld adopt" in said and aside.read_bytes() == bytes(data)
    assert len(stub.posts()) == 1


def test_a_ledger_of_another_spool(stub, used, launch, tmp_path):  # noqa: F811
    other = type(used)(tmp_path / "other")
    daemon = launch(at=other)
    accept(other, daemon, "scene9")
    stop(daemon)
    remove_ledger(ledger_of(used))
    copy_ledger(ledger_of(other), ledger_of(used))
    assert "reeld adopt" in refuses_to_start(stub, launch)
    assert len(stub.posts()) == 2


@pytest.mark.parametrize("is_elsewhere", [False, True], ids=["ledger-within", "ledger-elsewhere"])
def test_two_daemons_by_two_paths(stub, spool, launch, tmp_path, is_elsewhere):  # noqa: F811
    options = {"tables": {"ledger": {"path": str(tmp_path / "ledger.db")}}} if is_elsewhere else {}
    daemon = launch(**options)
    (tmp_path / "alias").symlink_to(spool.path)
    alias = type(spool)(tmp_path / "alias")
    refuses_to_start(stub, launch, code=75, at=alias, **options)
    dotted = type(spool)(f"{tmp_path}/alias/../{spool.path.name}/.")
    refuses_to_start(stub, launch, code=75, at=dotted, **options)
    only_once(stub, spool, daemon, [])


def test_two_spools_with_one_ledger(stub, spool, launch, tmp_path):  # noqa: F811
    """The ledger can be of one of them only."""
    tables = {"ledger": {"path": str(tmp_path / "ledger.db")}}
    daemon = launch(tables=tables)
    other = type(spool)(tmp_path / "other")
    other.drop("scene9", "scene9")
    daemon_code = launch(at=other, tables=tables, wait=False).wait()
    assert daemon_code in (75, 78)
    stop(daemon)
    refuses_to_start(stub, launch, at=other, tables=tables)
    assert stub.posts() == []


def test_a_spool_that_was_renamed_as_a_whole(stub, used, launch, tmp_path):  # noqa: F811
    """It is the same folder, and its ledger is in it."""
    used.path.rename(tmp_path / "renamed")
    renamed = type(used)(tmp_path / "renamed")
    daemon = launch(at=renamed)
    daemon.wait_for("pair.known", job="scene0")
    only_once(stub, renamed, daemon, ["scene0"])


def test_check_says_what_keeps_the_daemon_from_starting(used, stub, tmp_path):
    remove_ledger(ledger_of(used))
    done = run_reeld("check", "--spool", used.path, "--url", "http://127.0.0.1:1")
    assert done.returncode != 0 and "ledger" in done.stdout + done.stderr, done
    assert len(stub.posts()) == 1
