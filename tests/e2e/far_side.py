"""What stands at the far end of a long link, and reeld at the near one."""

import contextlib
import json
import pathlib
import shutil
import subprocess
import sys

import pytest

from harness import Daemon, make_image
from long_link import FAR, NEAR, go_first
from waiting import wait_until

SERVER = pathlib.Path(__file__).with_name("far_server.py")


def make_certificate(folder, names):
    """Its own authority, made of what every OpenSSL has; returns (certificate, key)."""
    certificate, key = folder / "far.pem", folder / "far.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=far", "-addext", "subjectAltName=" + ",".join(names), "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key


@contextlib.contextmanager
def serving(folder, mode):
    """far_server.py on loopback, without TLS; gives its URL and a function that tells its whole requests."""
    record = folder / "requests.jsonl"
    process = subprocess.Popen([sys.executable, SERVER, mode, "127.0.0.1:0", record], stdout=subprocess.PIPE, text=True)
    try:
        ready, port = process.stdout.readline().split()
        assert ready == "READY"
        yield f"http://127.0.0.1:{port}", lambda: [json.loads(line) for line in record.read_text().splitlines()]
    finally:
        process.kill()
        process.communicate()


class World:
    """The link, with servers at its far end; everything that is started in it ends with it."""

    def __init__(self, link, folder):
        self.link, self.folder = link, folder
        self.certificate, self.key = make_certificate(folder, [f"IP:{FAR}", "IP:10.77.0.3", "DNS:far.example"])
        self.ending = contextlib.ExitStack()

    def start(self, command, is_ready):
        """A process until the end; `is_ready` is asked until it says so."""
        with open(self.folder / "processes.log", "ab") as output:
            process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=output,
                                       preexec_fn=go_first)
        self.ending.callback(process.wait)
        self.ending.callback(process.terminate)
        wait_until(lambda: process.poll() is not None or is_ready(process),
                   lambda: f"{command}: {(self.folder / 'processes.log').read_text()}")
        assert process.poll() is None, (self.folder / "processes.log").read_text()
        return process

    def serve(self, mode, *options, address=FAR, port=443, tls=True):
        """far_server.py; returns a function that tells the whole requests so far."""
        record = self.folder / f"{mode}-{address}-{port}.jsonl"
        tls_words = ["--tls", self.certificate, self.key] if tls else []
        self.start([*self.link.far, sys.executable, SERVER, mode, f"{address}:{port}", record, *tls_words, *options],
                   lambda process: process.stdout.readline().startswith(b"READY"))
        return lambda: [json.loads(line) for line in record.read_text().splitlines()]

    @staticmethod
    def output(side, program):
        """What that Python program prints there."""
        return subprocess.run([*side, sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    def listens(self, side, address, port):
        """Whether somebody takes connections there."""
        try:
            self.output(side, f"import socket; socket.create_connection(('{address}', {port}), 5)")
        except subprocess.CalledProcessError:
            return False
        return True

    def daemon(self, spool, *, url=f"https://{FAR}", proxy="", prefix=None, **tables):
        api = {"ca_file": str(self.certificate), **tables.pop("api", {})}
        if proxy:
            api["proxy"] = proxy
        daemon = Daemon(self.folder / "daemon", spool, url, tables={"api": api, **tables}, prefix=prefix or self.link.near)
        self.ending.push(daemon)
        return daemon.start()

    def close(self):
        self.ending.close()


def drop_pairs(spool, count, size=4096, first=0):
    for number in range(first, first + count):
        stem = f"scene{number}"
        spool.drop(stem, stem, make_image("png", size, seed=stem))


def need(program):
    """Its path; skips where it is not installed."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"{program} is not installed")
    return found


__all__ = ["FAR", "NEAR", "World", "drop_pairs", "need"]
