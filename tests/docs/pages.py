"""What the pages tell people to type: the fenced blocks of README.md and docs/, and the commands in them."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHELL = ("sh", "bash", "console", "shell")
FENCE = re.compile(r"( *)```(\S*)\s*$")
HEREDOC = re.compile(r"<<-?\s*['\"]?(\w+)")
COMMENT = re.compile(r"\s+#\s.*$")


@dataclasses.dataclass(frozen=True)
class Block:
    page: str      # "README.md", "operations.md"
    section: str   # the nearest heading above
    line: int      # of the first line within
    language: str  # "" where none is given
    text: str      # without the fences' indentation


@dataclasses.dataclass(frozen=True)
class Command:
    page: str
    section: str
    line: int
    name: str  # its first line, without the comment: what tests call it by
    text: str  # all of it, as a shell takes it

    def __str__(self):
        return f"{self.page}:{self.line} ({self.section}): {self.name}"


def list_pages():
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def read_blocks():
    """Every fenced block of every page, in their order."""
    return [block for path in list_pages() for block in split_page(path.name, path.read_text("utf-8"))]


def split_page(page, text):
    section, opened, held = "", None, []
    for number, line in enumerate(text.split("\n"), 1):
        fence = FENCE.match(line)
        if opened is None and fence:
            indent, language, first, held = len(fence[1]), fence[2], number + 1, []
            opened = True
        elif opened and fence and not fence[2]:
            yield Block(page, section, first, language, "".join(f"{line[indent:]}\n" for line in held))
            opened = None
        elif opened:
            held.append(line)
        elif line.startswith("#"):
            section = line.lstrip("#").strip()
    assert opened is None, f"{page}: a block that begins at line {first} has no end"


def split_commands(block):
    """A shell block's commands: a line each, but for those that go on after a backslash or into a here-document."""
    lines = iter(enumerate(block.text.rstrip("\n").split("\n"), block.line))
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        taken = [line]
        while taken[-1].endswith("\\"):
            taken.append(next(lines)[1])
        document = HEREDOC.search(line)
        while document and taken[-1] != document[1]:
            taken.append(next(lines)[1])
        yield Command(block.page, block.section, number, COMMENT.sub("", line), "\n".join(taken))


def read_commands(page=None, section=None):
    return [command for block in read_blocks() if block.language in SHELL for command in split_commands(block)
            if page in (None, block.page) and section in (None, block.section)]


def read_block(page, section, language):
    """The text of the one block of that language in a section."""
    (block,) = [block for block in read_blocks() if (block.page, block.section, block.language) == (page, section, language)]
    return block.text
