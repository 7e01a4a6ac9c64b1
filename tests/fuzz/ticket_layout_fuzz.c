/* Any bytes as a ticket: what is kept are its first bytes, and plaintext is what a simple look at
 * every place finds. */
#include "dissect/tls/ticket_layout.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static bool is_plain_from(const uint8_t *data)
{
    bool is_text = true;
    bool is_one = true;

    for (size_t i = 0; i < 24; i++) {
        is_text = is_text && data[i] >= 0x20 && data[i] < 0x7f;
        is_one = is_one && data[i] == data[0];
    }
    return is_text || is_one;
}

static bool is_plain(const uint8_t *data, size_t size)
{
    for (size_t i = 16; i + 24 <= size; i++) {
        if (is_plain_from(data + i)) {
            return true;
        }
    }
    return false;
}

static bool is_text(const uint8_t *data, size_t size)
{
    size_t i = 0;

    while (i < size && data[i] >= 0x20 && data[i] < 0x7f) {
        i++;
    }
    return i == size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ticket_shape shape;

    ticket_shape_of((struct bytes){data, size}, &shape);
    must(shape.len == (size < TICKET_START_BYTES ? size : TICKET_START_BYTES));
    must(size == 0 || memcmp(shape.start, data, shape.len) == 0);
    must(shape.layouts < 1U << TICKET_LAYOUT_COUNT);
    if (is_text(data, size)) {
        must(shape.layouts == 0);
    } else {
        must((shape.warnings >> TICKET_WARNING_PLAINTEXT & 1) == is_plain(data, size));
    }
    return 0;
}
