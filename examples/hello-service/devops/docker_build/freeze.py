"""Writes what is installed in the image into /install, so that two releases can be compared."""

import importlib.metadata
import pathlib

packages = sorted({(found.metadata["Name"], found.version) for found in importlib.metadata.distributions()}, key=lambda p: p[0].lower())
folder = pathlib.Path("/install")
folder.mkdir(exist_ok=True)
(folder / "pip_list.txt").write_text("".join(f"{name}=={version}\n" for name, version in packages))
(folder / "poetry.lock.out").write_text("\n".join(f'[[package]]\nname = "{name}"\nversion = "{version}"\n' for name, version in packages))
