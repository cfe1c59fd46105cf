"""reeld.service as its users and operators meet it. One machine; the tests go in their order."""

import json
import re

import pytest
from service import SHORT
from waiting import wait_until

EXPOSURE = 11  # tenths, as in tests/systemd


@pytest.fixture(autouse=True)
def is_running(service):
    yield
    assert service.machine.show(service.unit, "ActiveState") == "active", service.machine.journal(service.unit)


def test_systemctl_status_shows_the_counts(service):
    status = service.machine.run("systemctl", "status", "--no-pager", service.unit)
    assert re.search(r'Status: "idle; 0 waiting, 0 in flight', status), status


@pytest.mark.parametrize("umask", ["022", "077"])
def test_a_pair_of_another_user_becomes_a_job_that_this_user_can_read(service, umask):
    service.drop(f"scene{umask}", umask=umask)
    job = service.wait_for_result(f"scene{umask}")
    read = service.machine.run("cat", f"{service.spool}/scene{umask}.job.json", user="ann")
    assert json.loads(read) == json.loads(job) and json.loads(job)["id"]
    found = service.machine.run("stat", "--format=%U:%G %a", f"{service.spool}/scene{umask}.job.json").strip()
    assert found == "reeld:reeld 664"


def test_folders_of_another_user_serve_as_well(service):
    service.drop("films/one/scene", umask="077")
    service.wait_for_result("films/one/scene")
    service.machine.run("rm", "-r", f"{service.spool}/films", user="ann")


def test_who_is_not_in_the_group_sees_nothing(service):
    assert service.machine.try_run("ls", service.spool, user="bob").returncode != 0


def test_a_file_that_only_its_owner_may_read_is_complained_of_by_name(service):
    service.drop("private")
    service.wait_for_result("private")
    spool = service.spool
    service.machine.shell(f"cd {spool}; cp private.txt mine.txt; chmod 600 mine.txt; cp private.png mine.png", user="ann")
    line = service.wait_for_event("pair.unreadable")
    assert line["job"] == "mine" and "mine.txt" in line["reason"]
    service.machine.run("chmod", "660", f"{spool}/mine.txt", user="ann")
    service.wait_for_result("mine")


def test_the_status_follows_the_counts(service):
    service.drop("counted")
    wait_until(lambda: re.search(r"since the start: [1-9]\d* accepted", service.machine.show(service.unit, "StatusText")),
               lambda: service.machine.show(service.unit, "StatusText"))


def test_the_journal_has_each_event_as_one_object(service):
    service.drop("logged")
    job = json.loads(service.wait_for_result("logged"))
    assert service.events("daemon.ready")[0]["spool"] == service.spool
    accepted = {line["job"]: line["id"] for line in service.events("job.accepted")}
    assert job["id"] == accepted["logged"]


def test_the_key_comes_from_the_credential(service):
    assert "key-of" not in service.machine.run("journalctl", "--no-pager", "--quiet", "--output=verbose", f"--unit={service.unit}")
    environment = service.machine.path(f"/proc/{service.machine.show(service.unit, 'MainPID')}/environ").read_bytes()
    assert b"CREDENTIALS_DIRECTORY=/run/credentials/reeld.service" in environment and b"key-of" not in environment


def test_the_sandbox_is_there(service):
    pid = service.machine.show(service.unit, "MainPID")
    status = service.machine.path(f"/proc/{pid}/status").read_text()
    for line in ("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"):
        assert line in status, status
    for path in ("/var/lib/other", "/etc/reeld/other", "/var/spool/other", "/usr/other"):
        assert not service.machine.may_write(pid, path), path
    assert service.machine.may_write(pid, f"{service.spool}/.other")
    assert list(service.machine.path(f"/proc/{pid}/root/home").iterdir()) == []
    ran = service.machine.try_run("nsenter", f"--target={pid}", "--mount", "/usr/bin/touch", "/tmp/x")
    assert "failed to execute /usr/bin/touch: Permission denied" in ran.stdout
    limits = service.machine.path(f"/proc/{pid}/limits").read_text()
    soft, hard = re.search(r"Max open files +(\d+) +(\d+)", limits).groups()
    assert soft == hard  # reeld raises it by itself, so the filter of system calls lets it
    service.machine.run("systemd-analyze", "security", "--no-pager", f"--threshold={EXPOSURE}", service.unit)


def test_a_reload_takes_a_good_configuration(service):
    ready = service.machine.show(service.unit, "MainPID")
    service.configure("/etc/reeld/reeld.toml", SHORT + "concurrency = 3\n")
    service.machine.run("systemctl", "reload", service.unit)
    service.wait_for_event("config.reloaded")
    assert service.machine.show(service.unit, "MainPID") == ready


def test_a_reload_says_what_is_wrong_and_changes_nothing(service):
    service.configure("/etc/reeld/reeld.toml", SHORT + "concurency = 3\n")
    service.machine.run("systemctl", "reload", service.unit)
    reason = service.wait_for_event("config.rejected")["reason"]
    assert "concurency" in reason and "concurrency" in reason
    wait_until(lambda: service.machine.show(service.unit, "ActiveState") == "active", "the end of the reload")
    service.drop("after-a-bad-reload")
    service.wait_for_result("after-a-bad-reload")
    service.configure("/etc/reeld/reeld.toml")


