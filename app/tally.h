/* The sums of one run: what was captured, what it came to, what could not be seen. */
#ifndef REPRISE_APP_TALLY_H
#define REPRISE_APP_TALLY_H

#include "capture/capture.h"
#include "dissect/dissector.h"
#include "store/record.h"

#include <stdbool.h>
#include <stdio.h>

/* Handshakes kept, by what became of them. */
struct tally_stored {
    uint64_t verdicts[VERDICT_COUNT];
    uint64_t unknown[REASON_COUNT]; /* the unknown ones, by reason */
    uint64_t likely;                /* of the others */
    uint64_t outer_hellos;          /* the ClientHello was encrypted: only the outer one was seen */
};

struct tally {
    struct capture_statistics capture;
    struct capture_problems problems;
    struct dissector_counters dissector; /* by_verdict: as dissected, stored or not */
    int64_t first_frame_ns;              /* HANDSHAKE_NULL before the first frame */
    int64_t last_frame_ns;
    struct tally_stored stored;
};

void tally_init(struct tally *tally);

/* Counts one handshake, or all of a part. */
void tally_stored_add(struct tally_stored *stored, const struct handshake *handshake);
void tally_stored_add_part(struct tally_stored *sum, const struct tally_stored *part);

/* How many there are. */
uint64_t tally_stored_count(const struct tally_stored *stored);

/* Makes the capture's period include a time. */
void tally_see_time(struct tally *tally, int64_t time_ns);

/* Adds one dissector's counters to a sum. */
void tally_add_dissector(struct dissector_counters *sum, const struct dissector_counters *part);

void tally_add_fragments(struct fragments_counters *sum, const struct fragments_counters *part);

/* Fills the counters of a run's row with what has happened since `before`. The texts and the
 * times of the wall clock are the caller's. */
void tally_to_run(const struct tally *now, const struct tally *before, struct run_record *run);

/* The closing counters: tcpdump's in its words and order, then ours; with is_verbose also what
 * the frames came to. */
void tally_print(FILE *out, const struct tally *tally, bool is_verbose);

#endif
