"""A project of three shots that is paid for once, whatever people's programs do with it: copied over itself, touched,
restored, renamed, synced, while its answers are awaited and after its results were tidied away. A copy beside it is
another project, and is bought."""

import json
import os
import pathlib
import shutil
import tempfile

import pytest

from client_ways import WAYS, Ways
from harness import wait_until
from house import write_pair
from servers import run

SHOTS = {f"shot{number}": f"Shot {number}: the camera pans left" for number in (1, 2, 3)}


class Project:
    """The three shots at home, and in the folder `place` of the spool, where they were brought with their times."""

    def __init__(self, folder, spool):
        self.spool, self.folder = spool, folder
        self.home = folder / "home"
        self.home.mkdir()
        for stem, prompt in SHOTS.items():
            write_pair(self.home, stem, prompt)
        self.place = spool.path / "project"

    def bring(self):
        self.place.mkdir()
        run("cp", "-p", *sorted(self.home.iterdir()), f"{self.place}/")

    def stem(self, shot):
        return f"{self.place.name}/{shot}"


# What is done to the project. Each is a function of it; where it leaves the shots in another folder, it says so there.

def touch(project):
    run("touch", *sorted(project.place.glob("shot*.txt")), *sorted(project.place.glob("shot*.png")))


def touch_the_prompts(project):
    run("touch", "-d", "2024-02-29 12:00", *sorted(project.place.glob("shot*.txt")))


def change_the_modes(project):
    run("chmod", "-R", "g+w", project.place)


def rename(project):
    renamed = project.place.with_name("renamed")
    project.place.rename(renamed)
    project.place = renamed


def move_away_and_back(project):
    away = project.folder / "away"
    shutil.move(project.place, away)
    shutil.move(away, project.place)


def restore_from_a_backup(project):
    """All of it removed, and unpacked again: other inodes, the same names, times and bytes."""
    archive = project.folder / "backup.tar"
    inputs = sorted(path.name for path in project.place.iterdir() if path.suffix in (".txt", ".png"))
    run("tar", "-cf", archive, "-C", project.place, *inputs)
    for name in inputs:
        (project.place / name).unlink()
    run("tar", "-xf", archive, "-C", project.place)


def bring_again(way):
    def deed(project):
        with tempfile.TemporaryDirectory(dir=project.folder) as folder, Ways(pathlib.Path(folder), project.place) as ways:
            ways.bring(way, project.home)
    return deed


DEEDS = {
    "touch": touch,
    "touch the prompts": touch_the_prompts,
    "chmod -R": change_the_modes,
    "rename": rename,
    "away and back": move_away_and_back,
    "restore": restore_from_a_backup,
    **{f"{way} over it": bring_again(way) for way in WAYS},
}


@pytest.fixture
def project(tmp_path, spool):
    return Project(tmp_path, spool)


def sent(stub):
    return sorted(record["fields"]["prompt"] for record in stub.posts(complete=True))


def pay(spool, daemon, canary):
    """One pair more, all the way: what came before it was looked at, and the lane is a request wider."""
    spool.drop(canary, canary)
    spool.wait_for_result(canary, daemon=daemon)


def tidy(project, daemon):
    """The results, once they are all there, go where the finished ones are kept; returns their ids by prompt."""
    found = {}
    done = project.folder / "done"
    done.mkdir(exist_ok=True)
    for shot, prompt in SHOTS.items():
        found[prompt] = json.loads(project.spool.wait_for_result(project.stem(shot), daemon=daemon))["id"]
        daemon.wait_for("job.accepted", id=found[prompt])
        path = project.spool.result_path(project.stem(shot))
        path.rename(done / path.name)
    return found


def check_paid_once(stub, project, daemon, start_daemon, found, canaries, **options):
    """Each prompt was sent once and has its own answer; neither the daemon nor a drain after it sends or writes more."""
    pay(project.spool, daemon, "live")
    expected = sorted([*SHOTS.values(), *canaries, "live"])
    assert sent(stub) == expected, daemon.story()
    assert daemon.stop() == 0
    project.spool.drop("again", "again")
    drain = start_daemon(stub, wait=False, command=("drain", "--config", "{config}"), **options)
    assert drain.wait(120) == 0, drain.story()
    assert sent(stub) == sorted([*expected, "again"]), drain.story()
    assert {record["fields"]["prompt"]: record["id"] for record in stub.posts(complete=True)
            if record["fields"]["prompt"] in found} == found
    left = [path.name for path in project.place.iterdir() if path.suffix == ".json"]
    assert not left, daemon.story() + f"results that were taken away came back: {left}"


