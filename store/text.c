#include "store/text.h"

#include "dissect/handshake.h"

#include <string.h>

/* The lead bytes of RFC 3629, 4, how many bytes follow each, and the bounds of the first of them:
 * these shut out overlong forms, surrogates and what lies beyond U+10FFFF. */
struct sequence {
    uint8_t first_lead;
    uint8_t last_lead;
    uint8_t following;
    uint8_t low;
    uint8_t high;
};

static const struct sequence sequences[] = {
    {0xc2, 0xdf, 1, 0x80, 0xbf}, {0xe0, 0xe0, 2, 0xa0, 0xbf}, {0xe1, 0xec, 2, 0x80, 0xbf},
    {0xed, 0xed, 2, 0x80, 0x9f}, {0xee, 0xef, 2, 0x80, 0xbf}, {0xf0, 0xf0, 3, 0x90, 0xbf},
    {0xf1, 0xf3, 3, 0x80, 0xbf}, {0xf4, 0xf4, 3, 0x80, 0x8f},
};

static bool is_between(uint8_t byte, uint8_t low, uint8_t high)
{
    return byte >= low && byte <= high;
}

static const struct sequence *sequence_of(uint8_t lead)
{
    for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
        if (is_between(lead, sequences[i].first_lead, sequences[i].last_lead)) {
            return &sequences[i];
        }
    }
    return NULL;
}

/* Length of the sequence of several bytes at the front; 0: there is no valid one. */
static size_t sequence_length(const uint8_t *data, size_t len)
{
    const struct sequence *sequence = sequence_of(data[0]);

    if (sequence == NULL || len < 1U + sequence->following ||
        !is_between(data[1], sequence->low, sequence->high)) {
        return 0;
    }
    for (size_t i = 2; i <= sequence->following; i++) {
        if (!is_between(data[i], 0x80, 0xbf)) {
            return 0;
        }
    }
    return 1U + sequence->following;
}

bool text_is_plain(const char *data, size_t len)
{
    const uint8_t *bytes = (const uint8_t *)data;
    size_t at = 0;

    while (at < len) {
        const size_t step =
            is_between(bytes[at], 0x01, 0x7f) ? 1 : sequence_length(bytes + at, len - at);
        if (step == 0) {
            return false;
        }
        at += step;
    }
    return true;
}

void text_bind(sqlite3_stmt *statement, int index, const char *data, size_t len)
{
    if (text_is_plain(data, len)) {
        (void)sqlite3_bind_text(statement, index, data, (int)len, SQLITE_STATIC);
    } else {
        (void)sqlite3_bind_blob(statement, index, data, (int)len, SQLITE_STATIC);
    }
}

void number_bind(sqlite3_stmt *statement, int index, int64_t number)
{
    if (number == HANDSHAKE_NULL) {
        (void)sqlite3_bind_null(statement, index);
    } else {
        (void)sqlite3_bind_int64(statement, index, number);
    }
}

int64_t number_read(sqlite3_stmt *statement, int column)
{
    const int64_t number = sqlite3_column_int64(statement, column);

    /* NULL is read as 0: the second call is for few. */
    return number == 0 && sqlite3_column_type(statement, column) == SQLITE_NULL ? HANDSHAKE_NULL
                                                                                : number;
}

int64_t number_of(sqlite3_value *value)
{
    const int64_t number = sqlite3_value_int64(value);

    return number == 0 && sqlite3_value_type(value) == SQLITE_NULL ? HANDSHAKE_NULL : number;
}

static size_t copy(const void *data, size_t len, char *out, size_t size)
{
    if (data == NULL) {
        return 0;
    }
    len = len < size ? len : size;
    memcpy(out, data, len);
    return len;
}

size_t text_read(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const void *data = sqlite3_column_blob(statement, column);

    return copy(data, (size_t)sqlite3_column_bytes(statement, column), out, size);
}

void text_read_string(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    out[text_read(statement, column, out, size - 1)] = '\0';
}

void text_string_of(sqlite3_value *value, char *out, size_t size)
{
    const void *data = sqlite3_value_blob(value);

    out[copy(data, (size_t)sqlite3_value_bytes(value), out, size - 1)] = '\0';
}
