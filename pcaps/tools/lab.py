"""The laboratory: network namespaces, cables with a known delay, captures, and processes in them.

Everything is made by one Lab and ends with it, whatever happens: close() may be called at any time.
"""

import contextlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MAC_CLIENT = "00:00:5e:00:53:01"  # RFC 7042, 2.1.1: addresses for documentation
MAC_SERVER = "00:00:5e:00:53:02"
ATTEMPTS = 5  # a busy machine spoils a delay now and then
LATEST_ALLOWED_US = 1500  # a cable that was later than this once spoils its captures


class LabError(Exception):
    """Something of the environment failed; the text is a sentence for the user."""


class SpoiltError(LabError):
    """The captures are not worth keeping; the scenario may be tried again."""


class Lab:
    def __init__(self):
        self.prefix = f"reprise{os.getpid()}"
        self.scratch = tempfile.mkdtemp(prefix="reprise-pcaps-")
        self.spaces = []
        self.processes = []
        self.cables = []
        self.numbers = itertools.count(1)  # next() is atomic: clients may run side by side
        # No configuration of the machine decides what the programs do.
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.scratch,
            "LC_ALL": "C",
            "OPENSSL_CONF": "/dev/null",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.delay_link = os.path.join(self.scratch, "delay_link")

    def build(self):
        source = os.path.join(HERE, "delay_link.c")
        self.call("cc", "-std=c17", "-D_GNU_SOURCE", "-O2", "-o", self.delay_link, source)

    # Processes

    def call(self, *argv, space=None, check=True, feed=b"", seconds=30, errors=None):
        """Runs a program in the scratch folder and returns (its output as text, its exit status).
        Its standard error is part of the text, or goes to the file `errors`."""
        sink = open(self.path(errors), "wb") if errors else None
        try:
            done = subprocess.run(
                self._argv(space, argv),
                cwd=self.scratch,
                env=self.environment,
                input=feed,
                stdout=subprocess.PIPE,
                stderr=sink or subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise LabError(
                f"{' '.join(argv[:4])} did not end within {seconds} s: "
                f"{(late.output or b'')[-300:]!r}"
            ) from late
        finally:
            if sink:
                sink.close()
        text = done.stdout.decode("utf-8", "replace")
        if check and done.returncode != 0:
            raise LabError(f"{' '.join(argv)} failed: {text.strip()[-500:]}")
        return text, done.returncode

    def spawn(self, *argv, space=None, log=None, **options):
        """Starts a program that stays; its output goes to the named file in the scratch folder."""
        sink = subprocess.PIPE
        if log is not None:
            sink = open(os.path.join(self.scratch, log), "ab")
        process = subprocess.Popen(
            self._argv(space, argv),
            cwd=self.scratch,
            env=self.environment,
            stdout=sink,
            stderr=subprocess.STDOUT,
            **options,
        )
        self.processes.append(process)
        return process

    def end(self, process, how=signal.SIGTERM):
        """Ends a process that spawn() started and waits for it."""
        if process in self.processes:
            self.processes.remove(process)
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)

    def wait_for(self, what, seconds, true):
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                raise LabError(f"waited {seconds} s in vain for {what}")
            time.sleep(0.02)

    def wait_until_listening(self, space, address, port):
        """Waits without connecting: a probe would be in the capture."""
        family = "-6" if ":" in address else "-4"
        self.wait_for(
            f"a server on port {port}",
            5,
            lambda: f":{port} "
            in self.call("ss", "-H", "-ltn", family, "sport", "=", str(port), space=space)[0],
        )

    def _argv(self, space, argv):
        return [*(["ip", "netns", "exec", space] if space else []), *argv]

    # Files

    def path(self, name):
        return os.path.join(self.scratch, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as file:
            return file.read()

    def write(self, name, text):
        with open(self.path(name), "wb" if isinstance(text, bytes) else "w") as file:
            file.write(text)
        return name

    def unique(self, stem):
        return f"{stem}{next(self.numbers)}"

    # Network

    def namespace(self, name):
        space = f"{self.prefix}-{name}"
        self.call("ip", "netns", "add", space)
        self.spaces.append(space)
        self.ip(space, "link", "set", "lo", "up")
        # Nothing learnt on one connection may change the next; reno is there on every machine.
        for setting in (
            "net.ipv4.tcp_no_metrics_save=1",
            "net.ipv4.tcp_congestion_control=reno",
            "net.ipv4.ip_forward=1",
            "net.ipv6.conf.all.forwarding=1",
            "net.ipv4.conf.all.rp_filter=0",
            "net.ipv4.conf.default.rp_filter=0",
        ):
            self.call("sysctl", "-qw", setting, space=space)
        return space

    def ip(self, space, *words):
        family = ["-6"] if any(":" in word and "/" in word for word in words) else []
        self.call("ip", "-n", space, *family, *words)

    def address(self, space, device, *addresses):
        for address in addresses:
            width = 128 if ":" in address else 32
            self.ip(
                space,
                "addr",
                "add",
                f"{address}/{width}",
                "dev",
                device,
                *(["nodad"] if ":" in address else []),
            )

    def route(self, space, device, *addresses):
        for address in addresses:
            width = 128 if ":" in address else 32
            self.ip(space, "route", "add", f"{address}/{width}", "dev", device)

    def cable(self, left, right, rtt_ms, mirror=None):
        """Joins (space, device) and (space, device) with half of rtt_ms each way. mirror: (space,
        TAP device, VLAN) gets a copy of everything."""
        options = ["-v", str(mirror[2]), "-m", ":".join(mirror[:2])] if mirror else []
        process = self.spawn(
            self.delay_link, *options, str(round(rtt_ms * 500)), ":".join(left), ":".join(right)
        )
        said = process.stdout.readline().decode()
        if said != "ready\n":
            raise LabError(f"the delay link did not start: {said}")
        self.cables.append(process)
        for space, device in [left, right, *([mirror[:2]] if mirror else [])]:
            self.ip(space, "link", "set", device, "up")

    def veth(self, left, right):
        """Joins (space, device) and (space, device) with an Ethernet of no delay."""
        self.call(
            "ip",
            "link",
            "add",
            "name",
            left[1],
            "netns",
            left[0],
            "type",
            "veth",
            "peer",
            "name",
            right[1],
            "netns",
            right[0],
        )
        for (space, device), mac in ((left, MAC_CLIENT), (right, MAC_SERVER)):
            self.ip(space, "link", "set", device, "address", mac, "up")

    @contextlib.contextmanager
    def captures(self, *wanted):
        """Runs a capture program for each (space, argv, file) while the body runs. The program says
        on its output that it listens, and how many packets it lost."""
        running = []
        for space, argv, file in wanted:
            log = self.unique("capture.")
            process = self.spawn(*argv, space=space, log=log, stdin=subprocess.DEVNULL)
            running.append((process, log, file))
            self.wait_for(f"{argv[0]} to listen", 5, lambda log=log: self._is_listening(log))
        yield
        time.sleep(0.4)  # the last packets
        for process, log, file in running:
            self.end(process, signal.SIGINT)
            if not re.search(
                r"\b0 packets dropped by kernel|dropped on interface .*: \d+/0", self.read(log)
            ):
                raise SpoiltError(f"packets were lost while capturing {file}")

    def _is_listening(self, log):
        said = self.read(log)
        return "listening on" in said or "File:" in said

    def end_cables(self):
        """Pulls the cables; returns how late the latest packet of all was, in microseconds."""
        latest = 0
        for cable in self.cables:
            self.end(cable)
            latest = max(latest, int(cable.stdout.read().decode().split()[-2]))
        self.cables = []
        return latest

    def play(self, name, make_scene):
        """Returns the scene that make_scene() makes, which is tried again where it was spoilt."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return make_scene()
            except SpoiltError as error:
                if attempt == ATTEMPTS:
                    raise
                print(f"{name}: {error}; once more", file=sys.stderr)
            finally:
                self.clear()
        return None

    def clear(self):
        """Back to the state of a new lab: the next scenario begins with nothing."""
        for process in reversed(list(self.processes)):
            self.end(process, signal.SIGKILL)
        self.cables = []
        for space in self.spaces:
            subprocess.run(["ip", "netns", "del", space], check=False)
        self.spaces = []

    def close(self):
        self.clear()
        shutil.rmtree(self.scratch, ignore_errors=True)


def require(programs):
    """Leaves with one sentence if a program is missing or we may not use namespaces."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        sys.exit(f"pcaps/make needs {', '.join(missing)}; pcaps/README.md names the packages")
    if os.geteuid() != 0:
        sys.exit("pcaps/make needs root: it makes network namespaces and captures in them")
    if not os.path.exists("/dev/net/tun"):
        sys.exit("pcaps/make needs /dev/net/tun: the cables with a delay are made of it")
