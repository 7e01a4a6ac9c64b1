/* What number a host got in a table by name (report/name_table.h), kept by the host's id in the
 * database: most handshakes of a report then cost no hash of a name. Fixed memory, 128 KB: a number
 * that had to go is found by name again. */
#ifndef REPRISE_REPORT_HOST_NUMBERS_H
#define REPRISE_REPORT_HOST_NUMBERS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

enum { HOST_NUMBERS_KEPT = 8192 };

struct host_numbers_entry {
    int64_t host; /* 0: nothing is kept here */
    uint32_t number;
    uint16_t version;
};

struct host_numbers {
    struct host_numbers_entry kept[HOST_NUMBERS_KEPT]; /* all zero to begin with */
};

/* Whether the number of a host and version (0 where versions are one) is kept. host:
 * record.host_id; that of 0, which means not known, never is. */
MUST_CHECK bool host_numbers_find(const struct host_numbers *numbers, int64_t host,
                                  uint16_t version, uint32_t *out);
void host_numbers_keep(struct host_numbers *numbers, int64_t host, uint16_t version,
                       uint32_t number);

#endif
