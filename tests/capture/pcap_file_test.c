/* pcap files read by ourselves: byte orders, units of time, lengths that lie, and where files end.
 * What libpcap makes of whole captures is compared in versus_libpcap_test.c. */
#include "capture/pcap_file.h"

#include "tests/capture/capture_file.h"
#include "tests/capture/exact_inflow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ETHERNET = 1, NFLOG = 239, USB = 189, SNAPLEN_AT = 16, MINOR_AT = 6 };

static const uint32_t microseconds = 0xa1b2c3d4;
static const uint32_t nanoseconds = 0xa1b23c4d;
static const uint32_t patched = 0xa1b2cd34;

/* A reader of the first `len` bytes of a file, which are copied to a block of that size. */
struct reader {
    uint8_t *exact;
    struct inflow inflow;
    struct pcap_file file;
    bool is_ours;
};

static void open_cut(struct reader *reader, const struct capture_file *file, size_t len)
{
    reader->exact = exact_inflow_init(&reader->inflow, file->bytes, len, PCAP_FILE_RECORD_BYTES);
    reader->is_ours = pcap_file_open(&reader->file, &reader->inflow);
}

static void close_reader(struct reader *reader)
{
    inflow_clear(&reader->inflow);
    free(reader->exact);
}

static bool is_ours(const struct capture_file *file)
{
    struct reader reader;

    open_cut(&reader, file, file->len);
    if (!reader.is_ours) {
        assert_int_equal(inflow_len(&reader.inflow), file->len); /* libpcap gets all of it */
    }
    close_reader(&reader);
    return reader.is_ours;
}

static struct frame next(struct reader *reader, enum pcap_file_result expected, const char *words)
{
    struct frame frame = {0};
    struct error error = {""};

    assert_int_equal(pcap_file_next(&reader->file, &frame, &error), expected);
    assert_string_equal(error.text, words);
    return frame;
}

static void either_byte_order_and_unit_is_read(void **state)
{
    (void)state;

    for (int order = 0; order < 2; order++) {
        for (int unit = 0; unit < 2; unit++) {
            struct capture_file file;
            struct reader reader;
            capture_file_begin(&file, unit == 0 ? microseconds : nanoseconds, order == 1, ETHERNET);
            capture_file_add(&file, 1000, 7, 0xab, 60);
            capture_file_add(&file, 1001, 8, 0xcd, 0);
            open_cut(&reader, &file, file.len);
            assert_true(reader.is_ours);
            struct frame frame = next(&reader, PCAP_FILE_FRAME, "");
            assert_int_equal(frame.time_ns, 1000000000000 + (unit == 0 ? 7000 : 7));
            assert_int_equal(frame.captured_len, 60);
            assert_int_equal(frame.wire_len, 70);
            assert_int_equal(frame.link_type, ETHERNET);
            assert_int_equal(frame.data[0], 0xab);
            assert_int_equal(frame.data[59], 0xab);
            frame = next(&reader, PCAP_FILE_FRAME, "");
            assert_int_equal(frame.captured_len, 0);
            (void)next(&reader, PCAP_FILE_END, "");
            (void)next(&reader, PCAP_FILE_END, "");
            close_reader(&reader);
        }
    }
}

static void what_is_rare_is_left_to_libpcap(void **state)
{
    (void)state;
    struct capture_file file;

    capture_file_begin(&file, microseconds, false, ETHERNET);
    assert_true(is_ours(&file));
    file.bytes[MINOR_AT] = 3; /* lengths may be swapped */
    assert_false(is_ours(&file));
    capture_file_begin(&file, patched, false, ETHERNET);
    assert_false(is_ours(&file));
    capture_file_begin(&file, microseconds, true, NFLOG);
    assert_false(is_ours(&file));
    capture_file_begin(&file, microseconds, false, USB);
    assert_false(is_ours(&file));
    capture_file_begin(&file, microseconds, false, 0x24000000 | ETHERNET); /* with FCS */
    assert_false(is_ours(&file));
}

