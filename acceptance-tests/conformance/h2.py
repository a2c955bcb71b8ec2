"""HTTP/2 by hand, for guests that do what no client library would."""

import socket
import ssl
import struct

import plugin

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
MAX_CONCURRENT_STREAMS = 3


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def _text(text):
    """An HPACK string without compression."""
    data, most = text.encode(), 127
    if len(data) < most:
        return bytes([len(data)]) + data
    rest, out = len(data) - most, bytes([most])
    while rest >= 128:
        out, rest = out + bytes([rest % 128 + 128]), rest // 128
    return out + bytes([rest]) + data


def header_block(path, extra=()):
    fields = [
        (":method", "POST"),
        (":scheme", "https"),
        (":path", path),
        (":authority", "localhost"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
        *extra,
    ]
    return b"".join(b"\0" + _text(name) + _text(value) for name, value in fields)


def message(data, compressed=0, length=None):
    return struct.pack(">BI", compressed, len(data) if length is None else length) + data


class Connection:
    """One connection. tls: the certificate that is shown; None: none; False: in the clear."""

    def __init__(self, provider, tls=plugin.CLIENT, preface=True):
        self.raw = socket.socket(socket.AF_UNIX)
        self.raw.settimeout(10)
        self.raw.connect(provider.socket)
        if tls is not False:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.set_alpn_protocols(["h2"])
            if tls:
                context.load_cert_chain(tls.file, tls.key_file)
            self.raw = context.wrap_socket(self.raw, server_hostname="localhost")
        self.next_stream = 1
        self.pending = b""
        if preface:
            self.send(PREFACE + frame(SETTINGS, 0, 0))

    def send(self, data):
        self.raw.sendall(data)

    def begin(self, path, end=False, extra=()):
        """The headers of a call; its stream."""
        stream, self.next_stream = self.next_stream, self.next_stream + 2
        block, flags, most = header_block(path, extra), 4 | end, 16000
        pieces = [block[i : i + most] for i in range(0, len(block), most)]
        if len(pieces) == 1:
            self.send(frame(HEADERS, flags, stream, block))
        else:  # CONTINUATION frames
            self.send(frame(HEADERS, flags & ~4, stream, pieces[0]))
            for i, piece in enumerate(pieces[1:], 2):
                self.send(frame(9, 4 if i == len(pieces) else 0, stream, piece))
        return stream

    def frames(self):
        """(kind, flags, stream, payload) until the other end has gone."""
        while True:
            while len(self.pending) < 9 or len(self.pending) < 9 + int.from_bytes(self.pending[:3], "big"):
                try:
                    more = self.raw.recv(65536)
                except (ConnectionError, ssl.SSLError):
                    return
                if not more:
                    return
                self.pending += more
            length, kind, flags = int.from_bytes(self.pending[:3], "big"), self.pending[3], self.pending[4]
            stream = int.from_bytes(self.pending[5:9], "big")
            payload, self.pending = self.pending[9 : 9 + length], self.pending[9 + length :]
            yield kind, flags, stream, payload

    def close(self):
        self.raw.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
