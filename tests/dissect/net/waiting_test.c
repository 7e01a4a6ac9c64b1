#include "dissect/net/waiting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct waiting_run run_of(uint32_t sequence, const char *text, uint32_t missing)
{
    return (struct waiting_run){
        .data = (const uint8_t *)text,
        .sequence = sequence,
        .len = (uint32_t)strlen(text),
        .missing = missing,
        .starts_segment = true,
    };
}

static void store(struct waiting *waiting, struct pool *pool, struct waiting_run run)
{
    assert_true(waiting_store(waiting, pool, &run));
    assert_int_equal(run.len, 0);
    assert_int_equal(run.missing, 0);
}

/* Takes the head, which must be that. */
static void expect(struct waiting *waiting, struct pool *pool, uint32_t sequence, const char *text,
                   uint32_t missing)
{
    struct waiting_block *block = waiting_take_head(waiting);

    assert_non_null(block);
    assert_int_equal(block->sequence, sequence);
    assert_int_equal(block->len, strlen(text));
    assert_memory_equal(block->data, text, block->len);
    assert_int_equal(block->missing, missing);
    pool_give(pool, block);
}

static void runs_come_out_by_sequence_number(void **state)
{
    (void)state;
    struct pool *pool = pool_new(STREAM_BLOCK_BYTES, 8);
    struct waiting waiting = {.head = NULL};

    store(&waiting, pool, run_of(5, "fg", 0));
    store(&waiting, pool, run_of(UINT32_MAX - 1, "abc", 0));
    store(&waiting, pool, run_of(2, "de", 3));
    assert_int_equal(waiting.bytes, 7);
    assert_int_equal(waiting.blocks, 3);
    assert_int_equal(waiting_end(&waiting), 7);
    expect(&waiting, pool, UINT32_MAX - 1, "abc", 0);
    expect(&waiting, pool, 2, "de", 3);
    expect(&waiting, pool, 5, "fg", 0);
    assert_null(waiting_take_head(&waiting));
    assert_null(waiting.tail);
    assert_int_equal(waiting.bytes, 0);
    assert_int_equal(waiting.blocks, 0);
    pool_free(pool);
}

static void only_what_is_not_there_yet_is_stored(void **state)
{
    (void)state;
    struct pool *pool = pool_new(STREAM_BLOCK_BYTES, 8);
    struct waiting waiting = {.head = NULL};

    store(&waiting, pool, run_of(12, "CD", 0));
    store(&waiting, pool, run_of(16, "GH", 0));
    store(&waiting, pool, run_of(10, "abcdefghij", 0));
    store(&waiting, pool, run_of(11, "xxxxxx", 0));
    assert_int_equal(waiting.bytes, 10);
    expect(&waiting, pool, 10, "ab", 0);
    expect(&waiting, pool, 12, "CD", 0);
    expect(&waiting, pool, 14, "ef", 0);
    expect(&waiting, pool, 16, "GH", 0);
    expect(&waiting, pool, 18, "ij", 0);
    pool_free(pool);
}

static void missing_bytes_begin_behind_those_that_came(void **state)
{
    (void)state;
    struct pool *pool = pool_new(STREAM_BLOCK_BYTES, 8);
    struct waiting waiting = {.head = NULL};

    store(&waiting, pool, run_of(10, "abcd", 0));
    store(&waiting, pool, run_of(11, "b", 9)); /* missing: 12 to 21, of which 14 on are unknown */
    store(&waiting, pool, run_of(14, "", 2));  /* nothing but missing */
    store(&waiting, pool, run_of(14, "ef", 0));
    expect(&waiting, pool, 10, "abcd", 0);
    expect(&waiting, pool, 14, "", 7);
    expect(&waiting, pool, 14, "", 2);
    expect(&waiting, pool, 14, "ef", 0);
    pool_free(pool);
}

