/* The report's tables for readers: which figures of a group stand in which column. The formats lay
 * them out. */
#ifndef REPRISE_REPORT_TABLES_H
#define REPRISE_REPORT_TABLES_H

#include "report/figures.h"
#include "report/format.h"

#include <stddef.h>

enum { TABLES_COLUMNS_MAX = 12, TABLES_NAME_COLUMNS_MIN = 14 };

/* Figures into text of our own, ASCII; "-" where there is none. */
typedef void tables_cell(const struct figures *figures, char out[FORMAT_BYTES]);

struct tables_column {
    const char *upper; /* two lines of heading, flush right like the figures below them */
    const char *lower;
    int width; /* on a page of text, the space before it included */
    tables_cell *cell;
    unsigned from_columns; /* a narrower page of text goes without; 0: any page has it */
};

struct table {
    const char *title;
    bool (*has_row)(const struct figures *figures); /* whether a group has anything to say */
    struct tables_column columns[TABLES_COLUMNS_MAX];
};

size_t tables_count(void);
const struct table *tables_at(size_t table);
bool tables_has_column(const struct table *table, size_t column);

/* Of a column that is a picture, the same one in block characters, UTF-8; NULL of others. */
const struct tables_column *tables_blocks(const struct tables_column *column);

/* The columns that a page of text this wide has room for, 1 << column, beside a name of
 * TABLES_NAME_COLUMNS_MIN: those for this width, from the left. */
unsigned tables_columns_on(const struct table *table, unsigned page_columns);

#endif
