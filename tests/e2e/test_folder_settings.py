"""A folder's reeld.toml that cannot be read: its pairs wait, and are sent when it is mended."""

import json

from harness import KEY, Daemon, run_reeld, wait_until, write_config


def waits(spool):
    done = run_reeld("status", "--json", "--spool", spool.path)
    return {reason: sum(row) for reason, row in json.loads(done.stdout)["waits"]["by_reason"].items()}


def test_pairs_wait_until_it_is_mended(stub, spool, start_daemon, tmp_path):
    spool.put("film/reeld.toml", 'style = "noir')
    daemon = start_daemon(stub)
    for stem in ("film/one", "film/day/two"):
        spool.drop(stem, stem)
    said = daemon.wait_for("folder.misconfigured")
    assert said["folder"] == "film" and said["reason"].startswith("film/reeld.toml:1: ") and said["reason"] in said["msg"]
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert [record["fields"]["prompt"] for record in stub.posts()] == ["canary"]
    assert spool.results_of("film/one") == [] and waits(spool) == {"settings": 2}
    config = write_config(tmp_path / "check.toml", {"spool": {"path": spool.path}, "api": {"url": stub.url()}})
    checked = run_reeld("check", "--pairs", "--config", config)
    assert "film/reeld.toml:1: " in checked.stderr and "2 settings" in checked.stdout, checked
    spool.put("film/reeld.toml", 'style = "noir"\n')
    for stem in ("film/one", "film/day/two"):
        spool.wait_for_result(stem, daemon=daemon)
    assert {record["fields"].get("style") for record in stub.posts()} == {None, "noir"}
    assert len(daemon.events("folder.misconfigured")) == 1 and not daemon.events("job.refused")


def test_one_that_breaks_while_its_pairs_wait(stub, spool, start_daemon):
    """Between ready and its turn: the snapshot reads it again."""
    daemon = start_daemon(stub)
    assert run_reeld("hold", "--spool", spool.path).returncode == 0
    daemon.wait_for("lane.held")
    spool.drop("film/one", "one")
    daemon.wait_for("pair.ready", job="film/one")
    spool.put("film/reeld.toml", "style =")
    assert run_reeld("release", "--spool", spool.path).returncode == 0
    daemon.wait_for("folder.misconfigured")
    assert stub.posts() == [] and spool.results_of("film/one") == []
    spool.put("film/reeld.toml", 'style = "noir"\n')
    spool.wait_for_result("film/one", daemon=daemon)
    assert [record["fields"]["style"] for record in stub.posts()] == ["noir"]


def test_a_configuration_that_lies_in_the_spool(stub, spool, daemon):
    spool.put("film/reeld.toml", '[spool]\npath = "/elsewhere"\n[api]\nurl = "https://a.example"\n[job]\nstyle = "noir"\n')
    spool.drop("film/one", "one")
    spool.wait_for_result("film/one", daemon=daemon)
    (record,) = stub.posts()
    assert record["fields"]["style"] == "noir" and "path" not in record["fields"]


def test_the_running_configuration_may_lie_at_the_spools_root(stub, spool, tmp_path):
    config = write_config(spool.path / "reeld.toml", {
        "spool": {"path": spool.path}, "api": {"url": stub.url(), "ca_file": stub.ca_file, "key_file": tmp_path / "key"},
        "submit": {"concurrency": 2}, "log": {"level": "info"}, "job": {"style": "noir"}})
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "key").chmod(0o600)
    spool.drop("one", "one")
    spool.drop("film/two", "two")
    checked = run_reeld("check", "--pairs", "--config", config, key=None)
    assert checked.returncode == 0 and "noir" in checked.stdout and "concurrency" not in checked.stdout, checked
    drained = run_reeld("drain", "--config", config, key=None)
    assert drained.returncode == 0 and "folder.misconfigured" not in drained.stdout, drained
    records = stub.posts()
    assert {record["fields"]["style"] for record in records} == {"noir"} and len(records) == 2
    assert all(set(record["fields"]) <= {"model", "prompt", "seconds", "size", "watermark", "private", "style"}
               for record in records), records


def test_a_drain_does_not_pass_over_them(stub, spool, tmp_path):
    spool.put("film/reeld.toml", "style =")
    spool.drop("film/one", "one")
    spool.drop("canary", "canary")
    command = ("drain", "--config", "{config}")
    daemon = Daemon(tmp_path / "drain", spool, stub.url(), stub=stub, command=command).start(wait=False)
    assert daemon.wait() == 1 and "1 in folders whose reeld.toml cannot be read" in daemon.story()
    wait_until(lambda: len(stub.posts()) == 1, daemon.story)
