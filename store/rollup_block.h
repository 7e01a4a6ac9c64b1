/* The rollups of many hosts in one run of bytes: what the handshakes of a stretch of ids, or any
 * others, come to. PURE.
 *
 * block: the base of times, the length of slots in seconds; then of each host: its id less that of
 * the host before it, the length of its rollup, the rollup (store/rollup_pack.c). */
#ifndef REPRISE_STORE_ROLLUP_BLOCK_H
#define REPRISE_STORE_ROLLUP_BLOCK_H

#include "store/record.h"
#include "store/rollup.h"

/* What a rollup takes of one handshake. */
struct rollup_row {
    int64_t host;
    int64_t id;
    int64_t time_ns;
    int64_t facts; /* of figures */
    uint64_t network;
    int64_t handshake_ns; /* HANDSHAKE_NULL, as the next ones */
    int64_t rtt_ns;       /* client to server and back */
    int64_t bytes;        /* both directions */
    int64_t age_s;
    int64_t hint_s; /* of a ticket that was issued */
    uint16_t offered_bytes;
    uint16_t version;
    uint8_t refusal_cause;
    bool is_doubtful; /* the writer's: the cause may be another when the row is committed */
    uint32_t anomalies;
};

/* What the store found out about a handshake. */
struct rollup_links {
    int64_t id;
    int64_t host;
    int64_t facts; /* facts_pack() */
    int64_t age_s;
    int64_t offered_bytes;
    enum refusal_cause refusal_cause;
};

/* Numbers that a hostile capture made up are kept where sums and differences are safe. */
void rollup_row_of(const struct handshake *handshake, const struct rollup_links *links,
                   struct rollup_row *out);
void rollup_row_of_record(const struct record *record, struct rollup_row *out);

/* The shortest slot, of those that days are divided in, of which a stretch of time has at most
 * ROLLUP_SLOTS_MAX. */
enum { ROLLUP_SLOTS_MAX = 32 };
int64_t rollup_block_slot_s(int64_t first_ns, int64_t last_ns);

/* Appends the block of these rows. False without memory. */
MUST_CHECK bool rollup_block_build(const struct rollup_row *rows, size_t count,
                                   struct packing_writer *out);

/* Where a block is read. The bytes are borrowed. */
struct rollup_cursor {
    struct packing_reader rest;
    struct rollup_units units;
    uint64_t host; /* ids as unsigned numbers, in order */
    struct packing_reader body;
    bool is_at_end;
};

/* Goes to the first host, and to the next one. False where the block is damaged. */
MUST_CHECK bool rollup_cursor_begin(struct rollup_cursor *cursor, const uint8_t *data, size_t len);
MUST_CHECK bool rollup_cursor_next(struct rollup_cursor *cursor);

/* What several blocks have of the next host, put together: *out is cleared first. False at the end
 * of all, where one is damaged, or without memory: *is_damaged tells the second. */
struct rollup_merge {
    struct rollup_cursor *cursors; /* begun */
    size_t count;
    int64_t slot_s; /* the longest of theirs: rollup_merge_begin() sets it */
    bool is_damaged;
    bool has_no_memory;
};
void rollup_merge_begin(struct rollup_merge *merge);
MUST_CHECK bool rollup_merge_next(struct rollup_merge *merge, int64_t *host, struct rollup *out);

/* What they have of this host, nothing perhaps; to be asked for hosts in order of their ids, not
 * along with the next one. False where one is damaged, or without memory. */
MUST_CHECK bool rollup_merge_find(struct rollup_merge *merge, int64_t host, struct rollup *out);

/* Appends one block made of several, with slots of slot_s or, if it is more, of the longest of
 * theirs. False where one is damaged, or without memory. */
MUST_CHECK bool rollup_block_join(struct rollup_merge *merge, int64_t slot_s,
                                  struct packing_writer *out);

/* What a block begins with, and the rollup of each host in order of their ids, the first one's
 * before being 0. */
void rollup_block_begin(const struct rollup_units *units, struct packing_writer *out);
void rollup_block_add(uint64_t host, uint64_t before, const struct packing_writer *body,
                      struct packing_writer *out);

#endif
