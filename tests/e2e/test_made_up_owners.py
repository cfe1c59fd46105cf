"""A spool on a FUSE file system that makes owners and inodes up. Whoever writes into the share behind it, his files look
like reeld's: so what the spool says of its ledger proves nothing, and the ledger must be named. And no stamp of a file
proves what it holds: so it is read, each time."""

import pathlib
import shutil
import sqlite3

import pytest

from disks import Disk, mounted, run
from harness import Spool, run_reeld
from launching import launch  # noqa: F401 (a fixture)
from test_identity import test_prompts_of_one_length_with_one_image_come_and_go as come_and_go
from test_marker_trust import COMMANDS, MALLORY, PAIR_COMMANDS, fingerprint, make_text, plant
from two_users import prompts_of


class Share(Disk):
    """`behind`, shown at `path` as if everything in it were root's."""

    def __init__(self, path, behind):
        super().__init__(path)
        self.behind = behind

    def mount(self):
        if not shutil.which("bindfs"):
            raise OSError("bindfs is not installed")
        self.path.mkdir()
        run("bindfs", "--force-user=root", "--force-group=root", "--perms=a+rX,go-w", self.behind, self.path)
        self.is_mounted = True


@pytest.fixture
def share(open_folder):
    behind = open_folder / "behind"
    behind.mkdir(0o777)
    with mounted(lambda: Share(open_folder / "share", behind)) as made:
        yield made


def test_what_such_a_spool_says_of_its_ledger_is_not_believed(share, open_folder):
    folder = open_folder / "roots"
    folder.mkdir(0o700)
    target = folder / "file"
    make_text(target)
    Spool(share.behind).drop("scene", "first")
    plant(Spool(share.behind), target, user=MALLORY)
    assert (share.path / ".reeld/spool").stat().st_uid == 0, "as root sees it, it is root's"
    before = fingerprint(folder)
    for words in COMMANDS:
        done = run_reeld(*words, "--spool", share.path)
        assert done.returncode == (1 if "--healthy" in words else 78), (words, done)
        assert fingerprint(folder) == before, words
    for words in PAIR_COMMANDS:
        done = run_reeld(words[0], share.path / "scene", *words[1:], key=None)
        assert done.returncode != 0 and fingerprint(folder) == before, (words, done)
    said = run_reeld("hold", "--spool", share.path).stderr
    assert "is on fuse, where owners may be made up" in said and "[ledger] path" in said, said


def test_with_a_ledger_that_is_named_it_serves(share, open_folder, stub, launch):  # noqa: F811
    spool, ledger = Spool(share.path), open_folder / "ledger.db"
    daemon = launch(at=spool, tables={"ledger": {"path": str(ledger)}, "spool": {"poll": "100ms"}})
    polls = daemon.wait_for("spool.polling")
    assert "fuse" in polls["reason"], polls
    Spool(share.behind).drop("scene", "from another machine")
    spool.wait_for_result("scene", daemon=daemon)
    assert prompts_of(stub) == ["from another machine"]
    assert pathlib.Path(ledger).is_file() and (share.behind / "scene.job.json").is_file()


def list_proofs(ledger):
    with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as database:
        return database.execute("SELECT DISTINCT prompt_proof, image_proof FROM jobs").fetchall()


@pytest.mark.parametrize("name", ["shot{}", "scene"], ids=["six-names", "one-name"])
def test_no_stamp_of_such_a_file_proves_what_it_holds(share, open_folder, stub, launch, tmp_path, name):  # noqa: F811
    spool, ledger = Spool(share.path), open_folder / "ledger.db"
    tables = {"ledger": {"path": str(ledger)}, "spool": {"poll": "100ms"}}
    daemon = launch(at=spool, tables=tables)
    come_and_go(stub, spool, daemon, tmp_path, name)
    for number in range(2):
        spool.drop(f"kept{number}", f"kept {number}")
        spool.wait_for_result(f"kept{number}", daemon=daemon)
    daemon.wait_for("job.accepted", count=8)
    assert daemon.stop() == 0
    for number in range(2):
        spool.result_path(f"kept{number}").unlink()
    daemon = launch(at=spool, tables=tables)
    for number in range(2):
        daemon.wait_for("pair.known", job=f"kept{number}")
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert len(prompts_of(stub)) == 9, "nothing was bought again"
    assert list_proofs(ledger) == [(0, 0)]
