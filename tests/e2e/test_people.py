"""What people do with files: move, remove, link, touch, edit, copy, restore. Whatever it is, a pair is bought once, and
where reeld cannot tell any more it says so and sends nothing."""

import os
import pathlib
import shutil

import pytest

from accounts import read_ledger
from harness import make_png, wait_until
from launching import launch  # noqa: F401 (a fixture)
from people import KINDS, STEMS, accept, accept_and_tidy, answer_to, only_once, refuses_to_start, stop


def send(gate, spool, launch, stem, prompt="scene0"):  # noqa: F811
    """A pair that has gone up whole, and whose answer is awaited until the gate is opened."""
    daemon = launch(over=gate.stub, url=gate.url())
    gate.send(spool, stem, prompt=prompt)
    return daemon


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
    accept_and_tidy(spool, launch)
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
def test_a_prompt_changes_while_the_answer_is_awaited(gate, spool, launch, change):  # noqa: F811
    """What was paid for has its result, and the pair that it has become is not sent."""
    daemon = send(gate, spool, launch, "scene0")
    change(spool.file("scene0", "txt"))
    gate.open()
    assert spool.wait_for_result("scene0", daemon=daemon) == answer_to(gate.stub, "scene0")
    only_once(gate.stub, spool, daemon, ["scene0"])


def replace_pair(spool, stem, prompt):
    """Two files of one's own, under the names of others."""
    spool.drop(stem, prompt, make_png(5000))


def touch_pair(spool, stem):
    for kind in KINDS:
        touch(spool.file(stem, kind))


def test_both_files_are_replaced_while_the_answer_is_awaited(gate, spool, launch):  # noqa: F811
    """Two other files are another job: it is sent, and the answer to the first is kept beside it."""
    daemon = send(gate, spool, launch, "scene0", "first")
    replace_pair(spool, "scene0", "second")
    gate.open()
    assert spool.wait_for_result("scene0", daemon=daemon) == answer_to(gate.stub, "second")
    line = daemon.wait_for("result.written", level="warning", job="scene0")
    assert line["file"].startswith(".scene0.job.json.replaced-"), line
    assert (spool.path / line["file"]).read_bytes() == answer_to(gate.stub, "first")
    only_once(gate.stub, spool, daemon, ["first", "second"])


def test_a_doubt_is_seen_though_both_files_were_replaced(gate, spool, launch):  # noqa: F811
    daemon = send(gate, spool, launch, "scene0", "first")
    replace_pair(spool, "scene0", "second")
    daemon.kill()
    daemon = launch(over=gate.stub)
    spool.wait_for_result("scene0", "doubt", daemon)
    only_once(gate.stub, spool, daemon, ["first"])


def test_both_files_are_touched_while_the_answer_is_awaited(gate, spool, launch):  # noqa: F811
    daemon = send(gate, spool, launch, "scene0")
    touch_pair(spool, "scene0")
    gate.open()
    assert spool.wait_for_result("scene0", daemon=daemon) == answer_to(gate.stub, "scene0")
    only_once(gate.stub, spool, daemon, ["scene0"])


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
        daemon.wait_for("pair.known", job=f"linked/{stem}")
        assert spool.result_path(stem).read_bytes() == answers[stem]
        assert not spool.results_of(f"linked/{stem}"), "what was published is not written again"
    only_once(stub, spool, daemon)


# Moves.

@pytest.mark.parametrize("is_running", [True, False], ids=["running", "stopped"])
def test_a_pair_moves_and_its_published_result_stays_where_it_was(stub, spool, launch, is_running):  # noqa: F811
    daemon = launch()
    answer = accept(spool, daemon, "before/scene0")
    if not is_running:
        stop(daemon)
    move_pair(spool, "before/scene0", "after/scene0")
    if not is_running:
        daemon = launch()
    assert daemon.wait_for("pair.known", job="after/scene0")["was"] == "before/scene0"
    assert spool.result_path("before/scene0").read_bytes() == answer and not spool.results_of("after/scene0")
    only_once(stub, spool, daemon, ["before/scene0"])
    # And on: the ledger has gone with it.
    stop(daemon)
    move_pair(spool, "after/scene0", "scene0")
    daemon = launch()
    assert daemon.wait_for("pair.known", job="scene0")["was"] == "after/scene0"
    assert not spool.results_of("scene0")
    only_once(stub, spool, daemon, ["before/scene0", "canary"], "last canary")


