"""A relay in front of the stub that keeps its answers back for as long as a test wants: what happens "while the answer
is awaited" then happens exactly then."""

import socket
import threading


class Gate:
    """Relays loopback connections to `port`; bytes from there wait while the gate is closed."""

    def __init__(self, port):
        self.target = port
        self.opened = threading.Event()
        self.opened.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        self.opened.clear()

    def open(self):
        self.opened.set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.open()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._pump, args=(near, far, None), daemon=True).start()
            threading.Thread(target=self._pump, args=(far, near, self.opened), daemon=True).start()

    @staticmethod
    def _pump(source, sink, gate):
        try:
            while data := source.recv(65536):
                if gate:
                    gate.wait()
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side has gone, and says so itself
