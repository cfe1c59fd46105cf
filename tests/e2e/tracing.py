"""Programs under strace, which makes system calls fail or kills at them."""

import shutil
import subprocess

import pytest

# The sanitizer looks for leaks with ptrace, which strace holds already.
ENVIRONMENT = {"ASAN_OPTIONS": "detect_leaks=0"}


def require_strace():
    """The path of strace; skips where there is none, or it may not trace."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace: system calls cannot be made to fail")
    tried = subprocess.run([strace, "-f", "-qq", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"strace cannot trace here: {tried.stderr.strip()}")
    return strace


def inject(*orders, paths=(), output="/dev/null", is_aside=False):
    """The words before a command. orders: "openat:error=EIO:when=3", as strace(1) has them after --inject=; paths: only
    calls on these files. Of calls that this machine's kernel does not have nothing is said. is_aside: signals go to the
    command; else to strace, whose child it is."""
    calls = ",".join(dict.fromkeys("?" + name.strip() for order in orders for name in order.split(":")[0].split(",")))
    words = [require_strace(), *(["-D"] if is_aside else []), "-f", "-qq", "-o", str(output), f"--trace={calls}"]
    for path in paths:
        words += ["-P", str(path)]
    for order in orders:
        words.append(f"--inject={order}")
    return words
