"""The pictures of docs/architecture.md show what is there."""

import re

from pages import ROOT, read_block


def test_the_floors_are_those_that_are_built():
    drawn = re.findall(r"^ (\w+)  ", read_block("architecture.md", "How reeld is built", ""), re.MULTILINE)
    built = re.findall(r"^add_subdirectory\((\w+)\)", (ROOT / "daemon/CMakeLists.txt").read_text("utf-8"), re.MULTILINE)
    assert drawn == [name for name in reversed(built) if name != "boost_impl"]


def test_an_attempt_calls_what_the_scheduler_has():
    drawn = set(re.findall(r"\bon_\w+", read_block("architecture.md", "An attempt, step by step", "")))
    header = (ROOT / "daemon/scheduler/job_scheduler.hpp").read_text("utf-8")
    assert drawn and drawn <= set(re.findall(r"\bon_\w+(?=\()", header))
