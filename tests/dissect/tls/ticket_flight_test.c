/* Flights of tickets, told as lengths of records. */
#include "dissect/tls/ticket_estimate.h"
#include "dissect/tls/ticket_flight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { AES_128_GCM = 0x1301, AES_128_CCM_8 = 0x1305 };
enum { FINISHED = 53, ALERT = 19, REQUEST = 95, ANSWER = 267 };

static void record_with(struct ticket_flight *flight, enum tls_side from, uint32_t len,
                        struct ticket_flight_hint hint)
{
    const struct tls_event event = {.kind = TLS_APPLICATION_DATA, .from = from, .record_len = len};

    hint.cipher = hint.cipher == 0 ? AES_128_GCM : hint.cipher;
    ticket_flight_after(flight, &event, &hint);
}

static void record(struct ticket_flight *flight, enum tls_side from, uint32_t len)
{
    record_with(flight, from, len, (struct ticket_flight_hint){0});
}

static void two_records(struct ticket_flight *flight, uint32_t len)
{
    record(flight, TLS_SERVER, len);
    record(flight, TLS_SERVER, len);
}

static void tell(struct ticket_flight *flight, enum tls_side from, enum tls_event_kind kind)
{
    const struct tls_event event = {.kind = kind, .from = from};
    const struct ticket_flight_hint hint = {.cipher = AES_128_GCM};

    ticket_flight_after(flight, &event, &hint);
}

static void client_finishes(struct ticket_flight *flight)
{
    record_with(flight, TLS_CLIENT, FINISHED,
                (struct ticket_flight_hint){.is_client_finished = true});
}

/* EncryptedExtensions, Certificate, CertificateVerify and Finished in records of their own. */
static void server_flight(struct ticket_flight *flight)
{
    record(flight, TLS_SERVER, 27);
    record(flight, TLS_SERVER, 860);
    record(flight, TLS_SERVER, 281);
    record(flight, TLS_SERVER, FINISHED);
}

/* Both flights of the handshake. */
static struct ticket_flight finished(void)
{
    struct ticket_flight flight = {0};

    server_flight(&flight);
    client_finishes(&flight);
    return flight;
}

static struct ticket_flight finished_packed(void)
{
    struct ticket_flight flight = {0};

    record(&flight, TLS_SERVER, 2400);
    client_finishes(&flight);
    return flight;
}

static int count_of(const struct ticket_flight *flight, bool is_waited_out)
{
    struct ticket_flight_reading reading;

    ticket_flight_read(flight, is_waited_out, &reading);
    return reading.count;
}

static void assert_tells(const struct ticket_flight *flight, int count, int64_t record_bytes)
{
    struct ticket_flight_reading reading;

    ticket_flight_read(flight, false, &reading);
    assert_int_equal(reading.count, count);
    assert_int_equal(reading.record_bytes, record_bytes);
}

static void assert_unknown(const struct ticket_flight *flight)
{
    assert_int_equal(count_of(flight, true), TICKET_FLIGHT_NULL);
}

static void two_of_one_length_before_the_answer_are_two(void **state)
{
    struct ticket_flight flight = finished();

    (void)state;
    record(&flight, TLS_CLIENT, REQUEST);
    two_records(&flight, 250);
    assert_false(flight.is_over);
    record(&flight, TLS_SERVER, ANSWER);

    assert_true(flight.is_over);
    assert_tells(&flight, 2, 250);
}

/* nginx renews one ticket when it resumes; the client has asked already. */
static void one_that_may_be_the_answer_is_not_known(void **state)
{
    struct ticket_flight flight = finished();

    (void)state;
    record(&flight, TLS_CLIENT, REQUEST);
    record(&flight, TLS_SERVER, 282);
    record(&flight, TLS_SERVER, ANSWER);

    assert_unknown(&flight);
}

