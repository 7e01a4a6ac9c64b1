"""The generated captures: made when they are not there yet or their generator has changed since,
big ones removed after use."""
import json
import pathlib
import shutil
import subprocess
import sys

BIG_BYTES = 200e6


class Trace:
    def __init__(self, path, truth):
        self.path, self.truth = path, truth

    def __getattr__(self, name):
        """trace.packets, trace.handshakes: what is in it."""
        try:
            return self.truth[name]
        except KeyError:
            raise AttributeError(name) from None


class Traces:
    def __init__(self, trace_gen, folder, is_cleaned):
        self.trace_gen, self.folder = pathlib.Path(trace_gen), folder
        self.is_cleaned = is_cleaned
        self.folder.mkdir(parents=True, exist_ok=True)

    def get(self, kind, **options):
        """Options by their letter: n=1000 is -n 1000."""
        words = [f"{letter}{value}" for letter, value in options.items()]
        path = self.folder / ("-".join([kind, *words]) + ".pcap")
        truth = path.with_suffix(".json")
        if not is_newer(truth, self.trace_gen) or not path.exists():
            print(f"generating {path.name}", file=sys.stderr, flush=True)
            command = [str(self.trace_gen), "-k", kind, "-o", str(path)]
            for letter, value in options.items():
                command += [f"-{letter}", str(value)]
            said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            truth.write_text(said, encoding="utf-8")
        return Trace(path, json.loads(truth.read_text(encoding="utf-8")))

    def drop(self, *traces):
        """They are of no more use in this run."""
        for trace in traces:
            if self.is_cleaned and trace.path.exists() and trace.path.stat().st_size > BIG_BYTES:
                trace.path.unlink()

    def clear(self):
        """No file is of any more use."""
        for path in self.folder.iterdir():
            if self.is_cleaned and path.stat().st_size > BIG_BYTES:
                path.unlink()

    def database(self, name="bench"):
        """A path where no database is yet."""
        path = self.folder / f"{name}.db"
        for suffix in ("", "-wal", "-shm"):
            pathlib.Path(str(path) + suffix).unlink(missing_ok=True)
        return path

    def version_2_3(self, trace):
        """The same capture as old programs write it: reprise leaves such files to libpcap."""
        return self.rewritten(trace, "version-2.3", as_version_2_3)

    def first(self, trace, packets):
        """The first packets of a trace, for programs too slow for all of it."""
        return self.rewritten(trace, f"first-{packets}",
                              lambda whole, out: copy_packets(whole, out, packets))

    def rewritten(self, trace, name, rewrite):
        path = trace.path.with_name(f"{trace.path.stem}-{name}.pcap")
        if not is_newer(path, trace.path):
            with trace.path.open("rb") as whole, path.open("wb") as out:
                rewrite(whole, out)
        return Trace(path, trace.truth)


def is_newer(made, maker):
    return made.exists() and made.stat().st_mtime >= maker.stat().st_mtime


# pcap-savefile(5): a header of 24 bytes, u16 minor version at 6; records with a header of 16, u32
# captured length at 8.
def as_version_2_3(whole, out):
    header = whole.read(24)
    out.write(header[:6] + (3).to_bytes(2, "little") + header[8:])
    shutil.copyfileobj(whole, out, 1 << 20)


def copy_packets(whole, out, packets):
    out.write(whole.read(24))
    for _ in range(packets):
        header = whole.read(16)
        out.write(header + whole.read(int.from_bytes(header[8:12], "little")))
