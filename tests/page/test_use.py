"""What people do: with the keyboard, the mouse, a finger; the panel, the video, the commands."""

import pytest

from steps import focused_job, open_pair, shown, wait_for_jobs, wait_until_live


def wait_for_focus(browser, job):
    browser.wait(
        "(job) => document.activeElement.closest('.cell')?.querySelector('.name').textContent === job",
        job,
        why=f"{job} has the focus",
    )


def test_arrows_move_enter_opens_escape_closes(serve, visit):
    page = serve(40)
    browser = visit(page)
    jobs = shown(browser)
    columns = browser.run("return Number(document.getElementById('sheet').ariaColCount)")
    browser.run("document.querySelector('.card[tabindex=\"0\"]').focus()")
    assert focused_job(browser) == jobs[0]
    assert browser.run("return document.querySelectorAll('.card[tabindex=\"0\"]').length") == 1, "Tab comes to one cell"
    for key, place in [
        ("ArrowRight", 1),
        ("ArrowDown", 1 + columns),
        ("ArrowLeft", columns),
        ("ArrowUp", 0),
        ("ArrowUp", 0),
        ("End", columns - 1),
        ("Home", 0),
    ]:
        browser.press(key)
        wait_for_focus(browser, jobs[place])
    browser.press("ArrowRight", "Enter")
    browser.wait("() => document.querySelector('dialog[open] #panel-title')?.textContent", why="the panel opens")
    assert browser.run("return document.getElementById('panel-title').textContent") == jobs[1]
    browser.press("ArrowRight")
    browser.wait("(job) => document.getElementById('panel-title').textContent === job", jobs[2], why="the older pair")
    browser.press("Escape")
    browser.wait("() => !document.querySelector('dialog[open]')")
    wait_for_focus(browser, jobs[2])
    browser.press("Control+End")
    wait_for_focus(
        browser, "scene1" if "scene1" in page.world.pairs.items else list(page.world.pairs.items.values())[0]["job"]
    )


def test_the_focus_stays_on_its_pair_while_others_come(serve, visit):
    page = serve(3)
    browser = visit(page)
    wait_until_live(browser)
    job = shown(browser)[1]
    browser.run("document.querySelectorAll('.card')[1].focus()")
    page.world.add("newest")
    browser.wait("() => document.querySelector('.name').textContent === 'newest'")
    assert focused_job(browser) == job


def test_back_closes_the_panel_and_an_address_opens_it(serve, visit):
    page = serve(5)
    browser = visit(page)
    job = shown(browser)[0]
    open_pair(browser, job)
    address = browser.run("return location.href")
    browser.run("history.back()")
    browser.wait("() => !document.querySelector('dialog[open]')")
    browser.go("about:blank")
    browser.go(address)
    browser.wait("(job) => document.getElementById('panel-title')?.textContent === job", job)


def test_the_panel_tells_everything_and_follows_changes(serve, visit):
    page = serve()
    page.world.add("film/scene1", "A paper boat.\nSecond line.", "running", progress=10)
    browser = visit(page)
    wait_until_live(browser)
    open_pair(browser, "film/scene1")
    text = browser.run("return document.getElementById('panel').textContent")
    for part in [
        "A paper boat.\nSecond line.",
        "sora-2",
        "Attempt 2",
        "HTTP 200",
        "req_8fd1c2",
        '"status": "in_progress"',
        "scene1.job.json",
    ]:
        assert part in text, part
    page.world.change("film/scene1", state="done")
    browser.wait("() => document.querySelector('.media video')", why="the video takes the picture's place")
    page.world.remove("film/scene1")
    browser.wait("() => document.getElementById('panel').textContent.includes('no longer in the spool')")


def test_a_video_plays_in_place_under_the_pointer_and_seeks_in_the_panel(serve, visit):
    page = serve()
    page.world.add("a", state="done")
    browser = visit(page)
    browser.point_at(".frame")
    browser.wait("() => document.querySelector('.clip')?.currentTime > 0", why="it plays")
    assert browser.run("const clip = document.querySelector('.clip'); return clip.muted && clip.loop")
    browser.point_at("h1")
    browser.wait("() => !document.querySelector('.clip')")
    open_pair(browser, "a")
    seeks = """const done = arguments[0], video = document.querySelector('.media video');
        const seek = () => { video.onseeked = () => done(video.currentTime); video.currentTime = 4.5; };
        if (video.readyState > 0) seek(); else video.onloadedmetadata = seek;"""
    assert browser.run_async(seeks) == pytest.approx(4.5, abs=0.1)


