/* The times a user can say: for --since and --until. */
#ifndef REPRISE_APP_TIME_WORDS_H
#define REPRISE_APP_TIME_WORDS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

/* Reads a time, as nanoseconds since the epoch:
 *
 *   2026-09-01T12:30:00.25+02:00  RFC 3339; "Z", "z" or an offset, "T", "t" or a blank
 *   2026-09-01                    midnight UTC of that day
 *   @1788200000.5                 seconds since the epoch
 *   -24h                          so long ago: a number and s, m, h, d or w
 *   today, yesterday              the midnight with which they began, local time
 *   now
 *
 * False, and *out unchanged, for anything else and for what does not fit. */
MUST_CHECK bool time_words_parse(const char *text, int64_t now_ns, int64_t *out);

#endif
