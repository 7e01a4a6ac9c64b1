/* The three libraries behind one table. */
#include "capture/unpack.h"

#define ZLIB_CONST /* what is read is not written */
#include <lz4frame.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

enum { GZIP_WINDOW_BITS = 15 + 16 }; /* the largest window; gzip headers only */

static uint32_t little_endian(const uint8_t magic[UNPACK_MAGIC_BYTES])
{
    return (uint32_t)magic[3] << 24 | (uint32_t)magic[2] << 16 | (uint32_t)magic[1] << 8 | magic[0];
}

/* RFC 1952, 2.3.1: ID1, ID2, and the only method there is, deflate. */
static bool gzip_matches(const uint8_t magic[UNPACK_MAGIC_BYTES])
{
    return magic[0] == 0x1f && magic[1] == 0x8b && magic[2] == 8;
}

static void *gzip_create(void)
{
    z_stream *stream = calloc(1, sizeof(*stream));

    if (stream != NULL && inflateInit2(stream, GZIP_WINDOW_BITS) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

static void gzip_destroy(void *state)
{
    (void)inflateEnd(state);
    free(state);
}

static void gzip_reset(void *state)
{
    (void)inflateReset(state);
}

static enum unpack_step gzip_step(void *state, struct unpack_io *io)
{
    z_stream *const stream = state;

    stream->next_in = io->in;
    stream->avail_in = (uInt)io->in_len;
    stream->next_out = io->out;
    stream->avail_out = (uInt)io->out_len;
    const int result = inflate(stream, Z_NO_FLUSH);
    io->in = stream->next_in;
    io->in_len = stream->avail_in;
    io->out = stream->next_out;
    io->out_len = stream->avail_out;
    if (result == Z_STREAM_END) {
        return UNPACK_MEMBER_ENDS;
    }
    /* Z_BUF_ERROR: nothing to do without more input. */
    return result == Z_OK || result == Z_BUF_ERROR ? UNPACK_GOES_ON : UNPACK_BROKEN;
}

const struct unpack_format unpack_gzip = {
    .name = "gzip",
    .matches = gzip_matches,
    .create = gzip_create,
    .destroy = gzip_destroy,
    .reset = gzip_reset,
    .step = gzip_step,
};

/* RFC 8878, 3.1.1 and 3.1.2: frames, and frames to be skipped, which lz4 writes alike. */
static bool is_skippable(uint32_t magic)
{
    return (magic & 0xfffffff0) == 0x184d2a50;
}

static bool zstd_matches(const uint8_t magic[UNPACK_MAGIC_BYTES])
{
    const uint32_t value = little_endian(magic);

    return value == 0xfd2fb528 || is_skippable(value);
}

/* The window is bounded by the library: 128 MiB, what `zstd -d` accepts too. */
static void *zstd_create(void)
{
    return ZSTD_createDCtx();
}

static void zstd_destroy(void *state)
{
    (void)ZSTD_freeDCtx(state);
}

static void zstd_reset(void *state)
{
    (void)ZSTD_DCtx_reset(state, ZSTD_reset_session_only);
}

static enum unpack_step zstd_step(void *state, struct unpack_io *io)
{
    ZSTD_inBuffer in = {.src = io->in, .size = io->in_len};
    ZSTD_outBuffer out = {.dst = io->out, .size = io->out_len};
    const size_t result = ZSTD_decompressStream(state, &out, &in);

    io->in += in.pos;
    io->in_len -= in.pos;
    io->out += out.pos;
    io->out_len -= out.pos;
    if (ZSTD_isError(result)) {
        return UNPACK_BROKEN;
    }
    return result == 0 ? UNPACK_MEMBER_ENDS : UNPACK_GOES_ON;
}

const struct unpack_format unpack_zstd = {
    .name = "zstd",
    .matches = zstd_matches,
    .create = zstd_create,
    .destroy = zstd_destroy,
    .reset = zstd_reset,
    .step = zstd_step,
};

static bool lz4_matches(const uint8_t magic[UNPACK_MAGIC_BYTES])
{
    return little_endian(magic) == 0x184d2204;
}

static void *lz4_create(void)
{
    LZ4F_dctx *context = NULL;

    return LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) ? NULL : context;
}

static void lz4_destroy(void *state)
{
    (void)LZ4F_freeDecompressionContext(state);
}

static void lz4_reset(void *state)
{
    LZ4F_resetDecompressionContext(state);
}

static enum unpack_step lz4_step(void *state, struct unpack_io *io)
{
    size_t made = io->out_len;
    size_t used = io->in_len;
    const size_t result = LZ4F_decompress(state, io->out, &made, io->in, &used, NULL);

    if (LZ4F_isError(result)) {
        return UNPACK_BROKEN;
    }
    io->in += used;
    io->in_len -= used;
    io->out += made;
    io->out_len -= made;
    return result == 0 ? UNPACK_MEMBER_ENDS : UNPACK_GOES_ON;
}

const struct unpack_format unpack_lz4 = {
    .name = "lz4",
    .matches = lz4_matches,
    .create = lz4_create,
    .destroy = lz4_destroy,
    .reset = lz4_reset,
    .step = lz4_step,
};
