#include "dissect/tls/lookahead.h"

#include <assert.h>
#include <string.h>

/* How many bytes of data fit under the limit. */
static size_t room_for(const struct lookahead *lookahead, struct bytes data, size_t limit)
{
    const size_t room = limit - lookahead->len;

    return data.len < room ? data.len : room;
}

struct bytes lookahead_view(struct lookahead *lookahead, struct bytes data, size_t limit)
{
    assert(limit <= LOOKAHEAD_BYTES && lookahead->len <= limit && lookahead->replay_left == 0);
    const size_t count = room_for(lookahead, data, limit);

    if (lookahead->len == 0) {
        return (struct bytes){data.data, count};
    }
    if (count > 0) {
        memcpy(lookahead->kept + lookahead->len, data.data, count);
    }
    return (struct bytes){lookahead->kept, lookahead->len + count};
}

void lookahead_keep(struct lookahead *lookahead, struct bytes *data, size_t limit, int64_t time_ns)
{
    assert(limit <= LOOKAHEAD_BYTES && lookahead->len <= limit && lookahead->replay_left == 0);
    struct bytes part;

    if (lookahead->len == 0) {
        lookahead->start_ns = time_ns;
    }
    if (bytes_take(data, room_for(lookahead, *data, limit), &part) && part.len > 0) {
        memcpy(lookahead->kept + lookahead->len, part.data, part.len);
        lookahead->len = (uint8_t)(lookahead->len + part.len);
    }
}

void lookahead_release(struct lookahead *lookahead)
{
    lookahead->replay_left = lookahead->len;
}

void lookahead_keep_again(struct lookahead *lookahead)
{
    if (lookahead->replay_left > 0) {
        const struct bytes rest = lookahead_replay(lookahead);
        memmove(lookahead->kept, rest.data, rest.len);
        lookahead->len = lookahead->replay_left;
        lookahead->replay_left = 0;
    }
}

void lookahead_drop(struct lookahead *lookahead)
{
    lookahead->len = 0;
    lookahead->replay_left = 0;
}

struct bytes lookahead_replay(const struct lookahead *lookahead)
{
    const size_t read = (size_t)lookahead->len - lookahead->replay_left;

    return (struct bytes){lookahead->kept + read, lookahead->replay_left};
}

void lookahead_replayed(struct lookahead *lookahead, size_t count)
{
    assert(count <= lookahead->replay_left);
    lookahead->replay_left = (uint8_t)(lookahead->replay_left - count);
    if (lookahead->replay_left == 0) {
        lookahead->len = 0;
    }
}
