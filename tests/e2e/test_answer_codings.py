"""Answers that come compressed, though reeld asks for none that are: what can be inflated is read, and what cannot is kept
whole."""

import base64
import gzip
import json
import sqlite3
import zlib

import pytest

from answers import OK, plain, serve
from harness import Daemon

QUEUED = b'{"id":"video_1","status":"queued"}'
BROTLI = b"\x0b\x10\x80" + QUEUED + b"\x03"  # of brotli the one form that needs no encoder: stored as it is


def bare(text):
    """Deflate without zlib's header, as many a server means it."""
    made = zlib.compressobj(wbits=-15)
    return made.compress(text) + made.flush()


def coded(coding, body, status=200, header=b"Content-Encoding"):
    return b"HTTP/1.1 %d X\r\n%s: %s\r\nContent-Length: %d\r\n\r\n%s" % (status, header, coding, len(body), body)


def chunked(body, codings):
    return OK + b"Transfer-Encoding: %s\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (codings, len(body), body)


READ = {
    "gzip": coded(b"gzip", gzip.compress(QUEUED)),
    "x-gzip": coded(b"x-gzip", gzip.compress(QUEUED)),
    "zlib": coded(b"deflate", zlib.compress(QUEUED)),
    "bare deflate": coded(b"deflate", bare(QUEUED)),
    "gzip twice": coded(b"gzip, gzip", gzip.compress(gzip.compress(QUEUED))),
    "deflate, then gzip": coded(b"deflate, gzip", gzip.compress(bare(QUEUED))),
    "two members": coded(b"gzip", gzip.compress(QUEUED[:9]) + gzip.compress(QUEUED[9:])),
    "gzip in chunks": chunked(gzip.compress(QUEUED), b"gzip, chunked"),
    "said to be gzip": coded(b"gzip", QUEUED),
    "said to be brotli": coded(b"br", QUEUED),
    "not said to be gzip": plain(gzip.compress(QUEUED))[0],
}
CUT = gzip.compress(QUEUED)[:-5]
BOMB = gzip.compress(b'{"id":"video_1","x":"' + b" " * 5_000_000 + b'"}')
UNREAD = {
    "brotli": (coded(b"br", BROTLI), BROTLI, "br", "is compressed as br, which reeld cannot read"),
    "zstd": (coded(b"zstd", b"\x28\xb5\x2f\xfd\x04\x00"), b"\x28\xb5\x2f\xfd\x04\x00", "zstd", "is compressed as zstd"),
    "brotli in gzip": (coded(b"br, gzip", gzip.compress(BROTLI)), BROTLI, "br", "is compressed as br, which"),
    "a broken stream": (coded(b"gzip", CUT), CUT, "gzip", "is compressed as gzip, and breaks off"),
    "a bomb": (coded(b"gzip", BOMB), BOMB, "gzip", "longer than 1048576 bytes"),
    "no text": (plain(b"\x00\xff\xfe{")[0], b"\x00\xff\xfe{", None, "is not text (at byte 1)"),
}


@pytest.mark.parametrize("kind", READ)
def test_a_compressed_answer_is_inflated(tmp_path, spool, kind):
    with serve(READ[kind]) as (url, requests), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        assert spool.wait_for_result("scene", daemon=daemon) == QUEUED
        assert len(requests) == 1 and b"\r\nAccept-Encoding: identity" in requests[0]


@pytest.mark.parametrize("kind", UNREAD)
def test_what_cannot_be_read_is_kept_whole(tmp_path, spool, kind):
    answer, body, coding, reason = UNREAD[kind]
    with serve(answer) as (url, requests), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        doubt = json.loads(spool.wait_for_result("scene", "doubt", daemon=daemon))
        assert reason in doubt["reason"] and "without a job's id" not in doubt["reason"], doubt
        assert doubt["api_encoding"] == "base64" and base64.b64decode(doubt["api"]) == body
        assert doubt.get("api_coding") == coding and doubt["http_status"] == 200 and len(requests) == 1
        seen = "video_1" if coding in ("gzip", "br") else None  # brotli has it in the open here
        assert doubt.get("id_seen") == seen and daemon.wait_for("job.doubt").get("id_seen") == seen


FLAWED = {
    "a broken stream": UNREAD["a broken stream"][0],
    "two lengths": OK + b"Content-Length: 20\r\nContent-Length: 9\r\n\r\n<html>no job</html>",
    "chunks that are none": OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + QUEUED[:-2],
    "no HTTP": b"\x16\x03\x01 this is no HTTP\r\n\r\n" + QUEUED,
    "a head that is cut": OK + b"X-Task: " + QUEUED[:20],
}


@pytest.mark.parametrize("kind", FLAWED)
def test_the_ledger_has_what_the_file_has(tmp_path, spool, kind):
    with serve(FLAWED[kind], closes=True) as (url, requests), Daemon(tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        before = spool.wait_for_result("scene", "doubt", daemon=daemon)
        daemon.wait_for("job.doubt")
        daemon.stop()
        # A doubt of the ledger's that was not written yet: as after a crash.
        with sqlite3.connect(spool.path / ".reeld" / "ledger.db") as ledger:
            ledger.execute("UPDATE jobs SET is_published = 0")
        ledger.close()
        spool.result_path("scene", "doubt").unlink()
        daemon.start()
        assert spool.wait_for_result("scene", "doubt", daemon=daemon) == before and len(requests) == 1


@pytest.mark.parametrize("early", [False, True])
def test_a_compressed_error_is_read_as_an_error(tmp_path, spool, early):
    body = gzip.compress(b'{"error":{"message":"slow down","code":"rate_limit_exceeded"}}')
    answers = [coded(b"gzip", body, status=429), coded(b"gzip", gzip.compress(b'{"error":{"message":"bad size"}}'), 400)]
    with serve(lambda number: answers[min(number, 1)], closes=early, early=early) as (url, requests), Daemon(
            tmp_path / "daemon", spool, url, tables={"submit": {"backoff": ["10ms", "20ms"]}}).start() as daemon:
        spool.drop("scene", "a cat")
        error = json.loads(spool.wait_for_result("scene", "error", daemon=daemon))
        assert error["api"] == {"error": {"message": "bad size"}} and "bad size" in error["reason"]
        ended = daemon.wait_for("attempt.ended")
        assert ended["verdict"] == "throttled" and "slow down" in ended["reason"] and len(requests) == 2


def test_an_early_success_that_is_compressed_is_accepted(tmp_path, spool):
    with serve(READ["gzip"], closes=True, early=True) as (url, requests), Daemon(
            tmp_path / "daemon", spool, url).start() as daemon:
        spool.drop("scene", "a cat")
        assert spool.wait_for_result("scene", daemon=daemon) == QUEUED and len(requests) == 1


def test_the_key_is_not_kept_in_a_stream_that_nobody_can_rid_of_it(tmp_path, spool):
    body = gzip.compress(b'{"id":"video_1","echo":"Bearer secret-key-0123456789"}')[:-5]
    with serve(coded(b"gzip", body)) as (url, _), Daemon(
            tmp_path / "daemon", spool, url, key="secret-key-0123456789").start() as daemon:
        spool.drop("scene", "a cat")
        doubt = json.loads(spool.wait_for_result("scene", "doubt", daemon=daemon))
        assert "api_coding" not in doubt and "secret-key" not in json.dumps(doubt)
        assert doubt["api"]["id"] == "video_1" and doubt["id_seen"] == "video_1"
