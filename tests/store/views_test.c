/* What people see who open the file with plain SQLite: no function of ours is at hand here. */
#include "tests/store/fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* SPEC 6, word for word. */
static const char keys[] =
    "id run time transport client client_port server server_port host sni alpn app version cipher "
    "verdict certainty reason messages anomalies carrier offered outcome refusal_cause early_data "
    "hello_retry rtts_tcp rtts_tls rtts_stalled rtts_saved rtt_us rtt_client_us rtt_server_us "
    "handshake_us setup_us server_think_us bytes_client bytes_server session_offered "
    "session_issued issued_kind age_s lifetime_hint_s ticket_bytes key_name renewed";

static void assert_view(const struct fixture *fixture, const char *expression, const char *expected)
{
    char sql[512];

    (void)snprintf(sql, sizeof(sql), "SELECT %s FROM v_handshake ORDER BY id DESC", expression);
    const char *found = fixture_sql(fixture->path, sql);
    if (strcmp(found, expected) != 0) {
        fail_msg("%s: \"%s\" != \"%s\"", expression, found, expected);
    }
}

static void columns_are_the_keys_of_machine_readable_output(void **state)
{
    const struct fixture *fixture = *state;

    fixture_close(fixture_open(fixture->path));
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT group_concat(name, ' ') FROM pragma_table_info('v_handshake')"),
        keys);
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT group_concat(name, ' ') FROM pragma_table_info('v_session')"),
        "session kind host server server_port issued lifetime_hint_s bytes is_renewal "
        "offered_count accepted_count refused_count largest_accepted_age_s "
        "smallest_refused_age_s first_offered last_offered client extended_master_secret key_name "
        "parent chain_length chain_start warnings");
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT group_concat(name, ' ') FROM pragma_table_info('v_ticket_key')"),
        "key_name format name_bytes warnings hosts servers first_seen last_seen first_issued "
        "last_issued last_accepted issued_count offered_count accepted_count refused_count");
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT group_concat(name, ' ') FROM pragma_table_info('v_ticket_key_use')"),
        "key_name host server server_port first_seen last_seen first_issued last_issued "
        "first_accepted last_accepted issued_count offered_count accepted_count refused_count");
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT group_concat(name, ' ') FROM pragma_table_info('v_refusal')"),
        "host refusal_cause refusals first last");
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT group_concat(name, ' ') FROM pragma_table_info('v_missed')"),
        "id time client host missed");
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT group_concat(name, ' ') FROM pragma_table_info('v_ticket_estimate')"),
        "id time client host estimated_tickets estimated_ticket_bytes is_confirmed");
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT group_concat(name, ' ') FROM pragma_table_info('v_host')"),
        "host app first_seen handshakes full_handshakes resumed_id resumed_ticket resumed_psk "
        "failed unknown offers_refused");
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT group_concat(name, ' ') FROM pragma_table_info('v_run')"),
        "id started ended first_frame last_frame source filter packets_captured packets_received "
        "packets_dropped_kernel packets_dropped_interface packets_not_tcp packets_undecodable "
        "bytes conversations not_tls mid_stream_tls evicted_handshakes evicted_conversations "
        "not_reassembled_bytes damaged_files unreadable_files");
}

static void assert_mentions(const char *page, const char *name)
{
    char code[80];

    (void)snprintf(code, sizeof(code), "`%s`", name);
    if (strstr(page, code) == NULL) {
        fail_msg("docs/schema.md does not mention %s", code);
    }
}

/* names_sql gives names with blanks between. */
static void assert_documented(const struct fixture *fixture, const char *names_sql)
{
    char names[4096];
    char *rest = NULL;
    size_t size;
    char *page = fixture_read_file("docs/schema.md", &size);

    page[size] = '\0';
    (void)snprintf(names, sizeof(names), "%s", fixture_sql(fixture->path, names_sql));
    for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        assert_mentions(page, name);
    }
    free(page);
}

static void every_column_and_anomaly_is_documented(void **state)
{
    const struct fixture *fixture = *state;

    fixture_close(fixture_open(fixture->path));
    assert_documented(fixture, "SELECT group_concat(c.name, ' ') FROM sqlite_schema AS s,"
                               " pragma_table_info(s.name) AS c WHERE s.type = 'view'");
    assert_documented(fixture, "SELECT group_concat(name, ' ') FROM sqlite_schema"
                               " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'");
    assert_documented(fixture, "SELECT group_concat(word, ' ') FROM word WHERE kind = 'anomaly'");
    assert_documented(fixture,
                      "SELECT group_concat(kind, ' ') FROM (SELECT DISTINCT kind FROM word)");
}

