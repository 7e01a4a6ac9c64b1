#include "report/host_keys.h"

#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct use {
    const char *server;
    int64_t key;
    int64_t first_s;
    int64_t last_s;
    int64_t issued;
};

static struct host_keys keys_of(const struct use *uses, size_t count)
{
    struct host_keys_gather *gather = host_keys_gather_new();
    struct host_keys out;

    assert_non_null(gather);
    for (size_t i = 0; i < count; i++) {
        struct key_use_record use = {
            .key = uses[i].key,
            .name = "00112233445566778899aabbccddeeff",
            .host = records_text("a", 1),
            .server = records_endpoint(uses[i].server, 443),
            .first_seen_ns = uses[i].first_s * records_s,
            .last_seen_ns = uses[i].last_s * records_s,
            .issued_count = uses[i].issued,
            .warnings = (uint8_t)(1U << i),
        };
        assert_true(host_keys_gather_add(gather, &use));
    }
    assert_true(host_keys_gather_end(gather, &out));
    host_keys_gather_free(gather);
    return out;
}

#define KEYS(uses) keys_of(uses, sizeof(uses) / sizeof((uses)[0]))

static void nothing_has_no_keys(void **state)
{
    (void)state;
    const struct host_keys keys = keys_of(NULL, 0);

    assert_int_equal(keys.keys, 0);
    assert_int_equal(keys.issued, 0);
    assert_int_equal(keys.rotation_ns, HANDSHAKE_NULL);
    assert_int_equal(keys.split, HOST_KEYS_TOGETHER);
}

static void servers_without_a_common_key_are_split(void **state)
{
    (void)state;
    const struct use uses[] = {
        {"192.0.2.7", 1, 0, 100, 3},
        {"192.0.2.8", 2, 10, 110, 3},
    };
    const struct host_keys keys = KEYS(uses);
    const struct endpoint second = records_endpoint("192.0.2.8", 443);

    assert_int_equal(keys.split, HOST_KEYS_BY_SERVER);
    assert_memory_equal(keys.servers[1].address, second.address, sizeof(second.address));
    assert_int_equal(keys.keys, 2);
    assert_int_equal(keys.issued, 6);
    assert_int_equal(keys.warnings, 3);
    assert_int_equal(keys.span_ns, 110 * records_s);
}

/* Both go from key 1 to key 2, and the first key's tickets are still offered. */
static void servers_that_rotate_together_are_not_split(void **state)
{
    (void)state;
    const struct use uses[] = {
        {"192.0.2.7", 1, 0, 100, 9},
        {"192.0.2.7", 2, 50, 110, 9},
        {"192.0.2.8", 1, 0, 100, 9},
        {"192.0.2.8", 2, 55, 110, 9},
    };
    const struct host_keys keys = KEYS(uses);

    assert_int_equal(keys.split, HOST_KEYS_TOGETHER);
    assert_int_equal(keys.rotations, 2);
    assert_int_equal(keys.rotation_ns, 50 * records_s); /* of 50 and 55 the earlier */
}

/* 80 of 100 s in common are a new key whose predecessor's tickets live on; 90 are not. */
static void keys_side_by_side_at_one_address_are_split(void **state)
{
    (void)state;
    for (int64_t first_s = 10; first_s <= 20; first_s += 10) {
        const struct use uses[] = {
            {"192.0.2.7", 1, 0, 100, 3},
            {"192.0.2.7", 2, first_s, 100, 3},
        };
        const struct host_keys keys = KEYS(uses);
        assert_int_equal(keys.split, first_s == 10 ? HOST_KEYS_ONE_ADDRESS : HOST_KEYS_TOGETHER);
    }
}

static void servers_one_after_the_other_are_not_split(void **state)
{
    (void)state;
    const struct use uses[] = {
        {"192.0.2.7", 1, 0, 100, 9},
        {"192.0.2.8", 2, 100, 200, 9},
    };
    assert_int_equal(KEYS(uses).split, HOST_KEYS_TOGETHER);
}

/* A ticket of another server is offered there: the key was seen, nothing was issued under it. */
static void a_key_that_issues_next_to_nothing_splits_nobody(void **state)
{
    (void)state;
    const struct use uses[] = {
        {"192.0.2.7", 1, 0, 100, 9},
        {"192.0.2.8", 2, 0, 100, 2},
    };
    assert_int_equal(KEYS(uses).split, HOST_KEYS_TOGETHER);
}

static void any_times_and_any_number_of_uses_can_be_given(void **state)
{
    (void)state;
    struct host_keys_gather *gather = host_keys_gather_new();
    struct host_keys out;

    assert_non_null(gather);
    for (int64_t i = 0; i < 300; i++) {
        struct key_use_record use = {
            .key = i,
            .host = records_text("a", 1),
            .server = records_endpoint("192.0.2.7", (uint16_t)(i / 3)),
            .first_seen_ns = i % 2 == 0 ? INT64_MIN + 1 : INT64_MAX,
            .last_seen_ns = i % 3 == 0 ? INT64_MIN + 1 : INT64_MAX,
            .issued_count = i % 5 == 0 ? INT64_MIN + 1 : i,
        };
        assert_true(host_keys_gather_add(gather, &use));
    }
    assert_true(host_keys_gather_end(gather, &out));
    assert_int_equal(out.keys, 300);
    assert_int_equal(out.span_ns, INT64_MAX);
    host_keys_gather_free(gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_has_no_keys),
        cmocka_unit_test(servers_without_a_common_key_are_split),
        cmocka_unit_test(servers_that_rotate_together_are_not_split),
        cmocka_unit_test(keys_side_by_side_at_one_address_are_split),
        cmocka_unit_test(servers_one_after_the_other_are_not_split),
        cmocka_unit_test(a_key_that_issues_next_to_nothing_splits_nobody),
        cmocka_unit_test(any_times_and_any_number_of_uses_can_be_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
