"""An API without TLS that reads whole requests and answers each as a test says, by the fields of its form."""

import contextlib
import re
import socket
import threading

from raw_api import read_rest

FIELD = re.compile(rb'name="(\w+)"\r\n\r\n(.*?)\r\n--', re.DOTALL)
JSON = "Content-Type: application/json\r\n"


def accept(fields):
    return 200, JSON, '{"id":"video_%s","status":"queued"}' % fields["prompt"]


class FormApi:
    """`answer(fields)` is a status, header lines, and a body."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []  # (prompt, status)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def prompts(self):
        return [prompt for prompt, _ in self.requests]

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._talk, args=(self.listener.accept()[0],), daemon=True).start()

    def _talk(self, peer):
        with peer, contextlib.suppress(OSError):
            data = b""
            while b"\r\n\r\n" not in data:
                more = peer.recv(65536)
                if not more:
                    return
                data += more
            body = read_rest(peer, data)[1]
            fields = {name.decode(): text.decode() for name, text in FIELD.findall(body)}
            status, headers, text = self.answer(fields)
            self.requests.append((fields["prompt"], status))
            peer.sendall(f"HTTP/1.1 {status} X\r\n{headers}Content-Length: {len(text.encode())}\r\nConnection: close\r\n\r\n"
                         f"{text}".encode())
