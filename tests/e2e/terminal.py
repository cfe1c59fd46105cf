"""A program on a terminal of its own: what it shows, and what somebody types."""

import contextlib
import os
import pty
import select
import subprocess
import termios
import time

import pytest

from waiting import PATIENCE


class Terminal:
    def __init__(self, *command):
        try:
            self.master, self.slave = pty.openpty()
        except OSError as error:
            pytest.skip(f"this machine gives no terminals: {error}")
        self.process = subprocess.Popen([str(word) for word in command], stdin=self.slave, stdout=self.slave, stderr=self.slave,
                                        start_new_session=True)
        self.seen = b""

    def read(self, enough):
        """Until that is `enough(seen)`."""
        deadline = time.monotonic() + PATIENCE
        while not enough(self.seen):
            assert time.monotonic() < deadline, self.seen
            if select.select([self.master], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):  # the other side is closed
                    self.seen += os.read(self.master, 65536)
        return self.seen.decode()

    def wait_for(self, words, times=1):
        return self.read(lambda seen: seen.count(words) >= times)

    def is_echoing(self):
        """What is typed is shown."""
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def type(self, line):
        os.write(self.master, line.encode() + b"\n")

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)
