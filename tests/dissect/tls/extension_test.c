#include "dissect/tls/extension.h"

#include "dissect/tls/hello.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

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

/* A hello's alpn is the body of type 16, its session ID that of type 35, which must not be empty.
 */
static bool take_alpn(struct bytes body, union extension_target out)
{
    out.server->alpn = body;
    return true;
}

static bool take_filled(struct bytes body, union extension_target out)
{
    out.server->session_id = body;
    return body.len > 0;
}

static const struct extension_table table = {
    .low =
        {
            [EXTENSION_ALPN] = take_alpn,
            [EXTENSION_SESSION_TICKET] = take_filled,
        },
    .high = {{EXTENSION_ENCRYPTED_SERVER_NAME, take_filled}},
};

/* False when it is refused. */
static bool read_list(const struct wire *wire, struct server_hello *hello)
{
    const struct bytes exact = wire_exact(wire->data, wire->len);
    const bool is_read = extension_list_parse(
        exact, &table, (union extension_target){.server = hello}, &hello->is_damaged);

    wire_free_exact(exact);
    return is_read;
}

static struct server_hello list_of(const char *extensions)
{
    struct server_hello hello = {0};
    struct wire *wire = wire_new();
    const size_t mark = wire_open(wire, 2);

    wire_hex(wire, extensions);
    wire_close(wire, mark, 2);
    assert_true(read_list(wire, &hello));
    free(wire);
    return hello;
}

static void each_extension_is_read_by_its_row(void **state)
{
    (void)state;
    const struct server_hello hello = list_of("0023 0001 aa 7777 0002 0000 0010 0003 bbbbbb");

    assert_int_equal(hello.session_id.len, 1);
    assert_int_equal(hello.alpn.len, 3);
    assert_false(hello.is_damaged);
}

static void high_numbers_have_rows_too(void **state)
{
    (void)state;

    assert_int_equal(list_of("ffce 0003 aaaaaa 7777 0002 0000").session_id.len, 3);
    assert_int_equal(list_of("ffce 0003 aaaaaa ffce 0001 bb").session_id.len, 3);
    assert_true(list_of("ffce 0000").is_damaged);
    assert_int_equal(list_of("ffce 0001 aa 0023 0002 bbbb").session_id.len, 2);
}

/* Types beside those of rows, and those that a table leaves empty. */
static void what_has_no_row_is_passed_over(void **state)
{
    (void)state;
    const struct server_hello hello =
        list_of("0000 0000 003f 0000 0040 0000 0080 0000 fe0d 0000 ffff 0000 0010 0001 aa");

    assert_false(hello.is_damaged);
    assert_int_equal(hello.alpn.len, 1);
    assert_int_equal(hello.session_id.len, 0);
}

/* RFC 8446, 4.2: there must not be two of a type. */
static void of_a_repeated_extension_the_first_counts(void **state)
{
    (void)state;

    assert_int_equal(list_of("0010 0001 aa 0010 0002 bbbb").alpn.len, 1);
    assert_int_equal(list_of("0010 0000 0023 0001 aa 0010 0002 bbbb").alpn.len, 0);
    assert_true(list_of("0023 0000 0023 0001 aa").is_damaged);
    assert_int_equal(list_of("0023 0000 0023 0001 aa").session_id.len, 0);
    assert_false(list_of("0023 0001 aa 0023 0000").is_damaged);
}

static void a_broken_extension_leaves_the_others(void **state)
{
    (void)state;
    const struct server_hello hello = list_of("0023 0000 0010 0001 aa");

    assert_true(hello.is_damaged);
    assert_int_equal(hello.alpn.len, 1);
}

static void a_hello_may_end_without_a_list_or_with_an_empty_one(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct server_hello hello = {0};

    assert_true(read_list(wire, &hello));
    wire_hex(wire, "0000");
    assert_true(read_list(wire, &hello));
    assert_false(hello.is_damaged);
    free(wire);
}

static void every_truncation_of_a_list_is_refused(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_hex(wire, "000b 0023 0001 aa 0010 0002 bbbb");
    const size_t whole = wire->len;
    for (size_t len = 1; len <= whole; len++) {
        struct server_hello hello = {0};
        wire->len = len;
        assert_int_equal(read_list(wire, &hello), len == whole);
    }
    free(wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_one_extension_after_another),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(knows_the_sixteen_grease_values),
        cmocka_unit_test(each_extension_is_read_by_its_row),
        cmocka_unit_test(high_numbers_have_rows_too),
        cmocka_unit_test(what_has_no_row_is_passed_over),
        cmocka_unit_test(of_a_repeated_extension_the_first_counts),
        cmocka_unit_test(a_broken_extension_leaves_the_others),
        cmocka_unit_test(a_hello_may_end_without_a_list_or_with_an_empty_one),
        cmocka_unit_test(every_truncation_of_a_list_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
