from hello.news import NEWS
from hello.version import code_version, container_version


def test_newest_news_belongs_to_the_version_of_the_code():
    assert NEWS[0][0] == code_version()


def test_container_version_is_the_image_s(monkeypatch):
    monkeypatch.setenv("AM_CONTAINER_VERSION", "7.8.9")
    assert container_version() == "7.8.9"


def test_container_version_outside_an_image_is_the_code_s(monkeypatch):
    monkeypatch.delenv("AM_CONTAINER_VERSION", raising=False)
    assert container_version() == code_version()
