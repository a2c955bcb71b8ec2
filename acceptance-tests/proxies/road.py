#!/usr/bin/env python3
"""What stands between a client and AWS, on the loopback.

usage: road.py proxy --to PORT --log FILE [--user NAME:PASSWORD]    an HTTP proxy; every way it opens ends at PORT
       road.py tls --cert FILE --key FILE --to PORT                 takes TLS off and passes on what is inside

The first line printed is `ready PORT`. The proxy's log has one line for each request: `CONNECT host:port` or
`POST http://host/path`, with `user NAME` behind it when the client said who it is.
"""
import argparse, base64, socket, ssl, sys, threading


log_lock = threading.Lock()


def pump(a, b):
    try:
        while data := a.recv(65536):
            b.sendall(data)
    except OSError:
        pass
    for end in (a, b):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def join(a, b):
    thread = threading.Thread(target=pump, args=(a, b), daemon=True)
    thread.start()
    pump(b, a)
    thread.join()
    a.close()
    b.close()


def read_head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None, b""
        data += more
    head, rest = data.split(b"\r\n\r\n", 1)
    return head.decode("latin-1").split("\r\n"), rest


def proxy(connection, options, log):
    lines, rest = read_head(connection)
    if lines is None:
        return connection.close()
    method, target, version = lines[0].split(" ")
    headers = [line.split(": ", 1) for line in lines[1:]]
    said = next((v for n, v in headers if n.lower() == "proxy-authorization"), "")
    user = base64.b64decode(said.removeprefix("Basic ")).decode() if said else ""
    with log_lock:
        log.write(f"{method} {target}{' user ' + user.split(':')[0] if user else ''}\n")
        log.flush()
    if options.user and user != options.user:
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                           b'Proxy-Authenticate: Basic realm="road"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
        return connection.close()
    upstream = socket.create_connection(("127.0.0.1", options.to))
    if method == "CONNECT":
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        upstream.sendall(rest)
    else:
        # One request a connection: the next one may be for another host.
        path = "/" + target.split("://", 1)[1].partition("/")[2]
        kept = [f"{n}: {v}" for n, v in headers if not n.lower().startswith("proxy-")]
        upstream.sendall("\r\n".join([f"{method} {path} {version}", *kept, "Connection: close", "", ""]).encode() + rest)
    join(connection, upstream)


def tls(connection, options, context):
    try:
        inside = context.wrap_socket(connection, server_side=True)
    except (ssl.SSLError, OSError):
        return connection.close()
    join(inside, socket.create_connection(("127.0.0.1", options.to)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["proxy", "tls"])
    for name in ("--log", "--user", "--cert", "--key"):
        parser.add_argument(name)
    parser.add_argument("--to", type=int, required=True)
    options = parser.parse_args()
    if options.kind == "tls":
        more = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        more.load_cert_chain(options.cert, options.key)
    else:
        more = open(options.log, "a", encoding="utf-8")
    serve = {"proxy": proxy, "tls": tls}[options.kind]
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print("ready", listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, options, more), daemon=True).start()


main()
