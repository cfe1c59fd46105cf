"""A fixture for daemons that may be killed, and whose settings an older version would call unserved."""

import contextlib

import pytest

from harness import Daemon


@pytest.fixture
def launch(tmp_path, stub, spool):
    """A function that starts a daemon over `spool`; those that still run at the test's end must end with 0."""
    with contextlib.ExitStack() as running:
        count = 0

        def start(fault="", *, over=None, at=None, url=None, wait=True, **options):
            nonlocal count
            count += 1
            api = over or stub
            options.setdefault("stub", api)
            daemon = Daemon(tmp_path / f"launched{count}", at or spool, url or api.url(fault), **options)
            daemon.start(wait=False)
            running.push(daemon.__exit__)
            if wait:
                daemon.wait_for("daemon.ready")
            return daemon

        yield start
