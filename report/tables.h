/* The report's tables for readers: which figures of a group stand in which column. The formats lay
 * them out. */
#ifndef REPRISE_REPORT_TABLES_H
#define REPRISE_REPORT_TABLES_H

#include "report/figures.h"
#include "report/format.h"

#include <stddef.h>

enum { TABLES_COLUMNS_MAX = 9 };

/* Figures into text of our own, ASCII; "-" where there is none. */
typedef void tables_cell(const struct figures *figures, char out[FORMAT_BYTES]);

struct tables_column {
    const char *upper; /* two lines of heading, flush right like the figures below them */
    const char *lower;
    int width; /* on a page of text, the space before it included */
    tables_cell *cell;
};

struct table {
    const char *title;
    bool (*has_row)(const struct figures *figures); /* whether a group has anything to say */
    struct tables_column columns[TABLES_COLUMNS_MAX];
};

size_t tables_count(void);
const struct table *tables_at(size_t table);
bool tables_has_column(const struct table *table, size_t column);

#endif
