/* Whole handshakes of DTLS, from datagrams to the record: SPEC's rows, their round trips and times,
 * and what loss, repetition, order and fragments may do to them. */
#include "dissect/datagram_flows.h"

#include "tests/dissect/datagram_feed.h"

#include "tests/dissect/datagram_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS INT64_C(1000000)
#define START_NS (INT64_C(1000) * MS)

struct story {
    const char *name;
    void (*write)(struct datagram_script *script);
    enum verdict verdict;
    enum offer offered;
    enum outcome outcome;
    enum early_data early_data;
    uint16_t version;
    uint8_t hello_retries;
    int8_t rtts_tls;
    int64_t handshake_ms;
    const char *messages;
};

static const struct story stories[] = {
    {"row 24: ID after a HelloVerifyRequest", datagram_write_id_after_verify, VERDICT_RESUMED_ID,
     OFFER_ID, OUTCOME_ACCEPTED, EARLY_DATA_NONE, DTLS_1_2, 0, 2, 60,
     ">CH <HVR >CH <SH <CCS <FIN >CCS >FIN"},
    {"full after a HelloVerifyRequest", datagram_write_full_12, VERDICT_FULL, OFFER_NONE,
     OUTCOME_NONE, EARLY_DATA_NONE, DTLS_1_2, 0, 3, 90,
     ">CH <HVR >CH <SH <CERT <SHD >CKE >CCS >FIN <CCS <FIN"},
    {"row 40: full", datagram_write_full_13, VERDICT_FULL, OFFER_NONE, OUTCOME_NONE,
     EARLY_DATA_NONE, DTLS_1_3, 0, 1, 30, ">CH <SH <ENC >FIN"},
    {"row 41: PSK", datagram_write_psk, VERDICT_RESUMED_PSK, OFFER_PSK, OUTCOME_ACCEPTED,
     EARLY_DATA_NONE, DTLS_1_3, 0, 1, 30, ">CH <SH <ENC >FIN"},
    {"row 42: PSK without key_share", datagram_write_psk_without_key_share, VERDICT_RESUMED_PSK,
     OFFER_PSK, OUTCOME_ACCEPTED, EARLY_DATA_NONE, DTLS_1_3, 0, 1, 30, ">CH <SH <ENC >FIN"},
    {"row 43: PSK refused", datagram_write_psk_refused, VERDICT_FULL, OFFER_PSK, OUTCOME_REFUSED,
     EARLY_DATA_NONE, DTLS_1_3, 0, 1, 30, ">CH <SH <ENC >FIN"},
    /* There is no EndOfEarlyData in DTLS (RFC 9147, 5.6): accepted or not cannot be told. */
    {"row 44: early data", datagram_write_early_data, VERDICT_RESUMED_PSK, OFFER_PSK,
     OUTCOME_ACCEPTED, EARLY_DATA_UNKNOWN, DTLS_1_3, 0, 1, 30, ">CH >APP <SH <ENC >FIN"},
    {"row 45: early data refused with the PSK", datagram_write_early_data_refused, VERDICT_FULL,
     OFFER_PSK, OUTCOME_REFUSED, EARLY_DATA_REFUSED, DTLS_1_3, 0, 1, 30, ">CH >APP <SH <ENC >FIN"},
    {"row 45: early data refused by a retry", datagram_write_early_data_before_retry,
     VERDICT_RESUMED_PSK, OFFER_PSK, OUTCOME_ACCEPTED, EARLY_DATA_REFUSED, DTLS_1_3, 1, 2, 60,
     ">CH >APP <HRR >CH <SH <ENC >FIN"},
    {"row 46: PSK after a HelloRetryRequest", datagram_write_psk_after_retry, VERDICT_RESUMED_PSK,
     OFFER_PSK, OUTCOME_ACCEPTED, EARLY_DATA_NONE, DTLS_1_3, 1, 2, 60,
     ">CH <HRR >CH <SH <ENC >FIN"},
    {"row 47: the second identity", datagram_write_second_identity, VERDICT_RESUMED_PSK, OFFER_PSK,
     OUTCOME_ACCEPTED, EARLY_DATA_NONE, DTLS_1_3, 0, 1, 30, ">CH <SH <ENC >FIN"},
    {"connection ID of RFC 9146", datagram_write_connection_id_12, VERDICT_RESUMED_ID, OFFER_ID,
     OUTCOME_ACCEPTED, EARLY_DATA_NONE, DTLS_1_2, 0, 1, 30, ">CH <SH <CCS <FIN >CCS >FIN"},
    {"connection IDs of RFC 9147", datagram_write_connection_id_13, VERDICT_RESUMED_PSK, OFFER_PSK,
     OUTCOME_ACCEPTED, EARLY_DATA_NONE, DTLS_1_3, 0, 1, 30, ">CH <SH <ENC >FIN"},
};

