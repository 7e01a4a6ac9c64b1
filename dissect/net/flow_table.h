/* Which conversation a segment belongs to. Maps a transport and its two endpoints, in either
 * order, to a slot number below a fixed capacity; what lies in the slot is the caller's.
 *
 * The hash is keyed (SipHash-1-3), so that no one who sends packets can choose collisions. Memory
 * is taken once, at the start, and committed by the system as slots are first used.
 *
 * Each slot carries the time it was last used and a rank; a full table gives up the least useful
 * slot among those it looks at: lowest rank first, then longest idle. */
#ifndef REPRISE_DISSECT_NET_FLOW_TABLE_H
#define REPRISE_DISSECT_NET_FLOW_TABLE_H

#include "dissect/net/segment.h"

#include "base/attributes.h"
#include "base/siphash.h"

struct flow_table;

#define FLOW_NONE UINT32_MAX

/* The endpoints in canonical order (a < b by address, then port). */
struct flow_key {
    struct endpoint a;
    struct endpoint b;
    uint32_t transport; /* SEGMENT_TCP or SEGMENT_UDP */
};

/* The key of the hash, unpredictable: tables that share it agree on the hash of a flow. */
struct flow_hash {
    struct siphash_key key;
};

/* How sad it would be to lose a slot, least sad first. */
enum flow_rank {
    FLOW_RANK_DONE,      /* handshake reported, or not TLS: nothing more to learn */
    FLOW_RANK_EMBRYONIC, /* a SYN and nothing else */
    FLOW_RANK_ACTIVE,    /* a handshake may be under way */
};

/* capacity: slots, 2 .. 2^30. NULL without memory. */
MUST_CHECK struct flow_table *flow_table_new(uint32_t capacity);
void flow_table_free(struct flow_table *table);

/* The canonical key of a segment; *direction is 0 when its source is key.a, 1 when it is key.b. */
struct flow_key flow_key_of(const struct segment *segment, unsigned *direction);

/* hash_key: 16 bytes nobody can guess. */
void flow_hash_init(struct flow_hash *hash, const uint8_t hash_key[16]);
uint64_t flow_hash_of(const struct flow_hash *hash, const struct flow_key *key);

/* In what follows, hash is flow_hash_of() the key. */

/* Asks the cache for what flow_table_find() will look at first. */
void flow_table_expect(const struct flow_table *table, uint64_t hash);

/* The slot of the key, marked as used at time_ns; FLOW_NONE when there is none. */
uint32_t flow_table_find(struct flow_table *table, const struct flow_key *key, uint64_t hash,
                         int64_t time_ns);

/* Puts a key that is not in the table into a free slot (rank: embryonic). FLOW_NONE when full. */
uint32_t flow_table_add(struct flow_table *table, const struct flow_key *key, uint64_t hash,
                        int64_t time_ns);

/* The slot to give up when the table is full: the least useful of a bounded number of slots that
 * a moving hand looks at. Never FLOW_NONE while any slot is used. Removes nothing. */
uint32_t flow_table_least_useful(struct flow_table *table);

void flow_table_remove(struct flow_table *table, uint32_t slot);
void flow_table_set_rank(struct flow_table *table, uint32_t slot, enum flow_rank rank);

/* Borrowed until the slot is removed. */
const struct flow_key *flow_table_key(const struct flow_table *table, uint32_t slot);
int64_t flow_table_last_used(const struct flow_table *table, uint32_t slot);

uint32_t flow_table_count(const struct flow_table *table);
uint32_t flow_table_capacity(const struct flow_table *table);

#endif
