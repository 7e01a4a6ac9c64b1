#include "store/ticket_learner.h"

#include "tests/store/ledger.h"

#include <stdlib.h>
#include <string.h>

enum { SERVER = 7 };

static const uint16_t long_names = 1U << TICKET_LAYOUT_GO | 1U << TICKET_LAYOUT_S2N;
static const uint16_t any_names = 1U << TICKET_LAYOUT_GO | 1U << TICKET_LAYOUT_JAVA;

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* The n-th ticket: `shared` bytes that all have, then bytes that look random. */
static struct learner_ticket ticket_of(uint32_t n, size_t shared, uint16_t layouts)
{
    struct learner_ticket ticket = {.tag = n, .session = 100 + n, .host = 1};
    uint32_t seed = n * 7919 + 1;

    ticket.shape.len = TICKET_START_BYTES;
    ticket.shape.layouts = layouts;
    key_use_init(&ticket.use);
    key_use_add(&ticket.use, KEY_EVENT_ISSUED, n);
    for (size_t i = 0; i < TICKET_START_BYTES; i++) {
        ticket.shape.start[i] = i < shared ? (uint8_t)(0xa0 + i) : (uint8_t)next_random(&seed);
    }
    /* The first byte after those is another one in each. */
    if (shared < TICKET_START_BYTES) {
        ticket.shape.start[shared] = (uint8_t)n;
    }
    return ticket;
}

static bool add(struct ticket_learner *learner, const struct learner_ticket *ticket,
                struct learner_key *out)
{
    return ticket_learner_add(learner, SERVER, ticket, out);
}

/* Whether tickets 1 to `count` make a key. */
static bool is_learnt(size_t shared, uint16_t layouts, uint32_t count, struct learner_key *out)
{
    struct ticket_learner *learner = ticket_learner_new();
    bool is_known = false;

    assert_non_null(learner);
    for (uint32_t n = 1; n <= count && !is_known; n++) {
        const struct learner_ticket ticket = ticket_of(n, shared, layouts);
        is_known = add(learner, &ticket, out);
    }
    ticket_learner_free(learner);
    return is_known;
}

static void a_name_is_as_long_as_in_a_layout(void **state)
{
    (void)state;
    const uint16_t short_names = 1U << TICKET_LAYOUT_JAVA | 1U << TICKET_LAYOUT_MBEDTLS;
    struct learner_key key;

    assert_true(is_learnt(16, any_names, 3, &key));
    assert_int_equal(key.name_bytes, 16);
    assert_int_equal(key.layouts, 1U << TICKET_LAYOUT_GO);
    assert_int_equal(key.name[0], 0xa0);
    assert_int_equal(key.name[15], 0xaf);
    assert_true(is_learnt(4, any_names, 3, &key));
    assert_int_equal(key.name_bytes, 4);
    assert_int_equal(key.layouts, 1U << TICKET_LAYOUT_JAVA);
    assert_int_equal(key.name[3], 0xa3);
    assert_int_equal(key.name[4], 0);
    assert_true(is_learnt(4, short_names, 3, &key));
    assert_false(is_learnt(4, long_names, 9, &key));
    assert_false(is_learnt(16, short_names, 9, &key));
}

static void what_is_longer_or_shorter_is_no_name(void **state)
{
    (void)state;
    struct learner_key key;

    for (size_t shared = 0; shared <= 32; shared++) {
        const bool is_name = (shared >= 4 && shared <= 5) || (shared >= 16 && shared <= 19);
        assert_int_equal(is_learnt(shared, any_names, 9, &key), is_name);
    }
}

/* There the layout itself is proof, and the IV is a fault of its own. */
static void an_inner_length_excuses_a_repeated_iv(void **state)
{
    (void)state;
    struct learner_key key;

    assert_true(is_learnt(32, 1U << TICKET_LAYOUT_GNUTLS, 3, &key));
    assert_false(is_learnt(32, 1U << TICKET_LAYOUT_OPENSSL, 9, &key));
}

static void nothing_is_learnt_from_what_has_no_layout(void **state)
{
    (void)state;
    struct learner_key key;

    assert_false(is_learnt(16, 0, 9, &key));
    assert_false(is_learnt(4, 0, 9, &key));
}

static void the_same_ticket_counts_once(void **state)
{
    (void)state;
    struct ticket_learner *learner = ticket_learner_new();
    const struct learner_ticket one = ticket_of(1, 16, long_names);
    struct learner_ticket offered = ticket_of(1, 16, long_names);
    const struct learner_ticket two = ticket_of(2, 16, long_names);
    const struct learner_ticket three = ticket_of(3, 16, long_names);
    struct learner_key key;

    key_use_init(&offered.use);
    key_use_add(&offered.use, KEY_EVENT_ACCEPTED, 50);
    assert_false(add(learner, &one, &key));
    assert_false(add(learner, &offered, &key));
    assert_false(add(learner, &offered, &key));
    assert_false(add(learner, &two, &key));
    assert_true(add(learner, &three, &key));
    assert_int_equal(key.tickets[0].session, 101);
    assert_int_equal(key.tickets[0].use.issued_count, 1);
    assert_int_equal(key.tickets[0].use.accepted_count, 2);
    assert_int_equal(key.tickets[0].use.last_accepted_ns, 50);
    assert_int_equal(key.tickets[2].session, 103);
    ticket_learner_free(learner);
}

