"""What the sheet shows: the list, filters, search, and what changes while one looks."""

from fake_pairs import SPOOL
from steps import shown, wait_for_jobs, wait_for_state, wait_until_live


def test_pairs_show_newest_first_with_state_prompt_and_picture(serve, visit):
    page = serve()
    page.world.add("film/scene1", "An old lighthouse.", "done", age=60)
    page.world.add("film/scene2", "A paper boat.", "running", age=5, progress=40)
    browser = visit(page)
    wait_for_jobs(browser, ["film/scene2", "film/scene1"])
    assert browser.run("return document.querySelector('.prompt').textContent") == "A paper boat."
    wait_for_state(browser, "film/scene2", "Generating 40%")
    wait_for_state(browser, "film/scene1", "Done")
    browser.wait(
        "() => [...document.querySelectorAll('.frame img')].every((one) => one.naturalWidth > 0)", why="pictures load"
    )


def test_an_empty_spool_says_what_to_do(serve, visit):
    browser = visit(serve())
    text = browser.wait(
        "() => document.getElementById('note').textContent.includes('/') && document.getElementById('note').textContent"
    )
    assert SPOOL in text and "scene1.txt" in text


def test_a_new_pair_and_each_change_show_by_themselves(serve, visit):
    page = serve()
    page.world.add("scene1", state="waiting", age=60)
    browser = visit(page)
    wait_until_live(browser)
    page.world.add("scene2")
    wait_for_jobs(browser, ["scene2", "scene1"])
    for state, word in [("sending", "Sending"), ("running", "Generating"), ("done", "Done")]:
        page.world.change("scene1", state=state)
        wait_for_state(browser, "scene1", word)
    page.world.remove("scene2")
    wait_for_jobs(browser, ["scene1"])


def test_new_pairs_wait_while_one_looks_further_down(serve, visit):
    page = serve(300)
    browser = visit(page)
    wait_until_live(browser)
    browser.run("scrollTo(0, 3000)")
    browser.wait("() => !document.querySelector('[aria-rowindex=\"1\"]')", why="the top is out of sight")
    page.world.add("newest")
    browser.wait("() => document.getElementById('fresh').textContent === '1 new pair'")
    assert "newest" not in shown(browser)
    browser.click("#fresh")
    browser.wait("() => document.querySelector('.name').textContent === 'newest'", why="it is the first now")
    assert browser.run("return document.getElementById('fresh').hidden")


def test_states_filter_and_live_changes_keep_to_them(serve, visit):
    page = serve()
    page.world.add("a", state="done", age=30)
    page.world.add("b", state="waiting", age=20)
    page.world.add("c", state="refused", age=10)
    browser = visit(page)
    wait_until_live(browser)
    browser.click("#chips .is-waiting")
    wait_for_jobs(browser, ["b"])
    browser.click("#chips .is-refused")
    wait_for_jobs(browser, ["c", "b"], "two states at once")
    page.world.change("b", state="done")
    wait_for_jobs(browser, ["c"], "what no longer belongs goes")
    browser.click("#chips button")
    wait_for_jobs(browser, ["c", "b", "a"])


def test_a_folder_filters_with_what_is_below_it(serve, visit):
    page = serve()
    for age, job in enumerate(["top", "film/one", "film/act 1/two", "films/three", "50%/four"]):
        page.world.add(job, age=age * 10)
    browser = visit(page)
    choose = "const box = document.getElementById('folder'); box.value = arguments[0];"
    choose += "box.dispatchEvent(new Event('change'))"
    browser.wait("() => document.querySelectorAll('#folder option').length === 6")
    for value, jobs in [
        ("=film", ["film/one", "film/act 1/two"]),
        ("=film/act%201", ["film/act 1/two"]),
        ("=", ["top"]),
        ("=50%25", ["50%/four"]),
        ("", ["top", "film/one", "film/act 1/two", "films/three", "50%/four"]),
    ]:
        browser.run(choose, value)
        wait_for_jobs(browser, jobs)


def test_search_finds_words_in_names_and_prompts(serve, visit):
    page = serve()
    page.world.add("film/boat", "Rain on the harbour.", age=20)
    page.world.add("other", "一只白鹤掠过湖面", age=10)
    browser = visit(page)
    browser.press("/")
    assert browser.run("return document.activeElement.id") == "search"
    browser.type("#search", "HARBOUR film")
    wait_for_jobs(browser, ["film/boat"])
    browser.run("document.getElementById('search').value = ''")
    browser.type("#search", "白鹤")
    wait_for_jobs(browser, ["other"])
    browser.type("#search", "x")
    browser.wait("() => document.querySelector('#note button')", why="nothing matches, and a way back is shown")
    browser.click("#note button")
    wait_for_jobs(browser, ["other", "film/boat"])


def test_filters_live_in_the_address(serve, visit):
    page = serve()
    page.world.add("film/a", state="done")
    page.world.add("film/b", state="doubt")
    browser = visit(page)
    browser.go(page.origin + "/#state=doubt&folder=film")
    browser.run("location.reload()")
    wait_for_jobs(browser, ["film/b"])


def test_a_list_that_cannot_be_loaded_says_so_and_is_tried_again(serve, visit):
    page = serve()
    page.world.add("scene1")
    page.world.trouble = 500
    browser = visit(page)
    assert browser.run("return document.querySelector('#note h3').textContent") == "The pairs could not be loaded"
    page.world.trouble = None
    wait_for_jobs(browser, ["scene1"])
