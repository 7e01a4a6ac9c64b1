/* The periods a user can say: for --compare. */
#ifndef REPRISE_APP_PERIOD_WORDS_H
#define REPRISE_APP_PERIOD_WORDS_H

#include "store/query.h"

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

/* Reads a period into the filter's since_ns and until_ns, which is exclusive:
 *
 *   2026-11-01..2026-11-08  from one time to another (app/time_words.h), here seven days
 *   -48h..-24h              likewise
 *   2026-11-01..            from then on; "..2026-11-01": until then
 *   2026-11-01              that day, in UTC
 *   today, yesterday        the local day, today's until now
 *   -24h                    from so long ago until now
 *
 * False, and *out unchanged, for anything else, and where the period does not end after it began.
 */
MUST_CHECK bool period_words_parse(const char *text, int64_t now_ns, struct query_filter *out);

#endif
