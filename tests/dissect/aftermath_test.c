/* What follows a TLS 1.3 handshake: only the estimate of its tickets depends on it. */
#include "tests/dissect/aftermath_story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_answer_lets_the_record_go(void **state)
{
    struct wire wire;

    aftermath_finish_handshake(&wire, *state, 40000);
    wire_application_data(&wire, WIRE_CLIENT, STORY_REQUEST);
    aftermath_send_tickets(&wire, 2);
    aftermath_assert_nothing(*state);
    wire_application_data(&wire, WIRE_SERVER, STORY_ANSWER);

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, 2, 208);
}

/* What is behind the Finished in its own segment counts too. */
static void a_request_in_the_segment_of_the_finished_is_heard(void **state)
{
    const size_t len = 5 + STORY_FINISHED + 5 + STORY_REQUEST;
    uint8_t *records = calloc(1, len);
    const uint8_t finished[] = {23, 3, 3, 0, STORY_FINISHED};
    const uint8_t request[] = {23, 3, 3, 0, STORY_REQUEST};
    struct wire wire;

    assert_non_null(records);
    memcpy(records, finished, 5);
    memcpy(records + 5 + STORY_FINISHED, request, 5);
    aftermath_begin_handshake(&wire, *state, 40000);
    wire_send(&wire, WIRE_CLIENT, TCP_ACK, records, len);
    free(records);
    aftermath_send_tickets(&wire, 1);
    wire_application_data(&wire, WIRE_SERVER, STORY_ANSWER);

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, HANDSHAKE_NULL, HANDSHAKE_NULL);
}

/* Records as long as the handshake's were, whatever comes: as if nothing had come. */
static void assert_text_equal(const struct wire_text *a, const struct wire_text *b)
{
    assert_int_equal(a->len, b->len);
    assert_memory_equal(a->text, b->text, a->len);
}

static void nothing_else_of_the_record_depends_on_it(void **state)
{
    struct dissector *quiet = aftermath_start_with(64, 16);
    struct wire wire;

    aftermath_finish_handshake(&wire, quiet, 40000);
    dissector_finish(quiet);
    struct handshake without = aftermath_next(quiet);
    aftermath_finish_handshake(&wire, *state, 40000);
    wire_application_data(&wire, WIRE_CLIENT, STORY_REQUEST);
    aftermath_send_tickets(&wire, 2);
    wire_application_data(&wire, WIRE_SERVER, STORY_ANSWER);
    struct handshake with = aftermath_next(*state);

    assert_int_equal(with.estimated_tickets, 2);
    assert_true(without.estimated_tickets == HANDSHAKE_NULL);
    with.estimated_tickets = HANDSHAKE_NULL;
    with.estimated_ticket_bytes = HANDSHAKE_NULL;
    assert_memory_equal(&with, &without, offsetof(struct handshake, messages));
    assert_string_equal(with.messages, without.messages);
    assert_text_equal(&with.sni, &without.sni);
    assert_text_equal(&with.alpn, &without.alpn);
    dissector_free(quiet);
}

static void lost_tickets_are_not_counted(void **state)
{
    struct wire wire;

    aftermath_finish_handshake(&wire, *state, 40000);
    wire_lose(&wire, 5 + STORY_TICKET, WIRE_SERVER);
    aftermath_send_tickets(&wire, 2);
    wire_application_data(&wire, WIRE_CLIENT, STORY_REQUEST);
    for (int i = 0; i < 20; i++) {
        wire_application_data(&wire, WIRE_SERVER, STORY_ANSWER);
    }

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, HANDSHAKE_NULL, HANDSHAKE_NULL);
    assert_int_equal(dissector_counters(*state)->not_reassembled_bytes, 0);
}

/* However TCP cuts what the server says. */
static void pieces_of_any_size_tell_the_same(void **state)
{
    const size_t len = (size_t)2 * (5 + STORY_TICKET) + 5 + STORY_REQUEST;
    uint8_t *records = calloc(1, len);
    const uint8_t ticket[] = {23, 3, 3, 0, STORY_TICKET};
    const uint8_t answer[] = {23, 3, 3, 0, STORY_REQUEST};

    assert_non_null(records);
    memcpy(records, ticket, 5);
    memcpy(records + 5 + STORY_TICKET, ticket, 5);
    memcpy(records + (size_t)2 * (5 + STORY_TICKET), answer, 5);
    for (size_t size = 1; size <= len; size++) {
        struct wire wire;
        aftermath_finish_handshake(&wire, *state, (uint16_t)(20000 + size));
        for (size_t at = 0; at < len; at += size) {
            const size_t left = len - at;
            wire_send(&wire, WIRE_SERVER, TCP_ACK, records + at, size < left ? size : left);
        }
        const struct handshake handshake = aftermath_next(*state);
        aftermath_assert_estimate(&handshake, 2, 208);
    }
    free(records);
}

/* Cut anywhere, by the end of the capture, it tells two or nothing. */
static void a_flight_cut_anywhere_tells_no_wrong_number(void **state)
{
    const size_t len = (size_t)2 * (5 + STORY_TICKET);
    uint8_t *records = calloc(1, len);
    const uint8_t ticket[] = {23, 3, 3, 0, STORY_TICKET};

    (void)state;
    assert_non_null(records);
    memcpy(records, ticket, 5);
    memcpy(records + 5 + STORY_TICKET, ticket, 5);
    for (size_t size = 0; size <= len; size++) {
        struct dissector *dissector = aftermath_start_with(64, 16);
        struct wire wire;
        aftermath_finish_handshake(&wire, dissector, 40000);
        wire_send(&wire, WIRE_SERVER, TCP_ACK, records, size);
        dissector_finish(dissector);
        const struct handshake handshake = aftermath_next(dissector);
        aftermath_assert_estimate(&handshake, size == len ? 2 : HANDSHAKE_NULL,
                                  size == len ? 208 : HANDSHAKE_NULL);
        dissector_free(dissector);
    }
    free(records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_answer_lets_the_record_go, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test_setup_teardown(a_request_in_the_segment_of_the_finished_is_heard,
                                        aftermath_start, aftermath_stop),
        cmocka_unit_test_setup_teardown(nothing_else_of_the_record_depends_on_it, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test_setup_teardown(lost_tickets_are_not_counted, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test_setup_teardown(pieces_of_any_size_tell_the_same, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test(a_flight_cut_anywhere_tells_no_wrong_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