@pytest.mark.parametrize("deed", DEEDS)
def test_after_the_results_were_tidied_away(deed, stub, project, start_daemon):
    daemon = start_daemon(stub)
    project.bring()
    found = tidy(project, daemon)
    DEEDS[deed](project)
    check_paid_once(stub, project, daemon, start_daemon, found, [])


@pytest.mark.parametrize("deed", DEEDS)
def test_while_the_answers_are_awaited(deed, gate, project, start_daemon):
    daemon = start_daemon(gate.stub, url=gate.url())
    canaries = ["one", "two", "three"]
    for canary in canaries:
        pay(project.spool, daemon, canary)
    gate.close()
    project.bring()
    gate.stub.wait_for_posts(len(canaries) + len(SHOTS), complete=True)
    DEEDS[deed](project)
    gate.open()
    found = tidy(project, daemon)
    DEEDS[deed](project)  # once more: cron goes on
    check_paid_once(gate.stub, project, daemon, start_daemon, found, canaries, url=gate.url())


@pytest.mark.parametrize("deed", ["rsync -r over it", "tar over it", "touch", "restore"])
def test_before_the_daemon_starts_again(deed, stub, project, start_daemon):
    daemon = start_daemon(stub)
    project.bring()
    found = tidy(project, daemon)
    assert daemon.stop() == 0
    DEEDS[deed](project)
    check_paid_once(stub, project, start_daemon(stub), start_daemon, found, [])


def test_other_settings_do_not_make_another_job(stub, project, start_daemon):
    daemon = start_daemon(stub)
    project.bring()
    found = tidy(project, daemon)
    changed = {"job": {"model": "sora-2-pro", "seconds": 12}}
    daemon.configure(changed)
    daemon.reload()
    daemon.wait_for("config.reloaded")
    project.spool.put("project/reeld.toml", 'size = "9x16"\n')
    touch(project)
    check_paid_once(stub, project, daemon, start_daemon, found, [], tables=changed)


@pytest.mark.parametrize("command", [("cp", "-r"), ("cp", "-a"), ("rsync", "-a")], ids=" ".join)
def test_a_copy_beside_it_is_bought(command, stub, project, start_daemon):
    daemon = start_daemon(stub)
    project.bring()
    first = tidy(project, daemon)
    original = project.place
    project.place = original.with_name("copy")
    run(*command, f"{original}/" if command[0] == "rsync" else original, project.place)
    second = tidy(project, daemon)
    assert first.keys() == second.keys() and not set(first.values()) & set(second.values())
    pay(project.spool, daemon, "canary")
    assert sent(stub) == sorted([*SHOTS.values(), *SHOTS.values(), "canary"])


def test_other_takes_beside_a_shot_are_bought(stub, project, start_daemon):
    daemon = start_daemon(stub)
    project.bring()
    tidy(project, daemon)
    for extension in ("txt", "png"):
        run("cp", "-p", project.place / f"shot1.{extension}", project.place / f"take2.{extension}")
    project.spool.wait_for_result(project.stem("take2"), daemon=daemon)
    pay(project.spool, daemon, "canary")
    assert sent(stub) == sorted([*SHOTS.values(), SHOTS["shot1"], "canary"])


def test_half_a_copy_is_nothing_and_the_rest_is_another_job(stub, project, start_daemon):
    """A link to the reference image beside another prompt is another shot, as people make them."""
    daemon = start_daemon(stub)
    project.bring()
    tidy(project, daemon)
    os.link(project.place / "shot1.png", project.place / "shot4.png")
    project.spool.put("project/shot4.txt", "Shot 4: the camera pans left")
    project.spool.wait_for_result(project.stem("shot4"), daemon=daemon)
    wait_until(lambda: len(stub.posts(complete=True)) == 4, daemon.story)
