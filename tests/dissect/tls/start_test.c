#include "dissect/tls/start.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* The look at the beginning, exact-size. Every shorter look must say "more", or the same. */
static enum start look_at(const char *digits, enum start_place place)
{
    struct wire *wire = wire_new();

    wire_hex(wire, digits);
    assert_true(wire->len <= START_LOOK_BYTES);
    const struct bytes whole = wire_exact(wire->data, wire->len);
    const enum start found = start_look(whole, place);
    for (size_t len = 0; len < whole.len; len++) {
        const struct bytes cut = wire_exact(whole.data, len);
        const enum start early = start_look(cut, place);
        assert_true(early == START_MORE || early == found);
        wire_free_exact(cut);
    }
    wire_free_exact(whole);
    free(wire);
    return found;
}

static void a_direction_may_begin_with_any_record(void **state)
{
    (void)state;

    assert_int_equal(look_at("14 0303 0001", START_FIRST), START_RECORD);
    assert_int_equal(look_at("15 0301 0002", START_FIRST), START_RECORD);
    assert_int_equal(look_at("16 0301 0200", START_FIRST), START_RECORD);
    assert_int_equal(look_at("17 0303 0000", START_FIRST), START_RECORD);
    assert_int_equal(look_at("18 0303 0010", START_RESYNC), START_RECORD);
    assert_int_equal(look_at("16 0305 0200", START_FIRST), START_NO);
    assert_int_equal(look_at("16 0401 0200", START_FIRST), START_NO);
    assert_int_equal(look_at("16 0301 ffff", START_FIRST), START_NO);
    assert_int_equal(look_at("19 0301 0200", START_FIRST), START_NO);
}

static void after_other_bytes_only_a_hello_begins_tls(void **state)
{
    (void)state;

    assert_int_equal(look_at("16 0301 0200 01 0001fc 0303", START_SEGMENT), START_RECORD);
    assert_int_equal(look_at("16 0303 0054 02 000050 0303", START_SEGMENT), START_RECORD);
    assert_int_equal(look_at("16 0301 0200 01 0001fb 0303", START_SEGMENT), START_NO);
    assert_int_equal(look_at("16 0301 0200 01 0001fc 0403", START_SEGMENT), START_NO);
    assert_int_equal(look_at("16 0303 0054 0b 000050 0000", START_SEGMENT), START_NO);
    assert_int_equal(look_at("17 0303 0040 01 00003c 0303", START_SEGMENT), START_NO);
    assert_int_equal(look_at("15 0303 0002 0228", START_SEGMENT), START_NO);
}

static void plain_text_begins_nothing(void **state)
{
    (void)state;

    assert_int_equal(look_at("47455420", START_FIRST), START_NO);       /* GET */
    assert_int_equal(look_at("50 4f 53 54 20", START_FIRST), START_NO); /* POST */
    assert_int_equal(look_at("50524f5859 2f", START_FIRST), START_NO);  /* PROXY/ */
    assert_int_equal(look_at("0d0a 0d0a 00 0a", START_FIRST), START_NO);
    assert_int_equal(look_at("323230", START_FIRST), START_NO); /* 220 */
}

static void ssl2_may_come_first(void **state)
{
    (void)state;

    assert_int_equal(look_at("802e 01 0301 0015 0000 0010", START_FIRST), START_SSL2);
    assert_int_equal(look_at("803e 01 0300 0015 0010 0010", START_FIRST), START_SSL2);
    assert_int_equal(look_at("802e 01 0301 0015 0000 0010", START_SEGMENT), START_NO);
    assert_int_equal(look_at("802e 01 0002 0015 0000 0010", START_FIRST), START_SSL2);
    assert_int_equal(look_at("801b 04 01 00 0002 0000 0000 0010", START_FIRST), START_SSL2);
    assert_int_equal(look_at("8003 00 0001", START_FIRST), START_SSL2);
    assert_int_equal(look_at("802e 04 0301 0015 0000 0010", START_FIRST), START_NO);
    assert_int_equal(look_at("802e 01 0001 0015 0000 0010", START_FIRST), START_NO);
    assert_int_equal(look_at("802f 01 0301 0015 0000 0010", START_FIRST), START_NO); /* sum */
    assert_int_equal(look_at("802d 01 0301 0014 0000 0010", START_FIRST), START_NO); /* n*3 */
    assert_int_equal(look_at("802d 01 0301 0015 0000 000f", START_FIRST), START_NO);
    assert_int_equal(look_at("8032 01 0301 0015 0004 0010", START_FIRST), START_NO);
}

