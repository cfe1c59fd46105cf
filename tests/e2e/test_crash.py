"""kill -9 at chosen instants and at random ones: nothing lost, nothing paid for twice, and doubt where nobody can know."""

import random
import time

import pytest

from harness import Stub, make_png, text_bytes, wait_until


def test_killed_while_an_answer_is_awaited_is_in_doubt(stub, spool, start_daemon):
    spool.drop("scene", "paid")
    daemon = start_daemon(stub, fault="hang-created")
    stub.wait_for_posts(1)
    daemon.kill()
    assert spool.results_of("scene") == []
    daemon = start_daemon(stub)
    doubt = spool.read_result("scene", "doubt", daemon)
    assert doubt["verdict"] == "doubt" and stub.posts()[0]["image"]["sha256"] in str(doubt)
    spool.drop("canary", "canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert len(stub.posts()) == 2


def test_killed_in_mid_upload_is_sent_again(stub, spool, start_daemon):
    spool.drop("scene", "big", make_png(16 << 20))
    daemon = start_daemon(stub, fault="stall-read:1")
    stub.wait_for_posts(1)
    daemon.kill()
    daemon = start_daemon(stub)
    spool.wait_for_result("scene", daemon=daemon)
    assert len(stub.posts(created=True)) == 1 and not daemon.events("job.doubt")


def test_killed_when_all_is_done_changes_nothing(stub, spool, start_daemon):
    daemon = start_daemon(stub)
    for number in range(5):
        spool.drop(f"scene{number}")
    answers = [spool.wait_for_result(f"scene{number}", daemon=daemon) for number in range(5)]
    daemon.kill()
    daemon = start_daemon(stub)
    spool.drop("canary")
    spool.wait_for_result("canary", daemon=daemon)
    assert [spool.result_path(f"scene{number}").read_bytes() for number in range(5)] == answers
    assert len(stub.posts()) == 6


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_instants(tmp_path, spool, start_daemon, seed):
    """Each pair ends with one result; each was created at most once; what has job.json has the answer that was given;
    what was created and has none is in doubt."""
    dice = random.Random(seed)
    stems = [f"scene{number:02}" for number in range(40)]
    with Stub(tmp_path / "slow", "--latency", "40ms") as slow:
        for stem in stems:
            spool.drop(stem, stem, make_png(dice.choice([200, 70000, 900000]), seed=stem))
        for _ in range(6):
            daemon = start_daemon(slow, wait=False)
            time.sleep(dice.uniform(0.05, 1.0))  # the instant of the kill is what is random
            daemon.kill()
        daemon = start_daemon(slow)
        wait_until(lambda: all(spool.results_of(stem) for stem in stems), "a result of each", timeout=60)
        assert daemon.stop() == 0
        for stem in stems:
            created = [record for record in slow.posts(created=True) if record["fields"]["prompt"] == stem]
            assert len(created) <= 1, f"{stem} was paid for twice"
            (result,) = spool.results_of(stem)
            if result == "job":
                assert spool.result_path(stem).read_bytes() == text_bytes(created[0]["response"])
            else:
                assert result == "doubt"
