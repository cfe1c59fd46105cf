"""What front servers that other people wrote answer in the API's place is judged as docs/answers.md says."""

import pytest

from fronts import FRONTS, STATUSES
from harness import Daemon, make_png

# Without an API error: a wall, for which another pair is asked; the pair's own; or said to come again. A 5xx that comes
# while the image is still on its way was made without it.
EXPECTED = {400: "account", 403: "account", 404: "account", 413: "refused", 429: "throttled",
            500: "unsent", 502: "unsent", 503: "unsent", 504: "unsent"}
# ... and these come when Apache has read the whole request (its ap_status_drops_connection does not list them).
READ_WHOLE = {("apache", 502): "doubt", ("apache", 504): "doubt"}
BIG = 16 << 20  # more than all buffers between the two hold
PATIENT = {"submit": {"account_retry": "5m", "backoff": ["5m", "5m"], "doubt_pause": "5m"}}


@pytest.fixture(scope="module", params=sorted(FRONTS))
def front(request, tmp_path_factory):
    """Skipped where it is not installed."""
    with FRONTS[request.param](tmp_path_factory.mktemp("front") / "home") as server:
        yield request.param, server.ports


@pytest.mark.parametrize("status", STATUSES)
def test_a_front_of_others_is_judged_as_the_table_says(tmp_path, spool, front, status):
    name, ports = front
    if status not in ports:
        pytest.skip(f"{name} has no page of its own for {status}")
    for stem in ("one", "two"):
        spool.drop(stem, stem, make_png(BIG if status >= 500 else 1000, seed=stem))
    with Daemon(tmp_path / "daemon", spool, f"http://127.0.0.1:{ports[status]}", tables=PATIENT).start() as daemon:
        ended = daemon.wait_for("attempt.ended")
        wanted = READ_WHOLE.get((name, status), EXPECTED[status])
        assert (ended["http_status"], ended["verdict"]) == (status, wanted), ended
        if wanted == "account":
            paused = daemon.wait_for("lane.paused")
            assert paused["pause"] == "account" and len(daemon.events("attempt.ended")) == 2, daemon.story()
            assert not list(spool.path.glob("*.error.json"))
            if name != "haproxy":  # which does not say who it is
                assert f"a server before the API ({name}" in paused["reason"].replace("(Apache", "(apache"), paused


def test_a_front_that_took_the_whole_request_may_have_passed_it_on(tmp_path, spool, front):
    name, ports = front
    if name != "nginx":
        pytest.skip(f"{name} is not set up to hold a request back until it has all of it")
    spool.drop("one")
    url = f"http://127.0.0.1:{ports[500]}/dead"
    with Daemon(tmp_path / "daemon", spool, url, tables=PATIENT).start() as daemon:
        ended = daemon.wait_for("attempt.ended")
        assert (ended["http_status"], ended["verdict"]) == (502, "doubt"), ended