enum { STORY_COUNT = sizeof(stories) / sizeof(stories[0]) };

struct desk {
    struct reader_pools pools;
    struct keyed_hash *hash;
    struct wire *wire;
    uint64_t begun;
    uint64_t evicted;
    struct finished finished;
    bool has_finished;
    bool is_busy;
    struct datagram_script script;
};

static int set_up(void **state)
{
    static const uint8_t key[16];
    struct desk *desk = calloc(1, sizeof(*desk));
    struct error error;

    if (desk == NULL) {
        return -1;
    }
    desk->pools.small = pool_new(READER_SMALL_BYTES, 16);
    desk->pools.large = pool_new(READER_LARGE_BYTES, 2);
    desk->hash = keyed_hash_new(key, &error);
    desk->wire = wire_new();
    *state = desk;
    return desk->hash == NULL;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;

    keyed_hash_free(desk->hash);
    pool_free(desk->pools.small);
    pool_free(desk->pools.large);
    free(desk->wire);
    free(desk);
    return 0;
}

static struct datagram_script *script_of(struct desk *desk, const struct story *story)
{
    datagram_script_init(&desk->script, desk->wire, START_NS);
    story->write(&desk->script);
    return &desk->script;
}

/* From a block of its exact size, so that a sanitizer sees one byte too far. */
static void feed(struct datagram_flows *flows, const struct datagram *datagram)
{
    const struct endpoint ends[2] = {{.address = {10}, .port = 40000},
                                     {.address = {20}, .port = 4433}};
    const struct bytes exact = wire_exact(datagram->data, datagram->len);
    const struct segment segment = {.time_ns = datagram->time_ns,
                                    .source = ends[datagram->from],
                                    .destination = ends[1 - datagram->from],
                                    .transport = SEGMENT_UDP,
                                    .payload_len = (uint32_t)exact.len,
                                    .payload = exact};

    datagram_feed(flows, &segment);
    wire_free_exact(exact);
}

/* Plays the script; false when it gives no record. There is never more than one. */
static bool play(struct desk *desk, struct handshake *out)
{
    const struct datagram_flows_options options = {.max_flows = 4,
                                                   .idle_timeout_ns = INT64_C(60000) * MS,
                                                   .pools = &desk->pools,
                                                   .session_hash = desk->hash,
                                                   .finished = &desk->finished,
                                                   .begun = &desk->begun,
                                                   .evicted = &desk->evicted,
                                                   .is_busy = &desk->is_busy};
    struct datagram_flows *flows = datagram_flows_new(&options);
    struct handshake another = {0};

    assert_non_null(flows);
    desk->finished.has_any = &desk->has_finished;
    for (size_t i = 0; i < desk->script.count; i++) {
        feed(flows, &desk->script.datagrams[i]);
    }
    const bool has_record = datagram_next(flows, &desk->finished, true, out);
    assert_false(datagram_next(flows, &desk->finished, true, &another));
    datagram_flows_free(flows);
    assert_int_equal(pool_taken(desk->pools.small), 0);
    assert_int_equal(pool_taken(desk->pools.large), 0);
    return has_record;
}

