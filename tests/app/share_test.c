#include "app/share.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void several_dissectors_have_the_limits_of_one(void **state)
{
    struct dissector_options whole;

    (void)state;
    dissector_options_init(&whole);
    const struct dissector_options one = share_of_options(&whole, 1);
    const struct dissector_options four = share_of_options(&whole, 4);
    assert_memory_equal(&one, &whole, sizeof(whole));
    assert_int_equal(four.max_conversations, whole.max_conversations / 4);
    assert_int_equal(four.max_handshakes, whole.max_handshakes / 4);
    assert_int_equal(four.max_datagram_flows, whole.max_datagram_flows / 4);
    assert_int_equal(four.max_buffer_bytes, whole.max_buffer_bytes / 4);
    assert_int_equal(four.max_fragment_bytes, 0);
    assert_true(whole.max_fragment_bytes > 0);
    whole.max_conversations = 3;
    assert_int_equal(share_of_options(&whole, 3).max_conversations, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_dissectors_have_the_limits_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
