"""What several tests do and ask."""

JOBS = "() => [...document.querySelectorAll('.cell:not(.is-blank) .name')].map((name) => name.textContent)"
CELL = """(job) => [...document.querySelectorAll('.cell:not(.is-blank)')]
    .find((cell) => cell.querySelector('.name').textContent === job)"""


def shown(browser):
    """The jobs on the sheet, in its order."""
    return browser.run(f"return ({JOBS})()")


def wait_for_jobs(browser, jobs, why=""):
    browser.wait(f"(wanted) => JSON.stringify(({JOBS})()) === JSON.stringify(wanted)", jobs, why=why or f"shows {jobs}")


def wait_for_state(browser, job, word):
    browser.wait(
        f"(job, word) => ({CELL})(job)?.querySelector('.state').textContent.startsWith(word)",
        job,
        word,
        why=f"{job} is {word}",
    )


def focused_job(browser):
    return browser.run("return document.activeElement.closest('.cell')?.querySelector('.name').textContent ?? null")


def open_pair(browser, job):
    browser.run(f"({CELL})(arguments[0]).querySelector('a').click()", job)
    browser.wait("() => document.querySelector('dialog[open] .panel-body section')", why="the panel shows")


def wait_until_live(browser):
    browser.wait("() => document.getElementById('link').dataset.kind === 'online'", why="the stream is open")