static void one_that_nobody_asked_for_is_one(void **state)
{
    struct ticket_flight flight = finished();

    (void)state;
    record(&flight, TLS_SERVER, 282);
    record(&flight, TLS_CLIENT, REQUEST);
    record(&flight, TLS_SERVER, ANSWER);

    assert_tells(&flight, 1, 282);
}

static void one_alone_is_waited_for_to_the_end(void **state)
{
    struct ticket_flight flight = finished();

    (void)state;
    record(&flight, TLS_SERVER, 282);

    assert_int_equal(count_of(&flight, false), TICKET_FLIGHT_NULL);
    assert_int_equal(count_of(&flight, true), 1);
}

/* A greeting, HTTP/2's SETTINGS; a flight of certificates. */
static void one_alone_must_look_like_a_ticket(void **state)
{
    const uint32_t lengths[] = {TICKET_FLIGHT_LONE_MIN_BYTES - 1, TICKET_FLIGHT_LONE_MAX_BYTES + 1};

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct ticket_flight flight = finished();
        record(&flight, TLS_SERVER, lengths[i]);
        assert_unknown(&flight);
    }
}

static void a_response_in_equal_records_is_not_known(void **state)
{
    struct ticket_flight flight = finished();

    (void)state;
    record(&flight, TLS_CLIENT, REQUEST);
    for (int i = 0; i < 9; i++) {
        record(&flight, TLS_SERVER, 1400);
    }
    assert_unknown(&flight);
}

/* rustls 0.21 sends four. */
static void four_that_nobody_asked_for_are_four(void **state)
{
    struct ticket_flight flight = finished();

    (void)state;
    for (int i = 0; i < 4; i++) {
        record(&flight, TLS_SERVER, 250);
    }
    assert_true(flight.is_over);
    assert_tells(&flight, 4, 250);
}

static void what_follows_something_else_is_not_looked_at(void **state)
{
    struct ticket_flight flight = finished();

    (void)state;
    record(&flight, TLS_SERVER, 16401);
    two_records(&flight, 250);

    assert_true(flight.is_over);
    assert_unknown(&flight);
}

static void records_that_no_ticket_fits_are_none(void **state)
{
    const uint32_t lengths[] = {0, TICKET_RECORD_MIN_BYTES - 1, TICKET_RECORD_MAX_BYTES + 1};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct ticket_flight flight = finished();
        two_records(&flight, lengths[i]);
        assert_unknown(&flight);
    }
}

/* GnuTLS and Go send tickets at once. */
static void tickets_may_come_before_the_clients_finished(void **state)
{
    struct ticket_flight flight = {0};

    (void)state;
    server_flight(&flight);
    two_records(&flight, 268);
    assert_unknown(&flight);
    client_finishes(&flight);
    record(&flight, TLS_CLIENT, REQUEST);
    record(&flight, TLS_SERVER, ANSWER);

    assert_tells(&flight, 2, 268);
}

/* RFC 8446, 4.4.4: a server may say something before it has the client's Finished. */
static void what_the_server_said_before_breaks_the_flight(void **state)
{
    struct ticket_flight flight = {0};

    (void)state;
    server_flight(&flight);
    record(&flight, TLS_SERVER, 40);
    client_finishes(&flight);
    two_records(&flight, 1400);
    record(&flight, TLS_SERVER, 90);

    assert_unknown(&flight);
}

/* EncryptedExtensions may be as long as a Finished. */
static void the_latest_of_its_length_is_the_finished(void **state)
{
    struct ticket_flight flight = {0};

    (void)state;
    record(&flight, TLS_SERVER, FINISHED);
    record(&flight, TLS_SERVER, 860);
    record(&flight, TLS_SERVER, 281);
    record(&flight, TLS_SERVER, FINISHED);
    client_finishes(&flight);
    two_records(&flight, 250);

    assert_tells(&flight, 2, 250);
}

