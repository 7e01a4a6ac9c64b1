/* Which conversation a segment belongs to: from the keyed hash of its endpoints (flow_hash.h) to a
 * cell of 24 bytes, of which 16 are the owner's. Cells never move.
 *
 * Flows are told apart by 59 bits of the hash, not by their endpoints: so a cell is as small for
 * IPv6 as for IPv4. That two of a million flows at once are taken for one happens with a
 * probability of one in a million, to nobody's design.
 *
 * A table with few flows takes little memory: cells are committed by the system as they are first
 * used, and what leads to them grows by pages (flow_pages.h).
 *
 * A full table gives up its least useful flow: a clock's hand goes round the cells and takes the
 * lowest rank of those it looks at; flows seen since it came by last have a second chance. */
#ifndef REPRISE_DISSECT_NET_FLOW_TABLE_H
#define REPRISE_DISSECT_NET_FLOW_TABLE_H

#include "dissect/net/flow.h"

#include "base/attributes.h"

struct flow_table;

/* capacity: flows, 2 .. 2^30. NULL without memory. */
MUST_CHECK struct flow_table *flow_table_new(uint32_t capacity);
void flow_table_free(struct flow_table *table);

/* In what follows, hash has FLOW_HASH_BIT. */

/* Asks the cache for the flow's bucket, and tells which that is. */
uint32_t flow_table_expect_bucket(const struct flow_table *table, uint64_t hash);

/* Its bucket being there, asks the cache for the flow's cell. What it returns lets
 * flow_table_find() do without the bucket. */
uint32_t flow_table_expect(const struct flow_table *table, uint64_t hash, uint32_t bucket);

/* The cell that it expected, whatever is in it. */
struct flow *flow_table_expected(const struct flow_table *table, uint32_t hint);

/* What flow_table_expect() should have said of a flow. */
uint32_t flow_table_hint(const struct flow_table *table, const struct flow *flow);

/* What it expected is another flow's: asks for the next cell that may be the one. */
uint32_t flow_table_expect_again(const struct flow_table *table, uint64_t hash, uint32_t hint);

/* The flow with this hash, or NULL. hint: 0, or what one of these said, however long ago. */
struct flow *flow_table_find(const struct flow_table *table, uint64_t hash, uint32_t hint);

/* Adds a flow whose hash is not in the table (rank: embryonic). NULL when there is no room. */
struct flow *flow_table_add(struct flow_table *table, uint64_t hash);

/* The flow to give up when there is no room; one of rank ACTIVE only when there is no other. NULL
 * in an empty table. Removes nothing. */
struct flow *flow_table_least_useful(struct flow_table *table);

void flow_table_remove(struct flow_table *table, struct flow *flow);

uint32_t flow_table_count(const struct flow_table *table);

/* Bytes that the table has committed, or will not need to ask for any more. */
size_t flow_table_bytes(const struct flow_table *table);

#endif
