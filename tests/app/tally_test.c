#include "app/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_BYTES = 2048 };

static void print(const struct tally *tally, bool is_verbose, char out[TEXT_BYTES])
{
    FILE *file = fmemopen(out, TEXT_BYTES, "w");

    assert_non_null(file);
    tally_print(file, tally, is_verbose);
    assert_int_equal(fclose(file), 0);
}

static void print_uses_tcpdumps_words_and_order(void **state)
{
    struct tally tally;
    char text[TEXT_BYTES];

    (void)state;
    tally_init(&tally);
    tally.capture = (struct capture_statistics){.frames = 1000,
                                                .received_by_filter = 1001,
                                                .dropped_by_kernel = 1,
                                                .has_kernel_counts = true};
    tally.stored.verdicts[VERDICT_FULL] = 2;
    tally.stored.verdicts[VERDICT_RESUMED_PSK] = 3;
    tally.stored.verdicts[VERDICT_UNKNOWN] = 4;
    tally.stored.unknown[REASON_GAP] = 1;
    tally.stored.unknown[REASON_CLIENT_ONLY] = 3;
    tally.stored.likely = 2;
    tally.stored.outer_hellos = 1;
    tally.dissector.not_tls = 5;
    tally.dissector.mid_stream_tls = 1;
    tally.dissector.not_reassembled_bytes = 1;
    tally.dissector.evicted_conversations = 4;
    tally.dissector.evicted_handshakes = 2;
    print(&tally, false, text);
    assert_string_equal(text, "1000 packets captured\n"
                              "1001 packets received by filter\n"
                              "1 packet dropped by kernel\n"
                              "9 handshakes: 2 full, 0 resumed-id, 0 resumed-ticket, "
                              "3 resumed-psk, 0 failed, 4 unknown\n"
                              "3 handshakes unknown: only the client was captured\n"
                              "1 handshake unknown: bytes are missing from the capture\n"
                              "2 handshakes likely, not certain\n"
                              "1 handshake with an encrypted ClientHello\n"
                              "5 conversations not TLS\n"
                              "1 conversation past the handshake already\n"
                              "1 byte not reassembled\n"
                              "6 conversations evicted, 2 of them in a handshake\n");
}

static void stored_counts_why_and_how_certain(void **state)
{
    struct handshake handshake;
    struct tally_stored part = {.likely = 0};
    struct tally_stored sum = {.likely = 0};

    (void)state;
    handshake_init(&handshake);
    handshake.verdict = VERDICT_UNKNOWN;
    handshake.reason = REASON_CUT;
    handshake.certainty = CERTAINTY_LIKELY;
    tally_stored_add(&part, &handshake);
    handshake.verdict = VERDICT_FULL;
    handshake.reason = REASON_NONE;
    handshake.anomalies = 1U << ANOMALY_ENCRYPTED_CLIENT_HELLO;
    tally_stored_add(&part, &handshake);
    handshake.certainty = CERTAINTY_CERTAIN;
    handshake.anomalies = 0;
    tally_stored_add(&part, &handshake);
    tally_stored_add_part(&sum, &part);
    tally_stored_add_part(&sum, &part);
    assert_int_equal(tally_stored_count(&sum), 6);
    assert_int_equal(sum.verdicts[VERDICT_UNKNOWN], 2);
    assert_int_equal(sum.unknown[REASON_CUT], 2);
    assert_int_equal(sum.likely, 2);
    assert_int_equal(sum.outer_hellos, 2);
}

static void print_leaves_out_what_files_do_not_know(void **state)
{
    struct tally tally;
    char text[TEXT_BYTES];

    (void)state;
    tally_init(&tally);
    tally.capture = (struct capture_statistics){.frames = 1, .received_by_filter = 1};
    print(&tally, false, text);
    assert_non_null(strstr(text, "1 packet captured\n1 packet received by filter\n0 handshakes: "));
    assert_null(strstr(text, "kernel"));
}

static void print_tells_of_the_interface_only_when_it_dropped(void **state)
{
    struct tally tally;
    char text[TEXT_BYTES];

    (void)state;
    tally_init(&tally);
    tally.capture.has_kernel_counts = true;
    print(&tally, false, text);
    assert_null(strstr(text, "by interface"));
    tally.capture.dropped_by_interface = 7;
    print(&tally, false, text);
    assert_non_null(strstr(text, "0 packets dropped by kernel\n7 packets dropped by interface\n"));
}

static void print_tells_what_became_of_frames_when_asked(void **state)
{
    struct tally tally;
    char text[TEXT_BYTES];

    (void)state;
    tally_init(&tally);
    tally.dissector.by_result[PACKET_FRAGMENT] = 1;
    tally.dissector.conversations = 9;
    print(&tally, false, text);
    assert_null(strstr(text, "frame"));
    print(&tally, true, text);
    assert_non_null(strstr(text, "1 frame: fragment\n"));
    assert_non_null(strstr(text, "9 conversations begun\n"));
}

static void see_time_finds_the_earliest_and_the_latest(void **state)
{
    struct tally tally;

    (void)state;
    tally_init(&tally);
    assert_int_equal(tally.first_frame_ns, HANDSHAKE_NULL);
    tally_see_time(&tally, 20);
    tally_see_time(&tally, -10);
    tally_see_time(&tally, 5);
    assert_int_equal(tally.first_frame_ns, -10);
    assert_int_equal(tally.last_frame_ns, 20);
}

