"""axe-core finds nothing, in any dress; and nothing sticks out of a small screen."""

import pytest

from steps import open_pair, shown

RUN_AXE = """
const done = arguments[0];
axe.run(document, {resultTypes: ['violations']}).then(({violations}) => done(violations.map(({id, help, nodes}) =>
  `${id}: ${help}: ${nodes.slice(0, 3).map(({html}) => html).join(' | ')}`)), (error) => done([String(error)]));
"""
# Colours are looked at once they no longer change.
SETTLED = """() => document.getAnimations().length === 0
    && [...document.querySelectorAll('.frame img[src]')].every((one) => one.complete)"""
DRESSES = [
    (scheme, size, phone) for scheme in ("light", "dark") for size, phone in (((1440, 900), False), ((390, 844), True))
]


def find_faults(browser, axe):
    browser.wait(SETTLED)
    browser.cdp("Runtime.evaluate", expression=axe)  # as a debugger: the page's policy would not let it in
    return browser.run_async(RUN_AXE)


@pytest.mark.parametrize(("scheme", "size", "phone"), DRESSES)
def test_axe_has_no_finding(serve, visit, axe, scheme, size, phone):
    page = serve(60)
    page.world.pause("402 no credit", "402 余额不足")
    browser = visit(page, scheme=scheme, size=size, phone=phone)
    browser.wait("() => document.querySelector('.need')")
    assert find_faults(browser, axe) == []
    open_pair(browser, shown(browser)[0])
    assert find_faults(browser, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_no_finding_where_there_is_little(serve, visit, axe, scheme):
    page = serve()
    browser = visit(page, scheme=scheme)
    assert find_faults(browser, axe) == []
    page.world.sign_out()
    browser.wait("() => document.getElementById('away').checkVisibility()")
    assert find_faults(browser, axe) == []
    browser.go(page.origin + "/")
    assert find_faults(browser, axe) == []


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("width", [320, 360, 768, 1440, 2560])
def test_nothing_sticks_out(serve, visit, width, language):
    page = serve(60)
    page.world.add("a/" + "long" * 60, "w" * 400, "doubt")
    browser = visit(page, size=(width, 800), phone=width < 700, language=language)
    browser.wait("() => document.querySelector('.need')")
    sticks_out = """return [...document.querySelectorAll('body *')].filter((one) => one.checkVisibility()
        && !one.closest('.chips, .name, .unseen, .skip')
        && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 120))"""
    assert browser.run(sticks_out) == []
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    open_pair(browser, "a/" + "long" * 60)
    assert browser.run(sticks_out) == []
