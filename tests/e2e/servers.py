"""Servers of other people's making on loopback, through which clients bring files into a folder: unprivileged ports,
everything that they write in a folder of their own."""

import contextlib
import grp
import os
import pathlib
import pwd
import shutil
import socket
import subprocess

import pytest

from waiting import PATIENCE, wait_until

# Debian has servers where an ordinary user's PATH does not look.
SEARCH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/local/sbin"


class User:
    """Whose programs run. Root can act as another user, who is in one group besides his own."""

    def __init__(self, name=None, group=None):
        entry = pwd.getpwnam(name) if name else pwd.getpwuid(os.geteuid())
        self.name, self.uid, self.gid = entry.pw_name, entry.pw_uid, entry.pw_gid
        self.group = group
        self.prefix = ()
        if name:
            groups = f"--groups={grp.getgrnam(group).gr_gid}" if group else "--clear-groups"
            self.prefix = (find_program("setpriv"), f"--reuid={self.uid}", f"--regid={self.gid}", groups)

    def run(self, *command, **options):
        return run(*command, prefix=self.prefix, **options)

    def owns(self, path):
        """Gives it to him, and all below it."""
        if self.prefix:
            run("chown", "-R", f"{self.uid}:{self.gid}", path)


def find_program(name):
    """Its path; where it is not installed, the test is skipped with a word."""
    return shutil.which(name, path=SEARCH) or pytest.skip(f"{name} is not installed")


def run(*command, prefix=(), **options):
    """Runs a client to its end; what it said is in the failure's message. prefix: what makes it another user's."""
    done = subprocess.run([*prefix, find_program(command[0]), *map(str, command[1:])], text=True, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=PATIENCE * 2, check=False, **options)
    assert done.returncode == 0, f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


def find_free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class Server:
    """A process of `user` that serves `target`, from its start to its end. `folder` is its own.

    Those that inherit say how it is configured, and with which words it is started in the foreground."""

    program = ""
    becomes_user = False  # started as we are, it becomes the user by itself

    def __init__(self, folder, target, user):
        self.folder, self.target, self.user = pathlib.Path(folder), pathlib.Path(target), user
        self.port = 0
        self.process = None

    def prepare(self):
        """Writes what the server reads."""

    def words(self):
        raise NotImplementedError

    def __enter__(self):
        program = find_program(self.program)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = find_free_port()
        self.prepare()
        self.log = self.folder / "output"
        prefix = () if self.becomes_user else self.user.prefix
        if prefix:
            self.user.owns(self.folder)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*prefix, program, *map(str, self.words())], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, cwd=self.folder,
                                            process_group=0)  # smbd takes its whole process group with it
        try:
            wait_until(lambda: answers(self.port) or self.process.poll() is not None, f"{self.program} to listen")
            assert self.process.poll() is None, f"{self.program}: {self.log.read_text('utf-8', 'replace')}"
        except AssertionError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Sshd(Server):
    """OpenSSH, for sftp, scp and whatever speaks SFTP."""

    program = "sshd"

    def prepare(self):
        if self.user.uid == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)  # sshd of root will not start without
        for name in ("host_key", "client_key"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name)
        (self.folder / "config").write_text(f"""
Port {self.port}
ListenAddress 127.0.0.1
HostKey {self.folder}/host_key
AuthorizedKeysFile {self.folder}/client_key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
Subsystem sftp internal-sftp
""")

    def words(self):
        return "-D", "-e", "-f", self.folder / "config"

    def client_options(self):
        """For sftp and scp."""
        return ("-q", "-P", self.port, "-i", self.folder / "client_key", "-o", "StrictHostKeyChecking=no",
                "-o", f"UserKnownHostsFile={self.folder}/known_hosts", "-F", "none")


class Smbd(Server):
    """Samba with one share, `spool`, for guests."""

    program = "smbd"
    becomes_user = True

    def prepare(self):
        force = f"force group = {self.user.group}" if self.user.group else ""
        own = "\n".join(f"{name} = {self.folder}" for name in (
            "private dir", "lock directory", "state directory", "cache directory", "pid directory", "ncalrpc dir"))
        (self.folder / "config").write_text(f"""
[global]
server role = standalone
smb ports = {self.port}
interfaces = lo
bind interfaces only = yes
map to guest = bad user
guest account = {self.user.name}
load printers = no
disable spoolss = yes
log file = {self.folder}/log
{own}
[spool]
path = {self.target}
guest ok = yes
read only = no
{force}
""")

    def words(self):
        return "-F", "--no-process-group", "-s", self.folder / "config"

    def run_client(self, commands):
        return run("smbclient", "-s", self.folder / "config", "-N", "-p", self.port, "//127.0.0.1/spool", "-c", commands)


class Proftpd(Server):
    """ProFTPD with one user, whose home is the folder."""

    program = "proftpd"
    becomes_user = True
    name, password = "client", "ftp-password"  # its own, with our user's ids

    def prepare(self):
        secret = run("openssl", "passwd", "-6", self.password).strip()
        passwords = self.folder / "passwords"
        passwords.touch(0o600)
        passwords.write_text(f"{self.name}:{secret}:{self.user.uid}:{self.user.gid}::{self.target}:/bin/sh\n")
        own = grp.getgrgid(self.user.gid)
        groups = self.folder / "groups"
        groups.touch(0o600)
        groups.write_text("".join(f"{group.gr_name}:x:{group.gr_gid}:{self.name}\n" for group in (
            own, grp.getgrnam(self.user.group or own.gr_name))))
        (self.folder / "config").write_text(f"""
ServerType standalone
DefaultAddress 127.0.0.1
UseIPv6 off
Port {self.port}
User {self.user.name}
Group {own.gr_name}
AuthUserFile {passwords}
AuthGroupFile {groups}
AuthOrder mod_auth_file.c
ControlsEngine off
DelayEngine off
UseFtpUsers off
RootLogin on
RequireValidShell off
AllowOverwrite on
PidFile {self.folder}/pid
ScoreboardFile {self.folder}/scoreboard
SystemLog {self.folder}/log
TransferLog none
WtmpLog off
""")

    def words(self):
        return "--nodaemon", "--config", self.folder / "config"

    def url(self):
        return f"ftp://{self.name}:{self.password}@127.0.0.1:{self.port}"


class NginxDav(Server):
    """nginx with its WebDAV methods: it writes elsewhere, renames, and sets the time that a Date header says."""

    program = "nginx"

    def prepare(self):
        user = "user root;" if self.user.uid == 0 else ""
        (self.folder / "config").write_text(f"""
{user}
daemon off;
worker_processes 1;
pid {self.folder}/pid;
error_log {self.folder}/log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {self.folder}/body;
  proxy_temp_path {self.folder}/proxy;
  fastcgi_temp_path {self.folder}/fastcgi;
  uwsgi_temp_path {self.folder}/uwsgi;
  scgi_temp_path {self.folder}/scgi;
  client_max_body_size 64m;
  server {{
    listen 127.0.0.1:{self.port};
    root {self.target};
    dav_methods PUT DELETE MKCOL COPY MOVE;
    create_full_put_path on;
    dav_access user:rw group:rw all:r;
  }}
}}
""")

    def words(self):
        return "-p", self.folder, "-c", self.folder / "config", "-e", self.folder / "log"


class RcloneDav(Server):
    """rclone's own WebDAV server, which writes in place."""

    program = "rclone"

    def words(self):
        return "serve", "webdav", "--config", "", "--addr", f"127.0.0.1:{self.port}", self.target
