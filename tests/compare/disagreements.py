"""docs/disagreements.md against what a run finds: every disagreement has its row there, and every
row its disagreement. A row's figures are compared as text; what it says of the reason is for
readers."""
import collections
import pathlib

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "disagreements.md"

# The tables that are held against a run, by their first columns. The last column is the reason.
DIFFERENT = ["capture", "connections", "figure", "label", "Reprise", "why"]
DOUBTFUL = ["capture", "connections", "doubt", "label", "Reprise", "why"]


def cells_of(line):
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def rows_of(page, header):
    """(capture, figure or doubt, label, ours) -> connections, of all tables with this header."""
    rows = collections.Counter()
    is_inside = False
    for line in page.splitlines():
        if not line.startswith("|"):
            is_inside = False
        elif cells_of(line) == header:
            is_inside = True
        elif is_inside and not line.startswith("|-"):
            capture, count, what, label, ours, why = cells_of(line)
            if not why:
                raise ValueError(f"{capture}: a row without a reason")
            rows[capture, what, label, ours] += int(count)
    return rows


def found_by(disagreements):
    return collections.Counter((one.capture, one.field, one.label, one.found)
                               for one in disagreements)


def print_rows(disagreements):
    """The rows as the page has them, but for the reasons."""
    for (capture, what, label, ours), count in sorted(found_by(disagreements).items()):
        print(f"| {capture} | {count} | {what} | {label} | {ours} | |")


def faults_of(page, header, found, is_covered):
    """Sentences, one for each row too many or too few. is_covered(capture): this run reads it."""
    written = collections.Counter({row: count for row, count in rows_of(page, header).items()
                                   if is_covered(row[0])})
    found = found_by(found)
    faults = []
    for row in sorted(set(written) | set(found)):
        if written[row] != found[row]:
            faults.append(f"docs/disagreements.md tells of {written[row]}, this run found "
                          f"{found[row]}: {' | '.join(row)}")
    return faults
