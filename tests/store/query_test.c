#include "tests/store/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_to_host(struct store *store, int64_t n, const char *sni, uint8_t ticket)
{
    struct handshake handshake = fixture_handshake(n);

    handshake.sni.len = (uint8_t)strlen(sni);
    memcpy(handshake.sni.text, sni, handshake.sni.len);
    handshake.issued_ticket = fixture_hash(ticket);
    (void)fixture_add(store, &handshake);
}

/* Hosts b, a, "" (192.0.2.1:443), a; at seconds 0 to 3. */
static struct store *open_filled(const char *path)
{
    struct store *store = fixture_open(path);

    add_to_host(store, 0, "b.example", 1);
    add_to_host(store, 1, "a.example", 2);
    add_to_host(store, 2, "", 3);
    add_to_host(store, 3, "A.example", 4);
    return store;
}

static int64_t second(int64_t n)
{
    return FIXTURE_TIME_NS + n * 1000000000;
}

/* The ids of the handshakes that pass, one digit each. */
static const char *handshakes(struct query *query, const struct query_filter *filter)
{
    static char ids[32];
    struct error error = {""};
    struct record record;
    size_t len = 0;

    assert_true(query_begin_handshakes(query, filter, &error));
    while (query_next_handshake(query, &record, &error) == QUERY_ROW) {
        ids[len++] = (char)('0' + record.id);
    }
    ids[len] = '\0';
    assert_string_equal(error.text, "");
    return ids;
}

/* The same for sessions: the byte that fixture_hash() was given. */
static const char *sessions(struct query *query, const struct query_filter *filter)
{
    static char hashes[32];
    struct error error = {""};
    struct session_record session;
    size_t len = 0;

    assert_true(query_begin_sessions(query, filter, &error));
    while (query_next_session(query, &session, &error) == QUERY_ROW) {
        hashes[len++] = (char)('0' + session.hash.bytes[0]);
    }
    hashes[len] = '\0';
    assert_string_equal(error.text, "");
    return hashes;
}

static struct query *look_into(struct store *store)
{
    struct error error = {""};
    struct query *query = store_query(store, &error);

    assert_non_null(query);
    return query;
}

static void without_a_filter_everything_comes(void **state)
{
    (void)state;
    struct store *store = open_filled(":memory:");
    struct query *query = look_into(store);
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

    assert_string_equal(handshakes(query, &all), "1234");
    assert_string_equal(sessions(query, &all), "3241");   /* by host, then issue */
    assert_string_equal(handshakes(query, &all), "1234"); /* again */
    query_close(query);
    fixture_close(store);
}

static void a_period_begins_inside_and_ends_outside(void **state)
{
    (void)state;
    struct store *store = open_filled(":memory:");
    struct query *query = look_into(store);
    const struct query_filter from_one = {second(1), HANDSHAKE_NULL, NULL};
    const struct query_filter until_three = {HANDSHAKE_NULL, second(3), NULL};
    const struct query_filter between = {second(1), second(3), NULL};
    const struct query_filter nothing = {second(1), second(1), NULL};

    assert_string_equal(handshakes(query, &from_one), "234");
    assert_string_equal(handshakes(query, &until_three), "123");
    assert_string_equal(handshakes(query, &between), "23");
    assert_string_equal(handshakes(query, &nothing), "");
    assert_string_equal(sessions(query, &between), "32");
    query_close(query);
    fixture_close(store);
}

static void a_session_belongs_to_the_period_of_its_offers_too(void **state)
{
    (void)state;
    struct store *store = open_filled(":memory:");
    struct handshake handshake = fixture_handshake(50);
    const struct query_filter later = {second(40), HANDSHAKE_NULL, NULL};

    handshake.session_offered = fixture_hash(2);
    handshake.offered = OFFER_TICKET;
    (void)fixture_add(store, &handshake);
    handshake.session_offered = fixture_hash(9); /* never seen issued */
    (void)fixture_add(store, &handshake);
    struct query *query = look_into(store);
    assert_string_equal(sessions(query, &later), "29");
    query_close(query);
    fixture_close(store);
}

static void hosts_are_chosen_by_pattern(void **state)
{
    (void)state;
    struct store *store = open_filled(":memory:");
    struct query *query = look_into(store);
    const struct {
        const char *pattern;
        const char *handshakes;
        const char *sessions;
    } cases[] = {
        {"*", "1234", "3241"},
        {"a.example", "24", "24"},
        {"A.EXAMPLE", "24", "24"},
        {"?.example", "124", "241"},
        {"*:443", "3", "3"},
        {"nobody", "", ""},
        {"", "", ""},
        {"' OR 1 --", "", ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct query_filter filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, cases[i].pattern};
        assert_string_equal(handshakes(query, &filter), cases[i].handshakes);
        assert_string_equal(sessions(query, &filter), cases[i].sessions);
    }
    query_close(query);
    fixture_close(store);
}

