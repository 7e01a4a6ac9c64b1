#include "app/archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char folder[32];
    char path[64];
    char moved[64];
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    (void)strcpy(fixture->folder, "/tmp/reprise-test-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s/a.db", fixture->folder);
    (void)snprintf(fixture->moved, sizeof(fixture->moved), "%s/b.db", fixture->folder);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    (void)unlink(fixture->path);
    (void)unlink(fixture->moved);
    assert_int_equal(rmdir(fixture->folder), 0);
    free(fixture);
    return 0;
}

static void open_knows_whether_it_made_the_file(void **state)
{
    const struct fixture *fixture = *state;
    struct archive archive;
    struct error error;

    assert_true(archive_open(&archive, fixture->path, &error));
    assert_true(archive.was_made);
    assert_true(archive_close(&archive, &error));
    assert_true(archive_open(&archive, fixture->path, &error));
    assert_false(archive.was_made);
    assert_true(archive_close(&archive, &error));
    assert_true(archive_close(&archive, &error));
}

static void was_moved_notices_another_file_or_none(void **state)
{
    const struct fixture *fixture = *state;
    struct archive archive;
    struct error error;

    assert_true(archive_open(&archive, fixture->path, &error));
    assert_false(archive_was_moved(&archive));
    assert_int_equal(rename(fixture->path, fixture->moved), 0);
    assert_true(archive_was_moved(&archive));
    FILE *other = fopen(fixture->path, "w");
    assert_non_null(other);
    assert_int_equal(fclose(other), 0);
    assert_true(archive_was_moved(&archive));
    assert_int_equal(unlink(fixture->path), 0);
    assert_int_equal(rename(fixture->moved, fixture->path), 0);
    assert_false(archive_was_moved(&archive));
    assert_true(archive_close(&archive, &error));
}

static void reopen_makes_a_new_database_with_another_key(void **state)
{
    const struct fixture *fixture = *state;
    struct archive archive;
    struct error error;
    uint8_t key[16];

    assert_true(archive_open(&archive, fixture->path, &error));
    memcpy(key, store_session_key(archive.store), sizeof(key));
    assert_true(archive_close(&archive, &error));
    assert_int_equal(rename(fixture->path, fixture->moved), 0);
    assert_true(archive_reopen(&archive, &error));
    assert_false(archive_was_moved(&archive));
    assert_memory_not_equal(key, store_session_key(archive.store), sizeof(key));
    assert_true(archive_close(&archive, &error));
}

static void in_memory_is_never_moved(void **state)
{
    struct archive archive;
    struct error error;

    (void)state;
    assert_true(archive_open(&archive, NULL, &error));
    assert_false(archive.was_made);
    assert_false(archive_was_moved(&archive));
    assert_true(archive_close(&archive, &error));
}

static void open_tells_what_is_wrong(void **state)
{
    struct archive archive;
    struct error error;

    (void)state;
    assert_false(archive_open(&archive, "/nowhere/a.db", &error));
    assert_non_null(strstr(error.text, "/nowhere/a.db"));
    assert_true(archive_close(&archive, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(open_knows_whether_it_made_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(was_moved_notices_another_file_or_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reopen_makes_a_new_database_with_another_key, set_up,
                                        tear_down),
        cmocka_unit_test(in_memory_is_never_moved),
        cmocka_unit_test(open_tells_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
