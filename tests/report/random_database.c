#include "tests/report/random_database.h"

#include "tests/report/random_handshakes.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

int random_database_make(void **state)
{
    static struct random_database place;
    (void)snprintf(place.path, sizeof(place.path), "/tmp/reprise-rolled-XXXXXX");
    const int file = mkstemp(place.path);
    if (file < 0) {
        return -1;
    }
    (void)close(file);
    *state = &place;
    return 0;
}

int random_database_remove(void **state)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    const struct random_database *place = *state;
    char path[96];

    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof(path), "%s%s", place->path, endings[i]);
        (void)unlink(path);
    }
    return 0;
}

struct store *random_database_open(const char *path)
{
    static const struct run_record run = {.started_ns = 1, .ended_ns = 2};
    struct error error = {""};
    struct store *store = store_open(path, &error);

    if (store == NULL) {
        fail_msg("%s", error.text);
    }
    store_sum_up_by(store, RANDOM_DATABASE_BLOCK_BITS);
    assert_true(store_begin_run(store, &run, &error));
    return store;
}

void random_database_fill(const char *path, uint64_t *seed, bool is_in_order)
{
    struct store *store = random_database_open(path);
    struct error error = {""};

    for (int64_t n = 0; n < RANDOM_DATABASE_HANDSHAKES; n++) {
        const int64_t number =
            is_in_order ? n : random_handshakes_below(seed, RANDOM_DATABASE_HANDSHAKES);
        const struct handshake handshake = random_handshakes_one(seed, number);
        assert_true(store_add(store, &handshake, NULL, &error));
        if (random_handshakes_below(seed, 50) == 0) {
            assert_true(store_commit(store, &error));
        }
        if (random_handshakes_below(seed, 300) == 0) {
            assert_true(store_close(store, &error));
            store = random_database_open(path);
        }
    }
    assert_true(store_close(store, &error));
}

void random_database_run(const char *path, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int64_t random_database_count(const char *path, const char *sql)
{
    sqlite3_stmt *statement;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const int64_t count = sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return count;
}
