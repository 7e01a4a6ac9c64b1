#include "report/key_owners.h"

#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void add(struct key_timeline *timeline, const char *host, const char *key_name)
{
    struct key_use_record use = {.host = records_text(host, strlen(host))};

    (void)snprintf(use.name, sizeof(use.name), "%s", key_name);
    assert_true(key_timeline_add(timeline, &use));
}

static struct key_owners *owners_of(struct key_timeline *timeline)
{
    struct key_owners *owners = key_owners_new(timeline);

    assert_non_null(owners);
    return owners;
}

static void hosts_are_found_by_name_in_any_order(void **state)
{
    (void)state;
    static const char *const names[] = {"b.example", "a", "", "\xff\x1b", "a.example"};
    struct key_timeline *timeline = key_timeline_new();
    size_t place;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        add(timeline, names[i], "aa");
    }
    struct key_owners *owners = owners_of(timeline);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_true(key_owners_find(owners, names[i], strlen(names[i]), &place));
        assert_int_equal(place, i);
    }
    assert_false(key_owners_find(owners, "c.example", 9, &place));
    key_owners_free(owners);
    key_timeline_free(timeline);
}

/* a has it at two servers. */
static void a_key_names_each_of_its_hosts_once(void **state)
{
    (void)state;
    struct key_timeline *timeline = key_timeline_new();
    size_t places[3] = {77, 77, 77};

    add(timeline, "a", "aa");
    add(timeline, "a", "bb");
    add(timeline, "a", "aa");
    add(timeline, "b", "bb");
    add(timeline, "c", "aa");
    struct key_owners *owners = owners_of(timeline);
    assert_int_equal(key_owners_of(owners, "aa", 3, places), 2);
    assert_int_equal(places[0], 0);
    assert_int_equal(places[1], 2);
    assert_int_equal(places[2], 77);
    assert_int_equal(key_owners_of(owners, "aa", 0, places), 2);
    assert_int_equal(key_owners_of(owners, "a", 3, places), 0);
    assert_int_equal(key_owners_of(owners, "cc", 3, places), 0);
    key_owners_free(owners);
    key_timeline_free(timeline);
}

/* a shares aa with c and bb with b and c. */
static void hosts_that_share_any_key_are_named_once(void **state)
{
    (void)state;
    struct key_timeline *timeline = key_timeline_new();
    size_t others[KEY_OWNERS_NAMED];

    add(timeline, "a", "aa");
    add(timeline, "a", "bb");
    add(timeline, "b", "bb");
    add(timeline, "c", "aa");
    add(timeline, "c", "bb");
    add(timeline, "d", "dd");
    struct key_owners *owners = owners_of(timeline);
    assert_int_equal(key_owners_sharing(owners, 0, others), 2);
    assert_int_equal(others[0], 2);
    assert_int_equal(others[1], 1);
    assert_int_equal(key_owners_sharing(owners, 3, others), 0);
    key_owners_free(owners);
    key_timeline_free(timeline);
}

static void more_hosts_than_are_named_are_more(void **state)
{
    (void)state;

    for (size_t hosts = 1; hosts < KEY_OWNERS_NAMED + 4; hosts++) {
        struct key_timeline *timeline = key_timeline_new();
        size_t others[KEY_OWNERS_NAMED];
        char name[32];
        for (size_t i = 0; i < hosts; i++) {
            (void)snprintf(name, sizeof(name), "%zu", i);
            add(timeline, name, "aa");
        }
        struct key_owners *owners = owners_of(timeline);
        for (size_t place = 0; place < hosts; place++) {
            const size_t count = key_owners_sharing(owners, place, others);
            assert_int_equal(count,
                             hosts - 1 <= KEY_OWNERS_NAMED ? hosts - 1 : KEY_OWNERS_NAMED + 1);
        }
        key_owners_free(owners);
        key_timeline_free(timeline);
    }
}

static void nothing_has_no_owner(void **state)
{
    (void)state;
    struct key_timeline *timeline = key_timeline_new();
    struct key_owners *owners = owners_of(timeline);
    size_t place;

    assert_false(key_owners_find(owners, "", 0, &place));
    assert_int_equal(key_owners_of(owners, "", 1, &place), 0);
    key_owners_free(owners);
    key_owners_free(NULL);
    key_timeline_free(timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_found_by_name_in_any_order),
        cmocka_unit_test(a_key_names_each_of_its_hosts_once),
        cmocka_unit_test(hosts_that_share_any_key_are_named_once),
        cmocka_unit_test(more_hosts_than_are_named_are_more),
        cmocka_unit_test(nothing_has_no_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
