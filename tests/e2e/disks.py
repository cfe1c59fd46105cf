"""Disks of a test's own, that fill up, turn read-only or lose their power. They need root, and what they need besides is
tried first: where it cannot be had the test is skipped, and says why."""

import contextlib
import errno
import fcntl
import os
import pathlib
import shutil
import struct
import subprocess

import pytest

MIB = 1 << 20
EXT4_IOC_SHUTDOWN = 0x8004587D  # _IOR('X', 125, __u32): linux/fs/ext4/ext4.h
LOG_FLUSH, NO_LOG_FLUSH = 1, 2  # EXT4_GOING_FLAGS_...: with the journal's last transactions, or without


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{words}: {done.stderr.strip() or done.returncode}")
    return done.stdout.strip()


def sync_file(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


class Disk:
    """A file system mounted at `path`."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.is_mounted = False

    def mount(self):
        raise NotImplementedError

    def unmount(self):
        if self.is_mounted:
            run("umount", self.path)
            self.is_mounted = False

    def remount(self, options):
        run("mount", "-o", f"remount,{options}", self.path)

    def fill(self, name=".filler"):
        """Takes all of the space, and what a file system finds once it has written down what it held in mind."""
        with open(self.path / name, "ab", buffering=0) as file:
            for step in (MIB, 4096, 4096, 512, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"\0" * step)
                with contextlib.suppress(OSError):
                    os.fsync(file.fileno())

    def fill_inodes(self, name=".fillers"):
        """Takes all of the inodes, and leaves the space."""
        folder = self.path / name
        folder.mkdir()
        number = 0
        try:
            while True:
                (folder / str(number)).touch()
                number += 1
        except OSError as error:
            assert error.errno == errno.ENOSPC

    def free(self):
        """Gives back what was taken."""
        (self.path / ".filler").unlink(missing_ok=True)
        shutil.rmtree(self.path / ".fillers", ignore_errors=True)


class MemoryDisk(Disk):
    """A tmpfs."""

    def __init__(self, path, size, inodes=10000):
        super().__init__(path)
        self.options = f"size={size},nr_inodes={inodes}"

    def mount(self):
        self.path.mkdir(exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", self.options, "tmpfs", self.path)
        self.is_mounted = True


class LoopDisk(Disk):
    """An ext4 in a file. Where it is mounted again it is the same disk, on another loop device if that is asked for."""

    def __init__(self, path, size, options="errors=remount-ro", inode_size=256):
        super().__init__(path)
        self.options = options
        self.image = self.path.with_name(self.path.name + ".img")
        self.device = None
        with open(self.image, "wb") as file:
            file.truncate(size)
        run("mkfs.ext4", "-q", "-F", "-I", inode_size, self.image)

    def mount(self):
        self.path.mkdir(exist_ok=True)
        self.device = run("losetup", "--find", "--show", self.image)
        try:
            run("mount", "-t", "ext4", "-o", self.options, self.device, self.path)
        except OSError:
            self.detach()
            raise
        self.is_mounted = True

    def unmount(self):
        super().unmount()
        self.detach()

    def detach(self):
        if self.device:
            run("losetup", "--detach", self.device)
        self.device = None

    def cut_power(self, flag):
        """From here on nothing reaches the disk, and every write fails."""
        fd = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("I", flag))
        finally:
            os.close(fd)

    def trigger_error(self):
        """What the kernel does when it finds the disk at fault: read-only from here on."""
        (pathlib.Path("/sys/fs/ext4") / pathlib.Path(self.device).name / "trigger_fs_error").write_text("a test")

    def check(self):
        """fsck, unmounted: whether the file system is sound."""
        done = subprocess.run(["fsck.ext4", "-p", str(self.image)], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stdout + done.stderr


@contextlib.contextmanager
def mounted(make):
    """The disk that `make` makes, mounted; unmounted whatever happens. Skips the test where it cannot be had."""
    if os.geteuid() != 0:
        pytest.skip("a disk of its own takes root")
    disk = None
    try:
        disk = make()
        disk.mount()
    except OSError as error:
        pytest.skip(f"no disk of its own can be mounted here: {error}")
    try:
        yield disk
    finally:
        if disk.is_mounted:
            with contextlib.suppress(OSError):
                disk.unmount()
        if disk.is_mounted:  # somebody is still in it
            run("umount", "--lazy", disk.path)
            with contextlib.suppress(OSError):
                getattr(disk, "detach", lambda: None)()
