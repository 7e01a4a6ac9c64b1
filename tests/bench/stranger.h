/* Single connections of a crowd, without a state between their packets: what they say follows
 * from their number. */
#ifndef REPRISE_TESTS_BENCH_STRANGER_H
#define REPRISE_TESTS_BENCH_STRANGER_H

#include "tests/bench/trace_file.h"

/* The opening, packet by packet, and what may follow. */
enum stranger_step { STRANGER_SYN, STRANGER_SYN_ACK, STRANGER_ACK, STRANGER_AGAIN };

/* One packet without payload. STRANGER_AGAIN repeats the acknowledgement. */
void stranger_step(struct trace_file *trace, const struct endpoints *endpoints, uint32_t number,
                   enum stranger_step step, int64_t time_us);

/* A lone SYN. */
void stranger_knocks(struct trace_file *trace, uint32_t number, int64_t time_us);

/* The opening and the first half of a ClientHello. scratch: a buffer of FLIGHT_MAX_BYTES. */
void stranger_breaks_off(struct trace_file *trace, uint32_t number, struct wire *scratch,
                         int64_t time_us);

/* A handshake of the kind PLAN_12_ID and a request, between these endpoints. */
void stranger_resumes(struct trace_file *trace, const struct endpoints *endpoints, uint32_t number,
                      struct wire *scratch, int64_t time_us);

#endif
