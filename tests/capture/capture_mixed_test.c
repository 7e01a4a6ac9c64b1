/* pcapng files of several link types through the door, and files that grow. */
#include "capture/capture.h"

#include "tests/capture/capture_file.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { LINK_ETHERNET = 1, LINK_RAW = 101, LINK_USB = 189, NANOSECONDS = 9 };

struct fixture {
    char folder[CAPTURE_FILE_PATH];
    char path[CAPTURE_FILE_PATH];
    struct capture_file file;
};

/* Ethernet, raw IP, USB: two packets of each, in turn. */
static int set_up(void **state)
{
    struct fixture *fixture = malloc(sizeof(*fixture));

    assert_non_null(fixture);
    capture_file_make_folder(fixture->folder);
    capture_file_path(fixture->folder, "mixed", fixture->path);
    fixture->file.len = 0;
    capture_file_add_section(&fixture->file, false);
    capture_file_add_interface(&fixture->file, LINK_ETHERNET, NANOSECONDS);
    capture_file_add_interface(&fixture->file, LINK_RAW, NANOSECONDS);
    capture_file_add_interface(&fixture->file, LINK_USB, NANOSECONDS);
    for (uint32_t i = 0; i < 6; i++) {
        capture_file_add_packet(&fixture->file, i % 3, i, i % 3 == 1 ? 0x45 : 0xff, 60);
    }
    capture_file_write(&fixture->file, fixture->file.len, fixture->path);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    capture_file_remove_folder(fixture->folder);
    free(fixture);
    return 0;
}

static struct capture *open_it(const struct fixture *fixture, const char *filter, bool is_followed)
{
    const char *const source = fixture->path;
    struct capture_options options;
    struct capture *capture = NULL;
    struct error error;

    capture_options_init(&options);
    options.sources = &source;
    options.source_count = 1;
    options.filter = filter;
    options.is_followed = is_followed;
    assert_int_equal(capture_open_files(&options, &capture, &error), CAPTURE_OPENED);
    return capture;
}

static void expect_frame(struct capture *capture, int link_type, int64_t time_ns)
{
    struct frame frame;
    struct error error;

    assert_int_equal(capture_next(capture, &frame, &error), CAPTURE_FRAME);
    assert_int_equal(frame.link_type, link_type);
    assert_int_equal(frame.time_ns, time_ns);
}

static void expect(struct capture *capture, enum capture_result result, const char *words)
{
    struct frame frame;
    struct error error = {""};

    assert_int_equal(capture_next(capture, &frame, &error), result);
    assert_non_null(strstr(error.text, words));
}

static void each_frame_has_the_link_type_of_its_interface(void **state)
{
    struct capture *capture = open_it(*state, NULL, false);

    for (int64_t i = 0; i < 6; i++) {
        expect_frame(capture, i % 3 == 0 ? LINK_ETHERNET : i % 3 == 1 ? LINK_RAW : LINK_USB, i);
    }
    expect(capture, CAPTURE_END, "");
    capture_close(capture);
}

static void a_filter_is_compiled_for_each_link_type(void **state)
{
    struct capture *capture = open_it(*state, "ip", false);

    expect_frame(capture, LINK_RAW, 1);
    expect(capture, CAPTURE_PROBLEM, "filter \"ip\"");
    expect_frame(capture, LINK_RAW, 4);
    expect(capture, CAPTURE_END, "");
    assert_int_equal(capture_problems(capture).unreadable, 1);
    capture_close(capture);
}

static void a_filter_that_suits_one_link_type_leaves_out_the_others(void **state)
{
    struct capture *capture = open_it(*state, "ether broadcast", false);

    expect_frame(capture, LINK_ETHERNET, 0);
    expect(capture, CAPTURE_PROBLEM, "ether broadcast");
    expect(capture, CAPTURE_PROBLEM, "ether broadcast");
    expect_frame(capture, LINK_ETHERNET, 3);
    expect(capture, CAPTURE_END, "");
    assert_int_equal(capture_problems(capture).unreadable, 2);
    capture_close(capture);
}

