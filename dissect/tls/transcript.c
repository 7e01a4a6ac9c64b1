#include "dissect/tls/transcript.h"

#include "dissect/tls/names.h"

#include <stdio.h>
#include <string.h>

enum { WORD_BYTES = 48, PLAIN_WORD_BYTES = 7 };

/* len is known here, and all have one size: they are written with a move each. */
static const struct word {
    uint8_t len;
    char text[PLAIN_WORD_BYTES];
} words[TLS_EVENT_KIND_COUNT] = {
    [TLS_CLIENT_HELLO] = {2, "CH"},
    [TLS_SERVER_HELLO] = {2, "SH"},
    [TLS_HELLO_RETRY_REQUEST] = {3, "HRR"},
    [TLS_HELLO_VERIFY_REQUEST] = {3, "HVR"},
    [TLS_HELLO_REQUEST] = {4, "HREQ"},
    [TLS_NEW_SESSION_TICKET] = {3, "NST"},
    [TLS_CERTIFICATE] = {4, "CERT"},
    [TLS_SERVER_KEY_EXCHANGE] = {3, "SKE"},
    [TLS_CERTIFICATE_REQUEST] = {4, "CREQ"},
    [TLS_SERVER_HELLO_DONE] = {3, "SHD"},
    [TLS_CERTIFICATE_VERIFY] = {4, "CVER"},
    [TLS_CLIENT_KEY_EXCHANGE] = {3, "CKE"},
    [TLS_CERTIFICATE_STATUS] = {5, "CSTAT"},
    [TLS_OTHER_MESSAGE] = {2, "HS"},
    [TLS_CHANGE_CIPHER_SPEC] = {3, "CCS"},
    [TLS_ENCRYPTED_HANDSHAKE] = {3, "ENC"},
    [TLS_APPLICATION_DATA] = {3, "APP"},
    [TLS_ALERT] = {5, "ALERT"},
    [TLS_ENCRYPTED_ALERT] = {6, "EALERT"},
    [TLS_HEARTBEAT] = {2, "HB"},
    [TLS_GAP] = {3, "GAP"},
    [TLS_NOT_TLS] = {5, "NOTLS"},
    [TLS_FIN] = {3, "END"},
    [TLS_RESET] = {3, "RST"},
};

static const struct word finished = {3, "FIN"};

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
    const struct word *word = is_finished ? &finished : &words[event->kind];

    out[0] = event->from == TLS_CLIENT ? '>' : '<';
    if (event->kind == TLS_ALERT || event->kind == TLS_OTHER_MESSAGE) {
        return 1 + strlen(format_word(event, out + 1));
    }
    memcpy(out + 1, word->text, sizeof(word->text));
    return 1 + (size_t)word->len;
}

static bool ends_with_word(const char *transcript, size_t len, const char *word, size_t word_len)
{
    return len >= word_len && memcmp(transcript + len - word_len, word, word_len) == 0 &&
           (len == word_len || transcript[len - word_len - 1] == ' ');
}

/* The same word again, or there was no room already. Most often the last letter tells. */
static bool is_written(const char *transcript, size_t len, const char *word, size_t word_len)
{
    static const char dots[] = "...";

    if (len == 0) {
        return false;
    }
    const char last = transcript[len - 1];
    return (last == word[word_len - 1] && ends_with_word(transcript, len, word, word_len)) ||
           (last == dots[0] && ends_with_word(transcript, len, dots, sizeof(dots) - 1));
}

size_t transcript_add(char *transcript, size_t size, size_t len, const struct tls_event *event,
                      bool is_finished)
{
    static const char more[] = " ...";
    char word[WORD_BYTES + 1];
    const size_t word_len = write_word(event, is_finished, word);

    if (is_written(transcript, len, word, word_len)) {
        return len;
    }
    if (len + 1 + word_len + sizeof(more) > size) {
        memcpy(transcript + len, more, sizeof(more));
        return len + sizeof(more) - 1;
    }
    if (len > 0) {
        transcript[len++] = ' ';
    }
    if (word_len <= 1 + PLAIN_WORD_BYTES && size - len > 1 + PLAIN_WORD_BYTES) {
        memcpy(transcript + len, word, 1 + PLAIN_WORD_BYTES);
    } else {
        memcpy(transcript + len, word, word_len);
    }
    transcript[len + word_len] = '\0';
    return len + word_len;
}
