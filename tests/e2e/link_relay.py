"""The relay of long_link.py, a process of its own: it makes two network namespaces with a TUN device in each, and carries
every packet from one to the other when its time has come.

    link_relay.py near|far=ADDRESS[,ADDRESS...] ...

It says {"near": FD, "far": FD} once all stands: /proc/PID/fd/FD are the namespaces, which live as long as this process and
whoever is in them. Then each line of standard input is a JSON object of settings (see Link), answered by a line of counts. It
ends when standard input does."""

import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import socket
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFTXQLEN = 0x8914, 0x8916, 0x891C, 0x8943
IFF_UP, IFF_RUNNING = 0x1, 0x40


def unshare_network():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare the network")


def ask(name, request, payload):
    """One request about a device of the present namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, request, struct.pack("16s24s", name.encode(), payload))


def bring_up(name):
    ask(name, SIOCSIFFLAGS, struct.pack("h", IFF_UP | IFF_RUNNING))


def give_address(name, address):
    where = struct.pack("hH4s8x", socket.AF_INET, 0, socket.inet_aton(address))
    mask = struct.pack("hH4s8x", socket.AF_INET, 0, socket.inet_aton("255.255.255.0"))
    ask(name, SIOCSIFADDR, where)
    ask(name, SIOCSIFNETMASK, mask)


def make_side(addresses):
    """A new namespace, in which this process then is; returns the descriptors of its device and of itself."""
    unshare_network()
    bring_up("lo")
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", b"long", IFF_TUN | IFF_NO_PI))
    for number, address in enumerate(addresses):
        give_address("long" if number == 0 else f"long:{number}", address)
    ask("long", SIOCSIFTXQLEN, struct.pack("i", 2000))
    bring_up("long")
    return device, os.open("/proc/self/ns/net", os.O_RDONLY)


class Link:
    """Settings, by name:
    delay   seconds that each packet is under way, each way
    loss    the part of all packets that is lost, 0 to 1
    rate    bytes a second from near to far; 0: no limit.  queue: bytes that may wait for it, what is more is lost
    mtu     packets that are larger vanish, and nobody is told; 0: none
    is_up   false: every packet vanishes"""

    def __init__(self):
        self.settings = {"delay": 0.0, "loss": 0.0, "rate": 0.0, "queue": 262144, "mtu": 0, "is_up": True}
        self.counts = {"carried": 0, "lost": 0, "too_large": 0, "cut": 0}
        self.dice = random.Random(1)
        self.under_way = []
        self.order = 0
        self.free_at = 0.0

    def is_swallowed(self, packet):
        if not self.settings["is_up"]:
            self.counts["cut"] += 1
        elif self.settings["mtu"] and len(packet) > self.settings["mtu"]:
            self.counts["too_large"] += 1
        elif self.settings["loss"] and self.dice.random() < self.settings["loss"]:
            self.counts["lost"] += 1
        else:
            return False
        return True

    def take(self, packet, to, is_up_link, now):
        """Puts a packet under way."""
        if self.is_swallowed(packet):
            return
        leaves = now
        rate = self.settings["rate"]
        if rate and is_up_link:
            leaves = max(now, self.free_at)
            if (leaves - now) * rate > self.settings["queue"]:
                self.counts["lost"] += 1
                return
            leaves += len(packet) / rate
            self.free_at = leaves
        self.order += 1
        self.counts["carried"] += 1
        heapq.heappush(self.under_way, (leaves + self.settings["delay"], self.order, to, packet))

    def deliver(self, now):
        while self.under_way and self.under_way[0][0] <= now:
            _, _, to, packet = heapq.heappop(self.under_way)
            try:
                os.write(to, packet)
            except OSError:
                pass  # a queue is full, as queues are

    def time_to_next(self, now):
        return max(0.0, self.under_way[0][0] - now) if self.under_way else None


def read_all(device):
    """What there is to read; bounded, so that both directions have their turn."""
    for _ in range(64):
        try:
            yield os.read(device, 65536)
        except BlockingIOError:
            return


def relay(link, near, far):
    commands = b""
    while True:
        ready, _, _ = select.select([near, far, 0], [], [], link.time_to_next(time.monotonic()))
        now = time.monotonic()
        link.deliver(now)
        for device, other in ((near, far), (far, near)):
            if device in ready:
                for packet in read_all(device):
                    link.take(packet, other, device == near, now)
        if 0 in ready:
            got = os.read(0, 4096)
            if not got:
                return
            *lines, commands = (commands + got).split(b"\n")
            for line in lines:
                link.settings.update(json.loads(line))
                print(json.dumps(link.counts), flush=True)


def main():
    sides = {name: addresses.split(",") for name, _, addresses in (word.partition("=") for word in sys.argv[1:])}
    near, near_space = make_side(sides["near"])
    far, far_space = make_side(sides["far"])
    print(json.dumps({"near": near_space, "far": far_space}), flush=True)
    relay(Link(), near, far)


if __name__ == "__main__":
    main()