def test_who_wants_less_motion_gets_none_unasked(serve, visit):
    page = serve()
    page.world.add("a", state="done")
    browser = visit(page, reduced=True)
    browser.point_at(".frame")
    browser.run("document.querySelector('.card').focus()")
    browser.run_async("setTimeout(arguments[0], 500)")  # longer than the delay before a video plays: nothing is to come
    assert browser.run("return document.querySelector('.clip')") is None
    assert browser.run("return getComputedStyle(document.querySelector('.frame img')).transitionDuration") == "0s"


def test_a_finger_plays_first_and_opens_then(serve, visit):
    page = serve()
    page.world.add("a", state="done")
    browser = visit(page, size=(390, 844), phone=True)
    browser.tap(".frame")
    browser.wait("() => document.querySelector('.clip')?.currentTime > 0", why="the first tap plays")
    assert browser.run("return document.querySelector('dialog[open]')") is None
    browser.tap(".frame")
    browser.wait("() => document.querySelector('dialog[open]')", why="the second opens")


@pytest.mark.parametrize("way", ["clipboard", "selection"])
def test_a_command_is_copied_exactly(serve, visit, way):
    page = serve()
    page.world.add("it's $(late)", state="refused")
    browser = visit(page)
    if way == "clipboard":
        catch = "{value: {writeText: async (text) => { window.taken = text; }}}"
    else:
        catch = "{value: undefined}"
        browser.run(
            "addEventListener('copy', (event) => { window.taken = event.clipboardData.getData('text/plain'); })"
        )
    browser.run(f"Object.defineProperty(navigator, 'clipboard', {catch})")
    browser.wait("() => document.querySelector('.strip .copy')")
    browser.click(".strip .copy")
    browser.wait("() => document.querySelector('.copy').textContent === 'Copied'")
    expected = "reeld retry '/var/spool/reeld/it'\"'\"'s $(late)'"
    assert browser.wait("() => window.taken") == expected
    assert browser.run("return document.querySelector('.strip code').textContent") == expected


def test_the_strip_shows_what_needs_a_person_and_nothing_when_nothing_does(serve, visit):
    page = serve()
    page.world.add("fine", state="done")
    browser = visit(page)
    wait_until_live(browser)
    assert browser.run("return document.getElementById('strip').hidden")
    for number in range(3):
        page.world.add(f"late{number}", state="doubt")
    page.world.pause("402 no credit", "402 余额不足")
    browser.wait("() => document.querySelectorAll('.need').length === 2")
    titles = browser.run("return [...document.querySelectorAll('.need-title')].map((one) => one.textContent)")
    assert titles == ["Sending is paused", "In doubt3"]
    assert browser.run("return document.querySelectorAll('.need')[1].querySelectorAll('code').length") == 2
    browser.click(".need.is-doubt .more button")
    browser.wait("() => document.querySelectorAll('.need.is-doubt .needs li').length === 3")
    browser.click(".need.is-doubt .more button:last-child")
    wait_for_jobs(browser, ["late2", "late1", "late0"])
    for number in range(3):
        page.world.change(f"late{number}", state="accepted")
    browser.wait("() => document.querySelectorAll('.need').length === 1")


def test_the_language_is_the_browsers(serve, visit):
    page = serve()
    page.world.add("a", state="doubt")
    browser = visit(page, language="zh-CN")
    assert browser.run("return document.documentElement.lang") == "zh-Hans"
    browser.wait("() => document.querySelector('.state').textContent === '存疑'")
    browser.wait(
        "() => document.getElementById('strip').textContent.includes('任务可能已经创建')", why="the daemon's own words too"
    )


def test_both_languages_have_the_same_words(serve, visit):
    browser = visit(serve())
    keys = browser.run(
        """const keys = (table, at = '') => Object.entries(table).flatMap(([key, value]) =>
        typeof value === 'object' ? keys(value, at + key + '.') : [at + key]);
        return [keys(reeld.tables.english), keys(reeld.tables.chinese)]"""
    )
    assert keys[0] == keys[1] and len(keys[0]) > 100
