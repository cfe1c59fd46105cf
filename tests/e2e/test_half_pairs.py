"""Pairs that are not (yet) whole: ambiguous, orphaned, cut, empty."""

import unicodedata

import pytest

from harness import make_image, make_png, run_reeld, wait_until, write_config

SOON = {"spool": {"incomplete_after": "600ms", "rescan": "1s"}}


def assert_not_sent(stub, spool, daemon, stem):
    """Sends one more pair through and looks whether the other was sent meanwhile."""
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert [record["fields"]["prompt"] for record in stub.posts()] == ["canary"]
    assert "job" not in spool.results_of(stem)


@pytest.mark.parametrize("names", [("scene.txt", "scene.png", "scene.jpg"), ("scene.txt", "scene.TXT", "scene.png"),
                                   ("scene.png", "scene.PNG", "scene.txt")])
def test_ambiguous_until_one_is_removed(stub, spool, start_daemon, names):
    for name in names:
        spool.put(name, "a prompt" if name.lower().endswith("txt") else make_image(name.lower()[-3:], 4096))
    daemon = start_daemon(stub)
    daemon.wait_for("pair.ambiguous", job="scene")
    assert_not_sent(stub, spool, daemon, "scene")
    (spool.path / names[1]).unlink()
    spool.wait_for_result("scene", daemon=daemon)
    assert len(daemon.events("pair.ambiguous")) == 1 and len(stub.posts()) == 2


def test_an_orphan_is_said_once_and_still_welcome(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables={**SOON, "log": {"level": "debug"}})
    spool.put("scene.txt", "half")
    spool.put("other.png", make_png(4096))
    daemon.wait_for("pair.orphan", job="scene")
    daemon.wait_for("pair.orphan", job="other")
    daemon.wait_for("spool.rescan", count=2)
    assert spool.results_of("scene") == [] and spool.results_of("other") == []
    spool.put("scene.png", make_png(4096))
    spool.wait_for_result("scene", daemon=daemon)
    assert len(daemon.events("pair.orphan")) == 2 and len(stub.posts()) == 1


def test_an_orphan_names_the_neighbour_that_was_meant(stub, spool, start_daemon):
    for name in ("photo.txt", "photo.heic", "e\u0301te\u0301.txt", "clip.txt", "clip.png.png"):
        spool.put(name, "x")
    spool.put("\u00e9t\u00e9.png", make_png())
    daemon = start_daemon(stub, tables=SOON)
    photo = daemon.wait_for("pair.orphan", job="photo")
    assert photo["neighbours"] == "photo.heic is HEIC, not PNG, JPEG or WebP" and photo["neighbours"] in photo["msg"]
    assert "Unicode normalization" in daemon.wait_for("pair.orphan", job="\u00e9t\u00e9")["neighbours"]
    assert daemon.wait_for("pair.orphan", job="clip")["neighbours"] == "clip.png.png has two extensions"
    assert stub.posts() == []


# What lies there: the job, and what is said of its neighbour.
MEANT = {
    ("a.txt", "a.avif"): ("a", "a.avif is AVIF, not PNG, JPEG or WebP"),
    ("g.txt", "g.gif"): ("g", "g.gif is GIF, not PNG, JPEG or WebP"),
    ("m.png", "m.md"): ("m", "m.md is not .txt"),
    ("t.png", "t.txt.txt"): ("t", "t.txt.txt has two extensions"),
    ("c.txt", "C.png"): ("c", "in another case"),
    ("e\u0301.txt", "\u00e9.png"): ("e\u0301", "in another Unicode normalization"),
}


def test_check_and_the_daemon_name_each_neighbour_that_was_meant(stub, spool, start_daemon, tmp_path):
    for names in MEANT:
        for name in names:
            spool.put(name, make_png() if name.endswith(".png") else "x")
    config = write_config(tmp_path / "check.toml", {"spool": {"path": spool.path}, "api": {"url": stub.url()}})
    checked = run_reeld("check", "--pairs", "--config", config).stdout
    daemon = start_daemon(stub, tables=SOON)
    for job, said in MEANT.values():
        assert said in checked, checked
        assert said in daemon.wait_for("pair.orphan", job=unicodedata.normalize("NFC", job))["neighbours"]
    assert stub.posts() == []


