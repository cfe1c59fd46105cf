"""What the package is made of, as far as it can be judged without making it: tests/machine installs it."""

import gzip
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEBIAN = ROOT / "config/debian"
SCRIPTS = ("postinst", "prerm", "postrm", "make_manual")


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_scripts_are_shell(name):
    script = DEBIAN / name
    assert script.stat().st_mode & 0o111
    checked = subprocess.run(["sh", "-n", script], text=True, capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_every_file_below_etc_is_the_users_own():
    installed = re.findall(r"DESTINATION (/etc/\S+?)(?: RENAME (\w+))?\)", (DEBIAN / "CMakeLists.txt").read_text("utf-8"))
    names = {f"{folder}/{name or 'reeld.toml'}" for folder, name in installed}
    assert names == set((DEBIAN / "conffiles").read_text("utf-8").split())


@pytest.mark.skipif(not shutil.which("go-md2man") or not shutil.which("groff"), reason="no go-md2man and groff here")
@pytest.mark.parametrize("page", ["reeld.8", "reeld.toml.5"])
@pytest.mark.parametrize("width", [80, 120])
def test_the_manual_pages_are_set_without_a_warning(tmp_path, page, width):
    packed = tmp_path / f"{page}.gz"
    subprocess.run([DEBIAN / "make_manual", ROOT / "docs" / f"{page}.md", "1.2.3", packed], check=True)
    text = gzip.decompress(packed.read_bytes())
    made = subprocess.run(["groff", "-t", "-man", "-ww", "-Tutf8", "-K", "utf8", f"-rLL={width}n"], input=text,
                          capture_output=True, check=False)
    assert (made.returncode, made.stderr.decode()) == (0, "")
    shown = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", made.stdout.decode())
    for word in ("NAME", "DESCRIPTION", page.split(".5")[0].split(".8")[0], "1.2.3"):
        assert word in shown
    assert ".md](" not in shown
