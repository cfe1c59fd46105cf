"""The units as systemd reads them, without a systemd that runs: tests/machine has one."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ["REELD_BIN_DIR"]) / "reeld"
UNITS = ("reeld.service", "reeld@.service")
EXPOSURE = 11  # tenths; what is left is the network, and listed in the unit

pytestmark = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")


def read(name):
    return (ROOT / "systemd" / name).read_text("utf-8")


def settings(name):
    """Each setting's values, in their order."""
    out = {}
    for line in read(name).splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            out.setdefault(key, []).append(value)
    return out


def analyze(*words):
    return subprocess.run(["systemd-analyze", *map(str, words)], text=True, capture_output=True, check=False)


@pytest.fixture(params=UNITS)
def unit(request, tmp_path):
    """The unit's file, with the program that was built in place of the one that would be installed."""
    path = tmp_path / request.param
    path.write_text(read(request.param).replace("/usr/bin/reeld", str(BINARY)), "utf-8")
    return path


def test_systemd_has_nothing_to_complain_of(unit):
    # Its exit status is 0 for unknown keys and bad values: they are on standard error alone.
    result = analyze("verify", "--man=no", unit)
    assert (result.stderr, result.stdout, result.returncode) == ("", "", 0)


def test_the_sandbox_is_tight(unit):
    result = analyze("security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}", unit)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_instances_differ_in_names_only():
    own = {"Description", "RequiresMountsFor", "AssertPathExists", "ExecStart", "LoadCredential", "StateDirectory",
           "LogsDirectory", "ReadWritePaths", "StandardInput", "StandardInputText", "ExecStartPre"}
    first, second = (settings(name) for name in UNITS)
    assert first.keys() - own == second.keys() - own
    assert {key: first[key] for key in first.keys() - own} == {key: second[key] for key in second.keys() - own}


def test_no_instance_lies_within_another():
    for name in ("StateDirectory", "ReadWritePaths", "LogsDirectory"):
        (first,), (second,) = (settings(unit)[name] for unit in UNITS)
        assert second == first + "-%i"


def test_an_instance_makes_its_spool_as_tmpfiles_makes_the_first():
    lines = [line for line in read("reeld.tmpfiles").splitlines() if not line.startswith("#")]
    assert [line.replace("/var/spool/reeld", "/var/spool/reeld-%i") for line in lines] == \
        settings("reeld@.service")["StandardInputText"]


def test_a_stop_waits_longer_than_answers_do():
    drain = re.search(r'^#drain_timeout = "(\d+)s"$', (ROOT / "config/reeld.toml").read_text("utf-8"), re.M)
    for name in UNITS:
        (stop,) = settings(name)["TimeoutStopSec"]
        assert int(re.fullmatch(r"(\d+)min", stop)[1]) * 60 > int(drain[1])


def test_what_a_person_has_to_mend_is_not_started_again():
    codes = dict(re.findall(r"int (\w+) = (\d+);", (ROOT / "daemon/settings/exit_code.hpp").read_text("utf-8")))
    for name in UNITS:
        (kept_down,) = settings(name)["RestartPreventExitStatus"]
        assert {codes["usage"], codes["configuration"]} <= set(kept_down.split())
        assert codes["try_later"] not in kept_down.split()


def test_sysusers_makes_the_user_and_its_group(tmp_path):
    (tmp_path / "etc").mkdir()
    result = subprocess.run(["systemd-sysusers", "--dry-run", f"--root={tmp_path}", ROOT / "systemd/reeld.sysusers"],
                            text=True, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "Creating group 'reeld'" in result.stderr and "Creating user 'reeld'" in result.stderr
