#!/usr/bin/env python3
"""What `scripts/bench-registry.sh` runs: says there what is compared."""
import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("--runs", type=int, required=True)
parser.add_argument("--layer", type=int, required=True, help="in MiB")
parser.add_argument("relsh")
parser.add_argument("repo")
options = parser.parse_args()
relsh = options.relsh
work = tempfile.mkdtemp(prefix="relsh-bench-")
place = f"bench-{os.getpid()}"


def say(text):
    print(f"bench-registry: {text}", file=sys.stderr, flush=True)


def median(numbers):
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def run(words, directory=work):
    """Seconds, and the most memory that the program itself had at a time, in MiB."""
    log = os.path.join(work, "log")
    started = time.perf_counter()
    with open(log, "w") as output:
        process = subprocess.Popen(words, cwd=directory, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    elapsed = time.perf_counter() - started
    if process.returncode:
        sys.stderr.write("".join(open(log).readlines()[-40:]))
        raise SystemExit(f"bench-registry: {' '.join(words)} ended with {process.returncode}")
    return elapsed, usage.ru_maxrss / 1024


def quietly(*words):
    subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Registry:
    """A docker-registry with a directory of its own."""

    running = []

    def __init__(self, name):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        self.directory = os.path.join(work, name)
        os.makedirs(self.directory)
        config = os.path.join(self.directory, "config.yml")
        with open(config, "w") as file:
            file.write(f'version: 0.1\nstorage: {{filesystem: {{rootdirectory: "{self.directory}/data"}}}}\n')
            file.write(f'http: {{addr: "{self.address}"}}\nlog: {{accesslog: {{disabled: false}}}}\n')
        self.log = os.path.join(self.directory, "log")
        with open(self.log, "w") as output:
            self.process = subprocess.Popen(["docker-registry", "serve", config], stdout=output, stderr=output)
        Registry.running.append(self)
        for _ in range(400):
            try:
                urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://{self.address}/v2/", timeout=2)
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"bench-registry: a registry did not start; see {self.log}")

    def uploads(self):
        """The requests that carried or began to carry a blob."""
        with open(self.log) as log:
            return len(re.findall(r'"(?:POST|PATCH|PUT) /v2/[^ ]*/blobs/uploads/', log.read()))

    def stop(self):
        Registry.running.remove(self)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


# ---- Mirroring

def relsh_copy(source, targets):
    names = ", ".join(f'Image("{target}/copy/big:1")' for target in targets)
    return run([relsh, "-e", f'registry.copy(Image("{source}/team/big:1"), to: [{names}])'])


def skopeo(source, targets):
    plain = ["--src-tls-verify=false", "--dest-tls-verify=false"]
    each = [
        run(["skopeo", "copy", *plain, f"docker://{source}/team/big:1", f"docker://{target}/copy/big:1"])
        for target in targets
    ]
    return sum(seconds for seconds, _ in each), max(memory for _, memory in each)


def imagetools(source, targets):
    tags = [word for target in targets for word in ("--tag", f"{target}/copy/big:1")]
    return run(["docker", "buildx", "imagetools", "create", *tags, f"{source}/team/big:1"])


def engine(source, targets):
    seconds = run(["docker", "pull", "-q", f"{source}/team/big:1"])[0]
    for target in targets:
        seconds += run(["docker", "tag", f"{source}/team/big:1", f"{target}/copy/big:1"])[0]
        seconds += run(["docker", "push", "-q", f"{target}/copy/big:1"])[0]
    return seconds, None


def forget(source, targets):
    quietly("docker", "rmi", "--force", f"{source}/team/big:1", *(f"{target}/copy/big:1" for target in targets))


