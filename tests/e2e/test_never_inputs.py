"""What people's systems put into a spool, and nobody wants to pay for: recycle bins, system folders, conflict copies."""

import pytest

from harness import run_reeld, write_config

BINS = ["#recycle", "@Recycle", "@Recently-Snapshot", "$RECYCLE.BIN", "RECYCLER", "System Volume Information", "lost+found",
        "@eaDir", "#snapshot", "__MACOSX", "Network Trash Folder", "Temporary Items", "film/#Recycle"]
COPIES = ["scene.sync-conflict-20260131-120000-ABCDEFG", "scene_conflict-20260131-120000",
          "scene (conflicted copy 2026-01-31 120000)", "scene (Ann's conflicted copy 2026-01-31)", "scene (Case Conflict)"]


def prompts_of(stub):
    return sorted(record["fields"]["prompt"] for record in stub.posts())


def assert_only(stub, spool, daemon, *wanted):
    """Sends one more pair through, so that whatever was to be sent before it has been; then looks."""
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert prompts_of(stub) == sorted([*wanted, "canary"])


@pytest.mark.parametrize("is_there_at_start", [True, False])
def test_nothing_is_bought_from_recycle_bins_and_system_folders(stub, spool, start_daemon, is_there_at_start):
    daemon = None if is_there_at_start else start_daemon(stub)
    for folder in BINS:
        spool.drop(f"{folder}/scene", folder)
        spool.drop(f"{folder}/{'deeper'}/scene", folder)
    daemon = daemon or start_daemon(stub)
    assert_only(stub, spool, daemon)
    for stem in ("scene.txt", "scene.png"):
        (spool.path / "#recycle" / stem).rename(spool.path / stem)
    spool.wait_for_result("scene", daemon=daemon)


def test_a_pair_that_is_deleted_to_a_recycle_bin_is_cancelled(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-401:1", tables={"submit": {"account_retry": "1s"}})
    spool.drop("first", "first")
    daemon.wait_for("lane.paused")
    spool.drop("film/second", "second")
    daemon.wait_for("pair.ready", job="film/second")
    (spool.path / "#recycle").mkdir()
    (spool.path / "film").rename(spool.path / "#recycle" / "film")
    spool.wait_for_result("first", daemon=daemon)
    assert_only(stub, spool, daemon, "first", "first")


def test_the_list_can_be_changed(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables={"spool": {"ignore": ["archive", "!lost+found"]}})
    for folder in ("Archive", "lost+found", "#recycle"):
        spool.drop(f"{folder}/scene", folder)
    spool.wait_for_result("lost+found/scene", daemon=daemon)
    assert_only(stub, spool, daemon, "lost+found")


@pytest.mark.parametrize("is_there_at_start", [True, False])
def test_a_conflict_copy_is_said_once_and_not_bought(stub, spool, start_daemon, is_there_at_start):
    daemon = None if is_there_at_start else start_daemon(stub, tables={"spool": {"rescan": "500ms"}})
    for stem in COPIES:
        spool.drop(stem, stem)
    spool.drop("scene", "scene")
    daemon = daemon or start_daemon(stub, tables={"spool": {"rescan": "500ms"}, "log": {"level": "debug"}})
    for stem in COPIES:
        daemon.wait_for("pair.conflict", job=stem)
    spool.wait_for_result("scene", daemon=daemon)
    assert_only(stub, spool, daemon, "scene")
    assert len(daemon.events("pair.conflict")) == len(COPIES)
    status = run_reeld("status", "--spool", spool.path)
    assert "conflict " in status.stdout, status.stdout
    for extension in ("txt", "png"):
        spool.file(COPIES[0], extension).rename(spool.file("wanted", extension))
    spool.wait_for_result("wanted", daemon=daemon)


def test_check_leaves_them_out_too(stub, spool, tmp_path):
    for stem in [f"{folder}/scene" for folder in BINS] + COPIES:
        spool.drop(stem, stem)
    config = write_config(tmp_path / "check.toml", {"spool": {"path": spool.path},
                                                    "api": {"url": stub.url(), "ca_file": stub.ca_file}})
    checked = run_reeld("check", "--pairs", "--config", config)
    assert f"{len(COPIES)} conflict; nothing was sent" in checked.stdout, checked.stdout
    assert "recycle" not in checked.stdout.lower()
