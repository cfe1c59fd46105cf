"""Files that cannot be submitted: each gets an error file that says why, and no request; the others go on."""

import os
import subprocess

import pytest

from harness import Daemon, Spool, Stub, make_jpeg, make_png, make_webp, wait_until

LIMITS = {"spool": {"max_prompt": "100KiB", "max_image": "64KiB", "incomplete_after": "600ms", "rescan": "1s"}}

# name: (prompt, image, image's extension, words of which one must be in the reason)
BAD = {
    "latin1": ("caf\xe9 au lait".encode("latin-1"), make_png(), "png", ["windows-1252"]),
    "utf16le": ("\ufeffa cow".encode("utf-16-le"), make_png(), "png", ["utf-16"]),
    "utf16be": ("\ufeffa cow".encode("utf-16-be"), make_png(), "png", ["utf-16"]),
    "gbk": ("让牛快乐的跳科目三".encode("gbk"), make_png(), "png", ["probably gbk"]),
    "big5": ("讓牛快樂地跳舞，慢動作".encode("big5"), make_png(), "png", ["probably big5"]),
    "shift-jis": ("夜の海辺を走る少女、カメラは横から".encode("shift-jis"), make_png(), "png", ["shift"]),
    "gb18030": ("夜晚的海边，一个女孩在奔跑\U00020000".encode("gb18030"), make_png(), "png", ["gb18030", "probably gbk"]),
    "utf32": ("a cow".encode("utf-32"), make_png(), "png", ["utf-32"]),
    "cut-in-mid-character": ("让牛快乐的".encode()[:-1], make_png(), "png", ["cut in the middle of a character at byte 13"]),
    "invisible": ("\u00a0\u200b\u3000\n\ufe0f\u3164\u2800".encode(), make_png(), "png", ["no character that can be seen"]),
    "only-yaml": (b"---\nseconds: 8\n---\na cow\n", make_png(), "png", ["a line +++, a line seconds = 8, a line +++"]),
    "surrogate": (b"\xed\xa0\x80", make_png(), "png", ["utf-8"]),
    "blank": (b"\n", make_png(), "png", ["empty"]),
    "blank-crlf": (b"\r\n", make_png(), "png", ["empty"]),
    "only-front-matter": (b'+++\nmodel = "m"\n+++\n', make_png(), "png", ["empty"]),
    "only-mark": (b"\xef\xbb\xbf", make_png(), "png", ["empty"]),
    "too-many-characters": (("牛" * 32001).encode(), make_png(), "png", ["32"]),
    "too-many-bytes": (b"x" * (100 * 1024 + 1), make_png(), "png", ["100", "102400"]),
    "front-matter-syntax": (b"+++\nmodel = \n+++\nx", make_png(), "png", ["line 2"]),
    "front-matter-table": (b"+++\n[model]\na = 1\n+++\nx", make_png(), "png", ["model"]),
    "front-matter-array": (b"+++\nmodel = [1]\n+++\nx", make_png(), "png", ["model"]),
    "front-matter-prompt": (b'+++\nprompt = "x"\n+++\nx', make_png(), "png", ["prompt"]),
    "front-matter-image": (b'+++\ninput_reference = "x"\n+++\nx', make_png(), "png", ["input_reference"]),
    "front-matter-open": (b'+++\nmodel = "m"\nx', make_png(), "png", ["+++"]),
    "image-text": (b"x", b"this is no image\n" * 10, "png", ["png", "image"]),
    "image-gif": (b"x", b"GIF89a" + bytes(200), "png", ["gif", "image", "png"]),
    "image-html": (b"x", b"<html>" + b" " * 200 + b"</html>", "jpg", ["image", "jpeg"]),
    "image-too-large": (b"x", make_png(64 * 1024 + 1), "png", ["64", "65536"]),
    "image-cut-png": (b"x", make_png(5000)[:4990], "png", ["iend", "cut", "truncated", "end", "incomplete"]),
    "image-cut-jpeg": (b"x", make_jpeg(5000)[:4998], "jpg", ["eoi", "cut", "truncated", "end", "incomplete"]),
    "image-cut-webp": (b"x", make_webp(5000)[:4990], "webp", ["riff", "cut", "truncated", "end", "incomplete"]),
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    """All of them at once in one spool, and one good pair."""
    folder = tmp_path_factory.mktemp("bad")
    spool = Spool(folder / "spool")
    for name, (prompt, image, kind, _) in BAD.items():
        spool.drop(name, prompt, image, kind)
    spool.drop("good", "good")
    with Stub(folder / "stub") as stub, \
            Daemon(folder / "daemon", spool, stub.url(), stub=stub, tables=LIMITS).start() as daemon:
        yield spool, stub, daemon


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_an_error_file(bad, name):
    spool, _, daemon = bad
    error = spool.read_result(name, "error", daemon)
    assert set(error) == {"verdict", "reason", "http_status", "attempts", "api", "at"}
    assert error["verdict"] == "refused" and error["http_status"] is None and error["api"] is None
    assert error["attempts"] == 0
    assert any(word in error["reason"].lower() for word in BAD[name][3]), error["reason"]
    assert daemon.wait_for("job.refused", job=name)["reason"]


def test_bad_input_is_never_sent_and_stops_nobody(bad):
    spool, stub, daemon = bad
    for name in BAD:
        spool.read_result(name, "error", daemon)
    spool.wait_for_result("good", daemon=daemon)
    assert [record["fields"]["prompt"] for record in stub.posts()] == ["good"]


@pytest.mark.parametrize("made, named", [("png", "jpg"), ("jpg", "png"), ("webp", "jpeg"), ("png", "webp")])
def test_the_true_type_of_an_image_is_sent(stub, spool, daemon, made, named):
    makers = {"png": (make_png, "image/png"), "jpg": (make_jpeg, "image/jpeg"), "webp": (make_webp, "image/webp")}
    spool.drop("scene", "misnamed", makers[made][0](4096), named)
    spool.wait_for_result("scene", daemon=daemon)
    image = stub.posts()[0]["image"]
    assert image["content_type"] == makers[made][1] and image["filename"].endswith("." + made)


def test_limits_are_inclusive(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables=LIMITS)
    spool.drop("scene", "x" * 32000, make_png(64 * 1024))
    spool.wait_for_result("scene", daemon=daemon)


def test_a_bad_folder_file_and_its_repair(stub, spool, daemon):
    spool.put("folder/reeld.toml", 'model = "m"\nsize = ["16x9"]\n')
    spool.drop("folder/scene")
    error = spool.read_result("folder/scene", "error", daemon)
    assert "reeld.toml" in error["reason"] and error["attempts"] == 0
    spool.drop("elsewhere")
    spool.wait_for_result("elsewhere", daemon=daemon)
    spool.put("folder/reeld.toml", 'model = "repaired"\n')
    spool.result_path("folder/scene", "error").unlink()
    spool.wait_for_result("folder/scene", daemon=daemon)
    assert [record["fields"]["model"] for record in stub.posts()] == ["sora-2", "repaired"]


def test_symbolic_links_are_not_followed(stub, spool, daemon, tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(make_png(4096))
    outside = Spool(tmp_path / "outside")
    outside.drop("scene", "outside")
    spool.put("linked.txt", "a linked image")
    spool.file("linked", "png").symlink_to(secret)
    spool.put("prompted.png", make_png(4096))
    spool.file("prompted", "txt").symlink_to(outside.file("scene", "txt"))
    (spool.path / "folder").symlink_to(outside.path)
    spool.drop("good", "good")
    spool.wait_for_result("good", daemon=daemon)
    spool.drop("later", "later")
    spool.wait_for_result("later", daemon=daemon)
    assert [record["fields"]["prompt"] for record in stub.posts()] == ["good", "later"]
    assert "job" not in spool.results_of("linked") + spool.results_of("prompted")
    assert outside.results_of("scene") == []


def test_a_link_that_takes_a_files_place_is_not_followed(stub, spool, start_daemon, tmp_path):
    """Between the scan and the snapshot an image becomes a link."""
    daemon = start_daemon(stub, fault="status-401:1", tables={"submit": {"account_retry": "1s"}})
    spool.drop("first", "first")
    daemon.wait_for("lane.paused")
    spool.drop("scene", "scene")
    daemon.wait_for("pair.ready", job="scene")
    secret = tmp_path / "secret.png"
    secret.write_bytes(make_png(4096, seed="secret"))
    spool.file("scene", "png").unlink()
    spool.file("scene", "png").symlink_to(secret)
    spool.wait_for_result("first", daemon=daemon)
    spool.drop("later", "later")
    spool.wait_for_result("later", daemon=daemon)
    assert {record["fields"]["prompt"] for record in stub.posts()} == {"first", "later"}


def test_pipes_folders_and_sockets_block_nobody(stub, spool, daemon):
    os.mkfifo(spool.file("pipe", "txt"))
    spool.put("pipe.png", make_png(4096))
    spool.put("piped.txt", "x")
    os.mkfifo(spool.file("piped", "png"))
    spool.file("folder", "png").mkdir()
    spool.put("folder.txt", "x")
    spool.drop("good", "good")
    spool.wait_for_result("good", daemon=daemon)
    assert [record["fields"]["prompt"] for record in stub.posts()] == ["good"]


def as_nobody():
    """The words that run a command without root's privileges; none when the tests do not run as root."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")


@pytest.fixture
def nobodys(tmp_path, spool):
    """The test's folder, given to the user that the daemon then runs as."""
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "65534:65534", str(tmp_path)], check=True)
        for folder in (tmp_path, *list(tmp_path.parents)[:2]):
            folder.chmod(0o755)
    return spool


