/* The dissectors, one per thread: frames in at one end, finished handshakes out at the other.
 *
 * One thread feeds, one other thread takes. Frames are shared out by their endpoints, so that a
 * connection stays with its dissector. The handshakes come out in the order of the frames that
 * finished them, however many dissectors there are: what is learnt does not depend on it.
 *
 * With one job the feeding thread dissects itself. With more, frames are copied into batches, one
 * per worker; a round of batches goes out together, and each worker ends its part of the round
 * with a mark, so that whoever takes knows when it has seen all there is up to a frame.
 *
 * Fragments have no ports to share them out by: with several jobs the feeding thread puts them
 * together, and what comes of it goes to the worker of its endpoints. */
#ifndef REPRISE_APP_WORKERS_H
#define REPRISE_APP_WORKERS_H

#include "dissect/dissector.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct workers;

/* options: for one dissector; several share its limits. */
MUST_CHECK struct workers *workers_new(unsigned jobs, const struct dissector_options *options,
                                       struct error *error);

/* After workers_close(), and after whoever takes has seen WORKERS_CLOSED. */
void workers_free(struct workers *workers);

/* The feeding side. */
void workers_feed(struct workers *workers, const struct frame *frames, size_t count);

/* Nothing came for a while: what was fed goes through, and silence can end handshakes. */
void workers_tick(struct workers *workers, int64_t now_ns);

/* Ends what is still open (dissector_finish). Nothing may be fed any more. */
void workers_finish(struct workers *workers);

/* The last word: after the last handshake comes WORKERS_CLOSED. */
void workers_close(struct workers *workers);

/* The sum over all dissectors, as of their last batches. */
void workers_counters(struct workers *workers, struct dissector_counters *out);

/* The taking side. */
enum workers_result { WORKERS_HANDSHAKE, WORKERS_NOTHING, WORKERS_CLOSED };

/* Waits for at most timeout_ns. WORKERS_NOTHING comes sooner at the end of a round: rounds go on
 * without frames, and whoever takes has a clock to look at. */
MUST_CHECK enum workers_result workers_next(struct workers *workers, struct handshake *out,
                                            int64_t timeout_ns);

#endif
