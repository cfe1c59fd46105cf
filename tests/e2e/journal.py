"""A stand-in for systemd's journal: its socket, at the path where sd_journal_sendv(3) looks for it, in a mount namespace of
the daemon's own. That takes root."""

import array
import contextlib
import os
import pathlib
import socket
import struct
import subprocess
import threading

import pytest

# The socket is found by its inode, so one that is bound outside serves within.
SHOW = """set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal
touch /run/systemd/journal/socket
mount --bind "$1" /run/systemd/journal/socket
shift
exec "$@"
"""


def parse_entry(data):
    """The fields of one entry: NAME=value, or a name, the value's length and the value, which may then hold newlines.
    Source: systemd's "Native Journal Protocol"."""
    fields, at = {}, 0
    while at < len(data):
        end = data.index(b"\n", at)
        name, mark, value = data[at:end].partition(b"=")
        at = end + 1
        if not mark:
            (size,) = struct.unpack_from("<Q", data, at)
            value = data[at + 8:at + 8 + size]
            at += 8 + size + 1
        fields[name.decode("ascii")] = value.decode("utf-8")
    return fields


class Journal:
    """`prefix` goes before the command that is to see it; `entries` are those that have come."""

    def __init__(self, folder):
        path = pathlib.Path(folder) / "journal"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.entries = []
        self.prefix = ("unshare", "-m", "sh", "-c", SHOW, "sh", str(path))
        self.thread = threading.Thread(target=self._receive, daemon=True)
        self.is_closing = threading.Event()
        self.socket.settimeout(0.1)

    def _receive(self):
        while not self.is_closing.is_set():
            with contextlib.suppress(TimeoutError):
                data, more, _, _ = self.socket.recvmsg(1 << 20, 64)
                self.entries.append(parse_entry(data or self._read_file(more)))

    @staticmethod
    def _read_file(more):
        """What is too long for a datagram comes as a file."""
        (_, _, passed), = more
        (fd,) = array.array("i", passed)
        with os.fdopen(fd, "rb") as file:
            file.seek(0)
            return file.read()

    def start(self):
        self.thread.start()

    def close(self):
        self.is_closing.set()
        if self.thread.ident:
            self.thread.join()
        self.socket.close()

    def find(self, event, **fields):
        """The entries of that event, whose fields (without REELD_) are these."""
        return [entry for entry in list(self.entries) if entry.get("REELD_EVENT") == event
                and all(entry.get(f"REELD_{name.upper()}") == value for name, value in fields.items())]


@pytest.fixture
def journal(tmp_path):
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/run"], capture_output=True, text=True,
                           check=False)
    if tried.returncode != 0:
        pytest.skip(f"a journal in the system's place takes root: {tried.stderr.strip()}")
    made = Journal(tmp_path)
    yield made
    made.close()
