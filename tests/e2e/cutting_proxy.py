"""Between daemon and stub: each connection is cut after so many bytes in one direction, as its turn in a plan says."""

import contextlib
import dataclasses
import socket
import struct
import threading

NO_LINGER = struct.pack("ii", 1, 0)  # the close is a reset


@dataclasses.dataclass(frozen=True)
class Cut:
    way: str      # "up": to the server, "down": from it, "": nowhere
    after: int = 0
    is_reset: bool = False


class CuttingProxy:
    """Listens on a free port of loopback. Connections beyond the plan are left whole."""

    def __init__(self, target_port, plan=()):
        self.target_port = target_port
        self.plan = list(plan)
        self.taken = 0
        self.cuts = 0
        self.bytes = {"up": 0, "down": 0}  # of all connections
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
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

    def is_exhausted(self):
        with self.lock:
            return self.taken >= len(self.plan)

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with self.lock:
            cut = self.plan[self.taken] if self.taken < len(self.plan) else Cut("")
            self.taken += 1
        try:
            server = socket.create_connection(("127.0.0.1", self.target_port), 30)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        is_cut = threading.Event()
        threads = [threading.Thread(target=self._pump, args=(*ends, way, cut, is_cut), daemon=True)
                   for ends, way in (((client, server), "up"), ((server, client), "down"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one in (client, server):
            if is_cut.is_set() and cut.is_reset:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            one.close()

    def _pump(self, source, sink, way, cut, is_cut):
        left = cut.after if cut.way == way else None
        with contextlib.suppress(OSError):
            while left is None or left > 0:
                data = source.recv(65536 if left is None else min(left, 65536))
                if is_cut.is_set():
                    return
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(data)
                with self.lock:
                    self.bytes[way] += len(data)
                left = None if left is None else left - len(data)
            is_cut.set()
            with self.lock:
                self.cuts += 1
            for one in (source, sink):  # the other pump wakes up, and nothing is sent for it
                one.shutdown(socket.SHUT_RD)
