"""docs/operations.md followed to the letter by root, from a machine that has never seen reeld on. The tests go in their order."""

import json

import pytest
from pages import read_block
from person import Person
from service import SHORT, Service
from test_package import repack
from waiting import wait_until

KEY = "the-key-of-an-operator"
METRICS = '[metrics]\nlisten = "127.0.0.1:9465"\n'
FILMS = "/srv/films"
MOVED = "/srv/reeld"
CONFIG = "/etc/reeld/reeld.toml"


@pytest.fixture(scope="module")
def service(machine):
    made = Service(machine, "reeld.service", "/var/spool/reeld", "/root/key-of-the-api", KEY)
    made.start_stub()
    return made


@pytest.fixture(scope="module")
def root(machine, deb):
    with Person(machine, "/root/downloads") as made:
        made.shell.run(f"cp {deb} .")
        yield made


def restart(service, text=SHORT, fault=""):
    service.configure(CONFIG, text, fault)
    service.machine.run("systemctl", "restart", service.unit)


def lose_the_answers(service, count, text=SHORT):
    """The next requests end in doubt; there is a job for each."""
    service.start_stub()
    restart(service, text, f"/fault/close-after-body-created:{count}")


def test_install(root, service):
    with root.walk("operations.md", "Install") as page:
        page.run("apt install ./reeld_*.deb")
        root.will_enter_the_api_of(service)
        page.run("editor /etc/reeld/reeld.toml")
        page.run("install -m 600 /dev/null /etc/reeld/api-key")
        page.run("cat > /etc/reeld/api-key", stdin=f"{KEY}\n")
        assert f"https://localhost:{service.port}/v1/videos" in page.run("reeld check")
        page.run("systemctl enable --now reeld")
        assert "active (running)" in page.run("systemctl status reeld")
        page.run("adduser ann reeld")
    service.drop("first", umask="077")
    service.wait_for_result("first")
    assert len(service.posts()) == 1


def test_look_at_it(root, service):
    lose_the_answers(service, 2, SHORT + METRICS)
    service.drop("lost")
    service.wait_for_result("lost", "doubt")
    with root.walk("operations.md", "Look at it") as page:
        assert "lost" in page.run("reeld status")
        assert json.loads(page.run("reeld status --json | jq ."))["doubts"][0]["job"] == "lost"
        page.follow("journalctl -u reeld -f", until='"event":"job.doubt"')
        page.follow("""journalctl -u reeld -o cat -f | jq -cR 'fromjson? | select(.level == "warning" or .level == "error")'""",
                    until='"event":"job.doubt"')
        restart(service, f'{SHORT}{METRICS}[log]\nformat = "journal"\n', "/fault/close-after-body-created:2")
        service.drop("projectA/scene1")
        service.wait_for_result("projectA/scene1", "doubt")
        service.machine.run("journalctl", "--sync")
        assert "projectA/scene1" in page.run("journalctl REELD_JOB=projectA/scene1")
        assert "projectA/scene1\n" == page.run("journalctl REELD_EVENT=job.doubt --since today -o json | jq -r .REELD_JOB")
        assert page.run("curl -s http://127.0.0.1:9465/healthz").strip()
        assert "\nreeld_jobs_total" in page.run("curl -s http://127.0.0.1:9465/metrics")


def test_doubt(root, service):
    lose_the_answers(service, 2)
    for stem in ("scene1", "scene2"):
        service.drop(stem)
        service.wait_for_result(stem, "doubt")
    with root.walk("operations.md", "Doubt") as page:
        assert "scene1" in page.run("reeld status")
        found = json.loads(page.run("jq . /var/spool/reeld/scene1.doubt.json"))
        assert {"sent_from", "sent_until", "prompt_start", "request_id"} <= set(found)
        page.run("reeld resolve /var/spool/reeld/scene1 --accepted video_123")
        page.run("reeld resolve /var/spool/reeld/scene2 --not-accepted")
    assert json.loads(service.wait_for_result("scene1"))["id"] == "video_123"
    service.wait_for_result("scene2")
    assert [post["fields"]["prompt"] for post in service.posts()].count("the prompt of scene2") == 2


def test_stop_hold_reload(root, service):
    service.start_stub()
    restart(service)
    films = Service(service.machine, service.unit, FILMS, service.key_file, KEY)
    with root.walk("operations.md", "Stop, hold, reload") as page:
        page.run("reeld hold")
        service.drop("held")
        page.run("reeld release")
        service.wait_for_result("held")
        page.run("systemctl reload reeld")
        service.wait_for_event("config.reloaded")
        page.run("systemctl restart reeld")
        page.run("install -d -o reeld -g reeld -m 2770 /srv/films")
        page.run("setfacl -m default:group::rwx /srv/films")
        refuse(service, "without-a-drop-in", 1, f"ReadWritePaths={FILMS}", "systemctl edit")
        will_edit_the_drop_in(root, FILMS)
        page.type("systemctl edit reeld")
        page.run("systemctl restart reeld")
        refuse(service, "without-a-ledger", 2, "the ledger belongs to", FILMS)
        films.drop("there", umask="077")
        root.will_edit(f'1i [spool]\\npath = "{FILMS}"\\n[ledger]\\npath = "/var/lib/reeld/films.db"\n')
        page.run("editor /etc/reeld/reeld.toml")
        page.run("systemctl reload reeld")
        wait_until(lambda: [line for line in service.events("config.reloaded") if line["spool"] == FILMS], "the new spool")
    films.wait_for_result("there")
    service.configure(CONFIG)
    service.machine.run("systemctl", "reload", service.unit)
    service.drop("back")
    service.wait_for_result("back")


