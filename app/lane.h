/* One dissector, and the outlet for what it finishes. With several lanes each takes its share of
 * the frames: that of its endpoints. */
#ifndef REPRISE_APP_LANE_H
#define REPRISE_APP_LANE_H

#include "app/block.h"
#include "app/outlets.h"

#include "dissect/dissector.h"

#include "base/attributes.h"
#include "base/error.h"

struct lane {
    unsigned which; /* of all lanes, and of their outlets */
    struct dissector *dissector;
    struct outlets *outlets; /* borrowed */
    struct handshake *room;  /* in the outlet: the next handshake goes there */
};

/* False with a sentence; lane_clear() is then still right. */
MUST_CHECK bool lane_init(struct lane *out, unsigned which, const struct dissector_options *options,
                          struct outlets *outlets, struct error *error);
void lane_clear(struct lane *lane);

/* All of these frames; before: the number of the frame before the first of them. */
void lane_dissect(struct lane *lane, const struct frame *frames, size_t count, uint64_t before);

/* Its share of a block that is prepared for all lanes. What a block says to all, that time passes
 * or that the capture is over, it does, too. */
void lane_take(struct lane *lane, const struct block *block);

/* Time passes without frames; number: of the last frame. */
void lane_tick(struct lane *lane, int64_t now_ns, uint64_t number);

/* Nothing follows the frame of this number: what is open ends. */
void lane_finish(struct lane *lane, uint64_t number);

#endif
