"""An API without TLS that a test writes itself: it decides by the prompt, and may answer before the request has ended."""

import json
import re
import socket
import threading

from listener import Listener

PROMPT = re.compile(rb'name="prompt"\r\n\r\n(.*?)\r\n--', re.DOTALL)


def read_rest(peer, data):
    """The rest of a request that has begun with `data`, its head among it; returns head and body."""
    head, _, body = data.partition(b"\r\n\r\n")
    left = int(re.search(rb"(?i)content-length: (\d+)", head).group(1)) - len(body)
    while left > 0:
        more = peer.recv(min(left, 65536))
        if not more:
            raise OSError("the request was cut")
        left -= len(more)
        body += more
    return head, body


class RawApi(Listener):
    """`refuse(prompt)` says with which status a request is answered as soon as its prompt is there, 0 for none: then it
    is read to its end and accepted."""

    def __init__(self, refuse):
        super().__init__()
        self.refuse = refuse
        self.requests = []  # (prompt, status), as they were answered
        self.changed = threading.Condition()
        self.url = f"http://127.0.0.1:{self.port}"
        self.plain, self.ca_file = True, None

    def statuses(self, prompt):
        with self.changed:
            return [status for one, status in self.requests if one == prompt]

    def wait_for(self, prompt, count, timeout=60):
        """Until so many requests with that prompt have been answered."""
        with self.changed:
            enough = self.changed.wait_for(
                lambda: sum(one == prompt for one, _ in self.requests) >= count, timeout)
            assert enough, self.requests

    def serve(self, peer):
        data = b""
        while not PROMPT.search(data):
            more = peer.recv(4096)
            if not more:
                return
            data += more
        prompt = PROMPT.search(data).group(1).decode()
        status = self.refuse(prompt)
        if status == 0:
            read_rest(peer, data)
        body = json.dumps({"id": f"video_{prompt}", "object": "video"} if status == 0 else {}).encode()
        peer.sendall(f"HTTP/1.1 {status or 200} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
                     + body)
        with self.changed:
            self.requests.append((prompt, status or 200))
            self.changed.notify_all()
        peer.shutdown(socket.SHUT_WR)
        while peer.recv(65536):
            pass

