"""Fixtures: a machine with the package, one with reeld and an API as well."""

import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))  # its images, its patience
sys.path.insert(0, str(HERE.parent / "docs"))  # its way to follow a page

from machine import Machine  # noqa: E402
from service import Service  # noqa: E402

DEB = pathlib.Path(os.environ["REELD_DEB"])
BIN_DIR = pathlib.Path(os.environ["REELD_BIN_DIR"])


@pytest.fixture(scope="session")
def rootfs():
    wanted = subprocess.run(["dpkg-deb", "--field", DEB, "Depends"], text=True, capture_output=True, check=True).stdout
    packages = {alternatives.split("|")[0].split("(")[0].strip() for alternatives in wanted.split(",")}
    made = subprocess.run([HERE / "rootfs", os.environ["REELD_SERVICE_CACHE"], *sorted(packages)], text=True,
                          stdout=subprocess.PIPE, check=True)
    return made.stdout.strip()


@pytest.fixture(scope="module")
def machine(rootfs, tmp_path_factory):
    """A machine that has never seen reeld; its package lies in /deb, and the stub API in /stub."""
    folder = tmp_path_factory.mktemp("machine")
    with Machine(rootfs, folder, {DEB.parent: "/deb", BIN_DIR: "/stub"}) as booted:
        for user in ("ann", "bob"):
            booted.run("useradd", "--create-home", "--shell", "/bin/sh", user)
        yield booted


@pytest.fixture(scope="session")
def deb():
    return f"/deb/{DEB.name}"


@pytest.fixture(scope="module")
def service(machine):
    """reeld.service with a key and an API beside it, running; ann may drop pairs, bob may not."""
    machine.run("dpkg", "--install", f"/deb/{DEB.name}")
    machine.run("usermod", "--append", "--groups", "reeld", "ann")
    made = Service(machine, "reeld.service", "/var/spool/reeld", "/etc/reeld/api-key", "key-of-the-first")
    made.start_stub()
    made.configure("/etc/reeld/reeld.toml")
    machine.run("systemctl", "start", "reeld.service")
    return made
