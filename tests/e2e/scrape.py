"""A monitoring system in small: asks for /metrics and /healthz, and reads the text format strictly."""

import http.client
import re
import shutil
import socket
import subprocess

SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\]|\\.)*",?)+)\})? ([0-9eE.+-]+|\+Inf|NaN)')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def fetch(port, path, method="GET", timeout=10, host="127.0.0.1"):
    """Status, headers and text."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


class Numbers:
    """One scrape: `numbers("reeld_jobs_total", verdict="doubt")`."""

    def __init__(self, text):
        self.types, self.samples = {}, {}
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                assert name not in self.types, f"{name} comes twice"
                self.types[name] = kind
            elif not line.startswith("# HELP "):
                found = SAMPLE.fullmatch(line)
                assert found, f"no sample: {line!r}"
                key = (found[1], tuple(sorted(LABEL.findall(found[2] or ""))))
                assert key not in self.samples, f"{line!r} comes twice"
                self.samples[key] = float(found[3])

    def __call__(self, name, **labels):
        return self.samples[(name, tuple(sorted(labels.items())))]

    def by(self, label, name):
        """The values of a family by that label, those that are not 0."""
        return {dict(labels)[label]: value for (found, labels), value in self.samples.items()
                if found == name and value != 0}


def scrape(port):
    status, headers, text = fetch(port, "/metrics")
    assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return Numbers(text)


def promtool():
    """Where it is; None where there is none. `./dev test` fetches it."""
    return shutil.which("promtool")


def run_promtool(*words, text=""):
    return subprocess.run([promtool(), *map(str, words)], input=text, capture_output=True, text=True, check=False)
