#include "tests/store/fixture.h"

#include <string.h>

static int64_t second(int64_t n)
{
    return FIXTURE_TIME_NS + n * 1000000000;
}

static void add(struct store *store, int64_t n, const char *sni)
{
    struct handshake handshake = fixture_handshake(n);

    handshake.sni.len = (uint8_t)strlen(sni);
    memcpy(handshake.sni.text, sni, handshake.sni.len);
    (void)fixture_add(store, &handshake);
}

static struct query_found find(struct store *store, int64_t since_ns, int64_t until_ns,
                               const char *host_glob)
{
    const struct query_filter filter = {since_ns, until_ns, host_glob};
    struct query_found found = {.first_ns = -1, .last_ns = -1};
    struct error error = {""};
    struct query *query = store_query(store, &error);

    assert_non_null(query);
    assert_true(query_find(query, &filter, &found, &error));
    assert_true(query_find(query, &filter, &found, &error)); /* again */
    query_close(query);
    return found;
}

/* a.example at seconds 1 and 4, b.example at 2. */
static struct store *open_filled(void)
{
    struct store *store = fixture_open(":memory:");

    add(store, 1, "a.example");
    add(store, 4, "a.example");
    add(store, 2, "b.example");
    return store;
}

static void a_handshake_of_the_period_and_the_host_is_found(void **state)
{
    (void)state;
    struct store *store = open_filled();

    assert_int_equal(find(store, HANDSHAKE_NULL, HANDSHAKE_NULL, NULL).presence, PRESENCE_SOME);
    assert_int_equal(find(store, second(4), HANDSHAKE_NULL, NULL).presence, PRESENCE_SOME);
    assert_int_equal(find(store, second(2), second(3), "B.*").presence, PRESENCE_SOME);
    fixture_close(store);
}

static void outside_the_period_the_others_are_told(void **state)
{
    (void)state;
    struct store *store = open_filled();
    struct query_found found = find(store, second(5), HANDSHAKE_NULL, NULL);

    assert_int_equal(found.presence, PRESENCE_NOT_THEN);
    assert_int_equal(found.first_ns, second(1));
    assert_int_equal(found.last_ns, second(4));
    found = find(store, second(3), second(5), "b*"); /* a.example has one then */
    assert_int_equal(found.presence, PRESENCE_NOT_THEN);
    assert_int_equal(found.first_ns, second(2));
    assert_int_equal(found.last_ns, second(2));
    fixture_close(store);
}

static void an_unknown_host_is_no_question_of_the_period(void **state)
{
    (void)state;
    struct store *store = open_filled();

    assert_int_equal(find(store, HANDSHAKE_NULL, HANDSHAKE_NULL, "c.*").presence, PRESENCE_NO_HOST);
    assert_int_equal(find(store, second(9), second(10), "c.*").presence, PRESENCE_NO_HOST);
    fixture_close(store);
}

static void a_database_may_hold_no_handshake_at_all(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");

    assert_int_equal(find(store, HANDSHAKE_NULL, HANDSHAKE_NULL, NULL).presence,
                     PRESENCE_NO_HANDSHAKE);
    assert_int_equal(find(store, second(1), second(2), "a.*").presence, PRESENCE_NO_HANDSHAKE);
    fixture_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handshake_of_the_period_and_the_host_is_found),
        cmocka_unit_test(outside_the_period_the_others_are_told),
        cmocka_unit_test(an_unknown_host_is_no_question_of_the_period),
        cmocka_unit_test(a_database_may_hold_no_handshake_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
