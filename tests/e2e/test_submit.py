"""A pair becomes one request with its very bytes, and the answer becomes STEM.job.json with its very bytes."""

import hashlib
import re
import struct

import pytest

from form import split_parts
from harness import JPEG_LEAST, KEY, PNG_LEAST, WEBP_LEAST, Daemon, Spool, Stub, make_image, make_png, text_bytes

BUFFERS = [65536, 262144]
MAX_IMAGE = 32 << 20
SIZES = [("png", size + shift) for size in BUFFERS for shift in (-1, 0, 1)] + [
    ("png", PNG_LEAST), ("jpg", JPEG_LEAST), ("jpeg", 65536), ("jpe", JPEG_LEAST), ("jfif", 65536),
    ("webp", WEBP_LEAST), ("webp", 65536), ("jpg", 5000001), ("png", MAX_IMAGE)]

PROMPTS = {
    "plain": "a cow dances",
    "chinese": "让牛快乐的跳科目三",
    "quotes": 'she said "go" and \'stop\' \\ % %22 %0A',
    "lf": "one\ntwo\n\nthree",
    "crlf": "one\r\ntwo\r\n\r\nthree",
    "cr": "one\rtwo\r\rthree",
    "emoji": "🎬 👩‍👩‍👧 e\u0301 \u202e \u2028 \u0085",
    "boundary": "--boundary\r\n--boundary--\r\n\r\n--\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nevil",
    "controls": "tab\tbell\x07escape\x1b[31mend",
    "spaces": "  leading and trailing  ",
    "longest": "牛" * 32000,
    "newlines": "\n\none blank line left\n",
}


def posted(stub, daemon, spool, stem):
    answer = spool.wait_for_result(stem, daemon=daemon)
    (record,) = [entry for entry in stub.posts(created=True) if text_bytes(entry["response"]) == answer]
    return record


def test_the_answer_is_kept_byte_for_byte(stub, spool, daemon):
    for number in range(12):  # two of each of the stub's hands
        spool.drop(f"scene{number}", f"prompt {number} 牛")
    answers = {spool.wait_for_result(f"scene{number}", daemon=daemon) for number in range(12)}
    records = stub.posts()
    assert len(records) == 12 and answers == {text_bytes(record["response"]) for record in records}
    assert daemon.wait_for("job.accepted", job="scene3")["id"] in {record["id"] for record in records}


@pytest.fixture(scope="module")
def sizes(tmp_path_factory):
    """All the images at once over one daemon: stem -> (kind, size, bytes), the spool, the stub and the daemon."""
    folder = tmp_path_factory.mktemp("sizes")
    spool = Spool(folder / "spool")
    with Stub(folder / "stub") as stub, Daemon(folder / "daemon", spool, stub.url(), stub=stub).start() as daemon:
        images = {f"{kind}{size}": spool.drop(f"{kind}{size}", "a size", make_image(kind, size, seed=f"{kind}{size}"), kind)
                  for kind, size in SIZES}
        yield spool, stub, daemon, images


@pytest.mark.parametrize("kind, size", SIZES)
def test_images_of_every_size_arrive_whole(sizes, kind, size):
    spool, stub, daemon, images = sizes
    record = posted(stub, daemon, spool, f"{kind}{size}")
    assert record["image"]["size"] == size
    assert record["image"]["sha256"] == hashlib.sha256(images[f"{kind}{size}"]).hexdigest()
    assert record["image"]["content_type"] == {"png": "image/png", "webp": "image/webp"}.get(kind, "image/jpeg")
    assert record["complete"] and record["form_error"] == ""


def build_panorama():
    """As Samsung's phones write it: a JPEG without its end marker, and a trailer that ends with its own."""
    data, name = b"1667231220311", b"Image_UTC_Data"
    block = struct.pack("<HHI", 0, 0x0A01, len(name)) + name + data
    directory = b"SEFH" + struct.pack("<IIHHII", 107, 1, 0, 0x0A01, len(block), len(block))
    image = make_image("jpg", 4096)
    assert image.endswith(b"\xff\xd9")
    return image[:-2] + block + directory + struct.pack("<I", len(directory)) + b"SEFT"


def test_a_panorama_arrives_whole(stub, spool, daemon):
    image = build_panorama()
    spool.drop("scene", "a town", image, "jpg")
    assert posted(stub, daemon, spool, "scene")["image"]["sha256"] == hashlib.sha256(image).hexdigest()


