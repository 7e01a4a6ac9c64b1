#include "store/schema.h"

#include "store/database_file.h"
#include "tests/store/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void open_database(struct database *db, const char *path)
{
    struct error error = {""};

    assert_true(database_file_for_writing(path, 1000, &error));
    assert_true(database_open(db, path, DATABASE_WRITE, 20, &error));
}

/* True when it succeeded. */
static bool apply(const char *path, const struct schema *schema, struct error *error)
{
    struct database db;

    open_database(&db, path);
    const bool is_applied = schema_apply(&db, schema, error);
    database_close(&db);
    return is_applied;
}

static const char *const one[] = {"CREATE TABLE one (a); INSERT INTO one VALUES ('made at once')",
                                  NULL};
static const char *const whole[] = {
    "CREATE TABLE one (a, b); INSERT INTO one VALUES ('made at once', NULL)",
    "CREATE TABLE three (a)", NULL};

static const char *const view[] = {"CREATE VIEW two AS SELECT b FROM one", NULL};

static const struct migration steps[] = {
    {2, "ALTER TABLE one ADD COLUMN b"},
    {3, "INSERT INTO one VALUES ('migrated', 3)"},
    {3, "CREATE TABLE three (a)"},
    {3, "CREATE VIEW two AS SELECT b FROM one"},
    {.version = 0},
};
static const struct migration step_to_2[] = {{2, "ALTER TABLE one ADD COLUMN b"}, {.version = 0}};

/* The versions that the tests know, the newest last. */
static const struct schema versions[] = {
    {1, one, &one[1], &step_to_2[1]},
    {2, one, &one[1], step_to_2},
    {3, whole, view, steps},
};
static const struct schema *const newest = &versions[2];

static void a_new_file_is_made_at_once(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    assert_true(apply(fixture->path, newest, &error));
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), "3");
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA application_id"), "1382371442");
    assert_string_equal(fixture_sql(fixture->path, "SELECT group_concat(a) FROM one"),
                        "made at once");
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM three"), "0");
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM two"), "1");
}

static void in_memory_there_are_no_views(void **state)
{
    struct database db;
    struct error error = {""};
    int64_t tables;
    int64_t views;

    (void)state;
    open_database(&db, ":memory:");
    assert_true(schema_apply(&db, newest, &error));
    assert_true(database_pragma(&db, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'",
                                &tables, &error));
    assert_true(database_pragma(&db, "SELECT count(*) FROM sqlite_schema WHERE type = 'view'",
                                &views, &error));
    assert_int_equal(tables, 2);
    assert_int_equal(views, 0);
    database_close(&db);
}

static void an_older_file_gets_only_what_it_lacks(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    for (size_t i = 0; i < 3; i++) {
        char version[8];
        assert_true(apply(fixture->path, &versions[i], &error));
        (void)snprintf(version, sizeof(version), "%zu", i + 1);
        assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), version);
    }
    assert_string_equal(fixture_sql(fixture->path, "SELECT group_concat(a) FROM one"),
                        "made at once,migrated");
    assert_true(apply(fixture->path, newest, &error));
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM one"), "2");
}

static void a_file_of_ours_without_a_schema_gets_one(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    assert_string_equal(fixture_sql_error(fixture->path, "PRAGMA application_id = 1382371442"), "");
    assert_true(apply(fixture->path, newest, &error));
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), "3");
}

static void what_fails_changes_nothing(void **state)
{
    const struct fixture *fixture = *state;
    static const char *const broken[] = {"CREATE TABLE two (a)", "CREATE NONSENSE", NULL};
    static const struct migration broken_steps[] = {
        {2, "CREATE TABLE two (a)"}, {3, "CREATE NONSENSE"}, {.version = 0}};
    const struct schema schema = {3, broken, view, broken_steps};
    struct error error = {""};

    assert_false(apply(fixture->path, &schema, &error));
    assert_non_null(strstr(error.text, "syntax error"));
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM sqlite_schema"), "0");
    assert_true(apply(fixture->path, &versions[0], &error));
    assert_false(apply(fixture->path, &schema, &error));
    assert_non_null(strstr(error.text, "syntax error"));
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), "1");
    assert_string_equal(
        fixture_sql(fixture->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'two'"), "0");
}

static void a_newer_version_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    assert_true(apply(fixture->path, newest, &error));
    assert_false(apply(fixture->path, &versions[1], &error));
    assert_non_null(strstr(error.text, "newer reprise (schema 3, this one knows up to 2)"));
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), "3");
}

