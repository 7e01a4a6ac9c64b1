#include "capture/capture.h"

#include "tests/capture/capture_file.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { LINK_ETHERNET = 1, LINK_RAW = 101 };

static const uint32_t micro_magic = 0xa1b2c3d4;
static const uint32_t nano_magic = 0xa1b23c4d;

struct folder {
    char path[CAPTURE_FILE_PATH];
};

static int set_up(void **state)
{
    struct folder *folder = malloc(sizeof(*folder));

    assert_non_null(folder);
    capture_file_make_folder(folder->path);
    *state = folder;
    return 0;
}

static int tear_down(void **state)
{
    struct folder *folder = *state;

    capture_file_remove_folder(folder->path);
    free(folder);
    return 0;
}

/* Writes a file into the test's folder; its path goes to out. */
static void write_file(const struct folder *folder, const char *name,
                       const struct capture_file *file, char out[CAPTURE_FILE_PATH])
{
    capture_file_path(folder->path, name, out);
    capture_file_write(file, file->len, out);
}

static struct capture *open_sources(const char *const *sources, size_t count)
{
    struct capture_options options;
    struct capture *capture = NULL;
    struct error error;

    capture_options_init(&options);
    options.sources = sources;
    options.source_count = count;
    assert_int_equal(capture_open_files(&options, &capture, &error), CAPTURE_OPENED);
    return capture;
}

static void expect_frame(struct capture *capture, int64_t time_ns, uint32_t len, uint8_t fill)
{
    struct frame frame;
    struct error error;

    assert_int_equal(capture_next(capture, &frame, &error), CAPTURE_FRAME);
    assert_int_equal(frame.time_ns, time_ns);
    assert_int_equal(frame.captured_len, len);
    assert_int_equal(frame.wire_len, len + 10);
    for (uint32_t i = 0; i < len; i++) {
        assert_int_equal(frame.data[i], fill);
    }
}

static void expect_end(struct capture *capture)
{
    struct frame frame;
    struct error error;

    assert_int_equal(capture_next(capture, &frame, &error), CAPTURE_END);
    assert_int_equal(capture_next(capture, &frame, &error), CAPTURE_END);
    capture_close(capture);
}

static void expect_one_file(const char *path)
{
    struct capture *capture = open_sources(&path, 1);

    assert_true(capture_has_source(capture));
    expect_frame(capture, 1700000000123456000, 60, 0xaa);
    expect_frame(capture, 1700000001000000000, 1, 0xbb);
    assert_string_equal(capture_source(capture), path);
    expect_end(capture);
}

static void next_reads_pcap_of_microseconds_in_both_byte_orders(void **state)
{
    struct capture_file file;
    char path[CAPTURE_FILE_PATH];

    for (int is_big_endian = 0; is_big_endian < 2; is_big_endian++) {
        capture_file_begin(&file, micro_magic, is_big_endian, LINK_ETHERNET);
        capture_file_add(&file, 1700000000, 123456, 0xaa, 60);
        capture_file_add(&file, 1700000001, 0, 0xbb, 1);
        write_file(*state, "micro.pcap", &file, path);
        expect_one_file(path);
    }
}

static void next_reads_pcap_of_nanoseconds_in_both_byte_orders(void **state)
{
    struct capture_file file;
    char path[CAPTURE_FILE_PATH];

    for (int is_big_endian = 0; is_big_endian < 2; is_big_endian++) {
        capture_file_begin(&file, nano_magic, is_big_endian, LINK_ETHERNET);
        capture_file_add(&file, 1700000000, 123456000, 0xaa, 60);
        capture_file_add(&file, 1700000001, 0, 0xbb, 1);
        write_file(*state, "nano.pcap", &file, path);
        expect_one_file(path);
    }
}

static void next_reads_pcapng_in_both_byte_orders(void **state)
{
    struct capture_file file;
    char path[CAPTURE_FILE_PATH];

    for (int is_big_endian = 0; is_big_endian < 2; is_big_endian++) {
        capture_file_begin_ng(&file, is_big_endian, LINK_ETHERNET);
        capture_file_add_ng(&file, 1700000000123456000, 0xaa, 60);
        capture_file_add_ng(&file, 1700000001000000000, 0xbb, 1);
        write_file(*state, "ng.pcapng", &file, path);
        expect_one_file(path);
    }
}

