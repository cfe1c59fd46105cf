"""on_doubt = "retry": one repeat, after its pause, byte for byte what was sent before, whatever comes between; and the
idempotency key, which is a job's own over all its attempts."""

import re
import time

import pytest

from accounts import read_ledger
from harness import Stub, make_png, text_bytes, wait_until
from launching import launch  # noqa: F401 (a fixture)

PAUSE = 1.5  # seconds: long enough to end a daemon, start another and see that nothing goes before
RETRY = {"submit": {"on_doubt": "retry", "doubt_pause": "1500ms"}}
HEADER = "Idempotency-Key"
KEYED = {"api": {"idempotency_header": HEADER}}


def merge(*tables):
    out = {}
    for table in tables:
        for name, values in table.items():
            out.setdefault(name, {}).update(values)
    return out


def posts_of(stub, prompt):
    return [record for record in stub.posts(complete=True) if record["fields"]["prompt"] == prompt]


def wait_for_posts_of(stub, prompt, count, daemon):
    wait_until(lambda: len(posts_of(stub, prompt)) >= count,
               lambda: f"{count} requests of {prompt!r}; all: {stub.posts()}" + daemon.story())
    return posts_of(stub, prompt)


def no_more(stub, spool, daemon, prompt, count, canary="canary"):
    """Another pair goes through, with a pause's time behind it; of that prompt there were so many requests."""
    begun = time.monotonic()
    spool.drop(canary, canary)
    spool.wait_for_result(canary, daemon=daemon)
    time.sleep(max(0.0, PAUSE + 0.3 - (time.monotonic() - begun)))  # nothing announces a request that is not made
    assert len(posts_of(stub, prompt)) == count, daemon.story()


def same_request(stub, one, other):
    assert stub.raw_body(one) == stub.raw_body(other), "byte for byte"
    assert one["headers"] == other["headers"] and one["target"] == other["target"]
    assert one["image"] == other["image"] and one["fields"] == other["fields"]


def header_of(record, name=HEADER):
    found = [value for key, value in record["headers"].items() if key.lower() == name.lower()]
    return found[0] if found else None


def states(spool):
    return [job.state for job in read_ledger(spool.path / ".reeld" / "ledger.db")]


def attempt_in_doubt(stub, daemon, prompt="scene"):
    daemon.wait_for("attempt.ended", verdict="doubt")
    (first,) = posts_of(stub, prompt)
    return first


# The repeat.

@pytest.mark.parametrize("fault", ["cut-body-created:1", "status-500-created:1", "close-after-body:1"])
def test_one_repeat_after_the_pause(stub, spool, launch, fault):  # noqa: F811
    daemon = launch(fault, tables=merge(RETRY, KEYED))
    spool.drop("scene", "scene", make_png(300000, seed=1))
    first = attempt_in_doubt(stub, daemon)
    assert spool.results_of("scene") == [], "not given up yet"
    _, second = wait_for_posts_of(stub, "scene", 2, daemon)
    assert second["at"] - first["at"] >= PAUSE * 0.98
    same_request(stub, first, second)
    assert spool.wait_for_result("scene", daemon=daemon) == text_bytes(second["response"])
    no_more(stub, spool, daemon, "scene", 2)
    assert not daemon.events("job.doubt") and spool.results_of("scene") == ["job"]


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_the_repeat_outlives_a_restart(stub, spool, launch, end):  # noqa: F811
    daemon = launch("html-200", tables=merge(RETRY, KEYED))
    spool.drop("scene", "scene", make_png(300000, seed=1))
    first = attempt_in_doubt(stub, daemon)
    if end == "stop":
        assert daemon.stop() == 0
    else:
        wait_until(lambda: states(spool) == ["doubt"], daemon.story)  # a kill before that is another test
        daemon.kill()
    daemon = launch(tables=merge(RETRY, KEYED), url=stub.url("html-200"))
    _, second = wait_for_posts_of(stub, "scene", 2, daemon)
    assert second["at"] - first["at"] >= PAUSE * 0.98
    same_request(stub, first, second)
    doubt = spool.read_result("scene", "doubt", daemon)
    assert doubt["attempts"] == 2, "a second doubt is held"
    assert daemon.stop() == 0
    daemon = launch(tables=RETRY)
    no_more(stub, spool, daemon, "scene", 2)
    assert spool.results_of("scene") == ["doubt"]


