import http.server
import json
import signal
import sys
import threading
import time
import urllib.parse

from hello.greeting import greet
from hello.news import NEWS
from hello.version import container_version


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes; without this the second waits for the client's delayed acknowledgement.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/":
            name = urllib.parse.parse_qs(url.query).get("name", [""])[0]
            try:
                self.answer(200, {"message": greet(name), "version": container_version()})
            except ValueError as error:
                self.answer(400, {"error": str(error)})
        elif url.path == "/health":
            uptime = time.monotonic() - self.server.started
            self.answer(200, {"status": "ok", "version": container_version(), "uptime_seconds": round(uptime, 3)})
        elif url.path == "/news":
            self.answer(200, {"news": [{"version": version, "text": text} for version, text in NEWS]})
        else:
            self.answer(404, {"error": f"nothing at {url.path}"})

    def answer(self, status: int, document: dict) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        if not self.server.quiet:
            super().log_message(format, *arguments)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, quiet: bool = False) -> None:
        self.started = time.monotonic()
        self.quiet = quiet
        super().__init__((host, port), Handler)


def serve(host: str, port: int) -> None:
    server = Server(host, port)

    # As process 1 of a container nothing else would end this on SIGTERM; shutdown() would wait for the loop it interrupts.
    def stop(signum: int, frame: object) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"hello-service {container_version()} listens on {host}:{port}", file=sys.stderr, flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
