#include "tests/dissect/net/stream_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void bench_begin(struct bench *bench, size_t blocks)
{
    memset(bench, 0, sizeof(*bench));
    stream_init(&bench->stream);
    bench->pool = pool_new(STREAM_BLOCK_BYTES, blocks);
    assert_non_null(bench->pool);
}

void bench_end(struct bench *bench)
{
    stream_clear(&bench->stream, bench->pool);
    assert_int_equal(pool_taken(bench->pool), 0);
    pool_free(bench->pool);
}

static void tell(struct bench *bench, const struct stream_chunk *chunk)
{
    char *out = bench->told + bench->told_len;
    const size_t room = sizeof(bench->told) - bench->told_len;

    assert_true(room > chunk->data.len + 16);
    if (chunk->missing > 0) {
        assert_int_equal(chunk->data.len, 0);
        bench->told_len += (size_t)snprintf(out, room, "<%u>|", chunk->missing);
        return;
    }
    assert_true(chunk->data.len > 0);
    memcpy(out, chunk->data.data, chunk->data.len);
    out[chunk->data.len] = '|';
    bench->told_len += chunk->data.len + 1;
}

void bench_drain(struct bench *bench)
{
    struct stream_chunk chunk;

    while (stream_next(&bench->stream, bench->pool, &chunk)) {
        bench->last = chunk;
        tell(bench, &chunk);
    }
}

void bench_add_cut(struct bench *bench, uint32_t sequence, uint8_t flags, const char *text,
                   size_t cut)
{
    const size_t len = strlen(text);
    uint8_t *exact = malloc(len - cut + 1);
    const struct segment segment = {
        .time_ns = ++bench->clock_ns,
        .sequence = sequence,
        .flags = flags,
        .payload_len = (uint32_t)len,
        .payload = {exact, len - cut},
    };

    assert_non_null(exact);
    memcpy(exact, text, len - cut);
    stream_add(&bench->stream, bench->pool, &segment);
    bench_drain(bench);
    free(exact);
}

void bench_add(struct bench *bench, uint32_t sequence, const char *text)
{
    bench_add_cut(bench, sequence, TCP_ACK, text, 0);
}

void bench_add_flags(struct bench *bench, uint32_t sequence, uint8_t flags, const char *text)
{
    bench_add_cut(bench, sequence, flags, text, 0);
}

void bench_expect(struct bench *bench, const char *told)
{
    bench->told[bench->told_len] = '\0';
    assert_string_equal(bench->told, told);
    bench->told_len = 0;
}
