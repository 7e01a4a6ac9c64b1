#include "tests/dissect/net/fragment_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct fragment_piece fragment_three[3] = {
    {0, 1480, false, 0, 0, 7, 100},
    {1480, 2480, false, 0, 0, 7, 200},
    {3960, 77, true, 0, 0, 7, 300},
};

void fragment_bench_set_up(struct fragment_bench *bench, enum fragment_kind kind, size_t max_bytes)
{
    static const uint8_t key[16] = {1, 2, 3};

    memset(bench, 0, sizeof(*bench));
    bench->kind = kind;
    bench->fragments = fragments_new(max_bytes, key, &bench->counters);
    bench->buffer = malloc(DATAGRAM_FRAME_BYTES);
    assert_non_null(bench->fragments);
    assert_non_null(bench->buffer);
}

void fragment_bench_tear_down(struct fragment_bench *bench)
{
    fragments_free(bench->fragments);
    free(bench->buffer);
}

static uint8_t byte_at(uint32_t offset, uint8_t seed)
{
    return (uint8_t)(offset * 31 + offset / 256 + seed);
}

struct fragment fragment_bench_fragment(const struct fragment_bench *bench,
                                        const struct fragment_piece *piece)
{
    struct fragment fragment = {
        .time_ns = piece->time_ns,
        .kind = bench->kind,
        .identification = piece->identification,
        .protocol = 6,
        .is_last = piece->is_last,
        .offset = piece->offset,
        .len = piece->len,
        .link_type = bench->kind == FRAGMENT_IPV6 ? 229 : 228,
    };

    memset(fragment.source.address, 1, 16);
    memset(fragment.destination.address, 2, 16);
    return fragment;
}

bool fragment_bench_add_bytes(struct fragment_bench *bench, struct fragment *fragment, uint32_t cut,
                              uint32_t first, uint8_t seed)
{
    const uint32_t seen = fragment->len - cut;
    uint8_t *exact = malloc(seen > 0 ? seen : 1);

    assert_non_null(exact);
    for (uint32_t i = 0; i < seen; i++) {
        exact[i] = byte_at(first + i, seed);
    }
    fragment->payload = (struct bytes){exact, seen};
    const bool is_whole =
        fragments_add(bench->fragments, fragment, true, bench->buffer, &bench->frame);
    free(exact);
    return is_whole;
}

bool fragment_bench_add(struct fragment_bench *bench, const struct fragment_piece *piece)
{
    struct fragment fragment = fragment_bench_fragment(bench, piece);

    return fragment_bench_add_bytes(bench, &fragment, piece->cut, piece->offset, piece->seed);
}

void fragment_bench_expect_whole(const struct fragment_bench *bench, uint32_t len, uint32_t seen)
{
    static const uint32_t headers[FRAGMENT_KINDS] = {20, 40, 0, 0};
    const struct frame *frame = &bench->frame;
    const uint32_t header = headers[bench->kind];

    assert_int_equal(frame->wire_len, header + len);
    assert_int_equal(frame->captured_len, header + seen);
    for (uint32_t i = 0; i < seen; i++) {
        assert_int_equal(frame->data[header + i], byte_at(i, 0));
    }
}

uint64_t fragment_bench_lost(const struct fragment_bench *bench, const char *name)
{
    static const struct dead_ends none = {.rest = 0};
    struct dead_ends_row rows[DEAD_ENDS_ROWS];
    const size_t count = dead_ends_list(&bench->counters.dead_ends, &none, rows);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return rows[i].count;
        }
    }
    return 0;
}
