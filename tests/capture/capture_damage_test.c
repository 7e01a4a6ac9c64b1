/* Sources that cannot be read, or not to their end. */
#include "capture/capture.h"

#include "tests/capture/capture_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LINK_ETHERNET = 1, FILE_HEADER = 24, RECORD_HEADER = 16, RECORD_DATA = 20 };

struct fixture {
    char folder[CAPTURE_FILE_PATH];
    char path[CAPTURE_FILE_PATH]; /* "damaged.pcap" in it */
    struct capture_file file;     /* two records */
};

static int set_up(void **state)
{
    struct fixture *fixture = malloc(sizeof(*fixture));

    assert_non_null(fixture);
    capture_file_make_folder(fixture->folder);
    capture_file_path(fixture->folder, "damaged.pcap", fixture->path);
    capture_file_begin(&fixture->file, 0xa1b2c3d4, false, LINK_ETHERNET);
    capture_file_add(&fixture->file, 1, 0, 0xaa, RECORD_DATA);
    capture_file_add(&fixture->file, 2, 0, 0xbb, RECORD_DATA);
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

static void expect(struct capture *capture, enum capture_result result, struct error *error)
{
    struct frame frame;

    assert_int_equal(capture_next(capture, &frame, error), result);
}

/* Frames that are whole in the first `len` bytes of the two-record file. */
static size_t whole_records(size_t len)
{
    return len < FILE_HEADER ? 0 : (len - FILE_HEADER) / (RECORD_HEADER + RECORD_DATA);
}

static bool is_at_a_boundary(size_t len)
{
    return len >= FILE_HEADER && (len - FILE_HEADER) % (RECORD_HEADER + RECORD_DATA) == 0;
}

static void next_keeps_what_comes_before_every_cut(void **state)
{
    struct fixture *fixture = *state;
    const char *const source = fixture->path;
    struct error error;

    for (size_t len = 0; len <= fixture->file.len; len++) {
        capture_file_write(&fixture->file, len, fixture->path);
        struct capture *capture = open_sources(&source, 1);
        assert_int_equal(capture_has_source(capture), len >= FILE_HEADER);
        for (size_t i = 0; i < whole_records(len); i++) {
            expect(capture, CAPTURE_FRAME, &error);
        }
        if (!is_at_a_boundary(len)) {
            expect(capture, CAPTURE_PROBLEM, &error);
            assert_non_null(strstr(error.text, "damaged.pcap: "));
        }
        expect(capture, CAPTURE_END, &error);
        assert_int_equal(capture_problems(capture).damaged, is_at_a_boundary(len) ? 0 : 1);
        assert_int_equal(capture_problems(capture).unreadable, 0);
        capture_close(capture);
    }
}

static void next_tells_how_far_a_damaged_file_was_read(void **state)
{
    struct fixture *fixture = *state;
    const char *const source = fixture->path;
    struct error error;

    capture_file_write(&fixture->file, fixture->file.len - 1, fixture->path);
    struct capture *capture = open_sources(&source, 1);
    expect(capture, CAPTURE_FRAME, &error);
    expect(capture, CAPTURE_PROBLEM, &error);
    assert_non_null(strstr(error.text, "cut short or damaged after 1 packet"));
    capture_close(capture);
}

static void next_goes_on_with_the_files_after_a_damaged_one(void **state)
{
    struct fixture *fixture = *state;
    char good[CAPTURE_FILE_PATH];
    char missing[CAPTURE_FILE_PATH];
    const char *const sources[] = {fixture->path, missing, good};
    struct error error;

    capture_file_path(fixture->folder, "e-missing.pcap", missing);
    capture_file_path(fixture->folder, "f-good.pcap", good);
    capture_file_write(&fixture->file, fixture->file.len - 1, fixture->path);
    capture_file_write(&fixture->file, fixture->file.len, good);
    struct capture *capture = open_sources(sources, 3);
    expect(capture, CAPTURE_FRAME, &error);
    expect(capture, CAPTURE_PROBLEM, &error);
    expect(capture, CAPTURE_PROBLEM, &error);
    assert_non_null(strstr(error.text, "e-missing.pcap: No such file or directory"));
    expect(capture, CAPTURE_FRAME, &error);
    assert_string_equal(capture_source(capture), good);
    expect(capture, CAPTURE_FRAME, &error);
    expect(capture, CAPTURE_END, &error);
    assert_int_equal(capture_problems(capture).damaged, 1);
    assert_int_equal(capture_problems(capture).unreadable, 1);
    capture_close(capture);
}

static void next_tells_of_every_file_that_cannot_be_opened(void **state)
{
    struct fixture *fixture = *state;
    const char *const sources[] = {"/nowhere/b", "/nowhere/a", fixture->path};
    struct error error;

    memcpy(fixture->file.bytes, "#!/bin/sh", 9);
    capture_file_write(&fixture->file, fixture->file.len, fixture->path);
    struct capture *capture = open_sources(sources, 3);
    assert_false(capture_has_source(capture));
    expect(capture, CAPTURE_PROBLEM, &error);
    assert_string_equal(error.text, "/nowhere/a: No such file or directory");
    expect(capture, CAPTURE_PROBLEM, &error);
    assert_string_equal(error.text, "/nowhere/b: No such file or directory");
    expect(capture, CAPTURE_PROBLEM, &error);
    assert_non_null(strstr(error.text, "damaged.pcap: unknown file format"));
    expect(capture, CAPTURE_END, &error);
    assert_int_equal(capture_problems(capture).unreadable, 3);
    capture_close(capture);
}

static void next_tells_of_a_directory_without_captures(void **state)
{
    const struct fixture *fixture = *state;
    const char *const source = fixture->folder;
    struct error error;

    struct capture *capture = open_sources(&source, 1);
    expect(capture, CAPTURE_PROBLEM, &error);
    assert_non_null(strstr(error.text, "a directory without captures"));
    expect(capture, CAPTURE_END, &error);
    capture_close(capture);
}

static void refuse_source_goes_on_with_the_next(void **state)
{
    struct fixture *fixture = *state;
    char other[CAPTURE_FILE_PATH];
    const char *const sources[] = {fixture->path, other};
    struct error error;

    capture_file_path(fixture->folder, "other.pcap", other);
    capture_file_write(&fixture->file, fixture->file.len, fixture->path);
    capture_file_write(&fixture->file, fixture->file.len, other);
    struct capture *capture = open_sources(sources, 2);
    expect(capture, CAPTURE_FRAME, &error);
    capture_refuse_source(capture);
    expect(capture, CAPTURE_FRAME, &error);
    assert_string_equal(capture_source(capture), other);
    assert_int_equal(capture_problems(capture).unreadable, 1);
    capture_close(capture);
}

static void next_survives_lengths_that_lie(void **state)
{
    struct fixture *fixture = *state;
    const char *const source = fixture->path;
    const uint8_t lengths[][4] = {{0xff, 0xff, 0xff, 0xff},
                                  {0xff, 0xff, 0xff, 0x7f},
                                  {0x01, 0x00, 0x04, 0x00},
                                  {0x15, 0x00, 0x00, 0x00}};
    struct error error;

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        /* The second record's captured length. */
        memcpy(fixture->file.bytes + FILE_HEADER + RECORD_HEADER + RECORD_DATA + 8, lengths[i], 4);
        capture_file_write(&fixture->file, fixture->file.len, fixture->path);
        struct capture *capture = open_sources(&source, 1);
        expect(capture, CAPTURE_FRAME, &error);
        expect(capture, CAPTURE_PROBLEM, &error);
        expect(capture, CAPTURE_END, &error);
        capture_close(capture);
    }
}

