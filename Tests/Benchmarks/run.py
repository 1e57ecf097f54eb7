"""Runs the programs of this folder in relsh, Lua, CPython and starlark, taking turns, and prints a table in Markdown.

usage: run.py [--runs N] [--only NAME,…] RELSH

What is compared is the processor time of the whole process, start-up included; for starlark, which runs inside Python, the time of
the evaluation alone. Every program must print the same in all languages, or the run ends with 1.
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LANGUAGES = ["relsh", "lua", "python", "starlark"]
SUFFIX = {"relsh": "rel", "lua": "lua", "python": "py", "starlark": "star"}


def command(language, program, relsh):
    path = str(HERE / f"{program}.{SUFFIX[language]}")
    return {
        "relsh": [relsh, path],
        "lua": ["lua5.4", path],
        "python": [sys.executable, "-S", "-E", path],
        "starlark": [sys.executable, str(HERE / "starlark_program.py"), path],
    }[language]


class Failed(Exception):
    pass


def measure(words):
    """What it printed, the processor seconds it took, and the most memory it held, in MB."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        pid = os.posix_spawnp(words[0], words, os.environ, file_actions=[
            (os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)])
        _, status, used = os.wait4(pid, 0)
        output.seek(0)
        errors.seek(0)
        if os.waitstatus_to_exitcode(status) != 0:
            raise Failed(f"{' '.join(words)} failed: {errors.read().decode()[-2000:]}")
        return output.read().decode(), errors.read().decode(), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def run_once(language, program, relsh):
    printed, errors, seconds, _ = measure(command(language, program, relsh))
    if language == "starlark":
        seconds = float(errors)
    return printed.split(), seconds


def compare(programs, runs, relsh):
    """Seconds by program and language: medians of `runs` runs that take turns."""
    times = {}
    for program in programs:
        languages = [each for each in LANGUAGES if (HERE / f"{program}.{SUFFIX[each]}").exists()]
        results = {}
        measured = {each: [] for each in languages}
        for turn in range(runs + 1):
            for language in languages:
                printed, seconds = run_once(language, program, relsh)
                results[language] = printed
                if turn > 0:
                    measured[language].append(seconds)
        if len({tuple(each) for each in results.values()}) != 1:
            raise Failed(f"{program}: the languages do not agree: {results}")
        times[program] = {each: statistics.median(values) for each, values in measured.items()}
        print(f"bench: {program} done", file=sys.stderr)
    return times


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values))


def print_table(times, runs):
    print(f"Medians of {runs} runs that took turns, on {os.cpu_count()} processors; processor time in ms, and the time of relsh")
    print("as a multiple of the other's (below 1 relsh is faster).\n")
    print("| program | relsh | Lua | CPython | starlark | to Lua | to CPython | to starlark |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for program, seconds in times.items():
        cells = [f"{seconds[each] * 1000:.0f}" if each in seconds else "–" for each in LANGUAGES]
        ratios = [f"{seconds['relsh'] / seconds[each]:.2f}" if each in seconds else "–" for each in LANGUAGES[1:]]
        print(f"| {program} | {' | '.join(cells + ratios)} |")
    means = []
    for language in LANGUAGES[1:]:
        shared = [each for each in times.values() if language in each]
        means.append(f"{geometric_mean(each['relsh'] / each[language] for each in shared):.2f}")
    print(f"| geometric mean | | | | | {' | '.join(means)} |")


BLOCK = """
## Build service NUMBER.
recipe build_NUMBER(
    ## The version to build.
    version: Str = "1.NUMBER.0",
    push: Bool = false,
) {
    let settings = {name: "service-NUMBER", tags: ["dev", version], retries: NUMBER}
    for tag in settings.tags {
        step "Tag ${tag}" {
            $ docker build --tag registry.example.com/team/service-NUMBER:${tag} .
        }
    }
    if push and settings.retries > 0 { print("pushing", total_NUMBER([1, 2, 3], factor: 2)) }
}

fn total_NUMBER(items, factor = 1) {
    var sum = 0
    for i, item in items {
        if item % 2 == 0 { sum += item * factor } else { sum -= i }
    }
    return sum
}
"""


def large_recipe():
    """As many blocks as come nearest to 10,000 lines, and then empty functions."""
    whole = 10_000 // BLOCK.count("\n")
    text = "".join(BLOCK.replace("NUMBER", str(number)) for number in range(whole))
    return text + "".join(f"fn last_{number}() {{ }}\n" for number in range(10_000 - text.count("\n")))


def print_starts(relsh, runs):
    with tempfile.TemporaryDirectory() as folder:
        recipe = Path(folder) / "large.rel"
        recipe.write_text(large_recipe())
        checks = [measure([relsh, "check", str(recipe)]) for _ in range(runs)]
    memory = [measure([relsh, "-e", "1"])[3] for _ in range(runs)]
    starts = {"bash": [], "relsh": []}
    nothing = os.open(os.devnull, os.O_WRONLY)
    for _ in range(300):
        for name, words in (("bash", ["bash", "-c", "true"]), ("relsh", [relsh, "-e", "1"])):
            started = time.perf_counter()
            pid = os.posix_spawnp(words[0], words, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nothing, 1)])
            os.waitpid(pid, 0)
            starts[name].append((time.perf_counter() - started) * 1000)
    ours, theirs = (statistics.median(starts[name]) for name in ("relsh", "bash"))
    print("\n| what | measured | goal |\n|---|--:|--:|")
    print(f"| parse and check a recipe of 10,000 lines, whole process | "
          f"{statistics.median(each[2] for each in checks) * 1000:.0f} ms | at most 100 ms |")
    print(f"| most memory of `relsh -e 1` | {max(memory):.1f} MB | at most 20 MB |")
    print(f"| start-up: `relsh -e 1` {ours:.2f} ms, `bash -c true` {theirs:.2f} ms | {ours / theirs:.2f} | at most 2 |")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("relsh")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    programs = sorted(each.stem for each in HERE.glob("*.rel"))
    if options.only:
        programs = [each for each in programs if each in options.only.split(",")]
    try:
        print_table(compare(programs, options.runs, options.relsh), options.runs)
        if not options.only:
            print_starts(options.relsh, options.runs)
    except Failed as failure:
        sys.exit(f"bench: {failure}")


if __name__ == "__main__":
    main()
