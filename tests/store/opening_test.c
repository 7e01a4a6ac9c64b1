/* What can be wrong with the file, its directory or its disk: each has its sentence, and none
 * does harm. */

#include "tests/store/fixture.h"

#include <errno.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void assert_refused(const char *path, const char *sentence)
{
    struct error error = {""};

    assert_null(store_open(path, &error));
    if (strstr(error.text, sentence) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.text, sentence);
    }
}

/* Neither opening it for writing nor for reading changes a byte, or leaves a file beside it. */
static void assert_untouched(const struct fixture *fixture, const char *sentence)
{
    struct error error = {""};
    struct stat status;
    char beside[128];
    size_t size_before;
    size_t size_after;
    char *before = fixture_read_file(fixture->path, &size_before);

    assert_refused(fixture->path, sentence);
    assert_null(query_open(fixture->path, &error));
    char *after = fixture_read_file(fixture->path, &size_after);
    assert_int_equal(size_after, size_before);
    assert_memory_equal(after, before, size_before);
    (void)snprintf(beside, sizeof(beside), "%s-wal", fixture->path);
    assert_int_not_equal(stat(beside, &status), 0);
    (void)snprintf(beside, sizeof(beside), "%s-journal", fixture->path);
    assert_int_not_equal(stat(beside, &status), 0);
    free(before);
    free(after);
}

static void a_foreign_database_is_untouched(void **state)
{
    const struct fixture *fixture = *state;

    assert_string_equal(fixture_sql_error(fixture->path, "CREATE TABLE theirs (a);"
                                                         " INSERT INTO theirs VALUES (1)"),
                        "");
    assert_untouched(fixture, "a database of another program; it is left as it is");
}

static void a_foreign_database_with_an_id_is_untouched(void **state)
{
    const struct fixture *fixture = *state;

    assert_string_equal(
        fixture_sql_error(fixture->path, "PRAGMA application_id = 252006675; CREATE TABLE a (b)"),
        "");
    assert_untouched(fixture, "a database of another program; it is left as it is");
}

static void garbage_is_untouched(void **state)
{
    const struct fixture *fixture = *state;
    const char text[] = "Dear diary, this is not a database at all, and I would like to keep it.";

    fixture_write_file(fixture->path, text, sizeof(text));
    assert_untouched(fixture, "not a database; it is left as it is");
}

static void a_newer_schema_is_untouched(void **state)
{
    const struct fixture *fixture = *state;

    fixture_close(fixture_open(fixture->path));
    assert_string_equal(fixture_sql_error(fixture->path, "PRAGMA journal_mode = DELETE;"
                                                         " PRAGMA user_version = 4711"),
                        "");
    assert_untouched(fixture, "written by a newer reprise (schema 4711, this one knows up to 2)");
}

static void a_newer_schema_in_the_log_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    /* While the store is open the log is not folded in: the file's own header says 1. */
    assert_string_equal(fixture_sql_error(fixture->path, "PRAGMA user_version = 4711"), "");
    assert_refused(fixture->path, "written by a newer reprise (schema 4711");
    struct error error = {""};
    assert_null(query_open(fixture->path, &error));
    assert_non_null(strstr(error.text, "written by a newer reprise (schema 4711"));
    fixture_close(store);
}

static void a_directory_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    assert_refused(fixture->directory, "a directory, not a database");
    assert_null(query_open(fixture->directory, &error));
    assert_non_null(strstr(error.text, "a directory, not a database"));
}

static void a_missing_file_cannot_be_read(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    assert_null(query_open(fixture->path, &error));
    assert_non_null(strstr(error.text, "No such file or directory"));
    assert_non_null(strstr(error.text, fixture->path));
}

static void an_empty_file_becomes_a_database(void **state)
{
    const struct fixture *fixture = *state;

    fixture_write_file(fixture->path, "", 0);
    fixture_close(fixture_open(fixture->path));
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA application_id"), "1382371442");
}

static void a_new_database_is_for_its_owner_and_group(void **state)
{
    const struct fixture *fixture = *state;
    const mode_t mask = umask(0022);
    struct store *store = fixture_open(fixture->path);
    const char *const suffixes[] = {"", "-wal", "-shm"};

    (void)umask(mask);
    for (size_t i = 0; i < 3; i++) {
        struct stat status;
        char path[128];
        (void)snprintf(path, sizeof(path), "%s%s", fixture->path, suffixes[i]);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0640);
    }
    fixture_close(store);
}

static void names_that_mean_something_to_sqlite_are_plain_files(void **state)
{
    const struct fixture *fixture = *state;
    const char *const names[] = {"file:x?mode=memory", ":x:", "%41?#"};
    char before[400];

    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(fixture->directory), 0);
    for (size_t i = 0; i < 3; i++) {
        struct stat status;
        fixture_close(fixture_open(names[i]));
        assert_int_equal(stat(names[i], &status), 0);
        assert_true(status.st_size > 0);
    }
    assert_int_equal(chdir(before), 0);
}

static sqlite3 *lock(const char *path)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static void a_locked_database_is_refused_after_a_while(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    fixture_close(fixture_open(fixture->path));
    sqlite3 *db = lock(fixture->path);
    assert_null(store_open_within(fixture->path, 20, &error));
    assert_non_null(strstr(error.text, "another program holds the lock"));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    fixture_close(fixture_open(fixture->path));
}

