#include "tests/dissect/net/inner_bench.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void inner_bench_set_up(struct inner_bench *bench, size_t max_fragment_bytes)
{
    static const uint8_t key[16] = {1};

    memset(bench, 0, sizeof(*bench));
    bench->inner = inner_frames_new(max_fragment_bytes, key, &bench->counters);
    assert_non_null(bench->inner);
}

void inner_bench_tear_down(struct inner_bench *bench)
{
    inner_frames_free(bench->inner);
}

void inner_bench_drain(struct inner_bench *bench)
{
    struct frame frame;

    while (inner_frames_next(bench->inner, &frame, &bench->segment)) {
        const struct bytes payload = bench->segment.payload;
        bench->found++;
        assert_true(payload.data >= frame.data);
        assert_true(payload.data + payload.len <= frame.data + frame.captured_len);
        assert_int_equal(bench->segment.time_ns, frame.time_ns);
        assert_true(payload.len <= sizeof(bench->payload));
        memcpy(bench->payload, payload.data, payload.len);
    }
}

unsigned inner_bench_give_cut(struct inner_bench *bench, int link_type, const char *hex, size_t cut)
{
    struct fixture fixture = fixture_hex(hex, (const char *)NULL);
    const size_t len = fixture.len - cut;
    uint8_t *exact = malloc(len);
    struct packet packet;

    assert_non_null(exact);
    memcpy(exact, fixture.data, len);
    const struct frame frame = {
        .time_ns = 1234,
        .captured_len = (uint32_t)len,
        .wire_len = (uint32_t)fixture.len,
        .link_type = link_type,
        .data = exact,
    };
    bench->found = 0;
    inner_frames_add(bench->inner, packet_parse(&frame, &packet), &packet);
    inner_bench_drain(bench);
    free(exact);
    fixture_free(&fixture);
    return bench->found;
}

unsigned inner_bench_give(struct inner_bench *bench, int link_type, const char *hex)
{
    return inner_bench_give_cut(bench, link_type, hex, 0);
}

void inner_bench_expect_fixture(const struct inner_bench *bench)
{
    assert_int_equal(bench->segment.transport, SEGMENT_TCP);
    assert_int_equal(bench->segment.time_ns, 1234);
    assert_int_equal(bench->segment.source.port, 40000);
    assert_int_equal(bench->segment.destination.port, 443);
    assert_int_equal(bench->segment.sequence, 0x01020304);
    assert_int_equal(bench->segment.payload_len, 4);
    assert_int_equal(bench->segment.payload.len, 4);
    assert_memory_equal(bench->payload, "abcd", 4);
}

unsigned long long inner_bench_not_analysed(const struct inner_bench *bench, const char *name)
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
