"""Each kind of system call fails, once or from then on: a run comes to an end all the same, and after one that nothing
strikes nothing is lost and nothing was paid for twice."""

import collections
import concurrent.futures
import os
import random

import pytest

from harness import Stub
from syscall_world import World, list_points, strike

IS_CAMPAIGN = bool(os.environ.get("REELD_CAMPAIGN"))
SEED = os.environ.get("REELD_SEED", "1")
POINTS = 20
AT_WORK = 4
FILES = ("EIO", "ENOSPC", "ENOMEM")
SOCKETS = ("ECONNRESET", "ENOBUFS", "ETIMEDOUT")
ERRORS = {
    "openat": ("EMFILE", "EIO", "ENOSPC"), "openat2": ("EMFILE", "EIO", "ESTALE"), "read": FILES, "pread64": FILES,
    "preadv2": FILES, "write": FILES, "pwrite64": ("EIO", "ENOSPC", "EFBIG"), "fsync": ("EIO", "ENOSPC"),
    "fdatasync": ("EIO", "ENOSPC"), "rename": ("EIO", "ENOSPC"), "renameat": ("EIO", "ENOSPC"),
    "renameat2": ("EIO", "ENOSPC"), "unlink": ("EIO", "EROFS"), "unlinkat": ("EIO", "EROFS"), "ftruncate": ("EIO",),
    "fallocate": ("ENOSPC", "EIO"), "fstat": ("EIO",), "newfstatat": ("EIO", "ESTALE"), "statx": ("EIO", "ESTALE"),
    "getdents64": ("EIO", "ESTALE"), "flock": ("EIO",), "fcntl": ("EIO",), "socket": ("EMFILE", "ENOBUFS"),
    "connect": ("ECONNREFUSED", "ENETUNREACH"), "sendto": SOCKETS, "sendmsg": SOCKETS, "recvfrom": SOCKETS,
    "recvmsg": SOCKETS, "epoll_wait": ("EINTR",), "epoll_ctl": ("ENOMEM",), "inotify_add_watch": ("ENOSPC",),
    "mmap": ("ENOMEM",),
}
# A machine on which these fail for good is none that a program runs on.
ONCE_ONLY = ("epoll_wait", "epoll_ctl", "mmap", "fcntl")


@pytest.fixture(scope="module")
def stub(tmp_path_factory):
    with Stub(tmp_path_factory.mktemp("call_errors") / "stub", "--latency", "20ms") as started:
        yield started


def list_strikes(points):
    for call, number in points:
        for code in ERRORS[call]:
            yield call, str(number), code
            if call not in ONCE_ONLY:
                yield call, f"{number}+", code


def choose(strikes, dice):
    """Of each call something, in the short form."""
    if IS_CAMPAIGN:
        return strikes
    by_call = collections.defaultdict(list)
    for one in strikes:
        by_call[one[0]].append(one)
    return dice.sample([dice.choice(some) for some in by_call.values()], min(POINTS, len(by_call)))


def play(folder, stub, number, call, when, code):
    world = World(folder, stub, number)
    world.drain(strike(call, when, f"error={code}"))
    return world.finish()


def test_errors_in_each_kind_of_system_call(tmp_path, stub):
    dice = random.Random(SEED)
    strikes = list(list_strikes(list_points(World(tmp_path / "reference", stub, 0))))
    chosen = choose(strikes, dice)
    with concurrent.futures.ThreadPoolExecutor(AT_WORK) as workers:
        plays = {one: workers.submit(play, tmp_path / str(number), stub, number, *one)
                 for number, one in enumerate(chosen, 1)}
    ends, faults = collections.Counter(), []
    for one, future in plays.items():
        try:
            ends += future.result()
        except AssertionError as fault:
            faults.append(f"{one}: {fault}")
    print(f"{len(chosen)} of {len(strikes)} strikes: {dict(ends)}")
    assert not faults, "\n\n".join(faults)