static void the_schema_is_strict_and_sound(void **state)
{
    const struct fixture *fixture = *state;

    fixture_close(fixture_open(fixture->path));
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), "2");
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA journal_mode"), "wal");
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA integrity_check"), "ok");
    assert_string_equal(
        fixture_sql(fixture->path, "SELECT group_concat(name) FROM (SELECT name FROM"
                                   " pragma_table_list WHERE type = 'table' AND schema = 'main'"
                                   " AND name NOT LIKE 'sqlite%' ORDER BY name)"),
        "handshake,handshake_kind,handshake_span,host,meta,not_analysed,rollup,run,server,session,"
        "session_index,text,"
        "ticket_beginning,ticket_key,ticket_key_use,word");
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM pragma_table_list"
                                                   " WHERE type = 'table' AND NOT strict"
                                                   " AND name NOT LIKE 'sqlite%'"),
                        "0");
}

/* A file of version 1, as that version made it. */
static void make_version_1(const struct fixture *fixture)
{
    size_t size;
    char *file = fixture_read_file("tests/store/version_1.sql", &size);
    char *sql = calloc(1, size + 1);
    const char *const parts[] = {sql, NULL};
    const struct schema schema = {1, parts, &parts[1], &step_to_2[1]};
    struct error error = {""};

    assert_non_null(sql);
    memcpy(sql, file, size);
    assert_true(apply(fixture->path, &schema, &error));
    free(sql);
    free(file);
}

static const char filling_1[] =
    "INSERT INTO run (id, started_ns, source, filter) VALUES (1, 0, '', '');"
    "INSERT INTO server VALUES (1, '192.0.2.1', 443), (2, '192.0.2.2', 8443);"
    "INSERT INTO host VALUES (1, 'old.example', NULL, 0);"
    "INSERT INTO session (id, hash, kind, host, server, issued_ns, is_renewal,"
    " offered_count, accepted_count, refused_count)"
    " VALUES (1, x'00112233445566778899aabbccddeeff', 2, 1, 1, 5, 0, 1, 0, 1);"
    "INSERT INTO handshake (id, run, time_ns, transport, client, client_port,"
    " server, host, verdict, certainty, reason, anomalies, offered, outcome,"
    " early_data, hello_retry, session_offered, renewed) VALUES"
    " (1, 1, 9, 0, '192.0.2.77', 5, 1, 1, 1, 0, 0, 0, 3, 3, 0, 0, 1, 0);"
    "INSERT INTO handshake VALUES (7, 1, -3, 1, '2001:db8::192.0.2.7', 65535, 1, 1, 0,"
    " NULL, 771, 49199, 5, 1, 12, 40, NULL, 32768, NULL, 2, 5, 7, 3, 2, 0, 127, NULL, 11, "
    "12,"
    " 13, 14, 15, 16, 17, NULL, 18, 19, NULL, 1, 20, 21, NULL, 1);"
    /* Durations of whole microseconds, one not known; one longer than nine years. */
    "CREATE TEMP TABLE more AS SELECT * FROM handshake WHERE id = 7;"
    "UPDATE more SET id = 8, rtt_client_ns = 3000000, rtt_server_ns = NULL,"
    " server_think_ns = -2000, handshake_ns = 123456000, setup_ns = 323456000,"
    " client = '203.0.113.255', client_port = 0, server = 2, bytes_client = 70000;"
    "INSERT INTO handshake SELECT * FROM more;"
    "UPDATE more SET id = 9, rtt_client_ns = 9000000, setup_ns = 9223372036854775807,"
    " bytes_client = 99, bytes_server = NULL;"
    "INSERT INTO handshake SELECT * FROM more";

