"""1,000 pairs of every kind, dropped in every way while the daemon works: each submitted once, byte for byte."""

import hashlib
import random

from harness import Daemon, Spool, Stub, make_image, text_bytes, wait_until

COUNT = 1000
FOLDERS = ["", "项目甲", "project b", "project b/shots 'x'", "deep/er/and/deeper", "line\nfeed", "quote\"s"]
NAMES = ["场景{}", "scene {}", "it's {}", "\"quoted\" {}", "new\nline {}", "plain{}", "émoji 🎬 {}", "%20{}&;"]
PROMPTS = ["让牛快乐的跳科目三 {}", "a cow \"dances\" {}", "two\nlines {}", "crlf\r\nlines {}", "{} 🎬👩‍👩‍👧",
           "--boundary {}\r\n--boundary--", "  {}  "]
KINDS = ["png", "jpg", "jpeg", "webp"]


def plan_pairs(dice):
    """stem -> (prompt, image's kind, size, how it is dropped, whether the image comes first)."""
    pairs = {}
    for number in range(COUNT):
        folder = dice.choice(FOLDERS)
        stem = (folder + "/" if folder else "") + dice.choice(NAMES).format(number)
        size = dice.choice([200, 4096, 30000, 65536, 65538, 131072])
        how = dice.choices(["copy", "rename", "slow"], [10, 10, 1])[0]
        pairs[stem] = (dice.choice(PROMPTS).format(number), dice.choice(KINDS), size, how, dice.random() < 0.5)
    return pairs


def drop_all(spool, pairs):
    return {stem: spool.drop(stem, prompt, make_image(kind, size, seed=stem), kind, how, first)
            for stem, (prompt, kind, size, how, first) in pairs.items()}


def test_a_thousand_pairs(tmp_path):
    pairs = plan_pairs(random.Random(1000))
    assert len(pairs) == COUNT
    spool = Spool(tmp_path / "spool")
    with Stub(tmp_path / "stub") as stub, \
            Daemon(tmp_path / "daemon", spool, stub.url(), stub=stub).start() as daemon:
        images = drop_all(spool, pairs)
        wait_until(lambda: len(daemon.events("job.accepted")) >= COUNT, daemon.story, timeout=120, pause=0.1)
        answers = {stem: spool.wait_for_result(stem, daemon=daemon) for stem in pairs}
        posts = stub.posts()
        assert daemon.stop() == 0
    assert len(posts) == COUNT and all(record["created"] and record["form_error"] == "" for record in posts)
    by_answer = {text_bytes(record["response"]): record for record in posts}
    assert len(by_answer) == COUNT
    for stem, (prompt, kind, size, _, _) in pairs.items():
        record = by_answer[answers[stem]]
        assert record["fields"]["prompt"] == prompt
        assert record["image"]["sha256"] == hashlib.sha256(images[stem]).hexdigest()
        assert record["image"]["size"] == size
    assert {line["job"] for line in daemon.events("job.accepted")} == set(pairs)
    left = [path.name for path in spool.path.rglob("*") if path.is_file() and ".reeld" not in path.parts
            and not path.name.endswith((".txt", ".job.json", *KINDS))]
    assert left == [], "no temporary file is left"
