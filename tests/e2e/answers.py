"""An API without TLS that gives one answer to all, byte for byte."""

import contextlib
import socket
import threading

from raw_api import read_rest

OK = b"HTTP/1.1 200 OK\r\n"


def plain(body, status=200):
    """What is sent, and the body of it."""
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body), body


@contextlib.contextmanager
def serve(answer, closes=False, early=False):
    """Each request gets these bytes, once it is whole (`early`: once its head is); the connection stays open unless it
    `closes`. `answer` may be a function of the request's number, from 0."""
    listener = socket.create_server(("127.0.0.1", 0))
    requests = []

    tell = answer if callable(answer) else lambda _: answer

    def read(peer):
        data = b""
        while b"\r\n\r\n" not in data:
            more = peer.recv(65536)
            if not more:
                return None
            data += more
        return data.partition(b"\r\n\r\n")[0] if early else read_rest(peer, data)[0]

    def talk(peer):
        with peer, contextlib.suppress(OSError):
            while head := read(peer):
                requests.append(head)
                peer.sendall(tell(len(requests) - 1))
                if closes:
                    peer.shutdown(socket.SHUT_WR)
                    while peer.recv(65536):
                        pass
                    return

    def accept():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", requests
    finally:
        listener.close()