static void next_keeps_a_single_nanosecond(void **state)
{
    struct capture_file file;
    char path[CAPTURE_FILE_PATH];
    const char *const source = path;

    capture_file_begin(&file, nano_magic, false, LINK_ETHERNET);
    capture_file_add(&file, 1, 1, 0xcc, 4);
    write_file(*state, "nano.pcap", &file, path);
    struct capture *capture = open_sources(&source, 1);
    expect_frame(capture, 1000000001, 4, 0xcc);
    expect_end(capture);
}

static void next_tells_the_link_type_of_the_file_format(void **state)
{
    struct capture_file file;
    struct frame frame;
    struct error error;
    char path[CAPTURE_FILE_PATH];
    const char *const source = path;

    capture_file_begin(&file, micro_magic, false, LINK_RAW);
    capture_file_add(&file, 1, 1, 0x45, 20);
    write_file(*state, "raw.pcap", &file, path);
    struct capture *capture = open_sources(&source, 1);
    assert_int_equal(capture_next(capture, &frame, &error), CAPTURE_FRAME);
    assert_int_equal(frame.link_type, LINK_RAW);
    expect_end(capture);
}

/* One file per name, each with one frame of its own time, in the order of the array. */
static void write_files(const struct folder *folder, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct capture_file file;
        char path[CAPTURE_FILE_PATH];
        capture_file_begin(&file, micro_magic, false, LINK_ETHERNET);
        capture_file_add(&file, (uint32_t)(i + 1), 0, (uint8_t)i, 14);
        write_file(folder, names[i], &file, path);
    }
}

static void next_goes_through_a_directory_in_order_of_numbers(void **state)
{
    const struct folder *folder = *state;
    const char *const source = folder->path;
    const char *const names[] = {"a.pcap9", "a.pcap10", "b.pcap"};
    struct capture_file garbage;
    char path[CAPTURE_FILE_PATH];

    write_files(folder, names, 3);
    capture_file_begin(&garbage, 0x12345678, false, 0);
    write_file(folder, ".hidden", &garbage, path);
    write_file(folder, "README", &garbage, path); /* begins like no capture */
    struct capture *capture = open_sources(&source, 1);
    expect_frame(capture, 1000000000, 14, 0);
    expect_frame(capture, 2000000000, 14, 1);
    expect_frame(capture, 3000000000, 14, 2);
    assert_int_equal(capture_problems(capture).unreadable, 0);
    expect_end(capture);
}

static void statistics_count_frames_and_bytes(void **state)
{
    const struct folder *folder = *state;
    const char *const source = folder->path;
    const char *const names[] = {"1", "2"};
    struct capture_statistics statistics;

    write_files(folder, names, 2);
    struct capture *capture = open_sources(&source, 1);
    capture_statistics(capture, &statistics);
    assert_int_equal(statistics.frames, 0);
    assert_int_equal(statistics.bytes_total, 2 * (24 + 16 + 14));
    expect_frame(capture, 1000000000, 14, 0);
    expect_frame(capture, 2000000000, 14, 1);
    capture_statistics(capture, &statistics);
    assert_int_equal(statistics.frames, 2);
    assert_int_equal(statistics.received_by_filter, 2);
    assert_false(statistics.has_kernel_counts);
    assert_int_equal(statistics.bytes_read, statistics.bytes_total);
    expect_end(capture);
}

static void filter_lets_only_its_frames_through(void **state)
{
    struct capture_file file;
    struct capture_options options;
    struct capture *capture;
    struct error error;
    char path[CAPTURE_FILE_PATH];
    const char *const source = path;

    capture_file_begin(&file, micro_magic, false, LINK_ETHERNET);
    capture_file_add(&file, 1, 0, 0xaa, 60);
    capture_file_add(&file, 2, 0, 0xbb, 60);
    write_file(*state, "a.pcap", &file, path);
    capture_options_init(&options);
    options.sources = &source;
    options.source_count = 1;
    options.filter = "ether src bb:bb:bb:bb:bb:bb";
    assert_int_equal(capture_open_files(&options, &capture, &error), CAPTURE_OPENED);
    expect_frame(capture, 2000000000, 60, 0xbb);
    expect_end(capture);
}

