/* Feeds a reader and writes down what it tells, one word per event, so that a test compares
 * sequences as text. */
#ifndef REPRISE_TESTS_DISSECT_TLS_FEED_H
#define REPRISE_TESTS_DISSECT_TLS_FEED_H

#include "dissect/tls/reader.h"

#include "tests/dissect/tls/wire.h"

struct feed {
    struct reader_pools pools;
    struct tls_reader reader;
    int64_t now_ns;         /* of the next chunk; then one more */
    struct tls_event last;  /* must not be followed into what it borrows */
    unsigned parsed_hellos; /* ClientHello, ServerHello, HelloRetryRequest */
    size_t words_len;
    size_t details_len;
    char words[8 * 1024];     /* "client-hello certificate ..." */
    char details[128 * 1024]; /* the same with all fields but the times, and what was parsed */
};

/* Words: client-hello server-hello hello-retry verify hello-request ticket certificate
 * server-kx cert-request done cert-verify client-kx status other ccs encrypted data alert
 * encrypted-alert heartbeat gap not-tls. A hello or ticket not parsed ends in "!". */
struct feed *feed_new(void);

/* Ends the reader, checks that its pools are full again, and frees all. */
void feed_free(struct feed *feed);

/* One chunk, from an exact-size copy that is gone afterwards. */
void feed_chunk(struct feed *feed, struct bytes data, bool starts_segment);

void feed_hole(struct feed *feed, uint32_t missing);

/* All bytes in one segment; or each in a chunk of its own. */
void feed_wire(struct feed *feed, const struct wire *wire);
void feed_byte_by_byte(struct feed *feed, const struct wire *wire);

/* Feeds the wire in one segment and checks the words. */
void feed_expect(const struct wire *wire, const char *words);

#endif