static void views_work_in_a_read_only_connection_without_trust(void **state)
{
    const struct fixture *fixture = *state;
    const char *const views[] = {"v_handshake", "v_session", "v_host", "v_run",
                                 "v_ticket_estimate"};
    struct store *store = fixture_open(fixture->path);
    struct handshake handshake = fixture_handshake(0);

    handshake.issued_id = fixture_hash(1);
    handshake.estimated_tickets = 0;
    (void)fixture_add(store, &handshake);
    fixture_close(store);
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
        sqlite3 *db = NULL;
        sqlite3_stmt *statement = NULL;
        char sql[64];
        assert_int_equal(sqlite3_open_v2(fixture->path, &db, SQLITE_OPEN_READONLY, NULL),
                         SQLITE_OK);
        (void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        (void)snprintf(sql, sizeof(sql), "SELECT * FROM %s", views[i]);
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
        assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
    }
}

static void a_handshake_is_in_words(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake handshake = fixture_handshake(0);
    struct host_record host;
    struct error error = {""};

    handshake.time_ns += 123456789;
    handshake.sni.text[0] = 'W';
    handshake.verdict = VERDICT_RESUMED_TICKET;
    handshake.certainty = CERTAINTY_LIKELY;
    handshake.anomalies = 1U << ANOMALY_TICKETBLEED | 1U << ANOMALY_SSLV2_HELLO;
    handshake.offered = OFFER_TICKET;
    handshake.outcome = OUTCOME_ACCEPTED;
    handshake.session_offered = fixture_hash(0xab);
    handshake.issued_ticket = fixture_hash(0xcd);
    handshake.issued_ticket_bytes = 192;
    handshake.lifetime_hint_s = 7200;
    handshake.renewed = true;
    handshake.rtts_tls = 1;
    assert_true(store_add(store, &handshake, NULL, &error));
    assert_true(store_next_unlabelled(store, &host, &error));
    assert_true(store_label(store, &host, "TLS.Example", &error));
    fixture_close(store);
    assert_view(fixture, "time", "2023-11-14T22:13:20.123456789Z");
    assert_view(fixture, "transport", "tcp");
    assert_view(fixture, "client || ' ' || client_port", "192.0.2.77 50000");
    assert_view(fixture, "server || ' ' || server_port", "192.0.2.1 443");
    assert_view(fixture, "host", "www.example.com");
    assert_view(fixture, "sni", "Www.example.com");
    assert_view(fixture, "alpn", "h2");
    assert_view(fixture, "app", "TLS.Example");
    assert_view(fixture, "version", "TLSv1.2");
    assert_view(fixture, "cipher", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assert_view(fixture, "verdict", "resumed-ticket");
    assert_view(fixture, "certainty", "likely");
    assert_view(fixture, "reason", "(null)");
    assert_view(fixture, "messages", ">CH <SH <CERT <SKE <SHD >CKE >CCS >FIN <CCS <FIN");
    assert_view(fixture, "anomalies", "[\"ticketbleed\",\"sslv2-hello\"]");
    assert_view(fixture, "offered", "ticket");
    assert_view(fixture, "outcome", "accepted");
    assert_view(fixture, "early_data", "none");
    assert_view(fixture, "rtt_us", "20301");
    assert_view(fixture, "rtt_client_us", "300");
    assert_view(fixture, "rtt_server_us", "20001");
    assert_view(fixture, "handshake_us", "45000");
    assert_view(fixture, "setup_us", "65000");
    assert_view(fixture, "server_think_us", "1000");
    assert_view(fixture, "session_offered", "abababababababababababababababee");
    assert_view(fixture, "session_issued", "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdee");
    assert_view(fixture, "issued_kind", "ticket");
    assert_view(fixture, "lifetime_hint_s", "7200");
    assert_view(fixture, "ticket_bytes", "192");
    assert_view(fixture, "renewed", "1");
    assert_string_equal(fixture_sql(fixture->path,
                                    "SELECT kind || ' ' || issued FROM v_session"
                                    " WHERE session = 'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdee'"),
                        "ticket 2023-11-14T22:13:20.123456789Z");
}

static void what_is_absent_is_null(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake handshake;
    static const char *const nulls[] = {
        "sni",
        "alpn",
        "app",
        "version",
        "cipher",
        "reason",
        "messages",
        "carrier",
        "offered",
        "refusal_cause",
        "rtts_tcp",
        "rtts_tls",
        "rtts_stalled",
        "rtts_saved",
        "rtt_us",
        "rtt_client_us",
        "rtt_server_us",
        "handshake_us",
        "setup_us",
        "server_think_us",
        "bytes_client",
        "bytes_server",
        "session_offered",
        "session_issued",
        "issued_kind",
        "age_s",
        "lifetime_hint_s",
        "ticket_bytes",
        "key_name",
    };

    handshake_init(&handshake);
    (void)fixture_add(store, &handshake);
    fixture_close(store);
    for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++) {
        assert_view(fixture, nulls[i], "(null)");
    }
    assert_view(fixture, "host", "[::]:0");
    assert_view(fixture, "anomalies", "[]");
    assert_view(fixture, "renewed", "0");
    assert_view(fixture, "verdict", "unknown");
    assert_view(fixture, "time", "1970-01-01T00:00:00.000000000Z");
}