static void a_proxy_header_may_come_first(void **state)
{
    (void)state;
    static const char binary[] = "0d0a0d0a000d0a515549540a 21 11 000c";
    struct wire *wire = wire_new();

    assert_int_equal(look_at("50524f585920", START_FIRST), START_PROXY_LINE); /* "PROXY " */
    assert_int_equal(look_at("50524f585920", START_SEGMENT), START_NO);
    assert_int_equal(look_at(binary, START_FIRST), START_PROXY_BINARY);
    assert_int_equal(look_at(binary, START_RESYNC), START_NO);
    wire_hex(wire, binary);
    assert_int_equal(start_proxy_bytes((struct bytes){wire->data, wire->len}), 16 + 12);
    free(wire);
}

/* A segment with the whole of a ClientHello, and `more` bytes in its record behind it. */
static struct bytes hello_segment(size_t more)
{
    struct wire *wire = wire_new();
    const size_t record = wire_open_record(wire, 22);
    const size_t message = wire_open_message(wire, 1);

    wire_client_hello_start(wire, 0x0303);
    wire_close_message(wire, message);
    wire_fill(wire, 0xa9, more);
    wire_close_record(wire, record);
    const struct bytes exact = wire_exact(wire->data, wire->len);
    free(wire);
    return exact;
}

static void a_client_hello_is_known_wherever_it_begins_a_segment(void **state)
{
    (void)state;
    static const uint8_t mac_lens[] = {0, 16, 20, 32, 48};
    struct hello_start start;

    for (size_t i = 0; i < sizeof(mac_lens); i++) {
        const struct bytes hello = hello_segment(mac_lens[i]);
        assert_true(start_is_client_hello(hello, &start));
        assert_int_equal(start.mac_len, mac_lens[i]);
        assert_ptr_equal(start.random.data, hello.data + 11);
        assert_int_equal(start.random.len, HELLO_RANDOM_BYTES);
        wire_free_exact(hello);
    }
}

/* Header, message header, version, random, and the length of the session ID. */
static void it_is_not_known_by_less_than_its_fixed_part(void **state)
{
    (void)state;
    const size_t enough = 5 + 4 + 2 + 32 + 1;
    const struct bytes hello = hello_segment(0);
    struct hello_start start;

    for (size_t len = 0; len < hello.len; len++) {
        const struct bytes cut = wire_exact(hello.data, len);
        assert_int_equal(start_is_client_hello(cut, &start), len >= enough);
        wire_free_exact(cut);
    }
    wire_free_exact(hello);
}

/* One thing wrong at a time: the record's type, version and length; the message's type and length;
 * the client's version; the length of the session ID. */
static void what_is_not_quite_a_client_hello_begins_nothing(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        uint8_t value;
    } wrong[] = {{0, 23}, {0, 21}, {1, 2}, {1, 4},  {2, 5},   {3, 0xff}, {4, 78},
                 {4, 80}, {4, 90}, {5, 0}, {5, 2},  {5, 4},   {6, 9},    {8, 1},
                 {8, 70}, {9, 2},  {9, 4}, {10, 4}, {43, 33}, {43, 255}};
    struct hello_start start;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const struct bytes hello = hello_segment(0);
        struct wire *wire = wire_new();
        for (size_t k = 0; k < hello.len; k++) {
            wire_u8(wire, k == wrong[i].offset ? wrong[i].value : hello.data[k]);
        }
        assert_false(start_is_client_hello((struct bytes){wire->data, wire->len}, &start));
        free(wire);
        wire_free_exact(hello);
    }
    for (size_t more = 1; more < 64; more++) {
        const struct bytes hello = hello_segment(more);
        const bool is_mac = more == 16 || more == 20 || more == 32 || more == 48;
        assert_int_equal(start_is_client_hello(hello, &start), is_mac);
        wire_free_exact(hello);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_direction_may_begin_with_any_record),
        cmocka_unit_test(after_other_bytes_only_a_hello_begins_tls),
        cmocka_unit_test(plain_text_begins_nothing),
        cmocka_unit_test(ssl2_may_come_first),
        cmocka_unit_test(a_proxy_header_may_come_first),
        cmocka_unit_test(a_client_hello_is_known_wherever_it_begins_a_segment),
        cmocka_unit_test(it_is_not_known_by_less_than_its_fixed_part),
        cmocka_unit_test(what_is_not_quite_a_client_hello_begins_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