static void open_refuses_a_filter_that_does_not_compile(void **state)
{
    struct capture_options options;
    struct capture *capture;
    struct error error;
    const struct folder *folder = *state;
    const char *const source = folder->path;
    const char *const names[] = {"1"};

    write_files(folder, names, 1);
    capture_options_init(&options);
    options.sources = &source;
    options.source_count = 1;
    options.filter = "tcp prot 443";
    assert_int_equal(capture_open_files(&options, &capture, &error), CAPTURE_BAD_FILTER);
    assert_null(capture);
    assert_non_null(strstr(error.text, "\"tcp prot 443\""));
}

static void *write_to_fifo(void *path)
{
    struct capture_file file;

    capture_file_begin(&file, micro_magic, false, LINK_ETHERNET);
    capture_file_add(&file, 1, 0, 0xaa, 60);
    capture_file_write(&file, file.len, path);
    return NULL;
}

static void next_reads_a_fifo(void **state)
{
    const struct folder *folder = *state;
    struct capture_statistics statistics;
    char path[CAPTURE_FILE_PATH];
    const char *const source = path;
    pthread_t writer;

    capture_file_path(folder->path, "fifo", path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_to_fifo, path), 0);
    struct capture *capture = open_sources(&source, 1);
    capture_statistics(capture, &statistics);
    assert_int_equal(statistics.bytes_total, 0);
    expect_frame(capture, 1000000000, 60, 0xaa);
    expect_end(capture);
    assert_int_equal(pthread_join(writer, NULL), 0);
}

static void *stop_later(void *capture)
{
    (void)usleep(50000);
    capture_stop(capture);
    return NULL;
}

static void stop_ends_the_wait_for_a_fifo(void **state)
{
    const struct folder *folder = *state;
    struct capture_file file;
    char path[CAPTURE_FILE_PATH];
    const char *const source = path;
    pthread_t stopper;

    capture_file_path(folder->path, "fifo", path);
    assert_int_equal(mkfifo(path, 0600), 0);
    FILE *writer = fopen(path, "r+b"); /* stays open: the FIFO never ends */
    assert_non_null(writer);
    capture_file_begin(&file, micro_magic, false, LINK_ETHERNET);
    capture_file_add(&file, 1, 0, 0xaa, 60);
    assert_int_equal(fwrite(file.bytes, 1, file.len, writer), file.len);
    assert_int_equal(fflush(writer), 0);
    struct capture *capture = open_sources(&source, 1);
    expect_frame(capture, 1000000000, 60, 0xaa);
    assert_int_equal(pthread_create(&stopper, NULL, stop_later, capture), 0);
    struct frame frame;
    struct error error;
    assert_int_equal(capture_next(capture, &frame, &error), CAPTURE_END);
    assert_int_equal(pthread_join(stopper, NULL), 0);
    assert_int_equal(capture_problems(capture).damaged, 0);
    capture_close(capture);
    assert_int_equal(fclose(writer), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(next_reads_pcap_of_microseconds_in_both_byte_orders, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(next_reads_pcap_of_nanoseconds_in_both_byte_orders, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(next_reads_pcapng_in_both_byte_orders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(next_keeps_a_single_nanosecond, set_up, tear_down),
        cmocka_unit_test_setup_teardown(next_tells_the_link_type_of_the_file_format, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(next_goes_through_a_directory_in_order_of_numbers, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(statistics_count_frames_and_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(filter_lets_only_its_frames_through, set_up, tear_down),
        cmocka_unit_test_setup_teardown(open_refuses_a_filter_that_does_not_compile, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(next_reads_a_fifo, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stop_ends_the_wait_for_a_fifo, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
