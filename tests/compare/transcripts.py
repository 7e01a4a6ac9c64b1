"""The clear messages of a handshake: the labels' words and ours in one spelling."""

WORDS = {
    "client_hello": "CH", "client_hello_ssl2": "CH", "server_hello": "SH", "server_hello_ssl2": "SH",
    "hello_retry_request": "HRR", "hello_verify_request": "HVR", "hello_request": "HREQ",
    "new_session_ticket": "NST", "certificate": "CERT", "certificate_status": "CSTAT",
    "certificate_verify": "CVER", "server_key_exchange": "SKE", "certificate_request": "CREQ",
    "server_hello_done": "SHD", "client_key_exchange": "CKE", "ccs": "CCS",
}

# What is no message in clear (docs/schema.md).
NOT_COMPARED = ("FIN", "ENC", "APP", "EALERT", "HB", "GAP", "NOTLS", "END", "RST", "...")


def said_once(words):
    """Ours says a word that repeats only once."""
    once = []
    for word in words:
        if not once or once[-1] != word:
            once.append(word)
    return " ".join(once)


def of_label(messages):
    """["C:client_hello", "S:alert(unknown_ca)"] -> ">CH <ALERT(unknown_ca)"."""
    words = []
    for side, message in (message.split(":", 1) for message in messages):
        if message == "alert(encrypted)":
            continue
        word = WORDS.get(message) or message.replace("alert", "ALERT")
        words.append((">" if side == "C" else "<") + word)
    return said_once(words)


def of_record(messages):
    return said_once(word for word in (messages or "").split()
                     if word.lstrip("<>") not in NOT_COMPARED)
