"""Rows about reading captures: CPU time beside other programs, handshakes/s, jobs."""
import sys

from measuring import Run, measure, median, ratio, rounds
from programs import OTHERS, is_installed


def bulk_trace(bench):
    return bench.traces.get("bulk", n=bench.size(16000, 1600))


def bulk(bench):
    programs, traces, table = bench.programs, bench.traces, bench.table
    trace = bulk_trace(bench)
    old = traces.version_2_3(trace)
    runs = rounds({
        "no-op": lambda: measure([programs.noop, str(trace.path)]),
        "read": lambda: measure(programs.read(trace.path, "-d", traces.database())),
        "libpcap": lambda: measure(programs.read(old.path, "-d", traces.database())),
        "memory": lambda: measure(programs.read(trace.path)),
    }, bench.repeat)
    traces.drop(old)
    table.fill("CPU time over libpcap's no-op loop", ratio(runs, "cpu", "read", "no-op"),
               f"{median(runs['read'], 'cpu'):.3f} s over {median(runs['no-op'], 'cpu'):.3f} s; "
               f"{trace.packets} packets, {trace.bytes / 1e6:.0f} MB, into a database")
    table.fill("the same, read through libpcap", ratio(runs, "cpu", "libpcap", "no-op"),
               f"{median(runs['libpcap'], 'cpu'):.3f} s; the same file as version 2.3")
    table.add("bulk", "wall time over libpcap's no-op loop", ratio(runs, "wall", "read", "no-op"),
              "x", f"{median(runs['read'], 'wall'):.3f} s over {median(runs['no-op'], 'wall'):.3f} s")
    table.add("bulk", "CPU time per packet", median(runs["read"], "cpu") / trace.packets * 1e9, "ns",
              f"{median(runs['memory'], 'cpu') / trace.packets * 1e9:.0f} ns without a database")
    table.add("bulk", "peak memory", median(runs["read"], "peak"), "MB")


def extrapolate(traces, command, trace, packets):
    """A run on the trace's first packets, scaled to all of them without the program's start."""
    start = measure(command(str(traces.first(trace, 1).path)))
    run = measure(command(str(traces.first(trace, packets).path)))
    scale = (trace.packets - 1) / max(packets - 1, 1)
    return Run(start.wall + (run.wall - start.wall) * scale,
               start.cpu + (run.cpu - start.cpu) * scale, run.peak)


def others(bench):
    programs, traces, table = bench.programs, bench.traces, bench.table
    trace = bulk_trace(bench)
    tshark_packets = min(bench.size(50000, 10000), trace.packets)
    commands = {"read": lambda: measure(programs.read(trace.path, "-d", traces.database()))}
    for name, (package, command) in OTHERS.items():
        if not is_installed(name):
            table.leave(f"{name}'s CPU time over ours", f"package {package} is not installed")
        elif name == "tshark":
            commands[name] = lambda: extrapolate(traces, OTHERS["tshark"][1], trace, tshark_packets)
        else:
            commands[name] = lambda command=command: measure(command(str(trace.path)))
    runs = rounds(commands, max(1, bench.repeat // 2), warm=False)
    for name in commands.keys() - {"read"}:
        note = f"{median(runs[name], 'cpu'):.1f} s, {median(runs[name], 'peak'):.0f} MB"
        if name == "tshark":
            note += f"; its time is extrapolated from the first {tshark_packets} packets"
        table.fill(f"{name}'s CPU time over ours", ratio(runs, "cpu", name, "read"), note)


def handshakes(bench):
    programs, traces, table = bench.programs, bench.traces, bench.table
    trace = traces.get("handshakes", n=bench.size(100000, 20000))
    database = traces.database()
    runs = rounds({
        "analysed": lambda: measure(programs.read(trace.path)),
        "stored": lambda: measure(programs.read(trace.path, "-d", traces.database())),
    }, bench.repeat)
    for name, words in (("analysed", "handshakes/s analysed"), ("stored", "handshakes/s stored")):
        table.fill(words, trace.handshakes / median(runs[name], "wall"),
                   f"{trace.handshakes} in {median(runs[name], 'wall'):.3f} s, "
                   f"{median(runs[name], 'cpu'):.3f} s of CPU time; with its report")
    table.add("handshakes", "CPU time per handshake, stored",
              median(runs["stored"], "cpu") / trace.handshakes * 1e6, "us",
              f"{trace.packets / trace.handshakes:.1f} packets each, report and all")
    table.add("handshakes", "bytes per handshake of a small database",
              database.stat().st_size / trace.handshakes, "B")


def model(bench):
    """CPU time = packets x p + handshakes x h, from two traces with as different a mixture as can
    be: 93 packets to a handshake, and 13."""
    bulk = bulk_trace(bench)
    short = bench.traces.get("handshakes", n=bench.size(100000, 20000))
    runs = rounds({
        trace.path: lambda trace=trace: measure(
            bench.programs.read(trace.path, "-d", bench.traces.database()))
        for trace in (bulk, short)
    }, bench.repeat)
    bulk_cpu, short_cpu = (median(runs[trace.path], "cpu") for trace in (bulk, short))
    per_bulk = bulk.packets / short.packets
    handshake = (short_cpu * per_bulk - bulk_cpu) / (short.handshakes * per_bulk - bulk.handshakes)
    packet = (bulk_cpu - bulk.handshakes * handshake) / bulk.packets
    bench.table.add("model", "p: CPU time of a packet", packet * 1e9, "ns")
    bench.table.add("model", "h: CPU time of a handshake beyond its packets", handshake * 1e6, "us",
                    "stored, and reported at the end")


def jobs(bench):
    programs, traces, table = bench.programs, bench.traces, bench.table
    if table.machine["cores"] < 2:
        print("jobs: there is one processor", file=sys.stderr)
        return
    trace = bulk_trace(bench)
    parts = [traces.get("bulk", n=bench.size(4000, 400), s=seed) for seed in (2, 3, 4, 5)]

    def several(count):
        paths = [str(part.path) for part in parts]
        return measure(programs.read(paths[0], "-d", traces.database(), *paths[1:], jobs=count))

    runs = rounds({
        "one": lambda: measure(programs.read(trace.path, "-d", traces.database())),
        "one, two jobs": lambda: measure(programs.read(trace.path, "-d", traces.database(), jobs=2)),
        "several": lambda: several(1),
        "several, two jobs": lambda: several(2),
    }, bench.repeat)
    for name, words in (("one", "two jobs over one, one large file"),
                        ("several", "two jobs over one, four files")):
        two = f"{name}, two jobs"
        table.fill(words, ratio(runs, "wall", name, two),
                   f"{median(runs[name], 'wall'):.3f} s and {median(runs[two], 'wall'):.3f} s; "
                   f"CPU time {median(runs[name], 'cpu'):.3f} s and {median(runs[two], 'cpu'):.3f} s")
