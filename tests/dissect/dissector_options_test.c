#include "dissect/dissector.h"

#include "dissect/datagrams.h"
#include "dissect/open_conversations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* What a flow's cell takes with what leads to it, at worst: right after all pages were split. */
enum { CELL_BYTES = 40 };

static uint64_t most_bytes(const struct dissector_options *options)
{
    const uint64_t conversation = CELL_BYTES + sizeof(struct path_opening);
    const uint64_t datagram_flow = CELL_BYTES + sizeof(struct datagrams) + 64;

    return options->max_conversations * conversation +
           options->max_handshakes * (uint64_t)(sizeof(struct open_conversation) + 16) +
           options->max_datagram_flows * datagram_flow + options->max_buffer_bytes +
           options->max_fragment_bytes;
}

static void what_may_be_held_is_less_than_the_memory(void **state)
{
    struct dissector_options options;

    (void)state;
    dissector_options_init(&options);
    for (uint64_t bytes = UINT64_C(8) << 20; bytes <= UINT64_C(1) << 40; bytes *= 2) {
        dissector_options_set_memory(&options, bytes);
        assert_true(most_bytes(&options) <= bytes);
        assert_true(options.max_conversations >= 2 && options.max_datagram_flows >= 2);
        assert_true(options.max_handshakes >= 1);
    }
}

static void the_default_is_256_mib_and_has_room_for_a_million(void **state)
{
    struct dissector_options options;

    (void)state;
    dissector_options_init(&options);
    assert_in_range(most_bytes(&options), 230 << 20, 256 << 20);
    assert_true(options.max_conversations > 1000000);
    assert_true(options.max_handshakes > 15000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_be_held_is_less_than_the_memory),
        cmocka_unit_test(the_default_is_256_mib_and_has_room_for_a_million),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
