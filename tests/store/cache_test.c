#include "store/cache.h"

#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

static void a_key_gives_its_value_back(void **state)
{
    (void)state;
    struct cache *cache = cache_new(64, 16, sizeof(int64_t));
    const int64_t one = 1;
    const int64_t two = 2;

    assert_non_null(cache);
    assert_null(cache_find(cache, "one", 3));
    cache_put(cache, "one", 3, &one);
    cache_put(cache, "two", 3, &two);
    assert_int_equal(*(const int64_t *)cache_find(cache, "one", 3), 1);
    assert_int_equal(*(const int64_t *)cache_find(cache, "two", 3), 2);
    assert_null(cache_find(cache, "on", 2));
    assert_null(cache_find(cache, "one\0", 4));
    cache_put(cache, "one", 3, &two);
    assert_int_equal(*(const int64_t *)cache_find(cache, "one", 3), 2);
    cache_free(cache);
}

static void an_empty_key_is_a_key(void **state)
{
    (void)state;
    struct cache *cache = cache_new(4, 16, sizeof(int64_t));
    const int64_t one = 1;

    assert_null(cache_find(cache, "", 0));
    cache_put(cache, "", 0, &one);
    assert_int_equal(*(const int64_t *)cache_find(cache, "", 0), 1);
    cache_free(cache);
}

static void a_key_too_long_is_not_kept(void **state)
{
    (void)state;
    struct cache *cache = cache_new(4, 3, sizeof(int64_t));
    const int64_t one = 1;

    cache_put(cache, "abcd", 4, &one);
    assert_null(cache_find(cache, "abcd", 4));
    assert_null(cache_find(cache, "abc", 3));
    cache_put(cache, "abc", 3, &one);
    assert_non_null(cache_find(cache, "abc", 3));
    assert_null(cache_find(cache, "abcd", 4));
    cache_free(cache);
}

static void a_full_cache_forgets_what_was_used_longest_ago(void **state)
{
    (void)state;
    struct cache *cache = cache_new(4, 8, sizeof(int)); /* one set of four */
    for (int i = 0; i < 4; i++) {
        cache_put(cache, &i, sizeof(i), &i);
    }
    const int used = 0;
    const int added = 4;
    const int forgotten = 1;

    assert_non_null(cache_find(cache, &used, sizeof(used)));
    cache_put(cache, &added, sizeof(added), &added);
    assert_null(cache_find(cache, &forgotten, sizeof(forgotten)));
    assert_int_equal(*(const int *)cache_find(cache, &used, sizeof(used)), used);
    assert_int_equal(*(const int *)cache_find(cache, &added, sizeof(added)), added);
    cache_free(cache);
}

static void many_keys_never_give_a_wrong_value(void **state)
{
    (void)state;
    struct cache *cache = cache_new(1024, 32, sizeof(int));
    int found = 0;

    for (int i = 0; i < 5000; i++) {
        char key[32];
        cache_put(cache, key, (size_t)snprintf(key, sizeof(key), "host-%d.example", i), &i);
    }
    for (int i = 0; i < 5000; i++) {
        char key[32];
        const int *value =
            cache_find(cache, key, (size_t)snprintf(key, sizeof(key), "host-%d.example", i));
        if (value != NULL) {
            assert_int_equal(*value, i);
            found++;
        }
    }
    assert_in_range(found, 900, 1024); /* nearly every slot is in use */
    cache_free(cache);
}

static void clearing_forgets_everything(void **state)
{
    (void)state;
    struct cache *cache = cache_new(64, 16, sizeof(int));
    const int one = 1;

    cache_put(cache, "one", 3, &one);
    cache_clear(cache);
    assert_null(cache_find(cache, "one", 3));
    cache_free(cache);
    cache_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_gives_its_value_back),
        cmocka_unit_test(an_empty_key_is_a_key),
        cmocka_unit_test(a_key_too_long_is_not_kept),
        cmocka_unit_test(a_full_cache_forgets_what_was_used_longest_ago),
        cmocka_unit_test(many_keys_never_give_a_wrong_value),
        cmocka_unit_test(clearing_forgets_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
