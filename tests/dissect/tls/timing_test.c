/* Flights written by hand, at a monitor in the middle: 20 ms to the client and back, 30 ms to the
 * server and back. Times are milliseconds as the monitor sees them. */
#include "dissect/tls/timing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

static const struct timing_path middle = {0, 20 * MS, 30 * MS};

static const struct timing_hint plain = {false, false, false};
static const struct timing_hint tls13 = {true, false, false};
static const struct timing_hint tls13_finished = {true, true, false};
static const struct timing_hint early = {true, false, true};

struct step {
    int64_t ms;
    enum tls_side from;
    enum tls_event_kind kind;
    const struct timing_hint *hint;
    uint32_t stream_bytes;
};

static void play(struct timing *timing, const struct step *steps, size_t count)
{
    timing_init(timing);
    for (size_t i = 0; i < count; i++) {
        const struct tls_event event = {.kind = steps[i].kind,
                                        .from = steps[i].from,
                                        .start_ns = steps[i].ms * MS,
                                        .time_ns = steps[i].ms * MS,
                                        .record_len = 95,
                                        .stream_bytes = steps[i].stream_bytes};
        timing_after(timing, &event, steps[i].hint);
    }
}

#define PLAY(timing, steps) play(timing, steps, sizeof(steps) / sizeof((steps)[0]))

static struct timing_reading read_in_the_middle(const struct timing *timing, bool early_accepted)
{
    struct timing_reading reading;

    timing_read(timing, &middle, early_accepted, &reading);
    return reading;
}

/* SYN at 0, ClientHello at 50 (one round trip later); the server thinks for 2 ms. */
static const struct step full_12[] = {
    {50, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 200},
    {82, TLS_SERVER, TLS_SERVER_HELLO, &plain, 90},
    {82, TLS_SERVER, TLS_CERTIFICATE, &plain, 1200},
    {82, TLS_SERVER, TLS_SERVER_HELLO_DONE, &plain, 1600},
    {102, TLS_CLIENT, TLS_CLIENT_KEY_EXCHANGE, &plain, 275},
    {102, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC, &plain, 281},
    {102, TLS_CLIENT, TLS_ENCRYPTED_HANDSHAKE, &plain, 326},
    {132, TLS_SERVER, TLS_NEW_SESSION_TICKET, &plain, 1830},
    {132, TLS_SERVER, TLS_CHANGE_CIPHER_SPEC, &plain, 1836},
    {132, TLS_SERVER, TLS_ENCRYPTED_HANDSHAKE, &plain, 1881},
    {152, TLS_CLIENT, TLS_APPLICATION_DATA, &plain, 900},
};

static void full_tls12_is_two_round_trips_and_ends_where_the_client_hears_of_it(void **state)
{
    (void)state;
    struct timing timing;
    PLAY(&timing, full_12);
    const struct timing_reading reading = read_in_the_middle(&timing, false);
    assert_int_equal(reading.rtts_tls, 2);
    assert_int_equal(reading.handshake_ns, (132 - 50 + 20) * MS);
    assert_int_equal(reading.setup_ns, (132 + 20) * MS);
    assert_int_equal(reading.server_think_ns, 2 * MS);
    assert_int_equal(reading.bytes_client, 326);
    assert_int_equal(reading.bytes_server, 1881);
    assert_int_equal(reading.rtts_stalled, 0);
}

static void abbreviated_tls12_is_one_round_trip_and_ends_with_the_clients_finished(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {50, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 400},
        {80, TLS_SERVER, TLS_SERVER_HELLO, &plain, 90},
        {80, TLS_SERVER, TLS_CHANGE_CIPHER_SPEC, &plain, 96},
        {80, TLS_SERVER, TLS_ENCRYPTED_HANDSHAKE, &plain, 141},
        {100, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC, &plain, 406},
        {100, TLS_CLIENT, TLS_ENCRYPTED_HANDSHAKE, &plain, 451},
        {100, TLS_CLIENT, TLS_APPLICATION_DATA, &plain, 900},
    };
    struct timing timing;
    PLAY(&timing, steps);
    const struct timing_reading reading = read_in_the_middle(&timing, false);
    assert_int_equal(reading.rtts_tls, 1);
    assert_int_equal(reading.handshake_ns, 50 * MS);
    assert_int_equal(reading.setup_ns, 100 * MS);
    assert_int_equal(reading.bytes_client, 451);
    assert_int_equal(reading.bytes_server, 141);
}

