"""The stub API as a child process, and what it has recorded."""

import json
import pathlib
import signal
import subprocess

from waiting import BIN_DIR, PATIENCE, clean_environment, wait_until


class Stub:
    """reeld-stub-api on a free port of loopback. `options` are its own, as on its command line."""

    def __init__(self, folder, *options):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.options = options
        self.plain = "--plain" in options
        self.process = None
        self.port = 0

    def start(self, port=0):
        (self.folder / "port").unlink(missing_ok=True)
        command = [str(BIN_DIR / "reeld-stub-api"), "--dir", str(self.folder), "--port", str(port), *self.options]
        self.process = subprocess.Popen(command, env=clean_environment())
        port_file = self.folder / "port"
        wait_until(lambda: port_file.exists() or self.process.poll() is not None, "the stub's port file")
        assert self.process.poll() is None, f"{command} ended with {self.process.returncode}"
        self.port = int(port_file.read_text())
        return self

    def stop(self, timeout=PATIENCE):
        """Sends SIGTERM; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def __enter__(self):
        return self.start() if self.process is None else self

    def __exit__(self, *_):
        self.stop()

    @property
    def ca_file(self):
        return self.folder / "ca.pem"

    def url(self, fault="", host="localhost"):
        scheme = "http" if self.plain else "https"
        return f"{scheme}://{host}:{self.port}" + (f"/fault/{fault}" if fault else "")

    def requests(self):
        """Every request so far, in the order in which their heads came."""
        path = self.folder / "requests.jsonl"
        if not path.exists():
            return []
        text = path.read_text("utf-8")
        whole = text[:text.rfind("\n") + 1]
        return sorted((json.loads(line) for line in whole.split("\n") if line), key=lambda entry: entry["n"])

    def posts(self, **wanted):
        """The submissions so far whose record holds all of `wanted`."""
        return [entry for entry in self.requests() if entry["method"] == "POST"
                and all(entry[name] == value for name, value in wanted.items())]

    def wait_for_posts(self, count, timeout=PATIENCE, **wanted):
        """Waits until there are at least `count` such submissions."""
        def enough():
            found = self.posts(**wanted)
            return found if len(found) >= count else None
        return wait_until(enough, lambda: f"{count} posts with {wanted}; there are {self.posts()}", timeout)

    def raw_body(self, entry):
        return (self.folder / "bodies" / f"{entry['n']}.bin").read_bytes()


def text_bytes(text):
    """The bytes of a recorded text: what was not UTF-8 was recorded as lone surrogates."""
    return text.encode("utf-8", "surrogateescape")
