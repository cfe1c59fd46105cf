"""No page has a command that no test runs. What takes root and systemd is run by `./dev test-service`: here that is only read."""

import ast
import itertools
import re
import subprocess

from pages import ROOT, SHELL, Block, list_pages, read_block, read_blocks, read_commands, split_commands, split_page
from waiting import BIN_DIR
from walk import NOT_RUN, Walk

TESTS = [*ROOT.glob("tests/docs/test_*.py"), *ROOT.glob("tests/machine/test_*.py")]
STEPS = [name for name, step in vars(Walk).items() if callable(step) and not name.startswith("_")]


def calls_within(node, names):
    """The texts that are handed to the calls of those functions ("read_block", "page.run"), in their order in the file."""
    calls = [call for call in ast.walk(node) if isinstance(call, ast.Call) and ast.unparse(call.func) in names]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return [tuple(argument.value for argument in call.args) for call in calls]


def read_walks():
    """(page, section) and the commands that its test names."""
    for path in TESTS:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.With) and node.items[0].optional_vars:
                opened, name = node.items[0].context_expr, ast.unparse(node.items[0].optional_vars)
                if ast.unparse(getattr(opened, "func", opened)).endswith(".walk"):
                    steps = calls_within(node, [f"{name}.{step}" for step in STEPS])
                    yield tuple(word.value for word in opened.args), [command for command, in steps]


def test_each_command_is_run_in_its_place_or_has_a_reason():
    walks = dict(read_walks())
    for place, commands in itertools.groupby(read_commands(), key=lambda command: (command.page, command.section)):
        names = [command.name for command in commands if command.name not in NOT_RUN]
        assert names == walks.pop(place, []), f"{place[0]}, {place[1]}: a test in tests/docs or tests/machine has to walk it"
    assert walks == {}, "these have no commands"


def test_each_reason_is_of_a_command_that_is_there():
    names = {command.name for command in read_commands()}
    assert set(NOT_RUN) <= names
    assert len(NOT_RUN) <= 3, "another one needs a better reason than these"


def test_each_block_of_another_kind_is_read_by_a_test():
    read = {place for path in TESTS for place in calls_within(ast.parse(path.read_text("utf-8")), ["read_block"])}
    others = {(block.page, block.section, block.language) for block in read_blocks() if block.language not in SHELL}
    assert others == read


def run_help(*words):
    return subprocess.run([str(BIN_DIR / "reeld"), *words, "--help"], text=True, capture_output=True, check=True).stdout


def read_helps():
    """What each command says of itself."""
    commands = re.findall(r"^  ([a-z]+)  ", run_help().split("Subcommands:")[1], re.MULTILINE)
    return {command: run_help(command) for command in commands}


def find_orders(text):
    """`reeld COMMAND --option` in the prose."""
    for span in re.findall(r"`(?:[A-Z_]+=\S+ )?reeld ([^`|]+)", text):
        words = span.split()
        if words[0].isalpha():
            yield words[0], [re.split(r"[=\[]", word)[0] for word in words if word.startswith("--")]


def test_what_the_prose_calls_a_command_or_an_option_is_one():
    helps = read_helps()
    found = [(path.name, *order) for path in list_pages() for order in find_orders(path.read_text("utf-8"))]
    assert len(found) > 30
    for page, command, options in found:
        assert command in helps, f"{page}: reeld {command}"
        for option in options:
            assert f"{option} " in helps[command] or f"{option}\n" in helps[command], f"{page}: reeld {command} {option}"


def test_the_synopsis_names_each_command_with_each_of_its_options():
    lines = read_block("reeld.8.md", "Synopsis", "").splitlines()
    told = {}
    for line in lines[:-1]:
        for command in re.match(r"reeld ([a-z |]+)", line)[1].split("|"):
            told.setdefault(command.strip(), set()).update(re.findall(r"--[a-z-]+", line))
    assert lines[-1] == "reeld help [COMMAND] | --help | --version"
    assert told == {command: set(re.findall(r"--[a-z-]+", text.split("Options:")[1].split("Exit codes")[0])) - {"--help"}
                    for command, text in read_helps().items()}


def test_what_the_prose_asks_of_dev_is_there():
    told = set(re.findall(r"^\./dev ([a-z-]+)", subprocess.run([ROOT / "dev", "help"], text=True, capture_output=True,
                                                              check=True).stdout, re.MULTILINE))
    for path in list_pages():
        assert set(re.findall(r"\./dev ([a-z-]+)", path.read_text("utf-8"))) <= told, path.name


def test_commands_are_read_as_a_shell_reads_them():
    page = "# A\n```sh\none  # said\n\n# nothing\ntwo \\\n  more\n```\n## B\n\n  ```sh\n  cat <<EOF\n  x # y\n  EOF\n  ```\n"
    first, second = split_page("page", page)
    assert second == Block("page", "B", 12, "sh", "cat <<EOF\nx # y\nEOF\n")
    assert [command.name for command in split_commands(first)] == ["one", "two \\"]
    (document,) = split_commands(second)
    assert document.text == "cat <<EOF\nx # y\nEOF" and document.line == 12
