#!/usr/bin/env python3
"""A proxy that opens tunnels, all of them to one place, whatever host is asked for.

usage: connect-proxy.py HOST:PORT

Prints the port it listens on, then the first line of each request.
"""
import socket
import sys
import threading

host, _, number = sys.argv[1].rpartition(":")


def pump(source, target):
    try:
        while piece := source.recv(1 << 16):
            target.sendall(piece)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(client):
    head = b""
    while b"\r\n\r\n" not in head:
        piece = client.recv(4096)
        if not piece:
            return
        head += piece
    line = head.split(b"\r\n")[0].decode()
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
    if not line.startswith("CONNECT "):
        client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
        return client.close()
    server = socket.create_connection((host, int(number)))
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    threading.Thread(target=pump, args=(client, server), daemon=True).start()
    pump(server, client)


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
