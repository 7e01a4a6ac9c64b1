#include "capture/unpack.h"

#include <stdlib.h>

enum { PACKED_BYTES = 64 * 1024 };

static const struct unpack_format *const formats[] = {&unpack_gzip, &unpack_zstd, &unpack_lz4};

struct unpacker {
    const struct unpack_format *format;
    void *state;
    struct unpack_limits limits;
    bool is_between; /* members */
    bool is_broken;
    uint64_t bytes_in;
    uint64_t bytes_out;
    size_t begin; /* of what is not yet used in `packed` */
    size_t end;
    uint8_t packed[PACKED_BYTES];
};

const struct unpack_format *unpack_find(const uint8_t *first, size_t len)
{
    if (len < UNPACK_MAGIC_BYTES) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (formats[i]->matches(first)) {
            return formats[i];
        }
    }
    return NULL;
}

/* Captures of zeros in jumbo frames come near 500:1; gzip can pretend 1032:1, zstd anything. */
struct unpack_limits unpack_default_limits(void)
{
    return (struct unpack_limits){.free_bytes = (uint64_t)64 << 20, .ratio = 500};
}

struct unpacker *unpacker_new(const struct unpack_format *format, struct unpack_limits limits,
                              struct error *error)
{
    struct unpacker *unpacker = malloc(sizeof(*unpacker));
    void *state = unpacker != NULL ? format->create() : NULL;

    if (state == NULL) {
        free(unpacker);
        (void)error_set(error, "no memory to unpack %s", format->name);
        return NULL;
    }
    unpacker->format = format;
    unpacker->state = state;
    unpacker->limits = limits;
    unpacker->is_between = false;
    unpacker->is_broken = false;
    unpacker->bytes_in = 0;
    unpacker->bytes_out = 0;
    unpacker->begin = 0;
    unpacker->end = 0;
    return unpacker;
}

void unpacker_free(struct unpacker *unpacker)
{
    if (unpacker != NULL) {
        unpacker->format->destroy(unpacker->state);
        free(unpacker);
    }
}

uint8_t *unpacker_room(struct unpacker *unpacker, size_t *size)
{
    if (unpacker->begin == unpacker->end) {
        unpacker->begin = 0;
        unpacker->end = 0;
    }
    *size = sizeof(unpacker->packed) - unpacker->end;
    return unpacker->packed + unpacker->end;
}

void unpacker_fed(struct unpacker *unpacker, size_t len)
{
    unpacker->end += len;
}

static bool is_bomb(const struct unpacker *unpacker)
{
    return unpacker->bytes_out > unpacker->limits.free_bytes &&
           unpacker->bytes_out / unpacker->limits.ratio > unpacker->bytes_in;
}

/* One call of the decompressor, counted. */
static enum unpack_step step(struct unpacker *unpacker, struct unpack_io *io)
{
    const size_t room = io->out_len;

    io->in = unpacker->packed + unpacker->begin;
    io->in_len = unpacker->end - unpacker->begin;
    const enum unpack_step result = unpacker->format->step(unpacker->state, io);
    const size_t used = unpacker->end - unpacker->begin - io->in_len;
    const size_t made = room - io->out_len;
    unpacker->begin += used;
    unpacker->bytes_in += used;
    unpacker->bytes_out += made;
    if (result == UNPACK_GOES_ON && used == 0 && made == 0 && io->in_len > 0) {
        return UNPACK_BROKEN; /* neither takes nor gives: it would stay so */
    }
    return result;
}

/* A step where there is something to do; between members another one begins. False: hungry. */
static bool go_on(struct unpacker *unpacker, struct unpack_io *io)
{
    const bool is_empty = unpacker->begin == unpacker->end;
    const size_t room = io->out_len;

    if (unpacker->is_between && is_empty) {
        return false;
    }
    if (unpacker->is_between) {
        unpacker->format->reset(unpacker->state);
    }
    const enum unpack_step result = step(unpacker, io);
    unpacker->is_between = result == UNPACK_MEMBER_ENDS;
    unpacker->is_broken = result == UNPACK_BROKEN;
    return io->out_len < room || unpacker->is_broken || !is_empty;
}

enum unpack_result unpacker_run(struct unpacker *unpacker, uint8_t *out, size_t size, size_t *made,
                                struct error *error)
{
    struct unpack_io io = {.out_len = size};

    io.out = out;
    *made = 0;
    while (io.out_len == size && !unpacker->is_broken) {
        if (!go_on(unpacker, &io)) {
            return UNPACK_HUNGRY;
        }
    }
    if (is_bomb(unpacker)) {
        (void)error_set(error, "%s data that unpacks to more than %u times its size",
                        unpacker->format->name, unpacker->limits.ratio);
        return UNPACK_DAMAGED;
    }
    *made = size - io.out_len;
    if (*made > 0) {
        return UNPACK_MADE;
    }
    (void)error_set(error, "damaged %s data", unpacker->format->name);
    return UNPACK_DAMAGED;
}

bool unpacker_is_whole(const struct unpacker *unpacker, struct error *error)
{
    if (unpacker->is_between) {
        return true;
    }
    return error_set(error, "the %s data ends too early", unpacker->format->name);
}
