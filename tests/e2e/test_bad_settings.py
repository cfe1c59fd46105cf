"""What is wrong with configuration, URL, key or command line: exit code, and one line that says what to write."""

import os
import re
import threading

import pytest

from bad_sync import bad_sync, bad_sync_library  # noqa: F401 (fixtures)
from harness import KEY, Spool, Stub, make_png, run_reeld, text_bytes, wait_until, write_config

USAGE, CONFIGURATION = 64, 78


def one_line(text):
    lines = [line for line in text.splitlines() if line]
    assert len(lines) == 1, text
    return lines[0]


def run_with(tmp_path, tables, extra="", key="test-key", command="run", environment=None):
    config = tmp_path / "reeld.toml"
    spool = Spool(tmp_path / "spool")
    merged = {"spool": {"path": str(spool.path)}, "api": {"url": "https://localhost:1"}}
    for name, values in tables.items():
        merged.setdefault(name, {}).update(values)
    write_config(config, merged, extra)
    return run_reeld(command, "--config", config, key=key, environment=environment)


@pytest.mark.parametrize("tables, extra, words", [
    ({"spool": {"setle": "1s"}}, "", ["setle", "settle"]),
    ({"submit": {"concurency": 3}}, "", ["concurency", "concurrency"]),
    ({}, "[submitt]\nconcurrency = 1\n", ["submitt", "submit"]),
    ({"spool": {"settle": "soon"}}, "", ["settle", "soon"]),
    ({"spool": {"max_image": "big"}}, "", ["max_image", "big"]),
    ({"spool": {"image_size": "maybe"}}, "", ["image_size", "warn"]),
    ({"spool": {"recursive": "yes"}}, "", ["recursive"]),
    ({"submit": {"concurrency": 0}}, "", ["concurrency"]),
    ({"submit": {"concurrency": "many"}}, "", ["concurrency"]),
    ({"submit": {"backoff": ["5m", "1s"]}}, "", ["backoff"]),
    ({"submit": {"on_doubt": "again"}}, "", ["on_doubt", "hold", "retry"]),
    ({"log": {"level": "loud"}}, "", ["level", "loud"]),
    ({"job": {"prompt": "x"}}, "", ["prompt"]),
    ({"api": {"allow_http": ["*.example"]}}, "", ["allow_http"]),
    ({"api": {"auth_header": "Proxy-Authorization"}}, "", ["auth_header"]),
    ({"api": {"client_cert_file": "/c.pem"}}, "", ["client_cert_file", "client_key_file"]),
    ({}, '[api.headers]\nHost = "x"\n', ["api.headers.Host", "remove"]),
    ({}, '[api.headers]\nx-a = { fiel = "/x" }\n', ["api.headers.x-a", "file"]),
    ({}, '[api.fields]\nseconds = "size"\n', ["api.fields.seconds", "size"]),
    ({}, '[page]\nlistem = ""\n', ["listem", "listen"]),
    ({}, '[hooks]\non = ["done"]\n', ["hooks.on", "doubt"]),
    ({}, '[[verdict]]\nstatus = [500]\nverdict = "accepted"\n', ["verdict"]),
    ({}, "[job\n", ["reeld.toml"]),
])
def test_a_wrong_configuration_is_named_by_line_and_key(tmp_path, tables, extra, words):
    done = run_with(tmp_path, tables, extra)
    line = one_line(done.stderr)
    assert done.returncode == CONFIGURATION, line
    assert "reeld.toml" in line and re.search(r"\d", line)
    for word in words:
        assert word in line, line


@pytest.mark.parametrize("url, words", [
    ("http://api.example.com", ["https"]),
    ("http://192.0.2.1", ["https"]),
    ("ftp://localhost", ["https"]),
    ("localhost", ["https"]),
    ("https://", ["https"]),
    ("https://user:secret@localhost", []),
    ("https://localhost:99999", ["port"]),
    ("", []),
])
def test_a_wrong_url_is_refused(tmp_path, url, words):
    done = run_with(tmp_path, {"api": {"url": url}})
    line = one_line(done.stderr)
    assert done.returncode == CONFIGURATION and "url" in line.lower()
    for word in words:
        assert word in line, line
    assert "secret" not in line


