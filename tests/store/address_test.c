#include "store/address.h"

#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

static void check(const uint8_t address[16], const char *text)
{
    char out[ADDRESS_TEXT_BYTES];
    uint8_t back[16];

    assert_int_equal(address_format(address, out), strlen(text));
    assert_string_equal(out, text);
    assert_true(address_parse(out, back));
    assert_memory_equal(back, address, 16);
}

static void ipv4_is_a_dotted_quad(void **state)
{
    (void)state;
    uint8_t address[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 9, 10, 255};

    check(address, "0.9.10.255");
    address[12] = 100;
    address[13] = 99;
    check(address, "100.99.10.255");
}

static void every_octet_is_written_as_it_is(void **state)
{
    (void)state;
    for (int octet = 0; octet < 256; octet++) {
        uint8_t address[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 0};
        char text[ADDRESS_TEXT_BYTES];

        address[15] = (uint8_t)octet;
        (void)snprintf(text, sizeof(text), "1.2.3.%d", octet);
        check(address, text);
    }
}

static void ipv6_is_as_short_as_rfc_5952_has_it(void **state)
{
    (void)state;
    const uint8_t any[16] = {0};
    const uint8_t address[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    const uint8_t longest[16] = {0xab, 0xcd, 0xab, 0xcd, 0xab, 0xcd, 0xab, 0xcd,
                                 0xab, 0xcd, 0xab, 0xcd, 0xab, 0xcd, 0xab, 0xcd};

    check(any, "::");
    check(address, "2001:db8::1");
    check(longest, "abcd:abcd:abcd:abcd:abcd:abcd:abcd:abcd");
}

static void an_endpoint_of_ipv6_has_brackets(void **state)
{
    (void)state;
    struct endpoint endpoint = {{0}, 65535};
    char text[ENDPOINT_TEXT_BYTES];

    assert_int_equal(endpoint_format(&endpoint, text), 10);
    assert_string_equal(text, "[::]:65535");
    memset(endpoint.address, 0xab, sizeof(endpoint.address));
    assert_int_equal(endpoint_format(&endpoint, text), 47);
    assert_string_equal(text, "[abab:abab:abab:abab:abab:abab:abab:abab]:65535");
    memset(endpoint.address, 0, 10);
    memset(endpoint.address + 10, 0xff, 6);
    assert_int_equal(endpoint_format(&endpoint, text), 21);
    assert_string_equal(text, "255.255.255.255:65535");
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    const char *const texts[] = {"", "1.2.3", "1.2.3.256", "host", "::1::2", "1.2.3.4:443"};
    const uint8_t zero[16] = {0};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        uint8_t out[16];
        memset(out, 7, sizeof(out));
        assert_false(address_parse(texts[i], out));
        assert_memory_equal(out, zero, sizeof(zero));
    }
}

static void an_ipv4_endpoint_is_a_number_of_six_bytes_and_back(void **state)
{
    (void)state;
    const struct endpoint endpoints[] = {
        {.address = {[10] = 0xff, [11] = 0xff, 200, 1, 2, 253}, .port = 443},
        {.address = {[10] = 0xff, [11] = 0xff, 0, 0, 0, 0}, .port = 0},
        {.address = {[10] = 0xff, [11] = 0xff, 255, 255, 255, 255}, .port = 65535},
    };
    const uint8_t other[16] = {[0] = 0x20, [10] = 0xff, [11] = 0xff, 200, 1, 2, 253};
    const int64_t bias = INT64_C(1) << 47;

    assert_false(address_is_ipv4(other));
    assert_int_equal(endpoint_number(&endpoints[0]), INT64_C(0xc80102fd01bb) - bias);
    for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++) {
        const int64_t number = endpoint_number(&endpoints[i]);
        struct endpoint back;
        memset(&back, 7, sizeof(back));
        assert_true(address_is_ipv4(endpoints[i].address));
        assert_true(number >= -bias && number < bias);
        endpoint_of_number(number, &back);
        assert_memory_equal(back.address, endpoints[i].address, sizeof(back.address));
        assert_int_equal(back.port, endpoints[i].port);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipv4_is_a_dotted_quad),
        cmocka_unit_test(an_ipv4_endpoint_is_a_number_of_six_bytes_and_back),
        cmocka_unit_test(every_octet_is_written_as_it_is),
        cmocka_unit_test(ipv6_is_as_short_as_rfc_5952_has_it),
        cmocka_unit_test(an_endpoint_of_ipv6_has_brackets),
        cmocka_unit_test(what_is_no_address_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
