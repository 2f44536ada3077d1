"""A network that breaks: a TCP proxy that cuts connections where a test says so."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass


@dataclass
class Cut:
    """Where one connection is cut."""

    request: bytes
    """What the request that is cut has in its first line, such as PATCH."""
    sent: int = 2**62
    """How many bytes still go to the server, from that request on."""
    received: int = 2**62
    """How many bytes of the reply still come."""


class CuttingProxy:
    """Passes connections on to a port of this computer; each of `cuts` happens once."""

    def __init__(self, port: int, *cuts: Cut) -> None:
        self.port_there = port
        self.cuts = list(cuts)
        self.heads: list[bytes] = []
        """The heads of all requests, as far as they came in one piece."""
        self._listener = socket.create_server(("0.0.0.0", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def values(self, header: str) -> list[str]:
        """Return the values of a header in all requests that have it, in their order."""
        pattern = re.compile(rf"^{header}: (.*?)\r?$".encode(), re.I | re.M)
        return [match.decode() for head in self.heads for match in pattern.findall(head)]

    def close(self) -> None:
        """End it and all connections."""
        for one in [self._listener, *self._open]:
            _end(one)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                there = socket.create_connection(("127.0.0.1", self.port_there))
                self._open += [here, there]
                left = Cut(b"")
                for pump in (self._send, self._receive):
                    arguments = (here, there, left)
                    threading.Thread(target=pump, args=arguments, daemon=True).start()

    def _send(self, here: socket.socket, there: socket.socket, left: Cut) -> None:
        with suppress(OSError):
            while data := here.recv(65536):
                line = data.partition(b"\r\n")[0]
                if line.endswith(b"HTTP/1.1"):
                    self.heads.append(data.partition(b"\r\n\r\n")[0])
                    for cut in self.cuts:
                        if cut.request in line:
                            self.cuts.remove(cut)
                            left.sent, left.received = cut.sent, cut.received
                            break
                there.sendall(data[: left.sent])
                left.sent -= len(data)
                if left.sent < 0:
                    break
        _end(here)
        _end(there)

    def _receive(self, here: socket.socket, there: socket.socket, left: Cut) -> None:
        with suppress(OSError):
            while data := there.recv(65536):
                here.sendall(data[: left.received])
                left.received -= len(data)
                if left.received < 0:
                    break
        _end(here)
        _end(there)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
