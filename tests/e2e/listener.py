"""A listening socket on a test's own address, each peer on a thread."""

import contextlib
import socket
import threading


class Listener:
    """Accepts on an address, and serves each peer on a thread."""

    def __init__(self, address="127.0.0.1"):
        self.listener = socket.create_server((address, 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()

    def _accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._guard, args=(peer,), daemon=True).start()

    def _guard(self, peer):
        with peer, contextlib.suppress(OSError):
            self.serve(peer)

    @staticmethod
    def read_head(peer):
        data = b""
        while b"\r\n\r\n" not in data:
            more = peer.recv(65536)
            if not more:
                raise OSError("no head")
            data += more
        return data.partition(b"\r\n\r\n")[::2]