/* BoringSSL's: 1 content type, 16 tag, and twice 4 + 4 + 4 + 1 + 1 + 2 + 192 + 2 + 4 = 214 bytes
 * with a reserved extension: 445. One of them would have a record of 214 + 17. */
static void two_tickets_in_one_record_of_a_server_that_packs(void **state)
{
    struct ticket_flight flight = finished_packed();

    (void)state;
    record(&flight, TLS_SERVER, 445);
    record(&flight, TLS_CLIENT, REQUEST);
    record(&flight, TLS_SERVER, ANSWER);

    assert_tells(&flight, 2, 231);
    assert_true(ticket_estimate_fits(231, 192));
}

/* 172 - 17 = 155, 174 - 17 = 157 and 446 - 17 = 429 have no halves. Half of 173 - 17 has 78 bytes,
 * its ticket 78 - 25 = 53: too few for one that holds the session. */
static void a_server_that_packs_may_send_one(void **state)
{
    const uint32_t lengths[] = {172, 173, 174, 446};

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct ticket_flight flight = finished_packed();
        record(&flight, TLS_SERVER, lengths[i]);
        tell(&flight, TLS_SERVER, TLS_FIN);
        assert_tells(&flight, 1, lengths[i]);
    }
}

/* Of a server that packs they may lie in the flight, behind its Finished. */
static void none_is_certain_when_the_server_ends_without_a_word(void **state)
{
    struct ticket_flight flight = finished();
    struct ticket_flight packed = finished_packed();

    (void)state;
    tell(&packed, TLS_SERVER, TLS_FIN);
    assert_unknown(&packed);
    assert_unknown(&flight);
    record(&flight, TLS_SERVER, ALERT);
    assert_unknown(&flight);
    tell(&flight, TLS_SERVER, TLS_FIN);

    assert_int_equal(count_of(&flight, false), 0);
}

static void an_end_by_the_client_or_a_reset_tells_nothing(void **state)
{
    struct ticket_flight left = finished();
    struct ticket_flight broken = finished();

    (void)state;
    tell(&left, TLS_CLIENT, TLS_FIN);
    tell(&broken, TLS_SERVER, TLS_RESET);

    assert_true(left.is_over && broken.is_over);
    assert_unknown(&left);
    assert_unknown(&broken);
}

static void lost_bytes_of_the_server_spoil_it(void **state)
{
    struct ticket_flight before = {0};
    struct ticket_flight behind = finished();

    (void)state;
    tell(&before, TLS_SERVER, TLS_GAP);
    server_flight(&before);
    client_finishes(&before);
    record(&behind, TLS_SERVER, 250);
    tell(&behind, TLS_SERVER, TLS_GAP);
    record(&before, TLS_SERVER, 250);
    record(&behind, TLS_SERVER, 250);
    record(&before, TLS_SERVER, 250);

    assert_unknown(&before);
    assert_unknown(&behind);
}

static void lost_bytes_of_the_client_may_be_a_request(void **state)
{
    struct ticket_flight one = finished();
    struct ticket_flight two = finished();

    (void)state;
    tell(&one, TLS_CLIENT, TLS_GAP);
    tell(&two, TLS_CLIENT, TLS_GAP);
    record(&one, TLS_SERVER, 250);
    two_records(&two, 250);

    assert_unknown(&one);
    assert_tells(&two, 2, 250);
}

static void tell_early(struct ticket_flight *flight, enum tls_side from, uint32_t len, bool is_last)
{
    record_with(
        flight, from, len,
        (struct ticket_flight_hint){.is_early_data_wanted = true, .is_client_finished = is_last});
}

/* The answer to early data may be under way when the client's Finished passes. */
static void an_answer_to_early_data_is_not_a_ticket(void **state)
{
    struct ticket_flight flight = {0};

    (void)state;
    tell_early(&flight, TLS_SERVER, 31, false);
    tell_early(&flight, TLS_SERVER, FINISHED, false);
    tell_early(&flight, TLS_SERVER, 1400, false);
    tell_early(&flight, TLS_CLIENT, FINISHED, true);
    tell_early(&flight, TLS_SERVER, 1400, false);
    tell_early(&flight, TLS_SERVER, 90, false);

    assert_unknown(&flight);
}

