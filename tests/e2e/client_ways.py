"""Ways in which people's programs bring files into a spool. Each takes a folder that holds just those files."""

import contextlib
import email.utils
import time

from servers import NginxDav, Proftpd, RcloneDav, Smbd, Sshd, User

RCLONE = ("rclone", "--config", "", "-q")


class Ways:
    """Brings the files of `home` into `target` by any way of WAYS; servers start when first needed and end with it."""

    def __init__(self, folder, target, user=None):
        self.folder, self.target, self.user = folder, target, user or User()
        self.servers = {}
        self.running = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        return self.running.__exit__(*raised)

    def bring(self, way, home):
        WAYS[way](self, home)

    def run(self, *command, **options):
        return self.user.run(*command, **options)

    def serve(self, kind):
        if kind not in self.servers:
            self.servers[kind] = self.running.enter_context(kind(self.folder / kind.__name__.lower(), self.target, self.user))
        return self.servers[kind]


def list_files(home):
    """Prompts and images as they lie there, in the order of their names."""
    return sorted(path for path in home.iterdir() if path.is_file())


def copy_with(*command):
    def bring(ways, home):
        ways.run(*command, *list_files(home), f"{ways.target}/")
    return bring


def move_in(ways, home):
    for path in list_files(home):
        hidden = ways.target / f".{path.name}.part"
        ways.run("cp", "-p", path, hidden)
        ways.run("mv", hidden, ways.target / path.name)


def unpack_with(pack, unpack):
    def bring(ways, home):
        archive = ways.folder / "archive.packed"
        archive.unlink(missing_ok=True)
        names = [path.name for path in list_files(home)]
        ways.run(*(word.format(archive=archive) for word in pack), *names, cwd=home)
        ways.run(*(word.format(archive=archive) for word in unpack), cwd=ways.target)
    return bring


def by_scp(*options):
    def bring(ways, home):
        server = ways.serve(Sshd)
        ways.run("scp", *server.client_options(), *options, *list_files(home), f"{ways.user.name}@127.0.0.1:{ways.target}/")
    return bring


def by_sftp(ways, home):
    server = ways.serve(Sshd)
    batch = ways.folder / "batch"
    batch.write_text("".join(f'put -p "{path}" "{ways.target}/{path.name}"\n' for path in list_files(home)))
    ways.run("sftp", *server.client_options(), "-b", batch, f"{ways.user.name}@127.0.0.1")


def by_rclone_sftp(ways, home):
    server = ways.serve(Sshd)
    ways.run(*RCLONE, "copy", "--ignore-times", home, f":sftp:{ways.target}", "--sftp-host", "127.0.0.1",
        "--sftp-port", server.port, "--sftp-user", ways.user.name, "--sftp-key-file", server.folder / "client_key")


def by_smbclient(ways, home):
    """As Explorer and Finder do: the time is set once the file is closed."""
    commands = []
    for path in list_files(home):
        stamp = time.strftime("%Y:%m:%d-%H:%M:%S", time.localtime(path.stat().st_mtime))
        commands += [f'put "{path}" "{path.name}"', f'utimes "{path.name}" -1 -1 {stamp} -1']
    ways.serve(Smbd).run_client("; ".join(commands))


def by_lftp(ways, home):
    ways.run("lftp", "-c", f"set net:max-retries 1; open {ways.serve(Proftpd).url()}; mirror -R --no-perms --transfer-all {home} .")


def by_curl_ftp(ways, home):
    for path in list_files(home):
        ways.run("curl", "-sS", "-T", path, f"{ways.serve(Proftpd).url()}/{path.name}")


def by_curl_dav(ways, home):
    server = ways.serve(NginxDav)
    for path in list_files(home):
        date = email.utils.formatdate(path.stat().st_mtime, usegmt=True)
        ways.run("curl", "-sSf", "-T", path, "-H", f"Date: {date}", f"http://127.0.0.1:{server.port}/{path.name}")


def by_rclone_dav(ways, home):
    ways.run(*RCLONE, "copy", "--ignore-times", home, ":webdav:", "--webdav-url", f"http://127.0.0.1:{ways.serve(RcloneDav).port}")


WAYS = {
    "mv": move_in,
    "cp": copy_with("cp"),
    "cp -p": copy_with("cp", "-p"),
    "install -p": copy_with("install", "-p", "-m", "664"),
    "tar": unpack_with(("tar", "-cf", "{archive}"), ("tar", "-xf", "{archive}")),
    "bsdtar": unpack_with(("bsdtar", "-cf", "{archive}"), ("bsdtar", "-xf", "{archive}")),
    "unzip": unpack_with(("zip", "-q", "{archive}"), ("unzip", "-qo", "{archive}")),
    "rsync -a": copy_with("rsync", "-a"),
    "rsync -t": copy_with("rsync", "-t"),
    "rsync -r": copy_with("rsync", "-r", "--ignore-times"),
    "rsync --inplace": copy_with("rsync", "-t", "--inplace", "--ignore-times"),
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


# Whole folders, as people bring projects: `home` becomes `target/its name`.

def copy_folder_with(*command):
    def bring(ways, home):
        ways.run(*command, home, f"{ways.target}/")
    return bring


def make_the_folder(ways, home):
    folder = ways.target / home.name
    ways.run("mkdir", "-m", "755", folder)
    ways.run("cp", *list_files(home), f"{folder}/")


def unpack_folder(ways, home):
    archive = ways.folder / "archive.packed"
    ways.run("tar", "-cf", archive, "-C", home.parent, home.name)
    ways.run("tar", "-xpf", archive, "-C", ways.target)


def folder_by_sftp(ways, home):
    server = ways.serve(Sshd)
    batch = ways.folder / "batch"
    batch.write_text(f'put -r "{home}" "{ways.target}/{home.name}"\n')
    ways.run("sftp", *server.client_options(), "-b", batch, f"{ways.user.name}@127.0.0.1")


def folder_by_rclone_sftp(ways, home):
    server = ways.serve(Sshd)
    ways.run(*RCLONE, "copy", home, f":sftp:{ways.target}/{home.name}", "--sftp-host", "127.0.0.1",
             "--sftp-port", server.port, "--sftp-user", ways.user.name, "--sftp-key-file", server.folder / "client_key")


def folder_by_smbclient(ways, home):
    puts = "; ".join(f'put "{path}" "{home.name}/{path.name}"' for path in list_files(home))
    ways.serve(Smbd).run_client(f'mkdir "{home.name}"; {puts}')


def folder_by_lftp(ways, home):
    ways.run("lftp", "-c", f"set net:max-retries 1; open {ways.serve(Proftpd).url()}; mirror -R {home} {home.name}")


def folder_by_rclone_dav(ways, home):
    ways.run(*RCLONE, "copy", home, f":webdav:{home.name}", "--webdav-url", f"http://127.0.0.1:{ways.serve(RcloneDav).port}")


FOLDER_WAYS = {
    "mkdir -m 755": make_the_folder,
    "cp -r": copy_folder_with("cp", "-r"),
    "cp -a": copy_folder_with("cp", "-a"),
    "rsync -a": copy_folder_with("rsync", "-a"),
    "tar xp": unpack_folder,
    "sftp put -r": folder_by_sftp,
    "rclone sftp": folder_by_rclone_sftp,
    "smbclient": folder_by_smbclient,
    "lftp": folder_by_lftp,
    "rclone dav": folder_by_rclone_dav,
}
