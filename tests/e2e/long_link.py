"""A network with a length, for tests: two network namespaces and a link between them with a delay, a loss, a rate and an MTU.
It is made in user space (link_relay.py), because not every kernel has netem. It takes root and /dev/net/tun."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys

import pytest

NEAR, FAR, FAR_TOO = "10.77.0.1", "10.77.0.2", "10.77.0.3"
RELAY = pathlib.Path(__file__).with_name("link_relay.py")


def go_first():
    """A link and a server that wait for a busy machine's processor would be longer and slower than the test says."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


class LongLink:
    """`near` and `far` are prefixes of commands that are to run there. Everything is gone when its processes are."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, str(RELAY), f"near={NEAR}", f"far={FAR},{FAR_TOO}"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        preexec_fn=go_first)
        told = self.process.stdout.readline()
        if not told:
            complaint = self.process.communicate()[1].strip().splitlines()
            pytest.skip(f"no long link can be made here: {complaint[-1] if complaint else 'the relay ended'}")
        spaces = json.loads(told)
        self.near, self.far = (self.prefix(spaces[side]) for side in ("near", "far"))

    def prefix(self, descriptor):
        return ["nsenter", f"--net=/proc/{self.process.pid}/fd/{descriptor}", "--"]

    def set(self, **settings):
        """Changes what it is like, from now on; see link_relay.Link. Returns what has become of the packets so far."""
        self.process.stdin.write(json.dumps(settings) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def set_round_trip(self, seconds):
        return self.set(delay=seconds / 2)

    def close(self):
        self.process.communicate()


@pytest.fixture
def long_link():
    if os.geteuid() != 0:
        pytest.skip("network namespaces take root")
    link = LongLink()
    yield link
    link.close()
