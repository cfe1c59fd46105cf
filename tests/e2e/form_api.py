"""An API without TLS that reads whole requests and answers each as a test says, by the fields of its form."""

import re

from listener import Listener
from raw_api import read_rest

FIELD = re.compile(rb'name="(\w+)"\r\n\r\n(.*?)\r\n--', re.DOTALL)
JSON = "Content-Type: application/json\r\n"


def accept(fields):
    return 200, JSON, '{"id":"video_%s","status":"queued"}' % fields["prompt"]


class FormApi(Listener):
    """`answer(fields)` is a status, header lines, and a body."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer
        self.requests = []  # (prompt, status)
        self.url = f"http://127.0.0.1:{self.port}"

    def prompts(self):
        return [prompt for prompt, _ in self.requests]

    def serve(self, peer):
        head, begun = self.read_head(peer)
        body = read_rest(peer, head + b"\r\n\r\n" + begun)[1]
        fields = {name.decode(): text.decode() for name, text in FIELD.findall(body)}
        status, headers, text = self.answer(fields)
        self.requests.append((fields["prompt"], status))
        peer.sendall(f"HTTP/1.1 {status} X\r\n{headers}Content-Length: {len(text.encode())}\r\nConnection: close\r\n\r\n"
                     f"{text}".encode())
