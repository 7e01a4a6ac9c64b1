#include "dissect/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An exact-size heap copy: a sanitizer sees one byte too far. */
static uint8_t *exact_copy(const uint8_t *wire, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);

    assert_non_null(copy);
    if (len > 0) {
        memcpy(copy, wire, len);
    }
    return copy;
}

static const uint8_t counting[] = {0x01, 0x82, 0x03, 0x84, 0x05, 0x86};

static void getters_read_big_endian_and_advance(void **state)
{
    (void)state;
    uint8_t *wire = exact_copy(counting, 6);
    struct bytes b = {wire, 6};
    uint8_t one;
    uint16_t two;
    uint32_t three;
    uint32_t four;

    assert_true(bytes_u8(&b, &one));
    assert_int_equal(one, 0x01);
    assert_true(bytes_u16(&b, &two));
    assert_int_equal(two, 0x8203);
    assert_true(bytes_u24(&b, &three));
    assert_int_equal(three, 0x840586);
    assert_int_equal(b.len, 0);
    assert_ptr_equal(b.data, wire + 6);

    b = (struct bytes){wire + 1, 5};
    assert_true(bytes_u32(&b, &four));
    assert_int_equal(four, 0x82038405);
    assert_int_equal(b.len, 1);
    free(wire);
}

static void little_endian_getters_read_the_low_byte_first(void **state)
{
    (void)state;
    uint8_t *wire = exact_copy(counting, 6);
    struct bytes b = {wire, 6};
    uint16_t two;
    uint32_t four;

    assert_true(bytes_u16le(&b, &two));
    assert_int_equal(two, 0x8201);
    assert_true(bytes_u32le(&b, &four));
    assert_int_equal(four, 0x86058403);
    assert_int_equal(b.len, 0);
    free(wire);
}

/* Each getter on a run that is one byte too short, for every such run. */
static void getters_change_nothing_when_cut_short(void **state)
{
    (void)state;
    for (size_t len = 0; len < 4; len++) {
        uint8_t *wire = exact_copy(counting, len);
        struct bytes b = {wire, len};
        uint8_t one = 0x77;
        uint16_t two = 0x7777;
        uint32_t four = 0x77777777;

        if (len < 1) {
            assert_false(bytes_u8(&b, &one));
        }
        if (len < 2) {
            assert_false(bytes_u16(&b, &two));
            assert_false(bytes_u16le(&b, &two));
        }
        if (len < 3) {
            assert_false(bytes_u24(&b, &four));
        }
        assert_false(bytes_u32(&b, &four));
        assert_false(bytes_u32le(&b, &four));
        assert_int_equal(one, 0x77);
        assert_int_equal(two, 0x7777);
        assert_int_equal(four, 0x77777777);
        assert_ptr_equal(b.data, wire);
        assert_int_equal(b.len, len);
        free(wire);
    }
}

static void take_and_skip_stop_at_the_end(void **state)
{
    (void)state;
    uint8_t *wire = exact_copy(counting, 3);
    struct bytes b = {wire, 3};
    struct bytes out = {NULL, 77};

    assert_false(bytes_skip(&b, 4));
    assert_false(bytes_skip(&b, SIZE_MAX));
    assert_false(bytes_take(&b, 4, &out));
    assert_int_equal(out.len, 77);
    assert_int_equal(b.len, 3);

    assert_true(bytes_skip(&b, 1));
    assert_true(bytes_take(&b, 2, &out));
    assert_ptr_equal(out.data, wire + 1);
    assert_int_equal(out.len, 2);
    assert_int_equal(b.len, 0);
    assert_true(bytes_skip(&b, 0));
    assert_true(bytes_take(&b, 0, &out));
    assert_int_equal(out.len, 0);
    free(wire);
}

