"""Rows about the database: storing, reporting; and how soon the first word is there."""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

from measuring import measure, median, rounds
from traces import is_newer


def large_database(bench):
    """10 million handshakes of 10000 hosts in 30 days; made once."""
    count = bench.size(10000000, 500000)
    path = bench.traces.folder / f"handshakes-{count}.db"
    database_gen = bench.build / "tests/bench/database_gen"
    if not is_newer(path, database_gen):
        print(f"generating {path.name}", file=sys.stderr, flush=True)
        unfinished = path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        command = [str(database_gen), "-n", str(count), "-c", "10000", "-t", "30", "-o",
                   str(unfinished)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        unfinished.rename(path)
    return path, count


def can_append(bench):
    usage = subprocess.run([str(bench.build / "tests/bench/database_gen")], stderr=subprocess.PIPE,
                           text=True, check=False).stderr
    return "--append" in usage


def appended(bench, path, seed):
    """What database_gen says of adding to a database."""
    command = [str(bench.build / "tests/bench/database_gen"), "--append", "-n",
               str(bench.size(1000000, 100000)), "-c", "10000", "-t", "3", "-s", str(seed), "-o",
               str(path)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(said)


def store(bench):
    path, count = large_database(bench)
    bench.table.fill("bytes per handshake", path.stat().st_size / count,
                     f"{path.stat().st_size / 1e6:.0f} MB with all that is learnt of them")
    if not can_append(bench):
        bench.table.leave("rows/s into a database of 10 M handshakes",
                          "database_gen does not append")
        return
    copy = bench.traces.database("grown")
    shutil.copyfile(path, copy)
    rounds_of = [appended(bench, copy, seed) for seed in range(1, max(1, bench.repeat // 2) + 2)]
    rates = [one["handshakes"] / one["seconds"] for one in rounds_of[1:]]
    cpu = statistics.median(one["cpu_seconds"] / one["handshakes"] for one in rounds_of[1:])
    bench.traces.database("grown")
    bench.table.fill("rows/s into a database of 10 M handshakes", statistics.median(rates),
                     f"{rounds_of[0]['handshakes']} more each time; {cpu * 1e6:.1f} us of CPU time "
                     "each")


def report(bench):
    path, count = large_database(bench)
    command = [bench.programs.reprise, "report", "-d", str(path), "--format"]
    runs = rounds({
        "text": lambda: measure([*command, "text"]),
        "html": lambda: measure([*command, "html"]),
    }, max(1, bench.repeat // 2))
    for name, words in (("text", "text"), ("html", "HTML")):
        bench.table.fill(f"report over 10 M handshakes as {words}", median(runs[name], "wall"),
                         f"{median(runs[name], 'cpu'):.2f} s of CPU time, "
                         f"peak {median(runs[name], 'peak'):.0f} MB; {count} handshakes")


def first_output_ms(command):
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        os.read(process.stdout.fileno(), 1)
        elapsed = time.monotonic() - begin
        process.stdout.read()
    return elapsed * 1000


def start(bench):
    capture = bench.root / "pcaps/shops.pcap"
    command = bench.programs.read(capture)
    first_output_ms(command)
    times = [first_output_ms(command) for _ in range(30)]
    bench.table.fill("start to first output", statistics.median(times),
                     f"median of 30, reading {capture.name}; fastest {min(times):.1f} ms")
