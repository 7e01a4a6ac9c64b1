/* Which group of a report a handshake belongs to: the number of its name. */
#ifndef REPRISE_REPORT_GROUP_NAME_H
#define REPRISE_REPORT_GROUP_NAME_H

#include "report/name_table.h"
#include "report/report.h"

/* The number is given now if the name is new; "" is the name of those that have none. False without
 * memory. */
MUST_CHECK bool group_name_add(struct name_table *names, enum report_by by,
                               const struct record *record, uint32_t *out);

#endif
