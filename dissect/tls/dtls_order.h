/* Which of a direction's records of epoch 0 have come: what proves that nothing lies unseen between
 * a hello and the ChangeCipherSpec, which message numbers alone do not (they do not count it, nor
 * the encrypted Finished). Record numbers are never used twice, not even to retransmit (RFC 6347,
 * 4.1). */
#ifndef REPRISE_DISSECT_TLS_DTLS_ORDER_H
#define REPRISE_DISSECT_TLS_DTLS_ORDER_H

#include <stdbool.h>
#include <stdint.h>

enum { DTLS_ORDER_RECORDS = 256, DTLS_ORDER_WORD_BITS = 64 };

/* Zero-initialised. */
struct dtls_order {
    bool has_base;
    uint64_t base; /* a little before the first record seen, for those it has overtaken */
    uint64_t seen[DTLS_ORDER_RECORDS / DTLS_ORDER_WORD_BITS];
};

void dtls_order_add(struct dtls_order *order, uint64_t sequence);

/* Whether all records from first to last, which lies behind it, have come. No is also the answer
 * where they are too many to know. */
bool dtls_order_is_whole(const struct dtls_order *order, uint64_t first, uint64_t last);

#endif