static void early_data_that_waits_for_its_answer_hides_none(void **state)
{
    struct ticket_flight flight = {0};

    (void)state;
    tell_early(&flight, TLS_SERVER, 31, false);
    tell_early(&flight, TLS_SERVER, FINISHED, false);
    tell_early(&flight, TLS_CLIENT, FINISHED, true);
    tell_early(&flight, TLS_SERVER, 290, false);
    tell_early(&flight, TLS_SERVER, 290, false);
    tell_early(&flight, TLS_SERVER, 165, false);

    assert_tells(&flight, 2, 290);
}

/* RFC 6655: a tag of 8 bytes. Finished 45, and the ticket of OpenSSL above 242. */
static void a_short_tag_is_counted_as_a_long_one(void **state)
{
    const struct ticket_flight_hint hint = {.cipher = AES_128_CCM_8};
    const struct ticket_flight_hint last = {.cipher = AES_128_CCM_8, .is_client_finished = true};
    struct ticket_flight flight = {0};

    (void)state;
    record_with(&flight, TLS_SERVER, 45, hint);
    record_with(&flight, TLS_CLIENT, 45, last);
    record_with(&flight, TLS_SERVER, 242, hint);
    record_with(&flight, TLS_SERVER, 242, hint);

    assert_tells(&flight, 2, 250);
}

/* A draft's records do not say what they are; nor do alerts lead to tickets. */
static void other_records_of_the_server_spoil_it(void **state)
{
    const enum tls_event_kind kinds[] = {TLS_ENCRYPTED_HANDSHAKE, TLS_ALERT, TLS_ENCRYPTED_ALERT,
                                         TLS_HEARTBEAT, TLS_NOT_TLS};

    (void)state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct ticket_flight flight = finished();
        two_records(&flight, 250);
        tell(&flight, TLS_SERVER, kinds[i]);
        assert_unknown(&flight);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_of_one_length_before_the_answer_are_two),
        cmocka_unit_test(one_that_may_be_the_answer_is_not_known),
        cmocka_unit_test(one_that_nobody_asked_for_is_one),
        cmocka_unit_test(one_alone_is_waited_for_to_the_end),
        cmocka_unit_test(one_alone_must_look_like_a_ticket),
        cmocka_unit_test(a_response_in_equal_records_is_not_known),
        cmocka_unit_test(four_that_nobody_asked_for_are_four),
        cmocka_unit_test(what_follows_something_else_is_not_looked_at),
        cmocka_unit_test(records_that_no_ticket_fits_are_none),
        cmocka_unit_test(tickets_may_come_before_the_clients_finished),
        cmocka_unit_test(what_the_server_said_before_breaks_the_flight),
        cmocka_unit_test(the_latest_of_its_length_is_the_finished),
        cmocka_unit_test(two_tickets_in_one_record_of_a_server_that_packs),
        cmocka_unit_test(a_server_that_packs_may_send_one),
        cmocka_unit_test(none_is_certain_when_the_server_ends_without_a_word),
        cmocka_unit_test(an_end_by_the_client_or_a_reset_tells_nothing),
        cmocka_unit_test(lost_bytes_of_the_server_spoil_it),
        cmocka_unit_test(lost_bytes_of_the_client_may_be_a_request),
        cmocka_unit_test(an_answer_to_early_data_is_not_a_ticket),
        cmocka_unit_test(early_data_that_waits_for_its_answer_hides_none),
        cmocka_unit_test(a_short_tag_is_counted_as_a_long_one),
        cmocka_unit_test(other_records_of_the_server_spoil_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
