"""kill -9 at each system call of a run, and the restart killed as well: nothing is lost, nothing is paid for twice."""

import collections
import concurrent.futures
import os
import random

import pytest

from harness import Stub
from syscall_world import World, list_points, strike

IS_CAMPAIGN = bool(os.environ.get("REELD_CAMPAIGN"))
SEED = os.environ.get("REELD_SEED", "1")
POINTS = 10  # of the short form, besides those that are worth more than others
AT_WORK = 4
DEAR = ("sendto", "sendmsg", "pwrite64", "fdatasync", "renameat", "renameat2", "rename")


@pytest.fixture(scope="module")
def stub(tmp_path_factory):
    with Stub(tmp_path_factory.mktemp("kill_points") / "stub", "--latency", "20ms") as started:
        yield started


def choose(points, dice):
    if IS_CAMPAIGN:
        return points
    dear = [point for point in points if point[0] in DEAR]
    return dice.sample(points, min(POINTS, len(points))) + dice.sample(dear, min(POINTS, len(dear)))


def play(folder, stub, number, first, second):
    world = World(folder, stub, number)
    killed = 0
    for point in (first, second):
        code, _ = world.drain(strike(*point, "signal=KILL"))
        killed += code not in (0, 1)
    return killed, world.finish()


def test_killed_at_each_system_call(tmp_path, stub):
    dice = random.Random(SEED)
    points = list_points(World(tmp_path / "reference", stub, 0))
    chosen = choose(points, dice)
    with concurrent.futures.ThreadPoolExecutor(AT_WORK) as workers:
        plays = {(point, number): workers.submit(play, tmp_path / str(number), stub, number, point, dice.choice(points))
                 for number, point in enumerate(chosen, 1)}
    kills, ends, faults = 0, collections.Counter(), []
    for (point, number), future in plays.items():
        try:
            killed, end = future.result()
            kills += killed
            ends += end
        except AssertionError as fault:
            faults.append(f"{point} in {number}: {fault}")
    print(f"{kills} kills at {len(chosen)} of {len(points)} points: {dict(ends)}")
    assert not faults, "\n\n".join(faults)
    assert kills >= len(chosen), "kills that meet nothing prove nothing"
