"""Holds records against expectations and counts, field by field, how many agree."""
import collections
import statistics

RESUMED = ("resumed-id", "resumed-ticket", "resumed-psk")


class Score:
    """Field -> how many agree of how many; and a line for each that does not."""

    def __init__(self):
        self.agree = collections.Counter()
        self.total = collections.Counter()
        self.disagreements = []
        self.false_resumptions = []
        self.excess_ms = []  # handshakes' time beyond what their round trips dictate
        self.unexpected = 0  # records nobody expected: neither right nor wrong

    def count(self, field, is_right, words):
        self.total[field] += 1
        self.agree[field] += is_right
        if not is_right:
            self.disagreements.append(f"{field}: {words}")


def is_verdict_right(expected, record):
    if record["verdict"] in expected.verdicts:
        return True
    # "incomplete" in the folders' words, where a reset ended it, is a failure in SPEC's.
    return ("unknown" in expected.verdicts and record["verdict"] == "failed" and
            "reset" in (record["reason"] or ""))


def is_field_right(field, wanted, record):
    if field == "refused":
        return (record["outcome"] in ("refused", "not-applicable")) == wanted
    found = record[field]
    if field == "sni":
        return (found or "").lower() == (wanted or "").lower()
    return found == wanted


def is_rtt_right(rtt_ms, record):
    """Within 2 ms or 5 %, whichever is more."""
    if record["rtt_us"] is None:
        return False
    return abs(record["rtt_us"] / 1000 - rtt_ms) <= max(2, 0.05 * rtt_ms)


def judge_times(score, expected, record, where):
    if expected.rtt_ms is not None:
        score.count("rtt_us", is_rtt_right(expected.rtt_ms, record),
                    f"{where}: {record['rtt_us']} us, configured {expected.rtt_ms} ms")
    if expected.handshake_ms is not None:
        wanted = expected.handshake_ms
        # The programs' own computing comes on top of the delays.
        excess = None if record["handshake_us"] is None else record["handshake_us"] / 1000 - wanted
        is_right = excess is not None and -2 <= excess <= max(10, 0.05 * wanted)
        score.count("handshake_us", is_right,
                    f"{where}: {record['handshake_us']} us, dictated {wanted} ms")
        if excess is not None:
            score.excess_ms.append(excess)


def judge(score, expected, record):
    where = f"{expected.capture} {expected.client} > {expected.server}"
    label = expected.verdicts[0]
    if record is None:
        if not expected.is_optional:
            score.count("verdict", False, f"{where}: {label}, but no record")
            score.count(f"verdict {label}", False, f"{where}: no record")
        return
    is_right = is_verdict_right(expected, record)
    words = f"{where}: found {record['verdict']} ({record['reason']}), expected " \
            f"{' or '.join(dict.fromkeys(expected.verdicts))}; {record['messages']}"
    score.count("verdict", is_right, words)
    score.count(f"verdict {label}", is_right, words)
    if record["verdict"] in RESUMED and not set(expected.verdicts) & set(RESUMED):
        score.false_resumptions.append(words)
    for field, wanted in expected.fields.items():
        found = record["outcome"] if field == "refused" else record[field]
        score.count(field, is_field_right(field, wanted, record),
                    f"{where}: found {found!r}, expected {wanted!r}; {record['messages']}")
    judge_times(score, expected, record, where)


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
        for words in score.disagreements:
            print(f"  {words}")
    return below + missing + (["false resumptions"] if score.false_resumptions else [])
