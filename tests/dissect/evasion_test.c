/* TCP as it really is, by the names of the cases:
 *
 *   Fast Open                    the six "Fast Open ..."
 *   another sequence number      "SYN of another start ...", "SYN/ACK of another start ..."
 *   split handshake              "opening split in ...", "opened from both sides at once"
 *   RST and FIN games            "RST ...", "FIN ...", "forged ...", "... after the FIN(s)"
 *   probes                       "keep-alive ...", "zero-window probe"
 *   urgent data                  "urgent data"
 *   sequence numbers that wrap   all of them once more, in a test of their own
 *   ports used again at once     "ports used again ...", "refused at first"
 *   two taps                     "two taps, ...", "... seen again at any place"
 *   asymmetric routes            "only the ... seen", "all of the ...", "the way back seen late"
 *   capture from or to anywhere  "capture begins ...", "capture ends ...", "... not seen",
 *                                "any packet lost", "any two packets lost" */
#include "tests/dissect/evasion_cases.h"

#include "dissect/net/waiting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

/* Pools so small, and each script played so often in one dissector, that a block which is not
 * given back is missed soon. */
enum { STREAM_BLOCKS = 40, PLAYS = 48, EXPIRIES = 4 };

#define SILENCE_NS (INT64_C(3600) * 1000000000)

static const enum verdict classes[] = {VERDICT_FULL, VERDICT_RESUMED_ID, VERDICT_RESUMED_TICKET,
                                       VERDICT_RESUMED_PSK, VERDICT_FAILED};
enum { CLASS_COUNT = sizeof(classes) / sizeof(classes[0]) };

struct play {
    const struct evasion_case *row;
    enum verdict verdict;
    size_t at;
    uint32_t first[2];
};

static struct dissector *new_dissector(void)
{
    struct dissector_options options;
    struct error error;

    dissector_options_init(&options);
    options.max_conversations = 4;
    options.max_handshakes = 1;
    options.max_buffer_bytes = 2 * STREAM_BLOCKS * STREAM_BLOCK_BYTES;
    struct dissector *dissector = dissector_new(&options, &error);
    assert_non_null(dissector);
    return dissector;
}

static bool is_allowed(const struct play *play, const struct handshake *handshake)
{
    if (handshake->verdict == play->verdict) {
        return true;
    }
    if (play->row->expectation == EVASION_RESET) {
        return handshake->reason == REASON_RESET;
    }
    if (play->row->expectation != EVASION_LESS) {
        return false;
    }
    return handshake->verdict == VERDICT_UNKNOWN ||
           (handshake->certainty == CERTAINTY_LIKELY && !verdict_is_resumed(handshake->verdict));
}

static void refuse(const struct play *play, const struct handshake *handshake)
{
    const char *reason = reason_name(handshake->reason);

    print_error("%s, packet %zu, %s: %s (%s): %s\n", play->row->name, play->at,
                verdict_name(play->verdict), verdict_name(handshake->verdict),
                reason != NULL ? reason : "-", handshake->messages);
}

/* Plays it once, ends what it left open, and says whether the records are as expected. */
static bool play_once(const struct play *play, const struct evasion_script *script,
                      struct dissector *dissector, unsigned number)
{
    const int64_t start_ns = (INT64_C(1) + number) * 2 * SILENCE_NS;
    struct handshake handshake;
    unsigned count = 0;
    bool is_right = true;

    const int64_t end_ns =
        evasion_play(script, dissector, (uint16_t)(40000 + number), start_ns) + SILENCE_NS;
    for (unsigned i = 0; i < EXPIRIES; i++) {
        dissector_tick(dissector, end_ns);
    }
    for (; dissector_next(dissector, &handshake); count++) {
        if (!is_allowed(play, &handshake)) {
            refuse(play, &handshake);
            is_right = false;
        }
    }
    const unsigned wanted = play->row->expectation == EVASION_TWICE ? 2 : 1;
    const bool must_tell =
        play->row->expectation == EVASION_SAME || play->row->expectation == EVASION_TWICE;
    if (must_tell && count != wanted) {
        print_error("%s, packet %zu, %s: %u records\n", play->row->name, play->at,
                    verdict_name(play->verdict), count);
        is_right = false;
    }
    return is_right;
}

static bool play_often(const struct play *play, struct evasion_script *script)
{
    struct dissector *dissector = new_dissector();
    bool is_right = true;

    evasion_write(script, play->verdict, play->first);
    play->row->bend(script, play->at);
    for (unsigned number = 0; is_right && number < PLAYS; number++) {
        is_right = play_once(play, script, dissector, number);
    }
    dissector_free(dissector);
    return is_right;
}

static size_t plays_of(const struct evasion_case *row, enum verdict verdict,
                       struct evasion_script *script)
{
    const uint32_t first[2] = {0, 0};

    evasion_write(script, verdict, first);
    return row->is_for_each_packet ? script->count : 1;
}

static unsigned fail_count(const struct evasion_case *rows, size_t count, const uint32_t first[2])
{
    struct evasion_script script = {.packets =
                                        malloc(EVASION_PACKETS_MAX * sizeof(*script.packets))};
    unsigned failed = 0;

    assert_non_null(script.packets);
    for (size_t i = 0; i < count * CLASS_COUNT; i++) {
        struct play play = {.row = &rows[i / CLASS_COUNT],
                            .verdict = classes[i % CLASS_COUNT],
                            .first = {first[0], first[1]}};
        const size_t plays = plays_of(play.row, play.verdict, &script);
        for (; play.at < plays; play.at++) {
            failed += play_often(&play, &script) ? 0 : 1;
        }
    }
    free(script.packets);
    return failed;
}

static void there_are_at_least_sixty_cases(void **state)
{
    (void)state;
    assert_true(evasion_order_case_count + evasion_opening_case_count +
                    evasion_connection_case_count >=
                60);
}

static void no_game_with_the_connection_fools_the_verdict(void **state)
{
    (void)state;
    const uint32_t first[2] = {1000, 5000};

    assert_int_equal(fail_count(evasion_opening_cases, evasion_opening_case_count, first), 0);
    assert_int_equal(fail_count(evasion_connection_cases, evasion_connection_case_count, first), 0);
}

static void no_order_of_segments_fools_the_verdict(void **state)
{
    (void)state;
    const uint32_t first[2] = {1000, 5000};

    assert_int_equal(fail_count(evasion_order_cases, evasion_order_case_count, first), 0);
}

static void nor_does_a_sequence_number_that_wraps(void **state)
{
    (void)state;
    const uint32_t both[2] = {UINT32_MAX - 60, UINT32_MAX - 60};
    const uint32_t client[2] = {UINT32_MAX, 5000};
    const uint32_t server[2] = {1000, UINT32_MAX - 100};

    assert_int_equal(fail_count(evasion_order_cases, evasion_order_case_count, both), 0);
    assert_int_equal(fail_count(evasion_order_cases, evasion_order_case_count, client), 0);
    assert_int_equal(fail_count(evasion_order_cases, evasion_order_case_count, server), 0);
    assert_int_equal(fail_count(evasion_opening_cases, evasion_opening_case_count, both), 0);
    assert_int_equal(fail_count(evasion_connection_cases, evasion_connection_case_count, both), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_at_least_sixty_cases),
        cmocka_unit_test(no_order_of_segments_fools_the_verdict),
        cmocka_unit_test(no_game_with_the_connection_fools_the_verdict),
        cmocka_unit_test(nor_does_a_sequence_number_that_wraps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
