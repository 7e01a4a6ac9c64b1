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

/* Returns the length of the word with its side, e.g. "<ALERT(handshake_failure)". */
static size_t write_word(const struct tls_event *event, bool is_finished, char out[WORD_BYTES])
{
    const char side = event->from == TLS_CLIENT ? '>' : '<';
    int len;

    if (event->kind == TLS_ALERT) {
        const char *name = tls_alert_name(event->alert_description);
        len = name != NULL
                  ? snprintf(out, WORD_BYTES, "%cALERT(%s)", side, name)
                  : snprintf(out, WORD_BYTES, "%cALERT(%d)", side, event->alert_description);
    } else if (event->kind == TLS_OTHER_MESSAGE) {
        len = snprintf(out, WORD_BYTES, "%cHS(%d)", side, event->message_type);
    } else {
        len = snprintf(out, WORD_BYTES, "%c%s", side, is_finished ? "FIN" : words[event->kind]);
    }
    return len > 0 && len < WORD_BYTES ? (size_t)len : strnlen(out, WORD_BYTES - 1);
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
    char word[WORD_BYTES];
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
