"""A spool belongs to a group: any of its members can put a `.reeld` of his own there. Whatever it says, no command of
root's touches a file outside the spool because of it."""

import fcntl
import hashlib
import os
import pathlib
import sqlite3
import uuid

import pytest

from harness import KEY, Daemon, Spool, Stub, run_reeld

NOBODY, MALLORY = 65534, 1  # two users that every Debian has
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")

COMMANDS = [("hold",), ("release",), ("status",), ("status", "--healthy"), ("adopt", "--yes"), ("adopt",), ("check", "--url", "http://localhost"),
            ("check", "--pairs", "--url", "http://localhost"), ("list",),
            ("run", "--url", "http://127.0.0.1:1"), ("drain", "--url", "http://127.0.0.1:1", "--patience", "1s")]
PAIR_COMMANDS = [("retry", "--yes"), ("resolve", "--accepted", "video_1"), ("resolve", "--not-accepted"), ("forget",)]


@pytest.fixture
def spool(open_folder):
    """The group's: nobody's, 2770, with a pair in it."""
    spool = Spool(open_folder / "spool")
    os.chown(spool.path, NOBODY, MALLORY)
    spool.path.chmod(0o2770)
    spool.drop("scene", "first")
    return spool


def make_empty(path):
    path.touch(0o600)


def make_bookmarks(path):
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE bookmarks (url TEXT)")
    database.execute("PRAGMA user_version = 1")
    database.commit()
    database.close()
    path.chmod(0o600)


def make_text(path):
    path.write_text("root's own words\n" * 20)
    path.chmod(0o600)


TARGETS = {"empty": make_empty, "database": make_bookmarks, "text": make_text}


@pytest.fixture(params=TARGETS)
def target(open_folder, request):
    """A file of root's, in a folder of root's."""
    folder = open_folder / "roots"
    folder.mkdir(0o700)
    path = folder / "file"
    TARGETS[request.param](path)
    return path


