"""A word ("run it again") is about one sending: once the pair is sent, no job that had it keeps it, and what was paid for is
known again. Without that, moving the pair away and back would buy it once more."""

import shutil

from harness import make_image, make_png, wait_until
from operator_words import fail, prompts, read_status, settle, succeed, wait_for_jobs

IMAGE = make_png(4096, seed=1)


def move_pair(spool, old, new):
    spool.file(new, "txt").parent.mkdir(exist_ok=True)
    for extension in ("txt", "png"):
        spool.file(old, extension).rename(spool.file(new, extension))


def remove(spool, stem, *extensions):
    for extension in extensions:
        spool.file(stem, extension).unlink()


def move_away_and_back(stub, spool, daemon, stem, done):
    """Whatever was paid for stays known by its files."""
    sent = len(stub.posts())
    spool.result_path(stem).rename(done)
    move_pair(spool, stem, "done/" + stem)
    daemon.wait_for("pair.known", job="done/" + stem)
    move_pair(spool, "done/" + stem, stem)
    settle(stub, spool, daemon)
    assert len(stub.posts()) == sent + 1, prompts(stub)
    assert "released" not in read_status(spool)["jobs"]


def test_of_two_jobs_of_one_content_that_have_come_to_one_place(stub, spool, start_daemon, tmp_path):
    daemon = start_daemon(stub)
    spool.drop("scene", "a prompt", IMAGE)
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1)
    assert daemon.stop() == 0
    daemon = start_daemon(stub, fault="status-400:1")
    for extension in ("txt", "png"):
        shutil.copyfile(spool.file("scene", extension), spool.file("copy", extension))
    spool.wait_for_result("copy", "error", daemon)
    wait_for_jobs(spool, daemon, accepted=1, refused=1)
    assert daemon.stop() == 0
    remove(spool, "copy", "txt", "png", "error.json")
    move_pair(spool, "scene", "copy")
    spool.result_path("scene").rename(tmp_path / "scene.job.json")
    daemon = start_daemon(stub)
    daemon.wait_for("pair.known", job="copy")
    wait_until(lambda: succeed("list", "--json", "--spool", spool.path).count('"copy"') > 0, daemon.story)
    succeed("retry", "--yes", spool.path / "copy")
    spool.wait_for_result("copy", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=2)
    move_away_and_back(stub, spool, daemon, "copy", tmp_path / "done")


def test_of_a_refused_pair_whose_prompt_was_edited(stub, spool, start_daemon, tmp_path):
    daemon = start_daemon(stub, fault="status-400:1")
    spool.drop("scene", "first", IMAGE)
    spool.wait_for_result("scene", "error", daemon)
    wait_for_jobs(spool, daemon, refused=1)
    spool.put("scene.txt", "second")
    succeed("retry", "--yes", spool.path / "scene")
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1, refused=1)
    spool.drop("fix/scene", "first", IMAGE)
    spool.wait_for_result("fix/scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=2, refused=1)
    sent = len(stub.posts())
    remove(spool, "scene", "txt", "png", "job.json")
    spool.result_path("fix/scene").rename(tmp_path / "done")
    move_pair(spool, "fix/scene", "scene")
    settle(stub, spool, daemon)
    assert len(stub.posts()) == sent + 1, prompts(stub)


def test_of_a_pair_that_is_answered_before_its_image_was_read(stub, spool, start_daemon, tmp_path):
    daemon = start_daemon(stub)
    spool.drop("scene", "a prompt", make_image("png", 16 << 20, seed="scene"))
    spool.wait_for_result("scene", daemon=daemon, timeout=60)
    wait_for_jobs(spool, daemon, accepted=1)
    assert daemon.stop() == 0
    succeed("retry", "--yes", spool.path / "scene")
    daemon = start_daemon(stub, fault="early-200:1")
    spool.wait_for_result("scene", daemon=daemon, timeout=60)
    wait_for_jobs(spool, daemon, accepted=1)
    move_away_and_back(stub, spool, daemon, "scene", tmp_path / "done")


def test_of_an_older_job_at_its_path(stub, spool, start_daemon, tmp_path):
    """The newest there had other content; the word is about the refused one, and not about another take."""
    daemon = start_daemon(stub)
    spool.drop("copy", "a prompt", IMAGE)
    spool.wait_for_result("copy", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1)
    assert daemon.stop() == 0
    daemon = start_daemon(stub, fault="status-400:1")
    spool.drop("scene", "a prompt", IMAGE)
    spool.wait_for_result("scene", "error", daemon)
    remove(spool, "scene", "error.json")
    spool.drop("scene", "another", make_png(4096, seed=9))
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=2, refused=1)
    assert daemon.stop() == 0
    remove(spool, "scene", "txt", "png", "job.json")
    remove(spool, "copy", "txt", "png", "job.json")
    spool.drop("scene", "a prompt", IMAGE)
    succeed("retry", "--yes", spool.path / "scene")
    assert read_status(spool)["jobs"] == {"accepted": 2, "released": 1}
    daemon = start_daemon(stub)
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=3)
    move_away_and_back(stub, spool, daemon, "scene", tmp_path / "done")


def accept_and_tidy_away(gate, spool, start_daemon):
    """A pair that is there no more; its name is free for another."""
    daemon = start_daemon(gate.stub, url=gate.url())
    spool.drop("scene", "first", IMAGE)
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1)
    remove(spool, "scene", "txt", "png", "job.json")
    return daemon


def test_an_answer_of_another_pair_of_that_name_is_written_first(gate, spool, start_daemon):
    stub = gate.stub
    daemon = accept_and_tidy_away(gate, spool, start_daemon)
    with gate.closed():
        spool.drop("scene", "second", IMAGE)
        stub.wait_for_posts(2, complete=True)
        spool.result_path("scene").mkdir()
    daemon.wait_for("result.unwritten")
    wait_for_jobs(spool, daemon, accepted=2)
    assert daemon.stop() == 0
    spool.result_path("scene").rmdir()
    spool.put("scene.txt", "first")
    said = fail(75, "retry", "--yes", spool.path / "scene")
    assert "another pair of that name was accepted as video_" in said and "start reeld" in said
    daemon = start_daemon(stub, url=gate.url())
    wait_until(lambda: [p for p in spool.path.rglob("*") if p.is_file() and p.read_text(errors="replace") == stub.posts()[1]["response"]],
               daemon.story)


def test_what_a_crash_left_open_under_that_name_does_not_stop_the_word(gate, spool, start_daemon):
    stub = gate.stub
    daemon = accept_and_tidy_away(gate, spool, start_daemon)
    with gate.closed():
        spool.drop("scene", "second", IMAGE)
        stub.wait_for_posts(2, complete=True)
        daemon.kill()
    spool.put("scene.txt", "first")
    assert succeed("retry", "--yes", spool.path / "scene") == "scene: runs again; reeld is not running\n"
    daemon = start_daemon(stub, url=gate.url())
    spool.wait_for_result("scene", daemon=daemon)
    assert prompts(stub) == ["first", "second", "first"]
    wait_for_jobs(spool, daemon, accepted=1, doubt=1)
