/* An array that grows: the one place where report/ asks for memory in proportion to its input. */
#ifndef REPRISE_REPORT_ARRAY_H
#define REPRISE_REPORT_ARRAY_H

#include "base/attributes.h"

#include <stddef.h>

/* The array with room for at least `wanted` items of item_bytes, moved if need be; *capacity
 * follows. NULL when there is no memory: the old array is then as it was, and still the caller's.
 * Starts from NULL and a capacity of 0; free() ends it. */
MUST_CHECK void *array_reserve(void *items, size_t *capacity, size_t wanted, size_t item_bytes);

#endif
