"""The rows of the table: what is promised, what was measured; as text, Markdown and JSON."""
import dataclasses
import json
import operator
import os
import platform
import shutil
import subprocess
import time

# group of rows, what is measured, comparison, target, unit. The same text names a row for good.
TARGETS = [
    ("bulk", "CPU time over libpcap's no-op loop", "<=", 0.75, "x"),
    ("bulk", "the same, read through libpcap", "<=", 1.35, "x"),
    ("instructions", "instructions per packet of the bulk trace", "<=", 300, ""),
    ("others", "ndpiReader's CPU time over ours", ">=", 20, "x"),
    ("others", "ssldump's CPU time over ours", ">=", 12, "x"),
    ("others", "tshark's CPU time over ours", ">=", 100, "x"),
    ("others", "tcpdump -w /dev/null's CPU time over ours", ">=", 1, "x"),
    ("handshakes", "handshakes/s analysed", ">=", 250000, "/s"),
    ("handshakes", "handshakes/s stored", ">=", 200000, "/s"),
    ("jobs", "two jobs over one, one large file", ">=", 1.8, "x"),
    ("jobs", "two jobs over one, four files", ">=", 1.9, "x"),
    ("memory", "memory of a tracked conversation", "<=", 128, "B"),
    ("memory", "memory of one that is done", "<=", 32, "B"),
    ("memory", "1 M open", "<=", 200, "MB"),
    ("memory", "1 M done", "<=", 48, "MB"),
    ("flat", "cost per packet, most open over fewest", "<=", 2, "x"),
    ("floods", "10 M lone SYNs: peak", "<=", 272, "MB"),
    ("floods", "10 M lone SYNs: time over that of half as many", "<=", 2.2, "x"),
    ("floods", "10 M lone SYNs: handshakes among them classified", ">=", 99, "%"),
    ("floods", "1 M half ClientHellos: peak", "<=", 272, "MB"),
    ("floods", "1 M half ClientHellos: time over that of half as many", "<=", 2.2, "x"),
    ("floods", "1 M half ClientHellos: handshakes among them classified", ">=", 99, "%"),
    ("collisions", "CPU time with chosen endpoints over random ones", "<=", 1.2, "x"),
    ("store", "rows/s into a database of 10 M handshakes", ">=", 200000, "/s"),
    ("store", "bytes per handshake", "<=", 110, "B"),
    ("report", "report over 10 M handshakes as text", "<=", 1, "s"),
    ("report", "report over 10 M handshakes as HTML", "<=", 2, "s"),
    ("live", "packets/s through a veth pair", ">=", 500000, "/s"),
    ("live", "packets dropped by the kernel", "<=", 0, ""),
    ("live", "packets sent and not counted", "<=", 0, ""),
    ("start", "start to first output", "<=", 15, "ms"),
]

COMPARISONS = {"<=": operator.le, ">=": operator.ge}


@dataclasses.dataclass
class Row:
    group: str
    what: str
    comparison: str  # None: a figure without a target
    target: float
    unit: str
    figure: float = None  # None: not measured
    note: str = ""
    holds: bool = True  # False: the figure is not of what the target means

    def verdict(self):
        if self.figure is None:
            return "not measured"
        if self.comparison is None:
            return ""
        return "met" if self.holds and COMPARISONS[self.comparison](self.figure, self.target) \
            else "MISSED"

    def target_words(self):
        return "" if self.comparison is None else \
            f"{self.comparison} {number(self.target)} {self.unit}".rstrip()

    def figure_words(self):
        return "-" if self.figure is None else f"{number(self.figure)} {self.unit}".rstrip()


def number(value):
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 100 \
        else f"{value:.0f}"


class Table:
    """Filled by the groups; a row that no group fills stays: it was not measured."""

    def __init__(self, groups, is_quick):
        self.is_quick = is_quick
        self.rows = [Row(*target) for target in TARGETS if target[0] in groups]
        self.machine = machine()
        self.began = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    def fill(self, what, figure, note="", holds=True):
        row = next(row for row in self.rows if row.what == what)
        row.figure, row.note, row.holds = figure, note, holds

    def leave(self, what, note):
        next(row for row in self.rows if row.what == what).note = note

    def add(self, group, what, figure, unit, note=""):
        """A figure that nothing is promised of, after the others of its group."""
        last = max((i for i, row in enumerate(self.rows) if row.group == group),
                   default=len(self.rows) - 1)
        self.rows.insert(last + 1, Row(group, what, None, None, unit, figure, note))

    def sentences(self):
        words = [f"{self.machine['cores']} x {self.machine['processor']}, {self.machine['system']}"]
        if self.is_quick:
            words.append("quick: sizes are a tenth and less; targets are meant for the whole ones")
        return words

    def text(self):
        lines = self.sentences()
        width = max(len(row.what) for row in self.rows)
        for row in self.rows:
            lines.append(f"{row.what:<{width}}  {row.target_words():>14}  "
                         f"{row.figure_words():>14}  {row.verdict():<12}  {row.note}".rstrip())
        return "\n".join(lines)

    def markdown(self):
        lines = [f"{sentence[0].upper()}{sentence[1:]}." for sentence in self.sentences()]
        lines += ["", "| what | target | figure | | |", "|---|---|---|---|---|"]
        lines += [f"| {row.what} | {row.target_words()} | {row.figure_words()} | {row.verdict()} | "
                  f"{row.note} |" for row in self.rows]
        return "\n".join(lines)

    def json(self):
        rows = [{**{key: getattr(row, key) for key in ("group", "what", "comparison", "target",
                                                       "unit", "figure", "note")},
                 "met": None if row.figure is None or row.comparison is None
                 else row.verdict() == "met"} for row in self.rows]
        return json.dumps({"schema": "reprise-bench/1", "began": self.began,
                           "quick": self.is_quick, "machine": self.machine, "rows": rows}, indent=1)


def machine():
    processor = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            processor = next((line.split(":", 1)[1].strip() for line in info
                              if line.startswith("model name")), processor)
    except OSError:
        pass
    compiler = shutil.which("gcc")
    version = subprocess.run([compiler, "-dumpfullversion"], stdout=subprocess.PIPE, text=True,
                             check=False).stdout.strip() if compiler else ""
    return {"processor": processor, "cores": len(os.sched_getaffinity(0)),
            "system": f"Linux {platform.release()}", "gcc": version}
