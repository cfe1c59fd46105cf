"""Waiting with a deadline, for what has no event to wait for."""

import os
import pathlib
import time

# As it was when the tests began: pytest writes into the process's own while threads read it.
ENVIRONMENT = dict(os.environ)
BIN_DIR = pathlib.Path(os.environ.get("REELD_BIN_DIR", "build/asan/bin"))
PATIENCE = 60.0  # seconds: far more than anything needs on a busy machine, so that only a real fault ends a wait


def wait_until(probe, what, timeout=PATIENCE, pause=0.01):
    """The first true value of `probe()`; an AssertionError that names `what` when the time is over."""
    deadline = time.monotonic() + timeout
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout} s in vain for {what() if callable(what) else what}")
        time.sleep(pause)


def clean_environment(**more):
    """The environment without what would change how reeld works."""
    dropped = {"STATE_DIRECTORY", "CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET", "REELD_API_KEY", "WATCHDOG_USEC"}
    kept = {name: value for name, value in ENVIRONMENT.items()
            if name not in dropped and not name.lower().endswith("_proxy")}
    kept.update(more)
    return kept
