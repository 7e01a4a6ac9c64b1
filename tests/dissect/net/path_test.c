#include "dissect/net/path.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <string.h>

enum { CLIENT, SERVER };
enum { MS = 1000 * 1000 };
enum { CLIENT_ISN = 1000, SERVER_ISN = 5000 };

/* One row of a conversation, as the monitor sees it. */
struct step {
    int64_t at_ms;
    unsigned from;
    uint8_t flags;
    uint32_t sequence;
    uint32_t acknowledgement;
    uint32_t payload_len;
};

static struct path fold(const struct step *steps, size_t count)
{
    struct path path;

    path_init(&path);
    for (size_t i = 0; i < count; i++) {
        const struct segment segment = {
            .time_ns = steps[i].at_ms * MS,
            .sequence = steps[i].sequence,
            .acknowledgement = steps[i].acknowledgement,
            .flags = steps[i].flags,
            .payload_len = steps[i].payload_len,
        };
        path_add(&path, &segment, steps[i].from);
    }
    return path;
}

#define FOLD(steps) fold(steps, sizeof(steps) / sizeof((steps)[0]))

static void nothing_seen_gives_no_time(void **state)
{
    (void)state;
    struct path path;

    path_init(&path);
    assert_true(path_rtt_to(&path, CLIENT) == PATH_NONE);
    assert_true(path_rtt_to(&path, SERVER) == PATH_NONE);
}

