#include "store/schema.h"

#include "store/database_file.h"
#include "store/schema_sql.h"
#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

static void open_database(struct database *db, const char *path)
{
    struct error error = {""};

    assert_true(database_file_for_writing(path, 1000, &error));
    assert_true(database_open(db, path, DATABASE_WRITE, 20, &error));
}

/* True when it succeeded. */
static bool apply(const char *path, const struct migration *list, size_t count, struct error *error)
{
    struct database db;

    open_database(&db, path);
    const bool is_applied = schema_apply(&db, list, count, error);
    database_close(&db);
    return is_applied;
}

static const struct migration three[] = {
    {1, "CREATE TABLE one (a); INSERT INTO one VALUES ('kept')"},
    {2, "ALTER TABLE one ADD COLUMN b"},
    {3, "CREATE TABLE three (a)"},
};

static void a_fresh_file_gets_every_version(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    assert_true(apply(fixture->path, three, 3, &error));
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), "3");
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA application_id"), "1382371442");
    assert_string_equal(fixture_sql(fixture->path, "SELECT a FROM one WHERE b IS NULL"), "kept");
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM three"), "0");
}

static void an_older_file_gets_only_what_it_lacks(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    for (size_t count = 1; count <= 3; count++) {
        char version[8];
        assert_true(apply(fixture->path, three, count, &error));
        (void)snprintf(version, sizeof(version), "%zu", count);
        assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), version);
    }
    /* Version 1 ran once. */
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM one"), "1");
    assert_string_equal(fixture_sql(fixture->path, "SELECT a FROM one WHERE b IS NULL"), "kept");
}

static void a_file_of_ours_without_a_schema_gets_one(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    assert_string_equal(fixture_sql_error(fixture->path, "PRAGMA application_id = 1382371442"), "");
    assert_true(apply(fixture->path, three, 3, &error));
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), "3");
}

static void a_migration_that_fails_changes_nothing(void **state)
{
    const struct fixture *fixture = *state;
    const struct migration broken[] = {
        three[0], {2, "CREATE TABLE two (a)"}, {3, "CREATE NONSENSE"}};
    struct error error = {""};

    assert_true(apply(fixture->path, three, 1, &error));
    assert_false(apply(fixture->path, broken, 3, &error));
    assert_non_null(strstr(error.text, "syntax error"));
    assert_string_equal(fixture_sql(fixture->path, "PRAGMA user_version"), "1");
    assert_string_equal(
        fixture_sql(fixture->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'two'"), "0");
}

static void a_newer_version_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    assert_true(apply(fixture->path, three, 3, &error));
    assert_false(apply(fixture->path, three, 2, &error));
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
        "handshake,handshake_span,host,meta,not_analysed,run,server,session,session_index,text,"
        "ticket_beginning,ticket_key,ticket_key_use,word");
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM pragma_table_list"
                                                   " WHERE type = 'table' AND NOT strict"
                                                   " AND name NOT LIKE 'sqlite%'"),
                        "0");
}

/* As it was before the ledger: with a session and a handshake that was refused. */
static void a_database_of_version_1_goes_on(void **state)
{
    const struct fixture *fixture = *state;
    const struct migration first[] = {{1, schema_tables_1},
                                      {1, schema_v_handshake_1},
                                      {1, schema_v_session_1},
                                      {1, schema_v_host_1},
                                      {1, schema_v_run_1}};
    /* What version 1's view said of each handshake, it says now. Its words come with the store. */
    static const char whole[] =
        "SELECT group_concat(printf('%s %d %d %s %s %d %s %d %d %d %d %d %d %d %d %d %d %d %d %d"
        " %d %d %d %d', id, run, time, client, client_port, host, version IS NULL, hello_retry,"
        " rtts_tcp, rtts_tls, rtts_tcp IS NULL, rtts_tls IS NULL, rtts_stalled IS NULL, rtt_us,"
        " handshake_us, setup_us, server_think_us, bytes_client, bytes_server, age_s,"
        " lifetime_hint_s, ticket_bytes, renewed, rtts_stalled), ';') FROM v_handshake";
    char before[1024];
    struct error error = {""};

    assert_true(apply(fixture->path, first, 5, &error));
    assert_string_equal(
        fixture_sql_error(
            fixture->path,
            "INSERT INTO run (id, started_ns, source, filter) VALUES (1, 0, '', '');"
            "INSERT INTO server VALUES (1, '192.0.2.1', 443);"
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
            " 13, 14, 15, 16, 17, NULL, 18, 19, NULL, 1, 20, 21, NULL, 1)"),
        "");
    (void)snprintf(before, sizeof(before), "%s", fixture_sql(fixture->path, whole));
    fixture_close(fixture_open(fixture->path));
    assert_non_null(strstr(before, "2001:db8::192.0.2.7"));
    assert_string_equal(fixture_sql(fixture->path, whole), before);
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

static void an_older_schema_is_not_read(void **state)
{
    const struct fixture *fixture = *state;
    struct error error = {""};

    assert_true(apply(fixture->path, three, 1, &error));
    assert_string_equal(fixture_sql_error(fixture->path, "PRAGMA user_version = 0"), "");
    assert_null(query_open(fixture->path, &error));
    assert_non_null(strstr(error.text, "of an older schema (0, this reprise reads 2)"));
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(a_fresh_file_gets_every_version),
        IN_DIRECTORY(an_older_file_gets_only_what_it_lacks),
        IN_DIRECTORY(a_file_of_ours_without_a_schema_gets_one),
        IN_DIRECTORY(a_migration_that_fails_changes_nothing),
        IN_DIRECTORY(a_newer_version_is_refused),
        IN_DIRECTORY(the_schema_is_strict_and_sound),
        IN_DIRECTORY(a_database_of_version_1_goes_on),
        IN_DIRECTORY(an_older_schema_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
