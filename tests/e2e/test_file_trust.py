"""A configuration or a key that others than root and reeld's user can change, or put another in the place of, is refused
with what to run. Ways in which people have them that nobody else can change are served."""

import os
import pathlib
import subprocess
import tempfile

import pytest

from harness import BIN_DIR, KEY, Daemon, Spool, Stub, run_reeld, write_config
from waiting import clean_environment

USER = 1  # "daemon", whom every Debian has, alone in a group of his own
USERS = 100  # a group that many may be in
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
URL = "http://127.0.0.1:1"


@pytest.fixture
def etc(tmp_path):
    """A folder with a configuration and a key, as an administrator has them."""
    folder = tmp_path / "etc"
    folder.mkdir(0o755)
    (tmp_path / "spool").mkdir(0o755)
    key = folder / "key"
    key.write_text(KEY)
    key.chmod(0o600)
    write_config(folder / "reeld.toml", {"spool": {"path": tmp_path / "spool"}, "api": {"url": URL, "key_file": key}})
    (folder / "reeld.toml").chmod(0o644)
    return folder


def give_all(config):
    for words in (("run",), ("drain",), ("check",), ("status",), ("hold",), ("adopt",)):
        yield words, run_reeld(*words, "--config", config, key=None)


def refused(etc, path, cure):
    """By every command that reads it, with the cure; and the cure cures."""
    config = etc / "reeld.toml"
    for words, done in give_all(config):
        assert done.returncode == 78, (words, done.stdout, done.stderr)
        assert f"run: {cure} {path}" in done.stderr, done.stderr
    subprocess.run(f"{cure} {path}", shell=True, check=True)
    assert run_reeld("check", "--config", config, key=None).returncode == 0


def test_as_it_should_be_it_is_served(etc):
    done = run_reeld("check", "--config", etc / "reeld.toml", key=None)
    assert done.returncode == 0, done.stderr


def test_a_configuration_that_everybody_may_write(etc):
    (etc / "reeld.toml").chmod(0o666)
    refused(etc, etc / "reeld.toml", "chmod go-w")


def test_a_folder_that_everybody_may_write(etc):
    etc.chmod(0o777)
    refused(etc, etc, "chmod go-w")


def test_a_folder_further_up(etc, tmp_path):
    tmp_path.chmod(0o777)
    refused(etc, tmp_path, "chmod go-w")


@needs_root
def test_a_group_of_others(etc):
    os.chown(etc / "reeld.toml", 0, USERS)
    (etc / "reeld.toml").chmod(0o664)
    refused(etc, etc / "reeld.toml", "chmod g-w")


@needs_root
def test_a_file_of_another_user(etc):
    os.chown(etc / "reeld.toml", USER, USER)
    refused(etc, etc / "reeld.toml", "chown root")


def test_a_link_that_others_may_change(etc, tmp_path):
    loose = tmp_path / "loose"
    loose.mkdir()
    loose.chmod(0o777)
    (loose / "link").symlink_to(etc / "reeld.toml")
    done = run_reeld("check", "--config", loose / "link", key=None)
    assert done.returncode == 78 and f"run: chmod go-w {loose}" in done.stderr
    loose.chmod(0o1777)
    assert run_reeld("check", "--config", loose / "link", key=None).returncode == 0


def test_a_key_that_everybody_may_write(etc):
    (etc / "key").chmod(0o622)
    for words in (("run",), ("check",)):
        done = run_reeld(*words, "--config", etc / "reeld.toml", key=None)
        assert done.returncode == 78 and f"run: chmod go-w {etc / 'key'}" in done.stderr, done.stderr
        assert KEY not in done.stdout + done.stderr


def test_a_header_file_that_everybody_may_write_or_rename(etc, tmp_path):
    loose = tmp_path / "loose"
    loose.mkdir()
    header = loose / "gateway"
    header.write_text("gateway-secret")
    header.chmod(0o600)
    with open(etc / "reeld.toml", "a", encoding="utf-8") as config:
        config.write(f'[api.headers]\nx-gateway = {{ file = "{header}" }}\n')
    assert run_reeld("check", "--config", etc / "reeld.toml", key=None).returncode == 0
    for path in (header, loose):
        mode = path.stat().st_mode
        path.chmod(0o777)
        for words in (("run",), ("check",)):
            done = run_reeld(*words, "--config", etc / "reeld.toml", key=None)
            assert done.returncode == 78 and f"run: chmod go-w {path}" in done.stderr, done.stderr
            assert "api.headers.x-gateway" in done.stderr and "gateway-secret" not in done.stdout + done.stderr
        path.chmod(mode)


def test_a_credential_that_everybody_may_write(etc, tmp_path):
    config = write_config(etc / "other.toml", {"spool": {"path": tmp_path / "spool"}, "api": {"url": URL}})
    (etc / "key").rename(etc / "api-key")
    environment = {"CREDENTIALS_DIRECTORY": str(etc)}
    assert run_reeld("check", "--config", config, key=None, environment=environment).returncode == 0
    (etc / "api-key").chmod(0o666)
    done = run_reeld("check", "--config", config, key=None, environment=environment)
    assert done.returncode == 78 and "run: chmod go-w" in done.stderr


def test_a_configuration_from_a_pipe_or_a_device(etc):
    text = (etc / "reeld.toml").read_text()
    command = f"{BIN_DIR / 'reeld'} check --config"
    run = {"env": clean_environment(), "capture_output": True, "text": True, "check": False}
    etc.chmod(0o777)
    (etc / "key").rename(etc.parent / "key")
    text = text.replace(str(etc / "key"), str(etc.parent / "key"))
    (etc / "reeld.toml").write_text(text)
    for words in (f"cat {etc / 'reeld.toml'} | {command} /dev/stdin", f"{command} /dev/stdin < {etc / 'reeld.toml'}",
                  f"{command} <(cat {etc / 'reeld.toml'})"):
        done = subprocess.run(["bash", "-c", words], **run)
        assert done.returncode == 0, (words, done.stderr)


@needs_root
@pytest.mark.parametrize("how", ["private-group", "roots", "kubernetes"])
def test_ways_that_people_have_them(how):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        spool = Spool(folder / "spool")
        os.chown(spool.path, USER, USER)
        with Stub(folder / "stub", "--plain") as stub:
            prefix = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups")
            daemon = Daemon(folder / "home", spool, stub.url(), stub=stub, key=None, prefix=prefix)
            arrange(how, daemon)
            with daemon:
                spool.drop("scene", "first")
                spool.wait_for_result("scene", daemon=daemon)
                daemon.reload()
                daemon.wait_for("config.reloaded")
                (folder / "home").chmod(0o777)
                daemon.reload()
                assert "run: chmod go-w" in daemon.wait_for("config.rejected")["reason"]


def arrange(how, daemon):
    home = daemon.folder
    key = home / "key"
    key.write_text(KEY)
    daemon.configure({"api": {"key_file": str(key)}})
    if how == "private-group":  # umask 0002
        for path in (home, key, daemon.config):
            os.chown(path, USER, USER)
            path.chmod(0o2775 if path.is_dir() else 0o664)
    elif how == "roots":
        os.chown(key, 0, USER)
        key.chmod(0o640)
        daemon.config.chmod(0o644)
    else:  # a volume of Kubernetes: links to a folder that is changed as a whole
        home.chmod(0o1777)
        (home / "..2026").mkdir(0o755)
        (home / "..data").symlink_to("..2026")
        for path in (key, daemon.config):
            path.rename(home / "..2026" / path.name)
            (home / "..2026" / path.name).chmod(0o644)
            path.symlink_to(f"..data/{path.name}")
