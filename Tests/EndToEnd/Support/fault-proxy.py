#!/usr/bin/env python3
"""Stands before a registry and lets chosen requests go wrong.

usage: fault-proxy.py HOST:PORT [METHOD:PART:FAULT:TIMES ...]

Prints the port it listens on. A request of METHOD whose path has PART meets the first rule that still has TIMES left:

  status=N    is answered with status N, and never reaches the registry
  after=N     the connection is reset after N bytes of the request's body have been passed on
  cut=N       the connection is reset after N bytes of the answer's body
  flip        one byte of the answer's body is another
  slow=N      the answer's body comes N bytes at a time, with 10 ms between
"""
import http.client
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

target = sys.argv[1]
lock = threading.Lock()
rules = []
for argument in sys.argv[2:]:
    method, part, fault, times = argument.split(":")
    rules.append([method, part, fault, int(times)])


def fault_for(method, path):
    with lock:
        for rule in rules:
            if rule[0] == method and rule[1] in path and rule[3] > 0:
                rule[3] -= 1
                name, _, number = rule[2].partition("=")
                return name, int(number or 0)
    return None, 0


class Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def body(self, limit):
        left = min(int(self.headers.get("Content-Length") or 0), limit)
        while left > 0:
            piece = self.rfile.read(min(left, 1 << 16))
            if not piece:
                return
            left -= len(piece)
            yield piece

    def forward(self):
        name, number = fault_for(self.command, self.path)
        if name == "status":
            for _ in self.body(1 << 60):
                pass
            self.send_response(number)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        upstream = http.client.HTTPConnection(target, timeout=30)
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for field, value in self.headers.items():
            upstream.putheader(field, value)
        upstream.endheaders()
        for piece in self.body(number if name == "after" else 1 << 60):
            upstream.send(piece)
        if name == "after":
            upstream.sock.shutdown(socket.SHUT_WR)
            time.sleep(0.2)
            upstream.close()
            return self.reset()
        answer = upstream.getresponse()
        content = b"" if self.command == "HEAD" else answer.read()
        if name == "flip" and content:
            middle = len(content) // 2
            content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        self.send_response(answer.status)
        for field, value in answer.getheaders():
            if field.lower() not in ("connection", "transfer-encoding", "content-length", "date"):
                self.send_header(field, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        try:
            if name == "cut":
                self.wfile.write(content[:number])
                self.wfile.flush()
                return self.reset()
            step = number if name == "slow" else len(content) or 1
            for start in range(0, len(content), step):
                self.wfile.write(content[start : start + step])
                if name == "slow":
                    time.sleep(0.01)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = forward


server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
