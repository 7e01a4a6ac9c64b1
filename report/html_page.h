/* What the parts of the HTML page share: where they write, of what, and small pieces of markup.
 *
 * Names are a packet's choice: they go out through html_name() or escape_html() only. Everything
 * else that is printed is our own words and figures, free of markup. */
#ifndef REPRISE_REPORT_HTML_PAGE_H
#define REPRISE_REPORT_HTML_PAGE_H

#include "report/format.h"
#include "report/report_ledger.h"
#include "report/summary.h"

struct html_page {
    FILE *out;
    const struct summary *summary;
    const struct report_options *options;
    const struct figures *total;
    const struct report_ledger *ledger; /* NULL: was not read */
    struct series_scale scale;
    size_t detailed;     /* so many groups, the first ones, have a section of their own */
    bool can_be_ordered; /* without a script: report/html_rules.h */
    unsigned pictures;   /* so far: each has a number */
};

/* A group, or all handshakes, as the pictures are made of it. */
struct html_group {
    size_t place;     /* SUMMARY_ALL: none, as it is of all handshakes */
    const char *name; /* untrusted, not terminated; of all handshakes: name_len 0 */
    size_t name_len;
    struct figures figures;
    struct series series;
};

/* What the groups are: "host", "hosts". */
const char *html_group_word(enum report_by by);
const char *html_groups_word(enum report_by by);

/* Ids of handshakes to look at, in a cell of a table. */
void html_examples(FILE *out, const struct occurrences *occurrences);

/* The name of a group; what has none is called so. */
void html_name(FILE *out, const char *name, size_t len);

/* "12 345", with narrow spaces; returns out. */
const char *html_count(uint64_t count, char out[FORMAT_BYTES]);

/* "s" where there is not exactly one. */
const char *html_plural(uint64_t count);

/* A time, or nothing: "12.3 ms", "-". */
const char *html_duration(int64_t ns, char out[FORMAT_BYTES]);

/* "5 min", "5 min to 2 h", "left open", "-". */
const char *html_hints(const struct figures *figures, char out[FORMAT_BYTES]);

/* Of `all`, in whole percent from 0 to 100, for the width of a bar: 0 only where it is nothing. */
unsigned html_share(uint64_t part, uint64_t all);

/* A table that scrolls sideways in itself: its caption in words, then the name of the group. */
void html_table_begin(const struct html_page *page, const char *class_name, const char *caption);
void html_table_end(const struct html_page *page);

#endif
