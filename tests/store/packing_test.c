#include "store/packing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t numbers[] = {
    0, 1, 0x7f, 0x80, 0x3fff, 0x4000, UINT32_MAX, UINT64_C(1) << 63, UINT64_MAX - 1, UINT64_MAX};

enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

static void numbers_come_back_as_they_went(void **state)
{
    (void)state;
    struct packing_writer writer = {.data = NULL};

    for (size_t i = 0; i < NUMBERS; i++) {
        packing_write(&writer, numbers[i]);
    }
    struct packing_reader reader = {writer.data, writer.len};
    for (size_t i = 0; i < NUMBERS; i++) {
        uint64_t number;
        assert_true(packing_read(&reader, &number));
        assert_true(number == numbers[i]);
    }
    assert_int_equal(reader.len, 0);
    assert_false(writer.has_failed);
    free(writer.data);
}

/* 300 = 0b10 0101100: the low seven bits first, with the bit that says "more". */
static void the_low_bits_come_first(void **state)
{
    (void)state;
    struct packing_writer writer = {.data = NULL};

    packing_write(&writer, 300);
    assert_int_equal(writer.len, 2);
    assert_int_equal(writer.data[0], 0xac);
    assert_int_equal(writer.data[1], 0x02);
    free(writer.data);
}

static void signed_numbers_near_zero_are_small(void **state)
{
    (void)state;
    static const int64_t signed_numbers[] = {0, -1, 1, -2, 2, INT64_MIN, INT64_MAX};

    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(packing_signed(signed_numbers[i]), i);
    }
    for (size_t i = 0; i < sizeof(signed_numbers) / sizeof(signed_numbers[0]); i++) {
        assert_int_equal(packing_unsigned(packing_signed(signed_numbers[i])), signed_numbers[i]);
    }
}

/* A heap block of exactly these bytes, so that a sanitizer sees one too far. */
static bool reads(const uint8_t *data, size_t len, struct packing_reader *left, uint64_t *out)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, data, len);
    struct packing_reader reader = {copy, len};
    const bool is_read = packing_read(&reader, out);
    *left = reader;
    free(copy);
    return is_read;
}

static void refuses_every_truncation(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUMBERS; i++) {
        struct packing_writer writer = {.data = NULL};
        packing_write(&writer, numbers[i]);
        for (size_t len = 0; len < writer.len; len++) {
            struct packing_reader left;
            uint64_t number = 77;
            assert_false(reads(writer.data, len, &left, &number));
            assert_int_equal(left.len, len);
            assert_int_equal(number, 77);
        }
        free(writer.data);
    }
}

static void refuses_more_than_64_bits(void **state)
{
    (void)state;
    static const uint8_t two_to_64[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02};
    static const uint8_t eleven[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0x81, 0x00};
    struct packing_reader left;
    uint64_t number;

    assert_false(reads(two_to_64, sizeof(two_to_64), &left, &number));
    assert_false(reads(eleven, sizeof(eleven), &left, &number));
}

static void splits_off_no_more_than_there_is(void **state)
{
    (void)state;
    static const uint8_t three[] = {1, 2, 3};
    struct packing_reader reader = {three, sizeof(three)};
    struct packing_reader part;

    assert_false(packing_split(&reader, 4, &part));
    assert_false(packing_split(&reader, UINT64_MAX, &part));
    assert_true(packing_split(&reader, 2, &part));
    assert_int_equal(part.len, 2);
    assert_int_equal(reader.len, 1);
    assert_int_equal(reader.data[0], 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_back_as_they_went),
        cmocka_unit_test(the_low_bits_come_first),
        cmocka_unit_test(signed_numbers_near_zero_are_small),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(refuses_more_than_64_bits),
        cmocka_unit_test(splits_off_no_more_than_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
