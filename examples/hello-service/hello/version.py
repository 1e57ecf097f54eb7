import os
import pathlib

CHANGELOG = pathlib.Path(__file__).resolve().parent.parent / "changelog.txt"


def code_version() -> str:
    """The version of the code: the newest heading of the changelog."""
    for line in CHANGELOG.read_text().splitlines():
        if line.startswith("# "):
            return line.rpartition("-")[2]
    raise ValueError(f"{CHANGELOG} has no heading")


def container_version() -> str:
    """The version of the image this runs in, or the code's own outside any image."""
    return os.environ.get("AM_CONTAINER_VERSION") or code_version()
