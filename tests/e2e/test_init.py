"""`reeld init`: from nothing to the first job, asked at a terminal or through a pipe; the key is shown nowhere."""

import contextlib
import json
import os
import pty
import select
import signal
import stat
import subprocess
import termios
import time

import pytest

from gateway import Gateway
from harness import BIN_DIR, KEY, PATIENCE, run_reeld


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


class Typist:
    """Somebody at a terminal who answers each question."""

    def __init__(self, *words):
        try:
            self.master, self.slave = pty.openpty()
        except OSError as error:
            pytest.skip(f"this machine gives no terminals: {error}")
        self.process = subprocess.Popen([str(BIN_DIR / "reeld"), *map(str, words)], stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, start_new_session=True)
        self.seen = b""

    def is_shown(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def wait_for(self, words, times=1):
        deadline = time.monotonic() + PATIENCE
        while self.seen.count(words) < times:
            assert time.monotonic() < deadline, self.seen
            if select.select([self.master], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):
                    self.seen += os.read(self.master, 65536)

    def answer(self, question, text, times=1):
        self.wait_for(question, times)
        if b"not shown" in question:
            deadline = time.monotonic() + PATIENCE
            while self.is_shown():
                assert time.monotonic() < deadline
        os.write(self.master, text.encode() + b"\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)


def test_the_key_is_not_shown_and_a_wrong_answer_is_asked_for_again(spool, tmp_path):
    with Typist("init", "--config", tmp_path / "reeld.toml") as typist:
        typist.answer(b"The API's URL", "ftp://127.0.0.1:1")
        typist.answer(b"The API's URL", "http://127.0.0.1:1", times=2)
        assert b"must begin with" in typist.seen
        typist.answer(b"not shown", KEY)
        typist.answer(b"The folder", str(spool.path))
        typist.wait_for(b"the files are written")
        assert typist.process.wait(PATIENCE) == 1, "nobody listens there"
        assert KEY.encode() not in typist.seen and typist.is_shown()
    assert (tmp_path / "key").read_text() == KEY + "\n"


def test_ctrl_c_at_the_key_leaves_the_terminal_as_it_was_and_no_file(tmp_path):
    with Typist("init", "--config", tmp_path / "reeld.toml") as typist:
        typist.answer(b"The API's URL", "http://127.0.0.1:1")
        typist.wait_for(b"not shown")
        deadline = time.monotonic() + PATIENCE
        while typist.is_shown():
            assert time.monotonic() < deadline
        typist.process.send_signal(signal.SIGINT)
        assert typist.process.wait(PATIENCE) == -signal.SIGINT
        assert typist.is_shown()
    assert not list(tmp_path.glob("reeld.toml")) and not list(tmp_path.glob("key"))
