#include "report/key_timeline.h"
#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct key_timeline *timeline;

static int begin(void **state)
{
    (void)state;
    timeline = key_timeline_new();
    return timeline == NULL ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    key_timeline_free(timeline);
    return 0;
}

static void add(const char *host, const char *server, const char *name)
{
    struct key_use_record use = {
        .host = records_text(host, strlen(host)),
        .server = records_endpoint(server, 443),
        .first_seen_ns = 1000,
        .last_seen_ns = 2000,
        .issued_count = 3,
        .accepted_count = 2,
        .refused_count = 1,
    };

    (void)snprintf(use.name, sizeof(use.name), "%s", name);
    assert_true(key_timeline_add(timeline, &use));
}

static void the_uses_of_a_host_stand_together(void **state)
{
    (void)state;
    add("a.example", "192.0.2.1", "aa");
    add("a.example", "192.0.2.2", "ab");
    add("b.example", "192.0.2.1", "ba");

    assert_int_equal(key_timeline_hosts(timeline), 2);
    const struct key_timeline_host *a = key_timeline_host(timeline, 0);
    const struct key_timeline_host *b = key_timeline_host(timeline, 1);
    assert_int_equal(a->first, 0);
    assert_int_equal(a->count, 2);
    assert_int_equal(b->first, 2);
    assert_int_equal(b->count, 1);
    const struct key_timeline_use *use = key_timeline_use(timeline, 2);
    assert_string_equal(use->name, "ba");
    assert_int_equal(use->first_seen_ns, 1000);
    assert_int_equal(use->last_seen_ns, 2000);
    assert_int_equal(use->issued_count, 3);
    assert_int_equal(use->accepted_count, 2);
    assert_int_equal(use->refused_count, 1);
}

static void servers_are_told_by_address_and_port(void **state)
{
    (void)state;
    add("a.example", "192.0.2.1", "aa");
    add("a.example", "192.0.2.1", "ab");
    add("a.example", "192.0.2.2", "ac");
    struct key_timeline_use other_port = *key_timeline_use(timeline, 0);

    other_port.server.port = 8443;
    assert_true(
        key_timeline_is_same_server(key_timeline_use(timeline, 0), key_timeline_use(timeline, 1)));
    assert_false(
        key_timeline_is_same_server(key_timeline_use(timeline, 1), key_timeline_use(timeline, 2)));
    assert_false(key_timeline_is_same_server(key_timeline_use(timeline, 0), &other_port));
}

/* Uses: a 1, b 3, c 1, d 2. */
static void the_busiest_hosts_come_first_and_equals_in_their_order(void **state)
{
    (void)state;
    static const char *const hosts[] = {"a", "b", "b", "b", "c", "d", "d"};
    size_t places[4] = {99, 99, 99, 99};

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        add(hosts[i], "192.0.2.1", "00");
    }
    assert_int_equal(key_timeline_busiest(timeline, 4, places), 4);
    assert_int_equal(places[0], 1);
    assert_int_equal(places[1], 3);
    assert_int_equal(places[2], 0);
    assert_int_equal(places[3], 2);
    places[2] = 99;
    assert_int_equal(key_timeline_busiest(timeline, 2, places), 2);
    assert_int_equal(places[0], 1);
    assert_int_equal(places[1], 3);
    assert_int_equal(places[2], 99);
    assert_int_equal(key_timeline_busiest(timeline, 0, places), 0);
}

static void nothing_has_no_hosts(void **state)
{
    (void)state;
    size_t place;

    assert_int_equal(key_timeline_hosts(timeline), 0);
    assert_int_equal(key_timeline_busiest(timeline, 1, &place), 0);
    key_timeline_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_uses_of_a_host_stand_together, begin, end),
        cmocka_unit_test_setup_teardown(servers_are_told_by_address_and_port, begin, end),
        cmocka_unit_test_setup_teardown(the_busiest_hosts_come_first_and_equals_in_their_order,
                                        begin, end),
        cmocka_unit_test_setup_teardown(nothing_has_no_hosts, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
