"""A gRPC client that is as little in the way as can be: HTTP/2 by hand over Python's ssl. Python's own gRPC can't be used, since
it does not know the curve P-521 of Go providers' certificates. One call at a time; statuses are not read."""
import socket
import ssl
import struct

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def text(value):
    assert len(value) < 127
    return bytes([len(value)]) + value.encode()


class Connection:
    """Over mutual TLS; ready when the constructor returns."""

    def __init__(self, path, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it measures
        context.set_alpn_protocols(["h2"])
        context.load_cert_chain(certificate.file, certificate.key_file)
        plain = socket.socket(socket.AF_UNIX)
        plain.settimeout(60)
        plain.connect(path)
        self.socket = context.wrap_socket(plain, server_hostname="localhost")
        self.stream, self.rest = -1, b""
        self.socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + self.frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 2**31 - 1)) +
                            self.frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 2**31 - 1 - 65535)))
        settled = 0
        while settled < 2:  # theirs, and their word for ours
            settled += self.read()[0] == SETTINGS

    @staticmethod
    def frame(kind, flags, stream, payload):
        return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload

    def take(self, length):
        while len(self.rest) < length:
            more = self.socket.recv(1 << 20)
            if not more:
                raise EOFError("the provider closed the connection")
            self.rest += more
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def read(self):
        head = self.take(9)
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        payload = self.take(int.from_bytes(head[:3], "big"))
        if kind in (SETTINGS, PING) and not flags & ACK:
            self.socket.sendall(self.frame(kind, ACK, 0, payload if kind == PING else b""))
        return kind, flags, stream, payload

    def call(self, method, request=b""):
        """The answer's message."""
        self.stream += 2
        head = (b"\x83\x87\x04" + text(method) + b"\x01" + text("localhost") + b"\x00" + text("te") + text("trailers") +
                b"\x00" + text("content-type") + text("application/grpc"))
        body = b"\x00" + struct.pack(">I", len(request)) + request
        self.socket.sendall(self.frame(HEADERS, END_HEADERS, self.stream, head) +
                            self.frame(DATA, END_STREAM, self.stream, body))
        pieces = []
        while True:
            kind, flags, stream, payload = self.read()
            if kind == GOAWAY or (kind == RST_STREAM and stream == self.stream):
                raise EOFError(f"{method} was refused")
            if stream != self.stream:
                continue
            if kind == DATA:
                pieces.append(payload)
            if kind in (DATA, HEADERS) and flags & END_STREAM:
                message = b"".join(pieces)
                if len(message) < 5:
                    raise EOFError(f"{method} has no answer")
                return message[5:]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
