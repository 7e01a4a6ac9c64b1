/* The bytes are compressed: what comes out stays within the bound, and ends. */
#include "capture/unpack.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FREE_BYTES = 4096, RATIO = 20, ROOM = 1000 };

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Feeds as much as there is room for. */
static size_t feed(struct unpacker *unpacker, const uint8_t *data, size_t size)
{
    size_t room_len;
    uint8_t *const room = unpacker_room(unpacker, &room_len);
    const size_t part = size < room_len ? size : room_len;

    if (part > 0) {
        memcpy(room, data, part);
    }
    unpacker_fed(unpacker, part);
    return part;
}

static void unpack(struct unpacker *unpacker, const uint8_t *data, size_t size)
{
    struct error error = {""};
    uint8_t out[ROOM];
    uint64_t sum = 0;
    size_t fed = 0;
    size_t made;
    enum unpack_result result;

    for (;;) {
        result = unpacker_run(unpacker, out, sizeof(out), &made, &error);
        check(made <= sizeof(out) && (result == UNPACK_MADE) == (made > 0));
        sum += made;
        check(sum <= FREE_BYTES + (uint64_t)RATIO * (fed + 1) + ROOM);
        if (result == UNPACK_DAMAGED || (result == UNPACK_HUNGRY && fed == size)) {
            break;
        }
        if (result == UNPACK_HUNGRY) {
            fed += feed(unpacker, data + fed, size - fed);
        }
    }
    check((result == UNPACK_DAMAGED) == (error.text[0] != '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct unpack_limits limits = {.free_bytes = FREE_BYTES, .ratio = RATIO};
    const struct unpack_format *format = unpack_find(data, size);
    struct error error;
    struct unpacker *unpacker = format != NULL ? unpacker_new(format, limits, &error) : NULL;

    if (unpacker != NULL) {
        unpack(unpacker, data, size);
        unpacker_free(unpacker);
    }
    return 0;
}
