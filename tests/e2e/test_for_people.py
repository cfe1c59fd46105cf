"""The small things that people expect of any command: help, versions, output that does not get lost, the spool that one
stands in, a health check."""

import contextlib
import json
import os
import pty
import re
import subprocess

import pytest

from harness import BIN_DIR, KEY, PATIENCE, run_reeld
from operator_words import succeed


def test_versions_are_told():
    said = succeed("--version")
    assert re.fullmatch(r"reeld [0-9.]+ \(commit ([0-9a-f]{10}|unknown), (GCC|Clang) [^,]+, Boost 1\.\d+\.\d+, "
                        r"OpenSSL 3\.[^,]+, SQLite 3\.[^,]+\)\n", said), said


def test_help_is_a_command():
    assert succeed("help") == succeed("--help")
    assert succeed("help", "retry") == succeed("retry", "--help")


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("status", "--json"), ("check",)])
def test_output_that_cannot_be_written_is_a_failure(stub, spool, words):
    words = [*words, "--spool", str(spool.path)] if words[0] == "status" else list(words)
    if words[0] == "check":
        words += ["--spool", str(spool.path), "--url", stub.url()]
    command = [str(BIN_DIR / "reeld"), *words]
    environment = {**os.environ, "REELD_API_KEY": "a-key", "SSL_CERT_FILE": str(stub.ca_file)}
    assert subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1 and "standard output cannot be written" in done.stderr, done
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(command, env=environment, stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1 and "standard output cannot be written" in done.stderr, done


def test_a_spool_is_healthy_as_long_as_it_is_served(stub, spool, start_daemon):
    def healthy():
        return run_reeld("status", "--healthy", "--spool", spool.path)
    before = healthy()
    assert before.returncode == 1 and "no daemon serves" in before.stderr and before.stdout == ""
    daemon = start_daemon(stub, fault="status-401:1", tables={"submit": {"account_retry": "1h"}})
    spool.drop("scene")
    daemon.wait_for("lane.paused")
    assert healthy().returncode == 0 and healthy().stdout == healthy().stderr == "", "a pause fails no health check"
    assert daemon.stop() == 0
    assert healthy().returncode == 1


def test_the_spool_is_the_one_that_one_stands_in(stub, spool, start_daemon, monkeypatch):
    spool.drop("film/scene")
    daemon = start_daemon(stub)
    spool.wait_for_result("film/scene", daemon=daemon)
    monkeypatch.chdir(spool.path / "film")
    assert str(spool.path) in succeed("status")
    succeed("hold")
    daemon.wait_for("lane.held")
    assert "held" in succeed("status")
    succeed("release")
    daemon.wait_for("lane.released")
    assert str(spool.path) in run_reeld("check", "--url", stub.url()).stdout


def test_a_configuration_by_a_variable(stub, spool, start_daemon, tmp_path):
    daemon = start_daemon(stub)
    said = run_reeld("status", environment={"REELD_CONFIG": str(daemon.config)})
    assert said.returncode == 0 and str(spool.path) in said.stdout
    said = run_reeld("status", environment={"REELD_CONFIG": str(tmp_path / "missing.toml")})
    assert said.returncode == 78 and "missing.toml" in said.stderr


def test_doubts_are_settled_in_one_go(stub, spool, start_daemon):
    daemon = start_daemon(stub, fault="close-after-body:2")
    for number in range(2):
        spool.drop(f"scene{number}")
        spool.wait_for_result(f"scene{number}", "doubt", daemon=daemon)
    paths = [spool.path / f"scene{number}.txt" for number in range(2)]
    done = run_reeld("resolve", *paths, spool.path / "scene0", spool.path / "nobody", "--not-accepted", key=None)
    assert done.returncode == 1 and "nobody" in done.stderr, "one that cannot be settled keeps no other from it"
    assert done.stdout.count("it runs again") == 2
    for number in range(2):
        spool.wait_for_result(f"scene{number}", daemon=daemon)


def drain_at_terminal(stub, spool, tmp_path, *words, **environment):
    """What somebody sees who runs `reeld drain` in a terminal, on standard output alone."""
    watched, terminal = pty.openpty()
    command = [str(BIN_DIR / "reeld"), "drain", "--spool", str(spool.path), "--url", stub.url(), *words]
    environment = {**os.environ, "REELD_API_KEY": KEY, "SSL_CERT_FILE": str(stub.ca_file), "TERM": "xterm", **environment}
    process = subprocess.Popen(command, env=environment, stdout=terminal, stderr=subprocess.DEVNULL)
    os.close(terminal)
    seen = b""
    with contextlib.suppress(OSError):  # EIO: the other side is closed
        while part := os.read(watched, 65536):
            seen += part
    os.close(watched)
    assert process.wait(timeout=PATIENCE) == 0, seen
    return seen.decode().replace("\r\n", "\n").splitlines()


def test_at_a_terminal_the_log_is_for_eyes(stub, spool, tmp_path):
    spool.drop("films/scene")
    lines = drain_at_terminal(stub, spool, tmp_path)
    (accepted,) = [line for line in lines if "job.accepted" in line]
    assert re.fullmatch(r"\x1b\[32m\d\d:\d\d:\d\d job.accepted +films/scene: the API created job video_\S+\x1b\[0m", accepted)
    assert all(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= 100 for line in lines), lines
    spool.drop("films/second")
    assert "\x1b" not in "".join(drain_at_terminal(stub, spool, tmp_path, NO_COLOR="1"))
    spool.drop("films/third")
    assert all(json.loads(line) for line in drain_at_terminal(stub, spool, tmp_path, "--log-format", "json"))