def fingerprint(folder):
    """Each name there, with its kind, owner, mode, time and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[path.name] = (status.st_mode, status.st_uid, status.st_size, status.st_mtime_ns, content)
    return found


def own(*paths, user=MALLORY):
    for path in paths:
        os.chown(path, user, user, follow_symlinks=False)


def plant(spool, ledger, user=MALLORY):
    """What a member of the group can do: `.reeld` is his, and the marker names any file."""
    hidden = spool.path / ".reeld"
    hidden.mkdir(0o755)
    marker = hidden / "spool"
    marker.write_text(f'uuid = "{uuid.uuid4()}"\nledger = "{ledger}"\ngeneration = 1\n')
    own(hidden, marker, user=user)


def give_all(spool):
    """Every command that there is; none of them may succeed by what was planted."""
    for words in COMMANDS:
        yield words, run_reeld(*words, "--spool", spool.path)
    for words in PAIR_COMMANDS:
        yield words, run_reeld(words[0], spool.path / "scene", *words[1:], key=None)


def test_a_planted_marker_leads_root_nowhere(spool, target):
    plant(spool, target)
    before = fingerprint(target.parent)
    for words, done in give_all(spool):
        assert done.returncode != 0, (words, done.stdout)
        assert fingerprint(target.parent) == before, words


def test_nor_does_it_from_within_the_folder(spool, target, monkeypatch):
    """Without --spool the spool that one stands in is meant: but not where somebody else than its owner says so."""
    plant(spool, target)
    monkeypatch.chdir(spool.path)
    before = fingerprint(target.parent)
    for words in [("hold",), ("release",), ("status",), ("status", "--healthy"), ("adopt", "--yes")]:
        done = run_reeld(*words, key=None)
        assert str(spool.path) not in done.stdout + done.stderr and "held" not in done.stdout, (words, done)
        assert fingerprint(target.parent) == before, words


def test_nor_does_a_marker_in_a_hidden_folder_of_roots(spool, target):
    """Such a folder can be renamed into the spool from elsewhere."""
    plant(spool, target, user=0)
    before = fingerprint(target.parent)
    for words, done in give_all(spool):
        assert done.returncode != 0, (words, done.stdout)
        assert fingerprint(target.parent) == before, words
    said = run_reeld("hold", "--spool", spool.path)
    assert said.returncode == 78 and "others can write" in said.stderr and "[ledger] path" in said.stderr


def test_nor_do_links(spool, target):
    before = fingerprint(target.parent)
    hidden = spool.path / ".reeld"
    hidden.symlink_to(target.parent)
    own(hidden)
    for words, done in give_all(spool):
        assert done.returncode != 0, (words, done.stdout)
        assert fingerprint(target.parent) == before, words
    hidden.unlink()
    hidden.mkdir()
    for name in ("spool", "ledger.db", "lock", "ledger.db.lock", "ledger.db.reserve", "ledger.db-wal", "control"):
        (hidden / name).symlink_to(target)
        own(hidden / name)
    own(hidden)
    for words, done in give_all(spool):
        assert done.returncode != 0, (words, done.stdout)
        assert fingerprint(target.parent) == before, words


def test_a_marker_without_end_is_damaged_at_once(spool, open_folder):
    plant(spool, open_folder / "none")
    os.truncate(spool.path / ".reeld" / "spool", 64 << 30)
    for words in (("hold",), ("status",), ("run", "--url", "http://127.0.0.1:1")):
        done = run_reeld(*words, "--spool", spool.path, timeout=20)
        assert done.returncode == 78 and "longer than 4096 bytes" in done.stderr, (words, done.stderr)


def test_what_a_member_plants_is_done_as_that_member(spool, open_folder):
    """His own file, then: root is that user, and no more."""
    own_folder = open_folder / "mallory"
    own_folder.mkdir(0o700)
    own(own_folder)
    plant(spool, own_folder / "ledger.db")
    done = run_reeld("adopt", "--yes", "--spool", spool.path)
    made = list(own_folder.iterdir())
    assert all(path.lstat().st_uid == MALLORY for path in made), (done, made)
    assert {path.lstat().st_uid for path in (spool.path / ".reeld").iterdir()} == {MALLORY}


@pytest.mark.parametrize("command", ["run", "drain"])
def test_a_service_beside_what_another_member_planted_is_not_started_again_and_again(spool, command):
    plant(spool, spool.path / ".reeld" / "ledger.db")
    done = run_reeld(command, "--url", "http://127.0.0.1:1", "--spool", spool.path, prefix=as_nobody())
    assert done.returncode == 78 and "it belongs to" in done.stderr, done


def test_adopt_answered_no_renames_nothing(open_folder):
    """Also where all of it is the asker's own."""
    spool = Spool(open_folder / "own")
    assert run_reeld("hold", "--spool", spool.path).returncode == 0
    ledger = spool.path / ".reeld" / "ledger.db"
    for suffix in ("-wal", "-shm"):
        ledger.with_name(ledger.name + suffix).unlink(missing_ok=True)
    ledger.write_bytes(b"this is no database" * 100)
    before = fingerprint(spool.path)
    done = run_reeld("adopt", "--spool", spool.path)
    assert done.returncode == 1 and "--yes" in done.stderr, done
    assert "corrupt" in done.stdout
    assert fingerprint(spool.path) == before
    done = run_reeld("adopt", "--yes", "--spool", spool.path)
    assert done.returncode == 0 and "it was set aside as" in done.stderr, done
    (aside,) = ledger.parent.glob("ledger.db.corrupt-*")
    assert aside.read_bytes() == b"this is no database" * 100


def test_where_the_ledger_is_named_the_marker_only_has_to_match(spool, target, open_folder):
    plant(spool, target)
    config = open_folder / "reeld.toml"
    config.write_text(f'[spool]\npath = "{spool.path}"\n[ledger]\npath = "{open_folder}/state/ledger.db"\n')
    (open_folder / "state").mkdir(0o700)
    before = fingerprint(target.parent)
    for words in (("hold",), ("status",), ("adopt",), ("run", "--url", "http://127.0.0.1:1")):
        done = run_reeld(*words, "--config", config)
        assert fingerprint(target.parent) == before, words
        assert list((open_folder / "state").iterdir()) == [], words
    done = run_reeld("retry", "--yes", spool.path / "scene", "--config", config)
    assert done.returncode == 78 and f"{open_folder}/state/ledger.db" in done.stderr


def as_nobody():
    return ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")


