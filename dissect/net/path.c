#include "dissect/net/path.h"

#include "dissect/net/sequence.h"

/* The same packet seen again this soon is the capture's doing (a switch that mirrors a frame on
 * its way in and on its way out), not the sender's: the first retransmission timeout is a second
 * (RFC 6298, 2), and no later one is below tens of milliseconds. */
enum { SEEN_TWICE_NS = 1000 * 1000 };

void path_opening_init(struct path_opening *opening)
{
    *opening = (struct path_opening){
        .syn_ns = PATH_NONE,
        .other_syn_ns = PATH_NONE,
        .syn_ack_ns = PATH_NONE,
        .ack_ns = PATH_NONE,
    };
}

void path_init_opened(struct path *path, const struct path_opening *opening)
{
    const struct path_probe no_probe = {0, PATH_NONE};

    *path = (struct path){
        .opening = *opening,
        .probe = {no_probe, no_probe},
        .smallest_ack_ns = {PATH_NONE, PATH_NONE},
    };
}

void path_init(struct path *path)
{
    struct path_opening opening;

    path_opening_init(&opening);
    path_init_opened(path, &opening);
}

void path_init_known(struct path *path, const int64_t rtt_ns[2])
{
    path_init(path);
    path->smallest_ack_ns[0] = rtt_ns[1];
    path->smallest_ack_ns[1] = rtt_ns[0];
}

/* Time from start to end; PATH_NONE when one of them is unknown or the clock went backwards. */
static int64_t elapsed(int64_t start_ns, int64_t end_ns)
{
    if (start_ns == PATH_NONE || end_ns == PATH_NONE || end_ns < start_ns) {
        return PATH_NONE;
    }
    return end_ns - start_ns;
}

static bool is_seen_twice(int64_t first_ns, int64_t again_ns)
{
    const int64_t apart_ns = elapsed(first_ns, again_ns);

    return apart_ns != PATH_NONE && apart_ns < SEEN_TWICE_NS;
}

/* The sequence number after everything the segment carries. */
static uint32_t segment_end(const struct segment *segment)
{
    const uint32_t syn = (segment->flags & TCP_SYN) != 0 ? 1 : 0;

    return segment->sequence + syn + segment->payload_len;
}

static void add_syn(struct path_opening *opening, const struct segment *segment, unsigned direction)
{
    if (opening->has_initiator &&
        (direction != opening->initiator || opening->syn_ack_ns != PATH_NONE)) {
        return; /* simultaneous open, or a SYN after its answer: no sample in either */
    }
    if (opening->syn_ns != PATH_NONE && opening->syn_sequence == segment->sequence) {
        opening->syn_repeated |= !is_seen_twice(opening->syn_ns, segment->time_ns);
        return;
    }
    opening->has_initiator = true;
    opening->initiator = (uint8_t)direction;
    opening->other_syn_ns = opening->syn_ns;
    opening->other_syn_sequence = opening->syn_sequence;
    opening->syn_ns = segment->time_ns;
    opening->syn_sequence = segment->sequence;
    opening->syn_payload_len = segment->payload_len;
    opening->syn_repeated = false;
}

/* The SYN/ACK acknowledges the SYN, and with Fast Open also its data, or some (RFC 7413, 4.2). */
static bool answers_syn(const struct path_opening *opening, uint32_t acknowledgement)
{
    const uint32_t acked = acknowledgement - (opening->syn_sequence + 1);

    return opening->syn_ns == PATH_NONE || acked <= opening->syn_payload_len;
}

/* The SYN/ACK may answer the SYN before the latest. */
static bool finds_its_syn(struct path_opening *opening, uint32_t acknowledgement)
{
    if (answers_syn(opening, acknowledgement)) {
        return true;
    }
    if (opening->other_syn_ns == PATH_NONE || acknowledgement != opening->other_syn_sequence + 1) {
        return false;
    }
    opening->syn_ns = opening->other_syn_ns;
    opening->syn_sequence = opening->other_syn_sequence;
    return true;
}

/* One more SYN/ACK: the same again, or, until the initiator has chosen, of another start. */
static void add_syn_ack_again(struct path_opening *opening, const struct segment *segment)
{
    if (opening->ack_ns != PATH_NONE) {
        return;
    }
    opening->syn_ack_repeated |= !is_seen_twice(opening->syn_ack_ns, segment->time_ns);
    if (segment->sequence != opening->syn_ack_sequence) {
        opening->other_syn_ack_sequence = opening->syn_ack_sequence;
        opening->has_other_syn_ack = true;
        opening->syn_ack_sequence = segment->sequence;
        opening->syn_ack_repeated = true;
    }
}

