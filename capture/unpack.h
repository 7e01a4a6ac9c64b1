/* Compressed bytes to plain ones: gzip, zstd, lz4, found by what they begin with. */
#ifndef REPRISE_CAPTURE_UNPACK_H
#define REPRISE_CAPTURE_UNPACK_H

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNPACK_MAGIC_BYTES = 4 };

/* What the bytes of a decompressor's call are: both sides move forward as they are used. */
struct unpack_io {
    const uint8_t *in;
    size_t in_len;
    uint8_t *out;
    size_t out_len; /* room */
};

enum unpack_step {
    UNPACK_GOES_ON,     /* more of this member follows */
    UNPACK_MEMBER_ENDS, /* another one may follow */
    UNPACK_BROKEN,
};

/* One compression. */
struct unpack_format {
    const char *name;
    bool (*matches)(const uint8_t magic[UNPACK_MAGIC_BYTES]);
    void *(*create)(void); /* NULL: no memory */
    void (*destroy)(void *state);
    void (*reset)(void *state); /* before another member */
    enum unpack_step (*step)(void *state, struct unpack_io *io);
};

extern const struct unpack_format unpack_gzip;
extern const struct unpack_format unpack_zstd;
extern const struct unpack_format unpack_lz4;

/* Unpacks what it is fed, several members or frames one after the other as if they were one. */
struct unpacker;

/* NULL: the bytes are not compressed. They stay the caller's. */
const struct unpack_format *unpack_find(const uint8_t *first, size_t len);

/* A bomb is what becomes more than free_bytes, and more than `ratio` times what it was. */
struct unpack_limits {
    uint64_t free_bytes;
    unsigned ratio;
};

/* 64 MiB, 500 */
struct unpack_limits unpack_default_limits(void);

/* NULL with a sentence: no memory. */
MUST_CHECK struct unpacker *unpacker_new(const struct unpack_format *format,
                                         struct unpack_limits limits, struct error *error);
void unpacker_free(struct unpacker *unpacker);

/* Where the next compressed bytes go, and how many have gone there. Only while unpacker_run says
 * UNPACK_HUNGRY, or before its first call. */
uint8_t *unpacker_room(struct unpacker *unpacker, size_t *size);
void unpacker_fed(struct unpacker *unpacker, size_t len);

enum unpack_result {
    UNPACK_MADE,    /* *made bytes, at least one */
    UNPACK_HUNGRY,  /* wants to be fed */
    UNPACK_DAMAGED, /* the sentence is in error; nothing more comes */
};
MUST_CHECK enum unpack_result unpacker_run(struct unpacker *unpacker, uint8_t *out, size_t size,
                                           size_t *made, struct error *error);

/* Nothing of the compressed bytes is missing. False with a sentence. */
MUST_CHECK bool unpacker_is_whole(const struct unpacker *unpacker, struct error *error);

#endif
