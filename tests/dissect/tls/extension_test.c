#include "dissect/tls/extension.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void takes_one_extension_after_another(void **state)
{
    (void)state;
    const uint8_t wire[] = {0x00, 0x17, 0x00, 0x00, 0xfe, 0x0d, 0x00, 0x02, 0xaa, 0xbb};
    struct bytes list = {wire, sizeof(wire)};
    struct extension extension;

    assert_true(extension_next(&list, &extension));
    assert_int_equal(extension.type, EXTENSION_EXTENDED_MASTER_SECRET);
    assert_int_equal(extension.body.len, 0);
    assert_true(extension_next(&list, &extension));
    assert_int_equal(extension.type, EXTENSION_ENCRYPTED_CLIENT_HELLO);
    assert_int_equal(extension.body.len, 2);
    assert_ptr_equal(extension.body.data, wire + 8);
    assert_int_equal(list.len, 0);
}

static void refuses_every_truncation(void **state)
{
    (void)state;
    const uint8_t wire[] = {0x00, 0x23, 0x00, 0x02, 0xaa, 0xbb};

    for (size_t len = 0; len < sizeof(wire); len++) {
        const struct bytes cut = wire_exact(wire, len);
        struct bytes list = cut;
        struct extension extension = {.type = 77};
        assert_false(extension_next(&list, &extension));
        assert_int_equal(list.len, len);
        assert_int_equal(extension.type, 77);
        wire_free_exact(cut);
    }
}

static void knows_the_sixteen_grease_values(void **state)
{
    (void)state;
    unsigned count = 0;

    for (unsigned value = 0; value <= UINT16_MAX; value++) {
        const bool is_grease = extension_value_is_grease((uint16_t)value);
        const bool is_expected = (value & 0xff) == value >> 8 && (value & 0x0f) == 0x0a;
        assert_int_equal(is_grease, is_expected);
        count += is_grease;
    }
    assert_int_equal(count, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_one_extension_after_another),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(knows_the_sixteen_grease_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
