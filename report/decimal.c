#include "report/decimal.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const uint64_t powers[DECIMAL_PLACES_MAX + 1] = {1, 10, 100, 1000};

/* IEEE 754, binary64: 52 bits of fraction, above them 11 of exponent, above these the sign. */
enum { FRACTION_BITS = 52, EXPONENT_MASK = 0x7ff, EXPONENT_BIAS = 1023 };

static size_t put_whole(uint64_t value, char *out)
{
    char digits[20]; /* of 2^64 - 1 */
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    memcpy(out, digits + at, sizeof(digits) - at);
    out[sizeof(digits) - at] = '\0';
    return sizeof(digits) - at;
}

size_t decimal_whole(uint64_t value, char out[DECIMAL_BYTES])
{
    return put_whole(value, out);
}

size_t decimal_signed(int64_t value, char out[DECIMAL_BYTES])
{
    if (value >= 0) {
        return decimal_whole((uint64_t)value, out);
    }
    out[0] = '-';
    return 1 + put_whole(-(uint64_t)value, out + 1);
}

void decimal_digits(uint64_t value, unsigned digits, char *out)
{
    for (size_t i = digits; i > 0; i--) {
        out[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* scaled / 2^bits, rounded. */
static uint64_t shifted(uint64_t scaled, unsigned bits)
{
    const uint64_t half = UINT64_C(1) << (bits - 1);
    const uint64_t whole = scaled >> bits;
    const uint64_t rest = scaled & (2 * half - 1);

    return whole + (rest > half || (rest == half && (whole & 1) != 0));
}

static size_t put(bool is_negative, uint64_t scaled, unsigned places, char out[DECIMAL_BYTES])
{
    size_t len = 0;

    if (is_negative) {
        out[len++] = '-';
    }
    len += put_whole(scaled / powers[places], out + len);
    if (places > 0) {
        out[len++] = '.';
        decimal_digits(scaled % powers[places], places, out + len);
        len += places;
        out[len] = '\0';
    }
    return len;
}

static size_t put_any(double value, unsigned places, char out[DECIMAL_BYTES])
{
    const int len = snprintf(out, DECIMAL_BYTES, "%.*f", (int)places, value);

    return len < DECIMAL_BYTES ? (size_t)len : DECIMAL_BYTES - 1;
}

/* value = fraction * 2^-bits: times a power of ten it is still a whole number of 64 bits, and what
 * is shifted out tells exactly how to round. */
size_t decimal_fixed(double value, unsigned places, char out[DECIMAL_BYTES])
{
    uint64_t pattern;

    assert(places <= DECIMAL_PLACES_MAX);
    memcpy(&pattern, &value, sizeof(pattern));
    const unsigned exponent = (unsigned)(pattern >> FRACTION_BITS) & EXPONENT_MASK;
    const uint64_t fraction = (pattern & ((UINT64_C(1) << FRACTION_BITS) - 1)) |
                              (uint64_t)(exponent > 0) << FRACTION_BITS;
    const unsigned top = EXPONENT_BIAS + FRACTION_BITS; /* from here on there is nothing to shift */

    if (exponent >= top) {
        return put_any(value, places, out);
    }
    const unsigned bits = top - (exponent > 0 ? exponent : 1);
    const uint64_t scaled = fraction * powers[places];
    return put(signbit(value) != 0, bits < 64 ? shifted(scaled, bits) : 0, places, out);
}
