"""Ledgers and spools that are restored, copied, renamed, removed, damaged or shared: what is not known to belong
together is not served, and says so."""

import shutil
import sqlite3

import pytest

from harness import run_reeld
from launching import launch  # noqa: F401 (a fixture)
from people import accept, accept_and_tidy, ledger_of, only_once, refuses_to_start, stop


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
    accept_and_tidy(spool, launch, ["scene0"])
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
    """By a person's word it is set aside as it is, for somebody who may get something out of it; nothing is sent."""
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
    for _ in range(2):
        said = refuses_to_start(stub, launch)
        assert "corrupt" in said and "reeld adopt" in said.replace("\n", " ")
        assert ledger_of(used).read_bytes() == bytes(data), "a start changes nothing of it"
    done = run_reeld("adopt", "--yes", "--spool", used.path)
    assert done.returncode == 0, done.stderr
    (aside,) = [path for path in ledger_of(used).parent.glob("ledger.db.corrupt-*") if not path.name.endswith(("-wal", "-shm"))]
    assert aside.read_bytes() == bytes(data) and str(aside) in done.stderr, "not a byte of it is changed"
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
