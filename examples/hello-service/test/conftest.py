import http.client
import json
import pathlib
import threading

import pytest

from hello.server import Server

PROJECT = pathlib.Path(__file__).resolve().parent.parent


def pytest_addoption(parser):
    parser.addoption("--image_stage", default="dev", choices=["local", "dev", "prod"], help="stage of the image that QA starts")
    parser.addoption("--image", default=None, help="image that QA starts (default: the stage's moving tag in the home registry)")


class Client:
    """Asks one server over one kept connection."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(address, timeout=5)

    def get(self, path: str) -> tuple[int, dict]:
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def close(self) -> None:
        self.connection.close()


@pytest.fixture
def address():
    """A server of this code in this process."""
    server = Server("127.0.0.1", 0, quiet=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(address):
    client = Client(address)
    yield client
    client.close()
