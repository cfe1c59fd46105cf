"""What the service manager is told by the whole program: a datagram socket stands for it."""

import re
import signal
import socket
import time

import pytest

from harness import PATIENCE

COUNTS = r"; \d+ waiting, \d+ in flight \(limit \d+\)[^\n]*; since the start: \d+ accepted, \d+ refused, \d+ in doubt"


class Manager:
    """Takes down each datagram, with the time at which it was taken in."""

    def __init__(self, path):
        self.path, self.told = path, []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self.socket.bind(str(path))

    def environment(self, **more):
        return {"NOTIFY_SOCKET": str(self.path), **more}

    def take(self, timeout):
        """The next datagram; None when none comes in that time."""
        self.socket.settimeout(max(timeout, 0.001))
        try:
            self.told.append(self.socket.recv(4096).decode())
        except TimeoutError:
            return None
        return self.told[-1]

    def wait_for(self, pattern, timeout=PATIENCE):
        """The next datagram that is wholly like that; others are passed over."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            news = self.take(left)
            if news is not None and re.fullmatch(pattern, news):
                return news
        raise AssertionError(f"not told {pattern!r} in {timeout} s, but {self.told}")

    def count(self, word, seconds):
        """How many datagrams hold the word in so much time."""
        deadline, found = time.monotonic() + seconds, 0
        while (left := deadline - time.monotonic()) > 0:
            found += word in (self.take(left) or "")
        return found


@pytest.fixture
def manager(tmp_path):
    made = Manager(tmp_path / "notify")
    yield made
    made.socket.close()


def test_it_is_ready_once_it_can_be_asked(stub, spool, start_daemon, manager):
    start_daemon(stub, environment=manager.environment(), wait=False)
    manager.wait_for("READY=1\nSTATUS=idle" + COUNTS)
    assert (spool.path / ".reeld/control").is_socket()


def test_the_status_follows_and_rests_when_nothing_changes(stub, spool, start_daemon, manager):
    start_daemon(stub, environment=manager.environment())
    manager.wait_for("READY=1\n.*")
    spool.drop("scene")
    manager.wait_for("STATUS=idle.* 1 accepted, 0 refused, 0 in doubt")
    assert manager.take(2.5) is None


def test_a_reload_is_told_from_its_beginning_to_its_end_even_of_a_bad_file(stub, start_daemon, manager):
    daemon = start_daemon(stub, environment=manager.environment())
    manager.wait_for("READY=1\n.*")
    for tables, event in (({"submit": {"concurrency": 3}}, "config.reloaded"), ({"submit": {"nonsense": 1}}, "config.rejected")):
        daemon.configure(tables)
        daemon.reload()
        manager.wait_for(r"RELOADING=1\nMONOTONIC_USEC=\d+")
        manager.wait_for("READY=1\nSTATUS=.*")
        daemon.wait_for(event)
    daemon.configure({})


def test_a_stop_asks_for_patience_while_an_answer_is_awaited(gate, spool, start_daemon, manager):
    daemon = start_daemon(gate.stub, url=gate.url(), environment=manager.environment())
    with gate.closed():
        spool.drop("scene")
        gate.stub.wait_for_posts(1, complete=True)
        daemon.signal()
        manager.wait_for("STOPPING=1\nSTATUS=stopping, answers awaited: 1" + COUNTS)
        manager.wait_for(r"EXTEND_TIMEOUT_USEC=\d{7,}")
    spool.wait_for_result("scene")
    assert daemon.wait() == 0


def test_a_loop_that_stands_still_does_not_feed_the_watchdog(stub, start_daemon, manager):
    daemon = start_daemon(stub, environment=manager.environment(WATCHDOG_USEC="400000"))
    manager.wait_for("WATCHDOG=1")
    daemon.signal(signal.SIGSTOP)
    manager.count("WATCHDOG", 0.2)  # what was on its way
    assert manager.count("WATCHDOG", 1) == 0
    daemon.signal(signal.SIGCONT)
    manager.wait_for("WATCHDOG=1")


def test_a_daemon_that_could_not_start_is_never_ready(stub, start_daemon, manager):
    daemon = start_daemon(stub, environment=manager.environment(), key=None, wait=False)
    assert daemon.wait() == 78
    assert manager.take(0.1) is None
