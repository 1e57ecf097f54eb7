"""The container as a whole, from outside, started as a user would start it."""

import http.client
import json
import os
import subprocess
import time
import tomllib

import pytest

from conftest import PROJECT, Client
from hello.news import NEWS

pytestmark = pytest.mark.qa

START_LIMIT_SECONDS = 30


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def image(request) -> str:
    if given := request.config.getoption("--image"):
        return given
    settings = tomllib.loads((PROJECT / "relsh.toml").read_text())
    home = next(iter(settings["registries"].values()))
    return f"{home['base']}/{settings['name']}:{request.config.getoption('--image_stage')}"


@pytest.fixture(scope="module")
def details(image) -> dict:
    return json.loads(docker("image", "inspect", image))[0]["Config"]


@pytest.fixture(scope="module")
def service(request, image):
    # A prod image has the code inside; with the others a user mounts the working copy.
    stage = request.config.getoption("--image_stage")
    mount = [] if stage == "prod" else ["--volume", f"{PROJECT}:/app:ro"]
    # With a name known beforehand, it can be removed even if the tests are interrupted while it starts.
    container = f"hello-qa-{os.getpid()}"
    try:
        docker("run", "--detach", "--name", container, "--publish", "127.0.0.1::8080", *mount, image)
        client = Client(docker("port", container, "8080/tcp").splitlines()[0])
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while True:
            try:
                client.get("/health")
                break
            except (OSError, http.client.HTTPException):
                client.close()
                if time.monotonic() > deadline or docker("inspect", "--format", "{{.State.Running}}", container) != "true":
                    pytest.fail(f"{image} does not answer; its output:\n" + docker("logs", container))
                time.sleep(0.02)
        yield client
        client.close()
    finally:
        # In a session of its own: where the tests are stopped for good meanwhile, the container goes all the same.
        subprocess.run(["docker", "rm", "--force", "--volumes", container], capture_output=True, start_new_session=True)


def test_greets(service):
    status, document = service.get("/?name=QA")
    assert (status, document["message"]) == (200, "Hello, QA!")


def test_is_healthy_and_tells_the_version_of_its_image(service, details):
    status, health = service.get("/health")
    assert (status, health["status"]) == (200, "ok")
    assert health["version"] == details["Labels"]["org.opencontainers.image.version"]


def test_serves_the_code_of_this_working_copy(service):
    _, document = service.get("/news")
    assert document["news"][0] == {"version": NEWS[0][0], "text": NEWS[0][1]}


def test_says_what_it_is(details, request):
    stage = request.config.getoption("--image_stage")
    assert details["Labels"]["hello-service.stage"] == ("prod" if stage == "prod" else "dev")
