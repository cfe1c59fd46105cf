"""A server at the far end of a long link (long_link.py), a process of its own.

    far_server.py MODE ADDRESS:PORT RECORD [--tls CERTIFICATE KEY] [--client-ca FILE] [--idle SECONDS]

accept  answers each whole request with an id, and keeps the connection for --idle seconds
busy    answers 503 as soon as a request's head is there, and takes the rest before it closes: what nginx's limit_req does
late    answers the first request of all 504, and 300 ms later, on the same connection, with an id after all
same    as accept, but each answer has one and the same id, as mocks do
deaf    takes connections, and nothing else of them

Each whole request is a line in RECORD: its prompt and the id that answered it. It prints READY and the port when it
listens."""

import argparse
import contextlib
import json
import re
import socket
import ssl
import threading
import time

PROMPT = re.compile(rb'name="prompt"\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)


class Closed(Exception):
    """The peer is done, or has been idle for too long."""


def make_reply(status, body, *headers):
    lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Record:
    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8")
        self.lock = threading.Lock()
        self.count = 0

    @staticmethod
    def name(number):
        return f"video_{number}"

    def is_first(self, name):
        return name == self.name(1)

    def take(self, body):
        """Notes a whole request; returns its id."""
        found = PROMPT.search(body)
        with self.lock:
            self.count += 1
            entry = {"prompt": found.group(1).decode() if found else None, "id": self.name(self.count)}
            self.file.write(json.dumps(entry) + "\n")
            self.file.flush()
        return entry["id"]


class Visit:
    """One connection."""

    def __init__(self, stream, record, idle):
        self.stream, self.record, self.idle = stream, record, idle
        self.buffer = b""

    def more(self):
        got = self.stream.recv(65536)
        if not got:
            raise Closed
        self.buffer += got

    def head(self):
        self.stream.settimeout(self.idle)
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return head

    def body(self, head):
        length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
        self.stream.settimeout(60)
        while len(self.buffer) < length:
            self.more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return body

    def serve_accept(self):
        while True:
            name = self.record.take(self.body(self.head()))
            self.stream.sendall(make_reply(200, json.dumps({"id": name, "status": "queued"}).encode()))

    def serve_same(self):
        while True:
            self.record.take(self.body(self.head()))
            self.stream.sendall(make_reply(200, b'{"id": "video_example", "status": "queued"}'))

    def serve_busy(self):
        self.head()
        self.stream.sendall(make_reply(503, b"<html>503 Service Temporarily Unavailable</html>", "Connection: close"))
        self.stream.settimeout(5)
        while True:
            self.more()

    def serve_late(self):
        while True:
            name = self.record.take(self.body(self.head()))
            if self.record.is_first(name):
                self.stream.sendall(make_reply(504, b"<html>504 Gateway Time-out</html>"))
                time.sleep(0.3)
            self.stream.sendall(make_reply(200, json.dumps({"id": name, "status": "queued"}).encode()))


class Server:
    def __init__(self, options):
        self.options = options
        self.record = Record(options.record)
        self.context = self.make_context() if options.tls else None

    def make_context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.options.tls)
        if self.options.client_ca:
            context.load_verify_locations(self.options.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def visit(self, peer):
        with contextlib.suppress(OSError, Closed), peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer.settimeout(60)
            if self.options.mode == "deaf":
                while peer.recv(65536):
                    pass
                return
            stream = self.context.wrap_socket(peer, server_side=True) if self.context else peer
            with contextlib.closing(stream):
                getattr(Visit(stream, self.record, self.options.idle), f"serve_{self.options.mode}")()

    def serve(self):
        host, _, port = self.options.address.rpartition(":")
        with socket.create_server((host, int(port)), backlog=128) as listener:
            print("READY", listener.getsockname()[1], flush=True)
            while True:
                peer, _ = listener.accept()
                threading.Thread(target=self.visit, args=(peer,), daemon=True).start()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["accept", "same", "busy", "late", "deaf"])
    parser.add_argument("address")
    parser.add_argument("record")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--client-ca")
    parser.add_argument("--idle", type=float, default=60)
    Server(parser.parse_args()).serve()


if __name__ == "__main__":
    main()
