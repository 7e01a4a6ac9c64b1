/* The round trip of the path, as the place of capture sees it: a pure fold over the segments of
 * one connection.
 *
 *   rtt_client: monitor to client and back: SYN/ACK -> ACK
 *   rtt_server: monitor to server and back: SYN -> SYN/ACK
 *
 * A retransmitted SYN or SYN/ACK is no sample (Karn's rule, RFC 6298, 3). Where the three-way
 * handshake gives no sample, the smallest time from data to the acknowledgement that covers it
 * (not of retransmitted data) stands in; PATH_NONE where there is none either. */
#ifndef REPRISE_DISSECT_NET_PATH_H
#define REPRISE_DISSECT_NET_PATH_H

#include "dissect/net/segment.h"

#define PATH_NONE INT64_MIN

/* One outstanding range of a direction, to time its acknowledgement. */
struct path_probe {
    uint32_t end;    /* sequence number after the timed bytes */
    int64_t sent_ns; /* PATH_NONE: nothing is being timed */
};

/* How the connection began: all there is of one that has carried no data yet. */
struct path_opening {
    int64_t syn_ns;     /* first SYN, PATH_NONE if not seen */
    int64_t syn_ack_ns; /* first SYN/ACK */
    int64_t ack_ns;     /* first ACK of the initiator after the SYN/ACK */
    /* The one before, where two came with different sequence numbers: which of them counts, only
     * its answer tells. */
    int64_t other_syn_ns; /* PATH_NONE: there was one only */
    uint32_t syn_sequence;
    uint32_t syn_ack_sequence;
    uint32_t other_syn_sequence;
    uint32_t other_syn_ack_sequence;
    uint32_t syn_payload_len;
    bool has_other_syn_ack;
    bool syn_repeated;
    bool syn_ack_repeated;
    bool has_initiator;
    bool fast_open;    /* SYN carried data that the SYN/ACK acknowledged (RFC 7413) */
    uint8_t initiator; /* direction (0 or 1) that sent the SYN */
};

struct path {
    struct path_opening opening;
    struct path_probe probe[2]; /* by direction of the data */
    uint32_t highest_sent[2];   /* sequence number after the highest byte sent */
    bool has_sent[2];
    int64_t smallest_ack_ns[2]; /* by direction of the data: to its receiver and back */
};

void path_opening_init(struct path_opening *opening);

/* As path_add(), of a segment without data; with data, what it says of the opening alone. */
void path_opening_add(struct path_opening *opening, const struct segment *segment,
                      unsigned direction);

void path_init(struct path *path);

/* A path whose connection began like that. */
void path_init_opened(struct path *path, const struct path_opening *opening);

/* The same where round trips are known from before, by direction as path_rtt_to() has them
 * (PATH_NONE: unknown): they stand in until a smaller one is seen. */
void path_init_known(struct path *path, const int64_t rtt_ns[2]);

/* direction: 0 or 1, of this segment. */
void path_add(struct path *path, const struct segment *segment, unsigned direction);

/* Round trip between the monitor and the endpoint that sends in `direction`, nanoseconds, never
 * negative; PATH_NONE if unknown. */
int64_t path_rtt_to(const struct path *path, unsigned direction);

#endif
