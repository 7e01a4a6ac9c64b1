"""Every golden .json, .csv and .log file is read by Python's own parsers, and says the same in both."""
import csv
import json
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])
json.loads((folder / "report.json").read_text(encoding="utf-8"))
json.loads((folder / "tickets.json").read_text(encoding="utf-8"))

objects = [json.loads(line)
           for line in (folder / "handshakes.json").read_text(encoding="utf-8").splitlines()]
with open(folder / "handshakes.csv", newline="", encoding="utf-8") as file:
    rows = list(csv.reader(file))
assert objects and len(objects) == len(rows) - 1, (len(objects), len(rows))
for one, row in zip(objects, rows[1:]):
    assert list(one) == rows[0], one.keys()
    for key, cell in zip(one, row):
        value = one[key]
        if isinstance(value, bool) or value is None or isinstance(value, int):
            assert cell == ("" if value is None else str(value).lower()), (key, cell)
        elif key == "anomalies":
            assert cell == ";".join(value), cell
        elif key not in ("host", "sni", "alpn"):
            assert cell == value, (key, cell)

def lines_of(name):
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


# Zeek's two formats say the same, field by field; what is unset is left out of JSON.
log = (folder / "handshakes.zeek.log").read_text(encoding="utf-8").splitlines()
head = dict(line.split("\t", 1) for line in log if line.startswith("#") and "\t" in line)
names, types = head["#fields"].split("\t"), head["#types"].split("\t")
records = [line.split("\t") for line in log if not line.startswith("#")]
streamed = lines_of("handshakes.zeek.json")
assert len(names) == len(types) == len(set(names)) and len(records) == len(streamed)
read = {"time": float, "count": int, "int": int, "port": int, "bool": {"T": True, "F": False}.get,
        "addr": str, "string": lambda text: re.sub(rb"\\x(..)", lambda hex: bytes.fromhex(
            hex[1].decode()), text.encode()).decode(errors="replace"),
        "set[string]": lambda text: [] if text == "(empty)" else text.split(",")}
for cells, one in zip(records, streamed):
    assert one.pop("_path") == head["#path"] == "ssl"
    assert {name: read[type](cell) for name, type, cell in zip(names, types, cells)
            if cell != "-"} == one, (cells, one)

# EVE events carry our own objects as they are.
events = lines_of("handshakes.eve.json")
assert [event["reprise"] for event in events] == objects
for event in events:
    assert event["event_type"] == "tls" and event["src_port"] == event["reprise"]["client_port"]
    assert event["tls"].get("session_resumed", False) == event["reprise"]["verdict"].startswith(
        "resumed-")

for name in ("report.csv", "tickets.csv"):
    with open(folder / name, newline="", encoding="utf-8") as file:
        lengths = {len(row) for row in csv.reader(file)}
    assert len(lengths) == 1, (name, lengths)
