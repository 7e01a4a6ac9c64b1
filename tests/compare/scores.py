"""Holds records against expectations and counts, field by field, how many agree."""
import collections
import dataclasses
import statistics

import transcripts

RESUMED = ("resumed-id", "resumed-ticket", "resumed-psk")


@dataclasses.dataclass(frozen=True)
class Disagreement:
    """One figure of one connection. label, found: as docs/disagreements.md writes them."""

    capture: str
    field: str
    label: str
    found: str
    where: str = ""
    words: str = ""


class Score:
    """Field -> how many agree of how many; and what does not."""

    def __init__(self):
        self.agree = collections.Counter()
        self.total = collections.Counter()
        self.disagreements = []
        self.doubtful = []  # connections whose label is doubtful: all of them
        self.false_resumptions = []
        self.excess_ms = []  # handshakes' time beyond what their round trips dictate
        self.unexpected = 0  # records nobody expected: neither right nor wrong

    def count(self, field, is_right):
        self.total[field] += 1
        self.agree[field] += is_right

    def judge(self, expected, field, is_right, label, found, words=""):
        self.count(field, is_right)
        if not is_right:
            self.disagreements.append(
                Disagreement(expected.capture, field, str(label), str(found),
                             f"{expected.client} > {expected.server}", words))


def is_verdict_right(expected, record):
    if record["verdict"] in expected.verdicts:
        return True
    # "incomplete" in the folders' words, where a reset ended it, is a failure in SPEC's.
    return ("unknown" in expected.verdicts and record["verdict"] == "failed" and
            "reset" in (record["reason"] or ""))


def found_of(field, record):
    if field == "refused":
        return record["outcome"] in ("refused", "not-applicable")
    if field == "messages":
        return transcripts.of_record(record["messages"])
    if field == "sni":
        return (record["sni"] or "").lower() or None
    return record[field]


def is_rtt_right(rtt_ms, record):
    """Within 2 ms or 5 %, whichever is more."""
    if record["rtt_us"] is None:
        return False
    return abs(record["rtt_us"] / 1000 - rtt_ms) <= max(2, 0.05 * rtt_ms)


def judge_times(score, expected, record):
    if expected.rtt_ms is not None:
        score.judge(expected, "rtt_us", is_rtt_right(expected.rtt_ms, record),
                    f"{expected.rtt_ms} ms", f"{record['rtt_us']} us")
    if expected.handshake_ms is not None:
        wanted = expected.handshake_ms
        # The programs' own computing comes on top of the delays.
        excess = None if record["handshake_us"] is None else record["handshake_us"] / 1000 - wanted
        is_right = excess is not None and -2 <= excess <= max(10, 0.05 * wanted)
        score.judge(expected, "handshake_us", is_right, f"{wanted} ms",
                    f"{record['handshake_us']} us")
        if excess is not None:
            score.excess_ms.append(excess)


def verdict_words(record):
    """full; full, likely; unknown: why."""
    if record is None:
        return "no record"
    words = record["verdict"]
    if record["certainty"] == "likely" and words != "unknown":
        words += ", likely"
    return words + (f": {record['reason']}" if record["reason"] else "")


def judge(score, expected, record):
    label = expected.verdicts[0]
    allowed = " or ".join(dict.fromkeys(expected.verdicts))
    if record is not None and record["verdict"] in RESUMED and \
            not set(expected.verdicts) & set(RESUMED):
        score.false_resumptions.append(
            f"{expected.capture} {expected.client} > {expected.server}: found "
            f"{record['verdict']}, expected {allowed}; {record['messages']}")
    if expected.doubts is not None:
        score.doubtful.append(
            Disagreement(expected.capture, "; ".join(expected.doubts), allowed,
                         verdict_words(record), f"{expected.client} > {expected.server}",
                         record["messages"] if record else ""))
        return
    if record is None:
        if not expected.is_optional:
            score.judge(expected, "verdict", False, label, verdict_words(record))
            score.count(f"verdict {label}", False)
        return
    is_right = is_verdict_right(expected, record)
    score.judge(expected, "verdict", is_right, allowed, verdict_words(record), record["messages"])
    score.count(f"verdict {label}", is_right)
    for field, wanted in expected.fields.items():
        found = found_of(field, record)
        wanted = wanted.lower() or None if field == "sni" and wanted is not None else wanted
        score.judge(expected, field, found == wanted, wanted, found, record["messages"])
    judge_times(score, expected, record)


def take_record(records, expected):
    """The first record left that is of the connection. Order tells what endpoints do not: the same
    ports twice, or ports that nobody noted."""
    for record in records:
        client = record["from"]
        if expected.client.endswith(" *"):
            client = client.rsplit(" ", 1)[0] + " *"
        if (client, record["to"]) == (expected.client, expected.server):
            records.remove(record)
            return record
    return None


def score_of(expectations, records):
    """records: capture's name -> records in order."""
    left = {capture: list(of_capture) for capture, of_capture in records.items()}
    score = Score()
    for expected in expectations:
        judge(score, expected, take_record(left[expected.capture], expected))
    score.unexpected = sum(map(len, left.values()))
    return score


def is_below(score, field, floor):
    return score.agree[field] < (score.total[field] if floor == "all" else floor)


def print_score(score, floors, is_verbose):
    """Prints it and returns what is below its floor."""
    below = []
    for field in score.total:
        agree, total, floor = score.agree[field], score.total[field], floors.get(field)
        note = "" if floor is None else f"   floor {floor}"
        if floor is not None and is_below(score, field, floor):
            below.append(field)
            note += "  BELOW"
        print(f"{field:<24}{agree:6} of {total:<6} agree{note}")
    missing = [field for field in floors if field not in score.total]
    if score.excess_ms:
        quantiles = statistics.quantiles(score.excess_ms, n=10, method="inclusive")
        print(f"handshake_us beyond what is dictated, ms: smallest {min(score.excess_ms):.1f}, "
              f"median {statistics.median(score.excess_ms):.1f}, 90 % {quantiles[8]:.1f}, "
              f"largest {max(score.excess_ms):.1f}")
    print(f"records nobody expected: {score.unexpected}")
    print(f"false resumptions: {len(score.false_resumptions)}")
    for words in score.false_resumptions:
        print(f"  FALSE RESUMPTION {words}")
    if is_verbose or below:
        for one in score.disagreements:
            print(f"  {one.field}: {one.capture} {one.where}: found {one.found}, expected "
                  f"{one.label}; {one.words}")
    return below + missing + (["false resumptions"] if score.false_resumptions else [])
