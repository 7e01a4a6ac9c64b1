#include "store/ticket_learner.h"

#include "tests/store/ledger.h"

#include <stdlib.h>
#include <string.h>

static const uint16_t long_names = 1U << TICKET_LAYOUT_GO | 1U << TICKET_LAYOUT_S2N;
static const uint16_t any_names = 1U << TICKET_LAYOUT_GO | 1U << TICKET_LAYOUT_JAVA;

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* A ticket as it is on the wire. */
struct seen {
    uint32_t n;
    struct ticket_shape shape;
};

static struct siphash_key marks_key(void)
{
    const uint8_t session_key[16] = {1, 2, 3};
    struct siphash_key key = {0, 0};
    struct error error;

    assert_true(ticket_marks_key(session_key, &key, &error));
    return key;
}

/* The n-th ticket: `shared` bytes that all have, then bytes that look random. */
static struct seen seen_of(uint32_t n, size_t shared, uint16_t layouts)
{
    struct seen seen = {.n = n, .shape = {.len = TICKET_START_BYTES, .layouts = layouts}};
    uint32_t seed = n * 7919 + 1;

    for (size_t i = 0; i < TICKET_START_BYTES; i++) {
        seen.shape.start[i] = i < shared ? (uint8_t)(0xa0 + i) : (uint8_t)next_random(&seed);
    }
    /* The first byte after those is another one in each. */
    if (shared < TICKET_START_BYTES) {
        seen.shape.start[shared] = (uint8_t)n;
    }
    return seen;
}

static struct learner_ticket learner_ticket_of(const struct seen *seen)
{
    struct learner_ticket ticket = {
        .session = 100 + seen->n, .host = 1, .layouts = seen->shape.layouts};
    const struct siphash_key key = marks_key();

    key_use_init(&ticket.use);
    key_use_add(&ticket.use, KEY_EVENT_ISSUED, seen->n);
    ticket_marks_of(&key, &seen->shape, &ticket.marks);
    return ticket;
}

static struct learner_ticket ticket_of(uint32_t n, size_t shared, uint16_t layouts)
{
    const struct seen seen = seen_of(n, shared, layouts);
    return learner_ticket_of(&seen);
}

static struct learner_server *server_new(void)
{
    struct learner_server *server = calloc(1, sizeof(*server));

    assert_non_null(server);
    return server;
}

static uint64_t now;

static bool add(struct learner_server *server, const struct learner_ticket *ticket,
                struct learner_key *out)
{
    ticket_learner_add(server, ticket, ++now, out);
    return out->name_bytes != 0;
}

/* Whether tickets 1 to `count` make a key. */
static bool is_learnt(size_t shared, uint16_t layouts, uint32_t count, struct learner_key *out)
{
    struct learner_server *server = server_new();
    bool is_known = false;

    for (uint32_t n = 1; n <= count && !is_known; n++) {
        const struct learner_ticket ticket = ticket_of(n, shared, layouts);
        is_known = add(server, &ticket, out);
    }
    free(server);
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
    assert_true(is_learnt(4, any_names, 3, &key));
    assert_int_equal(key.name_bytes, 4);
    assert_int_equal(key.layouts, 1U << TICKET_LAYOUT_JAVA);
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
    struct learner_server *server = server_new();
    const struct learner_ticket one = ticket_of(1, 16, long_names);
    struct learner_ticket offered = ticket_of(1, 16, long_names);
    const struct learner_ticket two = ticket_of(2, 16, long_names);
    const struct learner_ticket three = ticket_of(3, 16, long_names);
    struct learner_key key;

    key_use_init(&offered.use);
    key_use_add(&offered.use, KEY_EVENT_ACCEPTED, 50);
    assert_false(add(server, &one, &key));
    assert_false(add(server, &offered, &key));
    assert_false(add(server, &offered, &key));
    assert_false(add(server, &two, &key));
    assert_true(add(server, &three, &key));
    assert_int_equal(key.tickets[0].session, 101);
    assert_int_equal(key.tickets[0].use.issued_count, 1);
    assert_int_equal(key.tickets[0].use.accepted_count, 2);
    assert_int_equal(key.tickets[0].use.last_accepted_ns, 50);
    assert_int_equal(key.tickets[2].session, 103);
    free(server);
}

