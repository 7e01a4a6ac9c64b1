#include "base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void never_gives_more_blocks_than_promised(void **state)
{
    (void)state;
    struct pool *pool = pool_new(64, 3);
    assert_non_null(pool);

    for (int i = 0; i < 3; i++) {
        assert_non_null(pool_take(pool));
    }
    assert_null(pool_take(pool));
    assert_int_equal(pool_taken(pool), 3);
    pool_free(pool);
}

/* 10 000 blocks of 100 bytes need several chunks; each block is filled with its own number. */
static void blocks_are_apart_from_each_other(void **state)
{
    (void)state;
    enum { COUNT = 10000, BLOCK_BYTES = 100 };
    static uint8_t *blocks[COUNT];
    struct pool *pool = pool_new(BLOCK_BYTES, COUNT);
    assert_non_null(pool);

    for (int i = 0; i < COUNT; i++) {
        blocks[i] = pool_take(pool);
        assert_non_null(blocks[i]);
        memset(blocks[i], i % 251, BLOCK_BYTES);
    }
    assert_null(pool_take(pool));
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(blocks[i][0], i % 251);
        assert_int_equal(blocks[i][BLOCK_BYTES - 1], i % 251);
    }
    pool_free(pool);
}

static void blocks_are_aligned_for_any_type(void **state)
{
    (void)state;
    struct pool *pool = pool_new(1, 20);
    assert_non_null(pool);

    for (int i = 0; i < 20; i++) {
        const void *block = pool_take(pool);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % _Alignof(max_align_t), 0);
    }
    pool_free(pool);
}

static void blocks_of_whole_cache_lines_begin_at_one(void **state)
{
    (void)state;
    enum { COUNT = 10000, LINE_BYTES = 64 };
    struct pool *pool = pool_new(LINE_BYTES, COUNT);
    assert_non_null(pool);

    for (int i = 0; i < COUNT; i++) {
        assert_int_equal((uintptr_t)pool_take(pool) % LINE_BYTES, 0);
    }
    pool_free(pool);
}

static void a_block_given_back_can_be_taken_again(void **state)
{
    (void)state;
    struct pool *pool = pool_new(2048, 1);
    assert_non_null(pool);

    void *block = pool_take(pool);
    assert_non_null(block);
    assert_null(pool_take(pool));
    pool_give(pool, block);
    assert_int_equal(pool_taken(pool), 0);
    assert_ptr_equal(pool_take(pool), block);
    assert_int_equal(pool_taken(pool), 1);
    pool_free(pool);
}

static void a_block_may_be_larger_than_a_chunk(void **state)
{
    (void)state;
    enum { LARGE = 1024 * 1024 };
    struct pool *pool = pool_new(LARGE, 2);
    assert_non_null(pool);

    uint8_t *first = pool_take(pool);
    uint8_t *second = pool_take(pool);
    assert_non_null(first);
    assert_non_null(second);
    memset(first, 1, LARGE);
    memset(second, 2, LARGE);
    assert_int_equal(first[LARGE - 1], 1);
    assert_null(pool_take(pool));
    pool_free(pool);
}

static void a_pool_of_no_blocks_has_none_to_give(void **state)
{
    (void)state;
    struct pool *pool = pool_new(64, 0);
    assert_non_null(pool);

    assert_null(pool_take(pool));
    pool_free(pool);
}

/* The callers size their copies by it: the rounding for alignment must not show. */
static void the_block_size_is_what_was_asked_for(void **state)
{
    (void)state;
    struct pool *pool = pool_new(33, 1);
    assert_non_null(pool);

    assert_int_equal(pool_block_bytes(pool), 33);
    pool_free(pool);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    pool_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(never_gives_more_blocks_than_promised),
        cmocka_unit_test(blocks_are_apart_from_each_other),
        cmocka_unit_test(blocks_are_aligned_for_any_type),
        cmocka_unit_test(blocks_of_whole_cache_lines_begin_at_one),
        cmocka_unit_test(a_block_given_back_can_be_taken_again),
        cmocka_unit_test(a_block_may_be_larger_than_a_chunk),
        cmocka_unit_test(a_pool_of_no_blocks_has_none_to_give),
        cmocka_unit_test(the_block_size_is_what_was_asked_for),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
