"""README.md's "As a service", followed to the letter by somebody with sudo on a machine that has never seen reeld."""

import json

import pytest
from person import Person
from service import Service

KEY = "the-key-of-a-person"


@pytest.fixture(scope="module")
def api(machine):
    """The service that is going to be, with its API; the key is in nobody's hands but the person's."""
    made = Service(machine, "reeld.service", "/var/spool/reeld", "/root/key-of-the-api", KEY)
    made.start_stub()
    return made


@pytest.fixture(scope="module")
def person(machine, deb):
    machine.run("useradd", "--create-home", "--shell", "/bin/bash", "you")
    machine.write("/etc/sudoers.d/you", "you ALL=(ALL) NOPASSWD: ALL\n", 0o440)
    with Person(machine, "/home/you/reeld", "you") as made:
        # What ./dev package has made.
        made.shell.run(f"mkdir dist; cp {deb} dist")
        yield made


def test_it_ends_in_a_service_that_submits_a_pair(person, machine, api):
    with person.walk("README.md", "As a service") as page:
        page.run("sudo apt install ./dist/reeld_*.deb")
        person.will_enter_the_api_of(api)
        page.run("sudoedit /etc/reeld/reeld.toml")
        page.run("sudo install -m 600 /dev/null /etc/reeld/api-key")
        page.run("sudo tee /etc/reeld/api-key > /dev/null", stdin=f"{KEY}\n")
        assert f"https://localhost:{api.port}/v1/videos" in page.run("sudo reeld check")
        page.run("sudo systemctl enable --now reeld")
        page.run("sudo adduser ann reeld")
        api.drop("scene1")
        job = api.wait_for_result("scene1")
        assert "running" in page.run("sudo reeld status")
        assert "active (running)" in page.run("systemctl status reeld")
        page.follow("sudo journalctl -u reeld -f", until='"event":"job.accepted"')
    (post,) = api.posts()
    assert post["response"].encode() == job and json.loads(job)["id"]
    assert post["fields"]["prompt"] == "the prompt of scene1"
    assert machine.run("stat", "--format=%U %a", "/etc/reeld/api-key").strip() == "root 600"
    assert machine.run("systemctl", "is-enabled", "reeld").strip() == "enabled"
