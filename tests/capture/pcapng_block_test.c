#include "capture/pcapng_block.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int64_t second_ns = 1000000000;

/* An exact-size copy of a body. */
struct body {
    uint8_t *exact;
    struct pcapng_bytes bytes;
};

static struct body body_of(const uint8_t *wire, size_t len, bool is_big_endian)
{
    struct body body = {.exact = malloc(len > 0 ? len : 1)};

    assert_non_null(body.exact);
    memcpy(body.exact, wire, len);
    body.bytes = (struct pcapng_bytes){body.exact, len, is_big_endian};
    return body;
}

static bool parse_interface(const uint8_t *wire, size_t len, struct pcapng_interface *out)
{
    const struct body body = body_of(wire, len, false);
    const bool ok = pcapng_parse_interface(body.bytes, out);

    free(body.exact);
    return ok;
}

/* link type 1, reserved, snap length 96, if_tsresol 10^-9, if_tsoffset -2, end of options */
static const uint8_t interface_wire[] = {
    1,  0, 0, 0, 96,   0,    0,    0,    9,    0,    1,    0,    9, 0, 0, 0,
    14, 0, 8, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0,
};

static void an_interface_has_a_link_type_a_resolution_and_an_offset(void **state)
{
    struct pcapng_interface interface;

    (void)state;
    assert_true(parse_interface(interface_wire, sizeof(interface_wire), &interface));
    assert_int_equal(interface.link_type, 1);
    assert_int_equal(interface.snaplen, 96);
    assert_int_equal(interface.units, 1000000000);
    assert_int_equal(interface.offset_s, -2);
}

static void an_interface_without_options_counts_microseconds(void **state)
{
    struct pcapng_interface interface;

    (void)state;
    assert_true(parse_interface(interface_wire, 8, &interface));
    assert_int_equal(interface.units, 1000000);
    assert_int_equal(interface.offset_s, 0);
}

/* Whole are: no options, one, both with and without their end. */
static void an_interface_is_refused_at_every_other_truncation(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof(interface_wire); len++) {
        struct pcapng_interface interface = {.link_type = 77};
        const bool is_whole = len == 8 || len == 16 || len == 28;
        assert_int_equal(parse_interface(interface_wire, len, &interface), is_whole);
        assert_int_equal(interface.link_type, is_whole ? 1 : 77);
    }
}

