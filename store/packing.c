#include "store/packing.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_BYTES_MAX = 10, BITS_EACH = 7 };

bool packing_read_long(struct packing_reader *from, uint64_t *out)
{
    uint64_t number = 0;

    for (size_t i = 0; i < from->len && i < NUMBER_BYTES_MAX; i++) {
        const uint64_t bits = from->data[i] & 0x7f;
        if (i == NUMBER_BYTES_MAX - 1 && bits > 1) {
            return false;
        }
        number |= bits << (BITS_EACH * i);
        if (from->data[i] < 0x80) {
            from->data += i + 1;
            from->len -= i + 1;
            *out = number;
            return true;
        }
    }
    return false;
}

bool packing_split(struct packing_reader *from, uint64_t len, struct packing_reader *out)
{
    if (len > from->len) {
        return false;
    }
    *out = (struct packing_reader){from->data, (size_t)len};
    from->data += len;
    from->len -= (size_t)len;
    return true;
}

static bool reserve(struct packing_writer *to, size_t more)
{
    if (to->capacity - to->len >= more) {
        return true;
    }
    const size_t wanted = to->capacity * 2 + more + 256;
    uint8_t *moved = realloc(to->data, wanted);
    if (moved == NULL) {
        to->has_failed = true;
        return false;
    }
    to->data = moved;
    to->capacity = wanted;
    return true;
}

void packing_write(struct packing_writer *to, uint64_t number)
{
    if (!reserve(to, NUMBER_BYTES_MAX)) {
        return;
    }
    for (; number >= 0x80; number >>= BITS_EACH) {
        to->data[to->len++] = (uint8_t)(number | 0x80);
    }
    to->data[to->len++] = (uint8_t)number;
}

void packing_write_bytes(struct packing_writer *to, const uint8_t *data, size_t len)
{
    if (len > 0 && reserve(to, len)) {
        memcpy(to->data + to->len, data, len);
        to->len += len;
    }
}
