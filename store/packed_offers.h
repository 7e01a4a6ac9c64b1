/* Offers that did not go as was promised (struct offer_record), of the handshakes of a block: a
 * list in few bytes. Lists that follow each other are one. PURE.
 *
 * list: its length in bytes, then of each offer: flags, the id and time_ns less those of the one
 * before it, the host's id, the client's address (4 or 16 bytes), age_s and lifetime_hint_s where
 * there are any. Numbers are those of store/packing.h; differences are modulo 2^64. */
#ifndef REPRISE_STORE_PACKED_OFFERS_H
#define REPRISE_STORE_PACKED_OFFERS_H

#include "store/packing.h"
#include "store/record.h"

/* All zero to begin with. */
struct packed_offers {
    struct packing_writer bytes;
    int64_t id; /* of the one before */
    int64_t time_ns;
};

/* Appends an offer: its host by the id only. */
void packed_offers_add(struct packed_offers *to, const struct offer_record *offer);

/* Appends the list, and empties it. free(to->bytes.data) ends it. */
void packed_offers_end(struct packed_offers *to, struct packing_writer *out);

/* Where lists are read. The bytes are borrowed. */
struct packed_offers_cursor {
    struct packing_reader rest; /* lists */
    struct packing_reader list;
    int64_t id;
    int64_t time_ns;
    bool is_damaged;
};

void packed_offers_begin(struct packed_offers_cursor *cursor, const uint8_t *data, size_t len);

/* The next one, but for the name of its host. False at the end, and where the list is damaged. */
MUST_CHECK bool packed_offers_next(struct packed_offers_cursor *cursor, struct offer_record *out);

#endif