def give(path):
    if os.geteuid() == 0:
        for name in [path, *path.rglob("*")]:
            os.chown(name, 65534, 65534)


def test_a_folder_without_permission_is_spoken_of_and_skipped(stub, nobodys, start_daemon):
    spool = nobodys
    spool.drop("closed/scene", "closed")
    spool.drop("open/scene", "open")
    give(spool.path)
    (spool.path / "closed").chmod(0)
    daemon = start_daemon(stub, prefix=as_nobody())
    spool.wait_for_result("open/scene", daemon=daemon)
    daemon.wait_for("folder.unreadable")
    assert [record["fields"]["prompt"] for record in stub.posts()] == ["open"]
    (spool.path / "closed").chmod(0o755)
    daemon.reload()
    spool.wait_for_result("closed/scene", daemon=daemon)


def test_a_file_without_permission_is_spoken_of_and_waits(stub, nobodys, start_daemon):
    spool = nobodys
    spool.drop("scene", "closed")
    spool.drop("other", "open")
    give(spool.path)
    spool.file("scene", "png").chmod(0)
    daemon = start_daemon(stub, prefix=as_nobody())
    spool.wait_for_result("other", daemon=daemon)
    wait_until(lambda: daemon.events("pair.unreadable", job="scene") or spool.results_of("scene") == ["error"],
               "a word about the unreadable image")
    assert [record["fields"]["prompt"] for record in stub.posts()] == ["open"]
