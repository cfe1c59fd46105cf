"""Form fields: [job], then reeld.toml of the folders, then front matter; each key a field, sent as text."""

import pytest

from harness import make_png, text_bytes


def fields_of(stub, spool, daemon, stem):
    answer = spool.wait_for_result(stem, daemon=daemon)
    (record,) = [entry for entry in stub.posts(created=True) if text_bytes(entry["response"]) == answer]
    return record["fields"]


def fields_for(stub, spool, daemon, stem, prompt):
    spool.drop(stem, prompt)
    return fields_of(stub, spool, daemon, stem)


def test_nearest_wins(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables={"job": {"model": "from-config", "style": "config", "size": "1x1"}})
    spool.put("reeld.toml", 'style = "spool"\nlens = "spool"\n')
    spool.put("a/reeld.toml", 'style = "a"\ngrain = "a"\n')
    spool.put("a/b/reeld.toml", 'grain = "b"\n')
    top = fields_for(stub, spool, daemon, "top", "x")
    assert (top["model"], top["style"], top["lens"], top.get("grain")) == ("from-config", "spool", "spool", None)
    middle = fields_for(stub, spool, daemon, "a/middle", "x")
    assert (middle["style"], middle["lens"], middle["grain"]) == ("a", "spool", "a")
    deep = fields_for(stub, spool, daemon, "a/b/c/deep", "x")
    assert (deep["style"], deep["grain"], deep["size"]) == ("a", "b", "1x1")
    front = fields_for(stub, spool, daemon, "a/b/front", '+++\nstyle = "front"\n+++\nthe prompt\n')
    assert (front["style"], front["grain"], front["prompt"]) == ("front", "b", "the prompt")


def test_every_value_is_sent_as_text_and_every_name(stub, spool, daemon):
    fields = fields_for(stub, spool, daemon, "scene1",
                        '+++\nseconds = 10\nwatermark = false\nprivate = true\nguidance = 2.5\nzeta = "牛"\n'
                        '"odd name" = "kept"\nalpha = "last"\n+++\nx')
    assert fields["seconds"] == "10" and fields["watermark"] == "false" and fields["private"] == "true"
    assert fields["guidance"] == "2.5" and fields["zeta"] == "牛" and fields["odd name"] == "kept"
    assert list(fields)[:6] == ["model", "prompt", "seconds", "size", "watermark", "private"]
    assert set(list(fields)[6:]) == {"guidance", "zeta", "odd name", "alpha"}


def test_an_empty_text_is_not_sent(stub, spool, daemon):
    fields = fields_for(stub, spool, daemon, "scene1", '+++\nsize = ""\nwatermark = ""\n+++\nx')
    assert list(fields) == ["model", "prompt", "seconds"]


@pytest.mark.parametrize("name", ['quote"d', "line\\nfeed", "percent%22"])
def test_names_are_escaped_as_browsers_do(stub, spool, daemon, name):
    fields = fields_for(stub, spool, daemon, "scene1", f'+++\n"{name.replace(chr(34), chr(92) + chr(34))}" = "v"\n+++\nx')
    plain = {'quote"d': 'quote"d', "line\\nfeed": "line\nfeed", "percent%22": 'percent"'}
    assert fields[plain[name]] == "v"


@pytest.mark.parametrize("text, prompt", [
    (b"\xef\xbb\xbfwith a mark", b"with a mark"),
    (b"one\n", b"one"),
    (b"one\r\n", b"one"),
    (b"one\n\n", b"one\n"),
    (b"one\r\n\r\n", b"one\r\n"),
    (b"one\r", b"one\r"),
    (b"\n one \n", b"\n one "),
    (b"+++\r\nmodel = \"m\"\r\n+++\r\none\r\ntwo\r\n", b"one\r\ntwo"),
    (b"\xef\xbb\xbf+++\nmodel = \"m\"\n+++\none\n", b"one"),
    (b"+++\n+++\none", b"one"),
    (b"one\n+++\nmodel = \"m\"\n+++\n", b"one\n+++\nmodel = \"m\"\n+++"),
])
def test_the_prompt_is_the_rest_of_the_file(stub, spool, daemon, text, prompt):
    fields = fields_for(stub, spool, daemon, "scene1", text)
    assert text_bytes(fields["prompt"]) == prompt
    assert fields["model"] == ("m" if text.lstrip(b"\xef\xbb\xbf").startswith(b"+++\r\nm")
                               or text.lstrip(b"\xef\xbb\xbf").startswith(b"+++\nm") else "sora-2")


def test_extensions_in_any_case(stub, spool, daemon):
    spool.put("Scene.TXT", "upper")
    spool.put("Scene.PNG", make_png(4096))
    assert fields_of(stub, spool, daemon, "Scene")["prompt"] == "upper"


def test_the_images_field_can_be_named(stub, spool, start_daemon):
    daemon = start_daemon(stub, tables={"api": {"image_field": "image"}})
    spool.drop("scene1")
    daemon.wait_for("attempt.ended", job="scene1")
    assert stub.posts()[0]["image"]["name"] == "image"


def test_an_idempotency_key_is_sent_when_asked_for(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="status-429:2", tables={"api": {"idempotency_header": "Idempotency-Key"}})
    spool.drop("scene1")
    spool.drop("scene2")
    spool.wait_for_result("scene1", daemon=daemon)
    spool.wait_for_result("scene2", daemon=daemon)
    keys = {}
    for record in stub.posts():
        keys.setdefault(record["image"]["sha256"], set()).add(record["headers"]["idempotency-key"])
    assert [len(values) for values in keys.values()] == [1, 1], "one key over all attempts of a job"
    assert len(set.union(*keys.values())) == 2, "another key for another job"


def test_reload_takes_new_parameters(stub, spool, daemon):
    assert fields_for(stub, spool, daemon, "before", "x")["model"] == "sora-2"
    daemon.configure({"job": {"model": "sora-3"}})
    daemon.reload()
    daemon.wait_for("config.reloaded")
    assert fields_for(stub, spool, daemon, "after", "x")["model"] == "sora-3"


def test_a_bad_file_changes_nothing_at_reload(stub, spool, daemon):
    daemon.configure({"job": {"model": "sora-3"}}, extra="[submitt]\nconcurrency = 1\n")
    daemon.reload()
    rejected = daemon.wait_for("config.rejected")
    assert "submit" in str(rejected)
    assert fields_for(stub, spool, daemon, "after", "x")["model"] == "sora-2"
