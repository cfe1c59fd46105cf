"""Names and their addresses: slow name servers, and addresses that connect and are of no use."""

import pathlib
import subprocess
import sys
import time

import pytest

from far_side import FAR, World, drop_pairs
from long_link import FAR_TOO, long_link  # noqa: F401

NAMES = pathlib.Path(__file__).with_name("slow_names.py")
SEE_OTHER_FILES = 'while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 1; shift 2; done; shift; exec "$@"'


@pytest.fixture
def world(long_link, tmp_path):  # noqa: F811
    made = World(long_link, tmp_path)
    made.link.set_round_trip(0.01)
    yield made
    made.close()


def with_files(world, **files):
    """A prefix of commands that see these texts in place of files of /etc."""
    tried = subprocess.run(["unshare", "-m", "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:  # a chroot whose root is no mount point
        pytest.skip(f"no files of a test's own can be mounted here: {tried.stderr.strip()}")
    words = []
    for name, text in files.items():
        path = world.folder / f"etc-{name}"
        path.write_text(text)
        words += [str(path), f"/etc/{name.replace('_', '.')}"]
    return [*world.link.near, "unshare", "-m", "sh", "-c", SEE_OTHER_FILES, "sh", *words, "--"]


def serve_names(world, delay, address):
    return world.start([*world.link.near, sys.executable, NAMES, "127.0.0.1", delay, address],
                       lambda process: process.stdout.readline() == b"READY\n")


def through_names(world):
    return with_files(world, resolv_conf="nameserver 127.0.0.1\n", nsswitch_conf="hosts: files dns\n",
                      hosts="127.0.0.1 localhost\n")


def test_a_name_server_that_takes_four_seconds(world, spool):
    requests = world.serve("accept")
    serve_names(world, 4, FAR)
    daemon = world.daemon(spool, url="https://far.example", prefix=through_names(world), api={"connect_timeout": "2s"})
    drop_pairs(spool, 1)
    daemon.wait_for("job.accepted", timeout=60)
    assert len(requests()) == 1
    assert [end["verdict"] for end in daemon.events("attempt.ended")] == ["accepted"], daemon.story()


def test_a_stop_does_not_wait_for_a_name(world, spool):
    names = serve_names(world, 0, "none")
    daemon = world.daemon(spool, url="https://far.example", prefix=through_names(world))
    drop_pairs(spool, 1)
    assert names.stdout.readline() == b"asked\n"
    begun = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - begun < 4, "the name server has five seconds for each try"


@pytest.mark.parametrize("tls", [True, False], ids=["says nothing", "fails in TLS"])
def test_a_first_address_that_is_of_no_use(world, spool, tls):
    if tls:
        world.serve("deaf")
    else:
        world.serve("accept", tls=False)
    requests = world.serve("accept", address=FAR_TOO)
    hosts = with_files(world, hosts=f"{FAR} far.example\n{FAR_TOO} far.example\n", nsswitch_conf="hosts: files\n")
    daemon = world.daemon(spool, url="https://far.example", prefix=hosts, api={"connect_timeout": "1s"})
    drop_pairs(spool, 12)
    daemon.wait_for("job.accepted", count=12, timeout=60)
    assert len(requests()) == 12 and not daemon.events("job.doubt")
    assert len(daemon.events("attempt.ended", verdict="unsent")) <= 2, daemon.story()
