#include "store/session_filter.h"

#include "store/pending.h"
#include "store/schema.h"
#include "store/session_index.h"
#include "store/statements.h"

#include "tests/bench/random.h"
#include "tests/store/fixture.h"

#include <stdlib.h>

static void must(bool is_done, const struct error *error)
{
    if (!is_done) {
        fail_msg("%s", error->text);
    }
}

/* An index of so many sessions whose tags are random numbers, and even. */
struct index {
    struct database db;
    struct pending pending;
    struct session_index recent;
    struct session_filter filter;
};

static int64_t tag_of(uint64_t n, bool is_there)
{
    struct random random = random_of(n, 't');
    uint8_t hash[16];

    random_fill(&random, hash, sizeof(hash));
    hash[3] = (uint8_t)((hash[3] & 0xfe) | !is_there);
    return session_index_tag(hash);
}

static void add_tag(struct database *db, sqlite3_stmt *insert, uint64_t n)
{
    (void)sqlite3_bind_int64(insert, 1, tag_of(n, true));
    (void)sqlite3_bind_int64(insert, 2, (sqlite3_int64)n);
    assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
    (void)sqlite3_reset(insert);
    (void)db;
}

static struct index *index_new(uint64_t count)
{
    struct index *index = calloc(1, sizeof(*index));
    struct error error = {""};
    sqlite3_stmt *insert;

    assert_non_null(index);
    must(database_open(&index->db, ":memory:", DATABASE_WRITE, 0, &error), &error);
    must(schema_migrate(&index->db, &error), &error);
    must(pending_open(&index->pending, &index->db, &error), &error);
    must(session_index_open(&index->recent, &index->db, &index->pending.sessions, &error), &error);
    must(database_prepare(&index->db, write_statements, WRITE_STATEMENT_COUNT, &error), &error);
    must(database_execute(&index->db, "BEGIN", &error), &error);
    assert_int_equal(sqlite3_prepare_v2(index->db.handle,
                                        "INSERT INTO session_index (tag, session) VALUES (?1, ?2)",
                                        -1, &insert, NULL),
                     SQLITE_OK);
    for (uint64_t n = 0; n < count; n++) {
        add_tag(&index->db, insert, n);
    }
    (void)sqlite3_finalize(insert);
    return index;
}

static void index_free(struct index *index)
{
    session_filter_clear(&index->filter);
    database_close(&index->db);
    session_index_close(&index->recent);
    pending_close(&index->pending);
    free(index);
}

static void end_batch(struct index *index)
{
    struct error error = {""};
    must(session_filter_read(&index->filter, &index->db, &error), &error);
}

static uint64_t excluded(struct index *index, uint64_t count, bool is_there)
{
    uint64_t sum = 0;

    for (uint64_t n = 0; n < count; n++) {
        sum += session_filter_excludes(&index->filter, tag_of(n, is_there));
    }
    return sum;
}

static void few_lookups_are_not_worth_it(void **state)
{
    (void)state;
    struct index *index = index_new(100);

    assert_int_equal(excluded(index, SESSION_FILTER_LOOKUPS - 1, false), 0);
    end_batch(index);
    assert_null(index->filter.words);
    assert_int_equal(excluded(index, 1, false), 0);
    end_batch(index);
    assert_non_null(index->filter.words);
    assert_true(excluded(index, 1000, false) > 990);
    index_free(index);
}

static void nothing_that_is_there_is_excluded_while_it_is_read(void **state)
{
    (void)state;
    const uint64_t count = 2 * SESSION_FILTER_PIECE + 1000;
    struct index *index = index_new(count);
    uint64_t before = 0;

    (void)excluded(index, SESSION_FILTER_LOOKUPS, false);
    for (int piece = 0; piece < 3; piece++) {
        assert_false(index->filter.is_whole);
        end_batch(index);
        assert_int_equal(excluded(index, count, true), 0);
        const uint64_t now = excluded(index, 10000, false);
        assert_true(now > before);
        before = now;
    }
    assert_true(index->filter.is_whole);
    /* 256 bits for each session: hardly any is mistaken for one. */
    assert_true(before > 9990);
    index_free(index);
}

static void what_is_added_later_is_not_excluded(void **state)
{
    (void)state;
    struct index *index = index_new(10);
    const int64_t tag = tag_of(77, false);

    (void)excluded(index, SESSION_FILTER_LOOKUPS, false);
    end_batch(index);
    assert_true(session_filter_excludes(&index->filter, tag));
    session_filter_add(&index->filter, tag);
    assert_false(session_filter_excludes(&index->filter, tag));
    session_filter_clear(&index->filter);
    assert_false(session_filter_excludes(&index->filter, tag_of(78, false)));
    index_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_lookups_are_not_worth_it),
        cmocka_unit_test(nothing_that_is_there_is_excluded_while_it_is_read),
        cmocka_unit_test(what_is_added_later_is_not_excluded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
