#include "dissect/net/beginning.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

static struct segment syn(uint32_t sequence, int64_t time_ns)
{
    const struct segment segment = {.flags = TCP_SYN, .sequence = sequence, .time_ns = time_ns};

    return segment;
}

static struct beginning began_at(uint32_t first, int64_t now_ns)
{
    struct beginning beginning = {.seen_ms = 0};

    beginning_note(&beginning, 0, first);
    beginning_touch(&beginning, now_ns);
    return beginning;
}

static void a_syn_right_before_the_first_byte_is_the_connections_own(void **state)
{
    (void)state;
    const struct beginning beginning = began_at(0, 5000 * MS);
    const struct segment late = syn(UINT32_MAX, 5001 * MS);

    assert_true(beginning_has_syn(&beginning, &late, 0));
}

static void a_syn_a_little_before_the_first_byte_seen_is_too(void **state)
{
    (void)state;
    const struct beginning beginning = began_at(20000, 5000 * MS);
    const struct segment near = syn(19999 - 16384, 5001 * MS);
    const struct segment far = syn(19999 - 16385, 5001 * MS);

    assert_true(beginning_has_syn(&beginning, &near, 0));
    assert_false(beginning_has_syn(&beginning, &far, 0));
}

static void a_syn_at_or_behind_the_first_byte_is_another_connections(void **state)
{
    (void)state;
    const struct beginning beginning = began_at(20000, 5000 * MS);
    const struct segment at = syn(20000, 5001 * MS);

    assert_false(beginning_has_syn(&beginning, &at, 0));
}

static void after_a_second_of_silence_it_is_another_connections(void **state)
{
    (void)state;
    const struct beginning beginning = began_at(20000, 5000 * MS);
    const struct segment in_time = syn(19999, 6000 * MS);
    const struct segment too_late = syn(19999, 6001 * MS);

    assert_true(beginning_has_syn(&beginning, &in_time, 0));
    assert_false(beginning_has_syn(&beginning, &too_late, 0));
}

static void a_direction_that_was_not_seen_knows_no_syn(void **state)
{
    (void)state;
    const struct beginning beginning = began_at(1, 5000 * MS);
    const struct segment other = syn(0, 5000 * MS);

    assert_true(beginning_has_syn(&beginning, &other, 0));
    assert_false(beginning_has_syn(&beginning, &other, 1));
}

static bool has_read(const struct beginning *beginning, uint32_t sequence, unsigned direction)
{
    const struct segment segment = {.sequence = sequence};

    return beginning_has_read(beginning, &segment, direction);
}

static void bytes_are_read_up_to_the_end_that_was_noted(void **state)
{
    (void)state;
    struct beginning beginning = began_at(UINT32_MAX - 99, 0);

    beginning_note_end(&beginning, 0, 200);
    assert_true(has_read(&beginning, UINT32_MAX - 99, 0));
    assert_true(has_read(&beginning, 0, 0));
    assert_true(has_read(&beginning, 199, 0));
    assert_false(has_read(&beginning, 200, 0));
    assert_false(has_read(&beginning, UINT32_MAX / 2, 0));
}

/* On a connection of gigabytes sequence numbers come back. */
static void what_lies_further_behind_than_any_window_is_new(void **state)
{
    (void)state;
    struct beginning beginning = began_at(0, 0);

    beginning_note_end(&beginning, 0, 0xc0000000);
    assert_true(has_read(&beginning, 0x80000000, 0));
    assert_false(has_read(&beginning, 0x7fffffff, 0));
}

static void bytes_a_little_before_the_first_are_late(void **state)
{
    (void)state;
    const struct beginning beginning = began_at(20000, 0);

    assert_true(has_read(&beginning, 20000 - 16384, 0));
    assert_false(has_read(&beginning, 20000 - 16385, 0));
    assert_false(has_read(&beginning, 20000, 0));
}

static void in_a_direction_that_was_not_seen_nothing_was_read(void **state)
{
    (void)state;
    const struct beginning beginning = began_at(20000, 0);

    assert_false(has_read(&beginning, 19999, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syn_right_before_the_first_byte_is_the_connections_own),
        cmocka_unit_test(a_syn_a_little_before_the_first_byte_seen_is_too),
        cmocka_unit_test(a_syn_at_or_behind_the_first_byte_is_another_connections),
        cmocka_unit_test(after_a_second_of_silence_it_is_another_connections),
        cmocka_unit_test(a_direction_that_was_not_seen_knows_no_syn),
        cmocka_unit_test(bytes_are_read_up_to_the_end_that_was_noted),
        cmocka_unit_test(what_lies_further_behind_than_any_window_is_new),
        cmocka_unit_test(bytes_a_little_before_the_first_are_late),
        cmocka_unit_test(in_a_direction_that_was_not_seen_nothing_was_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
