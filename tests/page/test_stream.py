"""The stream of events: through restarts, sign-outs and several tabs."""

from steps import shown, wait_for_jobs, wait_for_state, wait_until_live


def test_a_restart_under_an_open_page_is_made_good(serve, visit):
    page = serve()
    page.world.add("a", age=30)
    page.world.add("b", age=20)
    browser = visit(page)
    wait_until_live(browser)

    def meanwhile():
        page.world.remove("a")
        page.world.change("b", state="done")
        page.world.add("c", state="refused")

    page.world.restart(meanwhile)
    wait_for_jobs(browser, ["c", "b"])
    wait_for_state(browser, "b", "Done")
    wait_until_live(browser)


def test_a_daemon_that_is_away_is_said_and_found_again(serve, visit):
    page = serve()
    page.world.add("a", age=30)
    browser = visit(page)
    wait_until_live(browser)
    page.stop()
    browser.wait("() => document.getElementById('link').dataset.kind === 'offline'")
    assert shown(browser) == ["a"], "what was known stays"
    page.world.add("b")
    page.start()
    wait_for_jobs(browser, ["b", "a"])
    wait_until_live(browser)


def test_many_pairs_are_right_again_where_one_looks_after_a_restart(serve, visit):
    page = serve(1000)
    browser = visit(page)
    wait_until_live(browser)
    browser.run("scrollTo(0, 4000)")
    browser.wait(
        "() => !document.querySelector('[aria-rowindex=\"1\"]') && document.querySelector('.cell:not(.is-blank)')"
    )
    job = shown(browser)[0]
    page.world.restart(lambda: page.world.change(job, state="expired"))
    wait_for_state(browser, job, "Expired")
    assert browser.run("return scrollY") == 4000


def test_four_tabs_hold_one_stream(serve, visit):
    page = serve()
    page.world.add("a")
    browser = visit(page)
    wait_until_live(browser)
    tabs = [browser.tab()]
    for _ in range(3):
        tabs.append(browser.new_tab())
        browser.go(page.origin + "/")
        wait_until_live(browser)
    assert page.world.requests.count("/api/events") == 1
    page.world.change("a", state="doubt")
    for tab in tabs:
        browser.switch(tab)
        wait_for_state(browser, "a", "In doubt")
    assert len(page.world.streams) == 1


def test_without_shared_workers_only_the_tab_that_is_seen_has_a_stream(serve, visit):
    page = serve()
    page.world.add("a")
    browser = visit(page)
    wait_until_live(browser)
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", source="delete window.SharedWorker")
    browser.run("location.reload()")
    browser.wait(
        "() => typeof SharedWorker === 'undefined' && document.getElementById('link').dataset.kind === 'online'"
    )
    page.world.change("a", state="doubt")
    wait_for_state(browser, "a", "In doubt")
    hide = """Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => arguments_});
              document.dispatchEvent(new Event('visibilitychange'))"""
    browser.run(hide.replace("arguments_", "'hidden'"))
    page.world.change("a", state="done")
    browser.run(hide.replace("arguments_", "'visible'"))
    wait_for_state(browser, "a", "Done")


def test_a_browser_that_is_signed_out_is_told_how_to_come_back(serve, visit):
    page = serve()
    page.world.add("a")
    browser = visit(page)
    wait_until_live(browser)
    page.world.sign_out()
    text = browser.wait(
        "() => document.getElementById('away').checkVisibility() && document.getElementById('away').textContent"
    )
    assert "reeld page" in text
    assert not browser.run("return document.getElementById('sheet').checkVisibility()")
    first = browser.tab()
    browser.new_tab()
    browser.go(page.address)
    wait_until_live(browser)
    browser.switch(first)
    browser.wait(
        "() => !document.getElementById('away').checkVisibility()", why="a new sign-in elsewhere brings this tab back"
    )
    wait_for_jobs(browser, ["a"])


def test_without_a_cookie_there_is_a_page_that_explains(serve, driver):
    page = serve()
    browser = driver.open()
    browser.go(page.origin + "/")
    assert "reeld page" in browser.run("return document.body.textContent")
    assert (
        browser.run("return getComputedStyle(document.querySelector('.away')).display") == "grid"
    ), "with its style sheet"
    browser.go(page.origin + "/?token=wrong")
    assert "reeld page" in browser.run("return document.body.textContent")
