"""A person's home and a spool, of one user; or as the shipped units have it, each of a user of its own."""

import contextlib
import os
import pathlib
import tempfile

import pytest

from client_ways import Ways
from harness import BIN_DIR, Daemon, Spool, Stub, make_png
from servers import User

WHOLE_SECOND = 1_700_000_000
IMAGE = make_png(4096, seed="the reference")


def write_pair(folder, stem, prompt, image=IMAGE):
    """A pair as a person has it at home: its times are whole seconds, and alike."""
    for name, data in ((f"{stem}.txt", prompt.encode()), (f"{stem}.png", image)):
        path = folder / name
        path.write_bytes(data)
        os.utime(path, (WHOLE_SECOND, WHOLE_SECOND))


class House:
    """A stub, a daemon over a spool, and a person's home: all of one user; or as the shipped units have it, the daemon
    a user of its own, the spool its group's, and the person a member of that group."""

    SERVICE, PERSON = "daemon", "games"  # users that every Debian has

    def __init__(self, folder, as_service):
        self.folder, self.prefix, self.person = folder, (), User()
        self.spool, self.home = Spool(folder / "spool"), folder / "home"
        self.errands = folder / "errands"  # where the person's programs leave what they make
        self.home.mkdir()
        self.errands.mkdir()
        if as_service:
            service = User(self.SERVICE)
            self.prefix, self.person = service.prefix, User(self.PERSON, group=self.SERVICE)
            service.owns(self.spool.path)
            self.spool.path.chmod(0o2770)
            folder.chmod(0o755)
            self.errands.chmod(0o777)

    @contextlib.contextmanager
    def opened(self):
        """Yields daemon and ways; at the end the daemon ends with 0."""
        with (Stub(self.folder / "stub", "--plain") as self.stub,
              Daemon(self.folder / "daemon", self.spool, self.stub.url(), stub=self.stub, prefix=self.prefix) as daemon,
              Ways(self.errands, self.spool.path, self.person) as ways):
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


def make_houses():
    """For a fixture: yields a function that makes a house below a folder that every user reaches."""
    with tempfile.TemporaryDirectory() as name:
        def make(as_service=False):
            if as_service and os.geteuid() != 0:
                pytest.skip("it takes root to act as other users")
            if as_service and not all(parent.stat().st_mode & 0o001 for parent in [BIN_DIR.resolve(), *BIN_DIR.resolve().parents]):
                pytest.skip("the build lies where nobody but root can run it")
            return House(pathlib.Path(name), as_service)
        yield make
