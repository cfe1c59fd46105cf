"""Ways in which people's programs bring files into a spool. Each takes a folder that holds just those files."""

import contextlib
import email.utils
import shutil
import time

from servers import NginxDav, Proftpd, RcloneDav, Smbd, Sshd, USER, run

RCLONE = ("rclone", "--config", "", "-q")


class Ways:
    """Brings the files of `home` into `target` by any way of WAYS; servers start when first needed and end with it."""

    def __init__(self, folder, target):
        self.folder, self.target = folder, target
        self.servers = {}
        self.running = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        return self.running.__exit__(*raised)

    def bring(self, way, home):
        WAYS[way](self, home)

    def serve(self, kind):
        if kind not in self.servers:
            self.servers[kind] = self.running.enter_context(kind(self.folder / kind.__name__.lower(), self.target))
        return self.servers[kind]


def list_files(home):
    """Prompts and images as they lie there, in the order of their names."""
    return sorted(path for path in home.iterdir() if path.is_file())


def copy_with(*command):
    def bring(ways, home):
        run(*command, *list_files(home), f"{ways.target}/")
    return bring


def sync_with(*options):
    def bring(ways, home):
        run("rsync", *options, f"{home}/", f"{ways.target}/")
    return bring


def move_in(ways, home):
    for path in list_files(home):
        hidden = ways.target / f".{path.name}.part"
        shutil.copy2(path, hidden)
        hidden.rename(ways.target / path.name)


def unpack_with(pack, unpack):
    def bring(ways, home):
        archive = ways.folder / "archive.packed"
        archive.unlink(missing_ok=True)
        names = [path.name for path in list_files(home)]
        run(*(word.format(archive=archive) for word in pack), *names, cwd=home)
        run(*(word.format(archive=archive) for word in unpack), cwd=ways.target)
    return bring


def by_scp(*options):
    def bring(ways, home):
        server = ways.serve(Sshd)
        run("scp", *server.client_options(), *options, *list_files(home), f"{USER}@127.0.0.1:{ways.target}/")
    return bring


def by_sftp(ways, home):
    server = ways.serve(Sshd)
    batch = ways.folder / "batch"
    batch.write_text("".join(f'put -p "{path}" "{ways.target}/{path.name}"\n' for path in list_files(home)))
    run("sftp", *server.client_options(), "-b", batch, f"{USER}@127.0.0.1")


def by_rclone_sftp(ways, home):
    server = ways.serve(Sshd)
    run(*RCLONE, "copy", "--ignore-times", home, f":sftp:{ways.target}", "--sftp-host", "127.0.0.1",
        "--sftp-port", server.port, "--sftp-user", USER, "--sftp-key-file", server.folder / "client_key")


def by_smbclient(ways, home):
    """As Explorer and Finder do: the time is set once the file is closed."""
    commands = []
    for path in list_files(home):
        stamp = time.strftime("%Y:%m:%d-%H:%M:%S", time.localtime(path.stat().st_mtime))
        commands += [f'put "{path}" "{path.name}"', f'utimes "{path.name}" -1 -1 {stamp} -1']
    ways.serve(Smbd).run_client("; ".join(commands))


def by_lftp(ways, home):
    run("lftp", "-c", f"set net:max-retries 1; open {ways.serve(Proftpd).url()}; mirror -R --no-perms --transfer-all {home} .")


def by_curl_ftp(ways, home):
    for path in list_files(home):
        run("curl", "-sS", "-T", path, f"{ways.serve(Proftpd).url()}/{path.name}")


def by_curl_dav(ways, home):
    server = ways.serve(NginxDav)
    for path in list_files(home):
        date = email.utils.formatdate(path.stat().st_mtime, usegmt=True)
        run("curl", "-sSf", "-T", path, "-H", f"Date: {date}", f"http://127.0.0.1:{server.port}/{path.name}")


def by_rclone_dav(ways, home):
    run(*RCLONE, "copy", "--ignore-times", home, ":webdav:", "--webdav-url", f"http://127.0.0.1:{ways.serve(RcloneDav).port}")


WAYS = {
    "mv": move_in,
    "cp": copy_with("cp"),
    "cp -p": copy_with("cp", "-p"),
    "install -p": copy_with("install", "-p", "-m", "664"),
    "tar": unpack_with(("tar", "-cf", "{archive}"), ("tar", "-xf", "{archive}")),
    "bsdtar": unpack_with(("bsdtar", "-cf", "{archive}"), ("bsdtar", "-xf", "{archive}")),
    "unzip": unpack_with(("zip", "-q", "{archive}"), ("unzip", "-qo", "{archive}")),
    "rsync -a": sync_with("-a"),
    "rsync -t": sync_with("-t", "-r"),
    "rsync -r": sync_with("-r", "--ignore-times"),
    "rsync --inplace": sync_with("-t", "-r", "--inplace", "--ignore-times"),
    "scp": by_scp(),
    "scp -p": by_scp("-p"),
    "sftp": by_sftp,
    "rclone sftp": by_rclone_sftp,
    "smbclient": by_smbclient,
    "lftp": by_lftp,
    "curl ftp": by_curl_ftp,
    "curl dav": by_curl_dav,
    "rclone dav": by_rclone_dav,
}
