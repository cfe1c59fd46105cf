"""Fixtures: a stub, a spool, and daemons that end with their test."""

import contextlib
import pathlib
import shutil
import tempfile

import pytest

from gate import stub_behind_gate
from harness import Daemon, Spool, Stub

UNSERVED = "this version of reeld"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """A place of its own: the one that pytest shares among runs is closed to others again by each run that begins."""
    if config.option.basetemp is None:
        config.own_place = tempfile.mkdtemp(prefix="reeld-e2e-")
        config.option.basetemp = f"{config.own_place}/run"


def pytest_sessionfinish(session, exitstatus):
    """What has failed is left to be looked at."""
    if exitstatus == 0 and getattr(session.config, "own_place", None):
        shutil.rmtree(session.config.own_place, ignore_errors=True)


def skip_if_unserved(daemon, wait):
    """A version that says of a setting that it does not serve it yet cannot be tested with it."""
    try:
        if wait:
            daemon.wait_for("daemon.ready")
    except AssertionError:
        if UNSERVED not in daemon.stderr():
            raise
        daemon.wait()
    if UNSERVED in daemon.stderr():
        pytest.skip(daemon.stderr().strip())


@pytest.fixture
def stub(tmp_path):
    with Stub(tmp_path / "stub", "--keep-bodies") as started:
        yield started


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "spool")


@pytest.fixture
def gate(tmp_path):
    with stub_behind_gate(tmp_path / "plain") as gate:
        yield gate


@pytest.fixture
def open_folder():
    """A folder that every user reaches, and root alone can write: configurations and keys lie in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def start_daemon(tmp_path, spool, request):
    """A function that starts a daemon over `spool`; at the test's end each must end with 0 when asked to."""
    with contextlib.ExitStack() as running:
        def start(stub, fault="", url=None, wait=True, **options):
            options.setdefault("stub", stub)
            name = f"daemon{start.count}"
            start.count += 1
            daemon = Daemon(tmp_path / name, spool, url or stub.url(fault), **options)
            daemon.start(wait=False)
            running.push(daemon.__exit__)
            skip_if_unserved(daemon, wait)
            return daemon
        start.count = 0
        yield start


@pytest.fixture
def daemon(stub, start_daemon):
    return start_daemon(stub)
