"""`reeld list`: each pair with its state and why it is so; with a daemon and without one."""

import json
import os

from harness import PATIENCE, make_png, run_reeld, wait_until
from operator_words import fail, succeed, wait_for_jobs


def read_list(spool, *words):
    return [json.loads(line) for line in succeed("list", "--json", "--spool", spool.path, *words).splitlines()]


def states_of(spool, *words):
    return {pair["job"]: (pair["state"], pair["wait"]) for pair in read_list(spool, *words)}


def fill(stub, spool, start_daemon):
    """One accepted, one refused, one in doubt, one half and one that waits; the daemon goes on."""
    daemon = start_daemon(stub, fault="status-400:1,hang-created:1",
                          tables={"api": {"response_timeout": "1s"}})
    for stem, verdict in (("film/bad", "refused"), ("odd", "doubt"), ("film/good", "accepted")):
        spool.drop(stem, stem)
        daemon.wait_for(f"job.{verdict}", job=stem)
    succeed("hold", "--spool", spool.path)
    daemon.wait_for("lane.held")
    spool.drop("later", "later")
    spool.put("film/half.txt", "a prompt alone")
    wait_for_jobs(spool, daemon, accepted=1, refused=1, doubt=1)
    wait_until(lambda: states_of(spool).get("later") == ("waiting", "held"), daemon.story)
    wait_until(lambda: states_of(spool).get("film/half") == ("waiting", "half"), daemon.story)
    return daemon


EXPECTED = {"later": ("waiting", "held"), "odd": ("doubt", None), "film/bad": ("refused", None),
            "film/good": ("accepted", None), "film/half": ("waiting", "half")}


def test_each_pair_is_listed_with_what_is_known_of_it(stub, spool, start_daemon):
    daemon = fill(stub, spool, start_daemon)
    pairs = {pair["job"]: pair for pair in read_list(spool)}
    assert list(pairs) == list(EXPECTED), "folders come after the spool's own pairs, each in order"
    assert states_of(spool) == EXPECTED
    good = pairs["film/good"]
    assert good["id"] == json.loads(spool.result_path("film/good").read_bytes())["id"]
    assert good["files"] == ["good.txt", "good.png", "good.job.json"]
    assert good["path"] == str(spool.path / "film/good") and good["attempts"] == 1 and good["http_status"] == 200
    assert 0 <= good["age_s"] < 10 * PATIENCE and good["reason"]
    assert pairs["film/bad"]["http_status"] == 400 and "400" in pairs["film/bad"]["reason"]
    assert pairs["odd"]["reason"] and pairs["odd"]["files"][-1] == "odd.doubt.json"
    assert pairs["later"]["attempts"] == 0 and pairs["later"]["id"] is None
    assert daemon.stop() == 0
    assert states_of(spool) == EXPECTED, "without a daemon the folders and the ledger say the same"
    succeed("release", "--spool", spool.path)
    assert states_of(spool, "--state", "waiting") == {"later": ("waiting", "not_running"),
                                                      "film/half": ("waiting", "half")}


def test_it_can_be_narrowed(stub, spool, start_daemon, monkeypatch):
    fill(stub, spool, start_daemon)
    film = {"film/bad", "film/good", "film/half"}
    assert set(states_of(spool, "--state", "doubt")) == {"odd"}
    assert set(states_of(spool, spool.path / "film")) == film
    assert set(states_of(spool, spool.path / "film/good.job.json", spool.path / "odd")) == {"film/good", "odd"}
    monkeypatch.chdir(spool.path / "film")
    assert "film/good (txt png job.json)" in succeed("list", "good")
    assert "odd" in succeed("list"), "of the whole spool that one stands in"
    assert succeed("list", "--state", "sending") == "no pairs\n"
    assert "waiting, sending, accepted, refused or doubt" in fail(64, "list", "--state", "asleep")
    assert "no spool is above it" in fail(1, "list", "/")


def test_new_content_under_an_old_name_is_a_pair_of_its_own(stub, spool, start_daemon):
    daemon = start_daemon(stub)
    spool.drop("scene", "the first")
    first = json.loads(spool.wait_for_result("scene", daemon=daemon))["id"]
    wait_for_jobs(spool, daemon, accepted=1)
    succeed("hold", "--spool", spool.path)
    daemon.wait_for("lane.held")
    spool.result_path("scene").unlink()
    spool.put("scene.png", make_png(4096, seed=7))
    spool.put("scene.txt", "the second")
    wait_until(lambda: len(read_list(spool)) == 2, daemon.story)
    assert [(pair["state"], pair["id"]) for pair in read_list(spool)] == [("waiting", None), ("accepted", first)]


def test_names_that_no_terminal_should_see(stub, spool, daemon):
    name = b"\x1b[31m\xff"
    for ending, data in ((b".txt", b"a prompt"), (b".png", make_png(4096, seed=1))):
        (spool.path / os.fsdecode(name + ending)).write_bytes(data)
    daemon.wait_for("job.accepted")
    said = run_reeld("list", "--spool", spool.path)
    assert said.returncode == 0 and "\x1b" not in said.stdout and "\\x1b[31m" in said.stdout, said
    assert [pair["state"] for pair in read_list(spool)] == ["accepted"]


def test_what_is_under_way_is_sending(gate, spool, start_daemon):
    daemon = start_daemon(gate.stub, url=gate.url())
    gate.send(spool, "scene", prompt="a prompt")
    wait_until(lambda: [pair["attempts"] for pair in read_list(spool)] == [1], daemon.story)
    assert states_of(spool) == {"scene": ("sending", None)}, "one pair, though daemon and ledger both know of it"
    gate.open()
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_jobs(spool, daemon, accepted=1)
    wait_until(lambda: states_of(spool) == {"scene": ("accepted", None)}, daemon.story)
