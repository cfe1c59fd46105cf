"""One reeld in the machine: its API, its spool, what it logs."""

import json
import shlex

from images import make_png
from waiting import wait_until

SHORT = """
[submit]
account_retry = "300ms"
backoff = ["50ms", "200ms"]
"""


class Service:
    """key_file: where its key goes; key: the key, which is the only one that its API takes."""

    def __init__(self, machine, unit, spool, key_file, key):
        self.machine, self.unit, self.spool, self.key_file = machine, unit, spool, key_file
        self.stubs = 0
        self.stub = self.port = None
        self.change_key(key)

    def change_key(self, key):
        self.key = key
        self.machine.write(self.key_file, f"{key}\n", 0o600)

    def start_stub(self, *options):
        """A stub API of its own, as a unit, on a free port: one that has seen nothing yet."""
        self.stubs += 1
        name = f"stub-{self.unit.removesuffix('.service').replace('@', '-')}-{self.stubs}"
        self.stub = f"/run/{name}"
        self.machine.run("systemd-run", "--quiet", f"--unit={name}", "--collect", "/stub/reeld-stub-api", "--dir", self.stub,
                         "--key", self.key, *options)
        port = self.machine.path(f"{self.stub}/port")
        self.port = int(wait_until(lambda: port.exists() and port.read_text().strip(), "the stub's port"))

    def configure(self, path, text=SHORT, fault=""):
        self.machine.write(path, f'[api]\nurl = "https://localhost:{self.port}{fault}"\nca_file = "{self.stub}/ca.pem"\n' + text)

    def posts(self):
        path = self.machine.path(f"{self.stub}/requests.jsonl")
        text = path.read_text("utf-8") if path.exists() else ""
        return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]

    def drop(self, stem, user="ann", umask="022"):
        """Puts a pair into the spool as a user does, with copies."""
        source = f"/home/{user}/pair"
        self.machine.path(source).with_suffix(".txt").write_text(f"the prompt of {stem}")
        self.machine.path(source).with_suffix(".png").write_bytes(make_png(4096, seed=hash(stem) % 1000))
        target = shlex.quote(f"{self.spool}/{stem}")
        self.machine.shell(f"umask {umask}; mkdir -p $(dirname {target}); cat {source}.png >{target}.png; "
                           f"cat {source}.txt >{target}.txt", user=user)

    def wait_for_result(self, stem, result="job", timeout=30):
        """The bytes of a result, once it is there."""
        path = self.machine.path(f"{self.spool}/{stem}.{result}.json")
        wait_until(path.exists, lambda: f"{path.name}\n{self.machine.journal(self.unit)}", timeout)
        return path.read_bytes()

    def lines(self):
        """reeld's own log, as the journal has it."""
        self.machine.run("journalctl", "--sync")
        entries = self.machine.run("journalctl", "--output=json", "--quiet", f"_SYSTEMD_UNIT={self.unit}", "_COMM=reeld")
        messages = [json.loads(entry)["MESSAGE"] for entry in entries.splitlines()]
        return [json.loads(message) for message in messages if message.startswith("{")]

    def events(self, event):
        return [line for line in self.lines() if line["event"] == event]

    def wait_for_event(self, event, count=1, timeout=30):
        """The `count`th line with that event."""
        def find():
            found = self.events(event)
            return found[count - 1] if len(found) >= count else None
        return wait_until(find, lambda: f"{event} ({count})\n{self.machine.journal(self.unit)}", timeout, pause=0.1)

    def restart_with(self, name, text):
        """Makes a drop-in, and starts the service anew."""
        self.machine.write(f"/etc/systemd/system/{self.unit}.d/{name}.conf", text)
        self.machine.run("systemctl", "daemon-reload")
        self.machine.run("systemctl", "restart", self.unit)
