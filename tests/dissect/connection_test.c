#include "dissect/connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct desk {
    struct pool *openings;
    struct flow flow;
};

static struct desk desk_of(size_t blocks)
{
    struct desk desk = {.openings = pool_new(sizeof(struct path_opening), blocks)};

    assert_non_null(desk.openings);
    flow_set_rank(&desk.flow, FLOW_RANK_EMBRYONIC);
    return desk;
}

static void send(struct desk *desk, unsigned direction, uint8_t flags, uint32_t sequence,
                 int64_t time_ns)
{
    const struct segment segment = {.time_ns = time_ns,
                                    .flags = flags,
                                    .sequence = sequence,
                                    .acknowledgement = 101,
                                    .transport = SEGMENT_TCP};

    connection_add_opening(&desk->flow, desk->openings, &segment, direction);
}

static void a_lone_syn_needs_its_cell_only(void **state)
{
    struct desk desk = desk_of(1);

    (void)state;
    send(&desk, 1, TCP_SYN, 100, 5);
    send(&desk, 1, TCP_SYN, 100, INT64_C(1000000005)); /* once more */
    const struct path_opening opening = connection_opening(&desk.flow);
    assert_int_equal(flow_rank(&desk.flow), FLOW_RANK_EMBRYONIC);
    assert_int_equal(pool_taken(desk.openings), 0);
    assert_true(connection_is_opening(&desk.flow));
    assert_null(connection_open(&desk.flow));
    assert_true(opening.syn_ns == 5 && opening.syn_ack_ns == PATH_NONE);
    assert_int_equal(opening.syn_sequence, 100);
    assert_true(opening.has_initiator);
    assert_int_equal(opening.initiator, 1);
    assert_true(opening.syn_repeated);
    pool_free(desk.openings);
}

static void its_answer_takes_a_block_that_is_given_back(void **state)
{
    struct desk desk = desk_of(1);

    (void)state;
    send(&desk, 0, TCP_SYN, 100, 5);
    send(&desk, 1, TCP_SYN | TCP_ACK, 700, 6);
    assert_int_equal(flow_rank(&desk.flow), FLOW_RANK_TRACKED);
    assert_int_equal(pool_taken(desk.openings), 1);
    send(&desk, 0, TCP_ACK, 101, 7);
    const struct path_opening opening = connection_opening(&desk.flow);
    assert_true(opening.syn_ns == 5 && opening.syn_ack_ns == 6);
    assert_int_equal(opening.syn_ack_sequence, 700);
    connection_forget(&desk.flow, desk.openings);
    assert_int_equal(pool_taken(desk.openings), 0);
    assert_int_equal(flow_rank(&desk.flow), FLOW_RANK_EMBRYONIC);
    assert_true(connection_opening(&desk.flow).syn_ns == PATH_NONE);
    pool_free(desk.openings);
}

static void an_answer_that_is_none_takes_no_block(void **state)
{
    struct desk desk = desk_of(1);

    (void)state;
    send(&desk, 0, TCP_SYN, 100, 5);
    send(&desk, 0, TCP_SYN | TCP_ACK, 700, 6); /* of the side that has sent the SYN */
    const struct path_opening opening = connection_opening(&desk.flow);
    assert_int_equal(flow_rank(&desk.flow), FLOW_RANK_EMBRYONIC);
    assert_int_equal(pool_taken(desk.openings), 0);
    assert_true(opening.syn_ns == 5 && opening.syn_ack_ns == PATH_NONE);
    pool_free(desk.openings);
}

/* Once its three segments were seen, a bare acknowledgement changes nothing; it is not even looked
 * at. Before that it does. */
static void an_opening_is_complete_with_its_third_segment(void **state)
{
    struct desk desk = desk_of(1);

    (void)state;
    send(&desk, 0, TCP_SYN, 100, 5);
    send(&desk, 1, TCP_SYN | TCP_ACK, 100, 6);
    send(&desk, 1, TCP_ACK, 101, 7); /* of the wrong side */
    assert_true(connection_opening(&desk.flow).ack_ns == PATH_NONE);
    send(&desk, 0, TCP_ACK, 101, 8);
    assert_true(connection_opening(&desk.flow).ack_ns == 8);
    send(&desk, 0, TCP_ACK, 101, 9);
    send(&desk, 1, TCP_ACK | TCP_SYN, 100, 10);
    const struct path_opening opening = connection_opening(&desk.flow);
    assert_true(opening.syn_ns == 5 && opening.syn_ack_ns == 6 && opening.ack_ns == 8);
    assert_false(opening.syn_ack_repeated);
    connection_forget(&desk.flow, desk.openings);
    assert_int_equal(pool_taken(desk.openings), 0);
    pool_free(desk.openings);
}

static void without_a_block_the_syn_is_kept(void **state)
{
    struct desk desk = desk_of(0);

    (void)state;
    send(&desk, 0, TCP_SYN, 100, 5);
    send(&desk, 1, TCP_SYN | TCP_ACK, 700, 6);
    assert_int_equal(flow_rank(&desk.flow), FLOW_RANK_EMBRYONIC);
    assert_true(connection_opening(&desk.flow).syn_ns == 5);
    pool_free(desk.openings);
}

static void the_past_is_where_the_rank_says(void **state)
{
    struct desk desk = desk_of(0);
    struct open_conversation open = {.past = {.carrier = CARRIER_IMAP}};

    (void)state;
    assert_int_equal(connection_past(&desk.flow, 0).carrier, CARRIER_NONE);
    connection_set_open(&desk.flow, &open, FLOW_RANK_ACTIVE);
    assert_ptr_equal(connection_open(&desk.flow), &open);
    assert_int_equal(connection_past(&desk.flow, 0).carrier, CARRIER_IMAP);
    connection_set_past(&desk.flow, &(struct past){.carrier = CARRIER_SMTP});
    assert_int_equal(flow_rank(&desk.flow), FLOW_RANK_DONE);
    assert_null(connection_open(&desk.flow));
    assert_int_equal(connection_past(&desk.flow, 0).carrier, CARRIER_SMTP);
    pool_free(desk.openings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lone_syn_needs_its_cell_only),
        cmocka_unit_test(its_answer_takes_a_block_that_is_given_back),
        cmocka_unit_test(an_answer_that_is_none_takes_no_block),
        cmocka_unit_test(an_opening_is_complete_with_its_third_segment),
        cmocka_unit_test(without_a_block_the_syn_is_kept),
        cmocka_unit_test(the_past_is_where_the_rank_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
