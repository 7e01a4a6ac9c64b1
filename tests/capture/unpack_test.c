#include "capture/inflow.h"
#include "capture/unpack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ZLIB_CONST
#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

enum { PLAIN_BYTES = 300000, PACKED_MOST = 400000, WINDOW_BYTES = 4096 };

/* Bytes that compress, but not to nothing. */
static void make_plain(uint8_t *out, size_t len)
{
    uint32_t state = 1;

    for (size_t i = 0; i < len; i++) {
        state = state * 1664525 + 1013904223;
        out[i] = (uint8_t)(i % 3 == 0 ? state >> 24 : i / 1000);
    }
}

static size_t pack_gzip(const uint8_t *plain, size_t len, uint8_t *out, size_t room)
{
    z_stream stream = {0};

    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = plain;
    stream.avail_in = (uInt)len;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(deflateEnd(&stream), Z_OK);
    return room - stream.avail_out;
}

static size_t pack_zstd(const uint8_t *plain, size_t len, uint8_t *out, size_t room)
{
    const size_t packed = ZSTD_compress(out, room, plain, len, 3);

    assert_false(ZSTD_isError(packed));
    return packed;
}

static size_t pack_lz4(const uint8_t *plain, size_t len, uint8_t *out, size_t room)
{
    const size_t packed = LZ4F_compressFrame(out, room, plain, len, NULL);

    assert_false(LZ4F_isError(packed));
    return packed;
}

typedef size_t pack(const uint8_t *plain, size_t len, uint8_t *out, size_t room);

static pack *const packs[] = {pack_gzip, pack_zstd, pack_lz4};
static const char *const names[] = {"gzip", "zstd", "lz4"};

struct fixture {
    uint8_t plain[PLAIN_BYTES];
    uint8_t packed[2 * PACKED_MOST];
};

static int set_up(void **state)
{
    struct fixture *fixture = malloc(sizeof(*fixture));

    assert_non_null(fixture);
    make_plain(fixture->plain, sizeof(fixture->plain));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

/* Takes everything out of the inflow; *len bytes came, all as in `plain`, which repeats. */
static enum inflow_result drain(const struct fixture *fixture, size_t packed_len, size_t *len,
                                struct error *error)
{
    struct input input;
    struct inflow inflow;
    enum inflow_result result = INFLOW_READY;
    uint8_t *exact = malloc(packed_len > 0 ? packed_len : 1);

    assert_non_null(exact);
    memcpy(exact, fixture->packed, packed_len);
    input_from_memory(&input, exact, packed_len);
    assert_true(inflow_init(&inflow, &input, WINDOW_BYTES, WINDOW_BYTES, error));
    *len = 0;
    while (result == INFLOW_READY) {
        result = inflow_fill(&inflow, 1, error);
        for (size_t i = 0; i < inflow_len(&inflow); i++) {
            assert_int_equal(inflow_data(&inflow)[i], fixture->plain[(*len + i) % PLAIN_BYTES]);
        }
        *len += inflow_len(&inflow);
        inflow_take(&inflow, inflow_len(&inflow));
    }
    inflow_clear(&inflow);
    free(exact);
    return result;
}

static void members_one_after_the_other_are_one(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    size_t len;

    for (size_t i = 0; i < 3; i++) {
        size_t packed = packs[i](fixture->plain, PLAIN_BYTES, fixture->packed, PACKED_MOST);
        packed += packs[i](fixture->plain, PLAIN_BYTES, fixture->packed + packed, PACKED_MOST);
        assert_int_equal(drain(fixture, packed, &len, &error), INFLOW_END);
        assert_int_equal(len, 2 * PLAIN_BYTES);
    }
}

static void what_is_not_compressed_stays_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    size_t len;

    for (size_t size = 0; size < 6; size++) {
        memcpy(fixture->packed, fixture->plain, size);
        assert_int_equal(drain(fixture, size, &len, &error), INFLOW_END);
        assert_int_equal(len, size);
    }
}

