/* What the flow table keeps of a TCP connection, in its cell (dissect/net/flow.h) by rank:
 *
 *   EMBRYONIC     its SYN, as long as there is nothing else
 *   TRACKED       how it began (struct path_opening), in a block of its own
 *   HELD, ACTIVE  an open conversation
 *   DONE          its past
 *
 * So a SYN costs a cell, as does a connection whose handshake is over. */
#ifndef REPRISE_DISSECT_CONNECTION_H
#define REPRISE_DISSECT_CONNECTION_H

#include "dissect/net/flow.h"
#include "dissect/open_conversations.h"

/* Of HELD and ACTIVE: what is open; else NULL. */
struct open_conversation *connection_open(const struct flow *flow);
void connection_set_open(struct flow *flow, struct open_conversation *open, enum flow_rank rank);

/* Asks the cache for what a segment will touch beside the cell. is_bare: it has neither SYN nor a
 * payload. */
void connection_expect(const struct flow *flow, bool is_bare);

/* EMBRYONIC and TRACKED: nobody has said anything. */
static inline bool connection_is_opening(const struct flow *flow)
{
    return flow_rank(flow) == FLOW_RANK_EMBRYONIC || flow_rank(flow) == FLOW_RANK_TRACKED;
}

/* Of these two: how it began, as far as that was seen, and a segment without data more of it.
 * openings: blocks of struct path_opening. Where there is none left, only the SYN is kept. */
struct path_opening connection_opening(const struct flow *flow);
void connection_add_opening(struct flow *flow, struct pool *openings, const struct segment *segment,
                            unsigned direction);

/* What was known of the connection in the cell is forgotten. Not for one that is open. */
void connection_forget(struct flow *flow, struct pool *openings);

/* Of DONE, at the time of a segment; of HELD and ACTIVE; else nothing is known. */
struct past connection_past(const struct flow *flow, int64_t now_ns);

/* Whether the segment is a SYN that cannot belong to this connection: another one begins on the
 * same ports. */
MUST_CHECK bool connection_begins_anew(const struct flow *flow, const struct segment *segment,
                                       unsigned direction);

/* The path as it was seen so far. past: the flow's. */
void connection_path(const struct flow *flow, const struct past *past, struct path *out);

/* The connection is done. */
void connection_set_past(struct flow *flow, const struct past *past);

#endif
