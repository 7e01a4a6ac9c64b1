"""The programs that are run, as commands."""
import re
import shutil
import subprocess

from measuring import measure


class Programs:
    def __init__(self, build):
        self.build = build
        self.reprise = str(build / "app/reprise")
        self.noop = str(build / "tests/bench/noop")

    def read(self, path, *options, jobs=1):
        """reprise read, a report and nothing else said."""
        return [self.reprise, "read", "-q", f"-j{jobs}", *map(str, options), str(path)]

    def counted(self, path, database, *options):
        """A Run of reading into a database whose closing counters are in `words`."""
        return measure([self.reprise, "read", "-j1", "-d", str(database), *options, str(path)])

    def memory_of(self, mebibytes):
        """Options for so much memory for conversations."""
        help_words = subprocess.run([self.reprise, "read", "--help"], stdout=subprocess.PIPE,
                                    text=True, check=True).stdout
        return ["--memory", str(mebibytes)] if "--memory" in help_words else []


# Debian's programs that answer some of the same questions; what to install for each.
OTHERS = {
    "ndpiReader": ("libndpi-bin", lambda trace: ["ndpiReader", "-q", "-i", trace]),
    "ssldump": ("ssldump", lambda trace: ["ssldump", "-n", "-r", trace]),
    "tshark": ("tshark", lambda trace: ["tshark", "-n", "-r", trace, "-Y", "tls.handshake.type == 2",
                                        "-T", "fields", "-e", "tls.resumed"]),
    "tcpdump -w /dev/null": ("tcpdump", lambda trace: ["tcpdump", "-r", trace, "-w", "/dev/null"]),
}


def is_installed(name):
    return shutil.which(name.split()[0]) is not None


VERDICTS = ("full", "resumed-id", "resumed-ticket", "resumed-psk", "failed", "unknown")


def verdicts_in(words):
    """Of closing counters: handshakes by verdict."""
    line = re.search(r"^\d+ handshakes?: (.*)$", words, re.MULTILINE).group(1)
    return {verdict: int(re.search(rf"(\d+) {verdict}\b", line).group(1)) for verdict in VERDICTS}


def count_in(words, what):
    """Of closing counters: the number before these words; 0 where they do not stand."""
    found = re.search(rf"^(\d+) {what}", words, re.MULTILINE)
    return int(found.group(1)) if found else 0
