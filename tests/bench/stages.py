"""Where the instructions of a packet and of a handshake go, by folder of the source."""
import pathlib
import re
import subprocess
import sys
import tempfile

# The first that fits, on "file [object]" as callgrind_annotate writes them.
STAGES = [
    ("reading the capture: `capture/`", r"/capture/|libpcap"),
    ("finding the conversation: keyed hash, flow table", r"/dissect/net/flow|base/siphash"),
    ("headers: `dissect/net/`", r"/dissect/net/|/dissect/bytes"),
    ("TLS: `dissect/tls/`", r"/dissect/tls/"),
    ("names of applications: libndpi", r"/dissect/label/|libndpi"),
    ("conversations and records: `dissect/`", r"/dissect/"),
    ("between the stages: `app/`", r"/app/"),
    ("storing: `store/`, SQLite", r"/store/|libsqlite3"),
    ("the report at the end: `report/`", r"/report/"),
    ("C library, hashes of sessions", r""),
]


def profile(reprise, path):
    """Stage -> instructions of one run."""
    with tempfile.TemporaryDirectory() as folder:
        counts = pathlib.Path(folder) / "counts"
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts}", reprise,
                        "read", "-q", "-j1", str(path)], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        words = subprocess.run(["callgrind_annotate", "--auto=no", "--threshold=100", str(counts)],
                               check=True, stdout=subprocess.PIPE, text=True).stdout
    sums = {name: 0 for name, _ in STAGES}
    for count, where in re.findall(r"^ *([\d,]+) \( *[\d.]+%\)  (.*)", words, re.MULTILINE):
        if where != "PROGRAM TOTALS":
            file, _, rest = where.partition(":")
            place = f"{file} {rest[rest.rfind('['):] if '[' in rest else ''}"
            stage = next(name for name, pattern in STAGES if re.search(pattern, place))
            sums[stage] += int(count.replace(",", ""))
    return sums


def markdown(reprise, traces):
    """traces: the three of instructions.Slopes."""
    profiles = []
    for trace in traces:
        profiles.append(profile(reprise, trace.path))
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    longer = traces[1].packets - traces[0].packets
    packets, handshakes = (getattr(traces[2], of) - getattr(traces[1], of)
                           for of in ("packets", "handshakes"))
    lines = ["| stage | instructions a packet | instructions a handshake beyond its packets |",
             "|---|---|---|"]
    sums = [0, 0]
    for name, _ in STAGES:
        packet = (profiles[1][name] - profiles[0][name]) / longer
        handshake = (profiles[2][name] - profiles[1][name] - packet * packets) / handshakes
        sums = [sums[0] + packet, sums[1] + handshake]
        lines.append(f"| {name} | {round(packet)} | {round(handshake)} |")
    lines.append(f"| all | {round(sums[0])} | {round(sums[1])} |")
    return "\n".join(lines)
