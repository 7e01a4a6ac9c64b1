"""Runs reprise over captures and gives back the records it made of them."""
import concurrent.futures
import ipaddress
import json
import os
import pathlib
import subprocess
import tempfile
import time

READ_OK = (0, 4)  # 4: the capture is damaged or cut; what could be read counts


class Fault(Exception):
    """The program did what it never may: a crash, a wrong exit status, broken output."""


def endpoint(address, port):
    """One spelling for each address."""
    return f"{ipaddress.ip_address(address)} {port}"


def records_of(reprise, capture):
    """The handshakes over TCP of one capture, in the order of their ClientHellos."""
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "compare.db")
        read = subprocess.run([reprise, "read", "-q", "-d", database, str(capture)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if read.returncode not in READ_OK:
            raise Fault(f"{capture.name}: read exits {read.returncode}: "
                        f"{read.stderr.decode(errors='replace')[-2000:]}")
        listed = subprocess.run([reprise, "handshakes", "-d", database, "--format", "json"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if listed.returncode != 0:
            raise Fault(f"{capture.name}: handshakes exits {listed.returncode}: "
                        f"{listed.stderr.decode(errors='replace')[-2000:]}")
    records = [json.loads(line) for line in listed.stdout.decode().splitlines()]
    records = [record for record in records if record["transport"] in ("tcp", "dtls")]
    for record in records:
        record["from"] = endpoint(record["client"], record["client_port"])
        record["to"] = endpoint(record["server"], record["server_port"])
    return sorted(records, key=lambda record: (record["time"], record["id"]))


def read_all(reprise, captures):
    """capture's name -> its records; as many captures at once as there are processors."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda capture: records_of(reprise, capture), captures)
        return {capture.name: records for capture, records in zip(captures, results)}


class Limits:
    """What one run may take, whatever the capture."""

    def __init__(self, seconds, megabytes, statuses):
        self.seconds, self.megabytes, self.statuses = seconds, megabytes, statuses

    def fault_of(self, reprise, capture, options=()):
        """What a run on this capture did that it may not; None when all is in order. With "-" among
        the options it comes through standard input."""
        run = " ".join([capture.name, *options])
        source = [] if "-" in options else [str(capture)]
        with tempfile.TemporaryDirectory() as folder:
            errors = pathlib.Path(folder) / "stderr"
            begin = time.monotonic()
            with errors.open("wb") as stderr, capture.open("rb") as stdin:
                # A run that hangs is killed from outside, at twice its time.
                process = subprocess.Popen(
                    ["timeout", "-s", "KILL", str(2 * self.seconds), reprise, "read", "-q", "-d",
                     os.path.join(folder, "hostile.db"), *options, *source],
                    stdin=stdin, stdout=subprocess.DEVNULL, stderr=stderr)
                _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            took = time.monotonic() - begin
            if process.returncode not in self.statuses:
                words = errors.read_text(encoding="utf-8", errors="replace")
                return f"{run}: exit status {process.returncode}\n{words[-3000:]}"
        if took > self.seconds:
            return f"{run}: {took:.1f} s"
        if usage.ru_maxrss > self.megabytes * 1024:
            return f"{run}: {usage.ru_maxrss // 1024} MB"
        return None