/* Version 2.3 is libpcap's: whose frames are copied, so that they come together. */
static void damage_in_rare_pcap_is_told_behind_the_frames_before_it(void **state)
{
    enum { MINOR_VERSION = 6, ROOM = 8 };
    struct fixture *fixture = *state;
    const char *const source = fixture->path;
    struct frame frames[ROOM];
    struct frame_batch batch = {.frames = frames, .capacity = ROOM};
    struct error error;

    fixture->file.bytes[MINOR_VERSION] = 3;
    for (size_t cut = 0; cut < 2; cut++) {
        capture_file_write(&fixture->file, fixture->file.len - cut, fixture->path);
        struct capture *capture = open_sources(&source, 1);
        assert_int_equal(capture_next_batch(capture, &batch, &error), CAPTURE_FRAME);
        assert_int_equal(batch.count, 2 - cut);
        for (size_t i = 0; i < batch.count; i++) {
            assert_int_equal(frames[i].captured_len, RECORD_DATA);
            assert_int_equal(frames[i].data[0], i == 0 ? 0xaa : 0xbb);
            assert_int_equal(frames[i].data[RECORD_DATA - 1], i == 0 ? 0xaa : 0xbb);
        }
        if (cut > 0) {
            expect(capture, CAPTURE_PROBLEM, &error);
            assert_non_null(strstr(error.text, "cut short or damaged after 1 packet"));
        }
        expect(capture, CAPTURE_END, &error);
        capture_close(capture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(next_keeps_what_comes_before_every_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(next_tells_how_far_a_damaged_file_was_read, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(next_goes_on_with_the_files_after_a_damaged_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(next_tells_of_every_file_that_cannot_be_opened, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(next_tells_of_a_directory_without_captures, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(refuse_source_goes_on_with_the_next, set_up, tear_down),
        cmocka_unit_test_setup_teardown(next_survives_lengths_that_lie, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_in_rare_pcap_is_told_behind_the_frames_before_it,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
