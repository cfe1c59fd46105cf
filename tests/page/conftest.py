"""A browser, and the page in it. What is not installed is skipped with a word."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from browser import CHROMEDRIVER, CHROMIUM, Driver  # noqa: E402
from fake_page_server import FakePage  # noqa: E402


@pytest.fixture(scope="session")
def driver():
    if not (CHROMIUM and CHROMEDRIVER):
        pytest.skip("no browser: apt-get install chromium chromium-driver")
    driver = Driver()
    yield driver
    driver.close()


@pytest.fixture
def serve():
    """serve(count) starts a page over that many pairs. Over the real daemon, another fixture of this name serves."""
    pages = []

    def start(count=0, **more):
        pages.append(FakePage(count, **more))
        return pages[-1]

    yield start
    for page in pages:
        page.stop()


@pytest.fixture
def visit(driver):
    """visit(page) opens it in a swept browser, one in a test. At the end nothing has happened that must not."""
    opened = []

    def open_page(page, **look):
        browser = driver.open(**look)
        opened.append((browser, page))
        browser.go(page.address)
        browser.wait(
            "() => document.querySelector('.cell:not(.is-blank)') || !document.getElementById('note').hidden",
            why="the list shows",
        )
        return browser

    yield open_page
    for browser, page in opened:
        watched = browser.run("return window.watched")
        asked = browser.requested()
        assert watched["violations"] == [], "the Content-Security-Policy was met"
        assert watched["errors"] == []
        assert [
            url for url in asked if not url.startswith((page.origin, "data:", "chrome:"))
        ] == [], "another host was asked"


@pytest.fixture(scope="session")
def axe():
    """The source of axe-core: what $REELD_AXE names, or what npm has installed for all."""
    places = [os.environ["REELD_AXE"]] if "REELD_AXE" in os.environ else []
    if shutil.which("npm"):
        root = subprocess.run(["npm", "root", "--global"], text=True, capture_output=True, check=False).stdout.strip()
        places.append(f"{root}/axe-core/axe.min.js")
    for place in map(pathlib.Path, places):
        if place.is_file():
            return place.read_text("utf-8")
    pytest.skip("no axe-core: npm install --global axe-core, or name its axe.min.js in REELD_AXE")
