"""A network with a length: what a server, a front or the path itself has to say to a request is heard before the closing
boundary goes out, so that it is no doubt. REELD_CAMPAIGN=1 goes all the ways, at both lengths."""

import os
import statistics
import time

import pytest

from far_programs import WAYS, start_haproxy, start_nginx, start_way
from far_side import World, drop_pairs
from harness import Spool, make_image, wait_until
from long_link import long_link  # noqa: F401

LONG = bool(os.environ.get("REELD_CAMPAIGN"))
ROUND_TRIPS = [0.05, 0.2] if LONG else [0.05]
ALL_WAYS = list(WAYS) if LONG else ["direct", "loopback proxy"]
COUNT = 24 if LONG else 6


@pytest.fixture
def world(long_link, tmp_path):  # noqa: F811
    made = World(long_link, tmp_path)
    yield made
    made.close()


@pytest.fixture(params=ROUND_TRIPS)
def round_trip(request, world):
    world.link.set_round_trip(request.param)
    return request.param


def attempts(daemon, count):
    """The ends of the first attempts, by verdict and HTTP status."""
    daemon.wait_for("attempt.ended", count=count, timeout=120)
    return {(end["verdict"], end.get("http_status", 0)) for end in daemon.events("attempt.ended")}


def accept_all(daemon, requests, count):
    """Each pair is accepted, with the id of its own request."""
    daemon.wait_for("job.accepted", count=count, timeout=120)
    ids = {entry["prompt"]: entry["id"] for entry in requests()}
    accepted = {line["job"]: line["id"] for line in daemon.events("job.accepted")}
    assert accepted == ids and len(requests()) == count, daemon.story()
    assert not daemon.events("job.doubt")


@pytest.mark.parametrize("way", ALL_WAYS)
def test_a_503_to_the_head(world, spool, round_trip, way):
    world.serve("busy")
    daemon = world.daemon(spool, proxy=start_way(world, way))
    drop_pairs(spool, COUNT)
    assert attempts(daemon, COUNT) == {("unsent", 503)}, daemon.story()


def test_a_balancer_without_targets(world, spool, round_trip):
    start_haproxy(world)
    daemon = world.daemon(spool)
    drop_pairs(spool, COUNT)
    assert attempts(daemon, COUNT) == {("unsent", 503)}, daemon.story()


@pytest.mark.parametrize("limit", ["limit_req zone=few;", "limit_conn conns 1;"] if LONG else ["limit_req zone=few;"])
def test_a_front_with_a_limit(world, spool, round_trip, limit):
    requests = start_nginx(world, limit)
    daemon = world.daemon(spool)
    drop_pairs(spool, COUNT)
    assert attempts(daemon, COUNT) <= {("unsent", 503), ("accepted", 200)}, daemon.story()
    assert "limit_conn" in limit or len(requests()) <= 1


@pytest.mark.parametrize("way", ALL_WAYS)
def test_a_kept_connection_that_is_let_go_just_then(world, spool, round_trip, way):
    idle = 0.6
    requests = world.serve("accept", "--idle", str(idle))
    daemon = world.daemon(spool, proxy=start_way(world, way), api={"reuse_idle": "5s"})
    for number in range(COUNT):
        drop_pairs(spool, 1, first=number)
        daemon.wait_for("job.accepted", count=number + 1, timeout=60)
        time.sleep(idle - round_trip * (1.1 - number / COUNT))  # so that request and end meet on the way
    accept_all(daemon, requests, COUNT)


@pytest.mark.parametrize("way", ALL_WAYS)
def test_a_server_that_wants_a_certificate(world, spool, round_trip, way):
    requests = world.serve("accept", "--client-ca", str(world.certificate))
    daemon = world.daemon(spool, proxy=start_way(world, way))
    drop_pairs(spool, COUNT)
    assert attempts(daemon, COUNT) == {("unsent", 0)}, daemon.story()
    assert requests() == []


