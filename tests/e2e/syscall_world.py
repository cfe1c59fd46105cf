"""A spool that a drain works off under strace, to the end or until something strikes: which system calls it makes, and
whether the books are right when all is over."""

import collections
import re
import subprocess

from accounts import check_ledger, find_faults, whole_requests
from harness import Daemon, Spool, make_image
from tracing import ENVIRONMENT, inject, require_strace

# How they are told apart is not what matters here, but that each kind is met.
CALLS = ("openat", "openat2", "read", "pread64", "preadv2", "write", "pwrite64", "fsync", "fdatasync", "rename",
         "renameat", "renameat2", "unlink", "unlinkat", "ftruncate", "fallocate", "fstat", "newfstatat", "statx",
         "getdents64", "flock", "fcntl", "socket", "connect", "sendto", "sendmsg", "recvfrom", "recvmsg", "epoll_wait",
         "epoll_ctl", "inotify_add_watch", "mmap")
LONGEST = 120  # seconds: a run that takes longer hangs
TABLES = {"submit": {"backoff": ["20ms", "50ms"], "doubt_pause": "20ms", "concurrency": 4, "drain_timeout": "5s"},
          "api": {"connect_timeout": "2s", "upload_timeout": "2s", "response_timeout": "5s"},
          "spool": {"incomplete_after": "1s"}}


class World:
    """One spool of its own with three pairs, of which one can never be sent. `number` tells its prompts from others'."""

    def __init__(self, folder, stub, number):
        self.folder, self.stub, self.number = folder, stub, number
        folder.mkdir()
        self.spool = Spool(folder / "spool")
        self.stems = [f"w{number}-small", f"w{number}/big", f"w{number}-bad"]
        self.spool.drop(self.stems[0], self.stems[0])
        self.spool.drop(self.stems[1], self.stems[1], make_image("jpg", 300000, seed=number), "jpg")
        self.spool.drop(self.stems[2], b"\xff\xfe\x00\x01bad")
        self.runs = 0

    def drain(self, prefix=(), patience="2s"):
        """One run to its end; returns the exit code, and the Daemon for its story."""
        self.runs += 1
        command = ("drain", "--config", "{config}", "--patience", patience)
        daemon = Daemon(self.folder / f"run{self.runs}", self.spool, self.stub.url(), stub=self.stub, tables=TABLES,
                        command=command, prefix=prefix, environment=ENVIRONMENT)
        daemon.start(wait=False)
        try:
            code = daemon.process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            daemon.process.kill()
            raise AssertionError(f"it hangs: {daemon.command}" + daemon.story()) from None
        daemon.reader.join(LONGEST)
        return code, daemon

    def finish(self):
        """One run that nothing strikes; then nothing is lost, and nothing was paid for twice."""
        code, daemon = self.drain(patience="30s")
        assert code in (0, 1), daemon.story()
        records = [record for record in self.stub.posts() if record["fields"].get("prompt", "").startswith(f"w{self.number}")]
        requests = whole_requests(records)
        faults = [fault for stem in self.stems for fault in find_faults(self.spool, stem, requests[stem])]
        assert not faults, "\n".join(faults) + daemon.story()
        check_ledger(self.spool.path / ".reeld" / "ledger.db", self.spool, self.stems)
        return collections.Counter(self.spool.results_of(stem)[0] for stem in self.stems)


def list_points(world):
    """(call, number) of each call that a thread makes once the configuration is being read; the number counts the calls
    of that name on that thread, as strace does."""
    log = world.folder / "calls"
    calls = ",".join("?" + name for name in CALLS)
    code, daemon = world.drain([require_strace(), "-f", "-qq", "-o", str(log), f"--trace={calls}"])
    assert code == 1, daemon.story()
    counts, points, is_begun = collections.Counter(), set(), False
    for line in log.read_text("utf-8", "replace").splitlines():
        call = re.match(r"(\d+) +(\w+)\(", line)
        if not call:
            continue
        counts[call.groups()] += 1
        is_begun = is_begun or "reeld.toml" in line
        if is_begun:
            points.add((call.group(2), counts[call.groups()]))
    return sorted(points)


def strike(call, number, what):
    """The words before a command, one of whose calls is struck."""
    return inject(f"{call}:{what}:when={number}")
