/* Whole numbers in few bytes: seven bits each, the lowest first, the highest bit of a byte says
 * that another one follows (LEB128). What is read may come from a file that anybody wrote. PURE. */
#ifndef REPRISE_STORE_PACKING_H
#define REPRISE_STORE_PACKING_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes, consumed from the front. */
struct packing_reader {
    const uint8_t *data;
    size_t len; /* bytes left */
};

/* False, and nothing consumed, where the bytes end too early or the number has more than 64 bits.
 */
MUST_CHECK bool packing_read_long(struct packing_reader *from, uint64_t *out);

/* The same; inline, as most numbers have one byte. */
MUST_CHECK static inline bool packing_read(struct packing_reader *from, uint64_t *out)
{
    if (from->len > 0 && from->data[0] < 0x80) {
        *out = from->data[0];
        from->data++;
        from->len--;
        return true;
    }
    return packing_read_long(from, out);
}

/* Splits off so many bytes; false where there are fewer. */
MUST_CHECK bool packing_split(struct packing_reader *from, uint64_t len,
                              struct packing_reader *out);

/* Bytes that grow. All zero to begin with; free(data) ends it. */
struct packing_writer {
    uint8_t *data;
    size_t len;
    size_t capacity;
    bool has_failed; /* there was no memory: what is there is not whole */
};

void packing_write(struct packing_writer *to, uint64_t number);
void packing_write_bytes(struct packing_writer *to, const uint8_t *data, size_t len);

/* Small for numbers near zero of either sign. */
static inline uint64_t packing_signed(int64_t number)
{
    return (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
}

static inline int64_t packing_unsigned(uint64_t packed)
{
    return (int64_t)(packed >> 1 ^ ((packed & 1) != 0 ? UINT64_MAX : 0));
}

#endif
