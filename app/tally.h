/* The sums of one run: what was captured, what it came to, what could not be seen. */
#ifndef REPRISE_APP_TALLY_H
#define REPRISE_APP_TALLY_H

#include "capture/capture.h"
#include "dissect/dissector.h"
#include "store/record.h"

#include <stdbool.h>
#include <stdio.h>

struct tally {
    struct capture_statistics capture;
    struct capture_problems problems;
    struct dissector_counters dissector; /* by_verdict: as dissected, stored or not */
    int64_t first_frame_ns;              /* HANDSHAKE_NULL before the first frame */
    int64_t last_frame_ns;
    uint64_t stored[VERDICT_COUNT]; /* handshakes kept, by verdict */
};

void tally_init(struct tally *tally);

/* Makes the capture's period include a time. */
void tally_see_time(struct tally *tally, int64_t time_ns);

/* Adds one dissector's counters to a sum. */
void tally_add_dissector(struct dissector_counters *sum, const struct dissector_counters *part);

/* Fills the counters of a run's row with what has happened since `before`. The texts and the
 * times of the wall clock are the caller's. */
void tally_to_run(const struct tally *now, const struct tally *before, struct run_record *run);

/* The closing counters: tcpdump's in its words and order, then ours; with is_verbose also what
 * the frames came to. */
void tally_print(FILE *out, const struct tally *tally, bool is_verbose);

#endif
