#include "dissect/past.h"

void past_note(struct past *past, const struct conversation *conversation)
{
    struct beginning *beginning = &past->beginning;

    for (unsigned direction = 0; direction < 2; direction++) {
        const struct stream *stream = &conversation->streams[direction];
        if (conversation->exchange.is_further && beginning->is_known[direction]) {
            continue; /* where the connection began is known better */
        }
        if (stream->has_start) {
            beginning_note(beginning, direction, stream->first);
        } else if (stream->has_peer_ack) {
            beginning_note(beginning, direction, stream->peer_ack);
        }
    }
    beginning_touch(beginning, conversation->now_ns);
}

void past_keep(struct past *past, const struct conversation *conversation)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        const struct stream *stream = &conversation->streams[direction];
        const int64_t rtt_ns = path_rtt_to(&conversation->path, direction);
        if (stream->has_start) {
            beginning_note_end(&past->beginning, direction, stream->next);
        }
        past->rtt_ns[direction] = rtt_ns >= 0 && rtt_ns <= UINT32_MAX ? (uint32_t)rtt_ns : 0;
    }
    past->carrier = (uint8_t)conversation->exchange.handshake.carrier;
}

void past_path(const struct past *past, struct path *out)
{
    int64_t rtt_ns[2];

    for (unsigned direction = 0; direction < 2; direction++) {
        rtt_ns[direction] = past->rtt_ns[direction] > 0 ? past->rtt_ns[direction] : PATH_NONE;
    }
    path_init_known(out, rtt_ns);
}
