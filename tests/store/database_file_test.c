#include "store/database_file.h"

#include "tests/store/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The first 100 bytes of a database: magic at 0, user_version at 60, application_id at 68. */
static void write_header(const char *path, uint32_t application_id, uint32_t version)
{
    uint8_t header[100] = "SQLite format 3";

    for (unsigned i = 0; i < 4; i++) {
        header[60 + i] = (uint8_t)(version >> (24 - 8 * i));
        header[68 + i] = (uint8_t)(application_id >> (24 - 8 * i));
    }
    fixture_write_file(path, header, sizeof(header));
}

static void a_missing_file_is_made_for_writing_only(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};
    struct stat status;

    assert_false(database_file_for_reading(fixture->path, 1, &error));
    assert_non_null(strstr(error.text, "No such file or directory"));
    assert_int_not_equal(stat(fixture->path, &status), 0);
    const mode_t mask = umask(0022);
    assert_true(database_file_for_writing(fixture->path, 1, &error));
    (void)umask(mask);
    assert_int_equal(stat(fixture->path, &status), 0);
    assert_int_equal(status.st_size, 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void an_empty_file_may_be_written_but_not_read(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    fixture_write_file(fixture->path, "", 0);
    assert_true(database_file_for_writing(fixture->path, 1, &error));
    assert_false(database_file_for_reading(fixture->path, 1, &error));
    assert_non_null(strstr(error.text, "empty, not a database"));
}

static void our_header_is_let_through_up_to_the_newest_version(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    for (uint32_t version = 0; version <= 3; version++) {
        write_header(fixture->path, DATABASE_APPLICATION_ID, version);
        assert_int_equal(database_file_for_writing(fixture->path, 2, &error), version <= 2);
        assert_int_equal(database_file_for_reading(fixture->path, 2, &error), version <= 2);
    }
    assert_non_null(
        strstr(error.text, "written by a newer reprise (schema 3, this one knows up to 2)"));
}

static void another_application_id_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    const uint32_t others[] = {0, 1, DATABASE_APPLICATION_ID + 1, 0x72506552};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct error error = {""};
        write_header(fixture->path, others[i], 1);
        assert_false(database_file_for_writing(fixture->path, 1, &error));
        assert_non_null(strstr(error.text, "a database of another program"));
        assert_false(database_file_for_reading(fixture->path, 1, &error));
    }
}

static void every_truncation_of_a_header_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    size_t size;

    write_header(fixture->path, DATABASE_APPLICATION_ID, 1);
    char *header = fixture_read_file(fixture->path, &size);
    /* Up to the end of application_id; what follows does not tell whose it is. */
    for (size_t len = 1; len < 72; len++) {
        struct error error = {""};
        fixture_write_file(fixture->path, header, len);
        assert_false(database_file_for_writing(fixture->path, 1, &error));
        assert_int_not_equal(error.text[0], '\0');
    }
    free(header);
}

static void what_is_no_file_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};
    char path[128];

    assert_false(database_file_for_writing(fixture->directory, 1, &error));
    assert_non_null(strstr(error.text, "a directory, not a database"));
    assert_int_equal(mkfifo(fixture->path, 0600), 0);
    assert_false(database_file_for_writing(fixture->path, 1, &error));
    assert_non_null(strstr(error.text, "not a regular file"));
    (void)snprintf(path, sizeof(path), "%s/missing/test.db", fixture->directory);
    assert_false(database_file_for_writing(path, 1, &error));
    assert_non_null(strstr(error.text, "cannot be made: No such file or directory"));
    assert_false(database_file_for_writing("", 1, &error));
}

static void memory_is_no_file(void **state)
{
    (void)state;
    struct error error = {""};

    assert_true(database_file_is_memory(":memory:"));
    assert_false(database_file_is_memory("memory"));
    assert_true(database_file_for_writing(":memory:", 1, &error));
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(a_missing_file_is_made_for_writing_only),
        IN_DIRECTORY(an_empty_file_may_be_written_but_not_read),
        IN_DIRECTORY(our_header_is_let_through_up_to_the_newest_version),
        IN_DIRECTORY(another_application_id_is_refused),
        IN_DIRECTORY(every_truncation_of_a_header_is_refused),
        IN_DIRECTORY(what_is_no_file_is_refused),
        cmocka_unit_test(memory_is_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