def test_a_log_file_is_rotated(service):
    service.configure("/etc/reeld/reeld.toml", SHORT + '[log]\nfile = "/var/log/reeld/reeld.log"\n')
    service.machine.run("systemctl", "restart", service.unit)
    log = service.machine.path("/var/log/reeld/reeld.log")
    assert "daemon.ready" in log.read_text()
    service.machine.run("logrotate", "--force", "/etc/logrotate.d/reeld")
    wait_until(lambda: log.exists() and log.stat().st_size > 0, "a new log file")
    assert "daemon.ready" not in log.read_text()
    service.configure("/etc/reeld/reeld.toml")
    service.machine.run("systemctl", "restart", service.unit)


def test_root_asks_and_orders_as_the_owner(service):
    service.machine.run("reeld", "check")
    service.machine.run("reeld", "hold")
    service.wait_for_event("lane.held")
    service.drop("held")
    wait_until(lambda: "held; 1 waiting" in service.machine.show(service.unit, "StatusText"), "the status of what is held")
    told = json.loads(service.machine.run("reeld", "status", "--json"))
    assert told["running"] and told["held"] and told["waiting"] == 1
    assert not service.machine.path(f"{service.spool}/held.job.json").exists()
    service.machine.run("reeld", "release")
    service.wait_for_result("held")
    owners = service.machine.run("find", "/var/lib/reeld", f"{service.spool}/.reeld", "-not", "-user", "reeld")
    assert owners == ""


def test_a_new_key_in_the_credential_takes_a_restart(service):
    service.change_key("key-of-the-second")
    service.start_stub()
    service.configure("/etc/reeld/reeld.toml")
    service.machine.run("systemctl", "reload", service.unit)
    service.drop("with-an-old-key")
    service.wait_for_event("lane.paused")
    assert "paused (account)" in wait_until(
        lambda: (text := service.machine.show(service.unit, "StatusText")).startswith("paused") and text, "a pause")
    service.machine.run("systemctl", "restart", service.unit)
    service.wait_for_result("with-an-old-key")


def test_a_stop_waits_for_a_paid_answer_as_long_as_drain_timeout_says(service):
    service.start_stub("--latency", "9s")
    service.configure("/etc/reeld/reeld.toml")
    # Less than the answer takes: reeld has to ask for more.
    service.restart_with("stop", "[Service]\nTimeoutStopSec=3s\n")
    service.drop("paid")
    wait_until(lambda: service.posts(), "the request")
    assert not service.machine.path(f"{service.spool}/paid.job.json").exists()
    service.machine.run("systemctl", "stop", service.unit)
    assert service.machine.show(service.unit, "Result") == "success", service.machine.journal(service.unit)
    (post,) = service.posts()
    assert service.wait_for_result("paid").decode() == post["response"]
    assert service.events("daemon.stopped")[-1]["in_doubt"] == 0
    service.machine.run("rm", "-r", f"/etc/systemd/system/{service.unit}.d")
    service.machine.run("systemctl", "daemon-reload")
    service.start_stub()
    service.configure("/etc/reeld/reeld.toml")
    service.machine.run("systemctl", "start", service.unit)
    assert not service.machine.path(f"{service.spool}/paid.doubt.json").exists() and service.posts() == []


def test_the_watchdog_ends_a_reeld_that_is_stuck_and_another_starts(service):
    service.restart_with("watchdog", "[Service]\nWatchdogSec=2s\nRestartSec=100ms\n")
    before = service.machine.show(service.unit, "MainPID")
    # Fed, it lives longer than the watchdog's time.
    with pytest.raises(AssertionError):
        wait_until(lambda: service.machine.show(service.unit, "NRestarts") != "0", "a restart", timeout=5)
    service.machine.run("kill", "-STOP", before)
    wait_until(lambda: service.machine.show(service.unit, "NRestarts") == "1", "a restart")
    wait_until(lambda: service.machine.show(service.unit, "ActiveState") == "active", "another reeld")
    assert "Watchdog timeout" in service.machine.journal(service.unit)
    assert service.machine.show(service.unit, "MainPID") not in (before, "0")
    assert service.machine.run("find", "/", "-xdev", "-name", "core*", "-user", "reeld") == ""
    service.drop("after-the-watchdog")
    service.wait_for_result("after-the-watchdog")


def test_a_kill_is_followed_by_a_start(service):
    before = service.machine.show(service.unit, "MainPID")
    service.machine.run("kill", "-KILL", before)
    wait_until(lambda: service.machine.show(service.unit, "MainPID") not in (before, "0"), "another reeld")
    wait_until(lambda: service.machine.show(service.unit, "ActiveState") == "active", "its readiness")


def test_a_lease_is_had_by_the_drop_in_of_the_unit(service):
    explained = re.search(r"It is had by a drop-in:\n((?:#     .*\n)+)", service.machine.run("systemctl", "cat", service.unit))
    service.restart_with("lease", explained[1].replace("#     ", ""))
    status = service.machine.path(f"/proc/{service.machine.show(service.unit, 'MainPID')}/status").read_text()
    assert "CapEff:\t0000000010000000" in status  # CAP_LEASE alone
    service.drop("leased")
    service.wait_for_result("leased")
