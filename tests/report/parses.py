"""Every golden .json and .csv file is read by Python's own parsers, and says the same in both."""
import csv
import json
import pathlib
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

for name in ("report.csv", "tickets.csv"):
    with open(folder / name, newline="", encoding="utf-8") as file:
        lengths = {len(row) for row in csv.reader(file)}
    assert len(lengths) == 1, (name, lengths)
