#include "capture/magic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Asks about a file with these bytes in it. */
static bool asked_of(const char *bytes, size_t len)
{
    char path[] = "/tmp/reprise-magic-XXXXXX";
    const int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    assert_int_equal(close(fd), 0);
    const bool answer = magic_may_be_capture(path);
    assert_int_equal(unlink(path), 0);
    return answer;
}

static void captures_in_either_byte_order_are_known(void **state)
{
    (void)state;
    assert_true(asked_of("\xa1\xb2\xc3\xd4\0\2", 6));
    assert_true(asked_of("\xd4\xc3\xb2\xa1\2\0", 6));
    assert_true(asked_of("\xa1\xb2\x3c\x4d\0\2", 6));
    assert_true(asked_of("\x4d\x3c\xb2\xa1\2\0", 6));
    assert_true(asked_of("\x0a\x0d\x0d\x0a\x1c\0", 6));
}

static void other_files_are_not(void **state)
{
    (void)state;
    assert_false(asked_of("# A readme", 10));
    assert_false(asked_of("{\"file\":", 8));
    assert_false(asked_of("\xd4\xc3\xb2\xa2\2\0", 6));
}

static void what_cannot_be_told_is_left_to_the_reader(void **state)
{
    (void)state;
    assert_true(asked_of("", 0));
    assert_true(asked_of("#!", 2));
    assert_true(magic_may_be_capture("/nowhere/at/all"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captures_in_either_byte_order_are_known),
        cmocka_unit_test(other_files_are_not),
        cmocka_unit_test(what_cannot_be_told_is_left_to_the_reader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