def test_killed_while_the_first_answer_is_awaited(stub, spool, launch):  # noqa: F811
    """What the kill leaves open is in doubt, and has its one repeat."""
    daemon = launch("hang-created", tables=merge(RETRY, KEYED))
    spool.drop("scene", "scene", make_png(300000, seed=1))
    (first,) = wait_for_posts_of(stub, "scene", 1, daemon)
    daemon.kill()
    daemon = launch("hang-created", tables=merge(RETRY, KEYED))
    restarted = daemon.wait_for("daemon.ready")
    assert restarted["event"] and spool.results_of("scene") == []
    _, second = wait_for_posts_of(stub, "scene", 2, daemon)
    assert second["at"] - first["at"] >= PAUSE * 0.98
    same_request(stub, first, second)
    daemon.kill()
    # And killed in the repeat: that was the one.
    daemon = launch(tables=merge(RETRY, KEYED))
    assert spool.read_result("scene", "doubt", daemon)["attempts"] == 2
    no_more(stub, spool, daemon, "scene", 2)


@pytest.mark.parametrize("is_restarted", [False, True], ids=["reloaded", "restarted"])
def test_the_fields_are_those_of_the_first_request(stub, spool, launch, is_restarted):  # noqa: F811
    """Whatever [job] says by now: another request would be another job."""
    old = merge(RETRY, {"job": {"model": "old-model", "seconds": 4, "style": "old"}})
    new = merge(RETRY, {"job": {"model": "new-model", "seconds": 12, "extra": "new"}})
    daemon = launch("html-200:1", tables=old)
    spool.drop("scene", "scene")
    first = attempt_in_doubt(stub, daemon)
    if is_restarted:
        assert daemon.stop() == 0
        daemon = launch("html-200:1", tables=new)
    else:
        daemon.configure(new)
        daemon.reload()
        daemon.wait_for("config.reloaded")
    spool.drop("later", "later")
    _, second = wait_for_posts_of(stub, "scene", 2, daemon)
    same_request(stub, first, second)
    assert second["fields"]["model"] == "old-model" and second["fields"]["seconds"] == "4"
    spool.wait_for_result("scene", daemon=daemon)
    spool.wait_for_result("later", daemon=daemon)
    (later,) = posts_of(stub, "later")
    assert later["fields"]["model"] == "new-model" and later["fields"]["extra"] == "new"


@pytest.mark.parametrize("between", ["status-429:2", "close-before-body:2", "reset-during-body:2"])
def test_a_repeat_that_is_not_taken_is_still_the_one(stub, spool, launch, between):  # noqa: F811
    """Throttled or unsent: nothing was created, and it goes again, the same as ever."""
    size = 16 << 20 if "body" in between else 5000
    daemon = launch(f"html-200:1,{between},html-200:1", tables=merge(RETRY, KEYED))
    spool.drop("scene", "scene", make_png(size, seed=1))
    doubt = spool.read_result("scene", "doubt", daemon)
    assert doubt["attempts"] >= 2
    posts = posts_of(stub, "scene")
    assert [record["fault"] for record in posts if record["fault"] == "html-200"] == ["html-200"] * 2
    for record in posts[1:]:
        same_request(stub, posts[0], record)
    assert len(stub.posts()) == 4, "the two that were not taken, and no more"
    no_more(stub, spool, daemon, "scene", len(posts))


@pytest.mark.parametrize("file", ["txt", "png"])
def test_no_repeat_of_a_pair_that_has_changed(stub, spool, launch, file):  # noqa: F811
    """It could not be the same request any more; and what it has become is half the old one."""
    daemon = launch("html-200:1", tables=RETRY)
    spool.drop("scene", "scene")
    attempt_in_doubt(stub, daemon)
    spool.put(f"scene.{file}", "another prompt" if file == "txt" else make_png(7000, seed=7))
    assert spool.read_result("scene", "doubt", daemon)["attempts"] == 1
    no_more(stub, spool, daemon, "scene", 1)
    assert [record["fields"]["prompt"] for record in stub.posts()] == ["scene", "canary"]


