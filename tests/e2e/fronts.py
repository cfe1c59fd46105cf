"""Front servers that other people wrote, each with its own error page for each status, on a port of its own."""

from servers import Server, User, find_free_port

STATUSES = (400, 403, 404, 413, 429, 500, 502, 503, 504)


class Front(Server):
    statuses = STATUSES

    def __init__(self, folder):
        super().__init__(folder, folder, User())
        self.ports = {}

    def prepare(self):
        # The last to be bound is the one that is waited for.
        self.ports = {status: find_free_port() for status in self.statuses[:-1]}
        self.ports[self.statuses[-1]] = self.port
        (self.folder / "conf").write_text(self.configure())

    def configure(self):
        raise NotImplementedError


class Nginx(Front):
    program = "nginx"

    def configure(self):
        servers = "\n".join(f"server {{ listen 127.0.0.1:{port}; location / {{ return {status}; }} "
                            # It answers 502 once it has the whole request.
                            "location /dead/ { proxy_pass http://127.0.0.1:1; } }"
                            for status, port in self.ports.items())
        temporary = "\n".join(f"{name}_temp_path {self.folder}/{name};"
                              for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return (f"daemon off; master_process off; pid {self.folder}/pid; error_log {self.folder}/error.log;\nevents {{}}\n"
                f"http {{ access_log off; client_max_body_size 64m; {temporary}\n{servers} }}\n")

    def words(self):
        return ["-p", self.folder, "-c", self.folder / "conf"]


class Haproxy(Front):
    program = "haproxy"

    def configure(self):
        fronts = "\n".join(f"frontend f{status}\n bind 127.0.0.1:{port}\n http-request deny deny_status {status}"
                           for status, port in self.ports.items())
        return f"defaults\n mode http\n timeout client 10s\n timeout connect 1s\n timeout server 10s\n{fronts}\n"

    def words(self):
        return ["-db", "-f", self.folder / "conf"]


class Apache(Front):
    program = "apache2"

    def configure(self):
        modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
                            for name in ("mpm_event", "authz_core", "alias"))
        hosts = "\n".join(f"Listen 127.0.0.1:{port}\n<VirtualHost 127.0.0.1:{port}>\nRedirect {status} /\n</VirtualHost>"
                          for status, port in self.ports.items())
        user = "User nobody\nGroup nogroup" if self.user.uid == 0 else ""
        return (f"ServerRoot {self.folder}\nDefaultRuntimeDir {self.folder}\nServerName front.test\nPidFile {self.folder}/pid\n"
                f"ErrorLog {self.folder}/error.log\n{modules}\n{user}\n{hosts}\n")

    def words(self):
        return ["-DFOREGROUND", "-f", self.folder / "conf"]


FRONTS = {"nginx": Nginx, "haproxy": Haproxy, "apache": Apache}