static void false_start_is_one_round_trip_and_ends_with_the_clients_finished(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {50, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 200},
        {80, TLS_SERVER, TLS_SERVER_HELLO, &plain, 90},
        {80, TLS_SERVER, TLS_SERVER_HELLO_DONE, &plain, 1600},
        {100, TLS_CLIENT, TLS_CLIENT_KEY_EXCHANGE, &plain, 275},
        {100, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC, &plain, 281},
        {100, TLS_CLIENT, TLS_ENCRYPTED_HANDSHAKE, &plain, 326},
        {101, TLS_CLIENT, TLS_APPLICATION_DATA, &plain, 800},
        {130, TLS_SERVER, TLS_CHANGE_CIPHER_SPEC, &plain, 1606},
        {130, TLS_SERVER, TLS_ENCRYPTED_HANDSHAKE, &plain, 1651},
    };
    struct timing timing;
    PLAY(&timing, steps);
    const struct timing_reading reading = read_in_the_middle(&timing, false);
    assert_int_equal(reading.rtts_tls, 1);
    assert_int_equal(reading.handshake_ns, 50 * MS);
    assert_int_equal(reading.bytes_client, 326);
    assert_int_equal(reading.bytes_server, 1600);
}

static const struct step tls13_steps[] = {
    {50, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 300},
    {81, TLS_SERVER, TLS_SERVER_HELLO, &tls13, 130},
    {81, TLS_SERVER, TLS_CHANGE_CIPHER_SPEC, &tls13, 136},
    {81, TLS_SERVER, TLS_APPLICATION_DATA, &tls13, 1300},
    {101, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC, &tls13, 306},
    {101, TLS_CLIENT, TLS_APPLICATION_DATA, &tls13_finished, 364},
    {101, TLS_CLIENT, TLS_APPLICATION_DATA, &tls13, 600},
};

static void tls13_is_one_round_trip(void **state)
{
    (void)state;
    struct timing timing;
    PLAY(&timing, tls13_steps);
    const struct timing_reading reading = read_in_the_middle(&timing, false);
    assert_int_equal(reading.rtts_tls, 1);
    assert_int_equal(reading.handshake_ns, 51 * MS);
    assert_int_equal(reading.setup_ns, 101 * MS);
    assert_int_equal(reading.server_think_ns, 1 * MS);
    assert_int_equal(reading.bytes_client, 364);
    assert_int_equal(reading.bytes_server, 1300);
}

static void a_dummy_change_cipher_spec_is_no_flight(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {50, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 300},
        {80, TLS_SERVER, TLS_SERVER_HELLO, &tls13, 130},
        {100, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC, &tls13, 306},
        {130, TLS_SERVER, TLS_APPLICATION_DATA, &tls13, 9000},
        {150, TLS_CLIENT, TLS_APPLICATION_DATA, &tls13_finished, 364},
    };
    struct timing timing;
    PLAY(&timing, steps);
    assert_int_equal(read_in_the_middle(&timing, false).rtts_tls, 1);
}

static void a_hello_retry_request_costs_one_more_round_trip(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {50, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 300},
        {80, TLS_SERVER, TLS_HELLO_RETRY_REQUEST, &plain, 99},
        {80, TLS_SERVER, TLS_CHANGE_CIPHER_SPEC, &plain, 105},
        {100, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC, &plain, 306},
        {100, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 700},
        {133, TLS_SERVER, TLS_SERVER_HELLO, &tls13, 300},
        {133, TLS_SERVER, TLS_APPLICATION_DATA, &tls13, 1300},
        {153, TLS_CLIENT, TLS_APPLICATION_DATA, &tls13_finished, 764},
    };
    struct timing timing;
    PLAY(&timing, steps);
    const struct timing_reading reading = read_in_the_middle(&timing, false);
    assert_int_equal(reading.rtts_tls, 2);
    assert_int_equal(reading.handshake_ns, 103 * MS);  /* from the first hello */
    assert_int_equal(reading.server_think_ns, 3 * MS); /* from the second */
}

static void accepted_early_data_waits_for_nothing(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {50, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 500},
        {50, TLS_CLIENT, TLS_APPLICATION_DATA, &early, 600},
        {80, TLS_SERVER, TLS_SERVER_HELLO, &tls13, 130},
        {80, TLS_SERVER, TLS_APPLICATION_DATA, &tls13, 300},
        {100, TLS_CLIENT, TLS_APPLICATION_DATA, &early, 700},
        {100, TLS_CLIENT, TLS_APPLICATION_DATA, &tls13_finished, 774},
    };
    struct timing timing;
    PLAY(&timing, steps);
    const struct timing_reading accepted = read_in_the_middle(&timing, true);
    assert_int_equal(accepted.rtts_tls, 0);
    assert_int_equal(accepted.handshake_ns, 0);
    assert_int_equal(accepted.setup_ns, 50 * MS);
    assert_int_equal(accepted.bytes_client, 574); /* without two records of 100 */
    const struct timing_reading refused = read_in_the_middle(&timing, false);
    assert_int_equal(refused.rtts_tls, 1);
    assert_int_equal(refused.handshake_ns, 50 * MS);
}

