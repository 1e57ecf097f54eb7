#!/usr/bin/env python3
"""usage: moto-server.py VENV PORT|--prepare

Serves ECS, ECR and S3 on a port of this machine, which is the first line printed, with moto. It and the aws command live in a
virtual environment, which is made where it is not there; with --prepare that is all.
"""

import os
import pathlib
import subprocess
import sys
import venv

place = pathlib.Path(sys.argv[1])
# Written last: an environment that was broken off is made anew.
mark = place / "complete"
if not mark.exists():
    venv.create(place, with_pip=True, clear=True)
    options = ["--quiet", "--disable-pip-version-check", "--retries", "10"]
    subprocess.run([place / "bin/pip", "install", *options, "moto[ecs,ecr,s3,server]", "awscli"], check=True)
    mark.touch()
port = sys.argv[2]
if port == "--prepare":
    sys.exit()

print(port, flush=True)
server = place / "bin/moto_server"
os.dup2(2, 1)
os.execv(server, [server, "-H", "127.0.0.1", "-p", port])
