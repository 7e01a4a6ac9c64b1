/* Numbers for 64-bit keys, such as IPv4 addresses and rows: 0, 1, 2, ... in the order they are
 * first seen. As report/name_table.h, and quicker: one place of memory is looked at. Memory: from
 * 32 to 64 bytes each. PURE. */
#ifndef REPRISE_REPORT_NUMBER_TABLE_H
#define REPRISE_REPORT_NUMBER_TABLE_H

#include "report/name_table.h"

struct number_table;

/* NULL when there is no memory. The key is copied; it need only be unpredictable. */
MUST_CHECK struct number_table *number_table_new(const uint8_t key[NAME_TABLE_KEY_BYTES]);
void number_table_free(struct number_table *table);

/* The number of a key, given now if it is new. False, and nothing changed, without memory. */
MUST_CHECK bool number_table_add(struct number_table *table, int64_t wanted, uint32_t *out);

/* The number of a key that has one; false if it has none. */
bool number_table_find(const struct number_table *table, int64_t wanted, uint32_t *out);

uint32_t number_table_count(const struct number_table *table);

#endif
