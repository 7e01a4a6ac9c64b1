/* What is kept of how a ticket begins: digests under a key of the database, as many bits of each as
 * tell tickets apart, and fewer than there are in what they are made of. PURE.
 *
 * They answer what the learner asks of two tickets (store/ticket_learner.h), and nothing else: do
 * they begin with the same 16 or 4 bytes, which may be the name of a key; are the bytes behind
 * those alike as well; have they the same IV under one name. Who has the file has the key, too, and
 * can try: of the first four bytes, as of the first six and of the four behind a known name of 16,
 * 256 possibilities are left. The rest of a name of 16 bytes takes 2^80 tries for each of them, and
 * so does an IV behind a name that is known; many fit then, too.
 */
#ifndef REPRISE_STORE_TICKET_MARKS_H
#define REPRISE_STORE_TICKET_MARKS_H

#include "dissect/handshake.h"

#include "base/error.h"
#include "base/siphash.h"

enum { TICKET_LONG_NAME_BYTES = 16, TICKET_SHORT_NAME_BYTES = 4 };

/* Of the first so many bytes each. */
struct ticket_marks {
    uint32_t at_4;  /* 24 bits */
    uint32_t at_20; /* so are these */
    uint16_t at_6;
    int64_t at_16; /* 63 bits, as the next: a name of 4 bytes and its IV end here */
    int64_t at_28; /* ..., and one of 16 bytes and its IV here */
};

/* The key of the digests, from the key of the database's hashes. */
MUST_CHECK bool ticket_marks_key(const uint8_t session_key[16], struct siphash_key *out,
                                 struct error *error);

void ticket_marks_of(const struct siphash_key *key, const struct ticket_shape *shape,
                     struct ticket_marks *out);

/* Of the name and the IV behind it: what is compared of an IV is 12 bytes, the shortest that is in
 * use (AEAD). HANDSHAKE_NULL: the ticket is too short to have one. */
int64_t ticket_marks_iv(const struct siphash_key *key, const struct ticket_shape *shape,
                        uint8_t name_bytes);

#endif
