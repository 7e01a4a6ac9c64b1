/* What is captured, as far as it can be analysed. */
#ifndef REPRISE_APP_INTAKE_H
#define REPRISE_APP_INTAKE_H

#include "capture/capture.h"

struct intake {
    struct capture *capture; /* borrowed */
    int link_type;           /* of the last frames */
};

void intake_init(struct intake *out, struct capture *capture);

/* As capture_next_batch(). A source whose link type has no parser is given up: that is a
 * CAPTURE_PROBLEM, too. */
MUST_CHECK enum capture_result intake_next(struct intake *intake, struct frame_batch *out,
                                           struct error *error);

/* When frames were captured; INTAKE_NO_TIME: there was none. */
#define INTAKE_NO_TIME INT64_MIN

struct intake_times {
    int64_t first_ns;
    int64_t last_ns;
    int64_t latest_ns; /* of the frame that came last */
};

void intake_times_init(struct intake_times *out);

/* Of frames that follow those that were seen before. */
void intake_times_see(struct intake_times *times, const struct frame *frames, size_t count);

#endif
