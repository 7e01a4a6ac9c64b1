/* The hashes that tables of connections are often made with, none of them keyed: whoever chooses
 * endpoints can choose them all alike. */
#ifndef REPRISE_TESTS_BENCH_UNKEYED_H
#define REPRISE_TESTS_BENCH_UNKEYED_H

#include "tests/bench/endpoints.h"

#include <stdint.h>

enum unkeyed {
    UNKEYED_XOR,      /* of the three 32-bit words: addresses, ports */
    UNKEYED_SUM,      /* of the same */
    UNKEYED_CRC32,    /* IEEE 802.3's, of the twelve bytes */
    UNKEYED_TOEPLITZ, /* of receive side scaling, under its published key */
    UNKEYED_COUNT,
};

uint32_t unkeyed_hash(enum unkeyed which, const struct endpoints *endpoints);

/* What has to be known of a hash to choose endpoints by it. */
struct unkeyed_chooser {
    enum unkeyed which;
    uint32_t rows[32]; /* undo what the bits of the server's address do: see unkeyed_choose */
};

struct unkeyed_chooser unkeyed_chooser(enum unkeyed which);

/* Changes the server's address so that the hash is `target`. */
void unkeyed_choose(const struct unkeyed_chooser *chooser, uint32_t target,
                    struct endpoints *endpoints);

#endif
