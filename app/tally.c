#include "app/tally.h"

#include <assert.h>
#include <string.h>

void tally_init(struct tally *tally)
{
    *tally = (struct tally){.first_frame_ns = HANDSHAKE_NULL, .last_frame_ns = HANDSHAKE_NULL};
}

void tally_stored_add(struct tally_stored *stored, const struct handshake *handshake)
{
    const uint32_t outer_hello = UINT32_C(1) << ANOMALY_ENCRYPTED_CLIENT_HELLO;

    stored->verdicts[handshake->verdict]++;
    if (handshake->verdict == VERDICT_UNKNOWN) {
        stored->unknown[handshake->reason]++;
    } else if (handshake->certainty == CERTAINTY_LIKELY) {
        stored->likely++;
    }
    if ((handshake->anomalies & outer_hello) != 0) {
        stored->outer_hellos++;
    }
}

void tally_stored_add_part(struct tally_stored *sum, const struct tally_stored *part)
{
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        sum->verdicts[i] += part->verdicts[i];
    }
    for (size_t i = 0; i < REASON_COUNT; i++) {
        sum->unknown[i] += part->unknown[i];
    }
    sum->likely += part->likely;
    sum->outer_hellos += part->outer_hellos;
}

uint64_t tally_stored_count(const struct tally_stored *stored)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        sum += stored->verdicts[i];
    }
    return sum;
}

void tally_see_time(struct tally *tally, int64_t time_ns)
{
    if (tally->first_frame_ns == HANDSHAKE_NULL || time_ns < tally->first_frame_ns) {
        tally->first_frame_ns = time_ns;
    }
    if (tally->last_frame_ns == HANDSHAKE_NULL || time_ns > tally->last_frame_ns) {
        tally->last_frame_ns = time_ns;
    }
}

void tally_add_fragments(struct fragments_counters *sum, const struct fragments_counters *part)
{
    sum->datagrams += part->datagrams;
    sum->fragments_joined += part->fragments_joined;
    dead_ends_merge(&sum->dead_ends, &part->dead_ends);
}

void tally_add_dissector(struct dissector_counters *sum, const struct dissector_counters *part)
{
    sum->frames += part->frames;
    sum->bytes += part->bytes;
    for (size_t i = 0; i < PACKET_RESULT_COUNT; i++) {
        sum->by_result[i] += part->by_result[i];
    }
    sum->conversations += part->conversations;
    sum->not_tls += part->not_tls;
    sum->mid_stream_tls += part->mid_stream_tls;
    sum->evicted_handshakes += part->evicted_handshakes;
    sum->evicted_conversations += part->evicted_conversations;
    sum->not_reassembled_bytes += part->not_reassembled_bytes;
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        sum->by_verdict[i] += part->by_verdict[i];
    }
    tally_add_fragments(&sum->fragments, &part->fragments);
}

static int64_t since(uint64_t now, uint64_t before)
{
    return (int64_t)(now - before);
}

static uint64_t not_tcp(const struct dissector_counters *counters)
{
    return counters->by_result[PACKET_NOT_IP] + counters->by_result[PACKET_UDP] +
           counters->by_result[PACKET_OTHER_TRANSPORT];
}

/* Fragments whose datagram became whole, and frames with others inside, were decoded. */
static uint64_t undecodable(const struct dissector_counters *counters)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < PACKET_RESULT_COUNT; i++) {
        sum += counters->by_result[i];
    }
    return sum - counters->by_result[PACKET_TCP] - not_tcp(counters) -
           counters->by_result[PACKET_AGGREGATE] - counters->fragments.fragments_joined;
}

static void list_not_analysed(const struct dissector_counters *to,
                              const struct dissector_counters *from, struct run_record *run)
{
    static_assert((int)DEAD_ENDS_ROWS <= (int)RUN_NOT_ANALYSED_MAX, "each name has a row");
    static_assert((int)DEAD_ENDS_NAME_BYTES <= (int)RUN_NOT_ANALYSED_NAME_BYTES, "and fits in it");
    struct dead_ends_row rows[DEAD_ENDS_ROWS];

    run->not_analysed_count =
        dead_ends_list(&to->fragments.dead_ends, &from->fragments.dead_ends, rows);
    for (size_t i = 0; i < run->not_analysed_count; i++) {
        struct run_not_analysed *const out = &run->not_analysed[i];
        memcpy(out->name, rows[i].name, sizeof(rows[i].name));
        out->packets = (int64_t)rows[i].count;
    }
}