static void refuse_source_leaves_out_one_link_type_only(void **state)
{
    struct capture *capture = open_it(*state, NULL, false);

    expect_frame(capture, LINK_ETHERNET, 0);
    expect_frame(capture, LINK_RAW, 1);
    expect_frame(capture, LINK_USB, 2);
    capture_refuse_source(capture);
    expect_frame(capture, LINK_ETHERNET, 3);
    expect_frame(capture, LINK_RAW, 4);
    expect(capture, CAPTURE_END, "");
    assert_int_equal(capture_problems(capture).unreadable, 1);
    capture_close(capture);
}

/* Appends the file in pieces of seven bytes while it is read. */
static void *grow(void *state)
{
    const struct fixture *fixture = state;
    FILE *out = fopen(fixture->path, "ab");
    size_t done = 10;

    while (out != NULL && done < fixture->file.len) {
        const size_t part = fixture->file.len - done < 7 ? fixture->file.len - done : 7;
        (void)fwrite(fixture->file.bytes + done, 1, part, out);
        (void)fflush(out);
        (void)usleep(1000);
        done += part;
    }
    if (out != NULL) {
        (void)fclose(out);
    }
    return NULL;
}

/* The next frame, however often nothing comes before it. */
static void await_frame(struct capture *capture, int64_t time_ns)
{
    struct frame frame;
    struct error error = {""};
    enum capture_result result = CAPTURE_IDLE;

    for (unsigned i = 0; i < 100 && result == CAPTURE_IDLE; i++) {
        result = capture_next(capture, &frame, &error);
    }
    assert_int_equal(result, CAPTURE_FRAME);
    assert_int_equal(frame.time_ns, time_ns);
}

static void follow_growth(struct fixture *fixture)
{
    pthread_t writer;

    capture_file_write(&fixture->file, 10, fixture->path);
    assert_int_equal(pthread_create(&writer, NULL, grow, fixture), 0);
    struct capture *capture = open_it(fixture, NULL, true);
    for (int64_t i = 0; i < 6; i++) {
        await_frame(capture, i);
    }
    assert_int_equal(pthread_join(writer, NULL), 0);
    expect(capture, CAPTURE_IDLE, "");
    capture_stop(capture);
    expect(capture, CAPTURE_END, "");
    assert_int_equal(capture_problems(capture).damaged, 0);
    capture_close(capture);
}

static void a_growing_pcapng_file_is_read_piece_by_piece(void **state)
{
    follow_growth(*state);
}

static void a_growing_pcap_file_is_read_piece_by_piece(void **state)
{
    struct fixture *fixture = *state;

    for (int is_big_endian = 0; is_big_endian < 2; is_big_endian++) {
        capture_file_begin(&fixture->file, 0xa1b23c4d, is_big_endian, LINK_ETHERNET);
        for (uint32_t i = 0; i < 6; i++) {
            capture_file_add(&fixture->file, 0, i, 0xff, 60);
        }
        follow_growth(fixture);
    }
}

static void a_followed_file_that_becomes_shorter_ends(void **state)
{
    struct fixture *fixture = *state;
    struct capture *capture = open_it(fixture, NULL, true);

    for (int64_t i = 0; i < 6; i++) {
        await_frame(capture, i);
    }
    assert_int_equal(truncate(fixture->path, 20), 0);
    expect(capture, CAPTURE_END, "");
    assert_int_equal(capture_problems(capture).damaged, 0);
    capture_close(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_frame_has_the_link_type_of_its_interface, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_filter_is_compiled_for_each_link_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_filter_that_suits_one_link_type_leaves_out_the_others,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuse_source_leaves_out_one_link_type_only, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_growing_pcapng_file_is_read_piece_by_piece, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_growing_pcap_file_is_read_piece_by_piece, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_followed_file_that_becomes_shorter_ends, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
