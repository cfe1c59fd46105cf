"""`reeld forget` and `reeld ledger --backup`: what a ledger holds is erased, or copied, and nothing is bought for it."""

import contextlib
import sqlite3

import pytest

from harness import run_reeld
from operator_words import fail, succeed, wait_for_jobs
from people import ledger_of

SECRET = "a most particular prompt that nobody else would think of"


def bytes_of(spool):
    """All that the ledger's files hold, whether anything refers to it or not."""
    ledger = ledger_of(spool)
    return b"".join(path.read_bytes() for path in ledger.parent.glob(ledger.name + "*"))


def test_a_finished_job_is_forgotten_and_still_known(stub, spool, start_daemon):
    daemon = start_daemon(stub)
    spool.drop("films/scene", SECRET)
    answer = spool.wait_for_result("films/scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1)
    assert SECRET[:40].encode() in bytes_of(spool) and answer in bytes_of(spool)
    said = succeed("forget", spool.path / "films/scene.png")
    assert "are erased" in said and "not sent again" in said
    assert daemon.stop() == 0
    assert SECRET[:40].encode() not in bytes_of(spool) and answer not in bytes_of(spool), "overwritten, not unlinked"
    spool.result_path("films/scene").unlink()
    daemon = start_daemon(stub)
    assert daemon.wait_for("pair.known")["job"] == "films/scene"
    assert len(stub.posts()) == 1
    with contextlib.closing(sqlite3.connect(ledger_of(spool))) as ledger:
        ((ident,),) = ledger.execute("SELECT api_id FROM attempts").fetchall()
        assert ident and ident in answer.decode(), "the id stays"
    assert "are erased" in succeed("forget", spool.path / "films/scene"), "twice does no harm"


def test_a_result_that_was_left_behind_is_not_written_again_without_its_answer(gate, spool, start_daemon):
    """The pair was elsewhere, out of the spool, when its answer came; then its texts were forgotten."""
    daemon = start_daemon(gate.stub, url=gate.url())
    gate.send(spool, "scene", prompt=SECRET)
    outside = [spool.path.parent / f"scene.{extension}" for extension in ("txt", "png")]
    for path in outside:
        (spool.path / path.name).rename(path)
    gate.open()
    answer = spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1)
    succeed("forget", spool.path / "scene")
    (spool.path / "done").mkdir()
    for path in outside:
        path.rename(spool.path / "done" / path.name)
    assert daemon.wait_for("pair.known")["job"] == "done/scene"
    assert spool.results_of("done/scene") == [] and spool.result_path("scene").read_bytes() == answer
    assert len(gate.stub.posts()) == 1


def test_what_is_erased_may_stand_in_the_log_while_another_program_reads(stub, spool, start_daemon):
    daemon = start_daemon(stub)
    spool.drop("scene", SECRET)
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1)
    with contextlib.closing(sqlite3.connect(ledger_of(spool), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM jobs").fetchall()
        said = fail(75, "forget", spool.path / "scene")
        assert "may still stand in the log" in said and "ledger.db-wal" in said, said
    succeed("forget", spool.path / "scene")
    assert SECRET[:40].encode() not in bytes_of(spool)


def test_what_is_not_finished_is_not_forgotten(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="close-after-body:1")
    spool.drop("scene")
    spool.wait_for_result("scene", "doubt", daemon=daemon)
    wait_for_jobs(spool, daemon, doubt=1)
    assert "is not finished (the ledger has it as doubt" in fail(1, "forget", spool.path / "scene")
    assert "knows no such job" in fail(1, "forget", spool.path / "nobody")
    succeed("resolve", spool.path / "scene", "--accepted", "video_1")
    succeed("forget", spool.path / "scene")


def test_a_backup_while_the_daemon_runs(stub, spool, start_daemon, tmp_path):
    daemon = start_daemon(stub)
    for number in range(5):
        spool.drop(f"scene{number}")
    for number in range(5):
        spool.wait_for_result(f"scene{number}", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=5)
    backup = tmp_path / "backup.db"
    assert str(backup) in succeed("ledger", "--backup", backup, "--spool", spool.path)
    assert backup.stat().st_mode & 0o777 == 0o600
    with contextlib.closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copy.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall() == [("accepted", 5)]
    before = backup.read_bytes()
    said = fail(1, "ledger", "--backup", backup, "--spool", spool.path)
    assert "File exists" in said and backup.read_bytes() == before
    assert not [path for path in ledger_of(spool).parent.iterdir() if "backup" in path.name], "nothing is left beside it"


def test_no_backup_of_nothing(spool, tmp_path):
    backup = tmp_path / "backup.db"
    assert "no ledger" in fail(1, "ledger", "--backup", backup, "--spool", spool.path)
    assert not backup.exists()
    assert run_reeld("ledger", "--spool", spool.path).returncode == 64
