"""Every event that the log can hold, from the real program, each with all of its fields, and each line held to
docs/log-event.schema.json as it is published."""

import errno
import json
import resource
import signal
import socket
import subprocess

import jsonschema
import pytest

from accounts import read_ledger
from bad_sync import bad_sync_library, BadSync  # noqa: F401 (a fixture)
from far_side import serving
from gate import stub_behind_gate
from harness import Daemon, Spool, Stub, make_png, run_reeld, wait_until
from log_schema import EVENTS, SCHEMA, fields_of, find_complaints

# What nobody can bring about from outside, or what takes a world of its own.
UNDRIVEN = {"daemon.failed": "a fault in reeld itself", "result.withdrawn": "test_walls: all pairs are refused alike"}
UNSEEN = {("job.doubt", "id_seen"): "test_answer_flaws: an answer that cannot be read, with an id in it",
          ("result.written", "id_seen"): "the same, owed or set aside",
          ("answer.unrecorded", "id_seen"): "the same, while the ledger cannot be written",
          ("pair.known", "id"): "test_created_refusals: a job that was created and failed"}
# What a machine may not allow; each of these says why when it is skipped.
NAMESPACES = ("spool.polling", "key.unwatched", "folder.unreadable", "folder.unwritable")

LONG = "x" * 250
TABLES = {"spool": {"incomplete_after": "300ms"}, "log": {"level": "debug"}}


def unshare(*words):
    """A prefix for a command in a user namespace, if there may be one."""
    prefix = ("unshare", *words)
    return prefix if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0 else None


class Stage:
    """Where the stories are told; `lines` are all that was logged."""

    def __init__(self, folder, stub, library):
        self.folder, self.stub, self.library = folder, stub, library
        self.lines, self.daemons = [], 0

    def spool(self, name):
        return Spool(self.folder / name / "spool")

    def start(self, spool, fault="", *, wait=True, url=None, **options):
        self.daemons += 1
        options.setdefault("tables", TABLES)
        options.setdefault("stub", self.stub)
        daemon = Daemon(self.folder / f"daemon{self.daemons}", spool, url or self.stub.url(fault), **options)
        return daemon.start(wait=wait)

    def end(self, daemon, code=0):
        assert daemon.stop() == code, daemon.story()
        self.lines += daemon.lines


def tell_of_pairs(stage):
    spool = stage.spool("pairs")
    spool.drop(LONG)
    spool.drop("copy (Case Conflict)")
    spool.drop("two")
    spool.put("two.jpg", b"\xff\xd8")
    spool.put("half.txt", "half")
    spool.put("half.heic", "half")
    spool.put("toml/reeld.toml", "half =")
    spool.drop("toml/scene", "+++\nsecond = 4\n+++\nmistyped")
    spool.drop("cut", image=make_png(5000)[:-1])
    spool.drop("large", '+++\nsize = "1280x720"\n+++\nlarge')
    with stage.start(spool, tables={**TABLES, "spool": {"incomplete_after": "300ms", "rescan": "200ms"}}) as daemon:
        for event in ("pair.unnameable", "pair.conflict", "pair.ambiguous", "pair.orphan", "pair.incomplete", "pair.size_differs"):
            daemon.wait_for(event)
        daemon.wait_for("folder.misconfigured", folder="toml")
        spool.put("toml/reeld.toml", "whole = 1\n")
        ready = daemon.wait_for("pair.ready", job="toml/scene", level="warning")
        assert ready["note"] == "second is sent as it is; did you mean seconds?" and ready["note"] in ready["msg"]
        daemon.wait_for("job.accepted", job="toml/scene")
        daemon.wait_for("spool.rescan", level="debug")
        daemon.wait_for("job.accepted", job="large")
        # The same files under another name.
        for extension in ("txt", "png"):
            spool.file("large", extension).rename(spool.file("moved", extension))
        assert daemon.wait_for("pair.known", job="moved")["was"] == "large"
        wait_until(lambda: daemon.events("job.refused", job="cut"), daemon.story)
    stage.lines += daemon.lines
    daemon = stage.start(spool)
    daemon.wait_for("pair.orphan")  # the folder is watched by now

    def move():
        spool.path.rename(spool.path.with_name("renamed"))
        spool.path.with_name("renamed").rename(spool.path)
        return daemon.events("spool.rescan", level="debug")

    assert wait_until(move, daemon.story, pause=0.1)[0]["repeats"] == 1
    assert daemon.events("spool.rescan", level="info")
    stage.end(daemon)


