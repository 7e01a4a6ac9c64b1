#include "store/ticket_marks.h"

#include "tests/store/fixture.h"

#include <string.h>

static const uint8_t session_key[16] = {7, 1};

static struct siphash_key key_from(const uint8_t from[16])
{
    struct siphash_key key = {0, 0};
    struct error error;

    assert_true(ticket_marks_key(from, &key, &error));
    return key;
}

static struct ticket_shape shape_of(uint8_t first)
{
    struct ticket_shape shape = {.len = TICKET_START_BYTES};

    for (size_t i = 0; i < sizeof(shape.start); i++) {
        shape.start[i] = (uint8_t)(first + i);
    }
    return shape;
}

static struct ticket_marks marks_of(const struct ticket_shape *shape)
{
    const struct siphash_key key = key_from(session_key);
    struct ticket_marks marks;

    ticket_marks_of(&key, shape, &marks);
    return marks;
}

/* One other byte at every place in turn. */
static void each_mark_tells_of_its_own_bytes(void **state)
{
    (void)state;
    const struct ticket_shape shape = shape_of(1);
    const struct ticket_marks marks = marks_of(&shape);

    for (size_t at = 0; at < TICKET_START_BYTES; at++) {
        struct ticket_shape other = shape;
        other.start[at] ^= 0x80;
        const struct ticket_marks found = marks_of(&other);
        assert_int_equal(found.at_4 == marks.at_4, at >= 4);
        assert_int_equal(found.at_6 == marks.at_6, at >= 6);
        assert_int_equal(found.at_16 == marks.at_16, at >= 16);
        assert_int_equal(found.at_20 == marks.at_20, at >= 20);
        assert_int_equal(found.at_28 == marks.at_28, at >= 28);
    }
}

static void marks_of_two_databases_are_not_alike(void **state)
{
    (void)state;
    const uint8_t other_key[16] = {7, 2};
    const struct siphash_key key = key_from(other_key);
    const struct ticket_shape shape = shape_of(1);
    const struct ticket_marks marks = marks_of(&shape);
    struct ticket_marks other;

    ticket_marks_of(&key, &shape, &other);
    assert_true(other.at_4 != marks.at_4 && other.at_6 != marks.at_6 &&
                other.at_16 != marks.at_16 && other.at_20 != marks.at_20 &&
                other.at_28 != marks.at_28);
}

/* So few bits that many beginnings have them. */
static void short_marks_have_fewer_bits_than_their_bytes(void **state)
{
    (void)state;
    static bool is_taken[UINT16_MAX + 1];
    const struct siphash_key key = key_from(session_key);
    unsigned taken = 0;

    for (uint32_t n = 0; n < 1 << 18; n++) {
        struct ticket_shape shape = shape_of(1);
        memcpy(shape.start, &n, sizeof(n));
        struct ticket_marks marks;
        ticket_marks_of(&key, &shape, &marks);
        assert_true(marks.at_4 < 1 << 24);
        assert_true(marks.at_16 >= 0 && marks.at_28 >= 0);
        taken += !is_taken[marks.at_6];
        is_taken[marks.at_6] = true;
    }
    /* Of 2^18 thrown at 2^16, 1 - e^-4 are hit: 64 336. */
    assert_in_range(taken, 64000, 64700);
}

static void the_iv_is_marked_together_with_the_name(void **state)
{
    (void)state;
    const struct siphash_key key = key_from(session_key);
    struct ticket_shape shape = shape_of(1);
    const struct ticket_marks marks = marks_of(&shape);

    assert_true(ticket_marks_iv(&key, &shape, TICKET_LONG_NAME_BYTES) == marks.at_28);
    assert_true(ticket_marks_iv(&key, &shape, TICKET_SHORT_NAME_BYTES) == marks.at_16);
    shape.len = 28;
    assert_true(ticket_marks_iv(&key, &shape, TICKET_LONG_NAME_BYTES) == marks.at_28);
    shape.len = 27;
    assert_true(ticket_marks_iv(&key, &shape, TICKET_LONG_NAME_BYTES) == HANDSHAKE_NULL);
    shape.len = 15;
    assert_true(ticket_marks_iv(&key, &shape, TICKET_SHORT_NAME_BYTES) == HANDSHAKE_NULL);
}

/* What lies behind the end of a short ticket does not matter. */
static void a_short_ticket_is_marked_as_it_is(void **state)
{
    (void)state;
    struct ticket_shape shape = shape_of(1);
    struct ticket_shape other = shape_of(1);

    for (size_t len = 0; len < TICKET_START_BYTES; len++) {
        shape.len = (uint8_t)len;
        other.len = (uint8_t)len;
        other.start[len] ^= 0xff;
        const struct ticket_marks marks = marks_of(&shape);
        const struct ticket_marks found = marks_of(&other);
        assert_int_equal(found.at_4, marks.at_4);
        assert_true(found.at_16 == marks.at_16 && found.at_28 == marks.at_28);
        other.start[len] ^= 0xff;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mark_tells_of_its_own_bytes),
        cmocka_unit_test(marks_of_two_databases_are_not_alike),
        cmocka_unit_test(short_marks_have_fewer_bits_than_their_bytes),
        cmocka_unit_test(the_iv_is_marked_together_with_the_name),
        cmocka_unit_test(a_short_ticket_is_marked_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
