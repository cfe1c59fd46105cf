"""Where the log goes: the journal by its lines or by fields of its own, a file that is rotated, pipes that are full or
shut; and what a reload changes of it."""

import fcntl
import json
import os
import pathlib
import subprocess

import pytest

from harness import BIN_DIR, Daemon, wait_until
from journal import journal  # noqa: F401 (a fixture)
from processes import open_files
from waiting import clean_environment

ANSWER = "status-400:1"


def start_bare(daemon, **popen):
    """Starts the daemon with a standard output of the test's own."""
    with open(daemon.folder / "stderr", "wb") as stderr:
        daemon.stderr_path = daemon.folder / "stderr"
        daemon.process = subprocess.Popen(daemon.command, stderr=stderr, env=daemon.environment, **popen)
    return daemon.process


def stop_bare(process):
    process.terminate()
    assert process.wait(30) == 0


# The journal.

@pytest.mark.parametrize("form", ["json", "text"])
def test_lines_have_their_priority_where_standard_output_is_the_journal(tmp_path, stub, spool, form):
    path = tmp_path / "reeld.log"
    daemon = Daemon(tmp_path / "daemon", spool, stub.url(ANSWER), stub=stub,
                    tables={"log": {"format": form, "file": str(path), "level": "debug"}})
    reader, writer = os.pipe()
    status = os.fstat(writer)
    daemon.environment["JOURNAL_STREAM"] = f"{status.st_dev}:{status.st_ino}"
    process = start_bare(daemon, stdout=writer)
    os.close(writer)
    spool.drop("bad")
    spool.wait_for_result("bad", "error")
    stop_bare(process)
    with os.fdopen(reader, "rb") as pipe:
        lines = pipe.read().decode().splitlines()
    assert {line[:3] for line in lines} == {"<6>", "<4>"} and all(line[:1] == "<" for line in lines)
    assert [line[3:] for line in lines] == path.read_text("utf-8").splitlines(), "the file has them without"
    (refused,) = [line for line in lines if "job.refused" in line]
    assert refused.startswith("<4>")


def test_a_variable_that_names_another_stream_is_nothing(tmp_path, stub, spool):
    daemon = Daemon(tmp_path / "daemon", spool, stub.url(), stub=stub, environment={"JOURNAL_STREAM": "1:1"})
    with daemon:
        spool.drop("scene")
        daemon.wait_for("job.accepted", job="scene")


def test_native_fields_in_the_journal(tmp_path, stub, spool, journal):  # noqa: F811
    """All of the story is there, and nothing of it on standard output; the file beside it is JSON."""
    path = tmp_path / "reeld.log"
    journal.start()
    long_answer = "A" * 300000
    daemon = Daemon(tmp_path / "daemon", spool, stub.url(ANSWER), stub=stub, prefix=journal.prefix,
                    tables={"log": {"format": "journal", "file": str(path)}})
    daemon.start(wait=False)
    wait_until(lambda: journal.find("daemon.ready"), daemon.story)
    name = "project A/two\nlines 牛"
    spool.drop(name)
    wait_until(lambda: journal.find("job.refused", job=name), daemon.story)
    (spool.path / f"{name}.error.json").unlink()
    wait_until(lambda: journal.find("job.accepted", job=name), daemon.story)
    # Longer than a datagram may be: a reason that quotes what the configuration has.
    daemon.configure({"log": {"format": "journal", "file": str(path)}}, extra=f'[nonsense{long_answer}]\n')
    daemon.reload()
    wait_until(lambda: journal.find("config.rejected"), daemon.story)
    assert daemon.stop() == 0 and daemon.raw_lines == []
    wait_until(lambda: journal.find("daemon.stopped"), "the last entry")
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(lines) == len(journal.entries) > 10
    for line, entry in zip(lines, journal.entries):
        words = {"debug": "7", "info": "6", "warning": "4", "error": "3"}
        assert entry["PRIORITY"] == words[line.pop("level")] and entry["SYSLOG_IDENTIFIER"] == "reeld"
        assert entry["MESSAGE"] == line.pop("msg") and line.pop("ts")
        own = {key.removeprefix("REELD_").lower(): value for key, value in entry.items() if key.startswith("REELD_")}
        assert own == {key: str(value) for key, value in line.items()}
        assert not [key for key in entry if key.startswith("CODE_")]


def test_a_journal_that_does_not_read_is_not_waited_for(tmp_path, stub, spool, journal):  # noqa: F811
    """What it has no room for is counted, and it is told when it reads again."""
    daemon = Daemon(tmp_path / "daemon", spool, stub.url(), stub=stub, prefix=journal.prefix,
                    tables={"log": {"format": "journal", "level": "debug"}})
    daemon.start(wait=False)
    queue = int(pathlib.Path("/proc/sys/net/unix/max_dgram_qlen").read_text())
    count = queue // 4 + 50  # there are four events a pair at the least
    for number in range(count):
        spool.drop(f"scene{number}")
    for number in range(count):
        spool.wait_for_result(f"scene{number}", daemon=daemon)
    journal.start()
    wait_until(lambda: len(journal.find("daemon.ready")) == 1, "what it did take")
    spool.drop("later")
    wait_until(lambda: journal.find("job.accepted", job="later"), daemon.story)
    # More than one where lines came faster than the reader that had just begun again.
    lost = journal.find("log.lost")
    assert sum(int(entry["REELD_LINES"]) for entry in lost) > 100
    assert {entry["PRIORITY"] for entry in lost} == {"4"}
    assert daemon.stop() == 0