/* The same handshake at the client and at the server. */
static void the_place_of_the_monitor_changes_nothing_the_client_lives(void **state)
{
    (void)state;
    static const struct {
        int64_t client_shift_ms; /* when the monitor sees what the client sends */
        int64_t server_shift_ms; /* ... what the client will receive, before it does */
        struct timing_path path;
    } places[] = {
        {0, 0, {0, 0, 50 * MS}},
        {10, 10, {10 * MS, 20 * MS, 30 * MS}},
        {25, 25, {25 * MS, 50 * MS, 0}},
    };
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        const int64_t up = places[i].client_shift_ms;
        const int64_t down = places[i].server_shift_ms;
        const struct step steps[] = {
            {50 + up, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 200},
            {100 - down, TLS_SERVER, TLS_SERVER_HELLO, &plain, 90},
            {100 - down, TLS_SERVER, TLS_SERVER_HELLO_DONE, &plain, 1600},
            {100 + up, TLS_CLIENT, TLS_CLIENT_KEY_EXCHANGE, &plain, 275},
            {100 + up, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC, &plain, 281},
            {100 + up, TLS_CLIENT, TLS_ENCRYPTED_HANDSHAKE, &plain, 326},
            {150 - down, TLS_SERVER, TLS_CHANGE_CIPHER_SPEC, &plain, 1836},
            {150 - down, TLS_SERVER, TLS_ENCRYPTED_HANDSHAKE, &plain, 1881},
        };
        struct timing timing;
        struct timing_reading reading;
        PLAY(&timing, steps);
        timing_read(&timing, &places[i].path, false, &reading);
        assert_int_equal(reading.rtts_tls, 2);
        assert_int_equal(reading.handshake_ns, 100 * MS);
        assert_int_equal(reading.setup_ns, 150 * MS);
        assert_int_equal(reading.server_think_ns, 0);
    }
}

static void without_the_clients_round_trip_an_end_by_the_server_is_unknown(void **state)
{
    (void)state;
    static const struct timing_path blind = {TIMING_NONE, TIMING_NONE, TIMING_NONE};
    struct timing timing;
    struct timing_reading reading;
    PLAY(&timing, full_12);
    timing_read(&timing, &blind, false, &reading);
    assert_int_equal(reading.rtts_tls, 2);
    assert_true(reading.handshake_ns == TIMING_NONE);
    assert_true(reading.setup_ns == TIMING_NONE);
    assert_true(reading.server_think_ns == TIMING_NONE);
}

static void lost_bytes_leave_no_figures(void **state)
{
    (void)state;
    static const struct step gap = {81, TLS_SERVER, TLS_GAP, &plain, 0};
    struct step steps[sizeof(full_12) / sizeof(full_12[0])];
    struct timing timing;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        steps[i] = i == 2 ? gap : full_12[i];
    }
    PLAY(&timing, steps);
    const struct timing_reading reading = read_in_the_middle(&timing, false);
    assert_int_equal(reading.rtts_tls, -1);
    assert_int_equal(reading.rtts_stalled, -1);
    assert_true(reading.handshake_ns == TIMING_NONE);
    assert_true(reading.bytes_client == TIMING_NONE);
}

static void a_capture_of_the_client_only_leaves_no_figures(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {50, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 200},
        {100, TLS_CLIENT, TLS_CLIENT_KEY_EXCHANGE, &plain, 275},
        {100, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC, &plain, 281},
        {100, TLS_CLIENT, TLS_ENCRYPTED_HANDSHAKE, &plain, 326},
        {150, TLS_CLIENT, TLS_APPLICATION_DATA, &plain, 800},
    };
    struct timing timing;
    PLAY(&timing, steps);
    const struct timing_reading reading = read_in_the_middle(&timing, false);
    assert_int_equal(reading.rtts_tls, -1);
    assert_true(reading.handshake_ns == TIMING_NONE);
}

static void every_unfinished_beginning_leaves_no_figures(void **state)
{
    (void)state;
    for (size_t count = 0; count + 1 < sizeof(full_12) / sizeof(full_12[0]); count++) {
        struct timing timing;
        play(&timing, full_12, count);
        const struct timing_reading reading = read_in_the_middle(&timing, false);
        assert_int_equal(reading.rtts_tls, -1);
        assert_true(reading.handshake_ns == TIMING_NONE);
    }
}

/* With 50 ms to wait for a round trip, 30 of them to the server and back; the client acknowledged
 * the flight's first bytes at 100 ms. */
static void arrive(struct timing *timing, int64_t ms, uint32_t len, bool was_retransmitted)
{
    const struct timing_arrival arrival = {.time_ns = ms * MS,
                                           .client_ack_ns = 100 * MS,
                                           .rtt_ns = 50 * MS,
                                           .rtt_server_ns = 30 * MS,
                                           .len = len,
                                           .was_retransmitted = was_retransmitted};

    timing_server_bytes(timing, &arrival);
}