def tell_of_answers(stage):
    spool = stage.spool("answers")
    order = "status-429:2,task-id:1,status-429:2,failed-status-200:1,status-401:1,html-200:1"
    daemon = stage.start(spool, order)
    for number in range(4):
        spool.drop(f"scene{number}")
    for event, number in (("job.refused", 1), ("job.doubt", 1), ("job.accepted", 2)):
        daemon.wait_for(event, count=number)
    assert daemon.wait_for("lane.paused", pause="account")["level"] == "error"
    paused = daemon.events("lane.paused", pause="throttled")
    assert [line["level"] for line in paused] == ["warning", "info"] and paused[1]["repeats"] == 1
    daemon.wait_for("lane.resumed", pause="account")
    stage.end(daemon)


def tell_of_edits(stage):
    """A prompt that is edited while the answer is awaited."""
    spool = stage.spool("edits")
    with stub_behind_gate(stage.folder / "edits" / "plain") as gate:
        daemon = stage.start(spool, url=gate.url(), stub=gate.stub)
        with gate.closed():
            spool.drop("edited")
            gate.stub.wait_for_posts(1, complete=True)
            spool.put("edited.txt", "another prompt")
        assert daemon.wait_for("pair.known", job="edited")["file"] == "edited.job.json"
        stage.end(daemon)


def tell_of_caps(stage):
    spool = stage.spool("caps")
    daemon = stage.start(spool, tables={**TABLES, "submit": {"per_day": 1}})
    spool.drop("one")
    daemon.wait_for("job.accepted")
    spool.drop("other")
    daemon.wait_for("lane.paused", pause="per_day")
    daemon.configure({**TABLES, "submit": {"per_day": 0}})
    daemon.reload()
    daemon.wait_for("lane.resumed", pause="per_day")
    daemon.wait_for("job.accepted", count=2)
    stage.end(daemon)


def tell_of_people(stage):
    spool = stage.spool("people")
    daemon = stage.start(spool, "task-id:1,hang")
    spool.drop("scene")
    daemon.wait_for("job.accepted")
    for command, event in (("hold", "lane.held"), ("release", "lane.released")):
        assert run_reeld(command, "--spool", spool.path).returncode == 0
        daemon.wait_for(event)
    daemon.reload()
    daemon.wait_for("config.reloaded")
    daemon.configure({}, extra="[nonsense]\n")
    daemon.reload()
    daemon.wait_for("config.rejected")
    spool.drop("hung")
    stage.stub.wait_for_posts(1, complete=True, fault="hang")
    daemon.signal(signal.SIGTERM)
    daemon.wait_for("daemon.stopping", level="info")
    stage.end(daemon)
    assert daemon.events("daemon.stopping", level="warning") and daemon.events("job.doubt", job="hung")


def tell_of_masses(stage):
    spool = stage.spool("masses")
    for number in range(3):
        spool.drop(f"film/scene{number}")
    daemon = stage.start(spool, tables={**TABLES, "submit": {"ask_above": 2}})
    assert daemon.wait_for("lane.held")["where"] == "film (3)"
    assert run_reeld("release", "--spool", spool.path).returncode == 0
    assert daemon.wait_for("lane.released")["pairs"] == 3
    daemon.wait_for("job.accepted", count=3)
    daemon.configure({**TABLES, "submit": {"duplicates": "hold"}})
    daemon.reload()
    daemon.wait_for("config.reloaded")
    for extension in ("txt", "png"):
        spool.put(f"copy.{extension}", spool.file("film/scene0", extension).read_bytes())
    daemon.wait_for("pair.duplicate", job="copy")
    stage.end(daemon)


def tell_of_ids(stage):
    """A mock that answers one constant example."""
    spool = stage.spool("ids")
    with serving(stage.folder, "same") as (url, _):
        daemon = stage.start(spool, url=url)
        spool.drop("one", "one")
        spool.drop("two", "two")
        daemon.wait_for("id.repeated")
        stage.end(daemon)


