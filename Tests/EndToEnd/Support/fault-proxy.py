#!/usr/bin/env python3
"""Stands before a registry and lets chosen requests go wrong.

usage: fault-proxy.py HOST:PORT [--port PORT] [METHOD:PART:FAULT:TIMES[:AFTER] ...]

Prints the port it listens on, then a line for each request that comes. A request of METHOD whose path has PART (or ends with it,
where PART ends with $) meets the first rule that still has TIMES left; the first AFTER of them are let through.

  status=N    is answered with status N, and never reaches the registry
  wait=N      is answered with status 429 and Retry-After: N
  limit=N     is answered with status 413 where its body has more than N bytes, and otherwise passed on
  after=N     the connection is reset after N bytes of the request's body have been passed on
  pace=N      the request's body is taken N bytes at a time, with 10 ms between
  lose        is passed on, and the answer is lost
  cut=N       the connection is reset after N bytes of the answer's body
  end=N       the same, but closed as if that were all
  flip        one byte of the answer's body is another
  lie         the answer tells another digest than the content has
  slow=N      the answer's body comes N bytes at a time, with 10 ms between
  die=PID     kills the process PID, which should be the registry, and ends
  last=PID    the same, once the registry has answered
"""
import http.client
import os
import signal
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

target = sys.argv[1]
words = sys.argv[2:]
port = 0
if words[:1] == ["--port"]:
    port = int(words[1])
    words = words[2:]
lock = threading.Lock()
rules = []
for argument in words:
    method, part, fault, times, *skipped = argument.split(":")
    rules.append([method, part, fault, int(times), int(skipped[0]) if skipped else 0])


def fault_for(method, path):
    with lock:
        sys.stdout.write(f"{method} {path}\n")
        sys.stdout.flush()
        for rule in rules:
            part = rule[1]
            found = path.endswith(part[:-1]) if part.endswith("$") else part in path
            if rule[0] == method and found and rule[3] > 0:
                if rule[4] > 0:
                    rule[4] -= 1
                    continue
                rule[3] -= 1
                name, _, number = rule[2].partition("=")
                return name, int(number or 0)
    return None, 0


def die(pid):
    os.kill(pid, signal.SIGKILL)
    os._exit(0)


class Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    @property
    def length(self):
        return int(self.headers.get("Content-Length") or 0)

    def body(self, limit=1 << 60, pace=0):
        left = min(self.length, limit)
        while left > 0:
            piece = self.rfile.read(min(left, pace or 1 << 16))
            if not piece:
                return
            left -= len(piece)
            yield piece
            if pace:
                time.sleep(0.01)

    def refuse(self, status, **fields):
        for _ in self.body():
            pass
        self.send_response(status)
        for field, value in fields.items():
            self.send_header(field.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def forward(self):
        name, number = fault_for(self.command, self.path)
        if name == "die":
            die(number)
        if name == "status":
            return self.refuse(number)
        if name == "wait":
            return self.refuse(429, Retry_After=str(number))
        if name == "limit" and self.length > number:
            return self.refuse(413)
        upstream = http.client.HTTPConnection(target, timeout=60)
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for field, value in self.headers.items():
            upstream.putheader(field, value)
        upstream.endheaders()
        limit = number if name == "after" else 1 << 60
        for piece in self.body(limit, number if name == "pace" else 0):
            upstream.send(piece)
        if name == "after":
            upstream.sock.shutdown(socket.SHUT_WR)
            time.sleep(0.2)
            upstream.close()
            return self.reset()
        answer = upstream.getresponse()
        content = b"" if self.command == "HEAD" else answer.read()
        if name == "last":
            die(number)
        if name == "lose":
            return self.reset()
        if name == "flip" and content:
            middle = len(content) // 2
            content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        self.send_response(answer.status)
        for field, value in answer.getheaders():
            if name == "lie" and field.lower() == "docker-content-digest":
                value = "sha256:" + "0" * 64
            if field.lower() not in ("connection", "transfer-encoding", "content-length", "date"):
                self.send_header(field, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        try:
            if name in ("cut", "end"):
                self.wfile.write(content[:number])
                self.wfile.flush()
                self.close_connection = True
                return self.reset() if name == "cut" else None
            step = number if name == "slow" else len(content) or 1
            for start in range(0, len(content), step):
                self.wfile.write(content[start : start + step])
                if name == "slow":
                    time.sleep(0.01)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = forward


server = ThreadingHTTPServer(("127.0.0.1", port), Proxy)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
