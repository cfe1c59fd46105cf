"""What front servers that other people wrote answer in the API's place is judged as docs/answers.md says."""

import pytest

from fronts import FRONTS, STATUSES
from harness import Daemon

# Without an API error: a wall, for which another pair is asked; the pair's own; or said to come again.
EXPECTED = {400: "account", 403: "account", 404: "account", 413: "refused", 429: "throttled"}


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
        spool.drop(stem)
    tables = {"submit": {"account_retry": "5m", "backoff": ["5m", "5m"], "doubt_pause": "5m"}}
    with Daemon(tmp_path / "daemon", spool, f"http://127.0.0.1:{ports[status]}", tables=tables).start() as daemon:
        ended = daemon.wait_for("attempt.ended")
        assert ended["http_status"] == status, ended
        # Of a 5xx it depends on how much had left when it came: what was sent whole may have created a job.
        assert ended["verdict"] in ([EXPECTED[status]] if status in EXPECTED else ["unsent", "doubt"]), ended
        if EXPECTED.get(status) == "account":
            paused = daemon.wait_for("lane.paused")
            assert paused["pause"] == "account" and len(daemon.events("attempt.ended")) == 2, daemon.story()
            assert not list(spool.path.glob("*.error.json"))
            if name != "haproxy":  # which does not say who it is
                assert f"a server before the API ({name}" in paused["reason"].replace("(Apache", "(apache"), paused