@pytest.mark.parametrize("way", ALL_WAYS)
@pytest.mark.parametrize("size", [1434, 4096, 65536] if LONG else [1434, 65536])
def test_a_path_that_swallows_large_packets(world, spool, round_trip, way, size):
    requests = world.serve("accept")
    daemon = world.daemon(spool, proxy=start_way(world, way), api={"upload_timeout": "1500ms", "response_timeout": "4s"})
    world.link.set(mtu=1280)
    drop_pairs(spool, 1, size)
    assert attempts(daemon, 2) == {("unsent", 0)}, daemon.story()
    assert all("TLS with" in end["reason"] for end in daemon.events("attempt.ended")), daemon.story()
    assert requests() == []
    world.link.set(mtu=0)
    accept_all(daemon, requests, 1)


def test_a_path_that_begins_to_swallow_them_under_a_kept_connection(world, spool, round_trip):
    requests = world.serve("accept")
    daemon = world.daemon(spool, api={"upload_timeout": "1500ms", "response_timeout": "4s", "reuse_idle": "5s"})
    drop_pairs(spool, 1)
    accept_all(daemon, requests, 1)
    world.link.set(mtu=1280)
    drop_pairs(spool, 1, 65536, first=1)
    unsent = daemon.wait_for("attempt.ended", count=2, timeout=120)
    assert unsent["verdict"] == "unsent" and "took nothing" in unsent["reason"], daemon.story()
    world.link.set(mtu=0)
    accept_all(daemon, requests, 2)


def measure_round_trip(world):
    """What the link really takes on this machine: the median time of a connection."""
    probe = ("import socket, time\nfor _ in range(9):\n begun = time.monotonic()\n socket.create_connection(('10.77.0.2', 443))\n"
             " print(time.monotonic() - begun)")
    return statistics.median(map(float, world.output(world.link.near, probe).split()))


@pytest.mark.parametrize("size", [1434, 4096, 65536])
def test_the_wait_is_a_round_trip_and_a_moment(world, tmp_path, size):
    world.link.set_round_trip(0.05)
    requests = world.serve("accept")
    spool = Spool(tmp_path / "spool")
    daemon = world.daemon(spool, api={"reuse_idle": "5s"})
    count = 4 * COUNT
    for number in range(count):
        drop_pairs(spool, 1, size, first=number)
        daemon.wait_for("job.accepted", count=number + 1, timeout=60)
    accept_all(daemon, requests, count)
    median = statistics.median(end["ack_ms"] for end in daemon.events("attempt.ended"))
    round_trip = 1000 * measure_round_trip(world)
    print(f"{size} bytes: median ack_ms {median:.0f}, round trip {round_trip:.1f} ms")
    most = 75 if LONG else 1.5 * round_trip  # a link of 50 ms is longer on a busy machine
    assert 50 <= median <= most, sorted(end["ack_ms"] for end in daemon.events("attempt.ended"))


@pytest.mark.skipif(not LONG, reason="a part of the campaign")
def test_losses_are_no_doubts(world, spool):
    world.link.set(delay=0.025, loss=0.02)
    requests = world.serve("accept")
    daemon = world.daemon(spool)
    drop_pairs(spool, 60, 65536)
    accept_all(daemon, requests, 60)


@pytest.mark.skipif(not LONG, reason="a part of the campaign")
def test_a_slow_uplink_that_is_cut_in_an_upload(world, spool):
    """All of the image fits into the kernel's buffer, which takes ten seconds to drain."""
    world.link.set(delay=0.025, rate=125000)
    requests = world.serve("accept")
    daemon = world.daemon(spool, api={"upload_timeout": "2s"})
    spool.drop("scene0", "scene0", make_image("png", 1 << 20))
    before = world.link.set()["carried"]
    wait_until(lambda: world.link.set()["carried"] > before + 200, daemon.story)
    world.link.set(is_up=False)
    assert attempts(daemon, 1) == {("unsent", 0)}, daemon.story()
    world.link.set(is_up=True)
    accept_all(daemon, requests, 1)