static void each_server_is_learnt_on_its_own(void **state)
{
    (void)state;
    struct ticket_learner *learner = ticket_learner_new();
    struct learner_key key;

    for (uint32_t n = 1; n <= 9; n++) {
        const struct learner_ticket ticket = ticket_of(n, 16, long_names);
        assert_false(ticket_learner_add(learner, n % 5, &ticket, &key));
    }
    ticket_learner_free(learner);
}

/* Two backends, and tickets without any name, behind one address. */
static void keys_are_learnt_side_by_side(void **state)
{
    (void)state;
    struct ticket_learner *learner = ticket_learner_new();
    struct learner_key key;
    unsigned learnt = 0;

    for (uint32_t n = 1; n <= 9; n++) {
        struct learner_ticket ticket = ticket_of(n, n % 3 == 2 ? 0 : 16, any_names);
        if (n % 3 == 1) {
            ticket.shape.start[0] = 0x11;
        }
        learnt += add(learner, &ticket, &key);
    }
    assert_int_equal(learnt, 2);
    ticket_learner_free(learner);
}

static void memory_is_forgotten_and_bounded(void **state)
{
    (void)state;
    struct ticket_learner *learner = ticket_learner_new();
    struct learner_key key;

    for (uint32_t n = 1; n <= 2; n++) {
        const struct learner_ticket ticket = ticket_of(n, 16, long_names);
        assert_false(add(learner, &ticket, &key));
    }
    ticket_learner_clear(learner);
    const struct learner_ticket third = ticket_of(3, 16, long_names);
    assert_false(add(learner, &third, &key));
    /* Many servers push this one out. */
    for (int64_t server = 1000; server < 1000 + 8 * TICKET_LEARNER_SERVERS; server++) {
        const struct learner_ticket ticket = ticket_of((uint32_t)server, 16, long_names);
        assert_false(ticket_learner_add(learner, server, &ticket, &key));
    }
    for (uint32_t n = 4; n <= 5; n++) {
        const struct learner_ticket ticket = ticket_of(n, 16, long_names);
        assert_false(add(learner, &ticket, &key));
    }
    ticket_learner_free(learner);
}

/* A hundred thousand tickets of a program without names: random from the first byte on. */
static void random_tickets_make_no_key(void **state)
{
    (void)state;
    struct ticket_learner *learner = ticket_learner_new();
    struct learner_key key;
    uint32_t seed = 4711;

    for (uint32_t n = 1; n <= 100000; n++) {
        struct learner_ticket ticket = ticket_of(n, 0, any_names);
        for (size_t i = 0; i < TICKET_START_BYTES; i++) {
            ticket.shape.start[i] = (uint8_t)next_random(&seed);
        }
        assert_false(add(learner, &ticket, &key));
    }
    ticket_learner_free(learner);
}

static void uses_merge_as_if_added_together(void **state)
{
    (void)state;
    static const enum key_event events[] = {KEY_EVENT_ISSUED, KEY_EVENT_OFFERED, KEY_EVENT_ACCEPTED,
                                            KEY_EVENT_REFUSED, KEY_EVENT_EXPIRED};
    struct key_use whole;
    struct key_use halves[2];

    key_use_init(&whole);
    key_use_init(&halves[0]);
    key_use_init(&halves[1]);
    for (int64_t i = 0; i < 40; i++) {
        const int64_t time_ns = i * 37 % 41 - 20;
        key_use_add(&whole, events[i % 5], time_ns);
        key_use_add(&halves[i % 3 == 0], events[i % 5], time_ns);
    }
    key_use_merge(&halves[0], &halves[1]);
    assert_memory_equal(&halves[0], &whole, sizeof(whole));
    assert_int_equal(whole.issued_count, 8);
    assert_int_equal(whole.offered_count, 32);
    assert_int_equal(whole.accepted_count, 8);
    assert_int_equal(whole.refused_count, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_as_long_as_in_a_layout),
        cmocka_unit_test(what_is_longer_or_shorter_is_no_name),
        cmocka_unit_test(an_inner_length_excuses_a_repeated_iv),
        cmocka_unit_test(nothing_is_learnt_from_what_has_no_layout),
        cmocka_unit_test(the_same_ticket_counts_once),
        cmocka_unit_test(each_server_is_learnt_on_its_own),
        cmocka_unit_test(keys_are_learnt_side_by_side),
        cmocka_unit_test(memory_is_forgotten_and_bounded),
        cmocka_unit_test(random_tickets_make_no_key),
        cmocka_unit_test(uses_merge_as_if_added_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
