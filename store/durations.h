/* The durations of a handshake, packed: SQLite keeps small numbers in few bytes.
 *
 * Where a duration is a whole number of microseconds, as nearly all captures give it, it is stored
 * as those, else in nanoseconds; the lowest bit says which. What a handshake takes is mostly the
 * path's round trip and the server's thinking, which are stored too: only the rest of it is. PURE.
 *
 * Table `handshake` has the packed columns, the view handshake_plain the durations. */
#ifndef REPRISE_STORE_DURATIONS_H
#define REPRISE_STORE_DURATIONS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

/* In nanoseconds; HANDSHAKE_NULL where one is not known. */
struct durations {
    int64_t rtt_client_ns;
    int64_t rtt_server_ns;
    int64_t server_think_ns;
    int64_t handshake_ns;
    int64_t setup_ns;
};

/* HANDSHAKE_NULL as above. */
struct packed_durations {
    int64_t rtt_client;
    int64_t rtt_server;
    int64_t server_think;
    int64_t handshake_rest; /* of handshake_ns, beyond the three */
    int64_t setup_rest;     /* of setup_ns, beyond handshake_ns and the first two */
};

/* One of them is longer than nine years, which only a broken clock gives: they are not packed then
 * but stored as they are, the rests as handshake_ns and setup_ns. `facts` says which
 * (store/facts.h).
 */
MUST_CHECK bool durations_are_plain(const struct durations *durations);

void durations_pack(const struct durations *durations, struct packed_durations *out);

/* The file may have been written by anybody: any numbers give some. */
void durations_unpack(const struct packed_durations *packed, bool are_plain, struct durations *out);

/* The same in SQL. Of a row of handshake with its kind: */
/* clang-format off */
#define DURATIONS_PLAIN "facts >> 61 & 1"
#define DURATIONS_UNPACK(packed) "(" packed ">>1)*iif(" packed "&1,1,1000)"
#define DURATIONS_PART(packed) "ifnull(" DURATIONS_UNPACK(packed) ",0)"
#define DURATIONS_PATH DURATIONS_PART("rtt_client") " + " DURATIONS_PART("rtt_server")
#define DURATIONS_HANDSHAKE                                                                        \
    DURATIONS_UNPACK("handshake_rest") " + " DURATIONS_PATH " + " DURATIONS_PART("server_think")
#define DURATIONS_SETUP                                                                            \
    DURATIONS_UNPACK("setup_rest") " + " DURATIONS_PATH " + ifnull(" DURATIONS_HANDSHAKE ",0)"
#define DURATIONS_NS(packed, unpacked)                                                             \
    "iif(" DURATIONS_PLAIN ", " packed ", " unpacked ")"

/* Of a row that has the five in nanoseconds: */
#define DURATIONS_ALL                                                                              \
    "coalesce(rtt_client_ns, 0), coalesce(rtt_server_ns, 0), coalesce(server_think_ns, 0),"        \
    " coalesce(handshake_ns, 0), coalesce(setup_ns, 0)"
#define DURATIONS_ARE_PLAIN                                                                        \
    "(max(" DURATIONS_ALL ") > 1 << 58 OR min(" DURATIONS_ALL ") < -(1 << 58))"
#define DURATIONS_PACK(ns) "iif((" ns ") % 1000, (" ns ") << 1 | 1, (" ns ") / 1000 << 1)"
#define DURATIONS_REST(whole_ns, part_ns)                                                          \
    DURATIONS_PACK(whole_ns " - coalesce(rtt_client_ns, 0) - coalesce(rtt_server_ns, 0)"           \
                   " - coalesce(" part_ns ", 0)")
#define DURATIONS_STORED(ns, packed) "iif(" DURATIONS_PLAIN ", " ns ", " packed ")"
/* clang-format on */

#endif
