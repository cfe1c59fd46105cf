"""Names, prompts and answers by somebody who means harm are text, and commands are what they look like."""

import subprocess

from quoting import encode_path, quote_word
from steps import open_pair, wait_for_jobs

MARKUP = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>&amp;"\'`'
NAMES = [
    "a<img src=x onerror=window.hit=1>",
    '"><svg onload=window.hit=1>',
    "fdp\u202egnp.exe",
    "two\nlines; rm -rf ~",
    "tab\tand\x1b[31mred",
    "$(touch hit) `touch hit` ${HOME} 'it''s' \\ !!",
    "zero\u200bwidth\u2066iso\u2069",
    "#?&=%41+; ",
    "__proto__",
    "constructor",
]


def test_nothing_of_it_becomes_markup(serve, visit):
    page = serve()
    for name in NAMES:
        page.world.add(name, MARKUP + "\n\u202e" + name, "doubt", reason=MARKUP, reason_zh=MARKUP, id=MARKUP)
    page.world.add(f"{NAMES[0]}/{NAMES[1]}", MARKUP, "refused", reason=MARKUP)
    browser = visit(page)
    for selector, number in [(".cell:not(.is-blank)", 11), (".need", 2)]:
        browser.wait("(selector, number) => document.querySelectorAll(selector).length === number", selector, number)
    assert browser.run("return document.querySelector('.prompt').textContent") == MARKUP
    for name in NAMES:
        browser.run("location.hash = new URLSearchParams({pair: arguments[0]})", encode_path(name))
        browser.wait(
            "(text) => document.querySelector('dialog[open] .whole-prompt')?.textContent === text",
            MARKUP + "\n\u202e" + name,
        )
    assert browser.run("return window.hit ?? null") is None
    assert (
        browser.run(
            "return document.querySelectorAll('script:not([src]), svg, [onerror], [onload], [style*=url]').length"
        )
        == 0
    )


def test_what_reorders_or_hides_is_shown_in_names_and_commands(serve, visit):
    page = serve()
    page.world.add("fdp\u202egnp.exe", state="refused")
    browser = visit(page)
    wait_for_jobs(browser, ["fdp⟨U+202E⟩gnp.exe"])
    browser.wait("() => document.querySelector('.strip code')")
    assert (
        browser.run("return document.querySelector('.strip code').textContent")
        == "reeld retry $'/var/spool/reeld/fdp\\342\\200\\256gnp.exe'"
    )
    assert browser.run("return document.querySelector('.name bdi') !== null")


def test_a_command_that_is_not_what_it_looks_like_cannot_be_copied(serve, visit):
    page = serve()
    page.world.extra.append(
        {
            "kind": "doubt",
            "path": None,
            "job": None,
            "since": "2025-01-01T00:00:00.000Z",
            "reason": "r",
            "reason_zh": None,
            "commands": [{"does": None, "argv": [], "shell": "reeld retry a\nrm -rf ~"}],
        }
    )
    browser = visit(page)
    browser.wait("() => document.querySelector('.strip code')")
    assert browser.run("return document.querySelector('.strip code').textContent") == "reeld retry a⟨U+000A⟩rm -rf ~"
    assert browser.run("return document.querySelector('.strip .copy')") is None


def test_the_quoting_that_the_page_is_tried_with_holds_in_a_shell():
    for name in NAMES:
        line = f"printf %s {quote_word(name)}"
        assert "\n" not in line
        got = subprocess.run(["bash", "-c", line], capture_output=True, check=True).stdout
        assert got.decode() == name


def test_every_name_can_be_opened_filtered_and_shown(serve, visit):
    page = serve()
    for name in NAMES:
        page.world.add(f"{name}/scene", "A prompt.", "done")
    browser = visit(page)
    for name in NAMES:
        browser.run("location.hash = new URLSearchParams({folder: arguments[0]})", encode_path(name))
        browser.wait("() => document.querySelectorAll('.cell:not(.is-blank)').length === 1")
        assert browser.wait("() => document.querySelector('.frame img').naturalWidth") > 0
        job = browser.run("return document.querySelector('.name').textContent")
        open_pair(browser, job)
        browser.press("Escape")
        browser.wait("() => !document.querySelector('dialog[open]')")
