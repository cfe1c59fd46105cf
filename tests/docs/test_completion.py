"""Completion is made from the program's own help, and each shell that is installed takes it."""

import functools
import re
import shlex
import shutil
import subprocess

import pytest

from pages import ROOT
from waiting import BIN_DIR

REELD = BIN_DIR / "reeld"


@functools.cache
def make(shell):
    return subprocess.run([ROOT / "config/completion/generate", shell, REELD], capture_output=True, text=True, check=True).stdout


def generate(shell, folder):
    path = folder / {"bash": "reeld", "zsh": "_reeld", "fish": "reeld.fish"}[shell]
    path.write_text(make(shell), "utf-8")
    return path


def complete_in_bash(folder, *words, cwd=None):
    """What is offered for the last of the words."""
    script = (f"compopt() {{ :; }}; source {generate('bash', folder)}; COMP_WORDS=(reeld {shlex.join(words)}); "
              f"COMP_CWORD={len(words)}; _reeld; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, cwd=cwd).stdout.split()


@functools.cache
def read_help(*words):
    return subprocess.run([REELD, "help", *words], capture_output=True, text=True, check=True).stdout


def test_each_command_and_each_of_its_options_is_offered(tmp_path):
    commands = re.findall(r"^  ([a-z]+)  ", read_help().split("Subcommands:")[1], re.MULTILINE)
    assert complete_in_bash(tmp_path, "") == [*commands, "help", "--help", "--version"]
    assert complete_in_bash(tmp_path, "re") == ["retry", "resolve", "release"]
    assert complete_in_bash(tmp_path, "help", "") == commands
    for command in commands:
        told = set(re.findall(r"--[a-z-]+", read_help(command).split("Options:")[1].split("Exit codes")[0]))
        assert set(complete_in_bash(tmp_path, command, "--")) == told, command


def test_values_are_offered_where_the_help_lists_them(tmp_path):
    assert complete_in_bash(tmp_path, "run", "--log-format", "") == ["auto", "json", "text", "journal"]
    assert complete_in_bash(tmp_path, "list", "--state", "a") == ["accepted"]
    assert complete_in_bash(tmp_path, "run", "--url", "") == []


def test_files_and_folders_are_offered_where_they_are_meant(tmp_path):
    spool = tmp_path / "here"
    (spool / "films").mkdir(parents=True)
    (spool / "scene.txt").touch()
    assert complete_in_bash(tmp_path, "retry", "s", cwd=spool) == ["scene.txt"]
    assert complete_in_bash(tmp_path, "drain", "--spool", "", cwd=spool) == ["films"]
    assert set(complete_in_bash(tmp_path, "check", "--config", "", cwd=spool)) == {"films", "scene.txt"}
    assert complete_in_bash(tmp_path, "hold", "", cwd=spool) == []


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_offers_the_same(tmp_path):
    def complete(line):
        made = subprocess.run(["fish", "--no-config", "-c", f"source {generate('fish', tmp_path)}; complete -C {shlex.quote(line)}"],
                              capture_output=True, text=True, check=True)
        assert not made.stderr, made.stderr
        return [offer.split("\t")[0] for offer in made.stdout.splitlines()]
    assert complete("reeld re") == ["release", "resolve", "retry"]
    assert complete("reeld run --log-format ") == ["auto", "journal", "json", "text"]
    assert "--patience" in complete("reeld drain --")


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_reads_it(tmp_path):
    path = generate("zsh", tmp_path)
    assert path.read_text("utf-8").startswith("#compdef reeld\n")
    script = f"autoload -Uz compinit; compinit -D -d {tmp_path}/dump; print -r -- $_comps[reeld]"
    said = subprocess.run(["zsh", "-fc", f"fpath=({tmp_path} $fpath); zmodload zsh/complist; zsh -n {path} && {script}"],
                          capture_output=True, text=True, check=True, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    assert said.stdout.strip() == "_reeld" and not said.stderr, said
