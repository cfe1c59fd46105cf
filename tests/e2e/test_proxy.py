"""Loopback is never proxied, whatever the environment or the configuration says."""

import socket
import threading

import pytest


class DeafProxy:
    """Listens on loopback and counts who comes; answers nobody."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.visits = 0
        self.thread = threading.Thread(target=self._count, daemon=True)
        self.thread.start()

    def _count(self):
        while True:
            try:
                visitor, _ = self.listener.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)


@pytest.fixture
def proxy():
    made = DeafProxy()
    yield made
    made.close()


def test_the_proxy_of_these_tests_counts(proxy):
    socket.create_connection(("127.0.0.1", proxy.port)).recv(1)
    assert proxy.visits == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_the_environments_proxy_is_not_used_for_loopback(stub, spool, start_daemon, proxy, host, name):
    daemon = start_daemon(stub, url=stub.url(host=host), environment={name: f"http://127.0.0.1:{proxy.port}"})
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    assert proxy.visits == 0 and len(stub.posts()) == 1


def test_the_configured_proxy_is_not_used_for_loopback(stub, spool, start_daemon, proxy):
    daemon = start_daemon(stub, tables={"api": {"proxy": f"http://127.0.0.1:{proxy.port}"}})
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    assert proxy.visits == 0
