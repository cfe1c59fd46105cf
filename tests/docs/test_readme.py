"""README.md followed to the letter by somebody without root, with the stub for an API. One after the other, at one shell."""

import json
import os
import shutil

import pytest

from images import make_png
from pages import ROOT, read_block
from shell import Shell
from stub import Stub
from waiting import BIN_DIR, clean_environment, wait_until
from walk import Walk

KEY = "the-key-of-a-person"


class Person:
    """A home, a shell in it, and an API that the machine trusts."""

    def __init__(self, folder):
        self.home, self.checkout = folder / "home", folder / "checkout"
        self.spool = self.home / "reeld/spool"
        (self.home / "Pictures").mkdir(parents=True)
        (self.home / "Pictures/cat.png").write_bytes(make_png(4096))
        (self.checkout / "build/release").mkdir(parents=True)
        (self.checkout / "build/release/bin").symlink_to(BIN_DIR.resolve())
        self.stub = Stub(folder / "stub", "--key", KEY).start()
        # Debian's own certificates are not those of the stub; and a sanitizer minds the library that `stdbuf` puts first.
        sanitizer = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
        environment = clean_environment(HOME=str(self.home), SSL_CERT_FILE=str(self.stub.ca_file), ASAN_OPTIONS=sanitizer)
        self.shell = Shell(self.checkout, environment)
        # Everything in the page that is not what a person types.
        self.substitutions = {"https://api.example.com": self.stub.url(),
                              "./dev demo": f"{ROOT}/tests/demo/run build/release/bin"}

    def walk(self, page, section):
        return Walk(page, section, self.shell, self.substitutions)

    def wait_for(self, result):
        path = self.spool / result
        wait_until(path.exists, lambda: f"{path}\n{(self.home / 'reeld/log.jsonl').read_text()}")
        return json.loads(path.read_bytes())

    def drop(self, stem, prompt):
        """Puts a new pair there, which has no results."""
        for path in self.spool.glob(f"{stem}.*"):
            path.unlink()
        shutil.copy(self.home / "Pictures/cat.png", self.spool / f"{stem}.png")
        (self.spool / f"{stem}.txt").write_text(prompt)

    def drain(self, more=""):
        return self.shell.run(f"reeld drain --config ~/reeld/reeld.toml {more}")

    def drop_a_doubt(self, stem, prompt):
        """A new pair, of which the stub makes a job and does not say so."""
        self.drop(stem, prompt)
        self.drain(f"--url {self.stub.url('close-after-body-created')} || [ $? = 1 ]")
        return self.wait_for(f"{stem}.doubt.json")


@pytest.fixture(scope="module")
def person(tmp_path_factory):
    made = Person(tmp_path_factory.mktemp("person"))
    with made.stub, made.shell:
        yield made


def test_try_it(person):
    with person.walk("README.md", "Try it") as page:
        assert "done: the daemon ended with 0" in page.run("./dev demo")


def test_a_first_session_with_your_own_api(person):
    log = person.home / "reeld/log.jsonl"
    with person.walk("README.md", "A first session with your own API") as page:
        page.run('export PATH="$PWD/build/release/bin:$PATH"')
        page.run("mkdir -p ~/reeld/spool")
        page.run("(umask 077; cat > ~/reeld/key)", stdin=f"{KEY}\n")
        assert (person.home / "reeld/key").stat().st_mode & 0o777 == 0o600
        page.run("cat > ~/reeld/reeld.toml <<EOF")
        assert f"{person.stub.url()}/v1/videos" in page.run("reeld check --config ~/reeld/reeld.toml")
        page.run("reeld run --config ~/reeld/reeld.toml > ~/reeld/log.jsonl &")
        page.run("cp ~/Pictures/cat.png ~/reeld/spool/scene1.png")
        page.run('echo "The cat looks up and yawns." > ~/reeld/spool/scene1.txt')
        job = person.wait_for("scene1.job.json")
        assert json.loads(page.run("jq . ~/reeld/spool/scene1.job.json")) == job
        page.follow("""tail -f ~/reeld/log.jsonl | jq -r '[.ts, .level, .event, .job // "", .reason // .msg] | @tsv'""",
                    until="\tjob.accepted\tscene1\t")
        page.follow("""tail -f ~/reeld/log.jsonl | jq -c 'select(.event == "job.accepted") | {job, id}'""",
                    until=json.dumps({"job": "scene1", "id": job["id"]}, separators=(",", ":")))
        assert page.run("""jq -c 'select(.level == "warning" or .level == "error")' ~/reeld/log.jsonl""") == ""
        page.run("kill %1")
        page.run("wait")
        assert json.loads(log.read_text().splitlines()[-1])["event"] == "daemon.stopped"
        person.drop("scene2", "another")
        page.run("reeld drain --config ~/reeld/reeld.toml")
    assert person.wait_for("scene2.job.json")["id"]
    first, second = person.stub.posts()
    assert first["fields"]["prompt"] == "The cat looks up and yawns." and second["fields"]["prompt"] == "another"
    assert first["headers"]["authorization"] == f"Bearer {KEY}"


def test_when_something_is_in_doubt(person):
    person.drop_a_doubt("scene1", "first")
    with person.walk("README.md", "When something is in doubt") as page:
        assert "scene1" in page.run("reeld status --config ~/reeld/reeld.toml")
        assert "first" in page.run("jq . ~/reeld/spool/scene1.doubt.json")
        page.run("reeld resolve ~/reeld/spool/scene1 --accepted video_123")
        assert person.wait_for("scene1.job.json")["id"] == "video_123"
        person.drop_a_doubt("scene1", "second")
        page.run("reeld resolve ~/reeld/spool/scene1 --not-accepted")
        person.drain()
        assert person.wait_for("scene1.job.json")["id"] != "video_123"
        person.drop_a_doubt("scene1", "third")
        assert "a second time" in page.type("reeld retry ~/reeld/spool/scene1", typed="yes\n")
        person.drain()
        person.wait_for("scene1.job.json")
    prompts = [post["fields"]["prompt"] for post in person.stub.posts()]
    assert [prompts.count(prompt) for prompt in ("first", "second", "third")] == [1, 2, 2]


def test_parameters(person):
    person.drop("scene3", read_block("README.md", "Parameters", ""))
    person.drain()
    fields = person.stub.posts()[-1]["fields"]
    assert fields["prompt"] == "The cat looks up and yawns."
    assert (fields["model"], fields["seconds"], fields["size"]) == ("sora-2", "8", "1280x720")


def test_without_a_configuration_file(person):
    person.drop("scene4", "without")
    with person.walk("README.md", "Without a configuration file") as page:
        page.follow("REELD_API_KEY=$(cat ~/reeld/key) reeld run --spool ~/reeld/spool --url https://api.example.com",
                    until='"event":"job.accepted"')
    assert person.wait_for("scene4.job.json")["id"]