static void vectors_split_off_their_body(void **state)
{
    (void)state;
    const uint8_t wire[] = {0x02, 0xaa, 0xbb, 0x00, 0x01, 0xcc, 0x00, 0x00, 0x02, 0xdd, 0xee, 0x00};
    uint8_t *copy = exact_copy(wire, sizeof(wire));
    struct bytes b = {copy, sizeof(wire)};
    struct bytes out = {NULL, 0};

    assert_true(bytes_vec8(&b, &out));
    assert_ptr_equal(out.data, copy + 1);
    assert_int_equal(out.len, 2);
    assert_true(bytes_vec16(&b, &out));
    assert_ptr_equal(out.data, copy + 5);
    assert_int_equal(out.len, 1);
    assert_true(bytes_vec24(&b, &out));
    assert_ptr_equal(out.data, copy + 9);
    assert_int_equal(out.len, 2);
    assert_true(bytes_vec8(&b, &out));
    assert_int_equal(out.len, 0);
    assert_int_equal(b.len, 0);
    free(copy);
}

static void check_cut_vector(bool (*get)(struct bytes *, struct bytes *), const uint8_t *wire,
                             size_t whole)
{
    for (size_t len = 0; len < whole; len++) {
        uint8_t *copy = exact_copy(wire, len);
        struct bytes b = {copy, len};
        struct bytes out = {NULL, 77};

        assert_false(get(&b, &out));
        assert_ptr_equal(b.data, copy);
        assert_int_equal(b.len, len);
        assert_null(out.data);
        assert_int_equal(out.len, 77);
        free(copy);
    }
}

static void vectors_change_nothing_when_the_body_is_cut_short(void **state)
{
    (void)state;
    const uint8_t vec8[] = {0x03, 0xaa, 0xbb, 0xcc};
    const uint8_t vec16[] = {0x00, 0x03, 0xaa, 0xbb, 0xcc};
    const uint8_t vec24[] = {0x00, 0x00, 0x03, 0xaa, 0xbb, 0xcc};

    check_cut_vector(bytes_vec8, vec8, sizeof(vec8));
    check_cut_vector(bytes_vec16, vec16, sizeof(vec16));
    check_cut_vector(bytes_vec24, vec24, sizeof(vec24));
}

static void peeks_consume_nothing(void **state)
{
    (void)state;
    uint8_t *wire = exact_copy(counting, 3);
    const struct bytes b = {wire, 3};
    uint8_t one = 0;
    uint16_t two = 0;

    assert_true(bytes_peek_u8(&b, 2, &one));
    assert_int_equal(one, 0x03);
    assert_true(bytes_peek_u16(&b, 1, &two));
    assert_int_equal(two, 0x8203);
    assert_false(bytes_peek_u8(&b, 3, &one));
    assert_false(bytes_peek_u16(&b, 2, &two));
    assert_false(bytes_peek_u8(&b, SIZE_MAX, &one));
    assert_false(bytes_peek_u16(&b, SIZE_MAX, &two));
    assert_int_equal(one, 0x03);
    assert_int_equal(two, 0x8203);
    assert_ptr_equal(b.data, wire);
    free(wire);
}

static void runs_are_equal_by_length_and_content(void **state)
{
    (void)state;
    const uint8_t other[] = {0x01, 0x82, 0x04};
    const struct bytes none = {NULL, 0};

    assert_true(bytes_equal((struct bytes){counting, 2}, (struct bytes){other, 2}));
    assert_false(bytes_equal((struct bytes){counting, 3}, (struct bytes){other, 3}));
    assert_false(bytes_equal((struct bytes){counting, 2}, (struct bytes){other, 3}));
    assert_true(bytes_equal(none, none));
    assert_true(bytes_equal(none, (struct bytes){other, 0}));
    assert_false(bytes_equal(none, (struct bytes){other, 1}));
}

static void an_empty_run_without_address_yields_nothing(void **state)
{
    (void)state;
    struct bytes none = {NULL, 0};
    struct bytes out;
    uint8_t one;

    assert_false(bytes_u8(&none, &one));
    assert_true(bytes_skip(&none, 0));
    assert_true(bytes_take(&none, 0, &out));
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(getters_read_big_endian_and_advance),
        cmocka_unit_test(little_endian_getters_read_the_low_byte_first),
        cmocka_unit_test(getters_change_nothing_when_cut_short),
        cmocka_unit_test(take_and_skip_stop_at_the_end),
        cmocka_unit_test(vectors_split_off_their_body),
        cmocka_unit_test(vectors_change_nothing_when_the_body_is_cut_short),
        cmocka_unit_test(peeks_consume_nothing),
        cmocka_unit_test(runs_are_equal_by_length_and_content),
        cmocka_unit_test(an_empty_run_without_address_yields_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