static void missing_bytes_that_all_came_take_no_block(void **state)
{
    (void)state;
    struct pool *pool = pool_new(STREAM_BLOCK_BYTES, 2);
    struct waiting waiting = {.head = NULL};

    store(&waiting, pool, run_of(10, "abcd", 0));
    store(&waiting, pool, run_of(14, "efgh", 0));
    store(&waiting, pool, run_of(11, "b", 6));
    assert_int_equal(waiting.blocks, 2);
    waiting_clear(&waiting, pool);
    pool_free(pool);
}

static void what_cannot_be_stored_stays_in_the_run(void **state)
{
    (void)state;
    struct pool *pool = pool_new(STREAM_BLOCK_BYTES, 2);
    struct waiting waiting = {.head = NULL};
    struct waiting_run run = run_of(10, "abcdef", 3);

    store(&waiting, pool, run_of(12, "C", 0));
    assert_false(waiting_store(&waiting, pool, &run)); /* "ab" takes the last block */
    assert_int_equal(run.sequence, 13);
    assert_int_equal(run.len, 3);
    assert_int_equal(run.missing, 3);
    assert_false(run.starts_segment);

    run = run_of(20, "", 3);
    assert_false(waiting_store(&waiting, pool, &run));
    assert_int_equal(run.missing, 3);
    waiting_clear(&waiting, pool);
    assert_int_equal(pool_taken(pool), 0);
    pool_free(pool);
}

static void overlaps_are_compared_byte_by_byte(void **state)
{
    (void)state;
    struct pool *pool = pool_new(STREAM_BLOCK_BYTES, 8);
    struct waiting waiting = {.head = NULL};
    struct waiting_run run = run_of(10, "abcdefghij", 0);

    assert_int_equal(waiting_compare(&waiting, &run), WAITING_NONE);
    store(&waiting, pool, run_of(12, "cd", 0));
    store(&waiting, pool, run_of(16, "gh", 0));
    assert_int_equal(waiting_compare(&waiting, &run), WAITING_SAME);
    run = run_of(14, "ef", 0);
    assert_int_equal(waiting_compare(&waiting, &run), WAITING_NONE);
    run = run_of(17, "h", 0);
    assert_int_equal(waiting_compare(&waiting, &run), WAITING_SAME);
    run = run_of(17, "x", 0);
    assert_int_equal(waiting_compare(&waiting, &run), WAITING_DIFFERENT);
    run = run_of(18, "x", 0);
    assert_int_equal(waiting_compare(&waiting, &run), WAITING_NONE);
    run = run_of(5, "1234567", 0);
    assert_int_equal(waiting_compare(&waiting, &run), WAITING_NONE);
    waiting_clear(&waiting, pool);
    pool_free(pool);
}

static void skipping_takes_seen_bytes_first(void **state)
{
    (void)state;
    struct waiting_run run = run_of(10, "abc", 4);

    waiting_run_skip(&run, 0);
    assert_true(run.starts_segment);
    waiting_run_skip(&run, 2);
    assert_int_equal(run.sequence, 12);
    assert_int_equal(run.len, 1);
    assert_int_equal(run.data[0], 'c');
    assert_false(run.starts_segment);
    waiting_run_skip(&run, 3);
    assert_int_equal(run.sequence, 15);
    assert_int_equal(run.len, 0);
    assert_int_equal(run.missing, 2);
    waiting_run_skip(&run, 100);
    assert_int_equal(run.sequence, 17);
    assert_int_equal(run.missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_come_out_by_sequence_number),
        cmocka_unit_test(only_what_is_not_there_yet_is_stored),
        cmocka_unit_test(missing_bytes_begin_behind_those_that_came),
        cmocka_unit_test(missing_bytes_that_all_came_take_no_block),
        cmocka_unit_test(what_cannot_be_stored_stays_in_the_run),
        cmocka_unit_test(overlaps_are_compared_byte_by_byte),
        cmocka_unit_test(skipping_takes_seen_bytes_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
