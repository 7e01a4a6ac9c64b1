/* Keyed 128-bit hash (SipHash-2-4-128, Aumasson and Bernstein, 2012): the identity of a ticket or
 * session ID. Without the key, which lives in the database, a hash can be neither made nor linked.
 */
#ifndef REPRISE_BASE_KEYED_HASH_H
#define REPRISE_BASE_KEYED_HASH_H

#include "base/attributes.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { KEYED_HASH_KEY_BYTES = 16, KEYED_HASH_BYTES = 16 };

struct keyed_hash;

/* NULL (and a sentence in error) without memory. The key is copied. */
MUST_CHECK struct keyed_hash *keyed_hash_new(const uint8_t key[KEYED_HASH_KEY_BYTES],
                                             struct error *error);
void keyed_hash_free(struct keyed_hash *hash);

/* The hash of one domain byte and then data: the same bytes as a ticket and as a session ID have
 * different hashes. */
void keyed_hash_of(const struct keyed_hash *hash, uint8_t domain, const uint8_t *data, size_t len,
                   uint8_t out[KEYED_HASH_BYTES]);

/* Fills out with unpredictable bytes, 256 at most; false when the system has none to give. */
MUST_CHECK bool keyed_hash_random(uint8_t *out, size_t len);

#endif
