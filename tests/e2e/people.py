"""What tests of people's deeds have in common."""

from harness import text_bytes

STEMS = [f"scene{number}" for number in range(5)]
KINDS = ("txt", "png")


def accept(spool, daemon, stem):
    spool.drop(stem, stem)
    answer = spool.wait_for_result(stem, daemon=daemon)
    daemon.wait_for("job.accepted", job=stem)
    return answer


def ledger_of(spool):
    return spool.path / ".reeld" / "ledger.db"


def accept_and_tidy(spool, launch, stems=STEMS):
    """Pairs that were sent by a daemon that has ended, and whose results people have moved away."""
    daemon = launch()
    for stem in stems:
        accept(spool, daemon, stem)
    stop(daemon)
    for stem in stems:
        spool.result_path(stem).unlink()


def only_once(stub, spool, daemon, stems=STEMS, canary="canary"):
    """One pair more goes through, and each of the others has been sent once: never a second POST."""
    accept(spool, daemon, canary)
    prompts = sorted(record["fields"]["prompt"] for record in stub.posts(complete=True))
    assert prompts == sorted([*stems, canary]), daemon.story()


def answer_to(stub, stem):
    (record,) = [record for record in stub.posts(created=True) if record["fields"]["prompt"] == stem]
    return text_bytes(record["response"])


def stop(daemon):
    assert daemon.stop() == 0, daemon.story()


def refuses_to_start(stub, launch, code=78, **options):
    """Ends with that code, sends nothing; returns what was said."""
    sent = len(stub.requests())
    daemon = launch(wait=False, **options)
    assert daemon.wait() == code, daemon.story()
    assert len(stub.requests()) == sent and daemon.lines == []
    return daemon.stderr()
