"""Fronts and proxies as people run them, each at one end of a long link; skipped where they are not installed."""

import shutil

import pytest

from far_side import FAR, need

NGINX = """
daemon off; master_process off; user root; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi; client_max_body_size 100m; keepalive_timeout {keep_alive};
  limit_req_zone $binary_remote_addr zone=few:1m rate=1r/m;
  limit_conn_zone $binary_remote_addr zone=conns:1m;
  server {{
    listen {address}:443 ssl; ssl_certificate {certificate}; ssl_certificate_key {key};
    location / {{ {more} proxy_pass http://127.0.0.1:8080; proxy_http_version 1.1; }}
  }}
}}
"""

HAPROXY = """
global
  maxconn 100
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend api
  bind {address}:443 ssl crt {folder}/both.pem
  default_backend nobody
backend nobody
"""

SQUID = """
http_port {address}:3128
acl all_ports port 1-65535
http_access allow all
pid_filename none
access_log none
cache_log {own}/cache.log
cache deny all
cache_mem 8 MB
coredump_dir {own}
shutdown_lifetime 0 seconds
cache_effective_user {user}
"""

TINYPROXY = """
Port 8888
Listen 127.0.0.1
Timeout 600
MaxClients 100
ConnectPort 443
"""


def write(world, name, text, **more):
    path = world.folder / name
    path.write_text(text.format(folder=world.folder, address=FAR, certificate=world.certificate, key=world.key, **more))
    return path


def start_nginx(world, more="", keep_alive="75s"):
    """TLS at the far end; behind it far_server.py, whose requests the returned function tells."""
    program = need("nginx")
    requests = world.serve("accept", address="127.0.0.1", port=8080, tls=False)
    path = write(world, "nginx.conf", NGINX, more=more, keep_alive=keep_alive)
    world.start([*world.link.far, program, "-p", world.folder, "-c", path],
                lambda process: world.listens(world.link.far, FAR, 443))
    return requests


def start_haproxy(world):
    """A balancer without targets."""
    program = need("haproxy")
    (world.folder / "both.pem").write_bytes(world.certificate.read_bytes() + world.key.read_bytes())
    path = write(world, "haproxy.cfg", HAPROXY)
    world.start([*world.link.far, program, "-db", "-f", path], lambda process: world.listens(world.link.far, FAR, 443))


def start_squid(world):
    """A proxy at the far end, beside the server; returns its URL."""
    program = need("squid")
    own = world.folder / "squid"  # a user of its own writes into it
    own.mkdir()
    own.chmod(0o777)
    for folder in [world.folder, *world.folder.parents][:3]:  # those of the test run
        folder.chmod(folder.stat().st_mode | 0o011)
    path = write(world, "squid.conf", SQUID, own=own, user="proxy" if shutil.which("runuser") else "nobody")
    world.start([*world.link.far, program, "-N", "-f", path], lambda process: world.listens(world.link.far, FAR, 3128))
    return f"http://{FAR}:3128"


def start_tinyproxy(world):
    """A proxy on loopback, with the distance behind it; returns its URL."""
    program = need("tinyproxy")
    path = write(world, "tinyproxy.conf", TINYPROXY)
    world.start([*world.link.near, program, "-d", "-c", path],
                lambda process: world.listens(world.link.near, "127.0.0.1", 8888))
    return "http://127.0.0.1:8888"


WAYS = {"direct": lambda world: "", "squid": start_squid, "loopback proxy": start_tinyproxy}


def start_way(world, name):
    """How reeld gets there; returns what [api] proxy is to be."""
    if name not in WAYS:
        pytest.fail(f"no way is called {name}")
    return WAYS[name](world)