@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_a_cut_image_is_never_sent(stub, spool, start_daemon, kind):
    daemon = start_daemon(stub, tables=SOON)
    image = make_image(kind, 5000)
    spool.drop("scene", "cut", image[:-3], kind)
    daemon.wait_for("pair.incomplete", job="scene")
    error = spool.read_result("scene", "error", daemon)
    assert error["verdict"] == "refused" and error["http_status"] is None and error["attempts"] == 0
    assert error["reason"]
    assert_not_sent(stub, spool, daemon, "scene")


@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_a_cut_image_that_is_completed_in_time_is_sent(stub, spool, daemon, kind):
    image = make_image(kind, 5000)
    spool.drop("scene", "cut at first", image[:2500], kind)
    daemon.wait_for("pair.incomplete", job="scene")
    with open(spool.file("scene", kind), "ab") as file:
        file.write(image[2500:])
    spool.wait_for_result("scene", daemon=daemon)
    (record,) = stub.posts()
    assert record["image"]["size"] == 5000 and record["complete"]


def test_a_cut_image_that_is_replaced_after_its_error(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables=SOON)
    spool.drop("scene", "cut", make_png(5000)[:-12])
    spool.wait_for_result("scene", "error", daemon)
    spool.put("scene.png", make_png(5000))
    spool.result_path("scene", "error").unlink()
    spool.wait_for_result("scene", daemon=daemon)
    assert len(stub.posts()) == 1


@pytest.mark.parametrize("empty", ["txt", "png"])
def test_an_empty_file_is_not_complete(stub, spool, daemon, empty):
    data = {"txt": b"a prompt", "png": make_png(4096)}
    for extension in data:
        spool.put(f"scene.{extension}", b"" if extension == empty else data[extension])
    assert_not_sent(stub, spool, daemon, "scene")
    assert spool.results_of("scene") == []
    spool.put(f"scene.{empty}", data[empty], how="copy")
    spool.wait_for_result("scene", daemon=daemon)
    assert len(stub.posts()) == 2


def test_an_empty_file_that_stays_so_is_spoken_of(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables=SOON)
    spool.drop("scene", "an empty image", b"")
    wait_until(lambda: spool.results_of("scene") == ["error"]
               or daemon.events("pair.incomplete", job="scene") or daemon.events("pair.orphan", job="scene"),
               "a word about the empty image")
    assert_not_sent(stub, spool, daemon, "scene")


def test_a_file_that_changes_while_it_is_sent_is_sent_anew(stub, spool, start_daemon):
    """The upload is slow; the image is replaced meanwhile: the first attempt is dropped before its closing boundary."""
    daemon = start_daemon(stub, fault="slow-read:1")
    spool.drop("scene", "first", make_png(8 << 20, seed=1))
    daemon.wait_for("attempt.started", job="scene")
    image = make_png(4 << 20, seed=2)
    spool.put("scene.png", image)
    spool.wait_for_result("scene", daemon=daemon)
    assert [record["image"]["size"] for record in stub.posts(created=True)] == [len(image)]


def test_a_pair_that_is_removed_while_it_waits_is_forgotten(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-401:1", tables={"submit": {"account_retry": "1s"}})
    spool.drop("first", "first")
    daemon.wait_for("lane.paused")
    spool.drop("second", "second")
    daemon.wait_for("pair.ready", job="second")
    for extension in ("txt", "png"):
        spool.file("second", extension).unlink()
    spool.wait_for_result("first", daemon=daemon)
    assert {record["fields"]["prompt"] for record in stub.posts()} == {"first"}
    assert spool.results_of("second") == []
