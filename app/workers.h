/* The dissectors: what is captured in at one end, finished handshakes out at the other.
 *
 * One thread reads, one other thread takes. The handshakes come out in the order of the frames that
 * finished them, however many dissectors there are: what is learnt does not depend on it.
 *
 * With one job the reading thread dissects itself. With more it is one of several lanes
 * (app/lanes.h): connections are shared out by their endpoints. */
#ifndef REPRISE_APP_WORKERS_H
#define REPRISE_APP_WORKERS_H

#include "app/intake.h"

#include "dissect/dissector.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct workers;

struct workers_options {
    unsigned jobs;
    struct capture *capture; /* borrowed; only the workers read it until workers_free() */
    bool is_stream;          /* frames come as they happen, and must not wait for others */
    const struct dissector_options *dissector; /* for one dissector; several share its limits */
};

MUST_CHECK struct workers *workers_new(const struct workers_options *options, struct error *error);

/* After workers_close(), and after whoever takes has seen WORKERS_CLOSED. */
void workers_free(struct workers *workers);

/* ---- The reading side ---- */

/* Reads some frames and dissects them, or lets others do it. As capture_next(); CAPTURE_FRAME says
 * that there is more to do. A source whose link type has no parser is a CAPTURE_PROBLEM. */
MUST_CHECK enum capture_result workers_read(struct workers *workers, struct error *error);

/* Nothing came for a while: what was read goes through, and silence can end handshakes. */
void workers_tick(struct workers *workers, int64_t now_ns);

/* Ends what is still open (dissector_finish). Nothing may be read any more. */
void workers_finish(struct workers *workers);

/* The last word: after the last handshake comes WORKERS_CLOSED. */
void workers_close(struct workers *workers);

/* The sum over all dissectors, as of what they took last. */
void workers_counters(struct workers *workers, struct dissector_counters *out);

/* Of the frames that were read. */
void workers_times(struct workers *workers, struct intake_times *out);

/* capture_statistics() of the capture that they read. */
void workers_statistics(struct workers *workers, struct capture_statistics *out);

/* ---- The taking side ---- */

enum workers_result { WORKERS_HANDSHAKE, WORKERS_NOTHING, WORKERS_CLOSED };

/* Waits for at most timeout_ns. */
MUST_CHECK enum workers_result workers_next(struct workers *workers, struct handshake *out,
                                            int64_t timeout_ns);

#endif