static void add_syn_ack(struct path_opening *opening, const struct segment *segment,
                        unsigned direction)
{
    if (opening->has_initiator && direction == opening->initiator) {
        return;
    }
    if (opening->syn_ack_ns != PATH_NONE) {
        add_syn_ack_again(opening, segment);
        return;
    }
    if (!finds_its_syn(opening, segment->acknowledgement)) {
        return;
    }
    opening->has_initiator = true;
    opening->initiator = (uint8_t)(1 - direction);
    opening->syn_ack_ns = segment->time_ns;
    opening->syn_ack_sequence = segment->sequence;
    opening->fast_open =
        opening->syn_ns != PATH_NONE && segment->acknowledgement != opening->syn_sequence + 1;
}

/* The ACK that ends the handshake acknowledges the SYN/ACK and nothing beyond: one that covers
 * data too was sent in answer to that data, later. */
static void add_first_ack(struct path_opening *opening, const struct segment *segment,
                          unsigned direction)
{
    if (opening->syn_ack_ns == PATH_NONE || opening->ack_ns != PATH_NONE ||
        direction != opening->initiator || (segment->flags & TCP_RST) != 0) {
        return;
    }
    if (opening->has_other_syn_ack &&
        segment->acknowledgement == opening->other_syn_ack_sequence + 1) {
        opening->syn_ack_sequence = opening->other_syn_ack_sequence;
    }
    if (segment->acknowledgement == opening->syn_ack_sequence + 1) {
        opening->ack_ns = segment->time_ns;
    }
}

static void end_probe(struct path *path, const struct segment *segment, unsigned data_direction)
{
    struct path_probe *probe = &path->probe[data_direction];
    int64_t *smallest_ns = &path->smallest_ack_ns[data_direction];

    if (probe->sent_ns == PATH_NONE || sequence_before(segment->acknowledgement, probe->end)) {
        return;
    }
    const int64_t sample_ns = elapsed(probe->sent_ns, segment->time_ns);
    if (sample_ns != PATH_NONE && (*smallest_ns == PATH_NONE || sample_ns < *smallest_ns)) {
        *smallest_ns = sample_ns;
    }
    probe->sent_ns = PATH_NONE;
}

/* One range is timed at a time. Data sent again cannot be timed: nobody knows which copy the
 * acknowledgement is for (Karn's rule, RFC 6298, 3). */
static void add_data(struct path *path, const struct segment *segment, unsigned direction)
{
    struct path_probe *probe = &path->probe[direction];
    const uint32_t end = segment_end(segment);

    if (path->has_sent[direction] &&
        sequence_before(segment->sequence, path->highest_sent[direction])) {
        if (!is_seen_twice(probe->sent_ns, segment->time_ns)) {
            probe->sent_ns = PATH_NONE;
        }
        path->highest_sent[direction] = sequence_max(path->highest_sent[direction], end);
        return;
    }
    if (probe->sent_ns == PATH_NONE) {
        *probe = (struct path_probe){end, segment->time_ns};
    }
    path->highest_sent[direction] = end;
    path->has_sent[direction] = true;
}

void path_opening_add(struct path_opening *opening, const struct segment *segment,
                      unsigned direction)
{
    const bool has_ack = (segment->flags & TCP_ACK) != 0;

    if ((segment->flags & TCP_SYN) != 0) {
        if (has_ack) {
            add_syn_ack(opening, segment, direction);
        } else {
            add_syn(opening, segment, direction);
        }
    } else if (has_ack) {
        add_first_ack(opening, segment, direction);
    }
}

void path_add(struct path *path, const struct segment *segment, unsigned direction)
{
    path_opening_add(&path->opening, segment, direction);
    if ((segment->flags & TCP_SYN) != 0) {
        return;
    }
    if ((segment->flags & TCP_ACK) != 0) {
        end_probe(path, segment, 1 - direction);
    }
    if (segment->payload_len > 0) {
        add_data(path, segment, direction);
    }
}

static int64_t handshake_sample(const struct path_opening *opening, unsigned direction)
{
    if (!opening->has_initiator) {
        return PATH_NONE;
    }
    if (direction == opening->initiator) {
        return opening->syn_ack_repeated ? PATH_NONE
                                         : elapsed(opening->syn_ack_ns, opening->ack_ns);
    }
    return opening->syn_repeated ? PATH_NONE : elapsed(opening->syn_ns, opening->syn_ack_ns);
}

int64_t path_rtt_to(const struct path *path, unsigned direction)
{
    const int64_t sample_ns = handshake_sample(&path->opening, direction);

    return sample_ns != PATH_NONE ? sample_ns : path->smallest_ack_ns[1 - direction];
}
