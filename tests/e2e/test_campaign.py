"""Faults at random over a whole spool: whatever happens, each pair ends in one state that is true."""

import collections

import pytest

from harness import Daemon, Spool, Stub, make_image, text_bytes, wait_until

COUNT = 150
FAULTS = {
    "close-before-body": 0.04, "reset-during-body": 0.04, "early-500": 0.02, "early-408": 0.02,
    "close-after-body-created": 0.03, "reset-after-body": 0.02, "cut-body-created": 0.03, "html-200": 0.02,
    "status-500-created": 0.03, "status-502-bare": 0.02, "bad-chunks-created": 0.02,
    "status-429": 0.06, "saturated-500": 0.03, "no-channel-503": 0.03, "status-400": 0.03, "early-413": 0.02,
    "chunked": 0.05, "overlong-body": 0.05, "no-length": 0.05, "http-1.0": 0.05, "interim-103-200": 0.05,
    "unasked-408": 0.05, "id-with-colon": 0.05, "early-200": 0.02,
    "half-character": 0.02, "list-of-one": 0.02, "gzip": 0.02, "both-framings": 0.02, "blank-colon": 0.02,
}
TABLES = {"submit": {"backoff": ["10ms", "50ms"], "doubt_pause": "50ms", "concurrency": 8}}


@pytest.mark.parametrize("seed", ["1", "2"])
def test_each_pair_ends_in_one_true_state(tmp_path, seed):
    spool = Spool(tmp_path / "spool")
    stems = [f"folder{number % 4}/scene{number}" for number in range(COUNT)]
    for number, stem in enumerate(stems):
        spool.drop(stem, stem, make_image("jpg", [300, 5000, 70000, 600000][number % 4], seed=stem), "jpg")
    order = ",".join(f"{name}={probability}" for name, probability in FAULTS.items())
    with Stub(tmp_path / "stub", "--faults", order, "--seed", seed) as stub, \
            Daemon(tmp_path / "daemon", spool, stub.url(), stub=stub, tables=TABLES).start() as daemon:
        wait_until(lambda: all(spool.results_of(stem) for stem in stems), daemon.story, timeout=120, pause=0.1)
        assert daemon.stop() == 0
    whole = collections.defaultdict(list)  # prompt -> its whole requests
    for record in stub.posts(complete=True):
        whole[record["fields"]["prompt"]].append(record)
    for stem in stems:
        (result,) = spool.results_of(stem)
        created = [record for record in whole[stem] if record["created"]]
        assert len(created) <= 1, f"{stem} was paid for twice"
        if result == "job" and created:
            assert spool.result_path(stem).read_bytes() == text_bytes(created[0]["response"])
        elif result == "job":
            early = {text_bytes(record["response"]) for record in stub.posts(fault="early-200")}
            assert spool.result_path(stem).read_bytes() in early, "created before its body was read"
        elif result == "error":
            assert not created
        known = [record for record in whole[stem] if record["status"] in (429, 503, 400)
                 or record["fault"] == "saturated-500"]
        assert len(whole[stem]) - len(known) <= 1, f"{stem} was sent again after a doubt"
