"""Rows about the database: storing, reporting; and how soon the first word is there."""
import os
import statistics
import subprocess
import time

from measuring import measure, median, rounds


def large_database(bench):
    """10 million handshakes of 10000 hosts in 30 days; made once."""
    count = bench.size(10000000, 500000)
    path = bench.traces.folder / f"handshakes-{count}.db"
    if not path.exists():
        print(f"generating {path.name}", flush=True)
        unfinished = path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        command = [str(bench.build / "tests/bench/database_gen"), "-n", str(count), "-c", "10000",
                   "-t", "30", "-o", str(unfinished)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        unfinished.rename(path)
    return path, count


def store(bench):
    path, count = large_database(bench)
    bench.table.fill("bytes per handshake", path.stat().st_size / count,
                     f"{path.stat().st_size / 1e6:.0f} MB")
    bench.table.leave("rows/s into a database of 10 M handshakes",
                      "database_gen cannot append yet")


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
