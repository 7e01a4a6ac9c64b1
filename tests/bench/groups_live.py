"""Rows about watching an interface: two network namespaces with a cable between them, at one end
the replay of a trace as fast as it goes, at the other reprise."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from programs import VERDICTS, count_in, verdicts_in

NEAR, FAR = "veth0", "veth1"
PATIENCE_S = 60


class Unable(Exception):
    """Why there is no cable here."""


class Cable:
    """Usable as a context: the namespaces go when it ends."""

    def __init__(self):
        self.near, self.far = (f"reprise-bench-{os.getpid()}-{end}" for end in ("near", "far"))

    def __enter__(self):
        if os.getuid() != 0:
            raise Unable("only root can make network namespaces")
        if shutil.which("ip") is None:
            raise Unable("package iproute2 is not installed")
        try:
            for name in (self.near, self.far):
                ip("netns", "add", name)
                # Else the machine itself would speak up, and its packets be counted.
                inside(name, "sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6;"
                       "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6")
            ip("-n", self.near, "link", "add", NEAR, "type", "veth", "peer", "name", FAR,
               "netns", self.far)
            ip("-n", self.near, "link", "set", NEAR, "up")
            ip("-n", self.far, "link", "set", FAR, "up")
        except subprocess.CalledProcessError as error:
            self.__exit__()
            raise Unable(f"no veth pair here: {error.stderr.strip()}") from error
        return self

    def __exit__(self, *_):
        for name in (self.near, self.far):
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)


def ip(*words):
    subprocess.run(["ip", *words], check=True, stderr=subprocess.PIPE, text=True)


def inside(namespace, *words):
    subprocess.run(["ip", "netns", "exec", namespace, *words], check=True, stderr=subprocess.PIPE,
                   text=True)


class Watch:
    """reprise watch at the far end. `ip netns exec` becomes the program: signals reach it."""

    def __init__(self, bench, cable, *options):
        self.said = tempfile.NamedTemporaryFile("r")
        self.cable = cable
        command = ["ip", "netns", "exec", cable.far, bench.programs.reprise, "watch", "-i", FAR,
                   *options]
        with open(self.said.name, "w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=errors)
        self.wait_for(self.is_ready, "it did not begin to watch")

    def words(self):
        return pathlib.Path(self.said.name).read_text(encoding="utf-8")

    def wait_for(self, condition, complaint):
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"bench: reprise watch: {complaint}: {self.words()}")
            time.sleep(0.05)

    def is_ready(self):
        """Its packet socket is there, and root was given up: everything is open."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        sockets = subprocess.run(["ip", "netns", "exec", self.cable.far, "ss", "-H", "-0", "-l"],
                                 stdout=subprocess.PIPE, text=True, check=True).stdout
        return sockets.strip() != "" and re.search(r"^Uid:\s+(?!0\s)", status, re.MULTILINE)

    def has_counted(self, packets):
        """Asks for the counters, until all packets are in them."""
        self.process.send_signal(signal.SIGUSR1)
        time.sleep(0.2)
        last = self.words().rpartition(" captured")[0].rpartition("\n")[2]
        dropped = re.findall(r"^(\d+) packets? dropped by kernel", self.words(), re.MULTILINE)
        seen = int(last.split()[0]) + int(dropped[-1]) if last and dropped else 0
        return seen >= packets

    def stop(self):
        """The closing counters, and the CPU time it took."""
        already = len(self.words())
        self.process.send_signal(signal.SIGINT)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.process.stdout.close()
        if self.process.returncode != 0:
            raise SystemExit(f"bench: reprise watch: {self.words()}")
        return self.words()[already:], usage.ru_utime + usage.ru_stime


def replay(bench, cable, trace, *options):
    command = ["ip", "netns", "exec", cable.near, str(bench.build / "tests/bench/replay"), *options,
               NEAR, str(trace.path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode != 0:
        raise SystemExit(f"bench: exit status {process.returncode}: {' '.join(command)}")
    return {**json.loads(said), "cpu": usage.ru_utime + usage.ru_stime}


def load(bench, cable, trace):
    """One round: what was sent, the closing counters, CPU time."""
    watch = Watch(bench, cable, "-q", "-d", str(bench.traces.database()))
    sent = replay(bench, cable, trace)
    watch.wait_for(lambda: watch.has_counted(sent["packets"]), "packets are missing")
    words, cpu = watch.stop()
    return sent, words, cpu


def line_after_ms(bench, cable):
    """From the last packet of a handshake until its line is there."""
    trace = bench.traces.get("done", n=1)
    watch = Watch(bench, cable)
    replay(bench, cable, trace)
    begin = time.monotonic()
    watch.process.stdout.readline()
    elapsed = time.monotonic() - begin
    watch.stop()
    return elapsed * 1000


def fill(bench, trace, rounds):
    table = bench.table
    sent, words, cpu = max(rounds, key=lambda one: one[0]["packets"] / one[0]["seconds"])
    dropped = [count_in(words, "packets? dropped by kernel") for _, words, _ in rounds]
    counted = [count_in(words, "packets? captured") for _, words, _ in rounds]
    missing = [abs(one[0]["packets"] - count - drop)
               for one, count, drop in zip(rounds, counted, dropped)]
    table.fill("packets/s through a veth pair", sent["packets"] / sent["seconds"],
               f"the fastest of {len(rounds)}; {trace.bytes * 8 / sent['seconds'] / 1e9:.1f} Gbit/s")
    table.fill("packets dropped by the kernel", max(dropped),
               f"the most of {len(rounds)} rounds of {trace.packets}, buffer 64 MiB (-B untouched)")
    table.fill("packets sent and not counted", max(missing), "captured and dropped beside sent")
    wrong = [sum(abs(verdicts_in(words)[verdict] - trace.verdict.get(verdict, 0))
                 for verdict in VERDICTS) for _, words, _ in rounds]
    table.add("live", "handshakes missed or of another verdict", max(wrong), "",
              f"of {trace.handshakes}")
    table.add("live", "packets sent per second of the sender's CPU time",
              sent["packets"] / sent["cpu"], "/s", "what it could send if the machine were its own")
    table.add("live", "CPU time of watch per packet", cpu / sent["packets"] * 1e9, "ns",
              "its own threads; what the kernel does for it is the sender's")


def live(bench):
    # A quick trace fits the kernel's buffer: nothing is dropped however slow the program is.
    trace = bench.traces.get("bulk", n=bench.size(16000, 400))
    try:
        with Cable() as cable:
            fill(bench, trace, [load(bench, cable, trace) for _ in range(bench.repeat)])
            bench.table.add("live", "a handshake's line after its last packet",
                            line_after_ms(bench, cable), "ms")
    except Unable as reason:
        for row in [row for row in bench.table.rows if row.group == "live"]:
            row.note = str(reason)
