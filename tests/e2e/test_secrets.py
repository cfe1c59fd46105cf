"""The key is nowhere but in the requests, whatever an API or a front makes of it: not in a log line, not in a result but
the job's own (which is the API's answer, byte for byte), not in what commands say. Nor does anything steer a terminal."""

import contextlib
import http.server
import json
import sqlite3
import threading

import pytest

from harness import Daemon, run_reeld, wait_until

KEY = "sk-te/st+0123456789"
ESCAPED = "".join(f"\\u{ord(c):04x}" for c in KEY[:3]) + KEY[3:].replace("/", "\\/")
STEERS = ["\x9b31m", "\u202etxt.gnp", "\u2067x", "\u0085"]


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers as it is told, with the key in as many ways as there are."""
    protocol_version = "HTTP/1.1"
    status, body = 200, b"{}"

    def do_POST(self):  # noqa: N802 (the library's name)
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        for name in ("X-Request-Id", "Server", "Via", "CF-Ray"):
            self.send_header(name, f"req-{KEY}")
        self.send_header("Content-Length", str(len(self.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def run(folder, spool, url, log, key=KEY):
    """A daemon whose log may be text."""
    daemon = Daemon(folder, spool, url, key=key, tables={"log": log})
    daemon.start(wait=False)
    with daemon:
        await_line(daemon, b"daemon.ready")
        yield daemon


def await_line(daemon, word):
    wait_until(lambda: any(word in line for line in list(daemon.raw_lines)), lambda: str(word) + daemon.story())


@contextlib.contextmanager
def serve(status, body):
    handler = type("Told", (Echo,), {"status": status, "body": body.encode("utf-8")})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def texts_in(value):
    """Every text within what a JSON says, names too."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, str):
        yield value


def has_key(text):
    """As it is, or in a JSON that is text within it."""
    with contextlib.suppress(ValueError):
        if any(KEY in inner for inner in texts_in(json.loads(text))):
            return True
    return KEY in text or ESCAPED in text


def ledger_texts(spool):
    database = sqlite3.connect(spool.path / ".reeld" / "ledger.db")
    for (state, *texts) in database.execute(
            "SELECT state, reason, request_id, headers, api_id, answer FROM attempts JOIN jobs ON jobs.id = job"):
        for text in texts[:-1] if state == "accepted" else texts:
            yield text.decode("utf-8", "replace") if isinstance(text, bytes) else text or ""
    database.close()


ERROR = f'{{"error":{{"message":"Incorrect key {ESCAPED}","code":"{ESCAPED}"}},"request_id":"r-{ESCAPED}","id":"v-{ESCAPED}"}}'
ANSWERS = {
    "refused": (400, ERROR, "error"),
    "refused-in-a-text": (400, json.dumps({"error": {"message": ERROR}}), "error"),
    "doubt": (500, ERROR, "doubt"),
    "doubt-html": (502, f"<p>{KEY}</p> {ESCAPED}", "doubt"),
    "accepted": (200, f'{{"id":"v-{ESCAPED}","status":"queued","request_id":"r-{ESCAPED}","key":"{ESCAPED}"}}', "job"),
}


@pytest.mark.parametrize("format_", ["json", "text"])
@pytest.mark.parametrize("name", ANSWERS)
def test_the_key_is_nowhere(tmp_path, spool, name, format_):
    status, body, result = ANSWERS[name]
    with serve(status, body) as url:
        with run(tmp_path / "daemon", spool, url, {"format": format_, "level": "debug"}) as daemon:
            spool.drop("scene", "first")
            text = spool.wait_for_result("scene", result, daemon=daemon).decode("utf-8")
            await_line(daemon, {"error": b"job.refused", "doubt": b"job.doubt", "job": b"job.accepted"}[result])
            shown = [run_reeld("status", "--spool", spool.path, key=None).stdout,
                     run_reeld("status", "--json", "--spool", spool.path, key=None).stdout]
        shown += [line.decode("utf-8") for line in daemon.raw_lines]
        if result == "job":
            assert text == body, "byte for byte"
            shown.append(run_reeld("retry", spool.path / "scene", key=None).stderr)
        else:
            shown.append(text)
        shown += ledger_texts(spool)
        assert [line for line in shown if has_key(line)] == []


@pytest.mark.parametrize("format_", ["json", "text"])
def test_nothing_steers_a_terminal(tmp_path, spool, format_):
    body = json.dumps({"error": {"message": "no " + "".join(STEERS), "code": STEERS[1]}, "id": STEERS[0]})
    with serve(400, body) as url:
        with run(tmp_path / "daemon", spool, url, {"format": format_}) as daemon:
            spool.drop("scene" + STEERS[1], "first")
            await_line(daemon, b"job.refused")
            spool.put("orphan" + STEERS[0] + ".txt", "half")
            shown = run_reeld("status", "--spool", spool.path, key=None)
            listed = run_reeld("check", "--pairs", "--spool", spool.path, "--url", url)
        log = b"".join(daemon.raw_lines).decode("utf-8")
        for text in (log, shown.stdout, shown.stderr, listed.stdout, listed.stderr):
            assert not any("\x7f" <= c <= "\x9f" or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" for c in text), text