def test_a_persons_folder_served_by_another_user_with_its_ledger_elsewhere(open_folder):
    """The usual way: ann's folder, the user reeld, /var/lib/reeld."""
    spool = Spool(open_folder / "films")
    os.chown(spool.path, MALLORY, NOBODY)
    spool.path.chmod(0o2770)
    state = open_folder / "state"
    state.mkdir(0o700)
    os.chown(state, NOBODY, NOBODY)
    with Stub(open_folder / "stub", "--plain") as stub:
        with Daemon(open_folder / "daemon", spool, stub.url(), stub=stub, prefix=as_nobody(),
                    environment={"STATE_DIRECTORY": str(state)}) as daemon:
            spool.drop("scene", "first")
            spool.wait_for_result("scene", daemon=daemon)
            for words in (("hold",), ("release",), ("status",)):
                done = run_reeld(*words, "--spool", spool.path, key=None)
                assert done.returncode == 0 and done.stderr == "", (words, done)
        done = run_reeld("retry", "--yes", spool.path / "scene", key=None)
        assert done.returncode == 0, done.stderr
        done = run_reeld("adopt", "--spool", spool.path, key=None)
        assert done.returncode == 0 and "nothing to adopt" in done.stdout
    assert {path.lstat().st_uid for path in [*state.iterdir(), *(spool.path / ".reeld").iterdir()]} == {NOBODY}


def test_roots_own_spool_is_roots(open_folder):
    """A container's volume, mostly."""
    spool = Spool(open_folder / "own")
    with Stub(open_folder / "stub", "--plain") as stub:
        with Daemon(open_folder / "daemon", spool, stub.url(), stub=stub) as daemon:
            spool.drop("scene", "first")
            spool.wait_for_result("scene", daemon=daemon)
            assert run_reeld("hold", "--spool", spool.path, key=None).returncode == 0


def test_a_spool_of_roots_that_everybody_writes_takes_a_named_ledger(open_folder):
    """An emptyDir of Kubernetes is such a one."""
    spool = Spool(open_folder / "shared")
    spool.path.chmod(0o777)
    refused = run_reeld("run", "--url", "http://127.0.0.1:1", "--spool", spool.path)
    assert refused.returncode == 78 and "[ledger] path" in refused.stderr
    assert list(spool.path.iterdir()) == [], "nothing is made there"
    with Stub(open_folder / "stub", "--plain") as stub:
        with Daemon(open_folder / "daemon", spool, stub.url(), stub=stub, key=KEY,
                    tables={"ledger": {"path": f"{open_folder}/ledger.db"}}) as daemon:
            spool.drop("scene", "first")
            spool.wait_for_result("scene", daemon=daemon)


def test_a_daemon_of_roots_cannot_become_root_again(open_folder):
    spool = Spool(open_folder / "spool")
    os.chown(spool.path, NOBODY, NOBODY)
    with Stub(open_folder / "stub", "--plain") as stub:
        with Daemon(open_folder / "daemon", spool, stub.url(), stub=stub) as daemon:
            status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
            ids = {line.split(":")[0]: line.split(":")[1].split() for line in status.splitlines() if ":" in line}
            assert ids["Uid"] == ids["Gid"] == [str(NOBODY)] * 4 and "0" not in ids["Groups"]


def test_a_reader_that_locks_the_folder_keeps_nobody_from_serving_it(open_folder):
    spool = Spool(open_folder / "own")
    reader = os.open(spool.path, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(reader, fcntl.LOCK_EX)
    with Stub(open_folder / "stub", "--plain") as stub:
        with Daemon(open_folder / "daemon", spool, stub.url(), stub=stub) as daemon:
            spool.drop("scene", "first")
            spool.wait_for_result("scene", daemon=daemon)
            assert (spool.path / ".reeld" / "lock").stat().st_mode & 0o7777 == 0o600
            second = run_reeld("run", "--url", stub.url(), "--spool", spool.path)
            assert second.returncode == 75, second.stderr
            config = open_folder / "other.toml"
            config.write_text(f'[spool]\npath = "{spool.path}"\n[ledger]\npath = "{open_folder}/other.db"\n')
            second = run_reeld("run", "--url", stub.url(), "--config", config)
            assert second.returncode == 75 and not (open_folder / "other.db").exists(), second.stderr
    os.close(reader)


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_the_ledger_and_what_belongs_to_it_are_their_owners_alone(open_folder, umask):
    spool = Spool(open_folder / "own")
    with Stub(open_folder / "stub", "--plain") as stub:
        prefix = ("sh", "-c", f'umask {umask:03o}; exec "$@"', "sh")
        with Daemon(open_folder / "daemon", spool, stub.url(), stub=stub, prefix=prefix) as daemon:
            spool.drop("scene", "first")
            spool.wait_for_result("scene", daemon=daemon)
            hidden = spool.path / ".reeld"
            for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db.lock", "ledger.db.reserve", "lock"):
                assert (hidden / name).lstat().st_mode & 0o777 == 0o600, name
