#include "store/byte_counts.h"

#include "store/text.h"

#include "dissect/handshake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLIENT_BITS = 16, CLIENT_MAX = (1 << CLIENT_BITS) - 1 };

static bool fits(const struct byte_counts *counts)
{
    return counts->client >= 0 && counts->client <= CLIENT_MAX && counts->server >= 0 &&
           counts->server <= INT32_MAX;
}

/* Returns how long it is. */
static size_t format(int64_t number, char *to, size_t size)
{
    to[0] = '\0';
    return number == HANDSHAKE_NULL ? 0 : (size_t)snprintf(to, size, "%" PRId64, number);
}

int64_t byte_counts_pack(const struct byte_counts *counts, char text[BYTE_COUNTS_TEXT_BYTES])
{
    text[0] = '\0';
    if (fits(counts)) {
        return counts->server << CLIENT_BITS | counts->client;
    }
    if (counts->client != HANDSHAKE_NULL || counts->server != HANDSHAKE_NULL) {
        size_t len = format(counts->client, text, BYTE_COUNTS_TEXT_BYTES);
        text[len++] = ' ';
        (void)format(counts->server, text + len, BYTE_COUNTS_TEXT_BYTES - len);
    }
    return HANDSHAKE_NULL;
}

static int64_t parse(const char *text)
{
    return text[0] == '\0' ? HANDSHAKE_NULL : strtoll(text, NULL, 10);
}

static void read_text(sqlite3_value *from, struct byte_counts *out)
{
    char text[BYTE_COUNTS_TEXT_BYTES];

    text_string_of(from, text, sizeof(text));
    char *const space = strchr(text, ' ');
    if (space != NULL) {
        *space = '\0';
        out->client = parse(text);
        out->server = parse(space + 1);
    }
}

void byte_counts_read(sqlite3_value *from, struct byte_counts *out)
{
    *out = (struct byte_counts){HANDSHAKE_NULL, HANDSHAKE_NULL};
    if (sqlite3_value_type(from) == SQLITE_INTEGER) {
        const int64_t number = sqlite3_value_int64(from);
        out->client = number & CLIENT_MAX;
        out->server = number >> CLIENT_BITS;
    } else if (sqlite3_value_type(from) != SQLITE_NULL) {
        read_text(from, out);
    }
}
