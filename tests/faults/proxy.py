"""A road to PostgreSQL that can go silent, refuse or reset."""

import socket
import threading
from contextlib import contextmanager, suppress


class Proxy:
    """Carry bytes between 127.0.0.1 and the socket of a server, until told to swallow them."""

    def __init__(self, target):
        self._target = target
        self._flows = threading.Event()
        self._flows.set()
        self._ends = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._serve()

    def silence(self):
        """Answer nothing more, on connections that stand and on new ones."""
        self._flows.clear()

    def speak(self):
        self._flows.set()

    def refuse(self):
        """Listen no more, and reset what stands."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.reset()

    def listen(self):
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._serve()

    def reset(self):
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                end.shutdown(socket.SHUT_RDWR)

    def _serve(self):
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def _accept(self, listener):
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                self._ends += [client, server]
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=[source, target], daemon=True).start()

    def _carry(self, source, target):
        with suppress(OSError), source, target:
            while data := source.recv(65536):
                if self._flows.is_set():
                    target.sendall(data)
            for end in (source, target):  # the other thread reads from it
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy_to(target):
    """Yield a Proxy; what is left of it ends with the block."""
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.speak()
        proxy.refuse()
