"""The exported page, from a folder (file:) and from any web server."""

import functools
import http.server
import threading

import pytest

from export_page import export
from fake_page_server import CLIP, World
from steps import JOBS, open_pair, shown, wait_for_jobs


@pytest.fixture
def folder(tmp_path):
    world = World(450)
    world.add("film/50% off", "An exported prompt.", "done")
    export(world, CLIP, tmp_path / "page")
    return tmp_path / "page"


@pytest.fixture(params=["file", "http"])
def address(request, folder):
    if request.param == "file":
        yield (folder / "index.html").as_uri()
        return
    handler = functools.partial(
        type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None}), directory=folder
    )
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_an_exported_page_is_the_same_to_read(driver, address):
    browser = driver.open()
    browser.go(address)
    browser.wait("() => document.querySelector('.cell:not(.is-blank)')")
    assert shown(browser)[0] == "film/50% off"
    assert browser.run("return document.getElementById('link').textContent").startswith("As of ")
    browser.wait("() => document.querySelector('.frame img').naturalWidth > 0", why="pictures load")
    browser.point_at(".frame")
    browser.wait("() => document.querySelector('.clip')?.currentTime > 0", why="videos play")
    open_pair(browser, "film/50% off")
    assert "An exported prompt." in browser.run("return document.getElementById('panel').textContent")
    browser.press("Escape")
    browser.type("#search", "exported PROMPT")
    wait_for_jobs(browser, ["film/50% off"])
    browser.run("location.hash = '#q=scene1&folder=tests'")
    browser.wait(
        f"""() => {{
        const jobs = ({JOBS})();
        return jobs.length > 0 && jobs.every((job) => job.startsWith('tests/scene1'));
    }}"""
    )
    watched = browser.run("return window.watched")
    assert watched["violations"] == [] and watched["errors"] == []
    assert [
        url
        for url in browser.requested()
        if not url.startswith((address.removesuffix("index.html"), "data:", "chrome:"))
    ] == []
