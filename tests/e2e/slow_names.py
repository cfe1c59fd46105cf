"""A name server that takes its time.

    slow_names.py ADDRESS DELAY ANSWER      answers every question for an IPv4 address with ANSWER after DELAY seconds

With an ANSWER of "none" it never answers. It prints READY when it listens."""

import socket
import struct
import sys
import threading

TYPE_A = 1


def answer(question, address):
    """To a question for an address that one; to any other, that there is none."""
    end = question.index(b"\0", 12) + 5
    (kind,) = struct.unpack(">H", question[end - 4:end - 2])
    found = b"\xc0\x0c" + struct.pack(">HHIH", TYPE_A, 1, 60, 4) + socket.inet_aton(address) if kind == TYPE_A else b""
    head = question[:2] + b"\x81\x80" + struct.pack(">HHHH", 1, 1 if found else 0, 0, 0)
    return head + question[12:end] + found


def main():
    where, delay, address = sys.argv[1:]
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((where, 53))
    print("READY", flush=True)
    while True:
        question, asker = server.recvfrom(4096)
        print("asked", flush=True)
        if address != "none":
            threading.Timer(float(delay), server.sendto, [answer(question, address), asker]).start()


if __name__ == "__main__":
    main()
