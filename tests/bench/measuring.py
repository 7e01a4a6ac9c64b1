"""Runs programs in turn and says what they took."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TIME = shutil.which("time")


class Run:
    """One run of a program: seconds, megabytes (of 2^20 bytes), what it said on standard error."""

    def __init__(self, wall, cpu, peak, words=""):
        self.wall, self.cpu, self.peak, self.words = wall, cpu, peak, words


def measure(command, statuses=(0,)):
    # time(1) is small: a child's peak cannot read below that of the process it was forked from.
    with tempfile.NamedTemporaryFile() as peak_file, tempfile.TemporaryFile("w+") as said:
        wrapped = [TIME, "-q", "-f", "%M", "-o", peak_file.name, *command] if TIME else command
        begin = time.monotonic()
        process = subprocess.Popen(wrapped, stdout=subprocess.DEVNULL, stderr=said,
                                   stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        words = said.read()
        if process.returncode not in statuses:
            sys.exit(f"bench: exit status {process.returncode}: {' '.join(command)}\n{words}")
        peak = int(peak_file.read().split()[-1]) if TIME else usage.ru_maxrss
    return Run(wall, usage.ru_utime + usage.ru_stime, peak / 1024, words)


def rounds(commands, repeat, warm=True):
    """name -> its runs, one of each program per round; a first round, which warms the page cache,
    is not counted. commands: name -> a function that gives the Run of one more run."""
    runs = {name: [] for name in commands}
    for number in range(0 if warm else 1, repeat + 1):
        for name, command in commands.items():
            run = command()
            if number > 0:
                runs[name].append(run)
        print("." if number else "warm ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return runs


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)


def ratio(runs, field, above, below):
    """The median of the ratios within each round: a machine whose speed drifts, or that others use
    too, does not change it much."""
    return statistics.median(getattr(a, field) / max(getattr(b, field), 1e-6)
                             for a, b in zip(runs[above], runs[below]))
