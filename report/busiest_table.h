/* The summary that `reprise watch --top` shows. */
#ifndef REPRISE_REPORT_BUSIEST_TABLE_H
#define REPRISE_REPORT_BUSIEST_TABLE_H

#include "report/busiest.h"

#include <stdbool.h>
#include <stdio.h>

/* Lines beside those of hosts, at most. */
enum { BUSIEST_TABLE_FRAME = 4 };

struct busiest_page {
    unsigned columns; /* no line is wider; at least 80 */
    size_t hosts;     /* lines for them, at most */
    bool use_color;
    int64_t elapsed_ns; /* since the run began */
};

/* Returns the lines written. */
size_t busiest_table_print(FILE *out, struct busiest *busiest, const struct busiest_page *page);

#endif
