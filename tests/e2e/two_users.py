"""A spool that two users share, as the service's is: who drops pairs is root, and the daemon somebody who may do no more
than his group may. So no lease tells it who writes."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from harness import BIN_DIR, KEY, PATIENCE, Daemon, Spool, Stub
from waiting import clean_environment

NOBODY, OTHERS = 65534, 60001  # the daemon's user; the group that it shares with who drops
AS_DAEMON = ("setpriv", f"--reuid={NOBODY}", f"--regid={OTHERS}", "--clear-groups")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be two users")


@pytest.fixture
def place():
    """A folder that every user reaches, with a copy of reeld in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        shutil.copy(BIN_DIR / "reeld", folder / "reeld")
        yield folder


@pytest.fixture
def stub(place):
    with Stub(place / "stub", "--plain", "--keep-bodies") as started:
        yield started


@pytest.fixture
def spool(place):
    """Root's, open to the group, as tmpfiles makes it."""
    spool = Spool(place / "spool")
    os.chown(spool.path, 0, OTHERS)
    spool.path.chmod(0o2770)
    return spool


@pytest.fixture
def daemon(place, spool, stub):
    with run_daemon(place, spool, stub) as running:
        yield running


def run_daemon(place, spool, stub, **options):
    folder = place / "daemon"
    folder.mkdir(exist_ok=True)
    os.chown(folder, NOBODY, OTHERS)
    daemon = Daemon(folder, spool, stub.url(), stub=stub, prefix=AS_DAEMON, **options)
    daemon.command[len(AS_DAEMON)] = str(place / "reeld")
    return daemon


def run_as_daemon(place, *words):
    """A command, as the user that the daemon is."""
    command = [*AS_DAEMON, str(place / "reeld"), *map(str, words)]
    return subprocess.run(command, env=clean_environment(REELD_API_KEY=KEY), text=True, stdin=subprocess.DEVNULL,
                          capture_output=True, check=False, timeout=PATIENCE)


def prompts_of(stub):
    return sorted(record["fields"]["prompt"] for record in stub.posts())
