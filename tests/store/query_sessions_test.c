#include "tests/store/fixture.h"

#include "store/address.h"

#include <string.h>

static void add_to_host(struct store *store, int64_t n, const char *sni, int64_t hint_s)
{
    struct handshake handshake = fixture_handshake(n);

    handshake.sni.len = (uint8_t)strlen(sni);
    memcpy(handshake.sni.text, sni, handshake.sni.len);
    handshake.issued_ticket = fixture_hash((uint8_t)(n + 1));
    handshake.lifetime_hint_s = hint_s;
    handshake.issued_ticket_bytes = 100 + n;
    if (n == 3) {
        handshake.client.address[0] = 0x20;
    }
    (void)fixture_add(store, &handshake);
}

/* Hosts b, a, "" (192.0.2.1:443), a; at seconds 0 to 3; the last one's client has IPv6. */
static struct store *open_filled(void)
{
    struct store *store = fixture_open(":memory:");

    add_to_host(store, 0, "b.example", 300);
    add_to_host(store, 1, "a.example", 0);
    add_to_host(store, 2, "", HANDSHAKE_NULL);
    add_to_host(store, 3, "A.example", 7200);
    return store;
}

/* The one that is looked for, and how often it came. */
struct looking {
    const struct session_record *session;
    struct session_figures found;
    int times;
    int all;
};

static bool look(void *context, const struct session_figures *figures)
{
    struct looking *looking = context;
    const struct session_record *session = looking->session;

    looking->all++;
    if (session != NULL && figures->issued_ns == session->issued_ns &&
        figures->bytes == session->bytes && figures->kind == session->kind) {
        looking->found = *figures;
        looking->times++;
    }
    return true;
}

static struct session_figures figures_of(struct query *query, const struct query_filter *filter,
                                         const struct session_record *session)
{
    struct looking looking = {.session = session};
    const struct session_taker taker = {look, &looking};
    struct error error = {""};

    assert_int_equal(query_session_figures(query, filter, NULL, &taker, &error), QUERY_DONE);
    assert_int_equal(looking.times, 1);
    return looking.found;
}

static void assert_client_is(const struct session_figures *figures, const char *client)
{
    uint8_t address[16];
    char text[ADDRESS_TEXT_BYTES];

    if (figures->client_number == HANDSHAKE_NULL) {
        assert_string_equal(figures->client, client);
        assert_true(address_parse(client, address));
        assert_false(address_is_ipv4(address));
    } else {
        address_of_number(figures->client_number, address);
        (void)address_format(address, text);
        assert_string_equal(text, client);
    }
}

/* That figures are of the same sessions, and of hosts in the same order. */
static void compare_figures(struct query *query, const struct query_filter *filter, size_t count)
{
    struct session_record sessions[8];
    struct error error = {""};
    struct host_record host = {.id = 0};
    size_t known = 0;

    assert_true(query_begin_sessions(query, filter, &error));
    while (known < 8 && query_next_session(query, &sessions[known], &error) == QUERY_ROW) {
        known++;
    }
    assert_int_equal(known, count);
    assert_true(query_begin_hosts(query, filter, &error));
    for (size_t i = 0; i < count; i++) {
        const struct session_record *session = &sessions[i];
        const struct session_figures figures = figures_of(query, filter, session);
        while (host.id != figures.host_id) {
            assert_int_equal(query_next_host(query, &host, &error), QUERY_ROW);
        }
        assert_int_equal(host.name.len, session->host.len);
        assert_memory_equal(host.name.text, session->host.text, host.name.len);
        assert_int_equal(figures.lifetime_hint_s, session->lifetime_hint_s);
        assert_int_equal(figures.largest_accepted_age_s, session->largest_accepted_age_s);
        assert_client_is(&figures, session->client);
    }
}

static void figures_of_sessions_are_those_of_whole_ones(void **state)
{
    (void)state;
    struct error error = {""};
    struct store *store = open_filled();
    struct query *query = store_query(store, &error);
    assert_non_null(query);
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    const struct query_filter between = {FIXTURE_TIME_NS + 1000000000,
                                         FIXTURE_TIME_NS + 3LL * 1000000000, NULL};
    const struct query_filter of_a = {HANDSHAKE_NULL, HANDSHAKE_NULL, "a.*"};

    compare_figures(query, &all, 4);
    compare_figures(query, &between, 2);
    compare_figures(query, &of_a, 2);
    query_close(query);
    fixture_close(store);
}

static int count_of(struct query *query, const struct query_filter *filter,
                    const struct query_hosts *hosts)
{
    struct looking looking = {.session = NULL};
    const struct session_taker taker = {look, &looking};
    struct error error = {""};

    assert_int_equal(query_session_figures(query, filter, hosts, &taker, &error), QUERY_DONE);
    return looking.all;
}

/* Host ids in the order in which hosts were stored: b 1, a 2, the one without a name 3. */
static void figures_of_some_hosts_are_theirs_only(void **state)
{
    (void)state;
    struct error error = {""};
    struct store *store = open_filled();
    struct query *query = store_query(store, &error);
    assert_non_null(query);
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    const struct query_filter early = {HANDSHAKE_NULL, FIXTURE_TIME_NS + 2LL * 1000000000, NULL};
    const struct query_hosts none = {(const int64_t[]){0}, 0};
    const struct query_hosts a = {(const int64_t[]){2}, 1};
    const struct query_hosts two = {(const int64_t[]){2, 3, 77}, 3};

    assert_int_equal(count_of(query, &all, NULL), 4);
    assert_int_equal(count_of(query, &all, &none), 0);
    assert_int_equal(count_of(query, &all, &a), 2);
    assert_int_equal(count_of(query, &all, &two), 3);
    assert_int_equal(count_of(query, &early, &two), 1);
    query_close(query);
    fixture_close(store);
}

static bool stop(void *context, const struct session_figures *figures)
{
    (void)figures;
    return ++*(int *)context < 2;
}

static void whoever_takes_sessions_can_stop(void **state)
{
    (void)state;
    struct error error = {""};
    struct store *store = open_filled();
    struct query *query = store_query(store, &error);
    assert_non_null(query);
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    int taken = 0;
    const struct session_taker taker = {stop, &taken};

    assert_int_equal(query_session_figures(query, &all, NULL, &taker, &error), QUERY_ROW);
    assert_int_equal(taken, 2);
    assert_int_equal(count_of(query, &all, NULL), 4);
    query_close(query);
    fixture_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_of_sessions_are_those_of_whole_ones),
        cmocka_unit_test(figures_of_some_hosts_are_theirs_only),
        cmocka_unit_test(whoever_takes_sessions_can_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
