/* The three steps of a frame give what one call gives, however many frames are prepared at once,
 * and the short way through its headers what the long one gives. */
#include "dissect/dissector.h"

#include "tests/dissect/wire.h"
#include "tests/loss/trace.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_BATCH = 64, MAX_RECORDS = 4096, PATH_BYTES = 512 };

struct records {
    struct handshake of[MAX_RECORDS];
    size_t count;
};

static struct dissector *new_dissector(void)
{
    struct dissector_options options;
    struct error error = {""};

    dissector_options_init(&options);
    options.max_conversations = 4096;
    options.max_handshakes = 1024;
    struct dissector *dissector = dissector_new(&options, &error);
    assert_non_null(dissector);
    return dissector;
}

static void take_records(struct dissector *dissector, struct records *records)
{
    struct handshake handshake;

    while (dissector_next(dissector, &handshake)) {
        assert_true(records->count < MAX_RECORDS);
        records->of[records->count++] = handshake;
    }
}

static void finish(struct dissector *dissector, struct records *records)
{
    dissector_finish(dissector);
    take_records(dissector, records);
    dissector_free(dissector);
}

/* Frames one by one. */
static void feed_all(const struct trace *trace, struct records *records)
{
    struct dissector *dissector = new_dissector();

    records->count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        dissector_feed(dissector, &trace->frames[i]);
        take_records(dissector, records);
    }
    finish(dissector, records);
}

static void take_batch(struct dissector *dissector, const struct frame *frames, size_t count,
                       struct records *records)
{
    struct prepared prepared[MAX_BATCH] = {{0}};

    for (size_t i = 0; i < count; i++) {
        prepare_frame(dissector_hash(dissector), &frames[i], &prepared[i]);
    }
    dissector_expect(dissector, prepared, count);
    for (size_t taken = 0; taken < count;) {
        taken += dissector_take(dissector, frames + taken, prepared + taken, count - taken);
        take_records(dissector, records);
    }
}

static void take_all(const struct trace *trace, size_t batch, struct records *records)
{
    struct dissector *dissector = new_dissector();

    records->count = 0;
    for (size_t first = 0; first < trace->count; first += batch) {
        const size_t left = trace->count - first;
        take_batch(dissector, &trace->frames[first], left < batch ? left : batch, records);
    }
    finish(dissector, records);
}

static void assert_same(const struct records *a, const struct records *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_true(a->of[i].time_ns == b->of[i].time_ns);
        assert_int_equal(a->of[i].client.port, b->of[i].client.port);
        assert_int_equal(a->of[i].verdict, b->of[i].verdict);
        assert_string_equal(a->of[i].messages, b->of[i].messages);
        assert_true(a->of[i].handshake_ns == b->of[i].handshake_ns);
    }
}

static size_t compare_file(const char *path)
{
    static struct records one_by_one;
    static struct records batched;
    const size_t batches[] = {1, 7, MAX_BATCH};
    struct trace trace;
    struct error error;

    trace_init(&trace);
    assert_true(trace_load(&trace, path, &error));
    feed_all(&trace, &one_by_one);
    for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
        take_all(&trace, batches[i], &batched);
        assert_same(&one_by_one, &batched);
    }
    trace_clear(&trace);
    return one_by_one.count;
}

/* Calls `look` for each capture in the folder, as far as there is one; the sum of what it returns.
 */
static size_t for_each_capture(const char *folder, size_t (*look)(const char *path))
{
    DIR *const entries = opendir(folder);
    size_t sum = 0;

    if (entries == NULL) {
        return 0;
    }
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        char path[PATH_BYTES];
        const char *const dot = strrchr(entry->d_name, '.');
        if (dot != NULL && (strcmp(dot, ".pcap") == 0 || strcmp(dot, ".pcapng") == 0)) {
            (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
            sum += look(path);
        }
    }
    (void)closedir(entries);
    return sum;
}

static void batches_give_the_records_that_single_frames_give(void **state)
{
    (void)state;
    assert_true(for_each_capture(REPRISE_PCAPS, compare_file) > 100);
}

static const int64_t second_ns = 1000000000;

/* So many connections whose client has said hello, and nothing since. Returns their last time. */
static int64_t open_handshakes(struct dissector *dissector, unsigned count)
{
    struct wire wire = {.now_ns = 0};

    for (unsigned i = 0; i < count; i++) {
        wire_init(&wire, dissector, (uint16_t)(40000 + i));
        wire_connect(&wire);
        wire_client_hello(&wire, 0, 0);
    }
    return wire.now_ns;
}