static void a_pattern_matches_names_of_any_bytes(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake handshake = fixture_handshake(0);
    const struct query_filter filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, "a?\xff*c"};

    handshake.sni.len = 6;
    memcpy(handshake.sni.text, "A\0\xff.\0C", 6);
    (void)fixture_add(store, &handshake);
    struct query *query = look_into(store);
    assert_string_equal(handshakes(query, &filter), "1");
    query_close(query);
    fixture_close(store);
}

static void the_filter_may_go_after_begin(void **state)
{
    (void)state;
    struct store *store = open_filled(":memory:");
    struct query *query = look_into(store);
    struct error error = {""};
    struct record record;
    char *pattern = strdup("b.*");
    const struct query_filter filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, pattern};

    assert_true(query_begin_handshakes(query, &filter, &error));
    memset(pattern, 'x', 3);
    free(pattern);
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_ROW);
    assert_int_equal(record.id, 1);
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_DONE);
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_DONE);
    query_close(query);
    fixture_close(store);
}

static void every_carrier_comes_back(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct error error = {""};
    struct record record;
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

    for (int carrier = 0; carrier < CARRIER_COUNT; carrier++) {
        struct handshake handshake = fixture_handshake(carrier);
        handshake.carrier = (enum carrier)carrier;
        (void)fixture_add(store, &handshake);
    }
    struct query *query = look_into(store);
    assert_true(query_begin_handshakes(query, &all, &error));
    for (int carrier = 0; carrier < CARRIER_COUNT; carrier++) {
        assert_int_equal(query_next_handshake(query, &record, &error), QUERY_ROW);
        assert_int_equal(record.handshake.carrier, carrier);
        assert_string_equal(record.handshake.carrier_guess, "");
    }
    query_close(query);
    fixture_close(store);
}

static void nothing_comes_before_begin(void **state)
{
    (void)state;
    struct store *store = open_filled(":memory:");
    struct query *query = look_into(store);
    struct error error = {""};
    struct record record;
    struct session_record session;
    struct run_record run;

    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_DONE);
    assert_int_equal(query_next_session(query, &session, &error), QUERY_DONE);
    assert_int_equal(query_next_run(query, &run, &error), QUERY_DONE);
    assert_int_equal(query_next_not_analysed(query, &run.not_analysed[0], &error), QUERY_DONE);
    query_close(query);
    fixture_close(store);
}

/* Adds a run at a second, with so many packets of each of two names. */
static void add_run_with(struct store *store, int64_t at, int64_t arp, int64_t icmp)
{
    struct run_record run = {
        .started_ns = second(at),
        .ended_ns = HANDSHAKE_NULL,
        .first_frame_ns = second(at),
        .last_frame_ns = second(at),
        .not_analysed_count = 2,
        .not_analysed = {{"ARP", arp}, {"ICMP", icmp}},
    };
    struct error error = {""};

    assert_true(store_begin_run(store, &run, &error));
    assert_true(store_update_run(store, &run, &error));
}

static void what_was_not_analysed_is_summed_over_the_runs_asked_for(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct error error = {""};
    struct run_not_analysed row;
    const struct {
        struct query_filter filter;
        const char *name[2];
        int64_t packets[2];
    } cases[] = {
        {{HANDSHAKE_NULL, HANDSHAKE_NULL, NULL}, {"ICMP", "ARP"}, {9, 7}},
        {{HANDSHAKE_NULL, second(150), NULL}, {"ARP", "ICMP"}, {5, 2}},
        {{second(250), HANDSHAKE_NULL, NULL}, {"ARP", "ICMP"}, {1, 1}}, /* as many: by name */
    };

    add_run_with(store, 100, 5, 2);
    add_run_with(store, 200, 1, 6);
    add_run_with(store, 300, 1, 1);
    struct query *query = look_into(store);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(query_begin_not_analysed(query, &cases[i].filter, &error));
        for (size_t n = 0; n < 2; n++) {
            assert_int_equal(query_next_not_analysed(query, &row, &error), QUERY_ROW);
            assert_string_equal(row.name, cases[i].name[n]);
            assert_int_equal(row.packets, cases[i].packets[n]);
        }
        assert_int_equal(query_next_not_analysed(query, &row, &error), QUERY_DONE);
    }
    query_close(query);
    fixture_close(store);
}

