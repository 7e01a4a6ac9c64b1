/* The folder's door: what the database holds, in one of the formats. Reads through store/query.h
 * only; everything a packet could choose is escaped for the format it goes to. */
#ifndef REPRISE_REPORT_REPORT_H
#define REPRISE_REPORT_REPORT_H

#include "store/query.h"

#include "base/error.h"

#include <stdio.h>

enum report_format {
    REPORT_TEXT,
    REPORT_JSON,
    REPORT_CSV,
    REPORT_MARKDOWN,
    REPORT_PROMETHEUS,
    REPORT_ZEEK_TSV,
    REPORT_ZEEK_JSON,
    REPORT_EVE,
    REPORT_HTML,
};

/* What is written: not every format has a form of each. */
enum report_kind { REPORT_OF_GROUPS, REPORT_OF_HANDSHAKES, REPORT_OF_TICKETS, REPORT_KINDS };

enum report_by {
    REPORT_BY_HOST,
    REPORT_BY_CLIENT,
    REPORT_BY_VERSION,
    REPORT_BY_APP,
    REPORT_BY_HOUR,
    REPORT_BY_DAY,
};

enum report_sort {
    REPORT_SORT_HANDSHAKES, /* most first; the default except for hour and day */
    REPORT_SORT_NAME,       /* A to Z; hour and day: oldest first */
    REPORT_SORT_RATE,       /* lowest resumption rate first */
    REPORT_SORT_REFUSED,    /* most refused first */
    REPORT_SORT_SAVED,      /* most latency saved first */
};

/* What is asked of every host, and which do not do it (report/thresholds.h). */
struct report_judgement {
    double least_rate;   /* resumption rate in percent; NAN: not asked for */
    double most_refused; /* offers refused, in percent; NAN: not asked for */
    FILE *said;          /* gets a line for each host that misses, escaped for a terminal */
    size_t missed;       /* hosts that do */
};

struct advice;
struct report_ledger;

struct report_options {
    struct query_filter filter;
    enum report_format format;
    enum report_by by;
    enum report_sort sort;
    bool has_sort;    /* else the default of `by` */
    unsigned top;     /* 0: all groups */
    bool use_color;   /* text only, as the next two */
    bool use_blocks;  /* block characters, where the reader's charset is UTF-8 */
    unsigned columns; /* the page's width, at least 80; 0 means 80 */
    int64_t now_ns;   /* the wall clock, for formats that say when they were written */
    /* Of hosts; report_summary() makes it. NULL: there is none. */
    const struct advice *advice;
    const struct report_ledger *ledger; /* likewise */
    struct report_judgement *judgement; /* report_summary() fills it; NULL: nothing is asked */
    struct query_filter periods[2];     /* report_compare(): A and B; the host is that of filter */
    unsigned period_count;              /* as many as are set */
};

enum { REPORT_COLUMNS_MIN = 80 };

/* Read back the words of the command line; false when there is no such word (for this kind). */
bool report_format_parse(const char *word, enum report_kind kind, enum report_format *out);
bool report_by_parse(const char *word, enum report_by *out);
bool report_sort_parse(const char *word, enum report_sort *out);

/* The formats that there are for a kind: "text, json, csv". */
enum { REPORT_WORDS_BYTES = 128 };
void report_format_words(enum report_kind kind, char out[REPORT_WORDS_BYTES]);

/* The word of a grouping, as report_by_parse() reads it. */
const char *report_by_name(enum report_by by);

/* `reprise report`: groups, the total, coverage. An empty period is an empty report. */
MUST_CHECK bool report_summary(struct query *query, const struct report_options *options, FILE *out,
                               struct error *error);

/* `reprise report --compare`: the groups of two periods side by side, in an order of its own. */
MUST_CHECK bool report_compare(struct query *query, const struct report_options *options, FILE *out,
                               struct error *error);

/* Whether report_compare() knows a format. */
bool report_can_compare(enum report_format format);

/* `reprise handshakes`: one line each; JSON lines with the keys of SPEC 6, CSV with the same. */
MUST_CHECK bool report_handshakes(struct query *query, const struct report_options *options,
                                  FILE *out, struct error *error);

/* `reprise tickets`: sessions per host: issued, hint, offered, accepted, refused, ages; what was
 * not handled as promised; the ticket keys they are under; IDs, tickets and PSKs side by side. */
MUST_CHECK bool report_tickets(struct query *query, const struct report_options *options, FILE *out,
                               struct error *error);

/* The line that `reprise watch` prints as a handshake ends; with its newline. */
void report_watch_line(FILE *out, const struct record *record, bool use_color);

#endif
