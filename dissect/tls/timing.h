/* Round trips and times of one handshake (SPEC 3): a pure fold over TLS events and the arrival of
 * bytes, counted from the flights seen, never assumed. All times are capture times; what the
 * client lives is worked out at the end from the path's round trip. */
#ifndef REPRISE_DISSECT_TLS_TIMING_H
#define REPRISE_DISSECT_TLS_TIMING_H

#include "dissect/tls/event.h"

#define TIMING_NONE INT64_MIN

/* Timing looks at the same events as the verdict, after it: what the verdict has understood
 * (which record is the client's Finished) is given, not worked out twice. */
struct timing_hint {
    bool is_tls13;
    bool is_client_finished; /* this event is (or ends with) the TLS 1.3 client's Finished */
    bool is_early_data;      /* this event is a record of early data, or its end */
};

struct timing {
    int64_t hello_ns;           /* first byte of the first ClientHello */
    int64_t hello_end_ns;       /* last byte of the latest ClientHello */
    int64_t server_hello_ns;    /* first byte of the ServerHello */
    int64_t last_ns;            /* latest event, to see time go back */
    int64_t client_finished_ns; /* <= 1.2 */
    int64_t end_ns;             /* the event after which the client may send application data */
    bool ends_with_server;      /* ... was the server's: the client hears of it half a trip later */
    bool has_gap;               /* flights may be missing: no round trips are told */
    bool went_back;
    bool has_flight;                 /* flight_side means something */
    enum tls_side flight_side;       /* who spoke last */
    uint8_t round_trips;             /* server flights that answered a client flight */
    uint8_t round_trips_at_finished; /* the same when the client's Finished was seen */
    bool has_finished[2];            /* <= 1.2 */
    bool has_ccs[2];
    uint32_t bytes[2];    /* TLS bytes by side, until the end */
    uint32_t early_bytes; /* of these, early data */
    uint32_t bytes_at_finished[2];
    /* Pauses inside one server flight. */
    int64_t server_bytes_ns; /* arrival of the latest bytes of the flight */
    uint32_t server_flight_bytes;
    uint8_t stalls;
};

void timing_init(struct timing *timing);

void timing_after(struct timing *timing, const struct tls_event *event,
                  const struct timing_hint *hint);

/* Bytes of the server that arrived in order. Times of the path: TIMING_NONE if not known yet. */
struct timing_arrival {
    int64_t time_ns;
    int64_t client_ack_ns; /* latest acknowledgement of the client that passed before */
    int64_t rtt_ns;        /* of the whole path */
    int64_t rtt_server_ns; /* between monitor and server */
    uint32_t len;
    bool was_retransmitted;
};

/* A pause of half a round trip or more is a stall, if the network made it: in a flight that had
 * filled an initial congestion window (RFC 3390: 4380 bytes), that had to be retransmitted, or
 * that went on as soon as the client's acknowledgement had reached the server (Nagle's algorithm,
 * RFC 896). Else the server was thinking. */
void timing_server_bytes(struct timing *timing, const struct timing_arrival *arrival);

bool timing_is_over(const struct timing *timing);

/* The path as path.h knows it; TIMING_NONE where unknown. */
struct timing_path {
    int64_t syn_ns;
    int64_t rtt_client_ns;
    int64_t rtt_server_ns;
};

struct timing_reading {
    int8_t rtts_tls;      /* -1: unknown */
    int8_t rtts_stalled;  /* -1: unknown */
    int64_t handshake_ns; /* TIMING_NONE where unknown, as all below */
    int64_t setup_ns;
    int64_t server_think_ns;
    int64_t bytes_client;
    int64_t bytes_server;
};

/* early_data_accepted: the client had not to wait at all (RFC 8446, 2.3). */
void timing_read(const struct timing *timing, const struct timing_path *path,
                 bool early_data_accepted, struct timing_reading *out);

#endif
