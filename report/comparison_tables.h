/* A comparison for readers: which figures stand in which column, and what is said in words. The
 * formats lay them out. Pure: no untrusted text. */
#ifndef REPRISE_REPORT_COMPARISON_TABLES_H
#define REPRISE_REPORT_COMPARISON_TABLES_H

#include "report/comparison.h"
#include "report/format.h"
#include "report/report.h"
#include "report/text_page.h"

enum { COMPARISON_COLUMNS_MAX = 6 };

/* Figures into text of our own, ASCII; "-" where there is none. */
typedef void comparison_cell(const struct comparison_row *row, char out[FORMAT_BYTES]);

struct comparison_column {
    const char *upper; /* two lines of heading, flush right like the figures below them */
    const char *lower;
    int width; /* on a page of text, the space before it included */
    comparison_cell *cell;
};

struct comparison_table {
    const char *title;
    bool (*has_row)(const struct comparison_row *row); /* whether a row has anything to say */
    struct comparison_column columns[COMPARISON_COLUMNS_MAX];
};

size_t comparison_tables_count(void);
const struct comparison_table *comparison_tables_at(size_t table);
bool comparison_tables_has_column(const struct comparison_table *table, size_t column);

/* How many rows are to be shown. */
size_t comparison_tables_shown(const struct comparison *comparison,
                               const struct report_options *options);

/* "from X until Y: N handshakes, ..." of a side. */
void comparison_tables_period(const struct comparison *comparison,
                              const struct report_options *options, size_t side,
                              struct text_sentence *out);

/* The sentence to read if one reads only one; how the figures were made; "2 more hosts are not
 * shown.", or nothing. */
void comparison_tables_headline(const struct comparison *comparison, struct text_sentence *out);
void comparison_tables_method(struct text_sentence *out);
void comparison_tables_not_shown(const struct comparison *comparison,
                                 const struct report_options *options, struct text_sentence *out);

#endif
