"""usage: own-time.py RELSH ARGUMENT…

Runs relsh and tells how much of the wall time is its own: the time in which one of its threads was on a processor while no program
that it had started was running, as the kernel's scheduler has it (perf, the events sched:*, as root). What relsh does while its
programs run costs no time that they do not take anyway. Prints one line: seconds of wall time, of processor time, and of that which is its own.
"""
import os
import re
import subprocess
import sys
import tempfile

EVENTS = ["sched:sched_process_fork", "sched:sched_process_exec", "sched:sched_process_exit", "sched:sched_switch"]
LINE = re.compile(r"\s*.+?\s+\d+\s+\[\d+\]\s+(\d+\.\d+):\s+sched:sched_(\w+):\s+(.*)")


def number(name, text):
    return int(re.search(rf"\b{name}=(\d+)", text)[1])


def united(intervals):
    """Intervals that overlap as one, in order."""
    result = []
    for start, end in sorted(intervals):
        if result and start <= result[-1][1]:
            result[-1][1] = max(result[-1][1], end)
        else:
            result.append([start, end])
    return result


def outside(intervals, others):
    """How long some of `intervals` lasts while none of `others` does."""
    total = 0
    for start, end in intervals:
        for other_start, other_end in others:
            if other_end <= start or other_start >= end:
                continue
            total += max(0, other_start - start)
            start = max(start, other_end)
        total += max(0, end - start)
    return total


def measure(lines, program):
    root, began, ended = None, 0, 0
    threads, running = set(), {}
    programs, lives, busy = {}, [], []
    for line in lines:
        match = LINE.match(line)
        if not match:
            continue
        time, event, text = float(match[1]), match[2], match[3]
        if event == "process_exec":
            process = number("pid", text)
            if root is None and f"filename={program} " in text + " ":
                root, began = process, time
                threads, running = {process}, {process: time}
            elif process in threads:
                # What was a copy of relsh is a program of its own now.
                threads.remove(process)
                running.pop(process, None)
                programs[process] = time
        elif root is None:
            continue
        elif event == "process_fork":
            if number("pid", text) in threads:
                threads.add(number("child_pid", text))
        elif event == "process_exit":
            process = number("pid", text)
            if process in programs:
                lives.append((programs.pop(process), time))
            if process in running:
                busy.append((running.pop(process), time))
            if process == root:
                ended = time
                break
        else:
            if number("prev_pid", text) in running:
                busy.append((running.pop(number("prev_pid", text)), time))
            if number("next_pid", text) in threads:
                running[number("next_pid", text)] = time
    wall = ended - began
    # The guard is there from the first program to the end of relsh, and waits.
    lives = [life for life in lives if life[1] - life[0] < 0.8 * wall]
    return wall, sum(end - start for start, end in busy), outside(united(busy), united(lives))


def main():
    program = os.path.realpath(sys.argv[1])
    with tempfile.TemporaryDirectory() as directory:
        data = os.path.join(directory, "perf.data")
        events = [word for event in EVENTS for word in ("-e", event)]
        subprocess.run(
            ["perf", "record", "-q", "-a", "-o", data, *events, "--", program, *sys.argv[2:]], check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        words = ["perf", "script", "-i", data, "-F", "comm,tid,cpu,time,event,trace"]
        lines = subprocess.run(words, check=True, capture_output=True, text=True, errors="replace").stdout.splitlines()
    wall, busy, own = measure(lines, program)
    print(f"{wall:.4f} {busy:.4f} {own:.4f}")


main()