/* 10 ms from client to server and as much back; the monitor stands `share` ms from the client. */
static void check_vantage_point(int64_t share)
{
    const struct step steps[] = {
        {share, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {20 - share, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {20 + share, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path_rtt_to(&path, CLIENT), 2 * share * MS);
    assert_int_equal(path_rtt_to(&path, SERVER), (20 - 2 * share) * MS);
    assert_false(path.opening.fast_open);
    assert_true(path.opening.has_initiator);
    assert_int_equal(path.opening.initiator, CLIENT);
}

static void the_handshake_is_split_at_the_monitor(void **state)
{
    (void)state;
    check_vantage_point(0);  /* on the client */
    check_vantage_point(4);  /* in between */
    check_vantage_point(10); /* on the server */
}

static void a_repeated_syn_is_no_sample(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {1000, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {1020, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {1025, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_true(path.opening.syn_repeated);
    assert_true(path_rtt_to(&path, SERVER) == PATH_NONE);
    assert_int_equal(path_rtt_to(&path, CLIENT), 5 * MS);
}

static void data_stands_in_for_a_repeated_syn(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {1000, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {1020, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {1025, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 0},
        {1026, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 200},
        {1047, SERVER, TCP_ACK, SERVER_ISN + 1, CLIENT_ISN + 201, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path_rtt_to(&path, SERVER), 21 * MS);
    assert_int_equal(path_rtt_to(&path, CLIENT), 5 * MS);
}

static void a_repeated_syn_ack_is_no_sample(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {1020, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {1025, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_true(path.opening.syn_ack_repeated);
    assert_int_equal(path_rtt_to(&path, SERVER), 20 * MS);
    assert_true(path_rtt_to(&path, CLIENT) == PATH_NONE);
}

static void a_repetition_after_the_answer_spoils_nothing(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {21, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {25, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 0},
        {90, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path_rtt_to(&path, SERVER), 20 * MS);
    assert_int_equal(path_rtt_to(&path, CLIENT), 5 * MS);
}

/* A mirror port that copies frames on their way in and on their way out. */
static void packets_mirrored_twice_are_no_repetitions(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {25, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 0},
        {25, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 0},
        {30, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 10},
        {30, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 10},
        {49, SERVER, TCP_ACK, SERVER_ISN + 1, CLIENT_ISN + 11, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path_rtt_to(&path, SERVER), 20 * MS);
    assert_int_equal(path_rtt_to(&path, CLIENT), 5 * MS);
    assert_int_equal(path.smallest_ack_ns[CLIENT], 19 * MS);
}

static void an_accepted_fast_open_is_told(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 300},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 301, 0},
        {24, CLIENT, TCP_ACK, CLIENT_ISN + 301, SERVER_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_true(path.opening.fast_open);
    assert_int_equal(path_rtt_to(&path, SERVER), 20 * MS);
    assert_int_equal(path_rtt_to(&path, CLIENT), 4 * MS);
}

static void a_refused_fast_open_is_an_ordinary_handshake(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 300},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {24, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 300},
    };
    const struct path path = FOLD(steps);

    assert_false(path.opening.fast_open);
    assert_int_equal(path_rtt_to(&path, SERVER), 20 * MS);
    assert_int_equal(path_rtt_to(&path, CLIENT), 4 * MS);
}

static void a_fast_open_cookie_request_is_no_fast_open(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, UINT32_MAX, 0, 0},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, 0, 0},
    };

    assert_false(FOLD(steps).opening.fast_open);
}

static void a_syn_ack_for_another_syn_is_ignored(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {1, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN - 77, 0},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path_rtt_to(&path, SERVER), 20 * MS);
}

static void another_syn_before_the_answer_begins_anew(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, 77, 0, 0},
        {500, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {520, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path_rtt_to(&path, SERVER), 20 * MS);
    assert_false(path.opening.syn_repeated);
}

static void a_syn_alone_gives_no_time(void **state)
{
    (void)state;
    const struct step steps[] = {{0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0}};
    const struct path path = FOLD(steps);

    assert_true(path_rtt_to(&path, CLIENT) == PATH_NONE);
    assert_true(path_rtt_to(&path, SERVER) == PATH_NONE);
    assert_int_equal(path.opening.initiator, CLIENT);
}

static void a_syn_ack_without_its_syn_still_times_the_client(void **state)
{
    (void)state;
    const struct step steps[] = {
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {26, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path.opening.initiator, CLIENT);
    assert_int_equal(path_rtt_to(&path, CLIENT), 6 * MS);
    assert_true(path_rtt_to(&path, SERVER) == PATH_NONE);
    assert_false(path.opening.fast_open);
}

/* The ACK of the handshake was lost to the capture: the next one covers data and is later. */
static void an_ack_that_covers_data_does_not_end_the_handshake(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {900, SERVER, TCP_ACK, SERVER_ISN + 1, CLIENT_ISN + 1, 50},
        {907, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 51, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path_rtt_to(&path, CLIENT), 7 * MS);
}

static void in_the_middle_the_smallest_time_from_data_to_ack_counts(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_ACK, 100, 900, 50},  {30, SERVER, TCP_ACK, 900, 150, 80},
        {33, CLIENT, TCP_ACK, 150, 980, 0},  {40, CLIENT, TCP_ACK, 150, 980, 50},
        {65, SERVER, TCP_ACK, 980, 200, 0},  {70, SERVER, TCP_ACK, 980, 200, 10},
        {112, CLIENT, TCP_ACK, 200, 990, 0}, {120, CLIENT, TCP_ACK, 200, 990, 1},
        {170, SERVER, TCP_ACK, 990, 201, 0},
    };
    const struct path path = FOLD(steps);

    assert_false(path.opening.has_initiator);
    assert_int_equal(path_rtt_to(&path, SERVER), 25 * MS);
    assert_int_equal(path_rtt_to(&path, CLIENT), 3 * MS);
}

static void an_ack_below_the_timed_data_is_no_sample(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_ACK, 100, 900, 50},
        {5, SERVER, TCP_ACK, 900, 149, 0},
        {31, SERVER, TCP_ACK, 900, 150, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path_rtt_to(&path, SERVER), 31 * MS);
}

static void data_sent_again_is_no_sample(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_ACK, UINT32_MAX - 9, 900, 50},
        {300, CLIENT, TCP_ACK, UINT32_MAX - 9, 900, 50},
        {301, SERVER, TCP_ACK, 900, 40, 0},
    };
    struct path path = FOLD(steps);
    assert_true(path_rtt_to(&path, SERVER) == PATH_NONE);

    const struct step later[] = {
        {0, CLIENT, TCP_ACK, UINT32_MAX - 9, 900, 50},
        {300, CLIENT, TCP_ACK, UINT32_MAX - 9, 900, 50},
        {301, SERVER, TCP_ACK, 900, 40, 0},
        {400, CLIENT, TCP_ACK, 40, 900, 50},
        {425, SERVER, TCP_ACK, 900, 90, 0},
    };
    path = FOLD(later);
    assert_int_equal(path_rtt_to(&path, SERVER), 25 * MS);
}

static void times_are_never_negative(void **state)
{
    (void)state;
    const struct step steps[] = {
        {50, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {10, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 9},
        {5, SERVER, TCP_ACK, SERVER_ISN + 1, CLIENT_ISN + 10, 0},
    };
    const struct path path = FOLD(steps);

    assert_true(path_rtt_to(&path, CLIENT) == PATH_NONE);
    assert_true(path_rtt_to(&path, SERVER) == PATH_NONE);
}

static void a_syn_ack_from_the_initiator_is_no_answer(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0}, /* both open at once */
        {3, SERVER, TCP_SYN, SERVER_ISN, 0, 0},
        {4, CLIENT, TCP_SYN | TCP_ACK, CLIENT_ISN, SERVER_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path.opening.initiator, CLIENT);
    assert_true(path_rtt_to(&path, CLIENT) == PATH_NONE);
    assert_true(path_rtt_to(&path, SERVER) == PATH_NONE);
}

