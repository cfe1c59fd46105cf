"""A ledger and a spool that do not belong together, until a person has looked and says that they do."""

import shutil

import pytest

from harness import run_reeld
from operator_words import fail, prompts, settle, succeed


@pytest.fixture
def bought(stub, spool, start_daemon, tmp_path):
    """A spool with one job bought, its daemon stopped; and a copy of the ledger as it was before that."""
    daemon = start_daemon(stub)
    daemon.stop()
    older = tmp_path / "older.db"
    shutil.copy(spool.path / ".reeld" / "ledger.db", older)
    daemon = start_daemon(stub)
    spool.drop("scene", "first")
    spool.wait_for_result("scene", daemon=daemon)
    daemon.stop()
    return older


def adopt_and_go_on(stub, spool, start_daemon, ledger_was):
    """What is refused, then adopted, then served."""
    refused = start_daemon(stub, wait=False)
    assert refused.wait() == 78 and "reeld adopt" in refused.stderr()
    assert "reeld adopt" in fail(78, "hold", "--spool", spool.path)
    assert "--yes" in fail(1, "adopt", "--spool", spool.path)
    said = succeed("adopt", "--yes", "--spool", spool.path)
    assert ledger_was in said and "adopted" in said
    daemon = start_daemon(stub)
    settle(stub, spool, daemon)
    assert prompts(stub) == ["first", "canary"]
    assert "served by a reeld that runs" in fail(75, "adopt", "--yes", "--spool", spool.path)
    return daemon


def remove_ledger(path):
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def test_a_missing_ledger_is_adopted(bought, stub, spool, start_daemon):
    remove_ledger(spool.path / ".reeld" / "ledger.db")
    adopt_and_go_on(stub, spool, start_daemon, "missing")


def test_an_older_ledger_is_adopted(bought, stub, spool, start_daemon):
    ledger = spool.path / ".reeld" / "ledger.db"
    remove_ledger(ledger)
    shutil.copy(bought, ledger)
    adopt_and_go_on(stub, spool, start_daemon, "older")


def test_a_copied_spool_is_adopted(bought, stub, spool, start_daemon, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(spool.path, copy)
    shutil.rmtree(spool.path)
    copy.rename(spool.path)
    adopt_and_go_on(stub, spool, start_daemon, "copied")


@pytest.mark.parametrize("damage", ["xx", ""])
def test_a_damaged_marker_is_adopted(bought, stub, spool, start_daemon, damage):
    (spool.path / ".reeld" / "spool").write_text(damage)
    adopt_and_go_on(stub, spool, start_daemon, "damaged")


def test_a_corrupt_ledger_is_set_aside_and_adopted(bought, stub, spool):
    ledger = spool.path / ".reeld" / "ledger.db"
    remove_ledger(ledger)
    ledger.write_bytes(b"this is no database" * 100)
    done = run_reeld("adopt", "--yes", "--spool", spool.path, key=None)
    assert done.returncode == 0 and "it was set aside as" in done.stderr, done.stderr
    assert len(list(ledger.parent.glob("ledger.db.corrupt-*"))) == 1


def test_a_ledger_elsewhere_is_adopted(bought, stub, spool, start_daemon, tmp_path):
    tables = {"ledger": {"path": str(tmp_path / "new" / "ledger.db")}}
    refused = start_daemon(stub, wait=False, tables=tables)
    assert refused.wait() == 78 and "[ledger] path says" in refused.stderr()
    said = succeed("adopt", "--yes", "--config", refused.config)
    assert "names another ledger, " + str(spool.path / ".reeld" / "ledger.db") in said
    daemon = start_daemon(stub, tables=tables)
    settle(stub, spool, daemon)
    assert (tmp_path / "new" / "ledger.db").exists() and prompts(stub) == ["first", "canary"]


def test_what_belongs_together_is_not_adopted(bought, spool):
    assert "nothing to adopt" in succeed("adopt", "--spool", spool.path)
