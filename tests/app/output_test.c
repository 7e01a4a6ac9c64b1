#include "app/output.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char folder[32];
    char path[64]; /* "report" in it */
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    (void)strcpy(fixture->folder, "/tmp/reprise-test-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s/report", fixture->folder);
    *state = fixture;
    return 0;
}

/* Nothing but the report may be left. */
static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    (void)unlink(fixture->path);
    assert_int_equal(rmdir(fixture->folder), 0);
    free(fixture);
    return 0;
}

static void write_old(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs("old", file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void expect_content(const char *path, const char *content)
{
    char text[16] = "";
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    assert_int_equal(fread(text, 1, sizeof(text) - 1, file), strlen(content));
    assert_string_equal(text, content);
    assert_int_equal(fclose(file), 0);
}

static void close_puts_a_whole_file_in_place(void **state)
{
    const struct fixture *fixture = *state;
    struct output output;
    struct error error;

    write_old(fixture->path);
    assert_true(output_open(&output, fixture->path, &error));
    assert_true(fputs("new", output.file) >= 0);
    assert_int_equal(fflush(output.file), 0);
    expect_content(fixture->path, "old");
    assert_true(output_close(&output, true, &error));
    expect_content(fixture->path, "new");
}

static void close_leaves_the_old_file_when_incomplete(void **state)
{
    const struct fixture *fixture = *state;
    struct output output;
    struct error error;

    write_old(fixture->path);
    assert_true(output_open(&output, fixture->path, &error));
    assert_true(fputs("new", output.file) >= 0);
    assert_true(output_close(&output, false, &error));
    expect_content(fixture->path, "old");
}

static void open_names_the_file_that_cannot_be_made(void **state)
{
    struct output output;
    struct error error;

    (void)state;
    assert_false(output_open(&output, "/nowhere/report", &error));
    assert_string_equal(error.text, "/nowhere/report: No such file or directory");
}

static void new_files_have_the_ordinary_mode(void **state)
{
    const struct fixture *fixture = *state;
    struct output output;
    struct error error;
    struct stat status;

    const mode_t mask = umask(027);
    assert_true(output_open(&output, fixture->path, &error));
    assert_true(output_close(&output, true, &error));
    (void)umask(mask);
    assert_int_equal(stat(fixture->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void flush_tells_a_reader_that_left_from_a_full_disk(void **state)
{
    int ends[2];
    struct error error;

    (void)state;
    assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    assert_int_equal(pipe(ends), 0);
    FILE *file = fdopen(ends[1], "w");
    assert_non_null(file);
    assert_true(fputs("first", file) >= 0);
    assert_int_equal(output_flush(file, "pipe", &error), OUTPUT_FINE);
    assert_int_equal(close(ends[0]), 0);
    assert_true(fputs("second", file) >= 0);
    assert_int_equal(output_flush(file, "pipe", &error), OUTPUT_READER_GONE);
    assert_int_equal(output_flush(file, "pipe", &error), OUTPUT_READER_GONE);
    (void)fclose(file);

    file = fopen("/dev/full", "w");
    assert_non_null(file);
    assert_true(fputs("text", file) >= 0);
    assert_int_equal(output_flush(file, "/dev/full", &error), OUTPUT_FAILED);
    assert_string_equal(error.text, "/dev/full: No space left on device");
    (void)fclose(file);
}

static void wants_color_asks_the_option_first(void **state)
{
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    assert_false(output_wants_color(COLOR_AUTO, file));
    assert_true(output_wants_color(COLOR_ALWAYS, file));
    assert_false(output_wants_color(COLOR_NEVER, file));
    assert_int_equal(fclose(file), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(close_puts_a_whole_file_in_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(close_leaves_the_old_file_when_incomplete, set_up,
                                        tear_down),
        cmocka_unit_test(open_names_the_file_that_cannot_be_made),
        cmocka_unit_test_setup_teardown(new_files_have_the_ordinary_mode, set_up, tear_down),
        cmocka_unit_test(flush_tells_a_reader_that_left_from_a_full_disk),
        cmocka_unit_test(wants_color_asks_the_option_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
