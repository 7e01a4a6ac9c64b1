/* SipHash-1-3 (Aumasson and Bernstein, 2012; one compression and three finalisation rounds): a
 * keyed hash for tables whose keys strangers choose. Small and inlined on purpose: a call into
 * libcrypto would cost more than the rest of the packet's walk. */
#ifndef REPRISE_DISSECT_NET_SIPHASH_H
#define REPRISE_DISSECT_NET_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
    uint64_t k0;
    uint64_t k1;
};

struct siphash_key siphash_key_of(const uint8_t key[16]);

uint64_t siphash(const struct siphash_key *key, const uint8_t *data, size_t len);

#endif