static void resolutions_are_powers_of_ten_or_two_up_to_64_bits(void **state)
{
    static const struct {
        uint8_t resolution;
        bool is_right;
        uint64_t units;
    } cases[] = {
        {0, true, 1},    {3, true, 1000},    {19, true, 10000000000000000000u}, {20, false, 0},
        {0x80, true, 1}, {0x8a, true, 1024}, {0xbf, true, (uint64_t)1 << 63},   {0xc0, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t wire[sizeof(interface_wire)];
        struct pcapng_interface interface;
        memcpy(wire, interface_wire, sizeof(wire));
        wire[12] = cases[i].resolution;
        assert_int_equal(parse_interface(wire, sizeof(wire), &interface), cases[i].is_right);
        if (cases[i].is_right) {
            assert_true(interface.units == cases[i].units);
        }
    }
}

static void options_of_a_wrong_length_are_refused(void **state)
{
    uint8_t wire[sizeof(interface_wire)];
    struct pcapng_interface interface;

    (void)state;
    memcpy(wire, interface_wire, sizeof(wire));
    wire[10] = 2; /* if_tsresol */
    assert_false(parse_interface(wire, sizeof(wire), &interface));
    memcpy(wire, interface_wire, sizeof(wire));
    wire[18] = 7; /* if_tsoffset */
    assert_false(parse_interface(wire, sizeof(wire), &interface));
    wire[18] = 0xff; /* beyond the block */
    wire[19] = 0xff;
    assert_false(parse_interface(wire, sizeof(wire), &interface));
}

/* interface 1, time 2^32 + 2, 3 bytes captured of 9, data and padding */
static const uint8_t packet_wire[] = {
    0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 9, 0xaa, 0xbb, 0xcc, 0,
};

static void an_enhanced_packet_lies_in_its_block(void **state)
{
    struct pcapng_packet packet;

    (void)state;
    for (size_t len = 0; len <= sizeof(packet_wire); len++) {
        const struct body body = body_of(packet_wire, len, true);
        const bool ok = pcapng_parse_enhanced(body.bytes, &packet);
        assert_int_equal(ok, len >= 23);
        if (ok) {
            assert_int_equal(packet.interface, 1);
            assert_int_equal(packet.time, ((uint64_t)1 << 32) + 2);
            assert_int_equal(packet.captured_len, 3);
            assert_int_equal(packet.wire_len, 9);
            assert_ptr_equal(packet.data, body.exact + 20);
        }
        free(body.exact);
    }
}

static void a_packet_of_more_than_the_snap_length_is_refused(void **state)
{
    const size_t len = 20 + PCAPNG_SNAPLEN + 4;
    uint8_t *wire = calloc(1, len);
    struct pcapng_packet packet;

    (void)state;
    assert_non_null(wire);
    wire[13] = PCAPNG_SNAPLEN >> 16;
    assert_true(pcapng_parse_enhanced((struct pcapng_bytes){wire, len, true}, &packet));
    wire[15] = 1;
    assert_false(pcapng_parse_enhanced((struct pcapng_bytes){wire, len, true}, &packet));
    free(wire);
}

static void a_simple_packet_is_cut_at_the_snap_length(void **state)
{
    static const uint8_t wire[] = {9, 0, 0, 0, 0xaa, 0xbb, 0xcc, 0xdd};
    struct pcapng_packet packet;

    (void)state;
    for (size_t len = 0; len <= sizeof(wire); len++) {
        const struct body body = body_of(wire, len, false);
        assert_int_equal(pcapng_parse_simple(body.bytes, 4, &packet), len == sizeof(wire));
        assert_false(pcapng_parse_simple(body.bytes, 0, &packet));
        free(body.exact);
    }
    assert_true(pcapng_parse_simple((struct pcapng_bytes){wire, sizeof(wire), false}, 4, &packet));
    assert_int_equal(packet.captured_len, 4);
    assert_int_equal(packet.wire_len, 9);
}

static void times_are_exact_in_every_resolution(void **state)
{
    static const struct {
        struct pcapng_interface interface;
        uint64_t time;
        int64_t expected_ns;
    } cases[] = {
        {{.units = 1000000}, 1700000000123456, 1700000000123456000},
        {{.units = 1000000000}, 1700000000123456789, 1700000000123456789},
        {{.units = 1000}, 1700000000123, 1700000000123000000},
        {{.units = 1}, 1700000000, 1700000000000000000},
        {{.units = 1000000000000}, 1700000000999, 1700000000},
        {{.units = (uint64_t)1 << 32}, ((uint64_t)5 << 32) + (1u << 31), 5500000000},
        {{.units = (uint64_t)1 << 63}, (uint64_t)3 << 62, 1500000000},
        {{.units = 1000000, .offset_s = 1700000000}, 5, 1700000000000005000},
        {{.units = 1000000, .offset_s = -1}, 5, -999995000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(pcapng_time_ns(&cases[i].interface, cases[i].time), cases[i].expected_ns);
    }
}

static void times_beyond_all_measure_are_clamped(void **state)
{
    const struct pcapng_interface seconds = {.units = 1};
    const struct pcapng_interface past = {.units = 1, .offset_s = INT64_MIN};
    const struct pcapng_interface micro = {.units = 1000000};

    (void)state;
    assert_true(pcapng_time_ns(&seconds, UINT64_MAX) > 9000000000 * second_ns);
    assert_true(pcapng_time_ns(&past, 0) < -9000000000 * second_ns);
    assert_true(pcapng_time_ns(&micro, UINT64_MAX) > 9000000000 * second_ns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interface_has_a_link_type_a_resolution_and_an_offset),
        cmocka_unit_test(an_interface_without_options_counts_microseconds),
        cmocka_unit_test(an_interface_is_refused_at_every_other_truncation),
        cmocka_unit_test(resolutions_are_powers_of_ten_or_two_up_to_64_bits),
        cmocka_unit_test(options_of_a_wrong_length_are_refused),
        cmocka_unit_test(an_enhanced_packet_lies_in_its_block),
        cmocka_unit_test(a_packet_of_more_than_the_snap_length_is_refused),
        cmocka_unit_test(a_simple_packet_is_cut_at_the_snap_length),
        cmocka_unit_test(times_are_exact_in_every_resolution),
        cmocka_unit_test(times_beyond_all_measure_are_clamped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