static void to_run_counts_from_where_the_run_began(void **state)
{
    struct tally before;
    struct tally now;
    struct run_record run;

    (void)state;
    tally_init(&before);
    before.capture.frames = 100;
    before.dissector.by_result[PACKET_TCP] = 90;
    before.dissector.by_result[PACKET_OTHER_TRANSPORT] = 6;
    before.dissector.by_result[PACKET_TRUNCATED] = 4;
    now = before;
    now.capture.frames = 150;
    now.dissector.by_result[PACKET_NOT_IP] = 3;
    now.dissector.by_result[PACKET_FRAGMENT] = 5;
    now.problems.damaged = 1;
    tally_to_run(&now, &before, &run);
    assert_int_equal(run.packets_captured, 50);
    assert_int_equal(run.packets_not_tcp, 3);
    assert_int_equal(run.packets_undecodable, 5);
    assert_int_equal(run.damaged_files, 1);
    assert_int_equal(run.packets_dropped_kernel, HANDSHAKE_NULL);
    now.capture.has_kernel_counts = true;
    now.capture.dropped_by_kernel = 2;
    tally_to_run(&now, &before, &run);
    assert_int_equal(run.packets_dropped_kernel, 2);
}

static void add_dissector_adds_every_counter(void **state)
{
    struct dissector_counters sum = {0};
    struct dissector_counters part = {0};
    uint64_t *const values = (uint64_t *)&part;
    const size_t count = offsetof(struct dissector_counters, fragments.dead_ends) / sizeof(*values);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        values[i] = i + 1;
    }
    tally_add_dissector(&sum, &part);
    tally_add_dissector(&sum, &part);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(((const uint64_t *)&sum)[i], 2 * (i + 1));
    }
    /* and nothing follows but what has names, of which the test of dead_ends knows more */
    assert_int_equal(sizeof(part), offsetof(struct dissector_counters, fragments.dead_ends) +
                                       sizeof(part.fragments.dead_ends));
}

static void add_dissector_adds_what_is_not_analysed_by_name(void **state)
{
    struct tally tally;
    struct dissector_counters part = {0};
    char text[TEXT_BYTES];

    (void)state;
    tally_init(&tally);
    dead_ends_add(&part.fragments.dead_ends, (struct dead_end){DEAD_END_ETHERTYPE, 0x0806}, 2);
    dead_ends_add(&part.fragments.dead_ends, (struct dead_end){DEAD_END_ETHERTYPE, 0x9999}, 3);
    tally_add_dissector(&tally.dissector, &part);
    tally_add_dissector(&tally.dissector, &part);
    print(&tally, false, text);
    assert_null(strstr(text, "not analysed"));
    print(&tally, true, text);
    assert_non_null(strstr(text, "6 not analysed: ethertype 0x9999\n4 not analysed: ARP\n"));
}

static void to_run_lists_what_was_not_analysed_since_it_began(void **state)
{
    struct tally before;
    struct tally now;
    struct run_record run;

    (void)state;
    tally_init(&before);
    dead_ends_add(&before.dissector.fragments.dead_ends,
                  (struct dead_end){DEAD_END_ETHERTYPE, 0x0806}, 7);
    now = before;
    tally_to_run(&now, &before, &run);
    assert_int_equal(run.not_analysed_count, 0);
    dead_ends_add(&now.dissector.fragments.dead_ends, (struct dead_end){DEAD_END_ETHERTYPE, 0x0806},
                  1);
    dead_ends_add(&now.dissector.fragments.dead_ends, (struct dead_end){DEAD_END_IP_PROTOCOL, 132},
                  2);
    tally_to_run(&now, &before, &run);
    assert_int_equal(run.not_analysed_count, 2);
    assert_string_equal(run.not_analysed[0].name, "SCTP");
    assert_int_equal(run.not_analysed[0].packets, 2);
    assert_string_equal(run.not_analysed[1].name, "ARP");
    assert_int_equal(run.not_analysed[1].packets, 1);
}

/* What became of fragments decides whether they could be decoded. */
static void to_run_counts_as_undecodable_only_fragments_of_what_is_not_whole(void **state)
{
    struct tally before;
    struct tally now;
    struct run_record run;

    (void)state;
    tally_init(&before);
    now = before;
    now.dissector.by_result[PACKET_FRAGMENT] = 5;
    now.dissector.by_result[PACKET_AGGREGATE] = 2;
    now.dissector.by_result[PACKET_MALFORMED] = 1;
    now.dissector.fragments.fragments_joined = 3;
    tally_to_run(&now, &before, &run);
    assert_int_equal(run.packets_undecodable, 3);
    assert_int_equal(run.packets_not_tcp, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(print_uses_tcpdumps_words_and_order),
        cmocka_unit_test(stored_counts_why_and_how_certain),
        cmocka_unit_test(print_leaves_out_what_files_do_not_know),
        cmocka_unit_test(print_tells_of_the_interface_only_when_it_dropped),
        cmocka_unit_test(print_tells_what_became_of_frames_when_asked),
        cmocka_unit_test(see_time_finds_the_earliest_and_the_latest),
        cmocka_unit_test(to_run_counts_from_where_the_run_began),
        cmocka_unit_test(add_dissector_adds_every_counter),
        cmocka_unit_test(add_dissector_adds_what_is_not_analysed_by_name),
        cmocka_unit_test(to_run_lists_what_was_not_analysed_since_it_began),
        cmocka_unit_test(to_run_counts_as_undecodable_only_fragments_of_what_is_not_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
