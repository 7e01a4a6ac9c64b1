/* What Zeek's formats make of our columns: report/columns.h has the same ones in the same order,
 * which a test looks after. */
#ifndef REPRISE_REPORT_ZEEK_H
#define REPRISE_REPORT_ZEEK_H

#include <stddef.h>

size_t zeek_columns(void);
const char *zeek_column_name(size_t column);

#endif