@pytest.mark.parametrize("url", ["http://127.0.0.1", "http://[::1]", "http://localhost"])
def test_http_to_loopback_is_fine(tmp_path, url):
    assert run_with(tmp_path, {"api": {"url": url + ":1"}}, command="drain").returncode == 0, "nothing to send"


@pytest.mark.parametrize("key", [None, "", "\n", "  ", "zebra\nokapi", "zebra okapi", "zebra牛", "zebra\x7f"])
def test_a_missing_or_impossible_key_is_refused(tmp_path, key):
    done = run_with(tmp_path, {}, key=key)
    line = one_line(done.stderr)
    assert done.returncode == CONFIGURATION and "key" in line.lower(), line
    assert "zebra" not in done.stderr and "okapi" not in done.stderr


@pytest.mark.parametrize("content", ["", "\n", "in\nside\n"])
def test_a_wrong_key_file_is_named(tmp_path, content):
    (tmp_path / "key").write_text(content)
    done = run_with(tmp_path, {"api": {"key_file": str(tmp_path / "key")}}, key=None)
    assert done.returncode == CONFIGURATION and str(tmp_path / "key") in one_line(done.stderr)


def test_a_missing_key_file_is_named(tmp_path):
    done = run_with(tmp_path, {"api": {"key_file": str(tmp_path / "no-key")}}, key=None)
    assert done.returncode == CONFIGURATION and str(tmp_path / "no-key") in one_line(done.stderr)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n\n"])
def test_line_ends_after_the_key_are_fine(tmp_path, stub, spool, start_daemon, ending):
    (tmp_path / "key").write_bytes(f"test-key{ending}".encode())
    daemon = start_daemon(stub, key=None, tables={"api": {"key_file": str(tmp_path / "key")}})
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    assert stub.posts()[0]["headers"]["authorization"] == "Bearer test-key"


def test_the_credential_comes_before_the_environment(tmp_path, stub, spool, start_daemon):
    (tmp_path / "api-key").write_text("test-key\n")
    daemon = start_daemon(stub, key="wrong", environment={"CREDENTIALS_DIRECTORY": str(tmp_path)})
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)


def test_a_key_that_is_wrong_at_the_api_and_then_right(tmp_path, stub, spool, start_daemon):
    """The key file is watched: a new key sends the probe at once, long before account_retry."""
    key_file = tmp_path / "key"
    key_file.write_text("wrong\n")
    daemon = start_daemon(stub, key=None, tables={"api": {"key_file": str(key_file)},
                                                  "submit": {"account_retry": "10m"}})
    spool.drop("scene")
    daemon.wait_for("lane.paused")
    assert spool.results_of("scene") == []
    (tmp_path / "key.new").write_text("test-key\n")
    (tmp_path / "key.new").rename(key_file)
    assert spool.wait_for_result("scene", daemon=daemon) == text_bytes(stub.posts()[-1]["response"])
    daemon.wait_for("lane.resumed")


@pytest.mark.parametrize("words", [["rum"], ["run", "--spol", "x"], ["run", "extra"], []])
def test_usage(words):
    done = run_reeld(*words)
    assert done.returncode == USAGE and "Traceback" not in done.stderr and done.stderr + done.stdout


def test_help_and_version():
    assert run_reeld("--help").returncode == 0
    version = run_reeld("--version")
    assert version.returncode == 0 and re.search(r"\d+\.\d+\.\d+", version.stdout)


@pytest.mark.parametrize("words", [["run", "--config", "/nonexistent/reeld.toml"],
                                   ["run", "--spool", "/nonexistent/spool", "--url", "https://localhost:1"]])
def test_what_is_not_there_is_named(words):
    done = run_reeld(*words)
    assert done.returncode in (CONFIGURATION, 1) and words[2] in one_line(done.stderr)


def test_a_ca_file_that_cannot_be_read_is_named(tmp_path):
    done = run_with(tmp_path, {"api": {"ca_file": str(tmp_path / "none.pem")}})
    assert done.returncode == CONFIGURATION and "none.pem" in one_line(done.stderr)