def will_edit_the_drop_in(root, spool):
    """Types the drop-in of the page, for that spool, where `systemctl edit` says that it belongs."""
    text = read_block("operations.md", "Stop, hold, reload", "ini")
    assert FILMS in text
    root.machine.write("/root/drop-in", text.replace(FILMS, spool))
    root.will_edit("/^### Anything between/r /root/drop-in\n")


def refuse(service, stem, count, *words):
    """A reload to the new spool changes nothing, says why with these words, and the old one is served as before."""
    before = service.machine.show(service.unit, "MainPID")
    service.configure(CONFIG, f'[spool]\npath = "{FILMS}"\n{SHORT}')
    service.machine.run("systemctl", "reload", service.unit)
    reason = service.wait_for_event("config.rejected", count)["reason"]
    assert all(word in reason for word in words), reason
    service.drop(stem)
    service.wait_for_result(stem)
    assert service.machine.show(service.unit, "MainPID") == before
    service.configure(CONFIG)


def test_several_spools(root, service):
    films = Service(service.machine, "reeld@films.service", "/var/spool/reeld-films", "/root/key-of-the-other-api", KEY)
    films.start_stub()
    with root.walk("operations.md", "Several spools") as page:
        page.run("cp /etc/reeld/reeld.toml /etc/reeld/films.toml")
        root.will_enter_the_api_of(films)
        page.run("editor /etc/reeld/films.toml")
        page.run("install -m 600 /etc/reeld/api-key /etc/reeld/films.key")
        page.run("systemctl enable --now reeld@films")
        films.drop("scene1")
        films.wait_for_result("scene1")
        assert "running" in page.run("reeld status --spool /var/spool/reeld-films")
    assert len(films.posts()) == 1


def test_backup(root, service):
    service.start_stub()
    restart(service)
    with root.walk("operations.md", "Backup") as page:
        page.run("reeld ledger --backup /var/backups/reeld-ledger.db")
        service.drop("bought-since")
        result = service.machine.path("/var/spool/reeld/bought-since.job.json")
        answer = service.wait_for_result("bought-since")
        service.wait_for_event("job.accepted")
        page.run("systemctl stop reeld")
        result.unlink()
        page.run("rm -f /var/lib/reeld/ledger.db-wal /var/lib/reeld/ledger.db-shm")
        page.run("install -o reeld -g reeld -m 600 /var/backups/reeld-ledger.db /var/lib/reeld/ledger.db")
        assert service.machine.try_run("systemctl", "start", "reeld").returncode != 0
        assert service.machine.show("reeld", "ExecMainStatus") == "78"
        said = page.run("reeld check --pairs", code=78)
        assert "bought-since" in said and "reeld adopt" in said
        result.write_bytes(answer)
        assert "no result" in page.type("reeld adopt", typed="yes\n")
        page.run("systemctl start reeld")
    service.drop("after-the-backup")
    service.wait_for_result("after-the-backup")
    assert len(service.posts()) == 2


def test_moving_a_spool(root, service):
    """The folder comes with what it holds: a pair whose result is elsewhere by now is not bought again."""
    service.drop("before")
    service.wait_for_result("before")
    service.machine.path(f"{service.spool}/before.job.json").unlink()
    posts = len(service.posts())
    with root.walk("operations.md", "Moving a spool") as page:
        page.run("systemctl stop reeld")
        page.run("mv /var/spool/reeld /srv/reeld")
        will_edit_the_drop_in(root, MOVED)
        page.type("systemctl edit reeld")
        root.will_edit(f'1i [spool]\\npath = "{MOVED}"\n')
        page.run("editor /etc/reeld/reeld.toml")
        page.run("systemctl start reeld")
    service.spool = MOVED
    service.drop("after")
    service.wait_for_result("after")
    assert [post["fields"]["prompt"] for post in service.posts()[posts:]] == ["the prompt of after"]


def test_upgrading(root, service):
    before = service.machine.show(service.unit, "MainPID")
    next_deb = repack(service.machine, "/root/downloads/reeld_*.deb", "99.0-1")
    root.shell.run(f"rm reeld_*.deb; cp {next_deb} reeld_99.0-1_amd64.deb")
    configuration = service.machine.path(CONFIG).read_text()
    with root.walk("operations.md", "Upgrading") as page:
        page.run("apt install ./reeld_*.deb")
    wait_until(lambda: service.machine.show(service.unit, "MainPID") not in (before, "0"), "another reeld")
    assert service.machine.run("dpkg-query", "-W", "-f=${Version}", "reeld") == "99.0-1"
    assert service.machine.path(CONFIG).read_text() == configuration
    service.drop("after-the-upgrade")
    service.wait_for_result("after-the-upgrade")
