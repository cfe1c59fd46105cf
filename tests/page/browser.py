"""Debian's Chromium by way of chromedriver (W3C WebDriver, a few commands of it): no package beyond those two."""

import base64
import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 60  # seconds that anything awaited may take, on a machine that builds beside
KEYS = {
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Tab": "\ue004",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "End": "\ue010",
    "Home": "\ue011",
    "PageDown": "\ue00f",
    "Control": "\ue009",
}

# Resolves with the first value of a condition that is true; looks whenever the document changes, and at each frame.
AWAIT = """
const [source, args, patience, done] = arguments;
const condition = new Function('return (' + source + ')')();
const began = performance.now();
const look = () => {
  let value;
  try { value = condition(...args); } catch (error) { return done({thrown: String(error)}); }
  if (value) return done({value});
  if (performance.now() - began > patience) return done({late: true});
  requestAnimationFrame(look);
};
look();
"""

# What must never happen is gathered from the first moment of each document.
WATCH = """
window.watched = {violations: [], long: [], errors: []};
document.addEventListener('securitypolicyviolation',
  (event) => watched.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
addEventListener('error', (event) => { if (event.message) watched.errors.push(event.message); });
addEventListener('unhandledrejection', (event) => watched.errors.push(String(event.reason)));
new PerformanceObserver((list) => watched.long.push(...list.getEntries().map((entry) => entry.duration)))
  .observe({type: 'longtask', buffered: true});
"""


class BrowserError(AssertionError):
    pass


class Driver:
    """One chromedriver and one Chromium, which each test gets swept: a start costs more than most tests."""

    def __init__(self):
        self._process = subprocess.Popen(
            [CHROMEDRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._browser = Browser(f"http://127.0.0.1:{self._read_port()}")

    def _read_port(self):
        for line in self._process.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return found[1]
        raise BrowserError("chromedriver did not start")

    def open(self, **look):
        self._browser.sweep()
        self._browser.dress(**look)
        return self._browser

    def close(self):
        self._browser.quit()
        self._process.terminate()
        self._process.wait()


class Browser:
    def __init__(self, url):
        options = {
            "binary": CHROMIUM,
            "perfLoggingPrefs": {"enableNetwork": True, "enablePage": False},
            "args": [
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--hide-scrollbars",
            ],
        }
        wanted = {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"performance": "ALL"},
            "timeouts": {"script": 300_000, "pageLoad": 60_000},
        }
        self._url = f"{url}/session"
        self._url += "/" + self._send("POST", "", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        self._agent = self.run("return navigator.userAgent")
        self._look = {}

    def sweep(self):
        """One tab, which has been nowhere, and no cookie."""
        old = self._send("GET", "/window/handles")
        new = self._send("POST", "/window/new", {"type": "tab"})["handle"]
        for handle in old:
            self.switch(handle)
            self._send("DELETE", "/window")
        self.switch(new)
        self.cdp("Network.clearBrowserCookies")
        self.requested()

    def dress(self, size=(1440, 900), language="en-GB", scheme="light", phone=False, reduced=False):
        """What a tab looks like, and to whom."""
        self._look = {"size": size, "language": language, "scheme": scheme, "phone": phone, "reduced": reduced}
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=size[0],
            height=size[1],
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        self.cdp("Emulation.setTouchEmulationEnabled", enabled=phone)
        self.cdp("Emulation.setUserAgentOverride", userAgent=self._agent, acceptLanguage=language)
        self.cdp(
            "Emulation.setEmulatedMedia",
            features=[
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": "reduce" if reduced else "no-preference"},
            ],
        )
        self.cdp("Emulation.setFocusEmulationEnabled", enabled=True)
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=WATCH)

    def _send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=330) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise BrowserError(json.load(error)["value"]["message"]) from None

    def quit(self):
        self._send("DELETE", "")

    def cdp(self, command, **parameters):
        return self._send("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def go(self, url):
        """Now and then Chromium never answers in a tab that was just opened, even for a page without a script: another
        tab is taken then."""
        try:
            self._send("POST", "/url", {"url": url})
        except BrowserError as error:
            if "Timed out receiving message from renderer" not in str(error):
                raise
            self.new_tab()
            self._send("POST", "/url", {"url": url})

    def run(self, script, *args):
        """The value of a script's `return`."""
        return self._send("POST", "/execute/sync", {"script": script, "args": list(args)})

    def run_async(self, script, *args):
        """The value that a script hands to its last argument, a function."""
        return self._send("POST", "/execute/async", {"script": script, "args": list(args)})

    def wait(self, condition, *args, why=""):
        """Awaits a JavaScript function (as text) that returns something true, and returns that."""
        got = self.run_async(AWAIT, condition, list(args), PATIENCE * 1000)
        if "value" not in got:
            raise BrowserError(f"{why or condition}: {got.get('thrown', 'did not happen')}")
        return got["value"]

    def find(self, selector):
        return self._send("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self._send("POST", f"/element/{self.find(selector)}/click", {})

    def type(self, selector, text):
        self._send("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def press(self, *names):
        """One key after another, to whatever has the focus; "Control+End" is held together."""
        for name in names:
            held = [KEYS.get(key, key) for key in (name.split("+") if len(name) > 1 else [name])]
            actions = [{"type": "keyDown", "value": key} for key in held] + [
                {"type": "keyUp", "value": key} for key in reversed(held)
            ]
            self._send("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def point_at(self, selector):
        move = {"type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": {ELEMENT: self.find(selector)}}
        self._send(
            "POST",
            "/actions",
            {
                "actions": [
                    {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [move]}
                ]
            },
        )

    def tap(self, selector):
        box = self.run(
            "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]",
            selector,
        )
        self.cdp("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": box[0], "y": box[1]}])
        self.cdp("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def new_tab(self):
        handle = self._send("POST", "/window/new", {"type": "tab"})["handle"]
        self.switch(handle)
        self.dress(**self._look)
        return handle

    def switch(self, handle):
        self._send("POST", "/window", {"handle": handle})
        self.cdp("Page.bringToFront")  # a tab behind another one draws no frames

    def tab(self):
        return self._send("GET", "/window")

    def requested(self):
        """Every URL that any tab has asked for since the last call."""
        entries = [
            json.loads(entry["message"])["message"] for entry in self._send("POST", "/se/log", {"type": "performance"})
        ]
        return [
            entry["params"]["request"]["url"] for entry in entries if entry["method"] == "Network.requestWillBeSent"
        ]

    def shoot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.cdp("Page.captureScreenshot", format="png")["data"]))
