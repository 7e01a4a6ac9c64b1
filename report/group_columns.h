/* What one group looks like to a machine: the columns of the report's CSV and the keys of its JSON
 * groups, described in docs/report-json.md. */
#ifndef REPRISE_REPORT_GROUP_COLUMNS_H
#define REPRISE_REPORT_GROUP_COLUMNS_H

#include "report/figures.h"
#include "report/value.h"

size_t group_columns_count(void);
const char *group_columns_name(size_t column);
void group_columns_value(size_t column, const struct figures *figures, struct value *out);

#endif
