"""A throw-away machine: a container with a systemd of its own, nothing of this machine's but its kernel.

What it writes goes to memory and is gone with it. Its network is a loopback of its own. Needs root.
"""

import errno
import itertools
import os
import pathlib
import signal
import subprocess
import time

PATIENCE = 60.0
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root", "TERM": "dumb",
               "DEBIAN_FRONTEND": "noninteractive"}

# In a mount namespace of its own: cgroups as a machine has them that knows only version 2 (systemd in a container cannot do
# with the hybrid that some hosts have), a /run where nspawn leaves nothing behind, and the root under a layer of memory.
INSIDE = r"""
set -e
echo $$ >"$cgroup/cgroup.procs"
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/layer
mount -t tmpfs -o mode=755 tmpfs /run/layer
mkdir /run/layer/upper /run/layer/work /run/layer/root
mount -t overlay overlay -o "lowerdir=$rootfs,upperdir=/run/layer/upper,workdir=/run/layer/work" /run/layer/root
exec systemd-nspawn --directory=/run/layer/root --boot "$@"
"""

_numbers = itertools.count()


def die_with_parent():
    """A container whose test was killed ends as well."""
    import ctypes
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def find_cgroup2():
    for line in pathlib.Path("/proc/self/mounts").read_text().splitlines():
        _, where, kind = line.split()[:3]
        if kind == "cgroup2":
            return pathlib.Path(where)
    raise RuntimeError("there is no cgroup2 file system here")


class Machine:
    """binds: folders of this machine to be seen inside, read-only: {path here: path there}."""

    def __init__(self, rootfs, folder, binds):
        self.rootfs, self.folder, self.binds = pathlib.Path(rootfs), pathlib.Path(folder), binds
        self.name = f"reeld-test-{os.getpid()}-{next(_numbers)}"
        self.cgroup = find_cgroup2() / self.name
        self.console = self.folder / "console"
        self.process = self.leader = None

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.cgroup.mkdir()
        words = ["--quiet", "--register=no", "--keep-unit", "--settings=no", f"--machine={self.name}",
                 "--hostname=reeld-test", "--private-network", "--resolv-conf=off", "--timezone=off", "--link-journal=no",
                 "--console=read-only", "--kill-signal=SIGRTMIN+3",
                 # For what units may ask for and nspawn would not give: BPF (devices), keyrings, the kernel's log.
                 "--capability=CAP_BPF,CAP_PERFMON,CAP_IPC_LOCK,CAP_SYSLOG",
                 "--system-call-filter=bpf @keyring perf_event_open",
                 *(f"--bind-ro={here}:{there}" for here, there in self.binds.items())]
        with open(self.console, "wb") as console:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "bash", "-c", INSIDE, "inside", *words],
                stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT, preexec_fn=die_with_parent,
                env={**os.environ, "cgroup": str(self.cgroup), "rootfs": str(self.rootfs)})
        self.leader = self._wait_for_leader()
        state = self._wait_for_boot()
        assert state == "running", f"booted to {state}: {self.try_run('systemctl', '--failed', '--no-pager').stdout}"
        return self

    def _wait_for_leader(self):
        """The first process inside: nspawn's child that is number 1 in its own namespace."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            for child in pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
                try:
                    status = pathlib.Path(f"/proc/{child}/status").read_text()
                except OSError:
                    continue
                numbers = next(line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:"))
                if len(numbers) > 1 and numbers[-1] == "1" and status.startswith("Name:\tsystemd\n"):
                    return child
            time.sleep(0.02)
        raise AssertionError("the container does not start: " + self.console.read_text("utf-8", "replace"))

    def _wait_for_boot(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            # Until its bus is there, this fails.
            state = self.try_run("systemctl", "is-system-running", "--wait").stdout.strip()
            if state in ("running", "degraded"):
                return state
            time.sleep(0.05)
        raise AssertionError("it does not boot: " + self.console.read_text("utf-8", "replace"))

    def stop(self):
        if self.process and self.process.poll() is None:
            if self.leader:
                self.try_run("systemctl", "poweroff")
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                os.kill(int(self.leader or self.process.pid), signal.SIGKILL)
                self.process.wait(PATIENCE)
        for folder, _, _ in os.walk(self.cgroup, topdown=False):
            os.rmdir(folder)

    def path(self, inside):
        """Of a file inside, from here."""
        return pathlib.Path(f"/proc/{self.leader}/root{inside}")

    def enter(self, user=None):
        """The words before a command that make it run inside, as root or as `user`."""
        words = ["nsenter", "--target", self.leader, "--all"]
        return words + ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else words

    def try_run(self, *words, user=None, environment=None, timeout=120):
        """Runs a command inside, as root or as `user`; returns the CompletedProcess, standard error with the output."""
        return subprocess.run([*self.enter(user), *map(str, words)], env={**ENVIRONMENT, **(environment or {})}, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout,
                              check=False)

    def run(self, *words, **options):
        """The output of a command that must end well."""
        result = self.try_run(*words, **options)
        assert result.returncode == 0, f"{' '.join(map(str, words))} ended with {result.returncode}:\n{result.stdout}"
        return result.stdout

    def shell(self, script, **options):
        return self.run("sh", "-ec", script, **options)

    def write(self, inside, text, mode=0o644):
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        path.chmod(mode)

    def may_write(self, pid, inside):
        """Whether the mounts that a process inside sees let a file be made there."""
        path = self.path(f"/proc/{pid}/root{inside}")
        try:
            path.touch()
        except OSError as error:
            assert error.errno == errno.EROFS, error
            return False
        path.unlink()
        return True

    def show(self, unit, name):
        """A property of a unit."""
        return self.run("systemctl", "show", "--value", f"--property={name}", unit).strip()

    def journal(self, unit):
        """What the journal has of a unit, for people."""
        self.run("journalctl", "--sync")
        return self.run("journalctl", "--no-pager", "--quiet", "--lines=60", f"--unit={unit}")

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()
