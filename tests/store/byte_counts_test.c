#include "store/byte_counts.h"

#include "dissect/handshake.h"

#include "tests/store/fixture.h"

#include <inttypes.h>
#include <stdio.h>

struct packed {
    struct byte_counts counts;
    int64_t number;
    const char *text;
};

/* 4200 << 16 | 700 = 275251900. */
static const struct packed cases[] = {
    {{700, 4200}, 275251900, ""},
    {{0, 0}, 0, ""},
    {{65535, 0}, 65535, ""},
    {{65535, INT32_MAX}, INT64_C(140737488355327), ""},
    {{65536, 0}, HANDSHAKE_NULL, "65536 0"},
    {{0, INT64_C(2147483648)}, HANDSHAKE_NULL, "0 2147483648"},
    {{-1, 5}, HANDSHAKE_NULL, "-1 5"},
    {{5, -1}, HANDSHAKE_NULL, "5 -1"},
    {{700, HANDSHAKE_NULL}, HANDSHAKE_NULL, "700 "},
    {{HANDSHAKE_NULL, 4200}, HANDSHAKE_NULL, " 4200"},
    {{HANDSHAKE_NULL, HANDSHAKE_NULL}, HANDSHAKE_NULL, ""},
    {{INT64_MAX, -INT64_MAX}, HANDSHAKE_NULL, "9223372036854775807 -9223372036854775807"},
};

enum { CASES = sizeof(cases) / sizeof(cases[0]) };

static void both_are_a_number_where_they_fit(void **state)
{
    (void)state;

    for (size_t i = 0; i < CASES; i++) {
        char text[BYTE_COUNTS_TEXT_BYTES];
        assert_int_equal(byte_counts_pack(&cases[i].counts, text), cases[i].number);
        assert_string_equal(text, cases[i].text);
    }
}

static void write_value(const struct packed *packed, char *out, size_t size)
{
    if (packed->text[0] != '\0') {
        (void)snprintf(out, size, "'%s'", packed->text);
    } else if (packed->number == HANDSHAKE_NULL) {
        (void)snprintf(out, size, "NULL");
    } else {
        (void)snprintf(out, size, "%" PRId64, packed->number);
    }
}

static void write_number(int64_t number, char *out, size_t size)
{
    if (number == HANDSHAKE_NULL) {
        (void)snprintf(out, size, "NULL");
    } else {
        (void)snprintf(out, size, "%" PRId64, number);
    }
}

static sqlite3_stmt *ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    return statement;
}

static void every_number_comes_back(void **state)
{
    (void)state;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < CASES; i++) {
        char value[BYTE_COUNTS_TEXT_BYTES + 2];
        char sql[sizeof(value) + 16];
        struct byte_counts out;
        write_value(&cases[i], value, sizeof(value));
        (void)snprintf(sql, sizeof(sql), "SELECT %s", value);
        sqlite3_stmt *const statement = ask(db, sql);
        byte_counts_read(sqlite3_column_value(statement, 0), &out);
        assert_int_equal(out.client, cases[i].counts.client);
        assert_int_equal(out.server, cases[i].counts.server);
        (void)sqlite3_finalize(statement);
    }
    (void)sqlite3_close(db);
}

static void sql_packs_and_unpacks_the_same(void **state)
{
    (void)state;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < CASES; i++) {
        char value[BYTE_COUNTS_TEXT_BYTES + 2];
        char client[24];
        char server[24];
        char sql[1536];
        write_value(&cases[i], value, sizeof(value));
        write_number(cases[i].counts.client, client, sizeof(client));
        write_number(cases[i].counts.server, server, sizeof(server));
        (void)snprintf(sql, sizeof(sql),
                       "SELECT " BYTE_COUNTS_PACKED " IS %s AND " BYTE_COUNTS_CLIENT " IS %s"
                       " AND " BYTE_COUNTS_SERVER " IS %s FROM"
                       " (SELECT %s AS bytes, %s AS bytes_client, %s AS bytes_server)",
                       value, client, server, value, client, server);
        sqlite3_stmt *const statement = ask(db, sql);
        assert_int_equal(sqlite3_column_int(statement, 0), 1);
        (void)sqlite3_finalize(statement);
    }
    (void)sqlite3_close(db);
}

static void what_is_no_such_value_tells_nothing(void **state)
{
    (void)state;
    static const char *const values[] = {"SELECT 'many'", "SELECT x'00'", "SELECT ''"};
    sqlite3 *db;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct byte_counts out;
        sqlite3_stmt *const statement = ask(db, values[i]);
        byte_counts_read(sqlite3_column_value(statement, 0), &out);
        assert_int_equal(out.client, HANDSHAKE_NULL);
        assert_int_equal(out.server, HANDSHAKE_NULL);
        (void)sqlite3_finalize(statement);
    }
    (void)sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_are_a_number_where_they_fit),
        cmocka_unit_test(every_number_comes_back),
        cmocka_unit_test(sql_packs_and_unpacks_the_same),
        cmocka_unit_test(what_is_no_such_value_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
