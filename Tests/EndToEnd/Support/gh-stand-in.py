#!/usr/bin/env python3
"""Stands in for GitHub's gh where nobody is logged in: answers what relsh asks, and records each call.

GH_STAND_IN names a directory: calls are added to `calls.jsonl`, issues are read from `issues.json`, pull requests are kept in
`pulls.json`. What it was not taught is an error, as are labels the repository does not have.
"""

import json
import os
import pathlib
import sys

folder = pathlib.Path(os.environ["GH_STAND_IN"])
labels = {"Automated release"}


def load(name, default):
    path = folder / name
    return json.loads(path.read_text()) if path.exists() else default


def fail(message):
    print(message, file=sys.stderr)
    sys.exit(1)


def options(words):
    """Values by option; an option may come several times."""
    found = {}
    for name, value in zip(words[::2], words[1::2], strict=True):
        found.setdefault(name, []).append(value)
    return found


words = sys.argv[1:]
with (folder / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps(words) + "\n")
pulls = load("pulls.json", [])

match words:
    case ["issue", "view", number, "--json", fields]:
        issue = load("issues.json", {}).get(number)
        if issue is None:
            fail("GraphQL: Could not resolve to an issue or pull request with the number of " + number)
        print(json.dumps({field: issue.get(field) for field in fields.split(",")}))
    case ["pr", "list", "--head", head, "--state", "open", "--json", "url"]:
        print(json.dumps([{"url": pull["url"]} for pull in pulls if pull["head"] == head and pull["state"] == "open"]))
    case ["pr", "create", *rest]:
        given = options(rest)
        for label in given.get("--label", []):
            if label not in labels:
                fail(f"could not add label: '{label}' not found")
        url = f"https://github.example/team/hello-service/pull/{len(pulls) + 1}"
        pulls.append({"url": url, "head": given["--head"][0], "state": "open", "given": given})
        print(url)
    case ["pr", "close", url]:
        matching = [pull for pull in pulls if url in (pull["url"], pull["head"])]
        if not matching:
            fail(f"no pull requests found for {url}")
        for pull in matching:
            pull["state"] = "closed"
    case _:
        fail(f"the stand-in does not know: gh {' '.join(words)}")
(folder / "pulls.json").write_text(json.dumps(pulls, indent=1))
