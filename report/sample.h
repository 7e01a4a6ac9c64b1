/* One handshake as the summary keeps it: what the figures need and nothing else, in 64 bytes. */
#ifndef REPRISE_REPORT_SAMPLE_H
#define REPRISE_REPORT_SAMPLE_H

#include "store/query.h"

struct sample {
    uint32_t group;       /* whose figures it counts in */
    uint32_t baseline;    /* host and version (report/baseline.h) */
    uint64_t network;     /* the client's /24, or /48 for IPv6: equal for equal networks */
    int64_t time_ns;      /* of the ClientHello */
    int64_t handshake_ns; /* HANDSHAKE_NULL, as the next two */
    int64_t rtt_ns;       /* client to server and back */
    int64_t bytes;        /* both directions */
    int32_t age_s;        /* has_age */
    uint32_t hint_s;      /* has_hint */
    int32_t cell;         /* what it is measured against (report/saving.h); -1: nothing */
    int8_t rtts_tls;      /* HANDSHAKE_RTTS_NULL, as the next */
    int8_t rtts_stalled;
    uint8_t verdict : 3;
    uint8_t outcome : 3;
    uint8_t missed : 2; /* enum missed */
    uint8_t early_data : 3;
    uint8_t has_ticket : 1; /* one was issued */
    uint8_t has_id : 1;
    uint8_t is_renewed : 1;
    uint8_t has_hint : 1;
    uint8_t has_age : 1;
};

/* Group, baseline and cell are left 0, 0 and -1. */
void sample_of(const struct record *record, struct sample *out);

#endif
