"""Names as they stand in addresses and in commands, as docs/next/page-api.yaml says."""

import re
import shlex
import unicodedata
import urllib.parse


def encode_path(name):
    """Percent-encodes all bytes but those of unreserved characters and "/"."""
    return urllib.parse.quote(name.encode("utf-8", "surrogateescape"), safe="/")


def is_plain(mark):
    """Whether a character shows itself, and nothing else, wherever it is pasted."""
    return unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def quote_word(word):
    """One word for a shell. What cannot be seen is written by its bytes: $'film/a\\012b'."""
    if all(is_plain(mark) for mark in word):
        return shlex.quote(word)

    def escape(mark):
        if mark in "\\'":
            return "\\" + mark
        if is_plain(mark):
            return mark
        return "".join(f"\\{byte:03o}" for byte in mark.encode("utf-8", "surrogateescape"))

    return "$'" + "".join(map(escape, word)) + "'"


def make_command(does, *argv):
    # A placeholder that a person fills in (ID) needs no quotes.
    return {"does": does, "argv": list(argv), "shell": " ".join(map(quote_word, argv))}


def fold_match(q, text):
    text = text.lower()
    return all(word in text for word in re.split(r"\s+", q.lower()))
