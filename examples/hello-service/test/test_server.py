import concurrent.futures

import pytest

from conftest import Client
from hello.greeting import greet
from hello.version import container_version


def test_greets_by_name(client):
    assert client.get("/?name=Ada") == (200, {"message": "Hello, Ada!", "version": container_version()})


def test_is_healthy(client):
    status, health = client.get("/health")
    assert (status, health["status"], health["version"]) == (200, "ok", container_version())


def test_tells_the_news(client):
    status, document = client.get("/news")
    assert status == 200
    assert document["news"][-1]["version"] == "0.9.0"


def test_refuses_what_it_does_not_know(client):
    assert client.get("/nowhere")[0] == 404
    assert client.get("/?name=" + "x" * 65)[0] == 400


@pytest.mark.slow
def test_answers_one_client_many_times(client):
    for number in range(6000):
        status, document = client.get(f"/?name=client+{number}")
        assert (status, document["message"]) == (200, greet(f"client {number}"))


@pytest.mark.superslow
def test_answers_many_clients_at_once(address):
    def talk(number: int) -> int:
        served = 0
        for turn in range(36):
            client = Client(address)
            for question in range(10):
                name = f"{number}.{turn}.{question}"
                served += client.get(f"/?name={name}") == (200, {"message": greet(name), "version": container_version()})
            client.close()
        return served

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(talk, range(16))) == 16 * 36 * 10
