#include "capture/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int64_t time_of(int64_t seconds, int64_t fraction, int64_t fraction_ns)
{
    const struct pcap_pkthdr header = {.ts = {.tv_sec = seconds, .tv_usec = fraction}};
    struct frame frame;

    record_to_frame(&header, NULL, DLT_EN10MB, fraction_ns, &frame);
    return frame.time_ns;
}

static void to_frame_knows_both_units_of_time(void **state)
{
    (void)state;
    assert_int_equal(time_of(5, 7, 1), 5000000007);
    assert_int_equal(time_of(5, 7, 1000), 5000007000);
    assert_int_equal(time_of(-1, 0, 1), -1000000000);
}

static void to_frame_clamps_times_beyond_nanoseconds(void **state)
{
    (void)state;
    assert_true(time_of(INT64_MAX, UINT32_MAX, 1000) > INT64_MAX / 2);
    assert_true(time_of(INT64_MIN, 0, 1) < INT64_MIN / 2);
    assert_true(time_of(UINT32_MAX, UINT32_MAX, 1000) > 0);
}

static void to_frame_never_has_fewer_bytes_on_the_wire(void **state)
{
    const struct pcap_pkthdr header = {.caplen = 60, .len = 20};
    struct frame frame;

    (void)state;
    record_to_frame(&header, NULL, DLT_EN10MB, 1, &frame);
    assert_int_equal(frame.captured_len, 60);
    assert_int_equal(frame.wire_len, 60);
}

static void link_type_is_the_file_formats(void **state)
{
    (void)state;
    assert_int_equal(record_link_type(DLT_EN10MB), 1);
    assert_int_equal(record_link_type(DLT_RAW), 101);
    assert_int_equal(record_link_type(DLT_ATM_RFC1483), 100);
    assert_int_equal(record_link_type(DLT_LINUX_SLL), 113);
    assert_int_equal(record_link_type(DLT_LINUX_SLL2), 276);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(to_frame_knows_both_units_of_time),
        cmocka_unit_test(to_frame_clamps_times_beyond_nanoseconds),
        cmocka_unit_test(to_frame_never_has_fewer_bytes_on_the_wire),
        cmocka_unit_test(link_type_is_the_file_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
