/* Where the flows seen last have their cells: packets come in runs, and of a flow that was seen
 * just now nothing but its cell need be fetched. A guess, as flow_table_expect()'s is one: what is
 * noted here may have gone since, or be another flow's. */
#ifndef REPRISE_DISSECT_NET_FLOW_RECENT_H
#define REPRISE_DISSECT_NET_FLOW_RECENT_H

#include "dissect/net/flow_table.h"
#include "dissect/net/prepare.h"

enum { FLOW_RECENT_COUNT = 1024 }; /* 8 KiB */

/* Each flow has one place, by its hash; who comes later has it. Zero-initialised: none is known. */
struct flow_recent {
    struct flow_recent_place {
        uint32_t tag;  /* other bits of the hash */
        uint32_t hint; /* for flow_table_find() */
    } places[FLOW_RECENT_COUNT];
};

/* This is the flow's cell. */
void flow_recent_note(struct flow_recent *recent, const struct flow_table *table,
                      const struct flow *flow, uint64_t hash);

/* For some TCP segments, the hints of their flows; asks the cache for their cells. */
void flow_recent_expect(struct flow_recent *recent, const struct flow_table *table,
                        struct prepared *prepared, size_t count);

/* flow_table_find(); what was hinted wrongly is noted. */
struct flow *flow_recent_find(struct flow_recent *recent, const struct flow_table *table,
                              const struct prepared *prepared);

#endif
