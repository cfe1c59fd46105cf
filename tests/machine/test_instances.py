"""reeld@.service: several of them, each with a spool, a key and a ledger of its own."""

import pytest
from service import Service
from waiting import wait_until

NAMES = ("shop", "lab")


@pytest.fixture(scope="module")
def instances(machine, service):
    """Two besides the first."""
    out = {}
    for name in NAMES:
        made = Service(machine, f"reeld@{name}.service", f"/var/spool/reeld-{name}", f"/etc/reeld/{name}.key",
                       f"key-of-{name}")
        made.start_stub()
        made.configure(f"/etc/reeld/{name}.toml")
        machine.run("systemctl", "enable", "--quiet", "--now", made.unit)
        out[name] = made
    return out


def test_an_instance_without_a_configuration_or_a_key_does_not_start_and_says_why(machine, service):
    assert machine.try_run("systemctl", "start", "reeld@keyless").returncode != 0
    assert "/etc/reeld/keyless.toml: No such file" in machine.journal("reeld@keyless")
    service.configure("/etc/reeld/keyless.toml")
    assert machine.try_run("systemctl", "start", "reeld@keyless").returncode != 0
    assert "is empty; the API key must be in it" in machine.journal("reeld@keyless")
    assert machine.show("reeld@keyless", "NRestarts") == "0"


def test_each_makes_a_spool_of_its_own(machine, instances):
    for name in NAMES:
        assert machine.run("stat", "--format=%U:%G %a", f"/var/spool/reeld-{name}").strip() == "reeld:reeld 2770"
        assert machine.path(f"/var/lib/reeld-{name}/ledger.db").exists()


def test_each_serves_its_own_pairs(instances, service):
    for one in (service, *instances.values()):
        one.drop("scene", umask="077")
    for one in (service, *instances.values()):
        one.wait_for_result("scene")
        assert [line["job"] for line in one.events("job.accepted")] == ["scene"]
        assert len(one.posts()) == 1


def test_none_can_write_where_another_does(machine, instances):
    pid = machine.show("reeld@shop.service", "MainPID")
    for path in ("/var/spool/reeld/x", "/var/spool/reeld-lab/x", "/var/lib/reeld/x", "/var/lib/reeld-lab/x"):
        assert not machine.may_write(pid, path), path
    assert machine.may_write(pid, "/var/spool/reeld-shop/.x")


def test_one_stops_and_the_others_go_on(machine, instances, service):
    machine.run("systemctl", "stop", "reeld@shop")
    service.drop("later")
    instances["lab"].drop("later")
    service.wait_for_result("later")
    instances["lab"].wait_for_result("later")
    machine.run("systemctl", "start", "reeld@shop")


def test_a_second_reeld_on_a_spool_is_refused(machine):
    said = machine.try_run("reeld", "run", "--spool", "/var/spool/reeld-lab", "--url", "https://localhost:1",
                           environment={"REELD_API_KEY": "x"})
    assert said.returncode == 75 and "served by another reeld" in said.stdout


def test_an_upgrade_starts_anew_those_that_run(machine, instances, deb):
    machine.run("systemctl", "stop", "reeld@lab")
    before = {unit: machine.show(unit, "MainPID") for unit in ("reeld.service", "reeld@shop.service")}
    machine.run("dpkg", "--install", deb)
    for unit, pid in before.items():
        wait_until(lambda: machine.show(unit, "MainPID") not in (pid, "0"), f"another {unit}")
    assert machine.show("reeld@lab.service", "ActiveState") == "inactive"


def test_a_removal_stops_all_of_them_and_a_purge_leaves_no_links(machine):
    machine.run("dpkg", "--remove", "reeld")
    assert machine.try_run("pgrep", "-x", "reeld").stdout.strip() == ""
    said = machine.run("dpkg", "--purge", "reeld")
    assert "/var/spool/reeld-shop" in said and "/var/lib/reeld-lab" in said
    assert machine.run("find", "/etc/systemd", "-name", "reeld*") == ""
