"""Labelled captures, from each folder's own format to one shape."""
import json
import pathlib
import re

import captures
import transcripts

# The folders' older names for SPEC's verdicts.
VERDICTS = {
    "resumed_id": "resumed-id",
    "resumed_ticket": "resumed-ticket",
    "resumed_psk": "resumed-psk",
    "external_psk": "resumed-psk",  # on the wire they look alike
    "incomplete": "unknown",
}

VERSIONS_UP_TO_12 = ("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "DTLSv1.0", "DTLSv1.2")

TRANSPORTS = ("tcp", "dtls")
CIPHERS = pathlib.Path(__file__).resolve().parents[2] / "dissect" / "tls" / "cipher_names.c"


class Expected:
    """What one connection must come out as. fields: name -> value, only those that are known."""

    def __init__(self, capture, client, server, verdicts, fields):
        self.capture, self.client, self.server = capture, client, server  # port "*": any
        self.verdicts = verdicts  # the label first, then others that are right too
        self.fields = fields
        self.is_optional = False
        self.doubts = None          # why the label itself is doubtful; None: it is not
        self.rtt_ms = None          # as configured; None: not known, or no delay at all
        self.handshake_ms = None    # what round trips and delay dictate


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def version_family(version):
    """Drafts and experiments of TLS 1.3 are TLS 1.3, and the first DTLS of OpenSSL is DTLS 1.0."""
    if version is None or version in VERSIONS_UP_TO_12:
        return version
    if version.startswith("DTLS"):
        return "DTLSv1.3" if version.startswith("DTLSv1.3") else version.removesuffix("-openssl")
    return "TLSv1.3"


def cipher_names():
    """IANA's names by number, as the program has them: the labels have numbers only."""
    rows = re.findall(r"\{0x([0-9a-f]{4}), \"(\w+)\"\}", CIPHERS.read_text(encoding="ascii"))
    return {f"0x{number}": name for number, name in rows}


def iana_name(cipher):
    """From OpenSSL's or mbedTLS's spelling of the suites in truth.jsonl."""
    if cipher is None or cipher.startswith("TLS_"):
        return cipher
    if cipher.startswith("TLS-"):
        return cipher.replace("-", "_")
    return "TLS_" + re.sub(r"-AES(\d+)-", r"_WITH_AES_\1_", cipher).replace("-", "_")


def doubts_of(row):
    if row["certainty"] == "sure":
        return None
    return [re.split(r"[:(]", words)[0].strip() for words in row["doubt"]] or ["no reason given"]


def of_corpus(folder):
    """expected.jsonl of third-party captures: what an independent dissector saw."""
    names = cipher_names()
    rows = [row for row in lines_of(folder / "expected.jsonl")
            if row["transport"] in TRANSPORTS or row["certainty"] != "sure"]
    for row in sorted(rows, key=lambda row: float(row["first_ts"])):
        reply, offer = row["server_reply"], row["client_offer"]
        fields = {}
        if offer is not None:
            fields["offered"] = row["offered_kind"]
            fields["sni"] = row["sni"]
        if row["handshake_kind"] != "incomplete":
            fields["refused"] = row["refused"]
        if reply["server_hello_seen"]:
            fields["version"] = version_family(row["version"])
            fields["cipher"] = names.get(row["cipher"], row["cipher"])
        if not any(note.startswith("gap-") for note in row["notes"]):
            fields["messages"] = transcripts.of_label(row["messages"])
        if reply["new_session_ticket"] and reply["ticket_len"]:
            fields["lifetime_hint_s"] = reply["lifetime_hint"]
        verdicts = [VERDICTS.get(name, name) for name in [row["verdict"], *row["acceptable"]]]
        expected = Expected(row["pcap"], captures.endpoint(row["client_ip"], row["client_port"]),
                            captures.endpoint(row["server_ip"], row["server_port"]), verdicts,
                            fields)
        expected.is_optional = row["optional"] or row["transport"] not in TRANSPORTS
        expected.doubts = doubts_of(row)
        yield expected


def early_data_of(row):
    if not row["early_data_offered"]:
        return "none"
    return "accepted" if row["early_data_accepted"] else "refused"


# Why the set-up refused a session, and what of that can be seen (docs/schema.md, refusal_cause). A
# new key is only known from three tickets on, a session ID has no lifetime hint, and backends behind
# one address do not show.
REFUSED_WHY = {
    "ticket older than": "expired",
    "session older than": "unexplained",
    "session not in the cache": "unexplained",
    "ticket key unknown": "unexplained",  # one ticket of the new key
    "load balancer sent": "unexplained",  # both keys go on in use
}


def refusal_cause_of(row):
    """None where it is not told."""
    why = row["refused_why"] or ""
    return next((cause for begin, cause in REFUSED_WHY.items() if why.startswith(begin)), None)


def of_truth(folder):
    """truth.jsonl of captures of real programs: what the endpoints said."""
    rows = [row for row in lines_of(folder / "truth.jsonl") if row["transport"] in TRANSPORTS]
    for row in sorted(rows, key=lambda row: row["index"]):
        fields = {"sni": row["sni"], "version": row["version"], "refused": row["refused"],
                  "early_data": early_data_of(row)}
        if row["cipher"] is not None:
            fields["cipher"] = iana_name(row["cipher"])
        if row["offered"] != "unknown":
            fields["offered"] = row["offered"]
        if row["version"] in VERSIONS_UP_TO_12 and row["ticket_lifetime_hint"] is not None:
            fields["lifetime_hint_s"] = row["ticket_lifetime_hint"]
        if refusal_cause_of(row) is not None:
            fields["refusal_cause"] = refusal_cause_of(row)
        verdicts = [VERDICTS.get(name, name)
                    for name in [row["verdict"], *(row.get("verdict_also_ok") or [])]]
        expected = Expected(row["file"], captures.endpoint(row["client_ip"], row["client_port"]),
                            captures.endpoint(row["server_ip"], row["server_port"]), verdicts,
                            fields)
        expected.rtt_ms = row["rtt_ms_configured"] or None
        yield expected


# Fields of pcaps/truth.jsonl that reprise prints by the same name.
OWN_FIELDS = ["version", "cipher", "offered", "outcome", "early_data", "rtts_tcp", "rtts_tls",
              "rtts_stalled", "hello_retry", "refusal_cause", "renewed"]

# Clients that say whether a ticket came: without a hint, none did.
TELL_HINTS = ("OpenSSL", "Python")


def own_fields(row):
    fields = {name: row[name] for name in OWN_FIELDS if row.get(name) is not None}
    fields["sni"] = row["sni"]
    fields["rtts_tcp"] = row["rtts_tcp"]  # None of a further handshake on its connection
    if "carrier" in row:
        fields["carrier"] = row["carrier"]
    if row["verdict"] == "failed":
        # What it did not come to has no round trips.
        fields["rtts_tls"] = None
        fields.pop("rtts_stalled", None)
    if row["version"] in VERSIONS_UP_TO_12 and (row["lifetime_hint_s"] is not None or
                                                row["client"].startswith(TELL_HINTS)):
        fields["lifetime_hint_s"] = row["lifetime_hint_s"]
    return fields


def of_own(folder):
    """pcaps/truth.jsonl of our own samples: what the endpoints said, and what the delays dictate."""
    for row in sorted(lines_of(folder / "truth.jsonl"), key=lambda row: row["index"]):
        expected = Expected(row["file"],
                            captures.endpoint(row["client_ip"], row["client_port"] or "*"),
                            captures.endpoint(row["server_ip"], row["server_port"]),
                            [row["verdict"]], own_fields(row))
        expected.rtt_ms = row["rtt_ms"] or None
        # Where the server's kernel holds back the end of a flight, no time is dictated.
        if row["rtt_ms"] and row["rtts_tls"] is not None and row["rtts_stalled"] is not None:
            expected.handshake_ms = (row["rtts_tls"] + row["rtts_stalled"]) * row["rtt_ms"]
        yield expected