static void every_cut_is_told_and_what_came_before_is_kept(void **state)
{
    enum { SMALL = 5000 };
    struct fixture *fixture = *state;
    struct error error;
    size_t len;

    for (size_t i = 0; i < 3; i++) {
        const size_t packed = packs[i](fixture->plain, SMALL, fixture->packed, PACKED_MOST);
        size_t most = 0;
        for (size_t cut = UNPACK_MAGIC_BYTES; cut < packed; cut++) {
            assert_int_equal(drain(fixture, cut, &len, &error), INFLOW_DAMAGED);
            assert_non_null(strstr(error.text, names[i]));
            assert_true(len >= most && len <= SMALL);
            most = len;
        }
        assert_int_equal(drain(fixture, packed, &len, &error), INFLOW_END);
        assert_int_equal(len, SMALL);
    }
}

static void damage_and_trailing_garbage_are_told(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    size_t len;

    for (size_t i = 0; i < 3; i++) {
        const size_t packed = packs[i](fixture->plain, PLAIN_BYTES, fixture->packed, PACKED_MOST);
        memset(fixture->packed + packed, 'x', 100);
        assert_int_equal(drain(fixture, packed + 100, &len, &error), INFLOW_DAMAGED);
        assert_int_equal(len, PLAIN_BYTES);
        assert_non_null(strstr(error.text, names[i]));
    }
}

/* Counts what a bomb of so many equal bytes becomes under limits of a kibibyte and a ratio of 10.
 */
static uint64_t explode(struct fixture *fixture, const struct unpack_format *format, size_t packed,
                        enum unpack_result *result, struct error *error)
{
    const struct unpack_limits limits = {.free_bytes = 1024, .ratio = 10};
    struct unpacker *unpacker = unpacker_new(format, limits, error);
    uint8_t out[512];
    uint64_t sum = 0;
    size_t size;
    size_t made;

    assert_non_null(unpacker);
    uint8_t *const room = unpacker_room(unpacker, &size);
    assert_true(packed <= size);
    memcpy(room, fixture->packed, packed);
    unpacker_fed(unpacker, packed);
    do {
        *result = unpacker_run(unpacker, out, sizeof(out), &made, error);
        sum += made;
    } while (*result == UNPACK_MADE);
    unpacker_free(unpacker);
    return sum;
}

static void a_bomb_ends_at_its_bound(void **state)
{
    struct fixture *fixture = *state;
    enum unpack_result result;
    struct error error;

    memset(fixture->plain, 0, PLAIN_BYTES);
    for (size_t i = 0; i < 3; i++) {
        const size_t packed = packs[i](fixture->plain, PLAIN_BYTES, fixture->packed, PACKED_MOST);
        const struct unpack_format *format = unpack_find(fixture->packed, packed);
        assert_non_null(format);
        const uint64_t sum = explode(fixture, format, packed, &result, &error);
        assert_int_equal(result, UNPACK_DAMAGED);
        assert_true(sum >= 1024 && sum <= 1024 + 10 * packed + 1024);
        assert_non_null(strstr(error.text, "more than 10 times"));
    }
}

static void what_is_small_may_grow_as_it_likes(void **state)
{
    struct fixture *fixture = *state;
    enum unpack_result result;
    struct error error;

    memset(fixture->plain, 0, PLAIN_BYTES);
    const size_t packed = pack_gzip(fixture->plain, 1000, fixture->packed, PACKED_MOST);
    assert_int_equal(explode(fixture, &unpack_gzip, packed, &result, &error), 1000);
    assert_int_equal(result, UNPACK_HUNGRY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(members_one_after_the_other_are_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_compressed_stays_as_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_cut_is_told_and_what_came_before_is_kept, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(damage_and_trailing_garbage_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bomb_ends_at_its_bound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_small_may_grow_as_it_likes, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
