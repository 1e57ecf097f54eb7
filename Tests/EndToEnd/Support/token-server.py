#!/usr/bin/env python3
"""Hands out tokens that a docker-registry with `auth: token` takes.

usage: token-server.py DIRECTORY USER PASSWORD LIFE CLAIMED

Makes a key and a certificate in DIRECTORY, prints the port it listens on, then the scopes of each token it gives. Whoever gives
USER and PASSWORD gets every scope asked for; nobody else gets any. A token is good for LIFE seconds and says that it is good for
CLAIMED.
"""
import base64
import json
import subprocess
import sys
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

directory, user, password = sys.argv[1:4]
life, claimed = float(sys.argv[4]), int(sys.argv[5])
key, certificate = f"{directory}/token.key", f"{directory}/token.crt"
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=token", "-keyout", key,
     "-out", certificate], check=True, stderr=subprocess.DEVNULL)
lines = open(certificate).read().split("-----")[2].split()
# Registries let a token live this much longer than it says, for clocks that differ.
leeway = 60


def text(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token(scopes):
    access = []
    for scope in scopes:
        kind, name, actions = scope.split(":")
        access.append({"type": kind, "name": name, "actions": actions.split(",")})
    now = time.time()
    claims = {
        "iss": "tests", "sub": user, "aud": "registry", "exp": int(now + life - leeway), "nbf": int(now - 600),
        "iat": int(now - 600), "jti": str(now), "access": access,
    }
    head = {"typ": "JWT", "alg": "RS256", "x5c": ["".join(lines)]}
    signed = ".".join(text(json.dumps(part).encode()) for part in (head, claims))
    signature = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", key], input=signed.encode(), stdout=subprocess.PIPE, check=True).stdout
    return f"{signed}.{text(signature)}"


class Tokens(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            return self.answer(401, {"errors": [{"code": "UNAUTHORIZED", "message": "incorrect username or password"}]})
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        scopes = query.get("scope", [])
        sys.stdout.write(" ".join(scopes) + "\n")
        sys.stdout.flush()
        self.answer(200, {"token": token(scopes), "expires_in": claimed})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Tokens)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
