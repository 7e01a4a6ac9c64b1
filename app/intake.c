#include "app/intake.h"

#include "dissect/net/packet.h"

enum { NO_LINK_TYPE = -1 };

void intake_init(struct intake *out, struct capture *capture)
{
    *out = (struct intake){.capture = capture, .link_type = NO_LINK_TYPE};
}

/* A link type without a parser is a source without a use. */
static bool is_understood(struct intake *intake, int link_type, struct error *error)
{
    if (link_type == intake->link_type) {
        return true;
    }
    if (packet_knows_link(link_type)) {
        intake->link_type = link_type;
        return true;
    }
    return error_set(error, "%s: cannot be analysed: link type %d (%s)",
                     capture_source(intake->capture), link_type, capture_link_name(link_type));
}

enum capture_result intake_next(struct intake *intake, struct frame_batch *out, struct error *error)
{
    const enum capture_result result = capture_next_batch(intake->capture, out, error);

    if (result != CAPTURE_FRAME || is_understood(intake, out->frames[0].link_type, error)) {
        return result;
    }
    capture_refuse_source(intake->capture);
    return CAPTURE_PROBLEM;
}

void intake_times_init(struct intake_times *out)
{
    *out = (struct intake_times){INTAKE_NO_TIME, INTAKE_NO_TIME, INTAKE_NO_TIME};
}

void intake_times_see(struct intake_times *times, const struct frame *frames, size_t count)
{
    int64_t first_ns = times->first_ns == INTAKE_NO_TIME ? INT64_MAX : times->first_ns;
    int64_t last_ns = times->last_ns;

    if (count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        first_ns = frames[i].time_ns < first_ns ? frames[i].time_ns : first_ns;
        last_ns = frames[i].time_ns > last_ns ? frames[i].time_ns : last_ns;
    }
    *times = (struct intake_times){first_ns, last_ns, frames[count - 1].time_ns};
}
