"""A server with the daemon's HTTP interface (docs/next/page-api.yaml) over a spool that is made up, for tests of the page.

By hand: fake_page_server.py [--pairs N] [--port P], then open the address that it prints.
"""

import argparse
import hashlib
import http.cookies
import http.server
import json
import pathlib
import queue
import re
import secrets
import threading
import time
import urllib.parse

import fake_pairs
from pictures import make_picture
from quoting import encode_path, make_command

ROOT = pathlib.Path(__file__).resolve().parents[2]
ASSETS = ROOT / "daemon/page/assets"
CLIP = pathlib.Path(__file__).resolve().with_name("clip.mp4")
PUBLIC = {"/page.css", "/icon.svg"}  # the page that says "not signed in" needs them
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types reeld"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HISTORY = 1000  # events that a stream can be given again


class World:
    """What is served, and the knobs that tests turn."""

    def __init__(self, count=0, seed=1):
        self.lock = threading.RLock()
        self.pairs = fake_pairs.Pairs(time.time())
        self.instance = secrets.token_hex(8)
        self.version = "1.0.0"
        self.token = secrets.token_urlsafe(24)
        self.sessions = set()
        self.lane = {
            "state": "open",
            "reason": None,
            "reason_zh": None,
            "since": None,
            "probe_at": None,
            "limit": 4,
            "in_flight": 0,
        }
        self.extra = []  # items of "attention" besides those of pairs
        self.requests = []  # paths, as they were asked for
        self.streams = []  # a queue each
        self.events = []  # (id, kind, text)
        self.trouble = None  # a status that the API answers with instead
        fake_pairs.fill(self.pairs, count, seed)

    # --- knobs

    def add(self, job, prompt="A quiet street at dawn.", state="waiting", **more):
        with self.lock:
            self.pairs.now = time.time()
            item = self.pairs.add(job, prompt, state, **more)
            self._tell("pair", item)
            return item

    def change(self, job, **changes):
        with self.lock:
            item = self.pairs.items[encode_path(job)]
            item.update(changes, at=fake_pairs.write_time(time.time()))
            self.pairs.settle(item)
            self._tell("pair", item)

    def remove(self, job):
        with self.lock:
            self.pairs.remove(encode_path(job))
            self._tell("gone", {"path": encode_path(job), "job": job})

    def restart(self, change=lambda: None):
        """As if the daemon ended and began anew; `change` happens in between, and no stream tells of it."""
        with self.lock:
            streams, self.streams, self.events = self.streams, [], []
            change()
            self.events = []
            self.instance = secrets.token_hex(8)
        for stream in streams:
            stream.put(None)

    def pause(self, reason, reason_zh):
        with self.lock:
            now = time.time()
            self.lane |= {
                "state": "paused",
                "reason": reason,
                "reason_zh": reason_zh,
                "since": fake_pairs.write_time(now - 190),
                "probe_at": fake_pairs.write_time(now + 130),
            }
            self._tell("overview", self.overview())

    def sign_out(self):
        with self.lock:
            self.sessions.clear()
            streams, self.streams = self.streams, []
        for stream in streams:
            stream.put(None)

    def _tell(self, kind, data):
        self.events.append((f"{self.instance}-{len(self.events) + 1}", kind, json.dumps(data)))
        for stream in self.streams:
            stream.put(self.events[-1])

    def open_stream(self, last):
        with self.lock:
            stream = queue.Queue()
            stream.put((f"{self.instance}-{len(self.events)}", "overview", json.dumps(self.overview())))
            instance, _, number = (last or "").rpartition("-")
            if instance == self.instance and len(self.events) - int(number) <= HISTORY:
                for event in self.events[int(number) :]:
                    stream.put(event)
            elif last:
                stream.put((f"{self.instance}-{len(self.events)}", "resync", "{}"))
            self.streams.append(stream)
            return stream

    # --- what is told

    def overview(self):
        counts = self.pairs.count_states()
        items, numbers = self._attention()
        return {
            "version": self.version,
            "instance": self.instance,
            "now": fake_pairs.write_time(time.time()),
            "spool": {"path": fake_pairs.SPOOL, "name": "studio"},
            "follow": {"enabled": True},
            "lane": {**self.lane, "in_flight": counts.get("sending", 0)},
            "limits": {"concurrency": 16, "per_minute": 0, "per_day": 200, "per_day_used": 37},
            "counts": {"total": len(self.pairs.items), "approximate": False, "states": counts},
            "attention": {"total": sum(numbers.values()), "counts": numbers, "items": items},
        }

    def _attention(self):
        items, numbers = list(self.extra), {one["kind"]: 1 for one in self.extra}
        if self.lane["state"] == "paused":
            numbers["paused"] = 1
            items.append(
                {
                    "kind": "paused",
                    "path": None,
                    "job": None,
                    "since": self.lane["since"],
                    "reason": self.lane["reason"],
                    "reason_zh": self.lane["reason_zh"],
                    "commands": [make_command("status", "reeld", "status")],
                }
            )
        for item in self.pairs.newest_first():
            path = item["path"]
            if item["state"] not in ("doubt", "refused", "failed", "expired"):
                continue
            numbers[item["state"]] = numbers.get(item["state"], 0) + 1
            if numbers[item["state"]] <= 20:
                items.append(
                    {
                        "kind": item["state"],
                        "path": path,
                        "job": item["job"],
                        "since": item["at"],
                        "reason": item["reason"],
                        "reason_zh": item["reason_zh"],
                        "commands": fake_pairs.commands_for(item),
                    }
                )
        return items, numbers


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        path, _, text = self.path.partition("?")
        self.query = urllib.parse.parse_qs(text, keep_blank_values=True, errors="surrogateescape")
        self.world.requests.append(path)
        if path == "/" and "token" in self.query:
            self.sign_in()
        elif path in PUBLIC:
            self.send_asset(path[1:])
        elif not self.is_signed_in():
            self.send_asset("signed-out.html", 401)
        else:
            self.route(path)

    @property
    def cookie_name(self):
        return f"reeld_{self.server.server_address[1]}"

    def is_signed_in(self):
        jar = http.cookies.SimpleCookie(self.headers.get("Cookie", ""))
        return self.cookie_name in jar and jar[self.cookie_name].value in self.world.sessions

    def sign_in(self):
        if not secrets.compare_digest(self.query["token"][0], self.world.token):
            return self.send_asset("signed-out.html", 401)
        session = secrets.token_urlsafe(24)
        self.world.sessions.add(session)
        self.send(
            303,
            b"",
            {"Location": "/", "Set-Cookie": f"{self.cookie_name}={session}; Path=/; HttpOnly; SameSite=Strict"},
        )

    def route(self, path):
        if path.startswith("/api/") and self.world.trouble:
            return self.send(self.world.trouble, b"{}", {"Content-Type": "application/json"})
        routes = {
            "/api/overview": lambda: self.send_json(self.world.overview()),
            "/api/pairs": self.send_pairs,
            "/api/events": self.send_events,
            "/api/folders": lambda: self.send_json({"folders": self.world.pairs.folders(), "complete": True}),
        }
        if path in routes:
            routes[path]()
        elif path.startswith("/api/pairs/"):
            self.send_pair(path.removeprefix("/api/pairs/"))
        elif path.startswith("/files/"):
            self.send_media(path.removeprefix("/files/"))
        else:
            self.send_asset("index.html" if path == "/" else path[1:])

    def send_pairs(self):
        first = {name: values[0] for name, values in self.query.items()}
        # Brought to one form of percent-encoding, whichever the client has used.
        folder = encode_path(first["folder"]) if "folder" in first else None
        with self.world.lock:
            self.send_json(
                self.world.pairs.list(
                    self.query.get("state", []),
                    folder,
                    first.get("q", ""),
                    first.get("cursor"),
                    min(200, int(first.get("limit", 100))),
                )
            )

    def send_pair(self, path):
        with self.world.lock:
            if path not in self.world.pairs.items:
                return self.send(404, b"{}", {"Content-Type": "application/json"})
            self.send_json(fake_pairs.tell_all(self.world.pairs, path))

    def send_events(self):
        last = self.headers.get("Last-Event-ID") or self.query.get("last_event_id", [None])[0]
        stream = self.world.open_stream(last)
        self.send_head(200, {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "Connection": "close"})
        self.close_connection = True
        try:
            while (event := self.await_event(stream)) is not None:
                self.write_event(*event)
                if stream.empty() and event[1] != "overview":  # once for many changes
                    with self.world.lock:
                        self.write_event(event[0], "overview", json.dumps(self.world.overview()))
        except OSError:
            pass
        with self.world.lock:
            if stream in self.world.streams:
                self.world.streams.remove(stream)

    def write_event(self, name, kind, text):
        self.wfile.write(f"id: {name}\nevent: {kind}\ndata: {text}\n\n".encode())

    def await_event(self, stream):
        while True:
            try:
                return stream.get(timeout=1)
            except queue.Empty:
                self.wfile.write(b": alive\n\n")  # finds out that the other side has gone

    def send_media(self, path):
        job, _, ending = path.rpartition(".")
        job = re.sub(r"\.(take\d+|job|error|doubt)$", "", job)
        if job not in self.world.pairs.items or ending not in fake_pairs.MEDIA:
            return self.send(404, b"", {})
        if ending == "png":
            body = make_picture(self.world.pairs.pictures[job])
        elif ending == "mp4":
            body = CLIP.read_bytes()
        else:
            body = self.world.pairs.prompts[job].encode("utf-8", "replace") if ending == "txt" else b"{}"
        self.send_ranged(body, fake_pairs.MEDIA[ending])

    def send_ranged(self, body, kind):
        headers = {
            "Content-Type": kind,
            "Accept-Ranges": "bytes",
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            "Cache-Control": "private, max-age=31536000, immutable",
        }
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not wanted:
            return self.send(200, body, headers)
        first, last = int(wanted[1]), min(len(body) - 1, int(wanted[2] or len(body) - 1))
        if first > last:
            return self.send(416, b"", headers | {"Content-Range": f"bytes */{len(body)}"})
        return self.send(206, body[first : last + 1], headers | {"Content-Range": f"bytes {first}-{last}/{len(body)}"})

    def send_asset(self, name, status=200):
        file = ASSETS / name
        if file.parent != ASSETS or not file.is_file():
            return self.send(404, b"", {})
        return self.send(status, file.read_bytes(), {"Content-Type": TYPES[file.suffix], "Cache-Control": "no-cache"})

    def send_json(self, value):
        self.send(200, json.dumps(value).encode(), {"Content-Type": "application/json", "Cache-Control": "no-store"})

    def send(self, status, body, headers):
        self.send_head(status, headers | {"Content-Length": str(len(body))})
        self.wfile.write(body)

    def send_head(self, status, headers):
        self.send_response(status)
        for name, value in (HEADERS | headers).items():
            self.send_header(name, value)
        self.end_headers()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """A browser that hangs up is no error."""


class FakePage:
    """The page as tests know it. The one over the real daemon is to have the same: address, world's knobs, stop."""

    def __init__(self, count=0, seed=1, port=0, host="127.0.0.1"):
        self.world = World(count, seed)
        self._handler = type("Bound", (Handler,), {"world": self.world})
        self._host, self._port = host, port
        self.start()

    def start(self):
        self._server = Server((self._host, self._port), self._handler)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        """Nobody answers any more. `start` begins again at the same port."""
        self.world.restart()
        self._server.shutdown()
        self._server.server_close()

    @property
    def origin(self):
        return f"http://{self._host}:{self._port}"

    @property
    def address(self):
        return f"{self.origin}/?token={self.world.token}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--port", type=int, default=0)
    wanted = parser.parse_args()
    print(FakePage(wanted.pairs, port=wanted.port).address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
