"""A gateway before a video API, in Python: it keeps each request as it came, answers as the test says, and may speak
TLS and ask for a client certificate. And a proxy that keeps what it is asked. Both on loopback, or where a test says."""

import contextlib
import json
import re
import socket
import ssl
import subprocess
import threading

from listener import Listener
from waiting import wait_until


class Authority:
    """Issues certificates, by openssl, in a folder of its own."""

    def __init__(self, folder, name="authority"):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.ca_file = folder, folder / f"{name}.pem"
        self.key_file = folder / f"{name}.key"
        self._run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                  "-subj", f"/CN={name}", "-keyout", self.key_file, "-out", self.ca_file)

    @staticmethod
    def _run(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)

    def issue(self, name, names="DNS:localhost,IP:127.0.0.1,DNS:api.test"):
        """Paths of a certificate and its key, which only we can read."""
        certificate, key, request = (self.folder / f"{name}{end}" for end in (".pem", ".key", ".csr"))
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={names}\n")
        self._run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                  "-keyout", key, "-out", request)
        self._run("x509", "-req", "-days", "2", "-in", request, "-CA", self.ca_file, "-CAkey", self.key_file,
                  "-CAcreateserial", "-extfile", extensions, "-out", certificate)
        key.chmod(0o600)
        return certificate, key


class Request:
    def __init__(self, head, body, client):
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = lines[0].split(" ")
        self.headers = [tuple(line.split(": ", 1)) for line in lines[1:]]
        self.body, self.client = body, client  # client: its certificate's name, None without one

    def header(self, name):
        """Its values, whatever the case of its name."""
        return [value for one, value in self.headers if one.lower() == name.lower()]

    def parts(self):
        """Names and values of the form, in their order; of the image b"(image)"."""
        found = re.findall(rb'name="([^"]*)"(; filename=[^\r]*)?\r\n(?:Content-Type: [^\r]*\r\n)?\r\n(.*?)(?=\r\n--)',
                           self.body, re.DOTALL)
        return [(name.decode(), "(image)" if file else value.decode()) for name, file, value in found]


class Gateway(Listener):
    """`answer(request)` gives status and body; without one each request is accepted. `tls`: certificate and key.
    `clients`: the authority whose certificates it demands."""

    plain = True  # the configuration has no CA of ours, but by the test's hand

    def __init__(self, answer=None, tls=None, clients=None, address="127.0.0.1"):
        super().__init__(address)
        self.answer, self.requests = answer or self.accept, []
        self.context = None
        self.address = address
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)
        if clients:
            self.context.verify_mode = ssl.CERT_REQUIRED
            self.context.load_verify_locations(clients)

    def url(self, path=""):
        host = "localhost" if self.address == "127.0.0.1" else self.address
        return f"http{'s' if self.context else ''}://{host}:{self.port}{path}"

    def accept(self, _):
        return 200, json.dumps({"id": f"video_{len(self.requests)}", "status": "queued"})

    def serve(self, peer):
        peer = self.context.wrap_socket(peer, server_side=True) if self.context else peer
        with peer:
            head, body = self.read_head(peer)
            length = re.search(rb"(?i)content-length: (\d+)", head)
            while length and len(body) < int(length.group(1)):
                more = peer.recv(65536)
                if not more:
                    return
                body += more
            shown = peer.getpeercert() if self.context else None
            client = dict(pair for row in shown["subject"] for pair in row)["commonName"] if shown else None
            request = Request(head, body, client)
            self.requests.append(request)
            status, text = self.answer(request)
            data = text.encode() if isinstance(text, str) else text
            peer.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n".encode() + data)

    def wait_for(self, count, daemon):
        wait_until(lambda: len(self.requests) >= count, lambda: f"{count} requests" + daemon.story())
        return self.requests


class Proxy(Listener):
    """Leads every CONNECT to `gateway`, and keeps its head."""

    def __init__(self, gateway):
        super().__init__()
        self.gateway, self.heads = gateway, []

    def serve(self, peer):
        head, _ = self.read_head(peer)
        self.heads.append(head.decode("latin-1"))
        with socket.create_connection((self.gateway.address, self.gateway.port)) as other:
            peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=self._pump, args=(other, peer), daemon=True)
            back.start()
            self._pump(peer, other)
            back.join()

    @staticmethod
    def _pump(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