def test_check_sends_nothing_and_shows_what_would_be_sent(tmp_path, stub, spool):
    spool.drop("scene", "a cow dances")
    spool.drop("bad", b"\xff\xfe", make_png())
    config = write_config(tmp_path / "reeld.toml", {"spool": {"path": str(spool.path)},
                                                    "api": {"url": stub.url(), "ca_file": str(stub.ca_file)}})
    done = run_reeld("check", "--config", config, "--pairs")
    assert "scene" in done.stdout and "bad" in done.stdout, done
    assert "test-key" not in done.stdout + done.stderr
    assert stub.requests() == [] and spool.results_of("bad") == []


def test_a_spool_within_another_is_refused(tmp_path, stub, spool, start_daemon):
    start_daemon(stub)
    inner = Spool(spool.path / "inner")
    config = write_config(tmp_path / "inner.toml", {"spool": {"path": str(inner.path)},
                                                    "api": {"url": stub.url(), "ca_file": str(stub.ca_file)}})
    done = run_reeld("drain", "--config", config)
    assert done.returncode == CONFIGURATION and str(spool.path) in one_line(done.stderr)


@pytest.mark.parametrize("is_in_file", [True, False])
@pytest.mark.parametrize("key, words", [('"%s"', "the key stands in quotes"), ("REELD_API_KEY=%s", "begins with a name")])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/openai/v1/video", "/v1/"])
def test_a_check_warns_of_what_was_most_likely_not_meant(tmp_path, is_in_file, key, words, path):
    key = key % KEY
    (tmp_path / "key").write_text(key + "\n")
    (tmp_path / "key").chmod(0o600)
    api = {"url": f"http://127.0.0.1:1{path}", **({"key_file": str(tmp_path / "key")} if is_in_file else {})}
    done = run_with(tmp_path, {"api": api}, command="check", key=None if is_in_file else key)
    assert done.returncode == 0, done.stderr
    assert words in done.stderr and KEY not in done.stdout + done.stderr, done.stderr
    assert ("requests will go to" in done.stderr) == (path != "/v1/"), done.stderr


def test_a_check_finds_what_a_start_refuses(stub, spool, start_daemon, tmp_path, bad_sync):  # noqa: F811
    far = tmp_path / "far"
    far.mkdir()
    bad_sync.fail(far, "statfs", 0x6969)
    for tables, reason in (({"ledger": {"path": far / "ledger.db"}}, "is on nfs, a network file system"),
                           ({"log": {"file": tmp_path / "none" / "reeld.log"}}, "open the log file ")):
        refused = start_daemon(stub, wait=False, tables=tables, environment=bad_sync.environment)
        assert refused.wait() == CONFIGURATION
        assert reason in refused.stderr()
        checked = run_reeld("check", "--config", refused.config, environment=bad_sync.environment)
        assert checked.returncode == CONFIGURATION and checked.stderr == refused.stderr()
    assert [*far.iterdir(), *spool.path.iterdir()] == [] and not (tmp_path / "none").exists()


def test_a_configuration_out_of_a_pipe(stub, spool, start_daemon, tmp_path):
    piped = tmp_path / "piped.toml"
    os.mkfifo(piped)
    model = start_daemon(stub)  # for its configuration
    model.stop()
    writer = threading.Thread(target=lambda: piped.write_bytes(model.config.read_bytes()))
    writer.start()
    daemon = start_daemon(stub, command=("run", "--config", str(piped)))
    writer.join()
    daemon.reload()
    assert "is not read again" in daemon.wait_for("config.reloaded")["reason"]
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)




def test_the_stub_itself_can_be_waited_for(tmp_path, spool, start_daemon):
    """A server that is not there yet is no reason to end: the pair waits."""
    stub = Stub(tmp_path / "later").start()
    port = stub.port
    assert stub.stop() == 0
    daemon = start_daemon(stub)
    spool.drop("scene")
    daemon.wait_for("attempt.ended", verdict="unsent")
    with stub.start(port):
        spool.wait_for_result("scene", daemon=daemon)
        wait_until(lambda: len(stub.posts()) == 1, "the submission")
