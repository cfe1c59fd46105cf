"""Real programs bring pairs: twelve prompts of one length, each with a copy of one reference image and one whole-second
time, each brought, awaited and taken away before the next, so that the file system gives the next ones the same inodes.
Twelve jobs, twelve ids, the right prompt each."""

import contextlib
import json
import os
import pathlib
import tempfile

import pytest

from client_ways import WAYS, Ways
from harness import BIN_DIR, Daemon, Spool, Stub, make_png, wait_until
from servers import User

COUNT = 12
WHOLE_SECOND = 1_700_000_000
SERVED = ("cp -p", "tar", "rsync --inplace", "sftp", "smbclient", "lftp")  # the short form
LOCAL = ("mv", "cp", "cp -p", "tar", "rsync -a", "rsync -r", "rsync --inplace", "unzip")
IMAGE = make_png(4096, seed="the reference")


class House:
    """A stub, a daemon over a spool, and a person's home: all of one user; or as the shipped units have it, the daemon
    a user of its own, the spool its group's, and the person a member of that group."""

    SERVICE, PERSON = "daemon", "games"  # users that every Debian has

    def __init__(self, folder, as_service):
        self.folder, self.prefix, self.person = folder, (), User()
        self.spool, self.home = Spool(folder / "spool"), folder / "home"
        self.home.mkdir()
        if as_service:
            service = User(self.SERVICE)
            self.prefix, self.person = service.prefix, User(self.PERSON, group=self.SERVICE)
            service.owns(self.spool.path)
            self.spool.path.chmod(0o2770)
            folder.chmod(0o777)

    @contextlib.contextmanager
    def opened(self):
        """Yields daemon and ways; at the end the daemon ends with 0."""
        with (Stub(self.folder / "stub", "--plain") as self.stub,
              Daemon(self.folder / "daemon", self.spool, self.stub.url(), stub=self.stub, prefix=self.prefix) as daemon,
              Ways(self.folder, self.spool.path, self.person) as ways):
            yield daemon, ways

    def put(self, way, ways, stem, prompt):
        write_pair(self.home, stem, prompt)
        self.person.owns(self.home)
        ways.bring(way, self.home)

    def tidy_up(self):
        for folder in (self.home, self.spool.path):
            for path in folder.iterdir():
                if path.is_file():
                    path.unlink()


@pytest.fixture
def make_house():
    """A function that makes one below a folder that every user reaches."""
    with tempfile.TemporaryDirectory() as name:
        def make(as_service=False):
            if as_service and os.geteuid() != 0:
                pytest.skip("it takes root to act as other users")
            if as_service and not all(parent.stat().st_mode & 0o001 for parent in [BIN_DIR.resolve(), *BIN_DIR.resolve().parents]):
                pytest.skip("the build lies where nobody but root can run it")
            return House(pathlib.Path(name), as_service)
        yield make


def write_pair(folder, stem, prompt, image=IMAGE):
    """A pair as a person has it at home: its times are whole seconds, and alike."""
    for name, data in ((f"{stem}.txt", prompt.encode()), (f"{stem}.png", image)):
        path = folder / name
        path.write_bytes(data)
        os.utime(path, (WHOLE_SECOND, WHOLE_SECOND))


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