static void a_file_cut_in_its_header_is_left_to_libpcap(void **state)
{
    (void)state;
    struct capture_file file;

    capture_file_begin(&file, microseconds, false, ETHERNET);
    for (file.len = 0; file.len < PCAP_FILE_HEADER_BYTES; file.len++) {
        assert_false(is_ours(&file));
    }
}

static void every_cut_is_told_but_that_between_records(void **state)
{
    (void)state;
    struct capture_file file;

    capture_file_begin(&file, microseconds, false, ETHERNET);
    capture_file_add(&file, 1, 2, 0x11, 20);
    for (size_t len = PCAP_FILE_HEADER_BYTES + 1; len < file.len; len++) {
        const size_t there = len - PCAP_FILE_HEADER_BYTES;
        struct error words;
        struct reader reader;
        if (there < 16) {
            (void)error_set(
                &words, "truncated dump file; tried to read 16 header bytes, only got %zu", there);
        } else {
            (void)error_set(&words,
                            "truncated dump file; tried to read 20 captured bytes, only got %zu",
                            there - 16);
        }
        open_cut(&reader, &file, len);
        assert_true(reader.is_ours);
        (void)next(&reader, PCAP_FILE_DAMAGED, words.text);
        close_reader(&reader);
    }
}

static void a_length_beyond_all_bounds_is_damage(void **state)
{
    (void)state;
    struct capture_file file;
    struct reader reader;

    capture_file_begin(&file, microseconds, false, ETHERNET);
    capture_file_put(&file, 1, 4);
    capture_file_put(&file, 2, 4);
    capture_file_put(&file, 262145, 4);
    capture_file_put(&file, 262145, 4);
    open_cut(&reader, &file, file.len);
    (void)next(&reader, PCAP_FILE_DAMAGED,
               "invalid packet capture length 262145, bigger than maximum of 262144");
    close_reader(&reader);
}

static void no_more_is_shown_than_the_snaplen(void **state)
{
    (void)state;
    struct capture_file file;
    struct reader reader;

    capture_file_begin(&file, microseconds, false, ETHERNET);
    file.bytes[SNAPLEN_AT] = 40; /* 65535 before, in little-endian order */
    file.bytes[SNAPLEN_AT + 1] = 0;
    capture_file_add(&file, 1, 2, 0x11, 60);
    capture_file_add(&file, 3, 4, 0x22, 40);
    open_cut(&reader, &file, file.len);
    struct frame frame = next(&reader, PCAP_FILE_FRAME, "");
    assert_int_equal(frame.captured_len, 40);
    assert_int_equal(frame.wire_len, 70);
    frame = next(&reader, PCAP_FILE_FRAME, "");
    assert_int_equal(frame.data[0], 0x22); /* the rest of the first one was passed over */
    close_reader(&reader);
}

/* 0xffffffff seconds are -1, as libpcap reads them. */
static void times_have_a_sign(void **state)
{
    (void)state;
    struct capture_file file;
    struct reader reader;

    capture_file_begin(&file, microseconds, false, ETHERNET);
    capture_file_add(&file, UINT32_MAX, 2, 0x11, 14);
    open_cut(&reader, &file, file.len);
    assert_int_equal(next(&reader, PCAP_FILE_FRAME, "").time_ns, -1000000000 + 2000);
    close_reader(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(either_byte_order_and_unit_is_read),
        cmocka_unit_test(what_is_rare_is_left_to_libpcap),
        cmocka_unit_test(a_file_cut_in_its_header_is_left_to_libpcap),
        cmocka_unit_test(every_cut_is_told_but_that_between_records),
        cmocka_unit_test(a_length_beyond_all_bounds_is_damage),
        cmocka_unit_test(no_more_is_shown_than_the_snaplen),
        cmocka_unit_test(times_have_a_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
