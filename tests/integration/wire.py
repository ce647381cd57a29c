"""HTTP/1.1 over a plain socket: sends exact bytes, reads a response piece by piece.

Nothing here knows TQL. A response is read strictly (chunk sizes, terminators, lengths), so that a
malformed one fails the test that got it.
"""

import json
import socket
import ssl

# A faulty server must fail a test instead of blocking it. No test passes because of this timeout.
PATIENCE = 120.0


class WireError(AssertionError):
    """The bytes from the server are not an HTTP response."""


def unverified_tls():
    """Like the vendor's client: TLS without verification."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Head:
    """Status and headers of a response."""

    def __init__(self, text):
        lines = text.split("\r\n")
        version, status, *_ = lines[0].split(" ", 2)
        if not version.startswith("HTTP/1."):
            raise WireError(f"not a status line: {lines[0]!r}")
        self.status = int(status)
        self.headers = []
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon:
                raise WireError(f"not a header: {line!r}")
            self.headers.append((name, value.strip()))

    def get(self, name, default=None):
        values = self.get_all(name)
        return values[0] if values else default

    def get_all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def keeps_alive(self):
        return self.get("Connection", "keep-alive").lower() != "close"


class Response:
    """A whole response."""

    def __init__(self, head, body):
        self.head = head
        self.status = head.status
        self.body = body

    def get(self, name, default=None):
        return self.head.get(name, default)

    @property
    def text(self):
        return self.body.decode("utf-8")

    def json(self):
        return json.loads(self.body)


def request_bytes(method, path, headers=(), body=b""):
    """A request as bytes. Adds Host and Content-Length if `headers` lacks them."""
    if isinstance(body, str):
        body = body.encode()
    headers = list(headers.items() if isinstance(headers, dict) else headers)
    names = {name.lower() for name, _ in headers}
    if "host" not in names:
        headers.insert(0, ("Host", "localhost"))
    if "content-length" not in names and "transfer-encoding" not in names:
        if body or method in ("POST", "PUT"):
            headers.append(("Content-Length", str(len(body))))
    lines = [f"{method} {path} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Connection:
    """One connection to the server, for consecutive requests."""

    def __init__(self, address, tls=None):
        self._socket = socket.create_connection(address, timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self._socket = tls.wrap_socket(self._socket, server_hostname="localhost")
        self._buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    @property
    def port(self):
        """The local port."""
        return self._socket.getsockname()[1]

    def reset(self):
        """Closes without an orderly shutdown: the server sees a connection reset."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self._socket.close()

    def finish_sending(self):
        """Closes the sending half: the server sees the end of input."""
        self._socket.shutdown(socket.SHUT_WR)

    def send(self, data):
        self._socket.sendall(data)

    def send_request(self, method, path, headers=(), body=b""):
        self.send(request_bytes(method, path, headers, body))

    def request(self, method, path, headers=(), body=b""):
        self.send_request(method, path, headers, body)
        return self.read_response()

    def at_end(self):
        """Waits for a byte or the end; returns whether it was the end."""
        return not self._buffer and not self._fill()

    def read_response(self):
        head = self.read_head()
        return Response(head, b"".join(self.pieces(head)))

    def read_head(self):
        head = Head(self._until(b"\r\n\r\n").decode("latin-1"))
        return head if head.status != 100 else self.read_head()

    def pieces(self, head):
        """The pieces of the body, each as soon as it has arrived."""
        if head.status in (204, 304):
            return
        if (head.get("Transfer-Encoding") or "").lower() == "chunked":
            yield from self._chunks()
        elif head.get("Content-Length") is not None:
            left = int(head.get("Content-Length"))
            while left:
                piece = self._some(left)
                left -= len(piece)
                yield piece
        else:
            while not self.at_end():
                yield self._some(len(self._buffer))

    def lines(self, head):
        """The lines of the body without their ends, each as soon as it has arrived."""
        begun = []
        for piece in self.pieces(head):
            *ends, rest = piece.split(b"\n")
            for end in ends:
                yield b"".join([*begun, end])
                begun = []
            if rest:
                begun.append(rest)
        if begun:
            raise WireError(f"the last line has no end: {begun[0][:100]!r}")

    def _chunks(self):
        while True:
            size = int(self._until(b"\r\n").split(b";")[0], 16)
            left = size
            while left:
                piece = self._some(left)
                left -= len(piece)
                yield piece
            if size == 0:
                while self._until(b"\r\n"):  # trailers
                    pass
                return
            if self._exactly(2) != b"\r\n":
                raise WireError("a chunk is longer than its size")

    def _fill(self):
        try:
            data = self._socket.recv(1 << 16)
        except ConnectionResetError:
            data = b""
        self._buffer += data
        return bool(data)

    def _until(self, end):
        start = 0
        while (at := self._buffer.find(end, start)) < 0:
            start = max(0, len(self._buffer) - len(end))
            if not self._fill():
                raise WireError(f"the connection ended within {self._buffer[:100]!r}")
        text, self._buffer = self._buffer[:at], self._buffer[at + len(end):]
        return text

    def _some(self, at_most):
        if not self._buffer and not self._fill():
            raise WireError("the connection ended within a body")
        data, self._buffer = self._buffer[:at_most], self._buffer[at_most:]
        return data

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            data += self._some(count - len(data))
        return data