static void a_lock_that_comes_later_fails_one_batch_only(void **state)
{
    const struct fixture *fixture = *state;
    const struct run_record run = {.ended_ns = HANDSHAKE_NULL};
    const struct handshake handshake = fixture_handshake(0);
    struct error error = {""};
    struct store *store = store_open_within(fixture->path, 20, &error);

    assert_non_null(store);
    assert_true(store_begin_run(store, &run, &error));
    sqlite3 *db = lock(fixture->path);
    assert_false(store_add(store, &handshake, NULL, &error));
    assert_non_null(strstr(error.text, "cannot begin a batch: another program holds the lock"));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    (void)fixture_add(store, &handshake);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM handshake"), "1");
}

/* Runs an attempt as a user who owns nothing here; root may write anywhere. Gives the sentence. */
static void attempt_as_nobody(const char *path, char sentence[512])
{
    int ends[2];
    int status;

    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error = {""};
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
            _exit(1);
        }
        (void)!store_open_within(path, 20, &error);
        _exit(write(ends[1], error.text, sizeof(error.text)) == sizeof(error.text) ? 0 : 1);
    }
    assert_int_equal(read(ends[0], sentence, 512), 512);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void a_read_only_directory_is_said(void **state)
{
    const struct fixture *fixture = *state;
    char sentence[512];

    assert_int_equal(chmod(fixture->directory, 0555), 0);
    attempt_as_nobody(fixture->path, sentence);
    assert_int_equal(chmod(fixture->directory, 0755), 0);
    assert_non_null(strstr(sentence, "cannot be made: Permission denied"));
}

static void a_read_only_file_is_said(void **state)
{
    const struct fixture *fixture = *state;
    char sentence[512];

    fixture_close(fixture_open(fixture->path));
    assert_int_equal(chmod(fixture->path, 0444), 0);
    assert_int_equal(chmod(fixture->directory, 0777), 0);
    attempt_as_nobody(fixture->path, sentence);
    if (strstr(sentence, "read-only") == NULL) {
        fail_msg("%s", sentence);
    }
    assert_int_equal(chmod(fixture->directory, 0755), 0);
}

static void a_damaged_database_is_said(void **state)
{
    const struct fixture *fixture = *state;
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    const struct handshake handshake = fixture_handshake(0);
    struct store *store = fixture_open(fixture->path);
    struct error error = {""};
    struct record record;
    enum query_result result;
    const size_t damaged = 16384;
    size_t size;

    for (int i = 0; i < 500; i++) {
        (void)fixture_add(store, &handshake);
    }
    fixture_close(store);
    char *data = fixture_read_file(fixture->path, &size);
    memset(data + size - damaged, 0xa5, damaged); /* the last pages: handshakes */
    fixture_write_file(fixture->path, data, size);
    free(data);
    struct query *query = query_open(fixture->path, &error);
    assert_non_null(query);
    assert_true(query_begin_handshakes(query, &all, &error));
    while ((result = query_next_handshake(query, &record, &error)) == QUERY_ROW) {
    }
    assert_int_equal(result, QUERY_ERROR);
    assert_non_null(strstr(error.text, "cannot read handshakes: the database is damaged"));
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_DONE);
    query_close(query);
}

/* A disk of its own, seen by this process alone. */
static bool mount_small_disk(const char *directory)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("tmpfs", directory, "tmpfs", 0, "size=1m") == 0;
}

static void a_full_disk_keeps_what_was_committed(void **state)
{
    const struct fixture *fixture = *state;
    struct handshake handshake = fixture_handshake(0);
    struct error error = {""};
    int committed = 0;
    bool is_good = true;

    if (!mount_small_disk(fixture->directory)) {
        print_message("skipped: no right to mount a small disk (%s)\n", strerror(errno));
        skip();
    }
    struct store *store = fixture_open(fixture->path);
    for (int i = 0; i < 100000 && is_good; i++) {
        handshake.time_ns++;
        is_good = store_add(store, &handshake, NULL, &error);
        if (is_good && i % 100 == 99) {
            is_good = store_commit(store, &error);
            committed += is_good ? 100 : 0;
        }
    }
    assert_false(is_good);
    assert_non_null(strstr(error.text, "the disk is full"));
    assert_true(committed > 1000);
    assert_true(store_close(store, &error)); /* nothing is open any more */
    char count[32];
    (void)snprintf(count, sizeof(count), "%d", committed);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM handshake"), count);
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA integrity_check"), "ok");
    assert_int_equal(umount2(fixture->directory, MNT_DETACH), 0);
}

static void closing_nothing_is_allowed(void **state)
{
    (void)state;
    struct error error = {""};

    assert_true(store_close(NULL, &error));
    query_close(NULL);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(a_foreign_database_is_untouched),
        IN_DIRECTORY(a_foreign_database_with_an_id_is_untouched),
        IN_DIRECTORY(garbage_is_untouched),
        IN_DIRECTORY(a_newer_schema_is_untouched),
        IN_DIRECTORY(a_newer_schema_in_the_log_is_refused),
        IN_DIRECTORY(a_directory_is_refused),
        IN_DIRECTORY(a_missing_file_cannot_be_read),
        IN_DIRECTORY(an_empty_file_becomes_a_database),
        IN_DIRECTORY(a_new_database_is_for_its_owner_and_group),
        IN_DIRECTORY(names_that_mean_something_to_sqlite_are_plain_files),
        IN_DIRECTORY(a_locked_database_is_refused_after_a_while),
        IN_DIRECTORY(a_lock_that_comes_later_fails_one_batch_only),
        IN_DIRECTORY(a_read_only_directory_is_said),
        IN_DIRECTORY(a_read_only_file_is_said),
        IN_DIRECTORY(a_damaged_database_is_said),
        IN_DIRECTORY(a_full_disk_keeps_what_was_committed),
        cmocka_unit_test(closing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
