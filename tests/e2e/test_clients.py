"""Real programs bring pairs: twelve prompts of one length, each with a copy of one reference image and one whole-second
time, each brought, awaited and taken away before the next, so that the file system gives the next ones the same inodes.
Twelve jobs, twelve ids, the right prompt each."""

import json
import os

import pytest

from client_ways import WAYS
from harness import wait_until
from house import make_houses

COUNT = 12
SERVED = ("cp -p", "tar", "rsync --inplace", "sftp", "smbclient", "lftp")  # the short form
LOCAL = ("mv", "cp", "cp -p", "tar", "rsync -a", "rsync -r", "rsync --inplace", "unzip")
make_house = pytest.fixture(make_houses)


def wait_for_answer(spool, daemon, stem):
    """The id in the pair's result. That the pair is called known is the fault that is looked for: it ends the wait."""
    def answered():
        known = [line for line in daemon.events("pair.known") if line["job"] == stem]
        assert not known, f"{stem} was taken for another: {known[-1]}"
        return spool.results_of(stem)
    wait_until(answered, lambda: f"a result of {stem}{daemon.story()}")
    return json.loads(spool.wait_for_result(stem, daemon=daemon))["id"]


def check_bought(stub, answers, count):
    """One job for each prompt, and beside each pair the id of its own."""
    bought = [(record["fields"]["prompt"], record["id"]) for record in stub.posts(complete=True)]
    assert sorted(bought) == sorted(answers.items())
    assert len(bought) == len(set(answers.values())) == count


def bring_all(house, daemon, ways, pairs):
    """Each brought, awaited, taken away: (way, stem, prompt) after (way, stem, prompt)."""
    answers = {}
    for way, stem, prompt in pairs:
        house.put(way, ways, stem, prompt)
        answers[prompt] = wait_for_answer(house.spool, daemon, stem)
        house.tidy_up()
    check_bought(house.stub, answers, len(pairs))


def list_pairs(way):
    return [(way, "scene" if number % 3 == 0 else f"shot{number}", f"Shot {number}: the camera pans left")
            for number in range(10, 10 + COUNT)]  # one name, used again and again


@pytest.mark.parametrize("way", WAYS)
def test_twelve_alike_one_after_the_other(way, make_house):
    house = make_house()
    with house.opened() as (daemon, ways):
        bring_all(house, daemon, ways, list_pairs(way))


@pytest.mark.parametrize("way", SERVED if "REELD_CAMPAIGN" not in os.environ else WAYS)
def test_twelve_alike_to_a_service(way, make_house):
    house = make_house(as_service=True)
    with house.opened() as (daemon, ways):
        bring_all(house, daemon, ways, list_pairs(way))


def test_every_local_way_in_turn(make_house):
    """What one has just freed another gets, all under one name."""
    house = make_house()
    with house.opened() as (daemon, ways):
        bring_all(house, daemon, ways, [(LOCAL[number % len(LOCAL)], "scene", f"Shot {number}: the camera pans left")
                                        for number in range(10, 10 + 3 * len(LOCAL))])