def mirror():
    tools = {
        "relsh": relsh_copy, "skopeo copy, twice": skopeo, "docker buildx imagetools create": imagetools,
        "docker pull, tag, push": engine,
    }
    source = Registry("source")
    script = os.path.join(options.repo, "scripts", "seed-image.py")
    subprocess.run(
        ["python3", script, source.address, "team/big", "1", "5", str(options.layer << 20)], check=True,
        stdout=subprocess.DEVNULL)
    times = {name: [] for name in tools}
    memory = {name: [] for name in tools}
    again, uploads = [], []
    names = list(tools)
    for turn in range(options.runs):
        for name in names[turn % len(names):] + names[:turn % len(names)]:
            # New registries, at new addresses: no tool remembers what it once brought there.
            targets = [Registry(f"target-{number}") for number in range(2)]
            addresses = [target.address for target in targets]
            os.sync()
            seconds, peak = tools[name](source.address, addresses)
            times[name].append(seconds)
            memory[name].append(peak)
            say(f"mirror    {name}: {seconds:.2f} s")
            if name == "relsh":
                before = sum(target.uploads() for target in targets)
                again.append(relsh_copy(source.address, addresses)[0])
                uploads.append(sum(target.uploads() for target in targets) - before)
            forget(source.address, addresses)
            for target in targets:
                target.stop()
    source.stop()
    best = min(median(times[name]) for name in names if name != "relsh")
    ours = median(times["relsh"])
    print(f"\nMedians of {options.runs} mirrors each, taking turns, on {os.cpu_count()} processors: five layers of "
          f"{options.layer} MiB to two registries.\n")
    print("| mirror | time | relsh is at | peak of memory |\n|---|---|---|---|")
    for name in names:
        peak = "in the engine" if memory[name][0] is None else f"{max(memory[name]):.0f} MiB"
        print(f"| {name} | {median(times[name]):.2f} s | {ours / median(times[name]):.2f} | {peak} |")
    print(f"| relsh, once more | {median(again):.2f} s | | {max(uploads)} uploads |")
    print(f"\nrelsh is at {ours / best:.2f} of the best of the others.", flush=True)


# ---- Releasing for two platforms

def release():
    project = os.path.join(work, "two-platforms")
    subprocess.run(
        [os.path.join(options.repo, "examples/two-platforms/make-history.sh"), project], check=True,
        stdout=subprocess.DEVNULL)
    settings = os.path.join(project, "relsh.toml")
    text = open(settings).read().replace('/team"', f'/{place}"')
    for suite in ("slow", "superslow"):
        text += f'\n[tests.{suite}]\ncommand = ["/check"]\ntimeout = "1m"\n'
    open(settings, "w").write(text)
    git = ["git", "-C", project, "-c", "user.name=b", "-c", "user.email=b@example.com"]
    next_version = [1]

    def once(who):
        version = f"1.{next_version[0]}.0"
        next_version[0] += 1
        changelog = os.path.join(project, "changelog.txt")
        held = open(changelog).read()
        open(changelog, "w").write(f"# two-platforms-{version}\n- 2025-10-07\n- Change {version}\n\n{held}")
        subprocess.run([*git, "commit", "-q", "-a", "-m", f"Change {version}"], check=True)
        subprocess.run([*git, "push", "-q"], check=True)
        if who == "relsh":
            dev = ["docker_release_multi_build_dev_image", "--superslow-tests", "--version", version]
            prod = ["docker_release_multi_arch_prod_image", "--version", version]
            seconds = [run([relsh, *words], project)[0] for words in (dev, prod)]
        else:
            script = os.path.join(options.repo, "scripts", "incumbent.sh")
            seconds = [run([script, project, version, f"multi-{stage}"], project)[0] for stage in ("dev", "prod")]
        say(f"release   {who}: {seconds[0]:.2f} s dev, {seconds[1]:.2f} s prod")
        return seconds

    once("incumbent")
    once("relsh")
    times = {"incumbent": [], "relsh": []}
    for turn in range(options.runs):
        for who in ("incumbent", "relsh") if turn % 2 else ("relsh", "incumbent"):
            times[who].append(once(who))
    print(f"\nMedians of {options.runs} releases each, taking turns: two platforms, three suites, three registries, code "
          "changed.\n")
    print("| release | relsh | one command after the other | ratio |\n|---|---|---|---|")
    for stage, numbers in (("dev", [0]), ("prod", [1]), ("dev and prod", [0, 1])):
        ours, theirs = (
            median([sum(pair[number] for number in numbers) for pair in times[who]]) for who in ("relsh", "incumbent"))
        print(f"| {stage} | {ours:.2f} s | {theirs:.2f} s | {ours / theirs:.2f} |", flush=True)


def clean_up():
    images = subprocess.run(
        ["docker", "images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference=*/{place}/*"],
        capture_output=True, text=True).stdout.split()
    if images:
        quietly("docker", "rmi", "--force", *images)
    shutil.rmtree(work, ignore_errors=True)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
try:
    mirror()
    release()
finally:
    for registry in list(Registry.running):
        registry.stop()
    clean_up()
