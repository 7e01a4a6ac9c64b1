#include "tests/dissect/net/flow_numbers.h"

/* Beside its cell: nine bytes when the pages have just grown, seven and a half on average. */
static void a_flow_takes_few_bytes_and_a_small_table_little(void **state)
{
    (void)state;
    enum { FLOWS = 400000, STEP = 5000, FIRST = 40000 };
    struct flow_table *table = flow_table_new(1 << 20);
    double sum = 0;
    unsigned looks = 0;

    assert_non_null(table);
    assert_true(flow_table_bytes(table) < 150000);
    for (uint32_t n = 0; n < FLOWS; n++) {
        add(table, n);
        if (n >= FIRST && n % STEP == 0) {
            const double beside = (double)flow_table_bytes(table) / n - FLOW_BYTES;
            assert_true(beside < 11);
            sum += beside;
            looks++;
        }
    }
    assert_true(sum / looks < 8);
    flow_table_free(table);
}

/* Pages split one by one, so that in between some places of the directory share a page: of full
 * pages one is split some flows before the other. */
static void a_table_with_pages_of_unequal_depth_gives_back_its_memory(void **state)
{
    (void)state;
    enum { CAPACITY = 200000, FIRST = 82000, LAST = 86000, STEP = 200, UNIT_BYTES = 8192 };
    struct flow_table *empty = table_of(CAPACITY, 0);
    const size_t empty_bytes = flow_table_bytes(empty);
    unsigned unequal = 0;

    for (uint32_t size = FIRST; size <= LAST; size += STEP) {
        struct flow_table *table = table_of(CAPACITY, size);
        const size_t units =
            1 + (flow_table_bytes(table) - (size_t)size * FLOW_BYTES - empty_bytes) / UNIT_BYTES;
        assert_in_range(units, 64, 80); /* four pages of 16, eight of 10 */
        unequal += units > 64 && units < 80;
        flow_table_free(table);
    }
    assert_true(unequal > 0);
    flow_table_free(empty);
}

/* Where its tag is another's too, or the flow stands in a later bucket, the first guess is wrong;
 * the second one is right but for few. */
static void the_second_guess_is_another_one(void **state)
{
    (void)state;
    enum { FLOWS = 20800 }; /* of a page, all but full */
    struct flow_table *table = table_of(100000, FLOWS);
    uint32_t first = 0;
    uint32_t second = 0;

    for (uint32_t n = 0; n < FLOWS; n++) {
        const uint32_t hint = expect(table, n);
        if (flow_table_expected(table, hint) == find(table, n)) {
            first++;
            continue;
        }
        const uint32_t again = flow_table_expect_again(table, hash_of(n), hint);
        assert_true(again != hint || again == 0);
        second += flow_table_expected(table, again) == find(table, n);
    }
    assert_in_range(first, FLOWS * 90 / 100, FLOWS - 1);
    assert_in_range(second, (FLOWS - first) * 90 / 100, FLOWS);
    flow_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_takes_few_bytes_and_a_small_table_little),
        cmocka_unit_test(a_table_with_pages_of_unequal_depth_gives_back_its_memory),
        cmocka_unit_test(the_second_guess_is_another_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
