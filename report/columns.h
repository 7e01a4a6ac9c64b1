/* What one handshake looks like to a machine: SPEC 6's keys, in its order, for JSON lines and CSV
 * alike. A new column is one row of the table and one function. */
#ifndef REPRISE_REPORT_COLUMNS_H
#define REPRISE_REPORT_COLUMNS_H

#include "report/value.h"

#include "store/record.h"

struct columns_row {
    const struct record *record;
    int64_t rtts_saved; /* HANDSHAKE_NULL: not resumed, or not known */
};

size_t columns_count(void);
const char *columns_name(size_t column);
size_t columns_find(const char *name); /* of a name there is */
void columns_value(size_t column, const struct columns_row *row, struct value *out);

#endif