def test_the_repeat_waits_for_the_settings_of_its_folder(stub, spool, launch):  # noqa: F811
    daemon = launch("html-200:1", tables=RETRY)
    spool.drop("film/scene", "scene")
    attempt_in_doubt(stub, daemon)
    settings = spool.put("film/reeld.toml", "seconds = ")
    assert "reeld.toml" in daemon.wait_for("pair.unreadable", job="film/scene")["reason"]
    settings.unlink()
    spool.wait_for_result("film/scene", daemon=daemon)
    assert len(stub.posts()) == 2


def test_no_repeat_once_the_setting_is_hold_again(stub, spool, launch):  # noqa: F811
    daemon = launch("html-200:1", tables=RETRY)
    spool.drop("scene", "scene")
    attempt_in_doubt(stub, daemon)
    assert daemon.stop() == 0
    daemon = launch("html-200:1")
    assert spool.read_result("scene", "doubt", daemon)["attempts"] == 1
    no_more(stub, spool, daemon, "scene", 1)


def test_many_doubts_have_one_repeat_each(tmp_path, spool, launch):  # noqa: F811
    """Some of the repeats end in doubt, too; each of those is held."""
    stems = [f"scene{number:02}" for number in range(30)]
    tables = {"submit": {"on_doubt": "retry", "doubt_pause": "50ms", "concurrency": 8}}
    with Stub(tmp_path / "moody", "--faults", "html-200=0.3,cut-body-created=0.2", "--keep-bodies") as moody:
        for stem in stems:
            spool.drop(stem, stem)
        daemon = launch(over=moody, tables=tables)
        for stem in stems:
            wait_until(lambda stem=stem: spool.results_of(stem), daemon.story, timeout=60)
        assert daemon.stop() == 0
        counts = {"job": 0, "doubt": 0}
        for stem in stems:
            posts = posts_of(moody, stem)
            (result,) = spool.results_of(stem)
            counts[result] += 1
            answered = posts[-1]["fault"] == ""
            assert answered == (result == "job") and len(posts) <= 2
            if result == "job":
                assert spool.result_path(stem).read_bytes() == text_bytes(posts[-1]["response"])
            else:
                assert len(posts) == 2
            if len(posts) == 2:
                assert posts[0]["fault"] != ""
                same_request(moody, *posts)
        assert counts["job"] and counts["doubt"], counts


# The idempotency key.

def keys_of(stub, prompt):
    return [header_of(record) for record in stub.posts() if record["fields"].get("prompt") == prompt]


def test_no_key_unless_asked_for(stub, spool, launch):  # noqa: F811
    daemon = launch("status-429:1")
    spool.drop("scene", "scene")
    spool.wait_for_result("scene", daemon=daemon)
    posts = stub.posts()
    assert len(posts) == 2 and not any("idempotency" in name.lower() for record in posts for name in record["headers"])


def test_one_key_a_job_over_all_attempts(stub, spool, launch):  # noqa: F811
    daemon = launch("status-429:2,saturated-500:1", tables=KEYED)
    for stem in ("scene", "other"):
        spool.drop(stem, stem)
    for stem in ("scene", "other"):
        spool.wait_for_result(stem, daemon=daemon)
    posts = stub.posts()
    assert len(posts) == 5
    scene, other = keys_of(stub, "scene"), keys_of(stub, "other")
    assert len(set(scene)) == len(set(other)) == 1 and scene[0] != other[0]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", scene[0])


