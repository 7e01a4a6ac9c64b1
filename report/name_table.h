/* Numbers for names: 0, 1, 2, ... in the order they are first seen. Names are untrusted bytes, any
 * value and length; their hash is keyed, so that nobody who chooses host names can make the table
 * slow. Memory: the names themselves and about 40 bytes each. */
#ifndef REPRISE_REPORT_NAME_TABLE_H
#define REPRISE_REPORT_NAME_TABLE_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NAME_TABLE_KEY_BYTES = 16 };

struct name_table;

/* NULL when there is no memory. The key is copied; it need only be unpredictable. */
MUST_CHECK struct name_table *name_table_new(const uint8_t key[NAME_TABLE_KEY_BYTES]);
void name_table_free(struct name_table *table);

/* The number of a name, given now if it is new. False, and nothing changed, without memory. */
MUST_CHECK bool name_table_add(struct name_table *table, const char *name, size_t len,
                               uint32_t *out);

/* The number of a name that has one; false if it has none. */
bool name_table_find(const struct name_table *table, const char *name, size_t len, uint32_t *out);

uint32_t name_table_count(const struct name_table *table);

/* The name of a number below the count; borrowed until the next add. Not terminated. */
const char *name_table_name(const struct name_table *table, uint32_t number, size_t *len);

#endif
