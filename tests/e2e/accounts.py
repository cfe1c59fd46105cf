"""The books of a spool against those of the stub: what was lost, what was paid for twice, what nobody can know."""

import collections
import contextlib
import pathlib
import shutil
import sqlite3
import tempfile
import types

from stub import text_bytes
from waiting import wait_until

# Answers that say that nothing was created: the pair may be sent again.
FREE_STATUSES = (400, 413, 425, 429, 503)
FREE_FAULTS = ("saturated-500",)


def is_free(record):
    """Whether the stub's answer told that there is no job, and that there may be another request."""
    return not record["created"] and (record["status"] in FREE_STATUSES or record["fault"] in FREE_FAULTS)


def whole_requests(records):
    """Prompt -> the requests that have come with all of their body."""
    found = collections.defaultdict(list)
    for record in records:
        if record["complete"]:
            found[record["fields"]["prompt"]].append(record)
    return found


def find_faults(spool, stem, requests, repeats=0):
    """What is wrong with a pair that has come to its end, as texts; `requests` are its whole ones, of which so many may
    be repeats that somebody has asked for."""
    results = spool.results_of(stem)
    created = [record for record in requests if record["created"]]
    if len(created) > 1 + repeats:
        yield f"{stem} was paid for {len(created)} times"
    unclear = [record for record in requests if not is_free(record)]
    if len(unclear) > 1 + repeats:
        yield f"{stem} was sent again after a request that may have been paid for: {unclear}"
    if len(results) != 1:
        yield f"{stem} is in {len(results)} states: {results}, created {len(created)}"
    elif results == ["job"]:
        answers = [text_bytes(record["response"]) for record in created]
        if spool.result_path(stem).read_bytes() not in answers:
            yield f"{stem}.job.json is not the answer that was given"
    elif results == ["error"] and created:
        yield f"{stem} is lost: it was paid for, and has an error file"


def balance(spool, stub, stems, repeats=0):
    """Compares the folder with what the stub has recorded of these pairs, whose prompts are their stems; returns how
    many have which result."""
    requests = whole_requests(stub.posts())
    faults = [fault for stem in stems for fault in find_faults(spool, stem, requests[stem], repeats)]
    assert not faults, "\n".join(faults)
    strangers = set(requests) - set(stems)
    assert not strangers, f"prompts that nobody wrote: {strangers}"
    return collections.Counter(spool.results_of(stem)[0] for stem in stems)


def wait_for_results(spool, stems, daemon, timeout=120):
    """Until each of the pairs has a result."""
    waiting = set(stems)

    def look():
        waiting.difference_update([stem for stem in waiting if spool.results_of(stem)])
        return not waiting

    wait_until(look, lambda: f"results of {sorted(waiting)[:20]}, {len(waiting)} in all" + daemon.story(), timeout, 0.05)


def watch_for(daemon, event, count=1, timeout=2.0, **fields):
    """Whether that line comes in time; a daemon that ends is none that says it."""
    try:
        daemon.wait_for(event, timeout=timeout, count=count, **fields)
    except AssertionError:
        return False
    return True


def read_ledger(path):
    """The ledger's jobs, from a copy: the daemon may have it, and its disk may be full."""
    path = pathlib.Path(path)
    copy = copy_ledger(path)
    try:
        with contextlib.closing(sqlite3.connect(copy / path.name)) as database:
            database.row_factory = sqlite3.Row
            database.text_factory = bytes
            rows = database.execute("""SELECT folder, stem, state, is_published, (SELECT answer FROM attempts
              WHERE job = jobs.id ORDER BY attempts.id DESC LIMIT 1) AS answer FROM jobs ORDER BY id""").fetchall()
    finally:
        shutil.rmtree(copy)
    return [types.SimpleNamespace(name="/".join(filter(None, [row["folder"].decode(), row["stem"].decode()])),
                                  state=row["state"].decode(), is_published=bool(row["is_published"]),
                                  answer=row["answer"]) for row in rows]


def copy_ledger(path):
    """Not onto the disk that is under test: a folder of the machine's own."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ledger-copy-"))
    for suffix in ("", "-wal"):
        source = path.with_name(path.name + suffix)
        if source.exists():
            shutil.copyfile(source, folder / source.name)
    return folder


def check_ledger(path, spool, stems):
    """The ledger of a daemon that has ended says of each pair what its folder says, and owes nothing."""
    words = {"accepted": "job", "doubt": "doubt", "refused": "error"}
    for job in read_ledger(path):
        assert job.name in stems, f"the ledger has {job.name}, which nobody dropped"
        if job.state in ("accepted", "doubt"):
            assert job.is_published, f"the ledger still owes the result of {job.name}"
        expected = words.get(job.state)
        assert expected, f"the ledger has left {job.name} {job.state}"
        assert spool.results_of(job.name) == [expected], f"{job.name} is {job.state} in the ledger"