def test_without_a_journal_the_log_is_json_on_standard_output(tmp_path, stub, spool):
    if os.path.exists("/run/systemd/journal/socket"):
        pytest.skip("there is a journal here")
    with Daemon(tmp_path / "daemon", spool, stub.url(), stub=stub, tables={"log": {"format": "journal"}}) as daemon:
        spool.drop("scene")
        daemon.wait_for("job.accepted", job="scene")
    (line,) = daemon.events("log.failed")
    assert line["where"] == "the journal" and "/run/systemd/journal/socket" in line["reason"]


# Pipes.

def test_nobody_reads(tmp_path, stub, spool):
    """A reader that has stopped costs lines, and no time of those who wait for their answers."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK)  # whoever shares it may do that
    daemon = Daemon(tmp_path / "daemon", spool, stub.url(), stub=stub, tables={"log": {"level": "debug"}})
    process = start_bare(daemon, stdout=writer)
    # Its end that we hold fills it, once the daemon has made it larger.
    wait_until(lambda: fcntl.fcntl(writer, fcntl.F_GETPIPE_SZ) == 1 << 20, "a larger pipe")
    taken = 0
    with open(writer, "wb", buffering=0, closefd=False) as pipe:
        while (wrote := pipe.write(b"x" * 4095 + b"\n")):
            taken += wrote
    for number in range(60):
        spool.drop(f"scene{number}")
    for number in range(60):
        spool.wait_for_result(f"scene{number}", timeout=30)
    os.close(writer)
    said = b""
    while len(said) < taken:
        said += os.read(reader, 1 << 20)
    spool.drop("later")
    spool.wait_for_result("later")
    stop_bare(process)
    with os.fdopen(reader, "rb") as pipe:
        said += pipe.read()
    lines = [json.loads(line) for line in said.split(b"\n") if line and not line.startswith(b"x")]
    assert said.endswith(b"\n") and b"x{" not in said
    (lost,) = [line for line in lines if line["event"] == "log.lost"]
    assert lost["lines"] > 100 and lost["level"] == "warning"
    assert [line["job"] for line in lines if line["event"] == "job.accepted"][-1] == "later"


def test_the_reader_goes_away(tmp_path, stub, spool):
    path = tmp_path / "reeld.log"
    daemon = Daemon(tmp_path / "daemon", spool, stub.url(), stub=stub, tables={"log": {"file": str(path)}})
    reader, writer = os.pipe()
    process = start_bare(daemon, stdout=writer)
    os.close(writer)
    wait_until(lambda: path.exists() and "daemon.ready" in path.read_text(), "its start")
    os.close(reader)
    spool.drop("scene")
    spool.wait_for_result("scene")
    stop_bare(process)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    (failed,) = [line for line in lines if line["event"] == "log.failed"]
    assert failed["where"] == "standard output" and failed["reason"] == "Broken pipe"
    assert lines[-1]["event"] == "daemon.stopped"


def test_standard_output_is_closed(tmp_path, stub, spool):
    """The log must not go into whatever is opened in its place."""
    command = ["sh", "-c", 'exec "$@" >&- 2>&- <&-', "sh"]
    path = tmp_path / "reeld.log"
    daemon = Daemon(tmp_path / "daemon", spool, stub.url(), stub=stub, prefix=command, tables={"log": {"file": str(path)}})
    process = start_bare(daemon, stdout=subprocess.DEVNULL)
    spool.drop("scene")
    spool.wait_for_result("scene")
    stop_bare(process)
    assert "daemon.stopped" in path.read_text() and "log.failed" not in path.read_text()
    checked = subprocess.run([str(BIN_DIR / "reeld"), "status", "--spool", str(spool.path)], env=clean_environment(),
                             capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


# A reload.

def test_a_reload_changes_level_format_and_file(tmp_path, stub, spool, start_daemon):
    one, two = tmp_path / "one.log", tmp_path / "two.log"
    daemon = start_daemon(stub, tables={"log": {"file": str(one)}})
    daemon.configure({"log": {"file": str(two), "level": "debug"}, "spool": {"rescan": "5m"}})
    daemon.reload()
    line = daemon.wait_for("config.reloaded")
    assert line["level"] == "info" and "restart" not in line["msg"]
    assert "daemon.ready" in one.read_text() and "config.reloaded" not in one.read_text()
    wait_until(lambda: "config.reloaded" in two.read_text(), two.read_text)  # the file comes second
    daemon.configure({"log": {"file": str(two), "format": "text"}})
    daemon.reload()
    wait_until(lambda: len(two.read_text().splitlines()) == 2, two.read_text)
    text = two.read_text().splitlines()[1]
    assert " config.reloaded " in text and not text.startswith("{")
    daemon.configure({"log": {"level": "warning"}})
    daemon.reload()
    wait_until(lambda: str(two) not in open_files(daemon.process.pid), "the end of that file")
    spool.drop("scene")
    spool.wait_for_result("scene")
    assert daemon.stop() == 0
    assert len(two.read_text().splitlines()) == 2
    assert [line["event"] for line in daemon.lines] == ["daemon.ready", "config.reloaded", "not.json"]


def test_a_reload_to_a_file_that_cannot_be_opened_changes_nothing(tmp_path, stub, spool, start_daemon):
    one = tmp_path / "one.log"
    daemon = start_daemon(stub, tables={"log": {"file": str(one)}})
    daemon.configure({"log": {"file": str(tmp_path / "missing" / "two.log"), "level": "error"},
                      "job": {"model": "another"}})
    daemon.reload()
    line = daemon.wait_for("config.rejected")
    assert "missing/two.log: No such file or directory" in line["reason"]
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted", job="scene")
    (post,) = stub.posts()
    assert post["fields"]["model"] == "sora-2", "all or nothing"
    wait_until(lambda: "job.accepted" in one.read_text(), one.read_text)