static unsigned count_records(struct dissector *dissector)
{
    struct handshake handshake;
    unsigned count = 0;

    while (dissector_next(dissector, &handshake)) {
        count++;
    }
    return count;
}

/* As many silent handshakes as there are end with the frames of others; they are handed out before
 * more of them end than there is room for. */
static void frames_that_others_took_end_what_was_silent(void **state)
{
    enum { SILENT = 100, PASSED = 1000, EACH_AT_MOST = 4 };
    struct dissector *dissector = new_dissector();
    struct wire wire = {.now_ns = open_handshakes(dissector, SILENT) + 1000 * second_ns};
    static const uint8_t arp[14] = {[12] = 0x08, [13] = 0x06};
    const struct frame frame = {.time_ns = wire.now_ns,
                                .captured_len = sizeof(arp),
                                .wire_len = sizeof(arp),
                                .link_type = 1,
                                .data = arp};
    struct prepared prepared;
    unsigned ended = 0;
    unsigned calls = 0;

    (void)state;
    prepare_frame(dissector_hash(dissector), &frame, &prepared);
    prepared.passed = PASSED;
    for (size_t taken = 0; taken == 0; calls++) {
        taken = dissector_take(dissector, &frame, &prepared, 1);
        const unsigned more = count_records(dissector);
        assert_in_range(more, 0, EACH_AT_MOST);
        ended += more;
    }
    assert_int_equal(ended, SILENT);
    assert_in_range(calls, SILENT / EACH_AT_MOST, SILENT / EACH_AT_MOST + 2);
    assert_int_equal(dissector_counters(dissector)->by_result[PACKET_NOT_IP], 1);
    dissector_free(dissector);
}

static void assert_same_segment(const struct segment *a, const struct segment *b)
{
    assert_memory_equal(a->source.address, b->source.address, 16);
    assert_memory_equal(a->destination.address, b->destination.address, 16);
    assert_int_equal(a->source.port, b->source.port);
    assert_int_equal(a->destination.port, b->destination.port);
    assert_true(a->time_ns == b->time_ns);
    assert_int_equal(a->sequence, b->sequence);
    assert_int_equal(a->acknowledgement, b->acknowledgement);
    assert_int_equal(a->flags, b->flags);
    assert_int_equal(a->transport, b->transport);
    assert_int_equal(a->payload_len, b->payload_len);
    assert_ptr_equal(a->payload.data, b->payload.data);
    assert_int_equal(a->payload.len, b->payload.len);
}

static void assert_same_at_a_glance(const struct frame *frame, enum packet_plain plain,
                                    const struct segment *segment)
{
    struct packet_glance glance;

    assert_int_equal(packet_glance(frame, &glance), plain == PACKET_PLAIN_IPV4);
    if (plain == PACKET_PLAIN_IPV4) {
        assert_memory_equal(glance.addresses, segment->source.address + 12, 4);
        assert_memory_equal(glance.addresses + 4, segment->destination.address + 12, 4);
        assert_int_equal(glance.source_port, segment->source.port);
        assert_int_equal(glance.destination_port, segment->destination.port);
        assert_int_equal(glance.flags, segment->flags);
        assert_int_equal(glance.first, packet_first_byte(segment->payload));
    }
}

/* How many frames of a capture go the straight way; others walk anyway. */
static size_t walk_file(const char *path)
{
    struct trace trace;
    struct error error;
    size_t plain = 0;

    trace_init(&trace);
    if (!trace_load(&trace, path, &error)) {
        return 0; /* damaged from its first byte on */
    }
    for (size_t i = 0; i < trace.count; i++) {
        struct packet packet;
        struct segment segment;
        const enum packet_plain found = packet_parse_plain(&trace.frames[i], &segment);
        assert_same_at_a_glance(&trace.frames[i], found, &segment);
        if (found != PACKET_PLAIN_NONE) {
            assert_int_equal(packet_parse(&trace.frames[i], &packet), PACKET_TCP);
            assert_same_segment(&segment, &packet.segment);
            plain++;
        }
    }
    trace_clear(&trace);
    return plain;
}

static void the_straight_way_leads_where_the_walk_does(void **state)
{
    (void)state;
    assert_true(for_each_capture(REPRISE_PCAPS, walk_file) >
                200); /* most of ours have no Ethernet */
    (void)for_each_capture(REPRISE_PCAPS "/../../shared/truth", walk_file);
    (void)for_each_capture(REPRISE_PCAPS "/../../shared/corpus", walk_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_give_the_records_that_single_frames_give),
        cmocka_unit_test(frames_that_others_took_end_what_was_silent),
        cmocka_unit_test(the_straight_way_leads_where_the_walk_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
