"""A relay in front of the stub that keeps answers, or the rest of a request, back for as long as a test wants: what
happens "while the answer is awaited", or "in the middle of an upload", then happens exactly then."""

import contextlib
import socket
import threading

from stub import Stub


class Gate:
    """Relays loopback connections to `port`; what comes from there waits while the gate is closed, and what goes there
    while it is closed to requests, once `request_bytes` of the connection have passed."""

    def __init__(self, port, request_bytes=1 << 20):
        self.target, self.request_bytes = port, request_bytes
        self.answers, self.requests, self.stopped = threading.Event(), threading.Event(), threading.Event()
        self.open()
        self.listener = socket.create_server(("127.0.0.1", 0))
        # Or the kernel's buffers, which may grow to 32 MiB, would take in a whole image while nothing is passed on.
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, scheme="http", fault=""):
        return f"{scheme}://localhost:{self.port}" + (f"/fault/{fault}" if fault else "")

    def close(self):
        self.answers.clear()

    def send(self, spool, *stems, prompt=None):
        """Pairs go up whole to `stub`, and their answers wait until the gate is opened. Their prompts are `prompt`, or
        their stems."""
        self.close()
        sent = len(self.stub.posts(complete=True))
        for stem in stems:
            spool.drop(stem, prompt or stem)
        self.stub.wait_for_posts(sent + len(stems), complete=True)

    @contextlib.contextmanager
    def closed(self):
        self.close()
        try:
            yield
        finally:
            self.open()

    def close_to_requests(self):
        """`stopped` is set as soon as one has come that far."""
        self.stopped.clear()
        self.requests.clear()

    def open(self):
        self.answers.set()
        self.requests.set()

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
            threading.Thread(target=self._pump, args=(near, far, self._pass_request), daemon=True).start()
            threading.Thread(target=self._pump, args=(far, near, self._pass_answer), daemon=True).start()

    def _pass_answer(self, _):
        self.answers.wait()

    def _pass_request(self, passed):
        if passed >= self.request_bytes and not self.requests.is_set():
            self.stopped.set()
            self.requests.wait()

    @staticmethod
    def _pump(source, sink, gate):
        passed = 0
        try:
            while data := source.recv(65536):
                gate(passed)
                sink.sendall(data)
                passed += len(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:  # one side has gone: the other is to know
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def stub_behind_gate(folder):
    """A gate in front of a stub of its own, which is its `stub`, without TLS."""
    with Stub(folder, "--plain") as stub, Gate(stub.port) as gate:
        gate.stub = stub
        yield gate
