"""Folders as people's programs make them: with a mode of their own. The daemon is another user, as the service is."""

import os
import shutil
import subprocess

import pytest

from harness import make_png, write_config
from two_users import NOBODY, OTHERS, daemon, needs_root, place, prompts_of, run_as_daemon, run_daemon, spool, stub  # noqa: F401

pytestmark = needs_root


def make_folder(spool, name, mode, group=OTHERS):
    """As `mkdir -m` does, and never more open than that in between: the daemon would see that, too."""
    path = spool.path / name
    path.mkdir(0o700)
    os.chown(path, 0, group)
    path.chmod(mode)
    return path


def drop_into(spool, stem):
    spool.drop(stem, stem)
    for extension in ("txt", "png"):
        spool.file(stem, extension).chmod(0o644)


@pytest.mark.parametrize("mode, group, cure", [
    (0o2755, OTHERS, "chmod g+w {path}"),
    (0o2745, OTHERS, "chmod g+rwx {path}"),
    (0o755, 0, f"chgrp {OTHERS} {{path}} && chmod g+w {{path}}"),
])
def test_nothing_is_sent_from_a_folder_that_takes_no_results(daemon, spool, stub, mode, group, cure):
    path = make_folder(spool, "film", mode, group)
    for name in ("one", "two"):
        drop_into(spool, f"film/{name}")
    said = daemon.wait_for("folder.unwritable")
    assert said["folder"] == "film" and said["cure"] == cure.format(path=path) and said["cure"] in said["msg"]
    drop_into(spool, "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert prompts_of(stub) == ["canary"] and not daemon.events("attempt.started", job="film/one")
    subprocess.run(["sh", "-c", said["cure"]], check=True)
    for name in ("one", "two"):
        spool.wait_for_result(f"film/{name}", daemon=daemon)
    assert prompts_of(stub) == ["canary", "film/one", "film/two"]
    assert len(daemon.events("folder.unwritable")) == 1


def test_a_drain_does_not_pass_over_them(place, spool, stub):
    make_folder(spool, "film", 0o2755)
    drop_into(spool, "film/one")
    drop_into(spool, "canary")
    daemon = run_daemon(place, spool, stub, command=("drain", "--config", "{config}"))
    daemon.start(wait=False)
    assert daemon.wait() == 1 and "1 in folders that take no results" in daemon.story()
    assert prompts_of(stub) == ["canary"]


@pytest.mark.skipif(not shutil.which("setfacl"), reason="needs setfacl")
def test_an_access_control_list_counts(daemon, spool, stub):
    path = make_folder(spool, "film", 0o755, 0)
    subprocess.run(["setfacl", "-m", f"u:{NOBODY}:rwx", path], check=True)
    drop_into(spool, "film/open")
    spool.wait_for_result("film/open", daemon=daemon)
    subprocess.run(["setfacl", "-m", f"u:{NOBODY}:r-x,m::rwx", path], check=True)
    drop_into(spool, "film/closed")
    said = daemon.wait_for("folder.unwritable")
    assert prompts_of(stub) == ["film/open"] and said["cure"].startswith("setfacl -m u:")
    subprocess.run(["sh", "-c", said["cure"]], check=True)
    spool.wait_for_result("film/closed", daemon=daemon)


def test_a_folder_that_loses_its_permission_while_its_pairs_wait(place, daemon, spool, stub):
    """Between ready and its turn: the snapshot looks again."""
    assert run_as_daemon(place, "hold", "--spool", spool.path).returncode == 0
    daemon.wait_for("lane.held")
    path = make_folder(spool, "film", 0o2775)
    drop_into(spool, "film/one")
    daemon.wait_for("pair.ready", job="film/one")
    path.chmod(0o2755)
    assert run_as_daemon(place, "release", "--spool", spool.path).returncode == 0
    daemon.wait_for("folder.unwritable")
    assert stub.posts() == []
    path.chmod(0o2775)
    spool.wait_for_result("film/one", daemon=daemon)
    assert prompts_of(stub) == ["film/one"]


def test_a_prompt_that_may_not_be_read_for_a_moment_while_it_waits(place, daemon, spool, stub):
    assert run_as_daemon(place, "hold", "--spool", spool.path).returncode == 0
    daemon.wait_for("lane.held")
    make_folder(spool, "film", 0o2775)
    drop_into(spool, "film/one")
    daemon.wait_for("pair.ready", job="film/one")
    spool.file("film/one", "txt").chmod(0o000)
    assert run_as_daemon(place, "release", "--spool", spool.path).returncode == 0
    daemon.wait_for("pair.unreadable", job="film/one")
    spool.file("film/one", "txt").chmod(0o644)
    assert spool.wait_for_result("film/one", daemon=daemon)
    assert prompts_of(stub) == ["film/one"]


def test_nothing_is_sent_where_a_folder_has_the_name_of_a_result(daemon, spool, stub):
    make_folder(spool, "film", 0o2775)
    make_folder(spool, "film/one.job.json", 0o2775)
    drop_into(spool, "film/one")
    said = daemon.wait_for("pair.unreadable", job="film/one")
    assert "film/one.job.json is a folder" in said["reason"] and stub.posts() == []
    (spool.path / "film/one.job.json").rmdir()
    spool.wait_for_result("film/one", daemon=daemon)


def test_a_mode_that_is_set_last_is_not_spoken_of(daemon, spool, stub):
    """`cp -a`, `tar xp`: a folder is 0700 until its files are there."""
    names = [f"film{number}" for number in range(30)]
    for name in names:
        path = make_folder(spool, name, 0o700)
        drop_into(spool, f"{name}/scene")
        path.chmod(0o2775)
    for name in names:
        spool.wait_for_result(f"{name}/scene", daemon=daemon)
    assert prompts_of(stub) == [f"{name}/scene" for name in sorted(names)]
    for event in ("folder.unreadable", "folder.unwritable", "pair.unreadable"):
        assert not daemon.events(event), daemon.events(event)


def test_a_folder_that_stays_closed_is_spoken_of_once(daemon, spool, stub):
    path = make_folder(spool, "film", 0o700)
    drop_into(spool, "film/scene")
    daemon.wait_for("folder.unreadable", folder="film")
    path.chmod(0o2775)
    spool.wait_for_result("film/scene", daemon=daemon)
    assert len(daemon.events("folder.unreadable")) == 1


def test_files_whose_mode_is_set_last_are_not_spoken_of(daemon, spool, stub):
    make_folder(spool, "film", 0o2775)
    for number in range(20):
        stem = f"film/{number}"
        for extension, data in (("txt", stem.encode()), ("png", make_png(4096))):
            path = spool.file(stem, extension)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            path.write_bytes(data)
            path.chmod(0o644)
    for number in range(20):
        spool.wait_for_result(f"film/{number}", daemon=daemon)
    assert not daemon.events("pair.unreadable")


def test_status_and_checks_say_it(place, spool, stub):
    path = make_folder(spool, "it's", 0o2755)
    drop_into(spool, "it's/scene")
    config = write_config(place / "check.toml", {"spool": {"path": spool.path}, "api": {"url": stub.url()}})
    with run_daemon(place, spool, stub) as daemon:
        daemon.wait_for("folder.unwritable", cure=f"chmod g+w '{spool.path}/it'\\''s'")
        status = run_as_daemon(place, "status", "--spool", spool.path)
        assert "1 folders take no results" in status.stdout and "unwritable" in status.stdout, status.stdout
        plain = run_as_daemon(place, "check", "--config", config)
        checked = run_as_daemon(place, "check", "--pairs", "--config", config)
    assert "write into the folder" in plain.stderr and "chmod g+w" in plain.stderr, plain.stderr
    assert "write into the folder" in checked.stderr and "chmod g+w" in checked.stderr, checked.stderr
    assert "1 unwritable" in checked.stdout, checked.stdout
    assert path.exists() and stub.posts() == []
