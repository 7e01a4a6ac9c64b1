#include "store/row_table.h"

#include "dissect/handshake.h"

#include "tests/store/fixture.h"

#include <stdlib.h>
#include <string.h>

struct row {
    int64_t numbers[3];
    char text[8];
};

static void give_text(const void *row, int column, sqlite3_context *out)
{
    const struct row *const from = row;

    assert_int_equal(column, 1);
    if (from->text[0] != '\0') {
        sqlite3_result_text(out, from->text, -1, SQLITE_STATIC);
    }
}

static void must(bool is_done, const struct error *error)
{
    if (!is_done) {
        fail_msg("%s", error->text);
    }
}

static void open_with(struct database *db, struct row_table *table)
{
    struct error error = {""};

    *table = (struct row_table){
        .name = "waiting",
        .columns = "id, word, number",
        .row_bytes = sizeof(struct row),
        .others = 1U << 1,
        .value = give_text,
    };
    must(database_open(db, ":memory:", DATABASE_WRITE, 0, &error), &error);
    must(row_table_add(table, db, &error), &error);
    must(database_execute(db,
                          "CREATE TABLE kept (id INTEGER PRIMARY KEY, word TEXT, number INTEGER)"
                          " STRICT",
                          &error),
         &error);
}

static const char insert[] =
    "INSERT INTO kept (id, word, number) SELECT id, word, number FROM waiting";

static int64_t number_of_sql(struct database *db, const char *sql)
{
    struct error error = {""};
    int64_t number;

    must(database_pragma(db, sql, &number, &error), &error);
    return number;
}

/* An exact-size heap block: what reads past the last row is seen. */
static void rows_go_in_as_they_are(void **state)
{
    (void)state;
    const struct row from[] = {
        {{1, HANDSHAKE_NULL, INT64_MAX}, "one"},
        {{2, HANDSHAKE_NULL, HANDSHAKE_NULL}, ""},
        {{7, HANDSHAKE_NULL, -5}, "seven"},
    };
    struct row *rows = malloc(sizeof(from));
    struct error error = {""};
    struct row_table table;
    struct database db;

    assert_non_null(rows);
    memcpy(rows, from, sizeof(from));
    open_with(&db, &table);
    table.rows = rows;
    table.count = 3;
    must(database_execute(&db, insert, &error), &error);
    assert_int_equal(number_of_sql(&db, "SELECT count(*) FROM kept"), 3);
    assert_int_equal(number_of_sql(&db, "SELECT count(*) FROM kept WHERE id = 1 AND word = 'one'"
                                        " AND number = 9223372036854775807"),
                     1);
    assert_int_equal(number_of_sql(&db, "SELECT count(*) FROM kept WHERE id = 2 AND word IS NULL"
                                        " AND number IS NULL"),
                     1);
    assert_int_equal(
        number_of_sql(&db,
                      "SELECT count(*) FROM kept WHERE id = 7 AND word = 'seven' AND number = -5"),
        1);
    database_close(&db);
    free(rows);
}

static void a_statement_reads_what_there_is_when_it_runs(void **state)
{
    (void)state;
    struct row rows[2] = {{{1, HANDSHAKE_NULL, 0}, ""}, {{2, HANDSHAKE_NULL, 0}, ""}};
    const struct statement_text text = {.name = "add rows", .sql = insert};
    struct error error = {""};
    struct row_table table;
    struct database db;

    open_with(&db, &table);
    must(database_prepare(&db, &text, 1, &error), &error);
    must(database_run(&db, 0, &error), &error);
    assert_int_equal(number_of_sql(&db, "SELECT count(*) FROM kept"), 0);
    table.rows = rows;
    table.count = 2;
    must(database_run(&db, 0, &error), &error);
    rows[0].numbers[0] = 3;
    table.count = 1;
    must(database_run(&db, 0, &error), &error);
    assert_int_equal(number_of_sql(&db, "SELECT count(*) FROM kept"), 3);
    assert_int_equal(number_of_sql(&db, "SELECT max(id) FROM kept"), 3);
    database_close(&db);
}

static void nothing_in_a_file_can_read_it(void **state)
{
    (void)state;
    struct error error = {""};
    struct row_table table;
    struct database db;

    open_with(&db, &table);
    must(database_execute(&db, "CREATE VIEW spy AS SELECT * FROM waiting", &error), &error);
    assert_false(database_execute(&db, "SELECT * FROM spy", &error));
    assert_non_null(strstr(error.text, "unsafe use of virtual table"));
    assert_false(database_execute(&db, "CREATE VIRTUAL TABLE other USING waiting", &error));
    database_close(&db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_go_in_as_they_are),
        cmocka_unit_test(a_statement_reads_what_there_is_when_it_runs),
        cmocka_unit_test(nothing_in_a_file_can_read_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
