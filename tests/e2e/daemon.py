"""reeld as a child process: its configuration, its log, its end."""

import json
import pathlib
import signal
import subprocess
import threading
import time

from log_schema import find_complaints
from waiting import BIN_DIR, PATIENCE, clean_environment

KEY = "test-key"

# Short times, so that tests are: whatever a test is about, it overrides.
DEFAULTS = {
    "spool": {"settle": "100ms", "incomplete_after": "30s"},
    "api": {"connect_timeout": "5s", "upload_timeout": "10s", "response_timeout": "20s"},
    "submit": {"backoff": ["50ms", "200ms"], "account_retry": "300ms", "doubt_pause": "300ms"},
}


def toml_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, (int, float)):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False)


def write_config(path, tables, extra=""):
    """Writes a configuration file: `tables` over DEFAULTS, then `extra` as it is."""
    merged = {name: dict(values) for name, values in DEFAULTS.items()}
    for name, values in tables.items():
        merged.setdefault(name, {}).update(values)
    lines = []
    for name, values in merged.items():
        lines.append(f"[{name}]")
        lines += [f"{json.dumps(key)} = {toml_value(value)}" for key, value in values.items()]
    temporary = path.with_suffix(".new")
    temporary.write_text("\n".join(lines) + "\n" + extra, "utf-8")
    temporary.rename(path)
    return path


class Daemon:
    """`reeld run` (or another command that logs) over one spool.

    tables: the configuration, table by table, over DEFAULTS; spool and url are filled in. key: None for no key.
    command: the words of the command line; "{config}" stands for the configuration file.
    """

    def __init__(self, folder, spool, url, *, stub=None, tables=None, extra="", key=KEY, environment=None,
                 command=("run", "--config", "{config}"), prefix=()):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.spool, self.url, self.ca_file = spool, url, stub.ca_file if stub and not stub.plain else None
        self.config = self.folder / "reeld.toml"
        self.is_text = False  # its log, now or at any time
        self.configure(tables or {}, extra)
        environment = dict(environment or {})
        if key is not None:
            environment["REELD_API_KEY"] = key
        self.environment = clean_environment(**environment)
        words = [word.replace("{config}", str(self.config)) for word in command]
        self.command = [*prefix, str(BIN_DIR / "reeld"), *words]
        self.changed = threading.Condition()
        self.lines, self.raw_lines, self.ended = [], [], False
        self.process = None

    def configure(self, tables, extra=""):
        """Writes the configuration anew; a running daemon reads it on `reload`."""
        tables = {name: dict(values) for name, values in tables.items()}
        if tables.get("log", {}).get("format") == "text":
            self.is_text = True
        spool = tables.setdefault("spool", {})
        spool.setdefault("path", str(self.spool.path))
        api = tables.setdefault("api", {})
        api.setdefault("url", self.url)
        if self.ca_file:
            api.setdefault("ca_file", str(self.ca_file))
        write_config(self.config, tables, extra)

    def start(self, wait=True):
        self.stderr_path = self.folder / "stderr"
        with open(self.stderr_path, "ab") as stderr:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=stderr, env=self.environment)
        self.ended = False
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self.reader.start()
        if wait:
            self.wait_for("daemon.ready")
        return self

    def _read(self, pipe):
        for raw in pipe:
            with self.changed:
                self.raw_lines.append(raw)
                try:
                    self.lines.append(json.loads(raw))
                except ValueError:
                    self.lines.append({"event": "not.json", "raw": raw})
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def stderr(self):
        return self.stderr_path.read_text("utf-8", "replace")

    def events(self, event, **fields):
        """The log lines so far with that event and fields."""
        with self.changed:
            return [line for line in self.lines if line.get("event") == event
                    and all(line.get(name) == value for name, value in fields.items())]

    def wait_for(self, event, *, timeout=PATIENCE, count=1, **fields):
        """The `count`th log line with that event and fields."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                found = self.events(event, **fields)
                if len(found) >= count:
                    return found[count - 1]
                left = deadline - time.monotonic()
                if self.ended or left <= 0:
                    raise AssertionError(f"no {event} {fields} ({len(found)} of {count}) "
                                         + ("before the end" if self.ended else f"in {timeout} s") + self.story())
                self.changed.wait(left)

    def story(self):
        """The last of log and standard error, for a failure's message."""
        with self.changed:
            tail = b"".join(self.raw_lines[-25:]).decode("utf-8", "replace")
        return f"\n--- log\n{tail}--- stderr\n{self.stderr()[-3000:]}"

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def signal(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def wait(self, timeout=PATIENCE):
        """Waits for the end; returns the exit code."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.command} does not end" + self.story()) from None
        self.reader.join(timeout)
        self.check_lines()
        return code

    def check_lines(self):
        """Every line of the log is what docs/log-event.schema.json says."""
        with self.changed:
            lines = [line for line in self.lines if not (self.is_text and line["event"] == "not.json")]
        complaints = list(find_complaints(lines))
        assert not complaints, "\n".join(complaints)

    def stop(self, timeout=PATIENCE):
        """Sends SIGTERM; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.wait(timeout)

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.wait()

    def __enter__(self):
        return self.start() if self.process is None else self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            if kind is None:
                assert self.stop() == 0, self.story()
            else:
                self.kill()


def run_reeld(*words, environment=None, key=KEY, timeout=PATIENCE, prefix=(), **popen):
    """Runs a reeld command, behind the words of `prefix`, to its end; returns the CompletedProcess with text output."""
    more = dict(environment or {})
    if key is not None:
        more["REELD_API_KEY"] = key
    return subprocess.run([*prefix, str(BIN_DIR / "reeld"), *map(str, words)], env=clean_environment(**more), text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False, **popen)
