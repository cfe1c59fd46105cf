"""`reeld init`: from nothing to the first job, asked at a terminal or through a pipe; the key is shown nowhere."""

import json
import os
import signal
import stat
import subprocess

from gateway import Gateway
from harness import BIN_DIR, KEY, PATIENCE, run_reeld, wait_until
from terminal import Terminal


def run_init(config, answers, **environment):
    return subprocess.run([str(BIN_DIR / "reeld"), "init", "--config", str(config)], input="".join(f"{one}\n" for one in answers),
                          capture_output=True, text=True, timeout=PATIENCE, env={**os.environ, **environment})


def test_from_nothing_to_the_first_job(stub, spool, tmp_path):
    config = tmp_path / "mine" / "reeld.toml"
    made = run_init(config, [stub.url(), KEY, spool.path], SSL_CERT_FILE=str(stub.ca_file))
    assert made.returncode == 0, made.stdout + made.stderr
    assert KEY not in made.stdout + made.stderr and "https" in made.stdout
    assert stat.S_IMODE((config.parent / "key").stat().st_mode) == 0o600
    assert f"reeld run --config '{config}'" in made.stdout
    assert "The directory that is watched for pairs" in config.read_text()
    spool.drop("scene")
    drained = run_reeld("drain", "--config", config, key=None, environment={"SSL_CERT_FILE": str(stub.ca_file)})
    assert drained.returncode == 0, drained.stdout + drained.stderr
    assert json.loads(spool.wait_for_result("scene"))["id"]
    again = run_init(config, [stub.url(), KEY, spool.path], SSL_CERT_FILE=str(stub.ca_file))
    assert again.returncode == 1 and "is there already, and nothing is overwritten" in again.stderr


def test_a_key_that_is_refused_is_said_and_the_files_stay(spool, tmp_path):
    config = tmp_path / "reeld.toml"
    with Gateway(lambda request: (401, b'{"error":{"code":"invalid_api_key","message":"no"}}')) as gateway:
        made = run_init(config, [gateway.url(), "sk-another", spool.path])
    assert made.returncode == 78 and "the files are written, but the check has found" in made.stderr, made.stderr
    assert "sk-another" not in made.stdout + made.stderr and config.is_file()


def test_a_key_in_the_urls_place_is_not_shown(spool, tmp_path):
    config = tmp_path / "reeld.toml"
    for key in ("sk-SECRET12345", "0123456789abcdef.0123456789abcdef", "uuid-1:se/cr3t"):
        made = run_init(config, [key, KEY, spool.path])
        assert made.returncode == 78 and "has to begin with https://" in made.stderr, made.stderr
        assert key not in made.stdout + made.stderr and not config.exists()


def test_a_configuration_that_holds_a_secret_is_its_owners_alone(spool, tmp_path):
    for number, (query, mode) in enumerate({"?key=sk-SECRET12345": 0o600, "?version=1": 0o644}.items()):
        config = tmp_path / f"{number}.toml"
        made = run_init(config, [f"http://127.0.0.1:1/v1{query}", KEY, spool.path])
        assert stat.S_IMODE(config.stat().st_mode) == mode, made.stderr
        assert "SECRET12345" not in made.stdout + made.stderr


def test_a_folder_with_a_control_character_is_asked_about(tmp_path):
    made = run_init(tmp_path / "reeld.toml", ["http://127.0.0.1:1", KEY, f"{tmp_path}/a\x7fb"])
    assert made.returncode == 78 and "without control characters" in made.stderr, made.stderr
    assert not (tmp_path / "reeld.toml").exists()


def ask(config):
    return Terminal(BIN_DIR / "reeld", "init", "--config", config)


def wait_until_hidden(terminal):
    terminal.wait_for(b"not shown")
    wait_until(lambda: not terminal.is_echoing(), lambda: terminal.seen)


def test_the_key_is_not_shown_and_a_wrong_answer_is_asked_for_again(spool, tmp_path):
    with ask(tmp_path / "reeld.toml") as terminal:
        terminal.wait_for(b"The API's URL")
        terminal.type("ftp://127.0.0.1:1")
        terminal.wait_for(b"The API's URL", times=2)
        assert b"must begin with" in terminal.seen
        terminal.type("http://127.0.0.1:1")
        wait_until_hidden(terminal)
        terminal.type(KEY)
        terminal.wait_for(b"The folder")
        terminal.type(str(spool.path))
        terminal.wait_for(b"the files are written")
        assert terminal.process.wait(PATIENCE) == 1, "nobody listens there"
        assert KEY.encode() not in terminal.seen and terminal.is_echoing()
    assert (tmp_path / "key").read_text() == KEY + "\n"


def test_ctrl_c_at_the_key_leaves_the_terminal_as_it_was_and_no_file(tmp_path):
    with ask(tmp_path / "reeld.toml") as terminal:
        terminal.wait_for(b"The API's URL")
        terminal.type("http://127.0.0.1:1")
        wait_until_hidden(terminal)
        assert terminal.end(signal.SIGINT) == -signal.SIGINT
        assert terminal.is_echoing()
    assert not list(tmp_path.glob("reeld.toml")) and not list(tmp_path.glob("key"))