static void assert_same(const struct story *story, const struct handshake *handshake)
{
    if (handshake->verdict != story->verdict || handshake->certainty != CERTAINTY_CERTAIN) {
        print_error("%s: %s\n", story->name, handshake->messages);
    }
    assert_string_equal(verdict_name(handshake->verdict), verdict_name(story->verdict));
    assert_int_equal(handshake->certainty, CERTAINTY_CERTAIN);
    assert_int_equal(handshake->transport, TRANSPORT_DTLS);
    assert_int_equal(handshake->version, story->version);
    assert_int_equal(handshake->offered, story->offered);
    assert_string_equal(outcome_name(handshake->outcome), outcome_name(story->outcome));
    assert_string_equal(early_data_name(handshake->early_data), early_data_name(story->early_data));
    assert_int_equal(handshake->hello_retries, story->hello_retries);
    assert_int_equal(handshake->client.port, 40000);
}

static void each_row_has_its_verdict_round_trips_and_times(void **state)
{
    struct desk *desk = *state;

    for (size_t i = 0; i < STORY_COUNT; i++) {
        struct handshake handshake = {0};
        (void)script_of(desk, &stories[i]);
        assert_true(play(desk, &handshake));
        assert_same(&stories[i], &handshake);
        assert_string_equal(handshake.messages, stories[i].messages);
        assert_int_equal(handshake.time_ns, START_NS);
        assert_int_equal(handshake.rtts_tls, stories[i].rtts_tls);
        assert_int_equal(handshake.rtts_stalled, 0);
        assert_int_equal(handshake.handshake_ns, stories[i].handshake_ms * MS);
        assert_int_equal(handshake.rtts_tcp, HANDSHAKE_RTTS_NULL);
    }
}

/* RFC 6347, 4.2.1: only a HelloVerifyRequest is answered without work, on both sides. */
static void a_hello_verify_request_measures_the_path(void **state)
{
    struct desk *desk = *state;
    struct handshake handshake = {0};

    (void)script_of(desk, &stories[0]);
    assert_true(play(desk, &handshake));
    assert_int_equal(handshake.rtt_server_ns, DATAGRAM_TO_SERVER_MS * MS);
    assert_int_equal(handshake.rtt_client_ns, DATAGRAM_TO_CLIENT_MS * MS);
    assert_int_equal(handshake.server_think_ns, 0);
    (void)script_of(desk, &stories[2]);
    assert_true(play(desk, &handshake));
    assert_int_equal(handshake.rtt_server_ns, HANDSHAKE_NULL);
}

static void what_is_odd_about_a_row_is_told(void **state)
{
    struct desk *desk = *state;

    for (size_t i = 0; i < STORY_COUNT; i++) {
        const bool lacks_key_share = stories[i].write == datagram_write_psk_without_key_share;
        struct handshake handshake = {0};
        (void)script_of(desk, &stories[i]);
        assert_true(play(desk, &handshake));
        assert_int_equal(handshake.anomalies,
                         lacks_key_share ? 1u << ANOMALY_NO_FORWARD_SECRECY : 0);
    }
}

/* The hash of what the server selected, not of what came first. */
static void the_selected_identity_is_the_session_offered(void **state)
{
    struct desk *desk = *state;
    static const uint8_t second[] = {'e', 'f', 'g', 'h'};
    uint8_t hash[16];
    struct handshake handshake = {0};

    datagram_script_init(&desk->script, desk->wire, START_NS);
    datagram_write_second_identity(&desk->script);
    assert_true(play(desk, &handshake));
    keyed_hash_of(desk->hash, SESSION_TICKET, second, sizeof(second), hash);
    assert_true(handshake.session_offered.is_set);
    assert_memory_equal(handshake.session_offered.bytes, hash, sizeof(hash));
}

/* ---- What may happen to datagrams ---- */

static void insert(struct datagram_script *script, size_t at, const struct datagram *datagram)
{
    const struct datagram copy = *datagram;

    assert_true(script->count < DATAGRAMS_MAX);
    memmove(&script->datagrams[at + 1], &script->datagrams[at],
            (script->count - at) * sizeof(copy));
    script->datagrams[at] = copy;
    script->count++;
}

