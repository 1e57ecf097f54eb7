#!/usr/bin/env python3
"""usage: web-hook.py FAILURES

A chat's web hook on a free port, which is the first line printed. It answers the first FAILURES messages with 503; each message is
printed with the answer it got: `200 {"text": "…"}`.
"""

import http.server
import sys

left = int(sys.argv[1])


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global left
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status = 503 if left > 0 else 200
        left -= 1
        print(status, self.path, self.headers["Content-Type"], body, flush=True)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
