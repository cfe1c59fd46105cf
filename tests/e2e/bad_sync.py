"""A disk whose writes and syncs fail when a test says so: a library that is loaded before libc, see bad_sync.c."""

import errno
import pathlib
import shutil
import subprocess

import pytest

from waiting import BIN_DIR, wait_until


def find_sanitizer():
    """The sanitizer's library, which wants to be the first, should the daemon be built with one."""
    done = subprocess.run(["ldd", str(BIN_DIR / "reeld")], capture_output=True, text=True, check=False)
    return [line.split("=>")[1].split()[0] for line in done.stdout.splitlines() if "libasan" in line]


def build_library(folder):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no cc: syncs cannot be made to fail")
    library = pathlib.Path(folder) / "bad_sync.so"
    source = pathlib.Path(__file__).with_suffix(".c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-o", str(library), str(source)], check=True)
    return library


class BadSync:
    """Orders for a daemon that was started with `environment`."""

    def __init__(self, folder, library):
        self.orders = pathlib.Path(folder) / "orders"
        self.hits_path = self.orders.with_name("orders.hits")
        preload = ":".join([*find_sanitizer(), str(library)])
        self.environment = {"LD_PRELOAD": preload, "REELD_TEST_FAULTS": str(self.orders)}

    def fail(self, prefix, call="sync", code=errno.EIO):
        """From now on that call fails on files whose path begins so."""
        temporary = self.orders.with_suffix(".new")
        temporary.write_text(f"{call} {code} {prefix}\n", "utf-8")
        temporary.rename(self.orders)

    def hang(self, prefix, call="sync"):
        """From now on that call does not come back, until another order is given."""
        self.fail(prefix, call, -1)

    def heal(self):
        self.orders.unlink(missing_ok=True)

    def hits(self):
        return self.hits_path.stat().st_size if self.hits_path.exists() else 0

    def wait_for_hits(self, more):
        """Until so many calls more than now have failed."""
        until = self.hits() + more
        wait_until(lambda: self.hits() >= until, lambda: f"{until} failures; there were {self.hits()}")


@pytest.fixture(scope="session")
def bad_sync_library(tmp_path_factory):
    return build_library(tmp_path_factory.mktemp("bad_sync"))


@pytest.fixture
def bad_sync(tmp_path, bad_sync_library):
    return BadSync(tmp_path, bad_sync_library)
