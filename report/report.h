/* The folder's door: what the database holds, as text, JSON or CSV. Reads through store/query.h
 * only; everything a packet could choose is escaped for the format it goes to. */
#ifndef REPRISE_REPORT_REPORT_H
#define REPRISE_REPORT_REPORT_H

#include "store/query.h"

#include "base/error.h"

#include <stdio.h>

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CSV };

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

struct report_options {
    struct query_filter filter;
    enum report_format format;
    enum report_by by;
    enum report_sort sort;
    bool has_sort;  /* else the default of `by` */
    unsigned top;   /* 0: all groups */
    bool use_color; /* text only */
};

/* Read back the words of the command line; false when there is no such word. */
bool report_format_parse(const char *word, enum report_format *out);
bool report_by_parse(const char *word, enum report_by *out);
bool report_sort_parse(const char *word, enum report_sort *out);

/* The word of a grouping, as report_by_parse() reads it. */
const char *report_by_name(enum report_by by);

/* `reprise report`: groups, the total, coverage. An empty period is an empty report. */
MUST_CHECK bool report_summary(struct query *query, const struct report_options *options, FILE *out,
                               struct error *error);

/* `reprise handshakes`: one line each; JSON lines with the keys of SPEC 6, CSV with the same. */
MUST_CHECK bool report_handshakes(struct query *query, const struct report_options *options,
                                  FILE *out, struct error *error);

/* `reprise tickets`: sessions per host: issued, hint, offered, accepted, refused, ages; then the
 * ticket keys they are under. */
MUST_CHECK bool report_tickets(struct query *query, const struct report_options *options, FILE *out,
                               struct error *error);

/* The line that `reprise watch` prints as a handshake ends; with its newline. */
void report_watch_line(FILE *out, const struct record *record, bool use_color);

#endif