def tell_of_sockets(stage):
    spool = stage.spool("sockets")
    stage.end(stage.start(spool))
    (spool.path / ".reeld" / "control" / "in the way").mkdir(parents=True)
    daemon = stage.start(spool)
    daemon.wait_for("control.failed")
    stage.end(daemon)


def tell_of_reloads(stage):
    spool, other = stage.spool("before"), stage.spool("after")
    daemon = stage.start(spool)
    daemon.configure({**TABLES, "spool": {"path": str(other.path)}, "follow": {"enabled": True}})
    daemon.reload()
    assert "follow.enabled" in daemon.wait_for("config.reloaded", level="warning")["reason"]
    daemon.wait_for("spool.left", spool=str(spool.path))
    stage.end(daemon)


def tell_of_pages(stage):
    spool = stage.spool("pages")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        tables = {**TABLES, "metrics": {"listen": address}}
        daemon = stage.start(spool, tables=tables)
        daemon.wait_for("metrics.failed", address=address)
    daemon.reload()
    daemon.wait_for("metrics.listening", address=address)
    stage.end(daemon)


def tell_of_logs(stage):
    """A full disk under the log file, and then another file."""
    spool, path = stage.spool("logs"), stage.folder / "reeld.log"
    path.symlink_to("/dev/full")
    daemon = stage.start(spool, tables={**TABLES, "log": {"file": str(path)}})
    daemon.wait_for("log.failed")
    path.unlink()
    daemon.reload()
    daemon.wait_for("config.reloaded")
    stage.end(daemon)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert lines[0]["event"] == "log.lost" and lines[0]["lines"] == 1
    stage.lines += lines


def tell_of_ledgers(stage):
    spool, ledger = stage.spool("ledgers"), stage.folder / "ledgers" / "ledger.db"
    faults = BadSync(stage.folder / "ledgers", stage.library)
    tables = {**TABLES, "ledger": {"path": str(ledger)}}
    with stub_behind_gate(stage.folder / "ledgers" / "plain") as gate:
        def start():
            return stage.start(spool, url=gate.url(), stub=gate.stub, tables=tables, environment=faults.environment)

        daemon = start()
        with gate.closed():
            spool.drop("one", "one")
            gate.stub.wait_for_posts(1, complete=True)
            faults.fail(ledger, "write", errno.EIO)
        assert {"id", "answer"} <= set(daemon.wait_for("answer.unrecorded", job="one"))
        daemon.wait_for("ledger.failed")
        faults.heal()
        daemon.wait_for("ledger.recovered")
        # A result that cannot be written, and then can.
        faults.fail(spool.path, "write", errno.ENOSPC)
        spool.drop("two", "two")
        assert daemon.wait_for("result.unwritten", job="two")["answer"]
        daemon.wait_for("marker.unwritten")
        faults.heal()
        daemon.wait_for("result.written", job="two")
        # One that the next start owes.
        faults.fail(spool.path, "write", errno.ENOSPC)
        spool.drop("three", "three")
        daemon.wait_for("result.unwritten", job="three")
        wait_until(lambda: [job.state for job in read_ledger(ledger)] == ["accepted"] * 3, daemon.story)
        daemon.kill()
        stage.lines += daemon.lines
        faults.heal()
        daemon = start()
        assert daemon.wait_for("result.written", job="three").keys() >= {"state", "id", "file"}
        # Error files that meet the same trouble: it is loud once.
        spool.drop("four", "four")
        daemon.wait_for("job.accepted", job="four")
        faults.fail(spool.path, "write", errno.EROFS)
        for stem in ("bad", "worse", "worst"):
            spool.drop(stem, b"\xff\xfe")
            daemon.wait_for("result.unwritten", job=stem)
        levels = [line["level"] for line in daemon.events("result.unwritten")]
        assert levels == ["error", "info", "info"]
        faults.heal()
        for stem in ("bad", "worse", "worst"):
            daemon.wait_for("job.refused", job=stem)
        stage.end(daemon)


