#!/usr/bin/env python3
"""Puts an image of random layers into a registry, without an engine.

usage: seed-image.py ADDRESS REPOSITORY TAG LAYERS BYTES-EACH

Speaks plain HTTP, without a password. Prints the digest of the image. The layers are tar archives of one file each, so that an
engine can pull it.
"""
import hashlib
import http.client
import io
import json
import os
import sys
import tarfile

address, repository, tag, layers, size = sys.argv[1:4] + [int(number) for number in sys.argv[4:6]]
connection = http.client.HTTPConnection(address, timeout=60)


def ask(method, path, body=None, headers=None, expected=(200, 201, 202)):
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    answer.read()
    if answer.status not in expected:
        sys.exit(f"seed-image: {address} answered {answer.status} to {method} {path}")
    return answer


def upload(content, kind):
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    place = ask("POST", f"/v2/{repository}/blobs/uploads/").getheader("Location")
    place = place[place.index("/v2/"):] + ("&" if "?" in place else "?") + "digest=" + digest
    ask("PUT", place, content, {"Content-Type": "application/octet-stream"})
    return {"mediaType": kind, "digest": digest, "size": len(content)}


described = []
for number in range(layers):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo(f"part-{number}")
        entry.size = size
        tar.addfile(entry, io.BytesIO(os.urandom(size)))
    described.append(upload(archive.getvalue(), "application/vnd.oci.image.layer.v1.tar"))
config = {
    "architecture": "amd64", "os": "linux", "config": {"Cmd": ["/part-0"]},
    "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in described]},
}
manifest = json.dumps({
    "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": upload(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"), "layers": described,
}).encode()
ask("PUT", f"/v2/{repository}/manifests/{tag}", manifest, {"Content-Type": "application/vnd.oci.image.manifest.v1+json"})
print("sha256:" + hashlib.sha256(manifest).hexdigest())