def test_a_pair_moves_to_another_folder_while_its_answer_is_awaited(gate, spool, launch):  # noqa: F811
    daemon = send(gate, spool, launch, "before/scene0")
    move_pair(spool, "before/scene0", "after/scene0")
    gate.open()
    assert spool.wait_for_result("after/scene0", daemon=daemon) == answer_to(gate.stub, "scene0")
    wait_until(lambda: not spool.results_of("before/scene0"), daemon.story)
    only_once(gate.stub, spool, daemon, ["scene0"])


def test_a_pair_moves_while_its_answer_is_awaited_and_reeld_is_killed(gate, spool, launch):  # noqa: F811
    """Nobody knows: the doubt goes with the pair."""
    daemon = send(gate, spool, launch, "before/scene0")
    daemon.kill()
    move_pair(spool, "before/scene0", "after/scene0")
    daemon = launch(over=gate.stub)
    doubt = spool.read_result("after/scene0", "doubt", daemon)
    assert doubt["verdict"] == "doubt"
    wait_until(lambda: not spool.results_of("before/scene0"), daemon.story)
    only_once(gate.stub, spool, daemon, ["scene0"])


@pytest.mark.parametrize("moment", ["awaited", "accepted"])
def test_a_pair_leaves_the_spool_and_comes_back(gate, spool, launch, tmp_path, moment):  # noqa: F811
    daemon = send(gate, spool, launch, "scene0")
    if moment == "accepted":
        gate.open()
        spool.wait_for_result("scene0", daemon=daemon)
    for kind in KINDS:
        spool.file("scene0", kind).rename(tmp_path / f"kept.{kind}")
    gate.open()
    spool.wait_for_result("scene0", daemon=daemon)
    daemon.wait_for("job.accepted", job="scene0")
    spool.result_path("scene0").unlink()
    accept(spool, daemon, "first canary")
    for kind in reversed(KINDS):
        (tmp_path / f"kept.{kind}").rename(spool.file("scene0", kind))
    assert daemon.wait_for("pair.known", job="scene0")["state"] == "accepted"
    only_once(gate.stub, spool, daemon, ["scene0", "first canary"])


def test_a_doubt_finds_its_folder_that_was_renamed_while_stopped(gate, spool, launch):  # noqa: F811
    daemon = send(gate, spool, launch, "before/scene0")
    daemon.kill()
    (spool.path / "deep").mkdir()
    (spool.path / "before").rename(spool.path / "deep" / "after")
    daemon = launch(over=gate.stub)
    assert spool.read_result("deep/after/scene0", "doubt", daemon)["verdict"] == "doubt"
    only_once(gate.stub, spool, daemon, ["scene0"])
    assert not (spool.path / "before").exists()


def test_an_answer_finds_its_folder_that_was_renamed_while_stopped(gate, spool, launch):  # noqa: F811
    """It was in the ledger, and could not be written: something else had its name."""
    daemon = send(gate, spool, launch, "before/scene0")
    spool.result_path("before/scene0").mkdir()
    gate.open()
    line = daemon.wait_for("result.unwritten", job="before/scene0")
    assert line["answer"].encode() == answer_to(gate.stub, "scene0")
    ledger = spool.path / ".reeld" / "ledger.db"
    wait_until(lambda: [job.state for job in read_ledger(ledger)] == ["accepted"], daemon.story)
    daemon.kill()
    spool.result_path("before/scene0").rmdir()
    (spool.path / "before").rename(spool.path / "after")
    daemon = launch(over=gate.stub)
    assert spool.wait_for_result("after/scene0", daemon=daemon) == answer_to(gate.stub, "scene0")
    only_once(gate.stub, spool, daemon, ["scene0"])
