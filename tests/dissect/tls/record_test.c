#include "dissect/tls/record.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void reads_a_header(void **state)
{
    (void)state;
    const uint8_t wire[] = {0x16, 0x03, 0x01, 0x02, 0x00, 0xaa};
    struct bytes b = {wire, sizeof(wire)};
    struct record_header record;

    assert_true(record_header_parse(&b, &record));
    assert_int_equal(record.type, RECORD_HANDSHAKE);
    assert_int_equal(record.version, 0x0301);
    assert_int_equal(record.len, 512);
    assert_ptr_equal(b.data, wire + 5);
    assert_int_equal(b.len, 1);
}

static void refuses_every_truncation(void **state)
{
    (void)state;
    const uint8_t wire[] = {0x17, 0x03, 0x03, 0x00, 0x01};

    for (size_t len = 0; len < sizeof(wire); len++) {
        const struct bytes cut = wire_exact(wire, len);
        struct bytes b = cut;
        struct record_header record = {.type = 77};
        assert_false(record_header_parse(&b, &record));
        assert_ptr_equal(b.data, cut.data);
        assert_int_equal(b.len, len);
        assert_int_equal(record.type, 77);
        wire_free_exact(cut);
    }
}

static void refuses_what_cannot_be_a_record(void **state)
{
    (void)state;
    static const struct {
        uint8_t wire[5];
        bool is_plausible;
    } cases[] = {
        {{0x13, 3, 1, 0, 1}, false},       {{0x14, 3, 1, 0, 1}, true},
        {{0x18, 3, 3, 0, 1}, true},        {{0x19, 3, 3, 0, 1}, false},
        {{0x16, 2, 0, 0, 1}, false},       {{0x16, 3, 0, 0, 1}, true},
        {{0x16, 4, 0, 0, 1}, false},       {{0x16, 3, 3, 0x48, 0x00}, true}, /* 16384 + 2048 */
        {{0x16, 3, 3, 0x48, 0x01}, false}, {{0x17, 3, 3, 0, 0}, true},       /* may be empty */
        {{0x16, 3, 3, 0, 0}, false},       {{0x15, 3, 3, 0, 0}, false},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes b = {cases[i].wire, 5};
        struct record_header record;
        assert_int_equal(record_header_parse(&b, &record), cases[i].is_plausible);
        assert_int_equal(b.len, cases[i].is_plausible ? 0 : 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_header),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(refuses_what_cannot_be_a_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
