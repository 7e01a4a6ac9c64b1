"""Rows about the table of conversations: memory, floods, millions open at once, collisions."""
from measuring import measure, median, ratio, rounds
from programs import count_in, verdicts_in


def evictions(run):
    return count_in(run.words, "conversations? evicted")


def held_words(run, trace):
    evicted = evictions(run)
    return "all held" if evicted == 0 else f"{evicted} evicted of " \
        f"{trace.strangers or trace.handshakes}"


# A report needs memory when the conversations' is given back: its peak would hide theirs.
NO_REPORT = ["--host", "none.invalid"]

# Beside the conversations, what the store takes for a moment comes sooner or later in each run, and
# moves a peak by up to 8 MB: as much as 8 bytes each. Half as many rounds as of others are too few.
MEMORY_ROUNDS = 3


def spread(runs, field):
    """Between the lowest and the highest of any one program's runs."""
    values = [[getattr(run, field) for run in of_one] for of_one in runs.values()]
    return max(max(each) - min(each) for each in values)


def memory(bench):
    traces, table = bench.traces, bench.table
    count = bench.size(1000000, 100000)
    for kind, each, words in (
            ("open", "memory of a tracked conversation", "1 M open"),
            ("done", "memory of one that is done", "1 M done")):
        options = {"r": 0} if kind == "open" else {}
        # The same conversations twice: each on endpoints of its own, and all on a thousand. What
        # else is kept of them, the handshakes' ledger above all, is the same in both.
        many = traces.get(kind, n=count, **options)
        few = traces.get(kind, n=count, c=1000, **options)
        runs = rounds({
            "many": lambda: bench.programs.counted(many.path, traces.database(), *NO_REPORT),
            "few": lambda: bench.programs.counted(few.path, traces.database(), *NO_REPORT),
        }, max(MEMORY_ROUNDS, bench.repeat), warm=False)
        traces.drop(many, few)
        more = median(runs["many"], "peak") - median(runs["few"], "peak")
        last = runs["many"][-1]
        if evictions(last) == 0:
            table.fill(each, more * 2**20 / (count - 1000), f"beyond a thousand, of {count}; "
                       f"peaks within {spread(runs, 'peak'):.1f} MB of each other")
        else:
            table.leave(each, f"{held_words(last, many)}: how many were there is not known")
        table.fill(words, more, f"{held_words(last, many)}; of the whole program "
                   f"{median(runs['many'], 'peak'):.0f} MB", holds=evictions(last) == 0)


MEMORY_OF_ALL_MIB = 4096  # holds ten million


def flat(bench):
    traces, table = bench.traces, bench.table
    most = bench.size(10000000, 1000000)
    counts = [most // 1000, most // 100, most // 10, most]
    # Short traces of the few, so that all are there at once and the rounds can interleave.
    of_count = {count: traces.get("open", n=max(count, most // 10), c=count) for count in counts}
    room = bench.programs.memory_of(MEMORY_OF_ALL_MIB)
    commands = {
        count: lambda trace=trace: bench.programs.counted(trace.path, traces.database(), *room)
        for count, trace in of_count.items()
    }
    commands["bound"] = lambda: bench.programs.counted(of_count[most].path, traces.database())
    runs = rounds(commands, max(1, bench.repeat // 2))
    traces.drop(*of_count.values())
    costs = {count: median(runs[count], "cpu") / of_count[count].packets * 1e9 for count in counts}
    table.fill("cost per packet, most open over fewest", costs[most] / costs[counts[0]],
               f"{most // 1000000} M over {counts[0]}")
    for count in counts:
        table.add("flat", f"cost per packet with {count} open", costs[count], "ns",
                  f"{held_words(runs[count][-1], of_count[count])}, "
                  f"peak {median(runs[count], 'peak'):.0f} MB")
    table.add("flat", f"the same with {most} in the default memory",
                    median(runs["bound"], "cpu") / of_count[most].packets * 1e9, "ns",
                    f"{held_words(runs['bound'][-1], of_count[most])}, "
                    f"peak {median(runs['bound'], 'peak'):.0f} MB")


def classified(run, trace):
    """Percent of the handshakes put in that are found with their verdict."""
    found = verdicts_in(run.words)
    right = sum(min(found[verdict], count) for verdict, count in trace.verdict.items())
    return 100 * right / trace.handshakes


def flood(bench, kind, count, words):
    traces, table = bench.traces, bench.table
    whole, half = traces.get(kind, n=count), traces.get(kind, n=count // 2)
    runs = rounds({
        "whole": lambda: bench.programs.counted(whole.path, traces.database()),
        "half": lambda: bench.programs.counted(half.path, traces.database()),
    }, max(1, bench.repeat // 2))
    traces.drop(whole, half)
    last = runs["whole"][-1]
    table.fill(f"{words}: peak", median(runs["whole"], "peak"), held_words(last, whole))
    table.fill(f"{words}: time over that of half as many", ratio(runs, "cpu", "whole", "half"),
               f"{median(runs['whole'], 'cpu'):.2f} s; "
               f"{whole.packets / median(runs['whole'], 'cpu') / 1e6:.2f} M packets/s")
    table.fill(f"{words}: handshakes among them classified", classified(last, whole),
               f"of {whole.handshakes}")


def floods(bench):
    flood(bench, "syn-flood", bench.size(10000000, 1000000), "10 M lone SYNs")
    flood(bench, "half-hellos", bench.size(1000000, 100000), "1 M half ClientHellos")


HASHES = ("xor", "sum", "crc32", "toeplitz")


def collisions(bench):
    traces = bench.traces
    count = bench.size(1000000, 200000)
    of_hash = {name: traces.get("colliding", n=count, H=name) for name in ("random", *HASHES)}
    runs = rounds({
        name: lambda trace=trace: measure(bench.programs.read(trace.path))
        for name, trace in of_hash.items()
    }, bench.repeat)
    traces.drop(*of_hash.values())
    ratios = {name: ratio(runs, "cpu", name, "random") for name in HASHES}
    bench.table.fill("CPU time with chosen endpoints over random ones", max(ratios.values()),
                     ", ".join(f"{name} {value:.2f}" for name, value in ratios.items()))
