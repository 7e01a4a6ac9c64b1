/* How much of the traffic the figures stand for: what could not be judged, what was not seen, and
 * why offers were refused. */
#ifndef REPRISE_REPORT_COVERAGE_H
#define REPRISE_REPORT_COVERAGE_H

#include "report/refusals.h"

#include "store/record.h"

enum {
    COVERAGE_ALERTS = 256,
    COVERAGE_NOT_ANALYSED = 64, /* names told apart */
};

/* Sums over runs; HANDSHAKE_NULL where no run knew. */
struct coverage_runs {
    uint64_t count;
    int64_t first_frame_ns;
    int64_t last_frame_ns;
    int64_t packets_captured;
    int64_t packets_received;
    int64_t packets_dropped_kernel;
    int64_t packets_dropped_interface;
    int64_t packets_not_tcp;
    int64_t packets_undecodable;
    int64_t bytes;
    int64_t conversations;
    int64_t not_tls;
    int64_t mid_stream_tls;
    int64_t evicted_handshakes;
    int64_t evicted_conversations;
    int64_t not_reassembled_bytes;
    int64_t damaged_files;
    int64_t unreadable_files;
};

struct coverage {
    int64_t first_ns; /* of the handshakes; HANDSHAKE_NULL if none */
    int64_t last_ns;
    uint64_t unknown[REASON_COUNT]; /* by reason */
    uint64_t failed[REASON_COUNT];
    uint64_t likely[VERDICT_COUNT]; /* not certain, by verdict; none of them unknown */
    uint64_t outer_hellos;          /* the ClientHello was encrypted: only the outer one was seen */
    uint64_t alerts[COVERAGE_ALERTS]; /* of those that failed by an alert, by description */
    struct coverage_runs runs;
    size_t not_analysed_count; /* the most packets first; the last may stand for all the rest */
    struct run_not_analysed not_analysed[COVERAGE_NOT_ANALYSED];
    struct refusals refusals;
};

/* Handshakes that are likely, not certain, of all verdicts. */
uint64_t coverage_likely(const struct coverage *coverage);

void coverage_init(struct coverage *coverage);
void coverage_add(struct coverage *coverage, const struct handshake *handshake);
/* All of these, and when a host has them; with their refusals. */
void coverage_add_rolled(struct coverage *coverage, const struct rolled_shape *rolled);
void coverage_add_times(struct coverage *coverage, int64_t first_ns, int64_t last_ns);
void coverage_add_run(struct coverage *coverage, const struct run_record *run);

/* In range whatever a damaged database says: HANDSHAKE_NULL and less than 0 add nothing. */
int64_t coverage_sum(int64_t sum, int64_t value);

/* In the order to be shown. What a damaged database has in a name's place is made printable. */
void coverage_add_not_analysed(struct coverage *coverage, const struct run_not_analysed *row);

#endif
