/* COORDINATOR of several lanes, each a thread, the first of them the caller's.
 *
 * What is captured goes around in a ring of blocks, and all lanes do the same with it. Of a plain
 * file, a lane claims the next part and reads it, beside the others. Then, one after the other in
 * the order of the parts, each finds the frames in its part: that is the only step that must be
 * taken in turn, as a record tells where the next begins. Then it prepares all of them, beside the
 * others again. When a block is prepared, and all before it are, each lane takes its share of it.
 *
 * What cannot be read in parts the caller's lane copies into blocks, and whoever has time prepares
 * them. It alone hears of ends, of damage, and of silence. */
#ifndef REPRISE_APP_LANES_H
#define REPRISE_APP_LANES_H

#include "app/intake.h"
#include "app/outlets.h"

#include "dissect/dissector.h"

#include "base/attributes.h"
#include "base/error.h"

struct lanes;

struct lanes_options {
    unsigned count;          /* at least 2 */
    struct capture *capture; /* borrowed, and nobody else's until lanes_free() */
    struct outlets *outlets; /* borrowed: as many */
    bool is_stream;          /* frames come as they happen, and must not wait for others */
    const struct dissector_options *whole; /* of one dissector in the place of all */
};

MUST_CHECK struct lanes *lanes_new(const struct lanes_options *options, struct error *error);

/* After lanes_close(); waits for the threads. */
void lanes_free(struct lanes *lanes);

/* A step of the caller's lane, or a wait for the others of at most a tenth of a second. As
 * capture_next(), but that the frames are on their way: CAPTURE_FRAME says that there is more to
 * do. */
MUST_CHECK enum capture_result lanes_step(struct lanes *lanes, struct error *error);

/* Time passes without frames. Returns when the caller's lane has heard. */
void lanes_tick(struct lanes *lanes, int64_t now_ns);

/* Ends what is open. Nothing may be read any more. */
void lanes_finish(struct lanes *lanes);

/* The last word: the outlets close when all is put. */
void lanes_close(struct lanes *lanes);

/* As of the blocks that were taken last. */
void lanes_counters(struct lanes *lanes, struct dissector_counters *out);
void lanes_times(struct lanes *lanes, struct intake_times *out);

/* capture_statistics() beside lanes that read. */
void lanes_statistics(struct lanes *lanes, struct capture_statistics *out);

#endif
