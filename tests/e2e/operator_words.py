"""What an operator types, and what is asked of the stub afterwards."""

import json

from harness import run_reeld, wait_until


def succeed(*words, **more):
    done = run_reeld(*words, key=None, **more)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    assert done.stderr == "", done.stderr
    return done.stdout


def fail(code, *words, **more):
    done = run_reeld(*words, key=None, **more)
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    assert done.stderr.startswith("reeld: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def read_status(spool):
    return json.loads(succeed("status", "--json", "--spool", spool.path))


def wait_for_jobs(spool, daemon, **states):
    """Until the ledger, too, says how many jobs are in which state. The log speaks of an attempt's end before that is
    recorded, and of an accepted job when the record takes its time; until then a command says "try later"."""
    wait_until(lambda: read_status(spool)["jobs"] == states, lambda: f"{states} in the ledger" + daemon.story())


def prompts(stub):
    return [record["fields"]["prompt"] for record in stub.posts()]


def settle(stub, spool, daemon, stem="canary"):
    """Another pair has gone through: whatever was going to be sent before it, has been."""
    spool.drop(stem, stem)
    spool.wait_for_result(stem, daemon=daemon)