static void start_server_flight(struct timing *timing)
{
    static const struct step steps[] = {
        {50, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 200},
        {80, TLS_SERVER, TLS_SERVER_HELLO, &plain, 90},
    };
    timing_init(timing);
    play(timing, steps, 1);
    arrive(timing, 80, 1460, false);
    const struct tls_event event = {
        .kind = TLS_SERVER_HELLO, .from = TLS_SERVER, .start_ns = 80 * MS, .time_ns = 80 * MS};
    timing_after(timing, &event, &plain);
}

static void a_flight_that_fills_its_window_and_pauses_a_round_trip_is_stalled(void **state)
{
    (void)state;
    struct timing timing;
    start_server_flight(&timing);
    for (int i = 0; i < 9; i++) {
        arrive(&timing, 80, 1460, false);
    }
    assert_int_equal(timing.stalls, 0);
    arrive(&timing, 130, 1460, false);
    assert_int_equal(timing.stalls, 1);
    arrive(&timing, 131, 1460, false);
    assert_int_equal(timing.stalls, 1);
}

static void a_small_flight_that_pauses_is_a_server_that_thinks(void **state)
{
    (void)state;
    struct timing timing;
    start_server_flight(&timing);
    arrive(&timing, 180, 1460, false);
    assert_int_equal(timing.stalls, 0);
}

static void a_small_flight_that_goes_on_with_the_acknowledgement_was_held_back(void **state)
{
    (void)state;
    struct timing timing;
    start_server_flight(&timing);
    arrive(&timing, 131, 300, false);
    assert_int_equal(timing.stalls, 1);
}

static void a_retransmission_inside_a_flight_is_one_stall_however_long(void **state)
{
    (void)state;
    struct timing timing;
    start_server_flight(&timing);
    arrive(&timing, 380, 1460, true);
    assert_int_equal(timing.stalls, 1);
}

static void a_pause_between_two_flights_is_no_stall(void **state)
{
    (void)state;
    struct timing timing;
    start_server_flight(&timing);
    for (int i = 0; i < 9; i++) {
        arrive(&timing, 80, 1460, false);
    }
    const struct tls_event key_exchange = {.kind = TLS_CLIENT_KEY_EXCHANGE,
                                           .from = TLS_CLIENT,
                                           .start_ns = 100 * MS,
                                           .time_ns = 100 * MS};
    timing_after(&timing, &key_exchange, &plain);
    arrive(&timing, 130, 51, false);
    assert_int_equal(timing.stalls, 0);
}

static void time_that_goes_back_is_noticed_and_never_negative(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {50, TLS_CLIENT, TLS_CLIENT_HELLO, &plain, 300},
        {30, TLS_SERVER, TLS_SERVER_HELLO, &tls13, 130},
        {40, TLS_CLIENT, TLS_APPLICATION_DATA, &tls13_finished, 364},
    };
    struct timing timing;
    PLAY(&timing, steps);
    assert_true(timing.went_back);
    assert_true(read_in_the_middle(&timing, false).handshake_ns == TIMING_NONE);
    assert_true(read_in_the_middle(&timing, false).server_think_ns >= 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(full_tls12_is_two_round_trips_and_ends_where_the_client_hears_of_it),
    cmocka_unit_test(abbreviated_tls12_is_one_round_trip_and_ends_with_the_clients_finished),
    cmocka_unit_test(false_start_is_one_round_trip_and_ends_with_the_clients_finished),
    cmocka_unit_test(tls13_is_one_round_trip),
    cmocka_unit_test(a_dummy_change_cipher_spec_is_no_flight),
    cmocka_unit_test(a_hello_retry_request_costs_one_more_round_trip),
    cmocka_unit_test(accepted_early_data_waits_for_nothing),
    cmocka_unit_test(the_place_of_the_monitor_changes_nothing_the_client_lives),
    cmocka_unit_test(without_the_clients_round_trip_an_end_by_the_server_is_unknown),
    cmocka_unit_test(lost_bytes_leave_no_figures),
    cmocka_unit_test(a_capture_of_the_client_only_leaves_no_figures),
    cmocka_unit_test(every_unfinished_beginning_leaves_no_figures),
    cmocka_unit_test(a_flight_that_fills_its_window_and_pauses_a_round_trip_is_stalled),
    cmocka_unit_test(a_small_flight_that_pauses_is_a_server_that_thinks),
    cmocka_unit_test(a_small_flight_that_goes_on_with_the_acknowledgement_was_held_back),
    cmocka_unit_test(a_retransmission_inside_a_flight_is_one_stall_however_long),
    cmocka_unit_test(a_pause_between_two_flights_is_no_stall),
    cmocka_unit_test(time_that_goes_back_is_noticed_and_never_negative),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
