/* Two periods side by side: for each group, and for all, the rates of A and B, how far apart they
 * are, and how sure that is. Pure. */
#ifndef REPRISE_REPORT_COMPARISON_H
#define REPRISE_REPORT_COMPARISON_H

#include "report/proportion.h"
#include "report/summary.h"

enum { COMPARISON_A, COMPARISON_B, COMPARISON_SIDES };

/* A group in one period; all 0 and null where it was not seen. */
struct comparison_side {
    uint64_t handshakes;
    uint64_t failed;
    uint64_t unknown;
    struct proportion resumed; /* of the evaluated */
    struct proportion refused; /* offers, of those accepted or refused */
    uint64_t full_timed;
    int64_t full_ns; /* median; HANDSHAKE_NULL if none */
    uint64_t resumed_timed;
    int64_t resumed_ns;
};

enum comparison_change {
    COMPARISON_TOO_FEW, /* less than PROPORTION_ENOUGH in either period: no difference is given */
    COMPARISON_UNCLEAR, /* the interval holds 0 */
    COMPARISON_UP,
    COMPARISON_DOWN,
};

/* B less A, as fractions, with Newcombe's 95 % interval. */
struct comparison_share {
    enum comparison_change change;
    double difference;
    struct proportion_interval interval;
};

struct comparison_row {
    const char *name; /* untrusted, borrowed from the summaries; len 0: not known */
    size_t name_len;
    struct comparison_side sides[COMPARISON_SIDES];
    struct comparison_share resumed;
    struct comparison_share refused;
};

struct comparison {
    struct comparison_row *rows;
    size_t count;
    struct comparison_row total;
};

/* Of two summaries by the same thing, finished with REPORT_SORT_NAME, which must outlive the
 * result. The rows whose resumption rate differs most beyond its interval come first, then those
 * that may not differ, by their difference, then those that are too few, by their handshakes;
 * equals by name. False without memory. */
MUST_CHECK bool comparison_make(struct comparison *comparison, const struct summary *a,
                                const struct summary *b);
void comparison_clear(struct comparison *comparison);

/* "too-few", "unclear", "up", "down". */
const char *comparison_change_name(enum comparison_change change);

#endif
