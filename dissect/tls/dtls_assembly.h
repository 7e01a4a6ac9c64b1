/* One handshake message of DTLS, put together from fragments in any order, overlapping, repeated
 * (RFC 6347, 4.2.3). The body is kept only of messages that are parsed, in a block of the readers'
 * pools; without one the message is whole in the end, but not there. */
#ifndef REPRISE_DISSECT_TLS_DTLS_ASSEMBLY_H
#define REPRISE_DISSECT_TLS_DTLS_ASSEMBLY_H

#include "dissect/tls/collector.h"
#include "dissect/tls/dtls_message.h"

enum { DTLS_ASSEMBLY_RANGES = 6 };

/* Zero-initialised. */
struct dtls_assembly {
    struct message_header message;
    bool has_begun;
    bool block_is_large;
    uint8_t range_count;
    struct {
        uint32_t from;
        uint32_t to;
    } ranges[DTLS_ASSEMBLY_RANGES]; /* what has come, in order, apart from each other */
    uint8_t *block;                 /* NULL: none is needed, or none was to be had */
    int64_t start_ns;               /* when the first fragment came */
};

/* Takes in a fragment. One that contradicts those before, or would make more than
 * DTLS_ASSEMBLY_RANGES islands, is as good as lost: it will be sent again. */
void dtls_assembly_add(struct dtls_assembly *assembly, const struct reader_pools *pools,
                       const struct dtls_fragment *fragment, int64_t time_ns);

bool dtls_assembly_is_whole(const struct dtls_assembly *assembly);

/* Gives back its block, and is as if zero-initialised. */
void dtls_assembly_clear(struct dtls_assembly *assembly, const struct reader_pools *pools);

#endif
