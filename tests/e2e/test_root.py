"""Commands that root gives over a spool of another user's: they act as the user who owns the ledger."""

import os

import pytest

from harness import BIN_DIR, KEY, Daemon, Spool, Stub, run_reeld, write_config

NOBODY = 65534
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def succeed(*words, **more):
    done = run_reeld(*words, key=None, **more)
    assert done.returncode == 0 and done.stderr == "", (words, done.stdout, done.stderr)


@pytest.fixture
def nobodys(open_folder):
    """A spool that belongs to nobody, and a stub without TLS."""
    spool = Spool(open_folder / "spool")
    os.chown(spool.path, NOBODY, NOBODY)
    with Stub(open_folder / "stub", "--plain") as stub:
        yield spool, stub


def owners(spool):
    """Of all that reeld has made there."""
    made = [path for path in spool.path.rglob("*") if path.suffix not in (".txt", ".png")]
    assert made
    return {path.lstat().st_uid for path in made}


def test_root_acts_as_the_ledgers_owner(nobodys, open_folder):
    spool, stub = nobodys
    prefix = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    with Daemon(open_folder / "daemon", spool, stub.url(), stub=stub, prefix=prefix) as daemon:
        spool.drop("scene", "first")
        spool.wait_for_result("scene", daemon=daemon)
        succeed("hold", "--spool", spool.path)
        succeed("release", "--spool", spool.path)
    for words in (("hold",), ("release",), ("status",), ("adopt",), ("check", "--url", "http://localhost")):
        run_reeld(*words, "--spool", spool.path)
    succeed("retry", "--yes", spool.path / "scene")
    assert owners(spool) == {NOBODY}
    for path in (spool.path / ".reeld", *(spool.path / ".reeld").iterdir()):
        os.chown(path, 1, 1)
    if not all(parent.stat().st_mode & 0o001 for parent in [BIN_DIR.resolve(), *BIN_DIR.resolve().parents]):
        pytest.skip("the build lies where nobody but root can run it: only root's own half was tried")
    for command in ("hold", "status"):
        refused = run_reeld(command, "--spool", spool.path, key=None, user=NOBODY, group=NOBODY)
        assert refused.returncode == 1
        assert "it belongs to daemon; run this as daemon or as root" in refused.stderr


@pytest.mark.parametrize("is_held_first", [False, True])
def test_a_drain_by_root_leaves_nothing_of_roots(nobodys, is_held_first):
    spool, stub = nobodys
    spool.drop("scene", "first")
    if is_held_first:
        succeed("hold", "--spool", spool.path)
        succeed("release", "--spool", spool.path)
    drained = run_reeld("drain", "--spool", spool.path, "--url", stub.url())
    assert drained.returncode == 0, drained.stderr
    assert spool.results_of("scene") == ["job"] and owners(spool) == {NOBODY}


def test_a_daemon_of_roots_reads_its_key_before_it_acts_as_the_owner(nobodys, open_folder):
    spool, stub = nobodys
    key = open_folder / "key"
    key.write_text(KEY)
    key.chmod(0o600)
    with Daemon(open_folder / "daemon", spool, stub.url(), stub=stub, key=None,
                tables={"api": {"key_file": str(key)}}) as daemon:
        spool.drop("scene", "first")
        spool.wait_for_result("scene", daemon=daemon)
        daemon.reload()
        reason = daemon.wait_for("config.rejected")["reason"]
        assert f"open {key}: Permission denied" in reason and "runs as nobody, who owns the ledger" in reason
        os.chown(key, NOBODY, NOBODY)
        daemon.reload()
        daemon.wait_for("config.reloaded")
    assert owners(spool) == {NOBODY}


def test_a_check_by_root_tries_as_the_owner(nobodys, open_folder):
    spool, stub = nobodys
    roots = open_folder / "logs"
    roots.mkdir(0o755)
    config = write_config(open_folder / "reeld.toml", {"spool": {"path": spool.path}, "api": {"url": stub.url()},
                                                       "log": {"file": roots / "reeld.log"}})
    done = run_reeld("check", "--config", config)
    assert done.returncode == 78
    assert done.stderr == f"reeld: open the log file {roots}/reeld.log: Permission denied\n"
    spool.path.chmod(0o500)
    assert f"write to the spool {spool.path}: Permission denied" in run_reeld("check", "--config", config).stderr


def test_a_backup_that_fails_is_removed_or_named(nobodys, open_folder):
    """The owner of the ledger may not write where root's backups go."""
    spool, _ = nobodys
    vault = open_folder / "vault"
    vault.mkdir(mode=0o700)
    failed = run_reeld("ledger", "--backup", vault / "copy.db", "--spool", spool.path)
    assert failed.returncode == 1 and "there is no ledger" in failed.stderr, failed.stderr
    assert f"{vault / 'copy.db'} is no backup, but an empty file; remove it" in failed.stderr, failed.stderr
    assert (vault / "copy.db").read_bytes() == b""
    (vault / "copy.db").unlink()
    vault.chmod(0o777)
    again = run_reeld("ledger", "--backup", vault / "copy.db", "--spool", spool.path)
    assert again.returncode == 1 and "is no backup" not in again.stderr and not list(vault.iterdir())
