"""Instructions that packets and handshakes cost, counted by valgrind: twice the same program on the
same trace differs by some 0.01 percent, whatever else the machine does."""
import re
import shutil
import subprocess
import sys

# Three traces; each difference of two has what is wanted and nothing else: more packets behind the
# same handshakes, more handshakes with what belongs to them.
SHORT = {"n": 400, "c": 50, "b": 20000}
LONG = {"n": 400, "c": 50, "b": 79000}
MORE = {"n": 800, "c": 50, "b": 79000}


def is_there():
    return shutil.which("valgrind") is not None


def count(reprise, path):
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
               reprise, "read", "-q", "-j1", str(path)]
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                         check=False)
    found = re.search(r"I\s+refs:\s+([\d,]+)", run.stderr)
    if run.returncode != 0 or found is None:
        sys.exit(f"exit status {run.returncode}: {' '.join(command)}\n{run.stderr}")
    return int(found.group(1).replace(",", ""))


class Slopes:
    """What one more costs. The least of some counts is nearest to the truth: a commit by the clock
    adds to them, nothing takes away."""

    def __init__(self, reprise, traces):
        self.reprise = reprise
        self.traces = [traces.get("bulk", **options) for options in (SHORT, LONG, MORE)]
        self.counts = [None, None, None]

    def measure(self):
        for i, trace in enumerate(self.traces):
            counted = count(self.reprise, trace.path)
            self.counts[i] = counted if self.counts[i] is None else min(self.counts[i], counted)
        return self

    def figures(self):
        return {"packet": self.packet(), "bulk_packet": self.bulk_packet(),
                "handshake": self.handshake()}

    def slope(self, first, second, of):
        return (self.counts[second] - self.counts[first]) / (
            getattr(self.traces[second], of) - getattr(self.traces[first], of))

    def packet(self):
        """A packet of a connection whose handshake is over."""
        return self.slope(0, 1, "packets")

    def bulk_packet(self):
        """A packet of the bulk trace, its share of a handshake stored and reported included."""
        return self.slope(1, 2, "packets")

    def handshake(self):
        """A handshake, stored and reported, with its own packets alone."""
        packets = self.traces[2].packets - self.traces[1].packets
        handshakes = self.traces[2].handshakes - self.traces[1].handshakes
        return (self.counts[2] - self.counts[1] - self.packet() * packets) / handshakes
