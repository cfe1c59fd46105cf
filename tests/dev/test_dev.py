"""`./dev` over a project of three lines, with a dpkg and an apt that answer what a test wants them to."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

PROJECT = """cmake_minimum_required(VERSION 3.25)
project(tiny LANGUAGES NONE)
if(EXISTS ${CMAKE_SOURCE_DIR}/broken OR "${REMEMBERED}" STREQUAL "gone")
  message(FATAL_ERROR "this cannot be configured")
endif()
foreach(name reeld reeld-stub-api)
  add_custom_target(${name} COMMAND ${CMAKE_COMMAND} -E echo ${name} of ${CMAKE_SOURCE_DIR}
                    COMMAND ${CMAKE_COMMAND} -E touch ${CMAKE_BINARY_DIR}/${name})
endforeach()
"""

PRESETS = """{"version": 6,
 "configurePresets": [{"name": "release", "generator": "Ninja", "binaryDir": "${sourceDir}/build/${presetName}"}],
 "buildPresets": [{"name": "release", "configurePreset": "release"}]}
"""

# Everything is installed but what looks like Boost; that is, where the test says so.
DPKG_QUERY = """#!/bin/sh
for package; do :; done
case $package in
  libboost*) grep -qx -- "$package" "$WORLD/installed" 2>/dev/null || exit 1 ;;
esac
printf installed
"""

APT_CACHE = """#!/bin/sh
[ "$1" = policy ] || exit 100
if grep -qx -- "$2" "$WORLD/known" 2>/dev/null; then
  printf '%s:\\n  Installed: (none)\\n  Candidate: 1.0\\n' "$2"
elif grep -qx -- "$2" "$WORLD/mentioned" 2>/dev/null; then
  printf '%s:\\n  Installed: (none)\\n  Candidate: (none)\\n' "$2"
fi
"""

APT_GET = """#!/bin/sh
echo "$*" >>"$WORLD/asked"
"""


SUDO = """#!/bin/sh
exec "$@"
"""


class Checkout:
    """A folder with `dev` and the tiny project, and the world around it."""

    def __init__(self, folder):
        self.world = folder / "world"
        self.world.mkdir()
        for name, text in (("dpkg-query", DPKG_QUERY), ("apt-cache", APT_CACHE), ("apt-get", APT_GET), ("sudo", SUDO)):
            program = self.world / name
            program.write_text(text)
            program.chmod(0o755)
        self.path = folder / "checkout"
        self.path.mkdir()
        shutil.copy2(ROOT / "dev", self.path / "dev")
        (self.path / "CMakeLists.txt").write_text(PROJECT)
        (self.path / "CMakePresets.json").write_text(PRESETS)

    def says(self, name, *packages):
        (self.world / name).write_text("".join(f"{package}\n" for package in packages))

    def build(self, path=None):
        environment = {**os.environ, "WORLD": str(self.world), "PATH": f"{self.world}:{os.environ['PATH']}"}
        return subprocess.run([(path or self.path) / "dev", "build"], env=environment, text=True, capture_output=True,
                              check=False, stdin=subprocess.DEVNULL)

    def asked_of_apt(self):
        asked = self.world / "asked"
        return asked.read_text() if asked.exists() else ""


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


@pytest.fixture
def built(checkout):
    checkout.says("installed", "libboost-json1.81-dev")
    done = checkout.build()
    assert done.returncode == 0, done.stderr
    return checkout


def test_the_newest_boost_that_apt_has_is_installed(checkout):
    checkout.says("known", "libboost-json1.83-dev", "libboost-json1.88-dev")
    done = checkout.build()
    assert done.returncode == 0, done.stderr
    assert checkout.asked_of_apt().splitlines()[-1].endswith(" libboost-json1.88-dev")


def test_debian_12_has_one_that_will_do(checkout):
    checkout.says("known", "libboost-json1.81-dev")
    checkout.says("mentioned", "libboost-json1.88-dev")
    done = checkout.build()
    assert done.returncode == 0, done.stderr
    assert checkout.asked_of_apt().splitlines()[-1].endswith(" libboost-json1.81-dev")


def test_the_headers_that_are_there_stay(checkout):
    checkout.says("known", "libboost-json1.83-dev", "libboost-json1.88-dev")
    checkout.says("installed", "libboost1.83-dev")
    done = checkout.build()
    assert done.returncode == 0, done.stderr
    assert checkout.asked_of_apt().splitlines()[-1].endswith(" libboost-json1.83-dev")


def test_apt_is_not_asked_when_nothing_is_missing(built):
    assert built.asked_of_apt() == ""


def test_a_system_without_any_of_them_is_told(checkout):
    done = checkout.build()
    assert done.returncode == 1
    assert "apt knows no package libboost-json1.88-dev or libboost-json1.83-dev or libboost-json1.81-dev" in done.stderr
    assert "install" not in checkout.asked_of_apt()


def test_a_checkout_that_was_moved_builds(built, tmp_path):
    moved = tmp_path / "moved"
    built.path.rename(moved)
    done = built.build(moved)
    assert done.returncode == 0, done.stderr
    assert f"was made for {built.path}: making it anew" in done.stdout
    assert f"reeld of {moved}\n" in done.stdout


def test_a_checkout_that_was_copied_builds_its_own(built, tmp_path):
    copied = tmp_path / "copied"
    shutil.copytree(built.path, copied)
    (built.path / "build/release/reeld").unlink()
    done = built.build(copied)
    assert done.returncode == 0, done.stderr
    assert f"reeld of {copied}\n" in done.stdout
    assert not (built.path / "build/release/reeld").exists(), "the copy built into the original"


def test_a_build_folder_is_kept_whatever_way_leads_to_it(built, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(built.path)
    kept = built.path / "build/release/kept"
    kept.touch()
    for path in (built.path, link):
        done = built.build(path)
        assert done.returncode == 0, done.stderr
        assert "making it anew" not in done.stdout
    assert kept.exists()


def test_what_was_remembered_of_an_older_system_is_forgotten(built):
    subprocess.run(["cmake", "-S", built.path, "--preset", "release", "-DREMEMBERED=gone"], cwd=built.path,
                   capture_output=True, check=False)
    done = built.build()
    assert done.returncode == 0, done.stderr


def test_what_cannot_be_configured_says_so(built):
    (built.path / "broken").touch()
    done = built.build()
    assert done.returncode != 0
    assert "this cannot be configured" in done.stderr
