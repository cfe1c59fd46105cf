"""docs/security.md names the test that shows each of its lines: they are there, by those names."""

import re

from pages import ROOT

PAGE = ROOT / "docs" / "security.md"
PYTHON = re.compile(r"`(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`")
CPP = re.compile(r"`([A-Z]\w+)\.([A-Z]\w+)`")


def test_every_python_test_is_there():
    named = PYTHON.findall(PAGE.read_text("utf-8"))
    assert len(named) > 10
    for path, name in named:
        assert f"\ndef {name}(" in (ROOT / path).read_text("utf-8"), (path, name)


def test_every_test_in_cpp_is_there():
    named = CPP.findall(PAGE.read_text("utf-8"))
    assert len(named) > 10
    sources = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*_test.cpp")]
    for suite, name in named:
        test = re.compile(rf"TEST(_F|_P)?\({suite}, {name}\)")
        assert any(test.search(source) for source in sources), (suite, name)


def test_every_line_of_a_promise_names_a_test():
    text = PAGE.read_text("utf-8")
    promises = text[text.index("## What holds"):text.index("## What does not hold")]
    rows = [line for line in promises.splitlines() if line.startswith("| ") and not line.startswith("| what |")]
    assert rows
    for row in rows:
        assert PYTHON.search(row) or CPP.search(row), row


def test_the_readme_leads_there():
    assert "(docs/security.md)" in (ROOT / "README.md").read_text("utf-8")
