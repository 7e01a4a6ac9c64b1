/* Handshakes as reports read them: only what figures are made of. */
#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

static struct store *open_filled(void)
{
    struct store *store = fixture_open(":memory:");

    for (uint8_t n = 1; n <= 3; n++) {
        struct handshake handshake = fixture_handshake(n);
        handshake.sni.text[0] = (char)('a' + n);
        if (n < 3) {
            handshake.issued_ticket = fixture_hash(n);
        }
        (void)fixture_add(store, &handshake);
    }
    return store;
}

/* What figures do without. */
static void leave_out(struct record *record)
{
    struct handshake *handshake = &record->handshake;
    struct handshake nothing;

    handshake_init(&nothing);
    record->run = 0;
    memset(record->key_name, 0, sizeof(record->key_name));
    memset(&handshake->sni, 0, sizeof(handshake->sni));
    memset(&handshake->alpn, 0, sizeof(handshake->alpn));
    memset(handshake->messages, 0, sizeof(handshake->messages));
    memset(&handshake->server, 0, sizeof(handshake->server));
    memset(handshake->session_offered.bytes, 0, sizeof(handshake->session_offered.bytes));
    memset(handshake->issued_id.bytes, 0, sizeof(handshake->issued_id.bytes));
    memset(handshake->issued_ticket.bytes, 0, sizeof(handshake->issued_ticket.bytes));
    handshake->has_cipher = false;
    handshake->cipher = 0;
    handshake->setup_ns = nothing.setup_ns;
    handshake->issued_ticket_bytes = nothing.issued_ticket_bytes;
}

enum { TAKEN_MAX = 8 };

struct taken {
    struct record records[TAKEN_MAX];
    size_t count;
    size_t most; /* the next one is refused */
};

static bool take(void *context, const struct record *record)
{
    struct taken *const taken = context;

    if (taken->count == taken->most) {
        return false;
    }
    taken->records[taken->count++] = *record;
    return true;
}

static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

static void figures_are_the_same_handshakes_without_what_they_can_do_without(void **state)
{
    (void)state;
    struct store *store = open_filled();
    struct error error = {""};
    struct query *query = store_query(store, &error);
    struct record whole;
    struct taken taken = {.most = TAKEN_MAX};
    size_t next = 0;

    assert_int_equal(query_figures(query, &all, take, &taken, &error), QUERY_DONE);
    assert_int_equal(taken.count, 3);
    assert_true(query_begin_handshakes(query, &all, &error));
    while (query_next_handshake(query, &whole, &error) == QUERY_ROW) {
        const struct record *const figures = &taken.records[next++];
        assert_int_equal(figures->handshake.session_offered.is_set,
                         whole.handshake.session_offered.is_set);
        assert_int_equal(figures->handshake.issued_ticket.is_set,
                         whole.handshake.issued_ticket.is_set);
        assert_true(figures->host.len > 0);
        assert_int_equal(figures->handshake.rtts_tls, 2);
        assert_int_equal(figures->handshake.bytes_server, 4100);
        leave_out(&whole);
        assert_memory_equal(figures, &whole, sizeof(whole));
    }
    query_close(query);
    fixture_close(store);
}

static void whoever_takes_them_may_have_enough(void **state)
{
    (void)state;
    struct store *store = open_filled();
    struct error error = {""};
    struct query *query = store_query(store, &error);
    const struct query_filter period = {FIXTURE_TIME_NS, HANDSHAKE_NULL, NULL};
    struct taken taken = {.most = 2};

    assert_int_equal(query_figures(query, &all, take, &taken, &error), QUERY_ROW);
    assert_int_equal(taken.count, 2);
    taken.count = 0;
    assert_int_equal(query_figures(query, &period, take, &taken, &error), QUERY_ROW);
    assert_int_equal(taken.count, 2);
    taken = (struct taken){.most = 3};
    assert_int_equal(query_figures(query, &period, take, &taken, &error), QUERY_DONE);
    assert_int_equal(taken.records[2].id, 3);
    query_close(query);
    fixture_close(store);
}

/* Both queries are of the writer's connection, whose functions they share. */
static void two_queries_do_not_mix(void **state)
{
    (void)state;
    struct store *store = open_filled();
    struct error error = {""};
    struct query *one = store_query(store, &error);
    struct query *other = store_query(store, &error);
    struct taken first = {.most = TAKEN_MAX};
    struct taken second = {.most = TAKEN_MAX};

    assert_int_equal(query_figures(one, &all, take, &first, &error), QUERY_DONE);
    assert_int_equal(query_figures(other, &all, take, &second, &error), QUERY_DONE);
    query_close(other);
    assert_int_equal(query_figures(one, &all, take, &first, &error), QUERY_DONE);
    assert_int_equal(first.count, 6);
    assert_int_equal(second.count, 3);
    query_close(one);
    fixture_close(store);
}

static void only_estimates_have_estimates(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake handshake = fixture_handshake(1);
    struct error error = {""};
    struct taken taken = {.most = TAKEN_MAX};

    handshake.version = 0x0304;
    handshake.estimated_tickets = 2;
    handshake.estimated_ticket_bytes = 208;
    (void)fixture_add(store, &handshake);
    struct query *query = store_query(store, &error);
    assert_int_equal(query_figures(query, &all, take, &taken, &error), QUERY_DONE);
    assert_int_equal(query_estimates(query, &all, take, &taken, &error), QUERY_DONE);
    assert_int_equal(taken.count, 2);
    assert_int_equal(taken.records[0].handshake.estimated_tickets, HANDSHAKE_NULL);
    assert_int_equal(taken.records[0].handshake.estimated_ticket_bytes, HANDSHAKE_NULL);
    assert_int_equal(taken.records[1].handshake.estimated_tickets, 2);
    assert_int_equal(taken.records[1].handshake.estimated_ticket_bytes, 208);
    query_close(query);
    fixture_close(store);
}

/* An IPv4 address is a number in the database, an IPv6 address text. */
static void clients_of_both_families_come_back(void **state)
{
    static const uint8_t addresses[][16] = {
        {[10] = 0xff, 0xff, 0, 0, 0, 0},
        {[10] = 0xff, 0xff, 10, 1, 2, 3},
        {[10] = 0xff, 0xff, 255, 254, 253, 252},
        {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
        {0},
        {[15] = 1},
    };
    static const char *const texts[] = {"0.0.0.0",     "10.1.2.3", "255.254.253.252",
                                        "2001:db8::1", "::",       "::1"};
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct error error = {""};
    struct taken taken = {.most = TAKEN_MAX};
    char sql[80];

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct handshake handshake = fixture_handshake((int64_t)i);
        memcpy(handshake.client.address, addresses[i], 16);
        (void)fixture_add(store, &handshake);
    }
    fixture_close(store);
    struct query *query = query_open(fixture->path, &error);
    assert_int_equal(query_figures(query, &all, take, &taken, &error), QUERY_DONE);
    assert_int_equal(taken.count, sizeof(texts) / sizeof(texts[0]));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_memory_equal(taken.records[i].handshake.client.address, addresses[i], 16);
        (void)snprintf(sql, sizeof(sql), "SELECT client FROM v_handshake WHERE id = %zu", i + 1);
        assert_string_equal(fixture_sql(fixture->path, sql), texts[i]);
    }
    query_close(query);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_the_same_handshakes_without_what_they_can_do_without),
        cmocka_unit_test(whoever_takes_them_may_have_enough),
        cmocka_unit_test(two_queries_do_not_mix),
        cmocka_unit_test(only_estimates_have_estimates),
        IN_DIRECTORY(clients_of_both_families_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
