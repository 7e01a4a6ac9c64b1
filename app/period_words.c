#include "app/period_words.h"

#include "app/clock.h"
#include "app/time_words.h"

#include <string.h>

enum { TIME_BYTES = 64 }; /* the longest time is less than that, but for a fraction without end */

static const char between[] = "..";

/* An empty time is an open end. */
static bool parse_end(const char *text, size_t len, int64_t now_ns, int64_t *out)
{
    char copy[TIME_BYTES];

    if (len == 0) {
        *out = HANDSHAKE_NULL;
        return true;
    }
    if (len >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    return time_words_parse(copy, now_ns, out);
}

static bool parse_range(const char *text, int64_t now_ns, int64_t *since, int64_t *until)
{
    const char *const dots = strstr(text, between);

    if (dots == NULL) {
        return false;
    }
    const char *const second = dots + strlen(between);
    return parse_end(text, (size_t)(dots - text), now_ns, since) &&
           parse_end(second, strlen(second), now_ns, until) &&
           (*since != HANDSHAKE_NULL || *until != HANDSHAKE_NULL);
}

/* "2026-11-01" is a day, "2026-11-01T00:00:00Z" a moment. */
static bool is_date(const char *text)
{
    return strlen(text) == strlen("2026-11-01") && text[0] >= '0' && text[0] <= '9';
}

static bool parse_word(const char *text, int64_t now_ns, int64_t *since, int64_t *until)
{
    if (!time_words_parse(text, now_ns, since)) {
        return false;
    }
    if (is_date(text)) {
        return !__builtin_add_overflow(*since, 86400 * CLOCK_SECOND_NS, until);
    }
    if (strcmp(text, "yesterday") == 0) {
        return time_words_parse("today", now_ns, until);
    }
    *until = now_ns;
    return strcmp(text, "today") == 0 || text[0] == '-';
}

bool period_words_parse(const char *text, int64_t now_ns, struct query_filter *out)
{
    int64_t since;
    int64_t until;

    if (!parse_range(text, now_ns, &since, &until) && !parse_word(text, now_ns, &since, &until)) {
        return false;
    }
    if (until != HANDSHAKE_NULL && since >= until) {
        return false;
    }
    out->since_ns = since;
    out->until_ns = until;
    return true;
}
