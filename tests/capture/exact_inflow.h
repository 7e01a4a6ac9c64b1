/* An inflow of bytes that lie in a block of exactly their size, so that a sanitizer sees each look
 * beyond them. */
#ifndef REPRISE_TESTS_CAPTURE_EXACT_INFLOW_H
#define REPRISE_TESTS_CAPTURE_EXACT_INFLOW_H

#include "capture/inflow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Returns the block: to be freed after inflow_clear(). */
static inline uint8_t *exact_inflow_init(struct inflow *out, const uint8_t *bytes, size_t len,
                                         size_t need_bytes)
{
    enum { READ_BYTES = 4096 };
    uint8_t *const exact = malloc(len > 0 ? len : 1);
    struct input input;
    struct error error;

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    input_from_memory(&input, exact, len);
    assert_true(inflow_init(out, &input, need_bytes, READ_BYTES, &error));
    return exact;
}

#endif