def tell_of_limits(stage):
    """Found ready, and unreadable when its turn comes: there are no descriptors left."""
    spool = stage.spool("limits")
    daemon = stage.start(spool, "status-401:1", tables={**TABLES, "submit": {"account_retry": "5s"}})
    spool.drop("scene")
    daemon.wait_for("lane.paused")
    before = resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (3, before[1]))
    daemon.wait_for("pair.unreadable", job="scene", level="warning")
    assert daemon.wait_for("pair.unreadable", job="scene", level="info")["repeats"] == 1
    resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, before)
    daemon.wait_for("job.accepted", job="scene")
    stage.end(daemon)


def tell_of_namespaces(stage):
    """Where no events can be had, and files cannot be read, whoever runs this."""
    no_events, nobody = unshare("--user", "--map-root-user"), unshare("--user")
    if not no_events or not nobody:
        return False
    spool = stage.spool("polling")
    key = stage.folder / "key"
    key.write_text("test-key\n")
    deny = (*no_events, "sh", "-c", 'echo 0 > /proc/sys/user/max_inotify_instances && exec "$@"', "sh")
    daemon = stage.start(spool, prefix=deny, key=None, tables={**TABLES, "api": {"key_file": str(key)}})
    daemon.wait_for("spool.polling")
    daemon.wait_for("key.unwatched")
    stage.end(daemon)

    spool = stage.spool("unreadable")
    spool.drop("scene")
    spool.drop("closed/other")
    spool.file("scene", "png").chmod(0)
    (spool.path / "closed").chmod(0)
    spool.drop("shut/other")
    (spool.path / "shut").chmod(0o555)
    daemon = stage.start(spool, prefix=nobody, tables={**TABLES, "spool": {"incomplete_after": "1h"}})
    daemon.wait_for("folder.unreadable")
    daemon.wait_for("folder.unwritable", folder="shut")
    daemon.wait_for("pair.unreadable", job="scene", level="warning")
    for folder in ("closed", "shut"):
        (spool.path / folder).chmod(0o755)
    stage.end(daemon)
    return True


@pytest.fixture(scope="module")
def stage(tmp_path_factory, bad_sync_library):  # noqa: F811
    folder = tmp_path_factory.mktemp("stage")
    with Stub(folder / "stub") as stub:
        made = Stage(folder, stub, bad_sync_library)
        for tell in (tell_of_pairs, tell_of_answers, tell_of_edits, tell_of_caps, tell_of_people, tell_of_masses,
                     tell_of_ids, tell_of_sockets, tell_of_reloads, tell_of_pages, tell_of_logs, tell_of_ledgers,
                     tell_of_limits):
            tell(made)
        made.has_namespaces = tell_of_namespaces(made)
    return made


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_with_every_field(stage, event):
    lines = [line for line in stage.lines if line["event"] == event]
    if event in UNDRIVEN:
        assert not lines, UNDRIVEN[event]
        return
    if event in NAMESPACES and not stage.has_namespaces:
        pytest.skip("this machine allows no user namespaces")
    assert lines
    seen = {field for line in lines for field in line}
    unseen = {field for name, field in UNSEEN if name == event}
    assert fields_of(event) - seen == unseen


def test_every_line_is_what_the_published_schema_says(stage):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    shapes = {(line["event"], line["level"], frozenset(line)): line for line in stage.lines}
    assert len(shapes) > len(EVENTS)
    for line in shapes.values():
        validator.validate(line)


@pytest.mark.parametrize("change", [{"extra": 1}, {"job": ""}, {"job": 1}, {"level": "error"}, {"event": "pair.unknown"},
                                    {"ts": "2026-11-22T10:11:12Z"}, {"msg": ""}])
def test_a_line_that_is_not_is_found(change):
    line = {"ts": "2026-11-22T10:11:12.345Z", "level": "info", "event": "pair.ready", "msg": "m", "job": "a/b"}
    jsonschema.Draft202012Validator(SCHEMA).validate(line)
    assert not list(find_complaints([line]))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate({**line, **change})
    assert list(find_complaints([{**line, **change}]))
    assert list(find_complaints([{name: line[name] for name in line if name != "job"}]))
