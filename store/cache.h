/* A bounded memory of what was looked up: byte strings and a value of fixed size for each. A full
 * cache forgets what was used longest ago among a few, so a key that is not found may well be in
 * the database. All memory is taken at the start; what was
 * never used of it is never touched. */
#ifndef REPRISE_STORE_CACHE_H
#define REPRISE_STORE_CACHE_H

#include "base/attributes.h"

#include <stddef.h>

struct cache;

/* slots: a power of two, at least 4. Keys longer than key_max bytes are not kept. NULL: no memory.
 */
MUST_CHECK struct cache *cache_new(size_t slots, size_t key_max, size_t value_bytes);
void cache_free(struct cache *cache);

/* Forgets everything. */
void cache_clear(struct cache *cache);

/* NULL when not there. Valid until the next cache_put or cache_clear. */
const void *cache_find(struct cache *cache, const void *key, size_t len);

/* Keeps a copy of key and value; replaces the value of a key that is there already. */
void cache_put(struct cache *cache, const void *key, size_t len, const void *value);

#endif
