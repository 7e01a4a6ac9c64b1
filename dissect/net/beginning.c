#include "dissect/net/beginning.h"

#include <assert.h>

static_assert(sizeof(struct beginning) <= 16, "one for each conversation in the table");

/* What a tap or a switch's buffers delay is late by milliseconds; a connection that is made of
 * the same packets again (a capture replayed) comes later. */
enum { LATE_MS = 1000 };

/* Bytes that may be missing, or later still, between a late SYN and the first byte seen. */
enum { LATE_BYTES = 16 * 1024 };

static uint32_t milliseconds(int64_t time_ns)
{
    return (uint32_t)((uint64_t)time_ns / 1000000);
}

void beginning_note(struct beginning *beginning, unsigned direction, uint32_t first)
{
    beginning->first[direction] = first;
    beginning->is_known[direction] = true;
}

void beginning_touch(struct beginning *beginning, int64_t now_ns)
{
    beginning->seen_ms = milliseconds(now_ns);
}

bool beginning_has_syn(const struct beginning *beginning, const struct segment *syn,
                       unsigned direction)
{
    const uint32_t missing = beginning->first[direction] - (syn->sequence + 1);
    const uint32_t late_ms = milliseconds(syn->time_ns) - beginning->seen_ms;

    return beginning->is_known[direction] && missing <= LATE_BYTES && late_ms <= LATE_MS;
}
