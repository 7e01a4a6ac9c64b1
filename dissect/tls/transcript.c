#include "dissect/tls/transcript.h"

#include "dissect/tls/names.h"

#include <stdio.h>
#include <string.h>

enum { WORD_BYTES = 48 };

static const char *const words[TLS_EVENT_KIND_COUNT] = {
    [TLS_CLIENT_HELLO] = "CH",
    [TLS_SERVER_HELLO] = "SH",
    [TLS_HELLO_RETRY_REQUEST] = "HRR",
    [TLS_HELLO_VERIFY_REQUEST] = "HVR",
    [TLS_HELLO_REQUEST] = "HREQ",
    [TLS_NEW_SESSION_TICKET] = "NST",
    [TLS_CERTIFICATE] = "CERT",
    [TLS_SERVER_KEY_EXCHANGE] = "SKE",
    [TLS_CERTIFICATE_REQUEST] = "CREQ",
    [TLS_SERVER_HELLO_DONE] = "SHD",
    [TLS_CERTIFICATE_VERIFY] = "CVER",
    [TLS_CLIENT_KEY_EXCHANGE] = "CKE",
    [TLS_CERTIFICATE_STATUS] = "CSTAT",
    [TLS_OTHER_MESSAGE] = "HS",
    [TLS_CHANGE_CIPHER_SPEC] = "CCS",
    [TLS_ENCRYPTED_HANDSHAKE] = "ENC",
    [TLS_APPLICATION_DATA] = "APP",
    [TLS_ALERT] = "ALERT",
    [TLS_ENCRYPTED_ALERT] = "EALERT",
    [TLS_HEARTBEAT] = "HB",
    [TLS_GAP] = "GAP",
    [TLS_NOT_TLS] = "NOTLS",
    [TLS_FIN] = "END",
    [TLS_RESET] = "RST",
};

/* The words with something in parentheses are rare: only they pay for formatting. */
static const char *format_word(const struct tls_event *event, char out[WORD_BYTES])
{
    if (event->kind == TLS_OTHER_MESSAGE) {
        (void)snprintf(out, WORD_BYTES, "HS(%d)", event->message_type);
        return out;
    }
    const char *name = tls_alert_name(event->alert_description);
    if (name != NULL) {
        (void)snprintf(out, WORD_BYTES, "ALERT(%s)", name);
    } else {
        (void)snprintf(out, WORD_BYTES, "ALERT(%d)", event->alert_description);
    }
    return out;
}

/* Returns the length of the word with its side, e.g. "<ALERT(handshake_failure)". */
static size_t write_word(const struct tls_event *event, bool is_finished, char out[WORD_BYTES + 1])
{
    char formatted[WORD_BYTES];
    const char *word = is_finished ? "FIN" : words[event->kind];

    if (event->kind == TLS_ALERT || event->kind == TLS_OTHER_MESSAGE) {
        word = format_word(event, formatted);
    }
    const size_t len = strnlen(word, WORD_BYTES - 1);
    out[0] = event->from == TLS_CLIENT ? '>' : '<';
    memcpy(out + 1, word, len);
    return len + 1;
}

static bool ends_with_word(const char *transcript, size_t len, const char *word, size_t word_len)
{
    if (len < word_len || memcmp(transcript + len - word_len, word, word_len) != 0) {
        return false;
    }
    return len == word_len || transcript[len - word_len - 1] == ' ';
}

void transcript_add(char *transcript, size_t size, const struct tls_event *event, bool is_finished)
{
    static const char more[] = " ...";
    char word[WORD_BYTES + 1];
    const size_t word_len = write_word(event, is_finished, word);
    const size_t len = strnlen(transcript, size);

    if (ends_with_word(transcript, len, word, word_len) ||
        ends_with_word(transcript, len, more + 1, sizeof(more) - 2)) {
        return;
    }
    if (len + 1 + word_len + sizeof(more) > size) {
        memcpy(transcript + len, more, sizeof(more));
        return;
    }
    char *end = transcript + len;
    if (len > 0) {
        *end++ = ' ';
    }
    memcpy(end, word, word_len);
    end[word_len] = '\0';
}
