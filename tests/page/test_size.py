"""Ten thousand pairs: no long task, and no more in the document than what is seen."""

from steps import wait_until_live

PAIRS = 10000
MOST_TASK = 200  # milliseconds

# To the end of the list, a screen a frame; resolves with the greatest number of elements met on the way.
SCROLL = """
const [done] = arguments;
const sheet = document.getElementById('sheet');
let most = 0;
let still = 0;
let last = -1;
const step = () => {
  most = Math.max(most, document.getElementsByTagName('*').length);
  scrollBy(0, innerHeight * 2);
  const isMoving = scrollY !== last || Number(sheet.ariaRowCount) < 0;
  still = isMoving ? 0 : still + 1;
  last = scrollY;
  if (still > 5) done(most); else requestAnimationFrame(step);
};
step();
"""


def least_of(measure, rounds=3):
    """What the page costs comes again each time; what the machine did meanwhile does not."""
    least = None
    for _ in range(rounds):
        value = measure()
        least = value if least is None else min(least, value)
        if least <= MOST_TASK:
            break
    return least


def test_ten_thousand_pairs_are_scrolled_without_a_stall(serve, visit):
    page = serve(PAIRS)
    items = page.world.pairs.items.values()
    oldest, newest = (pick(items, key=lambda item: item["order"])["job"] for pick in (min, max))
    browser = visit(page)
    elements = []

    def scroll():
        browser.run("scrollTo(0, 0)")
        browser.wait("(job) => document.querySelector('.cell:not(.is-blank) .name')?.textContent === job", newest)
        browser.run("watched.long.length = 0")
        browser.run("performance.setResourceTimingBufferSize(50000); performance.clearResourceTimings()")
        elements.append(browser.run_async(SCROLL))
        return max(browser.run("return watched.long"), default=0)

    longest = least_of(scroll)
    browser.wait(
        "(job) => [...document.querySelectorAll('.name')].some((name) => name.textContent === job)",
        oldest,
        why="the last pair shows",
    )
    browser.cdp("HeapProfiler.collectGarbage")
    heap = browser.run("return performance.memory.usedJSHeapSize")
    pictures = browser.run(
        "return performance.getEntriesByType('resource').filter((one) => one.name.includes('/files/')).length"
    )
    print(f"longest task {longest:.0f} ms, elements {max(elements)}, heap {heap / 1e6:.1f} MB, pictures {pictures}")
    assert longest <= MOST_TASK
    assert max(elements) < 2500, "elements in the document"
    assert heap < 30e6
    assert pictures < PAIRS / 10, "only what was looked at is loaded"


def test_many_changes_at_once_are_no_stall(serve, visit):
    page = serve(2000)
    browser = visit(page)
    wait_until_live(browser)
    items = list(page.world.pairs.items.values())[-500:]
    states = iter(["done", "accepted", "doubt"])

    def change():
        state = next(states)
        browser.run("watched.long.length = 0")
        with page.world.lock:
            for item in items:
                page.world.change(item["job"], state=state)
        browser.wait("(kind) => !document.querySelector(`#sheet .state:not(.${kind})`)", f"is-{state}")
        return max(browser.run("return watched.long"), default=0)

    assert least_of(change) <= MOST_TASK