def test_each_image_was_sent_once(sizes):
    spool, stub, daemon, images = sizes
    for stem in images:
        spool.wait_for_result(stem, daemon=daemon)
    assert sorted(entry["image"]["sha256"] for entry in stub.posts()) == sorted(
        hashlib.sha256(image).hexdigest() for image in images.values())


@pytest.fixture(scope="module")
def prompts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prompts")
    spool = Spool(folder / "spool")
    with Stub(folder / "stub", "--keep-bodies") as stub, \
            Daemon(folder / "daemon", spool, stub.url(), stub=stub).start() as daemon:
        for name, prompt in PROMPTS.items():
            spool.drop(name, prompt + "\n", make_png(4096, seed=name))
        yield spool, stub, daemon


@pytest.mark.parametrize("name", PROMPTS)
def test_prompts_arrive_byte_for_byte(prompts, name):
    spool, stub, daemon = prompts
    record = posted(stub, daemon, spool, name)
    assert text_bytes(record["fields"]["prompt"]) == PROMPTS[name].encode("utf-8")
    parts = split_parts(record["headers"]["content-type"], stub.raw_body(record))
    assert [part.name for part in parts][:6] == ["model", "prompt", "seconds", "input_reference", "size", "watermark"]
    by_name = {part.name: part for part in parts}
    assert by_name["prompt"].data == PROMPTS[name].encode("utf-8")
    assert by_name["input_reference"].data == make_png(4096, seed=name)
    assert by_name["input_reference"].content_type == "image/png"


def test_the_request_is_what_strict_gateways_take(stub, spool, daemon):
    spool.drop("场景 \"1\"", kind="png")
    record = posted(stub, daemon, spool, "场景 \"1\"")
    headers = record["headers"]
    assert record["target"] == "/v1/videos" and headers["authorization"] == f"Bearer {KEY}"
    assert headers["host"] == f"localhost:{stub.port}"
    assert "transfer-encoding" not in headers and "expect" not in headers
    assert int(headers["content-length"]) == record["content_length"] == len(stub.raw_body(record))
    assert re.fullmatch(r"multipart/form-data; boundary=\"?[A-Za-z0-9'()+_,./:=?-]{1,70}\"?", headers["content-type"])
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.png", record["image"]["filename"]), "a plain ASCII name"
    assert record["image"]["name"] == "input_reference" and record["image"]["position"] == 3
    assert list(record["fields"]) == ["model", "prompt", "seconds", "size", "watermark"]
    assert record["fields"] == {"model": "sora-2", "prompt": "a cow dances", "seconds": "10", "size": "16x9",
                                "watermark": "false"}
    assert b"filename*" not in stub.raw_body(record)


def test_boundaries_differ_from_request_to_request(stub, spool, daemon):
    for stem in ("a", "b", "c"):
        spool.drop(stem)
        spool.wait_for_result(stem, daemon=daemon)
    assert len({record["headers"]["content-type"] for record in stub.posts()}) == 3


def test_without_a_configuration_file(tmp_path, spool, start_daemon):
    with Stub(tmp_path / "plain", "--plain") as plain:
        daemon = start_daemon(plain, command=("run", "--spool", str(spool.path), "--url",
                                              plain.url(host="127.0.0.1")))
        spool.drop("scene1")
        assert spool.wait_for_result("scene1", daemon=daemon) == text_bytes(plain.posts()[0]["response"])
        assert daemon.stop() == 0


@pytest.mark.parametrize("suffix", ["/v1", "/v1/", "/v1/videos", "/"])
def test_urls_that_name_more_of_the_path(stub, spool, start_daemon, suffix):
    daemon = start_daemon(stub, url=stub.url() + suffix)
    spool.drop("scene1")
    assert posted(stub, daemon, spool, "scene1")["target"] == "/v1/videos"


def test_results_are_for_the_folders_group(stub, spool, daemon):
    spool.drop("scene1")
    spool.wait_for_result("scene1", daemon=daemon)
    status = spool.result_path("scene1").stat()
    assert status.st_mode & 0o777 == 0o664 and status.st_gid == spool.path.stat().st_gid
    visible = sorted(path.name for path in spool.path.iterdir() if not path.name.startswith("."))
    assert visible == ["scene1.job.json", "scene1.png", "scene1.txt"]