def test_one_key_where_the_upload_fails(stub, spool, launch):  # noqa: F811
    """The stub reads no form of what it has cut; the only pair is the one."""
    daemon = launch("reset-during-body:2", tables=KEYED)
    spool.drop("scene", "scene", make_png(16 << 20))
    spool.wait_for_result("scene", daemon=daemon)
    keys = [header_of(record) for record in stub.posts()]
    assert len(keys) == 3 and len(set(keys)) == 1 and keys[0]


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_one_key_over_restarts(stub, spool, launch, end):  # noqa: F811
    keys = []
    for _ in range(3):
        tables = merge(KEYED, {"submit": {"backoff": ["10m", "10m"]}})
        daemon = launch("status-429", tables=tables)
        if not keys:
            spool.drop("scene", "scene")
        daemon.wait_for("attempt.ended", verdict="throttled")
        keys.append(keys_of(stub, "scene")[-1])
        if end == "stop":
            assert daemon.stop() == 0
        else:
            wait_until(lambda: states(spool) == ["unsent"], daemon.story)
            daemon.kill()
    daemon = launch(tables=KEYED)
    spool.wait_for_result("scene", daemon=daemon)
    keys.append(keys_of(stub, "scene")[-1])
    assert keys[0] and len(set(keys)) == 1 and len(stub.posts()) == 4


def test_the_key_of_a_doubt_is_in_its_file(stub, spool, launch):  # noqa: F811
    daemon = launch("html-200:1", tables=KEYED)
    spool.drop("scene", "scene")
    doubt = spool.read_result("scene", "doubt", daemon)
    (key,) = keys_of(stub, "scene")
    assert key and key in str(doubt)


def test_keys_differ_from_job_to_job(stub, spool, launch, tmp_path):  # noqa: F811
    """Also where the contents are the same, where others have come under an old name, and in another spool."""
    daemon = launch(tables=KEYED)
    for number in range(5):
        spool.drop(f"scene{number}", "the same", make_png(3000))
        spool.wait_for_result(f"scene{number}", daemon=daemon)
    for kind in ("txt", "png"):
        spool.file("scene0", kind).unlink()
    spool.result_path("scene0").unlink()
    spool.drop("scene0", "another", make_png(3000))
    wait_until(lambda: len(stub.posts()) == 6, daemon.story)
    spool.wait_for_result("scene0", daemon=daemon)
    other = type(spool)(tmp_path / "other")
    other.drop("scene0", "the same", make_png(3000))
    daemon = launch(tables=KEYED, at=other)
    other.wait_for_result("scene0", daemon=daemon)
    keys = [header_of(record) for record in stub.posts()]
    assert len(keys) == 7 and len(set(keys)) == 7 and all(keys)


def test_a_pair_on_the_inodes_of_another_has_a_key_of_its_own(stub, spool, launch):  # noqa: F811
    """What was not taken is taken away, and its inodes are given to the next pair."""
    daemon = launch("status-429:1", tables=merge(KEYED, {"submit": {"backoff": ["10m", "10m"]}}))
    spool.drop("scene", "prompt 1")
    wait_for_posts_of(stub, "prompt 1", 1, daemon)
    daemon.wait_for("attempt.ended")
    assert daemon.stop() == 0
    inodes = [spool.file("scene", extension).stat().st_ino for extension in ("txt", "png")]
    for _ in range(100):
        for extension in ("txt", "png"):
            spool.file("scene", extension).unlink()
        spool.drop("scene", "prompt 2")
        if inodes == [spool.file("scene", extension).stat().st_ino for extension in ("txt", "png")]:
            break
    else:
        pytest.skip("this file system does not give a free inode to the next file")
    daemon = launch(tables=KEYED)
    (second,) = wait_for_posts_of(stub, "prompt 2", 1, daemon)
    (first,) = posts_of(stub, "prompt 1")
    assert header_of(first) and header_of(second) and header_of(first) != header_of(second)


def test_a_header_of_another_name(stub, spool, launch):  # noqa: F811
    daemon = launch(tables={"api": {"idempotency_header": "X-Request-Token"}})
    spool.drop("scene", "scene")
    spool.wait_for_result("scene", daemon=daemon)
    (record,) = stub.posts()
    assert header_of(record, "X-Request-Token") and not header_of(record)