/* As it was before the ledger: with a session and a handshake that was refused. */
static void a_database_of_version_1_goes_on(void **state)
{
    const struct fixture *fixture = *state;
    /* What version 1's view said of each handshake, it says now. Its words come with the store. */
    static const char told[] =
        "SELECT group_concat(printf('%s %d %d %s %s %d %s %d %d %d %d %d %d %d %d %d %d %d %d %d"
        " %d %d %d %d %s %d %d', id, run, time, client, client_port, host, version IS NULL, "
        "hello_retry,"
        " rtts_tcp, rtts_tls, rtts_tcp IS NULL, rtts_tls IS NULL, rtts_stalled IS NULL, rtt_us,"
        " handshake_us, setup_us, server_think_us, bytes_client, bytes_server, age_s,"
        " lifetime_hint_s, ticket_bytes, renewed, rtts_stalled, server, server_port,"
        " bytes_server IS NULL), ';') FROM v_handshake";
    char before[2048];

    make_version_1(fixture);
    assert_string_equal(fixture_sql_error(fixture->path, filling_1), "");
    (void)snprintf(before, sizeof(before), "%s", fixture_sql(fixture->path, told));
    fixture_close(fixture_open(fixture->path));
    assert_non_null(strstr(before, "2001:db8::192.0.2.7"));
    assert_non_null(strstr(before, "192.0.2.2 8443"));
    assert_string_equal(fixture_sql(fixture->path, told), before);
    assert_string_equal(fixture_sql(fixture->path,
                                    "SELECT transport || verdict || certainty || reason"
                                    " || anomalies || offered || outcome || early_data || cipher"
                                    " || refusal_cause FROM v_handshake WHERE id = 7"),
                        "dtlsfailedlikelyalert: handshake_failure[\"sslv2-hello\"]idfailed"
                        "unknown0xc02funexplained");
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), "2");
    assert_string_equal(fixture_sql(fixture->path,
                                    "SELECT host || outcome || coalesce(refusal_cause, '-')"
                                    " || coalesce(key_name, '-') FROM v_handshake"),
                        "old.examplerefused--");
    assert_string_equal(fixture_sql(fixture->path, "SELECT session || chain_length || warnings"
                                                   " || coalesce(client, '-') FROM v_session"),
                        "00112233445566778899aabbccddeeff1[]-");
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM v_not_analysed"), "0");
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM v_ticket_estimate"), "0");
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA integrity_check"), "ok");
}

/* What makes a schema, but for its spaces and where it lies in the file. */
#define OBJECTS(database)                                                                          \
    "SELECT type, name, tbl_name, replace(replace(sql, ' ', ''), char(10), '') FROM " database     \
    ".sqlite_schema"

/* The two ways to the newest version: a change of one that the other lacks would show here. */
static void a_migrated_database_equals_a_new_one(void **state)
{
    static const struct statement_text differences[] = {
        {.name = "compare",
         .sql =
             "SELECT group_concat(name) FROM (SELECT * FROM (" OBJECTS("main") " EXCEPT " OBJECTS(
                 "new") ") UNION ALL SELECT * FROM (" OBJECTS("new") " EXCEPT " OBJECTS("main") ")"
                                                                                                ")"}};
    const struct fixture *fixture = *state;
    char new[sizeof(fixture->path) + 8];
    char attach[sizeof(new) + 32];
    struct database db;
    int64_t objects;
    struct error error = {""};

    (void)snprintf(new, sizeof(new), "%s-new", fixture->path);
    (void)snprintf(attach, sizeof(attach), "ATTACH '%s' AS new", new);
    fixture_close(fixture_open(new));
    make_version_1(fixture);
    fixture_close(fixture_open(fixture->path));

    open_database(&db, fixture->path);
    assert_true(database_execute(&db, attach, &error));
    assert_true(database_pragma(&db, "SELECT count(*) FROM new.sqlite_schema", &objects, &error));
    assert_true(objects > 20);
    assert_true(database_prepare(&db, differences, 1, &error));
    assert_int_equal(database_step(&db, 0, &error), DATABASE_ROW);
    const char *const names = (const char *)sqlite3_column_text(db.statements[0], 0);
    assert_string_equal(names == NULL ? "" : names, "");
    database_close(&db);
}

static void an_older_schema_is_not_read(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    assert_true(apply(fixture->path, &versions[0], &error));
    assert_string_equal(fixture_sql_error(fixture->path, "PRAGMA user_version = 0"), "");
    assert_null(query_open(fixture->path, &error));
    assert_non_null(strstr(error.text, "of an older schema (0, this reprise reads 2)"));
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(a_new_file_is_made_at_once),
        cmocka_unit_test(in_memory_there_are_no_views),
        IN_DIRECTORY(an_older_file_gets_only_what_it_lacks),
        IN_DIRECTORY(a_file_of_ours_without_a_schema_gets_one),
        IN_DIRECTORY(what_fails_changes_nothing),
        IN_DIRECTORY(a_newer_version_is_refused),
        IN_DIRECTORY(the_schema_is_strict_and_sound),
        IN_DIRECTORY(a_database_of_version_1_goes_on),
        IN_DIRECTORY(a_migrated_database_equals_a_new_one),
        IN_DIRECTORY(an_older_schema_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
