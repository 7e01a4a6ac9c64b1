#include "dissect/net/beginning.h"

#include <assert.h>

static_assert(sizeof(struct beginning) <= 24, "one for each conversation in the table");

/* What a tap or a switch's buffers delay is late by milliseconds; a connection that is made of
 * the same packets again (a capture replayed) comes later. */
enum { LATE_MS = 1000 };

/* Bytes that may be missing, or later still, between what is late and the first byte seen. */
enum { LATE_BYTES = 16 * 1024 };

/* What lies further behind is no retransmission: no receive window is larger (RFC 7323, 2.3). */
enum { WINDOW_BYTES = 1 << 30 };

static uint32_t milliseconds(int64_t time_ns)
{
    return (uint32_t)((uint64_t)time_ns / 1000000);
}

void beginning_note(struct beginning *beginning, unsigned direction, uint32_t first)
{
    if (!beginning->is_known[direction]) {
        beginning->next[direction] = first;
    }
    beginning->first[direction] = first;
    beginning->is_known[direction] = true;
}

void beginning_note_end(struct beginning *beginning, unsigned direction, uint32_t next)
{
    beginning->next[direction] = next;
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

bool beginning_has_read(const struct beginning *beginning, const struct segment *segment,
                        unsigned direction)
{
    const uint32_t next = beginning->next[direction];
    const uint32_t behind = next - segment->sequence;
    const uint32_t read = next - beginning->first[direction] + LATE_BYTES;

    return beginning->is_known[direction] && behind > 0 && behind <= read && behind <= WINDOW_BYTES;
}