void tally_to_run(const struct tally *now, const struct tally *before, struct run_record *run)
{
    const struct dissector_counters *const to = &now->dissector;
    const struct dissector_counters *const from = &before->dissector;
    const struct capture_statistics *const captured = &now->capture;

    run->first_frame_ns = now->first_frame_ns;
    run->last_frame_ns = now->last_frame_ns;
    run->packets_captured = since(captured->frames, before->capture.frames);
    run->packets_received = since(captured->received_by_filter, before->capture.received_by_filter);
    run->packets_dropped_kernel = HANDSHAKE_NULL;
    run->packets_dropped_interface = HANDSHAKE_NULL;
    if (captured->has_kernel_counts) {
        run->packets_dropped_kernel =
            since(captured->dropped_by_kernel, before->capture.dropped_by_kernel);
        run->packets_dropped_interface =
            since(captured->dropped_by_interface, before->capture.dropped_by_interface);
    }
    run->packets_not_tcp = since(not_tcp(to), not_tcp(from));
    run->packets_undecodable = since(undecodable(to), undecodable(from));
    run->bytes = since(to->bytes, from->bytes);
    run->conversations = since(to->conversations, from->conversations);
    run->not_tls = since(to->not_tls, from->not_tls);
    run->mid_stream_tls = since(to->mid_stream_tls, from->mid_stream_tls);
    run->evicted_handshakes = since(to->evicted_handshakes, from->evicted_handshakes);
    run->evicted_conversations = since(to->evicted_conversations, from->evicted_conversations);
    run->not_reassembled_bytes = since(to->not_reassembled_bytes, from->not_reassembled_bytes);
    run->damaged_files = since(now->problems.damaged, before->problems.damaged);
    list_not_analysed(to, from, run);
    run->unreadable_files = since(now->problems.unreadable, before->problems.unreadable);
}

static void print_count(FILE *out, uint64_t count, const char *one, const char *many,
                        const char *what)
{
    (void)fprintf(out, "%llu %s %s\n", (unsigned long long)count, count == 1 ? one : many, what);
}

/* The order and the condition on the last line are tcpdump's. */
static void print_capture(FILE *out, const struct capture_statistics *capture)
{
    print_count(out, capture->frames, "packet", "packets", "captured");
    print_count(out, capture->received_by_filter, "packet", "packets", "received by filter");
    if (!capture->has_kernel_counts) {
        return;
    }
    print_count(out, capture->dropped_by_kernel, "packet", "packets", "dropped by kernel");
    if (capture->dropped_by_interface > 0) {
        print_count(out, capture->dropped_by_interface, "packet", "packets",
                    "dropped by interface");
    }
}

static void print_verdicts(FILE *out, const struct tally_stored *stored)
{
    static const enum verdict order[VERDICT_COUNT] = {
        VERDICT_FULL,        VERDICT_RESUMED_ID, VERDICT_RESUMED_TICKET,
        VERDICT_RESUMED_PSK, VERDICT_FAILED,     VERDICT_UNKNOWN,
    };
    const uint64_t sum = tally_stored_count(stored);

    (void)fprintf(out, "%llu %s", (unsigned long long)sum, sum == 1 ? "handshake" : "handshakes");
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        (void)fprintf(out, "%s %llu %s", i == 0 ? ":" : ",",
                      (unsigned long long)stored->verdicts[order[i]], verdict_name(order[i]));
    }
    (void)fputc('\n', out);
}

/* Why handshakes are unknown, and how many of the others are not certain. */
static void print_doubts(FILE *out, const struct tally_stored *stored)
{
    for (size_t i = 0; i < REASON_COUNT; i++) {
        if (stored->unknown[i] > 0) {
            const char *words = reason_name((enum reason)i);
            print_count(out, stored->unknown[i],
                        "handshake unknown:", "handshakes unknown:", words != NULL ? words : "");
        }
    }
    if (stored->likely > 0) {
        print_count(out, stored->likely, "handshake", "handshakes", "likely, not certain");
    }
    if (stored->outer_hellos > 0) {
        print_count(out, stored->outer_hellos, "handshake", "handshakes",
                    "with an encrypted ClientHello");
    }
}

/* By the name of what ended the walk; in fragments of what was put together too. */
static void print_not_analysed(FILE *out, const struct dead_ends *dead_ends)
{
    static const struct dead_ends none = {.rest = 0};
    struct dead_ends_row rows[DEAD_ENDS_ROWS];
    const size_t count = dead_ends_list(dead_ends, &none, rows);

    for (size_t i = 0; i < count; i++) {
        print_count(out, rows[i].count, "not analysed:", "not analysed:", rows[i].name);
    }
}

static void print_frames(FILE *out, const struct dissector_counters *counters)
{
    for (size_t i = 0; i < PACKET_RESULT_COUNT; i++) {
        if (counters->by_result[i] > 0) {
            print_count(out, counters->by_result[i],
                        "frame:", "frames:", packet_result_name((enum packet_result)i));
        }
    }
    print_count(out, counters->fragments.datagrams, "datagram", "datagrams", "put together");
    print_not_analysed(out, &counters->fragments.dead_ends);
    print_count(out, counters->conversations, "conversation", "conversations", "begun");
}

void tally_print(FILE *out, const struct tally *tally, bool is_verbose)
{
    const struct dissector_counters *const dissector = &tally->dissector;
    const unsigned long long in_handshake = dissector->evicted_handshakes;
    const unsigned long long evicted = dissector->evicted_conversations + in_handshake;

    print_capture(out, &tally->capture);
    print_verdicts(out, &tally->stored);
    print_doubts(out, &tally->stored);
    print_count(out, dissector->not_tls, "conversation", "conversations", "not TLS");
    print_count(out, dissector->mid_stream_tls, "conversation", "conversations",
                "past the handshake already");
    print_count(out, dissector->not_reassembled_bytes, "byte", "bytes", "not reassembled");
    (void)fprintf(out, "%llu %s evicted, %llu of them in a handshake\n", evicted,
                  evicted == 1 ? "conversation" : "conversations", in_handshake);
    if (is_verbose) {
        print_frames(out, dissector);
    }
}
