"""What servers before an API answer to every pair, and what tests of such walls have in common."""

import json

from form_api import JSON
from harness import Daemon, wait_until

NGINX = "Server: nginx/1.22.1\r\nContent-Type: text/html\r\n"
CLOUDFLARE = "Server: cloudflare\r\nCF-RAY: 8f2c0a1b2c3d4e5f-FRA\r\nContent-Type: text/html\r\n"
CLOUDFLARE_JSON = CLOUDFLARE.replace("text/html", "application/problem+json")
# Of an API behind Cloudflare, in its own words.
BEHIND_CLOUDFLARE = CLOUDFLARE.replace("text/html", "application/json")
BLOCKED = json.dumps({"type": "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/error-1020/",
                      "title": "Error 1020: Access denied", "status": 403, "detail": "The site owner has blocked access."})
NO_MODEL = (404, JSON, '{"error":{"code":"model_not_found","message":"no model x"}}')
NO_HEADER = (400, JSON, '{"error":{"message":"a header is missing"}}')


def page(title):
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"


def drop(spool, *stems):
    """The prompt is the stem; a folder may stand before it."""
    for stem in stems:
        spool.drop(stem, stem.split("/")[-1])


def start(tmp_path, spool, api):
    """Its pauses last."""
    return Daemon(tmp_path / "daemon", spool, api.url, tables={"submit": {"account_retry": "5m"}}).start()


def errors(spool):
    return sorted(path.name for path in spool.path.rglob("*.error.json"))


def expect_a_wall_of_refusals(daemon, api, spool, words):
    """Three were refused, a fourth proved it, and no error file is left."""
    paused = daemon.wait_for("lane.paused")
    assert paused["pause"] == "refused" and words in paused["reason"], paused
    wait_until(lambda: len(daemon.events("result.withdrawn")) == 3, daemon.story)
    assert errors(spool) == [] and len(api.requests) == 4, api.requests