static void a_reset_is_no_answer(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {24, CLIENT, TCP_RST | TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_true(path_rtt_to(&path, CLIENT) == PATH_NONE);
}

static void the_syn_that_is_answered_counts(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {5, CLIENT, TCP_SYN, CLIENT_ISN + 777, 0, 0},
        {20, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
    };
    const struct path path = FOLD(steps);

    assert_int_equal(path.opening.syn_sequence, CLIENT_ISN);
    assert_true(path_rtt_to(&path, SERVER) == (int64_t)20 * MS);
}

static void the_syn_ack_that_the_client_acknowledges_counts(void **state)
{
    (void)state;
    const struct step steps[] = {
        {0, CLIENT, TCP_SYN, CLIENT_ISN, 0, 0},
        {10, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN, CLIENT_ISN + 1, 0},
        {11, SERVER, TCP_SYN | TCP_ACK, SERVER_ISN + 777, CLIENT_ISN + 1, 0},
        {20, CLIENT, TCP_ACK, CLIENT_ISN + 1, SERVER_ISN + 1, 0},
    };
    const struct path first = FOLD(steps);
    struct step other[sizeof(steps) / sizeof(steps[0])];

    assert_int_equal(first.opening.syn_ack_sequence, SERVER_ISN);
    memcpy(other, steps, sizeof(steps));
    other[3].acknowledgement = SERVER_ISN + 778;
    const struct path second = FOLD(other);
    assert_int_equal(second.opening.syn_ack_sequence, SERVER_ISN + 777);
    assert_true(path_rtt_to(&second, CLIENT) == PATH_NONE);
}

static void what_is_known_from_before_stands_until_less_is_seen(void **state)
{
    (void)state;
    const int64_t known_ns[2] = {[CLIENT] = INT64_C(30) * MS, [SERVER] = PATH_NONE};
    const struct segment data = {.time_ns = INT64_C(100) * MS, .sequence = 1, .payload_len = 9};
    const struct segment ack = {.time_ns = 120000000, .flags = TCP_ACK, .acknowledgement = 10};
    struct path path;

    path_init_known(&path, known_ns);
    assert_true(path.opening.syn_ns == PATH_NONE);
    assert_int_equal(path_rtt_to(&path, CLIENT), 30 * MS);
    assert_true(path_rtt_to(&path, SERVER) == PATH_NONE);
    path_add(&path, &data, SERVER);
    path_add(&path, &ack, CLIENT);
    assert_int_equal(path_rtt_to(&path, CLIENT), 20 * MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_seen_gives_no_time),
        cmocka_unit_test(the_handshake_is_split_at_the_monitor),
        cmocka_unit_test(a_repeated_syn_is_no_sample),
        cmocka_unit_test(data_stands_in_for_a_repeated_syn),
        cmocka_unit_test(a_repeated_syn_ack_is_no_sample),
        cmocka_unit_test(a_repetition_after_the_answer_spoils_nothing),
        cmocka_unit_test(the_syn_that_is_answered_counts),
        cmocka_unit_test(the_syn_ack_that_the_client_acknowledges_counts),
        cmocka_unit_test(packets_mirrored_twice_are_no_repetitions),
        cmocka_unit_test(an_accepted_fast_open_is_told),
        cmocka_unit_test(a_refused_fast_open_is_an_ordinary_handshake),
        cmocka_unit_test(a_fast_open_cookie_request_is_no_fast_open),
        cmocka_unit_test(a_syn_ack_for_another_syn_is_ignored),
        cmocka_unit_test(another_syn_before_the_answer_begins_anew),
        cmocka_unit_test(a_syn_alone_gives_no_time),
        cmocka_unit_test(a_syn_ack_without_its_syn_still_times_the_client),
        cmocka_unit_test(an_ack_that_covers_data_does_not_end_the_handshake),
        cmocka_unit_test(in_the_middle_the_smallest_time_from_data_to_ack_counts),
        cmocka_unit_test(an_ack_below_the_timed_data_is_no_sample),
        cmocka_unit_test(data_sent_again_is_no_sample),
        cmocka_unit_test(times_are_never_negative),
        cmocka_unit_test(a_syn_ack_from_the_initiator_is_no_answer),
        cmocka_unit_test(a_reset_is_no_answer),
        cmocka_unit_test(what_is_known_from_before_stands_until_less_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
