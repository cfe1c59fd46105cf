"""A job is known by the content of its files: nothing that people's programs do to files, names and times loses a pair
or buys one again."""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess

import pytest

from disks import MIB, LoopDisk, mounted
from harness import PATIENCE, Spool, make_png, run_reeld, wait_until
from launching import launch  # noqa: F401 (a fixture)
from operator_words import succeed, wait_for_jobs

WHOLE_SECOND = 1_700_000_000


def prompts_of(stub):
    return [record["fields"]["prompt"] for record in stub.posts(complete=True)]


def send(gate, spool, start_daemon, stem="scene"):
    """A pair that has gone up whole, and whose answer is awaited until the gate is opened."""
    daemon = start_daemon(gate.stub, url=gate.url())
    gate.send(spool, stem, prompt="a prompt")
    return daemon


def prove_nothing_was_sent(stub, spool, daemon, before):
    """A pair that comes after it is sent, and it alone."""
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert prompts_of(stub) == before + ["canary"], daemon.story()


def take_away(spool, *stems):
    for stem in stems:
        for path in spool.path.glob(f"{stem}.*"):
            path.unlink()


def pack(folder, files):
    """A tar archive whose members have whole-second times, as they are restored."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
        os.utime(folder / name, (WHOLE_SECOND, WHOLE_SECOND))
    archive = folder.with_suffix(".tar")
    subprocess.run(["tar", "-C", str(folder), "-cf", str(archive), *files], check=True)
    return archive


@pytest.mark.parametrize("name", ["shot{}", "scene"], ids=["six-names", "one-name"])
def test_prompts_of_one_length_with_one_image_come_and_go(stub, spool, daemon, tmp_path, name):
    """ext4 gives the inodes of the files that were taken away to the next, and tar sets their times back."""
    image = make_png(4096, seed=1)
    for shot in range(6):
        stem = name.format(shot)
        prompt = f"Shot {shot}: the camera pans left"
        archive = pack(tmp_path / f"pack{shot}", {f"{stem}.txt": prompt.encode(), f"{stem}.png": image})
        subprocess.run(["tar", "-C", str(spool.path), "-xf", str(archive)], check=True)
        result = spool.wait_for_result(stem, daemon=daemon)
        post = stub.posts(complete=True)[-1]
        assert post["fields"]["prompt"] == prompt and post["response"].encode() == result, daemon.story()
        take_away(spool, stem)
    assert len(stub.posts(complete=True)) == 6


@pytest.fixture
def coarse_spool(tmp_path):
    """On a file system with whole-second times and without births: ext4 with inodes of 128 bytes."""
    with mounted(lambda: LoopDisk(tmp_path / "disk", 32 * MIB, inode_size=128)) as disk:
        yield Spool(disk.path / "spool")


def test_coarse_times_lose_nothing_and_buy_nothing_again(stub, coarse_spool, launch, tmp_path):  # noqa: F811
    spool = coarse_spool
    daemon = launch(at=spool)
    test_prompts_of_one_length_with_one_image_come_and_go(stub, spool, daemon, tmp_path, "scene")
    for number in range(2):
        spool.drop(f"before/shot{number}", f"prompt {number}")
        spool.wait_for_result(f"before/shot{number}", daemon=daemon)
    bought = prompts_of(stub)
    (spool.path / "before").rename(spool.path / "after")
    for path in spool.path.glob("after/*.job.json"):
        path.unlink()
    prove_nothing_was_sent(stub, spool, daemon, bought)
    for extension in ("png", "txt"):
        shutil.copyfile(spool.file("after/shot0", extension), spool.file("after/copy", extension))
    spool.wait_for_result("after/copy", daemon=daemon)
    assert prompts_of(stub) == [*bought, "canary", "prompt 0"]


@pytest.mark.parametrize("when", ["awaited", "answered"])
def test_times_that_are_set_after_the_close_buy_nothing(gate, spool, start_daemon, when):
    daemon = send(gate, spool, start_daemon)
    if when == "answered":
        gate.open()
        spool.wait_for_result("scene", daemon=daemon)
    for extension in ("txt", "png"):
        os.utime(spool.file("scene", extension), (WHOLE_SECOND, WHOLE_SECOND))
    gate.open()
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted")
    spool.result_path("scene").unlink()
    daemon.wait_for("pair.known", job="scene")
    prove_nothing_was_sent(gate.stub, spool, daemon, ["a prompt"])


def test_the_same_bytes_that_come_again_while_the_answer_is_awaited_buy_nothing(gate, spool, start_daemon):
    daemon = send(gate, spool, start_daemon)
    spool.drop("scene", "a prompt")
    gate.open()
    assert spool.wait_for_result("scene", daemon=daemon) == gate.stub.posts()[0]["response"].encode()
    daemon.wait_for("job.accepted")
    spool.drop("scene", "a prompt")
    spool.result_path("scene").unlink()
    daemon.wait_for("pair.known", job="scene")
    prove_nothing_was_sent(gate.stub, spool, daemon, ["a prompt"])
    assert not list(spool.path.glob(".scene*")), "the paid answer was hidden"


def test_a_folder_renamed_while_its_answer_is_awaited_gets_it_once(gate, spool, start_daemon):
    daemon = send(gate, spool, start_daemon, "before/p")
    (spool.path / "before").rename(spool.path / "after")
    gate.open()
    spool.wait_for_result("after/p", daemon=daemon)
    daemon.wait_for("job.accepted")
    spool.drop("canary1", "canary1")
    spool.wait_for_result("canary1", daemon=daemon)
    spool.result_path("after/p").unlink()
    prove_nothing_was_sent(gate.stub, spool, daemon, ["a prompt", "canary1"])
    assert not spool.results_of("after/p"), "what was published came back"


def test_an_image_written_over_during_the_upload_is_not_sent_half_and_half(gate, spool, start_daemon):
    size = 24 << 20
    first, second = make_png(size, seed=1), make_png(size, seed=2)
    assert len(first) == len(second)
    daemon = start_daemon(gate.stub, url=gate.url(), tables={"api": {"upload_timeout": "60s"}})
    gate.close_to_requests()
    path = spool.put("scene.png", first)
    os.utime(path, (WHOLE_SECOND, WHOLE_SECOND))
    spool.put("scene.txt", "a prompt")
    assert gate.stopped.wait(PATIENCE), daemon.story()
    path.write_bytes(second)
    os.utime(path, (WHOLE_SECOND, WHOLE_SECOND))
    gate.open()
    spool.wait_for_result("scene", daemon=daemon, timeout=120)
    sent = [record["image"]["sha256"] for record in gate.stub.posts(complete=True)]
    assert sent == [hashlib.sha256(second).hexdigest()]


def test_a_restored_project_a_changed_job_table_and_a_renamed_folder_buy_nothing(stub, spool, start_daemon, tmp_path):
    daemon = start_daemon(stub)
    for shot in range(3):
        spool.drop(f"project/shot{shot}", f"prompt {shot}")
        spool.wait_for_result(f"project/shot{shot}", daemon=daemon)
    bought = prompts_of(stub)
    backup = tmp_path / "backup"
    shutil.copytree(spool.path / "project", backup, ignore=shutil.ignore_patterns("*.json"))
    assert daemon.stop() == 0
    shutil.rmtree(spool.path / "project")
    shutil.copytree(backup, spool.path / "renamed")
    daemon = start_daemon(stub, tables={"job": {"seconds": 12}})
    for shot in range(3):
        daemon.wait_for("pair.known", job=f"renamed/shot{shot}")
    prove_nothing_was_sent(stub, spool, daemon, bought)
    assert not list((spool.path / "renamed").glob("*.json")), "what was published came back"


def test_a_copy_beside_its_original_is_another_take(stub, spool, daemon):
    spool.drop("scene", "a prompt")
    spool.wait_for_result("scene", daemon=daemon)
    for extension in ("png", "txt"):
        shutil.copyfile(spool.file("scene", extension), spool.file("copy", extension))
    spool.wait_for_result("copy", daemon=daemon)
    assert prompts_of(stub) == ["a prompt", "a prompt"]


def test_a_prompt_edited_while_the_answer_is_awaited_is_said(gate, spool, start_daemon):
    daemon = send(gate, spool, start_daemon)
    spool.put("scene.txt", "an edited prompt")
    gate.open()
    assert spool.wait_for_result("scene", daemon=daemon) == gate.stub.posts()[0]["response"].encode()
    assert daemon.wait_for("pair.known", job="scene")["file"] == "scene.job.json"
    prove_nothing_was_sent(gate.stub, spool, daemon, ["a prompt"])


def test_a_half_replaced_pair_is_still_the_old_job(stub, spool, daemon):
    spool.drop("scene", "a prompt")
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted")
    spool.put("scene.txt", "another prompt")
    spool.result_path("scene").unlink()
    daemon.wait_for("pair.known", job="scene")
    prove_nothing_was_sent(stub, spool, daemon, ["a prompt"])


def test_a_retry_of_a_half_replaced_pair_forgets_nothing_that_was_paid_for(stub, spool, daemon):
    """The word was about what lies there now: what was there before is not bought again when it comes back."""
    spool.drop("scene", "a prompt", make_png(4096, seed=1))
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted")
    spool.put("scene.png", make_png(4096, seed=2))
    wait_for_jobs(spool, daemon, accepted=1)
    done = run_reeld("retry", "--yes", spool.path / "scene")
    assert done.returncode == 0, done.stdout + done.stderr
    daemon.wait_for("job.accepted", count=2)
    take_away(spool, "scene")
    spool.drop("again", "a prompt", make_png(4096, seed=1))
    daemon.wait_for("pair.known", job="again")
    prove_nothing_was_sent(stub, spool, daemon, ["a prompt", "a prompt"])


def test_young_stamps_are_proven_once_there_is_nothing_else_to_do(stub, spool, daemon):
    """So that no start has to read the pairs again whose results were tidied away."""
    for number in range(3):
        spool.drop(f"scene{number}", f"prompt {number}")
        spool.wait_for_result(f"scene{number}", daemon=daemon)

    def is_proven():
        with contextlib.closing(sqlite3.connect(f"file:{spool.path}/.reeld/ledger.db?mode=ro", uri=True)) as ledger:
            rows = ledger.execute("SELECT prompt_proof AND image_proof FROM jobs").fetchall()
        return rows == [(1,)] * 3
    wait_until(is_proven, daemon.story)


def test_a_touch_makes_no_second_idempotency_key(gate, spool, start_daemon):
    daemon = start_daemon(gate.stub, url=gate.url(fault="status-429:1"),
                          tables={"api": {"idempotency_header": "Idempotency-Key"}})
    with gate.closed():
        spool.drop("scene", "a prompt")
        gate.stub.wait_for_posts(1, complete=True)
        succeed("hold", "--spool", spool.path)  # so that it waits for as long as this takes
    daemon.wait_for("attempt.ended", verdict="throttled")
    for extension in ("txt", "png"):
        os.utime(spool.file("scene", extension), (WHOLE_SECOND, WHOLE_SECOND))
    succeed("release", "--spool", spool.path)
    spool.wait_for_result("scene", daemon=daemon)
    keys = {record["headers"]["idempotency-key"] for record in gate.stub.posts(complete=True)}
    assert len(gate.stub.posts(complete=True)) == 2 and len(keys) == 1
