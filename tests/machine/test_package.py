"""The package: what it installs, starts and keeps. One machine, from the first installation to the last purge."""

import re

from waiting import wait_until


def repack(machine, deb, version):
    """The same package as another version; its path inside."""
    machine.shell(f"rm -rf /root/next; dpkg-deb --raw-extract {deb} /root/next; "
                  f"sed -i 's/^Version: .*/Version: {version}/' /root/next/DEBIAN/control; "
                  f"dpkg-deb --build /root/next /root/next.deb")
    return "/root/next.deb"


def test_an_installation_starts_nothing_and_says_what_is_missing(machine, deb):
    said = machine.run("dpkg", "--install", deb)
    assert "not started" in said and "/etc/reeld/api-key" in said
    assert machine.try_run("systemctl", "is-active", "reeld").stdout.strip() == "inactive"
    assert machine.try_run("systemctl", "is-enabled", "reeld").stdout.strip() == "disabled"
    said = machine.try_run("reeld", "check")
    assert said.returncode == 78 and "api.url: missing" in said.stdout, "no server is named before somebody has"
    assert machine.run("reeld", "--version").strip()


def test_the_spool_belongs_to_the_group(machine):
    assert machine.run("stat", "--format=%U:%G %a", "/var/spool/reeld").strip() == "reeld:reeld 2770"
    assert "default:group::rwx" in machine.run("getfacl", "--omit-header", "--absolute-names", "/var/spool/reeld")


def test_manual_pages_and_documents_are_there(machine):
    listed = machine.run("dpkg", "--listfiles", "reeld").splitlines()
    for path in ("/usr/share/man/man8/reeld.8.gz", "/usr/share/man/man5/reeld.toml.5.gz",
                 "/usr/share/doc/reeld/guarantees.md", "/usr/share/doc/reeld/README.md"):
        assert path in listed


def test_without_a_url_or_a_key_it_does_not_start_and_says_why(machine):
    assert machine.try_run("systemctl", "start", "reeld").returncode != 0
    status = machine.try_run("systemctl", "status", "--no-pager", "--full", "reeld").stdout
    assert "/etc/reeld/reeld.toml:" in status and "api.url: missing" in status, status
    machine.run("systemctl", "reset-failed", "reeld")
    machine.write("/etc/reeld/reeld.toml", '[api]\nurl = "https://localhost:1"\n')
    assert machine.try_run("systemctl", "start", "reeld").returncode != 0
    status = machine.try_run("systemctl", "status", "--no-pager", "--full", "reeld").stdout
    assert re.search(r"is empty; the API key must be in it \(.*/etc/reeld/api-key", status), status


def test_what_a_person_has_to_mend_is_not_tried_again(machine):
    assert machine.show("reeld", "ActiveState") == "failed"
    assert machine.show("reeld", "ExecMainStatus") == "78"
    assert machine.show("reeld", "NRestarts") == "0"
    machine.run("systemctl", "reset-failed", "reeld")


def test_a_key_that_none_can_read_is_not_tried_again(machine):
    machine.run("mkdir", "/etc/reeld/api-key")
    assert machine.try_run("systemctl", "start", "reeld").returncode != 0
    assert (machine.show("reeld", "ActiveState"), machine.show("reeld", "NRestarts")) == ("failed", "0")
    machine.run("rmdir", "/etc/reeld/api-key")
    machine.run("systemctl", "reset-failed", "reeld")


def test_with_a_key_it_starts(machine):
    machine.write("/etc/reeld/api-key", "a-key\n", 0o600)
    machine.write("/etc/reeld/reeld.toml", '[api]\nurl = "https://localhost:1"\n')
    machine.run("systemctl", "start", "reeld")
    assert machine.show("reeld", "ActiveState") == "active"
    assert machine.path("/var/lib/reeld/ledger.db").exists()
    assert machine.run("stat", "--format=%U %a", "/var/lib/reeld").strip() == "reeld 700"


def test_an_upgrade_keeps_the_configuration_and_starts_anew_what_runs(machine, deb):
    before = machine.show("reeld", "MainPID")
    machine.run("dpkg", "--install", repack(machine, deb, "99.0-1"))
    wait_until(lambda: machine.show("reeld", "MainPID") not in (before, "0"), "another reeld")
    assert machine.show("reeld", "ActiveState") == "active"
    assert "localhost:1" in machine.path("/etc/reeld/reeld.toml").read_text()
    assert machine.path("/etc/reeld/api-key").read_text() == "a-key\n"


def test_an_upgrade_starts_nothing_that_does_not_run(machine, deb):
    machine.run("systemctl", "stop", "reeld")
    machine.run("systemctl", "disable", "reeld")
    machine.run("dpkg", "--install", repack(machine, deb, "99.1-1"))
    assert machine.show("reeld", "ActiveState") == "inactive"
    assert machine.try_run("systemctl", "is-enabled", "reeld").stdout.strip() == "disabled"


def test_a_removal_stops_it_and_keeps_what_is_worth_money(machine):
    machine.run("systemctl", "start", "reeld")
    machine.run("dpkg", "--remove", "reeld")
    assert machine.try_run("pgrep", "-x", "reeld").stdout.strip() == ""
    for path in ("/etc/reeld/reeld.toml", "/etc/reeld/api-key", "/var/lib/reeld/ledger.db", "/var/spool/reeld/.reeld/spool"):
        assert machine.path(path).exists(), path
    assert "reeld" not in machine.run("systemctl", "list-units", "--all", "--plain", "--no-legend", "reeld*")


def test_a_purge_keeps_a_used_spool_and_its_ledger_and_says_so(machine):
    said = machine.run("dpkg", "--purge", "reeld")
    for path in ("/var/spool/reeld", "/var/lib/reeld", "/etc/reeld"):
        assert machine.path(path).exists() and path in said, said
    assert not machine.path("/etc/reeld/reeld.toml").exists()
    assert machine.path("/var/lib/reeld/ledger.db").exists()


def test_a_purge_of_what_nobody_has_used_leaves_nothing(machine, deb):
    machine.shell("rm -r /var/spool/reeld /var/lib/reeld /etc/reeld")
    machine.run("dpkg", "--install", deb)
    said = machine.run("dpkg", "--purge", "reeld")
    assert "kept" not in said
    left = machine.shell("find / -xdev -name '*reeld*' -not -path '/proc/*' -not -path '/root/*' -not -path '/run/*' "
                         "-not -path '/tmp/*' -not -path '/deb/*' -not -path '/stub/*'").split()
    assert left == []