static void a_run_lies_where_its_frames_are(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:"); /* run 1: started at second 0, frames at 0 */
    struct error error = {""};
    struct run_record run = {.started_ns = second(100), .ended_ns = HANDSHAKE_NULL};
    const struct {
        struct query_filter filter;
        int64_t runs[4];
    } cases[] = {
        {{HANDSHAKE_NULL, HANDSHAKE_NULL, NULL}, {1, 2, 3}},
        {{second(15), second(16), NULL}, {2}},
        {{second(10), second(11), NULL}, {2}},
        {{second(20), second(99), NULL}, {2}},
        {{second(21), second(99), NULL}, {0}},
        {{second(100), second(101), NULL}, {3}}, /* no frame yet: where it began */
        {{second(5), second(10), "*"}, {0}},
    };

    run.first_frame_ns = second(10);
    run.last_frame_ns = second(20);
    assert_true(store_begin_run(store, &run, &error));
    run.first_frame_ns = run.last_frame_ns = HANDSHAKE_NULL;
    assert_true(store_begin_run(store, &run, &error));
    struct query *query = look_into(store);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct run_record found;
        size_t count = 0;
        assert_true(query_begin_runs(query, &cases[i].filter, &error));
        while (query_next_run(query, &found, &error) == QUERY_ROW) {
            assert_int_equal(found.id, cases[i].runs[count++]);
        }
        assert_int_equal(cases[i].runs[count], 0);
    }
    query_close(query);
    fixture_close(store);
}

static void a_file_is_read_like_memory(void **state)
{
    const struct fixture *fixture = *state;
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct error error = {""};

    fixture_close(open_filled(fixture->path));
    struct query *query = query_open(fixture->path, &error);
    assert_non_null(query);
    assert_string_equal(handshakes(query, &all), "1234");
    assert_string_equal(sessions(query, &all), "3241");
    query_close(query);
}

static void numbers_that_mean_nothing_become_unknown(void **state)
{
    const struct fixture *fixture = *state;
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct error error = {""};
    struct record record;

    fixture_close(open_filled(fixture->path));
    assert_string_equal(
        fixture_sql_error(fixture->path,
                          "UPDATE handshake SET client = 'x -1', server_less_host = 77, host = 77,"
                          " issued_ticket = 77;"
                          "DELETE FROM handshake_kind WHERE id > 1;"
                          "UPDATE handshake_kind SET version = 65536, cipher = -2,"
                          " facts = 6 | (5 << 4) | (6 << 7) | (3 << 15) | (129 << 20)"
                          " | (15 << 44), anomalies = -1"),
        "");
    struct query *query = query_open(fixture->path, &error);
    assert_true(query_begin_handshakes(query, &all, &error));
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_ROW);
    const struct handshake *found = &record.handshake;
    assert_int_equal(found->transport, TRANSPORT_TCP);
    assert_int_equal(found->client.port, 0);
    assert_int_equal(found->server.port, 0);
    assert_int_equal(record.host.len, 0);
    assert_int_equal(found->sni.len, 0);
    assert_int_equal(found->version, 0);
    assert_int_equal(found->verdict, VERDICT_UNKNOWN);
    assert_int_equal(found->certainty, CERTAINTY_CERTAIN);
    assert_int_equal(found->reason, REASON_NONE);
    assert_int_equal(found->anomalies, 0);
    assert_int_equal(found->offered, OFFER_UNKNOWN);
    assert_int_equal(found->outcome, OUTCOME_UNKNOWN);
    assert_int_equal(found->early_data, EARLY_DATA_NONE);
    assert_int_equal(found->hello_retries, 0);
    assert_int_equal(found->rtts_tls, HANDSHAKE_RTTS_NULL);
    assert_false(found->issued_ticket.is_set);
    query_close(query);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

static void a_guessed_carrier_comes_back(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct error error = {""};
    struct record record;
    struct handshake handshake = fixture_handshake(0);
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

    handshake.carrier = CARRIER_OTHER;
    (void)snprintf(handshake.carrier_guess, sizeof(handshake.carrier_guess), "vnc");
    (void)fixture_add(store, &handshake);
    struct query *query = look_into(store);
    assert_true(query_begin_handshakes(query, &all, &error));
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_ROW);
    assert_int_equal(record.handshake.carrier, CARRIER_OTHER);
    assert_string_equal(record.handshake.carrier_guess, "vnc");
    query_close(query);
    fixture_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_filter_everything_comes),
        cmocka_unit_test(a_period_begins_inside_and_ends_outside),
        cmocka_unit_test(a_session_belongs_to_the_period_of_its_offers_too),
        cmocka_unit_test(hosts_are_chosen_by_pattern),
        cmocka_unit_test(a_pattern_matches_names_of_any_bytes),
        cmocka_unit_test(the_filter_may_go_after_begin),
        cmocka_unit_test(every_carrier_comes_back),
        cmocka_unit_test(a_guessed_carrier_comes_back),
        cmocka_unit_test(nothing_comes_before_begin),
        cmocka_unit_test(what_was_not_analysed_is_summed_over_the_runs_asked_for),
        cmocka_unit_test(a_run_lies_where_its_frames_are),
        IN_DIRECTORY(a_file_is_read_like_memory),
        IN_DIRECTORY(numbers_that_mean_nothing_become_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
