/* Numbers in decimal digits, the same as printf(3) makes, in a tenth of its time: a report has some
 * thirty figures a host. */
#ifndef REPRISE_REPORT_DECIMAL_H
#define REPRISE_REPORT_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

enum { DECIMAL_BYTES = 64, DECIMAL_PLACES_MAX = 3 };

/* "%.*f", with so many places (DECIMAL_PLACES_MAX at most): the nearest, of two as near the even
 * one. Longer than out, it is cut. Returns the length, as the next. */
size_t decimal_fixed(double value, unsigned places, char out[DECIMAL_BYTES]);

/* "%" PRIu64, and "%" PRId64 */
size_t decimal_whole(uint64_t value, char out[DECIMAL_BYTES]);
size_t decimal_signed(int64_t value, char out[DECIMAL_BYTES]);

/* Exactly so many digits, with zeros in front and without an end: "%0*" PRIu64 of a number that
 * has no more. */
void decimal_digits(uint64_t value, unsigned digits, char *out);

#endif
