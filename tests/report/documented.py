"""docs/ names every key of the golden JSON files, every metric and every field of Zeek's."""
import json
import pathlib
import re
import sys

golden, docs = map(pathlib.Path, sys.argv[1:])


def words_of(name):
    return set(re.findall(r"`([a-z0-9_.]+)`", (docs / name).read_text(encoding="utf-8")))


def keys_of(value):
    if isinstance(value, list):
        for each in value:
            yield from keys_of(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from keys_of(each)


def check(found, name):
    missing = sorted(set(found) - words_of(name))
    assert not missing, f"docs/{name} does not tell of {', '.join(missing)}"


for name, schema in ("report.json", "reprise-report/1"), ("report-advice.json", "reprise-report/1"), ("tickets.json", "reprise-tickets/1"):
    report = json.loads((golden / name).read_text(encoding="utf-8"))
    assert report["schema"] == schema and f'"{schema}"' in (docs / "report-json.md").read_text()
    check(keys_of(report), "report-json.md")

metrics = re.findall(r"^# TYPE (reprise_(?!host_)\w+)", (golden / "report.prom").read_text(), re.M)
assert len(metrics) > 20
check(metrics, "formats.md")
log = (golden / "handshakes.zeek.log").read_text(encoding="utf-8")
fields = re.search(r"^#fields\t(.*)$", log, re.M)[1].split("\t")
assert len(fields) > 40
check((field for field in fields if not field.startswith("reprise_")), "formats.md")
event = json.loads((golden / "handshakes.eve.json").read_text(encoding="utf-8").splitlines()[0])
columns = event.pop("reprise")
check(keys_of(event), "formats.md")
check(columns, "schema.md")