static void a_datagram_seen_twice_changes_nothing(void **state)
{
    struct desk *desk = *state;

    for (size_t i = 0; i < STORY_COUNT; i++) {
        struct handshake handshake = {0};
        struct datagram_script *script = script_of(desk, &stories[i]);
        for (size_t at = script->count; at-- > 0;) {
            insert(script, at + 1, &script->datagrams[at]);
        }
        assert_true(play(desk, &handshake));
        assert_same(&stories[i], &handshake);
    }
}

/* A flight is sent again as its answer is under way: the first copy of each message counts. */
static void a_flight_sent_again_late_changes_nothing(void **state)
{
    struct desk *desk = *state;

    for (size_t i = 0; i < STORY_COUNT; i++) {
        const size_t count = script_of(desk, &stories[i])->count;
        for (size_t at = 0; at + 1 < count; at++) {
            struct handshake handshake = {0};
            struct datagram_script *script = script_of(desk, &stories[i]);
            const struct datagram again = script->datagrams[at];
            insert(script, at + 2, &again);
            assert_true(play(desk, &handshake));
            assert_same(&stories[i], &handshake);
        }
    }
}

static void play_without(struct desk *desk, const struct story *story, size_t at)
{
    struct datagram_script *script = script_of(desk, story);
    struct handshake handshake = {0};

    script->count--;
    memmove(&script->datagrams[at], &script->datagrams[at + 1],
            (script->count - at) * sizeof(struct datagram));
    if (play(desk, &handshake)) {
        assert_true(handshake.verdict == story->verdict || handshake.verdict == VERDICT_UNKNOWN);
    }
}

static void no_lost_datagram_makes_another_class(void **state)
{
    struct desk *desk = *state;

    for (size_t i = 0; i < STORY_COUNT; i++) {
        const size_t count = script_of(desk, &stories[i])->count;
        for (size_t at = 0; at < count; at++) {
            play_without(desk, &stories[i], at);
        }
    }
}

static void messages_in_fragments_change_nothing(void **state)
{
    struct desk *desk = *state;
    static const size_t sizes[] = {16, 40, 100};

    for (size_t i = 0; i < (size_t)STORY_COUNT * 3; i++) {
        const struct story *story = &stories[i / 3];
        struct handshake handshake = {0};
        desk->script.fragment_bytes = sizes[i % 3];
        (void)script_of(desk, story);
        assert_true(play(desk, &handshake));
        assert_same(story, &handshake);
        assert_int_equal(handshake.rtts_tls, story->rtts_tls);
        assert_string_equal(handshake.messages, story->messages);
    }
    desk->script.fragment_bytes = 0;
}

/* Where both are of one side: what crosses the other side's answer is another story. */
static void play_swapped(struct desk *desk, const struct story *story, size_t at)
{
    struct datagram *pair = &script_of(desk, story)->datagrams[at];
    const struct datagram first = pair[0];
    struct handshake handshake = {0};

    if (pair[0].from == pair[1].from) {
        pair[0] = pair[1];
        pair[1] = first;
        pair[1].time_ns = pair[0].time_ns;
        assert_true(play(desk, &handshake));
        assert_same(story, &handshake);
    }
}

/* The first datagram stays: a flow is followed from a beginning on. */
static void neighbours_out_of_order_change_nothing(void **state)
{
    struct desk *desk = *state;

    desk->script.fragment_bytes = 24;
    for (size_t i = 0; i < STORY_COUNT; i++) {
        const size_t count = script_of(desk, &stories[i])->count;
        for (size_t at = 1; at + 1 < count; at++) {
            play_swapped(desk, &stories[i], at);
        }
    }
    desk->script.fragment_bytes = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_has_its_verdict_round_trips_and_times),
        cmocka_unit_test(a_hello_verify_request_measures_the_path),
        cmocka_unit_test(what_is_odd_about_a_row_is_told),
        cmocka_unit_test(the_selected_identity_is_the_session_offered),
        cmocka_unit_test(a_datagram_seen_twice_changes_nothing),
        cmocka_unit_test(a_flight_sent_again_late_changes_nothing),
        cmocka_unit_test(no_lost_datagram_makes_another_class),
        cmocka_unit_test(messages_in_fragments_change_nothing),
        cmocka_unit_test(neighbours_out_of_order_change_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
