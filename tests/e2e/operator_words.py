"""What an operator types, and what is asked of the stub afterwards."""

import json

from harness import run_reeld


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


def prompts(stub):
    return [record["fields"]["prompt"] for record in stub.posts()]


def settle(stub, spool, daemon, stem="canary"):
    """Another pair has gone through: whatever was going to be sent before it, has been."""
    spool.drop(stem, stem)
    spool.wait_for_result(stem, daemon=daemon)
