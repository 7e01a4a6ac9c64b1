#include "report/decimal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <inttypes.h>
#include <math.h>

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* In every number of places; out has exactly the room that is promised. */
static void assert_like_printf(double value)
{
    for (unsigned places = 0; places <= DECIMAL_PLACES_MAX; places++) {
        char expected[DECIMAL_BYTES];
        char *out = malloc(DECIMAL_BYTES);
        assert_non_null(out);
        (void)snprintf(expected, sizeof(expected), "%.*f", (int)places, value);
        assert_int_equal(decimal_fixed(value, places, out), strlen(expected));
        assert_string_equal(out, expected);
        free(out);
    }
}

static void fixed_is_as_printf_writes_it(void **state)
{
    static const double values[] = {0,
                                    0.5,
                                    1.5,
                                    2.5,
                                    0.05,
                                    0.15,
                                    0.25,
                                    0.35,
                                    0.125,
                                    0.375,
                                    0.005,
                                    1e-3,
                                    5e-4,
                                    1e-300,
                                    5e-324,
                                    99.95,
                                    99.949,
                                    9.995,
                                    9.994999,
                                    0.9995,
                                    1023.5,
                                    100,
                                    78.25,
                                    1e15,
                                    1e16,
                                    1e17,
                                    1e22,
                                    1e40,
                                    1e300,
                                    4503599627370495.5,
                                    9007199254740991,
                                    9007199254740992,
                                    2251799813685247.75,
                                    1e18,
                                    INFINITY,
                                    NAN,
                                    2.2250738585072014e-308};

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        assert_like_printf(values[i]);
        assert_like_printf(-values[i]);
    }
}

/* Halves of the last place are where rounding goes one way or the other. */
static void fixed_rounds_every_half_as_printf_does(void **state)
{
    (void)state;
    for (int eighths = -20000; eighths <= 20000; eighths++) {
        assert_like_printf(eighths / 8.0);
        assert_like_printf(eighths / 2000.0);
    }
}

/* Any pattern of bits is a number, or none: most are far beyond what a report holds. */
static void fixed_takes_every_double(void **state)
{
    uint64_t random = 0x123456789abcdef;

    (void)state;
    for (int i = 0; i < 50000; i++) {
        const uint64_t pattern = next_random(&random);
        const double near = (double)(int64_t)(next_random(&random) >> 20) / 997.0;
        double value;
        memcpy(&value, &pattern, sizeof(value));
        assert_like_printf(value);
        assert_like_printf(near);
    }
}

static void whole_is_as_printf_writes_it(void **state)
{
    uint64_t value = 1;

    (void)state;
    for (int i = 0; i < 200; i++) {
        char expected[DECIMAL_BYTES];
        char out[DECIMAL_BYTES];
        const uint64_t at = i < 64 ? (UINT64_C(1) << i) - 1 : value;
        (void)snprintf(expected, sizeof(expected), "%" PRIu64, at);
        assert_int_equal(decimal_whole(at, out), strlen(expected));
        assert_string_equal(out, expected);
        (void)snprintf(expected, sizeof(expected), "%" PRId64, (int64_t)at);
        assert_int_equal(decimal_signed((int64_t)at, out), strlen(expected));
        assert_string_equal(out, expected);
        (void)snprintf(expected, sizeof(expected), "%" PRId64, -(int64_t)(at / 2));
        assert_int_equal(decimal_signed(-(int64_t)(at / 2), out), strlen(expected));
        assert_string_equal(out, expected);
        value = value * 7 + 3;
    }
    char most[DECIMAL_BYTES];
    assert_int_equal(decimal_whole(UINT64_MAX, most), 20);
    assert_string_equal(most, "18446744073709551615");
    assert_int_equal(decimal_signed(INT64_MIN, most), 20);
    assert_string_equal(most, "-9223372036854775808");
}

static void digits_have_zeros_in_front_and_no_end(void **state)
{
    char *exact = malloc(9);

    (void)state;
    assert_non_null(exact);
    decimal_digits(1020, 9, exact);
    assert_memory_equal(exact, "000001020", 9);
    decimal_digits(999999999, 9, exact);
    assert_memory_equal(exact, "999999999", 9);
    free(exact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_is_as_printf_writes_it),
        cmocka_unit_test(fixed_rounds_every_half_as_printf_does),
        cmocka_unit_test(fixed_takes_every_double),
        cmocka_unit_test(whole_is_as_printf_writes_it),
        cmocka_unit_test(digits_have_zeros_in_front_and_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