static void an_alert_is_named_in_the_reason(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake handshake = fixture_handshake(0);

    handshake.verdict = VERDICT_FAILED;
    handshake.reason = REASON_ALERT;
    handshake.alert = 40;
    (void)fixture_add(store, &handshake);
    fixture_close(store);
    assert_view(fixture, "reason", "alert: handshake_failure");
    store = fixture_open(fixture->path);
    handshake.alert = 255;
    (void)fixture_add(store, &handshake);
    handshake.alert = 40; /* left over: the reason is another */
    handshake.reason = REASON_RESET;
    fixture_close(store);
    assert_view(fixture, "reason", "alert: 255");
    store = fixture_open(fixture->path);
    (void)fixture_add(store, &handshake);
    fixture_close(store);
    assert_view(fixture, "reason", "connection reset");
}

static void what_has_no_name_is_a_number(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake handshake = fixture_handshake(0);

    handshake.cipher = 0x0bad;
    handshake.version = 0x4711;
    (void)fixture_add(store, &handshake);
    fixture_close(store);
    assert_view(fixture, "cipher", "0x0bad");
    assert_view(fixture, "version", "0x4711");
}

static void times_before_1970_are_right(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake handshake = fixture_handshake(0);

    handshake.time_ns = -1;
    (void)fixture_add(store, &handshake);
    fixture_close(store);
    assert_view(fixture, "time", "1969-12-31T23:59:59.999999999Z");
}

/* Full handshakes by round trips, then one that was resumed in 1. */
static void add_full(struct store *store, int8_t rtts, int count)
{
    struct handshake handshake = fixture_handshake(0);

    handshake.rtts_tls = rtts;
    for (int i = 0; i < count; i++) {
        (void)fixture_add(store, &handshake);
    }
}

static void add_resumed(struct store *store, enum verdict verdict, uint16_t version)
{
    struct handshake handshake = fixture_handshake(0);

    handshake.verdict = verdict;
    handshake.version = version;
    handshake.rtts_tls = 1;
    (void)fixture_add(store, &handshake);
}

static void round_trips_saved_are_counted_from_what_the_host_usually_takes(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    add_full(store, 2, 1);
    add_full(store, 3, 3);
    add_full(store, 4, 2);
    add_resumed(store, VERDICT_RESUMED_TICKET, 0x0303);
    fixture_close(store);
    assert_view(fixture, "rtts_saved", "2");
    store = fixture_open(fixture->path);
    add_full(store, 4, 1); /* as common as 3: the smaller counts */
    add_resumed(store, VERDICT_RESUMED_ID, 0x0303);
    fixture_close(store);
    assert_view(fixture, "rtts_saved", "2");
    assert_view(fixture, "sum(rtts_saved IS NOT NULL)", "2"); /* of resumed ones only */
}

static void without_full_handshakes_the_protocol_says_what_was_saved(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    add_resumed(store, VERDICT_RESUMED_TICKET, 0x0303);
    fixture_close(store);
    assert_view(fixture, "rtts_saved", "1");
    store = fixture_open(fixture->path);
    add_resumed(store, VERDICT_RESUMED_PSK, 0x0304);
    fixture_close(store);
    assert_view(fixture, "rtts_saved", "0");
    store = fixture_open(fixture->path);
    add_resumed(store, VERDICT_RESUMED_PSK, 0);
    fixture_close(store);
    assert_view(fixture, "rtts_saved", "(null)");
}

static void hosts_are_counted_by_verdict(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        struct handshake handshake = fixture_handshake(0);
        handshake.verdict = (enum verdict)verdict;
        handshake.outcome = verdict == VERDICT_FULL ? OUTCOME_REFUSED : OUTCOME_UNKNOWN;
        for (int i = 0; i <= verdict; i++) {
            (void)fixture_add(store, &handshake);
        }
    }
    fixture_close(store);
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT host || handshakes || ' ' || unknown || full_handshakes || resumed_id"
                    " || resumed_ticket || resumed_psk || failed || ' ' || offers_refused"
                    " FROM v_host"),
        "www.example.com21 123456 2");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(columns_are_the_keys_of_machine_readable_output),
        IN_DIRECTORY(every_column_and_anomaly_is_documented),
        IN_DIRECTORY(views_work_in_a_read_only_connection_without_trust),
        IN_DIRECTORY(a_handshake_is_in_words),
        IN_DIRECTORY(what_is_absent_is_null),
        IN_DIRECTORY(an_alert_is_named_in_the_reason),
        IN_DIRECTORY(what_has_no_name_is_a_number),
        IN_DIRECTORY(times_before_1970_are_right),
        IN_DIRECTORY(round_trips_saved_are_counted_from_what_the_host_usually_takes),
        IN_DIRECTORY(without_full_handshakes_the_protocol_says_what_was_saved),
        IN_DIRECTORY(hosts_are_counted_by_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