/* Two backends, and tickets without any name, behind one address. */
static void keys_are_learnt_side_by_side(void **state)
{
    (void)state;
    struct learner_server *server = server_new();
    struct learner_key key;
    unsigned learnt = 0;

    for (uint32_t n = 1; n <= 9; n++) {
        struct seen seen = seen_of(n, n % 3 == 2 ? 0 : 16, any_names);
        if (n % 3 == 1) {
            seen.shape.start[0] = 0x11;
        }
        const struct learner_ticket ticket = learner_ticket_of(&seen);
        learnt += add(server, &ticket, &key);
    }
    assert_int_equal(learnt, 2);
    free(server);
}

static void candidates_seen_last_are_kept(void **state)
{
    (void)state;
    struct learner_server *server = server_new();
    const struct learner_ticket first = ticket_of(1, 16, long_names);
    const struct learner_ticket second = ticket_of(2, 16, long_names);
    const struct learner_ticket third = ticket_of(3, 16, long_names);
    struct learner_key key;

    assert_false(add(server, &first, &key));
    assert_false(add(server, &second, &key));
    for (uint32_t n = 10; n < 10 + TICKET_LEARNER_CANDIDATES - 1; n++) {
        const struct learner_ticket other = ticket_of(n, 0, long_names);
        assert_false(add(server, &other, &key));
    }
    /* One more would push it out, were it not seen again. */
    assert_false(add(server, &first, &key));
    const struct learner_ticket another = ticket_of(50, 0, long_names);
    assert_false(add(server, &another, &key));
    assert_true(add(server, &third, &key));
    assert_int_equal(key.tickets[0].use.issued_count, 2);
    assert_false(add(server, &first, &key));
    for (uint32_t n = 60; n < 60 + TICKET_LEARNER_CANDIDATES; n++) {
        const struct learner_ticket other = ticket_of(n, 0, long_names);
        assert_false(add(server, &other, &key));
    }
    assert_false(add(server, &second, &key));
    assert_false(add(server, &third, &key));
    free(server);
}

static void what_a_key_was_learnt_from_is_forgotten(void **state)
{
    (void)state;
    struct learner_server *server = server_new();
    struct learner_key key;

    for (uint32_t n = 1; n <= 9; n++) {
        const struct learner_ticket ticket = ticket_of(n, 16, long_names);
        assert_int_equal(add(server, &ticket, &key), n % 3 == 0);
    }
    for (size_t i = 0; i < TICKET_LEARNER_CANDIDATES; i++) {
        assert_int_equal(server->candidates[i].used, 0);
        assert_int_equal(server->candidates[i].is_changed, i == 0);
    }
    free(server);
}

/* A hundred thousand tickets of a program without names: random from the first byte on. */
static void random_tickets_make_no_key(void **state)
{
    (void)state;
    struct learner_server *server = server_new();
    struct learner_key key;
    uint32_t seed = 4711;

    for (uint32_t n = 1; n <= 100000; n++) {
        struct seen seen = seen_of(n, 0, any_names);
        for (size_t i = 0; i < TICKET_START_BYTES; i++) {
            seen.shape.start[i] = (uint8_t)next_random(&seed);
        }
        const struct learner_ticket ticket = learner_ticket_of(&seen);
        assert_false(add(server, &ticket, &key));
    }
    free(server);
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
        cmocka_unit_test(keys_are_learnt_side_by_side),
        cmocka_unit_test(candidates_seen_last_are_kept),
        cmocka_unit_test(what_a_key_was_learnt_from_is_forgotten),
        cmocka_unit_test(random_tickets_make_no_key),
        cmocka_unit_test(uses_merge_as_if_added_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
