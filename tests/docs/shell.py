"""A person at a shell: one bash that lives, and is given one command after another."""

import codecs
import os
import pty
import select
import shlex
import signal
import subprocess
import termios
import time

import pytest

PATIENCE = 60.0
MARK = "the-command-has-ended"


class Output:
    """What comes out of a pipe or terminal, with a deadline for what is awaited in it."""

    def __init__(self, fd):
        self.fd, self.text = fd, ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def read_until(self, enough, what, timeout=PATIENCE):
        """All that has come, once `enough(text)`; what comes after the end of the output is nothing."""
        deadline = time.monotonic() + timeout
        while not enough(self.text):
            left = deadline - time.monotonic()
            assert left > 0, f"{what} has not come to its end in {timeout} s:\n{self.text}"
            if not select.select([self.fd], [], [], left)[0]:
                continue
            try:
                piece = os.read(self.fd, 65536)
            except OSError:  # a terminal that nobody has any more
                piece = b""
            assert piece, f"{what} has ended:\n{self.text}"
            self.text += self.decoder.decode(piece)
        taken, self.text = self.text, ""
        return taken


def end_group(process):
    """Ends a process that leads a group, with all that it has started."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
    except ProcessLookupError:
        pass
    process.wait(PATIENCE)


class Shell:
    """enter: the words before `bash`, where it is to be another machine's or another user's."""

    def __init__(self, folder=None, environment=None, enter=()):
        self.enter, self.environment, self.folder = list(enter), environment, folder
        self.process = self._start(["bash", "-o", "pipefail"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)
        self.output = Output(self.process.stdout.fileno())

    def _start(self, words, **options):
        return subprocess.Popen([*self.enter, *words], cwd=self.folder, env=self.environment, start_new_session=True,
                                **options)

    def _settle(self):
        """What makes another shell like this one."""
        return self.run('declare -px PATH; printf "cd %q\\n" "$PWD"')

    def run(self, text, stdin="", code=0):
        """Runs a command to its end, which has to be `code`; returns what it has said."""
        typed = f"eval {shlex.quote(text)} <<'{MARK}'\n{stdin}{MARK}\nprintf '\\n%s=%d\\n' {MARK} $?\n"
        self.process.stdin.write(typed.encode())
        self.process.stdin.flush()
        said, _, ended = self.output.read_until(lambda seen: f"\n{MARK}=" in seen and seen.endswith("\n"), text).rpartition(
            f"\n{MARK}=")
        assert int(ended) == code, f"{text}\nended with {ended}{said}"
        return said

    def follow(self, text, until):
        """Runs a command that does not end by itself, up to when it has said `until`: then it is ended, as by Ctrl-C."""
        # As to a terminal, line by line.
        process = self._start(["stdbuf", "-oL", "bash", "-c", self._settle() + text], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            return Output(process.stdout.fileno()).read_until(lambda seen: until in seen, text)
        finally:
            end_group(process)
            process.stdout.close()

    def type(self, text, typed=""):
        """Runs a command on a terminal of its own, where `typed` is typed; it has to end well."""
        try:
            master, slave = pty.openpty()
        except OSError as error:
            pytest.skip(f"this machine gives no terminals: {error}")
        settings = termios.tcgetattr(slave)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, settings)
        process = self._start(["bash", "-c", f"{self._settle()}{text}\nprintf '%s=%d\\n' {MARK} $?"],
                              stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        try:
            os.write(master, typed.encode())
            said = Output(master).read_until(lambda seen: MARK in seen and seen.endswith("\n"), text)
        finally:
            end_group(process)
            os.close(master)
        assert said.endswith(f"{MARK}=0\r\n"), f"{text}\nended with {said}"
        return said

    def close(self):
        end_group(self.process)
        self.process.stdin.close()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
