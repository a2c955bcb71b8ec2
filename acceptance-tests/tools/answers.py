#!/usr/bin/env python3
"""A server on the loopback that answers as it is told: IMDS, a container's service, an SSO portal, STS.

usage: answers.py RULES.json LOG

RULES.json is a list; the first rule whose conditions all hold answers, else 404:
    {"path": "/latest/api/token",           the path without its query, or its beginning when it ends in *
     "method": "PUT",                       any when absent
     "header": {"Authorization": "x"},      each as it is here
     "body": "Action=AssumeRole&",          a part of the body
     "status": 200, "answer": "…"}          an object becomes JSON
The first line printed is `ready http://127.0.0.1:PORT`. LOG gets one line a request: method, path, status.
RULES.json is read anew for each request.
"""
import http.server, json, sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = self.path.partition("?")[0]
        with open(sys.argv[1], encoding="utf-8") as rules:
            rule = next((r for r in json.load(rules) if self.fits(r, path, body)), {"status": 404})
        answer = rule.get("answer", "")
        data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        status = rule.get("status", 200)
        with open(sys.argv[2], "a", encoding="utf-8") as log:
            log.write(f"{self.command} {path} {status}\n")
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def fits(self, rule, path, body):
        wanted = rule["path"]
        return ((path.startswith(wanted[:-1]) if wanted.endswith("*") else path == wanted)
                and rule.get("method", self.command) == self.command
                and all(self.headers.get(name) == value for name, value in rule.get("header", {}).items())
                and rule.get("body", "") in body)

    do_GET = do_PUT = do_POST = answer

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
