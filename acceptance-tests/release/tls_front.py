"""TLS in front of the simulated AWS: forwards bytes, knows nothing of HTTP.

usage: tls_front.py TARGET_PORT CERTIFICATE KEY [1.2]    prints the port it listens at; ends with its standard input
"""
import socket
import ssl
import sys
import threading


def forward(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(context, plain, target):
    try:
        with context.wrap_socket(plain, server_side=True) as outside:
            with socket.create_connection(("127.0.0.1", target)) as inside:
                thread = threading.Thread(target=forward, args=(inside, outside), daemon=True)
                thread.start()
                forward(outside, inside)
                thread.join()
    except OSError:  # the client did not like the certificate, for instance
        pass


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    if sys.argv[4:] == ["1.2"]:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)

    def accept():
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=serve, args=(context, plain, int(sys.argv[1])), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


main()
