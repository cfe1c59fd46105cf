"""Pairs that the ledger knows, and whose stamps tell nothing: after a migration, a `chmod -R`, a restore. Each is read
once, off everybody's way, and nothing is bought again."""

import contextlib
import json
import shutil
import sqlite3

import pytest

from harness import run_reeld, wait_until
from launching import launch  # noqa: F401 (a fixture)
from ledger_v1 import make_old
from people import accept_and_tidy, ledger_of, only_once, stop
from tracing import ENVIRONMENT, inject

STEMS = ["scene0", "film/scene1", "film/scene2"]


def ask(path, question):
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(question).fetchall()


@pytest.fixture
def accepted(spool, launch):  # noqa: F811
    accept_and_tidy(spool, launch, STEMS)
    return spool


def test_a_ledger_of_the_first_version(stub, accepted, launch):  # noqa: F811
    spool = accepted
    make_old(ledger_of(spool))
    (spool.path / "film").rename(spool.path / "renamed")
    with_command = run_reeld("check", "--pairs", "--spool", spool.path, "--url", stub.url())
    assert with_command.stdout.count("known") >= len(STEMS), with_command
    assert ask(ledger_of(spool), "PRAGMA user_version") == [(1,)], "looking migrates nothing"
    daemon = launch()
    only_once(stub, spool, daemon, STEMS)
    known = {event["job"] for event in daemon.events("pair.known")}
    assert known == {"scene0", "renamed/scene1", "renamed/scene2"}
    stop(daemon)
    (copy,) = ledger_of(spool).parent.glob("ledger.db.v1-*")
    assert ask(copy, "SELECT count(*) FROM jobs") == [(len(STEMS),)] and ask(copy, "PRAGMA user_version") == [(1,)]
    rows = ask(ledger_of(spool), "SELECT length(prompt_digest), length(image_digest) FROM jobs ORDER BY id")
    assert rows[:len(STEMS)] == [(16, 16)] * len(STEMS), "their contents are known from now on"
    for extension in ("txt", "png"):  # ... and so is a copy that takes their place
        path = spool.file("scene0", extension)
        shutil.copyfile(path, path.with_name("new"))
        path.unlink()
        path.with_name("new").rename(path)
    daemon = launch()
    only_once(stub, spool, daemon, [*STEMS, "canary"], canary="canary2")
    stop(daemon)


def test_a_new_pair_on_an_inode_that_such_a_ledger_has(stub, accepted, launch):  # noqa: F811
    """A file system gives the inode of what was taken away to the next file; such a ledger has no births."""
    spool = accepted
    make_old(ledger_of(spool))
    image = spool.file("scene0", "png")
    content = image.read_bytes()
    for extension in ("txt", "png"):
        spool.file("scene0", extension).unlink()
    spool.drop("scene0", "scene9", content)
    two_days = 2 * 86_400_000
    with contextlib.closing(sqlite3.connect(ledger_of(spool))) as ledger, ledger:
        ledger.execute("UPDATE jobs SET image_inode = ?, prompt_inode = ? WHERE stem = ?",
                       (image.stat().st_ino, spool.file("scene0", "txt").stat().st_ino, b"scene0"))
        ledger.execute("UPDATE attempts SET intended_at = intended_at - ? WHERE job = (SELECT id FROM jobs WHERE stem = ?)",
                       (two_days, b"scene0"))
    daemon = launch()
    spool.wait_for_result("scene0", daemon=daemon)
    only_once(stub, spool, daemon, [*STEMS, "scene9"])


def test_what_has_to_be_read_holds_nobody_up(stub, accepted, launch):  # noqa: F811
    """An image that takes ten seconds to read: for a look at its structure, then for its content."""
    spool = accepted
    image = spool.file("scene0", "png")
    image.chmod(0o640)
    daemon = launch(prefix=inject("pread64:delay_exit=10s", paths=[image], is_aside=True), environment=ENVIRONMENT)

    def count_of_reading():
        status = json.loads(run_reeld("status", "--json", "--spool", spool.path).stdout)
        return sum(status["waits"]["by_reason"].get("reading", []))
    wait_until(lambda: count_of_reading() != 0, daemon.story)
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert not daemon.events("pair.known", job="scene0") and count_of_reading() != 0
    daemon.wait_for("pair.known", count=len(STEMS))
    stop(daemon)
    daemon = launch(prefix=inject("pread64:error=EIO", paths=[image], is_aside=True), environment=ENVIRONMENT)
    only_once(stub, spool, daemon, [*STEMS, "canary"], canary="canary2")
    assert not daemon.events("pair.known") and not daemon.events("pair.unreadable"), "it is not read again"
