#include "tests/loss/harm.h"

enum { REORDER_DISTANCE_MAX = 8 };

/* Queues reorder what they hold at one time: nobody holds a frame for longer. */
#define REORDER_NS_MAX (INT64_C(50) * 1000000)

/* SplitMix64: small, and good enough to throw dice. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

static bool happens(uint64_t *state, double share)
{
    return (double)(next_random(state) >> 11) * 0x1p-53 < share;
}

static bool is_near(const struct frame *earlier, const struct frame *later)
{
    const int64_t apart_ns = later->time_ns - earlier->time_ns;

    return apart_ns >= 0 && apart_ns <= REORDER_NS_MAX;
}

static void exchange(struct trace *trace, size_t earlier, size_t later)
{
    struct frame *frames = trace->frames;
    const struct frame moved = frames[earlier];
    const int64_t earlier_ns = moved.time_ns;
    const int64_t later_ns = frames[later].time_ns;

    frames[earlier] = frames[later];
    frames[later] = moved;
    frames[earlier].time_ns = earlier_ns;
    frames[later].time_ns = later_ns;
}

void harm_apply(const struct harm *harm, const struct trace *whole, struct trace *out)
{
    uint64_t random = harm->seed;

    trace_init(out);
    for (size_t i = 0; i < whole->count; i++) {
        struct frame frame = whole->frames[i];
        if (happens(&random, harm->drop)) {
            continue;
        }
        if (harm->snaplen > 0 && frame.captured_len > harm->snaplen) {
            frame.captured_len = harm->snaplen;
        }
        trace_add(out, &frame);
        if (happens(&random, harm->duplicate)) {
            trace_add(out, &frame);
        }
        const size_t back = 1 + next_random(&random) % REORDER_DISTANCE_MAX;
        if (happens(&random, harm->reorder) && out->count > back &&
            is_near(&out->frames[out->count - 1 - back], &frame)) {
            exchange(out, out->count - 1 - back, out->count - 1);
        }
    }
}
