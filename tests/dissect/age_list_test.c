#include "dissect/age_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

/* Oldest first, then back: both chains tell the same. */
static void assert_order(const struct age_list *list, struct age_link *const *links, size_t count)
{
    const struct age_link *link = list->oldest;

    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(link, links[i]);
        link = link->newer;
    }
    assert_null(link);
    link = list->newest;
    for (size_t i = count; i > 0; i--) {
        assert_ptr_equal(link, links[i - 1]);
        link = link->older;
    }
    assert_null(link);
}

static void what_is_used_becomes_the_newest(void **state)
{
    (void)state;
    struct age_list list = {.timeout_ns = 10};
    struct age_link a;
    struct age_link b;
    struct age_link c;
    age_list_add(&list, &a, 1);
    age_list_add(&list, &b, 2);
    age_list_add(&list, &c, 3);
    assert_order(&list, (struct age_link *const[]){&a, &b, &c}, 3);
    age_list_touch(&list, &b, 4);
    assert_order(&list, (struct age_link *const[]){&a, &c, &b}, 3);
    age_list_touch(&list, &b, 5);
    assert_order(&list, (struct age_link *const[]){&a, &c, &b}, 3);
    assert_int_equal(b.last_ns, 5);
    age_list_touch(&list, &a, 6);
    assert_order(&list, (struct age_link *const[]){&c, &b, &a}, 3);
}

static void removal_closes_the_gap_at_either_end_and_between(void **state)
{
    (void)state;
    struct age_list list = {.timeout_ns = 10};
    struct age_link links[5];
    for (int i = 0; i < 5; i++) {
        age_list_add(&list, &links[i], i);
    }
    age_list_remove(&links[2]);
    assert_order(&list, (struct age_link *const[]){&links[0], &links[1], &links[3], &links[4]}, 4);
    age_list_remove(&links[0]);
    age_list_remove(&links[4]);
    assert_order(&list, (struct age_link *const[]){&links[1], &links[3]}, 2);
    age_list_remove(&links[1]);
    age_list_remove(&links[3]);
    assert_order(&list, NULL, 0);
}

static void a_touch_moves_from_one_list_to_another(void **state)
{
    (void)state;
    struct age_list first = {.timeout_ns = 100};
    struct age_list second = {.timeout_ns = 10};
    struct age_link a;
    struct age_link b;
    age_list_add(&first, &a, 1);
    age_list_add(&first, &b, 1);
    age_list_touch(&second, &b, 2);
    assert_order(&first, (struct age_link *const[]){&a}, 1);
    assert_order(&second, (struct age_link *const[]){&b}, 1);
    assert_true(age_list_is_overdue(&b, 12));
    assert_false(age_list_is_overdue(&b, 11));
    assert_false(age_list_is_overdue(&a, 100));
    assert_true(age_list_is_overdue(&a, 101));
}

static void a_clock_that_goes_back_and_returns_leaves_nobody_overdue(void **state)
{
    (void)state;
    struct age_list list = {.timeout_ns = 10};
    struct age_link a;
    struct age_link b;
    age_list_add(&list, &a, 100);
    age_list_add(&list, &b, 101);
    age_list_touch(&list, &a, 20);
    age_list_touch(&list, &a, 21);
    assert_order(&list, (struct age_link *const[]){&b, &a}, 2);
    assert_false(age_list_is_overdue(&a, 102));
    assert_true(age_list_is_overdue(&a, 110));
    age_list_touch(&list, &a, 103);
    assert_false(age_list_is_overdue(&a, 112));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_used_becomes_the_newest),
        cmocka_unit_test(removal_closes_the_gap_at_either_end_and_between),
        cmocka_unit_test(a_touch_moves_from_one_list_to_another),
        cmocka_unit_test(a_clock_that_goes_back_and_returns_leaves_nobody_overdue),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
