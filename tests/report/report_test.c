/* From the store's rows to the page, through a database in memory. */
#include "report/report.h"
#include "tests/report/records.h"

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void words_are_read_back(void **state)
{
    (void)state;
    enum report_format format;
    enum report_by by;
    enum report_sort sort;

    assert_true(report_format_parse("csv", REPORT_OF_TICKETS, &format));
    assert_int_equal(format, REPORT_CSV);
    assert_false(report_format_parse("CSV", REPORT_OF_GROUPS, &format));
    assert_false(report_format_parse("", REPORT_OF_GROUPS, &format));
    assert_true(report_by_parse("hour", &by));
    assert_int_equal(by, REPORT_BY_HOUR);
    assert_false(report_by_parse("hours", &by));
    assert_true(report_sort_parse("saved", &sort));
    assert_int_equal(sort, REPORT_SORT_SAVED);
    assert_false(report_sort_parse("save", &sort));
    for (int i = REPORT_BY_HOST; i <= REPORT_BY_DAY; i++) {
        assert_true(report_by_parse(report_by_name((enum report_by)i), &by));
        assert_int_equal(by, i);
    }
}

struct database {
    struct store *store;
    struct query *query;
};

static void open_database(struct database *database, size_t handshakes)
{
    struct error error = {""};
    struct run_record run = records_golden_run();

    database->store = store_open(":memory:", &error);
    assert_non_null(database->store);
    assert_true(store_begin_run(database->store, &run, &error));
    for (size_t i = 0; i < handshakes; i++) {
        struct record record = records_golden(i);
        assert_true(store_add(database->store, &record.handshake, NULL, &error));
    }
    assert_true(store_update_run(database->store, &run, &error));
    database->query = store_query(database->store, &error);
    assert_non_null(database->query);
}

static void close_database(struct database *database)
{
    struct error error = {""};
    query_close(database->query);
    assert_true(store_close(database->store, &error));
}

typedef bool report_function(struct query *query, const struct report_options *options, FILE *out,
                             struct error *error);

static char *written(struct database *database, report_function *report,
                     const struct report_options *options)
{
    struct error error = {""};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    if (!report(database->query, options, out, &error)) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

static void check_has(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL) {
        fail_msg("no \"%s\" in\n%s", wanted, text);
    }
}

static const struct query_filter everything = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

/* Full handshakes of TLS 1.2 that issue nothing. */
static void open_mute_database(struct database *database)
{
    const struct records_spec spec = {
        "mute.example", "192.0.2.7", 0x0303, VERDICT_FULL, OFFER_NONE, OUTCOME_NONE, 2, 60, 30};
    struct error error = {""};

    open_database(database, 0);
    for (int i = 0; i < 30; i++) {
        struct record record = records_make(&spec);
        record.handshake.time_ns += i * records_s;
        assert_true(store_add(database->store, &record.handshake, NULL, &error));
    }
    assert_true(store_commit(database->store, &error));
}

static void report_advises_about_hosts_and_about_nothing_else(void **state)
{
    (void)state;
    struct report_options options = {.filter = everything, .format = REPORT_JSON};
    struct database database;

    open_mute_database(&database);
    char *text = written(&database, report_summary, &options);
    check_has(text, "{\"host\": \"mute.example\", \"rule\": \"issue-sessions\"");
    check_has(text, "\"figures\": {\"count\": 30, \"samples\": 30, \"gain_us\": null}}");
    free(text);
    options.by = REPORT_BY_VERSION;
    text = written(&database, report_summary, &options);
    check_has(text, "\"advice\": [],");
    free(text);
    close_database(&database);
}

static void report_reads_handshakes_and_runs(void **state)
{
    (void)state;
    struct report_options options = {.filter = everything, .format = REPORT_JSON};
    struct database database;

    open_database(&database, records_golden_count());
    char *text = written(&database, report_summary, &options);
    check_has(text, "\"schema\": \"reprise-report/1\"");
    check_has(text, "\"total\": {\"handshakes\": 20, \"full\": 10, \"resumed_id\": 1, "
                    "\"resumed_ticket\": 5, \"resumed_psk\": 2, \"failed\": 1, \"unknown\": 1");
    check_has(text, "{\"name\": \"www.example.com\", \"handshakes\": 11");
    check_has(text, "\"runs\": 1, \"packets_captured\": 12345");
    free(text);
    close_database(&database);
}

static void report_keeps_to_its_filter(void **state)
{
    (void)state;
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, "API.*"},
                                     .format = REPORT_CSV};
    struct database database;

    open_database(&database, records_golden_count());
    char *text = written(&database, report_summary, &options);
    check_has(text, "\r\napi.example.com,4,2,");
    assert_null(strstr(text, "www"));
    free(text);
    text = written(&database, report_handshakes, &options);
    check_has(text, ",api.example.com,");
    assert_null(strstr(text, "www"));
    free(text);
    text = written(&database, report_tickets, &options);
    assert_null(strstr(text, "www"));
    free(text);
    close_database(&database);
}

/* The first resumed handshake comes before any later full one: its saving needs both passes. */
static void handshakes_know_what_they_saved(void **state)
{
    (void)state;
    struct report_options options = {.filter = everything, .format = REPORT_JSON};
    struct database database;

    open_database(&database, records_golden_count());
    char *text = written(&database, report_handshakes, &options);
    char *line = text;
    for (int i = 0; i < 5; i++) {
        line = strchr(line, '\n') + 1;
    }
    *strchr(line, '\n') = '\0';
    check_has(line, "\"id\":6,");
    check_has(line, "\"verdict\":\"resumed-ticket\"");
    check_has(line, "\"rtts_tls\":1,\"rtts_stalled\":null,\"rtts_saved\":1,");
    free(text);
    close_database(&database);
}

static void tickets_come_host_by_host(void **state)
{
    (void)state;
    struct report_options options = {.filter = everything, .format = REPORT_JSON};
    struct database database;

    open_database(&database, records_golden_count());
    char *text = written(&database, report_tickets, &options);
    check_has(text, "\"schema\": \"reprise-tickets/1\"");
    check_has(text, "{\"host\": \"www.example.com\", \"sessions\": [");
    char *once = strstr(text, "{\"host\": \"www.example.com\", \"sessions\"");
    assert_null(strstr(once + 1, "{\"host\": \"www.example.com\", \"sessions\""));
    once = strstr(text, "{\"host\": \"www.example.com\", \"id\": {\"accepted\"");
    assert_non_null(once);
    assert_null(strstr(once + 1, "{\"host\": \"www.example.com\", \"id\""));
    free(text);
    close_database(&database);
}

/* A ticket with a hint of 300 s, accepted 400 s after its issue; it was renewed then, and is
 * refused at 500 s. */
static void open_late_database(struct database *database)
{
    const struct records_spec specs[] = {
        {"late.example", "192.0.2.7", 0x0303, VERDICT_FULL, OFFER_NONE, OUTCOME_NONE, 2, 60, 30},
        {"late.example", "192.0.2.7", 0x0303, VERDICT_RESUMED_TICKET, OFFER_TICKET,
         OUTCOME_ACCEPTED, 1, 30, 30},
        {"late.example", "192.0.2.7", 0x0303, VERDICT_FULL, OFFER_TICKET, OUTCOME_REFUSED, 2, 60,
         30},
    };
    const int64_t at_s[] = {0, 400, 500};
    struct error error = {""};

    open_database(database, 0);
    for (size_t i = 0; i < 3; i++) {
        struct handshake handshake = records_make(&specs[i]).handshake;
        handshake.time_ns += at_s[i] * records_s;
        if (i > 0) {
            handshake.session_offered = (struct session_hash){true, {0xaa}};
        }
        if (i < 2) {
            handshake.issued_ticket = (struct session_hash){true, {i == 0 ? 0xaa : 0xbb}};
            handshake.lifetime_hint_s = 300;
            handshake.renewed = i == 1;
        }
        assert_true(store_add(database->store, &handshake, NULL, &error));
    }
    assert_true(store_commit(database->store, &error));
}

static void what_was_not_handled_as_promised_is_told(void **state)
{
    (void)state;
    struct report_options options = {.filter = everything, .format = REPORT_JSON};
    struct database database;

    open_late_database(&database);
    char *text = written(&database, report_summary, &options);
    check_has(text, "\"refusals\": [{\"cause\": \"expired\", \"refusals\": 1, \"share\": 1, ");
    check_has(text,
              "{\"conduct\": \"offered-late\", \"offers\": 2, \"clients\": 1, \"age_s\": 500, "
              "\"lifetime_hint_s\": 300, ");
    check_has(text, "{\"conduct\": \"offered-old\", \"offers\": 1, \"clients\": 1, ");
    check_has(text,
              "{\"conduct\": \"accepted-late\", \"offers\": 1, \"clients\": 1, \"age_s\": 400, ");
    check_has(text, "\"examples\": [2]}], \"ticket_keys\": null}");
    free(text);
    text = written(&database, report_tickets, &options);
    check_has(text, "\"chains\": 1, \"chain_longest\": 2, \"chain_median\": 2, "
                    "\"chain_longest_s\": 400, \"chain_median_s\": 400}");
    check_has(text, "{\"host\": \"late.example\", \"conduct\": \"offered-late\", \"offers\": 2, ");
    free(text);
    options.format = REPORT_HTML;
    text = written(&database, report_summary, &options);
    check_has(text, "<b>offered-old</b> offered though a newer ticket had replaced it</th>");
    check_has(text,
              "<th scope=\"row\">tickets</th><td>2</td><td>1</td><td class=\"p50\">50.0 %</td>");
    free(text);
    options.by = REPORT_BY_VERSION;
    text = written(&database, report_summary, &options);
    assert_null(strstr(text, "offered-old"));
    free(text);
    close_database(&database);
}

static void a_saving_that_may_be_chance_is_said_to_be(void **state)
{
    (void)state;
    struct report_options options = {.filter = everything, .format = REPORT_TEXT};
    struct database database;
    struct error error = {""};

    open_database(&database, records_golden_count());
    char *text = written(&database, report_summary, &options);
    check_has(text, "(measured).");
    free(text);
    struct record slow = records_golden(8);
    slow.handshake.handshake_ns = 4000 * records_ms;
    assert_true(store_add(database.store, &slow.handshake, NULL, &error));
    assert_true(store_commit(database.store, &error));
    text = written(&database, report_summary, &options);
    for (char *end = strchr(text, '\n'); end != NULL; end = strchr(end, '\n')) {
        *end = ' '; /* wherever the sentence was wrapped */
    }
    check_has(text, "Resumption cost 3.");
    check_has(text, "(measured, but may be chance).");
    free(text);
    close_database(&database);
}

static void an_empty_database_is_an_empty_report(void **state)
{
    (void)state;
    struct report_options options = {.filter = everything, .format = REPORT_TEXT};
    struct database database;

    open_database(&database, 0);
    char *text = written(&database, report_summary, &options);
    check_has(text, "No handshakes in this period.");
    free(text);
    text = written(&database, report_handshakes, &options);
    assert_string_equal(text, "No handshakes in this period.\n");
    free(text);
    text = written(&database, report_tickets, &options);
    assert_string_equal(text, "No sessions in this period.\n");
    free(text);
    close_database(&database);
}

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    static report_function *const reports[] = {report_summary, report_handshakes, report_tickets};
    struct report_options options = {.filter = everything, .format = REPORT_CSV};
    struct database database;
    FILE *out = fopen("/dev/full", "w");

    if (out == NULL) {
        skip();
    }
    open_database(&database, records_golden_count());
    for (size_t i = 0; i < 3; i++) {
        struct error error = {""};
        assert_false(reports[i](database.query, &options, out, &error));
        check_has(error.text, "No space left on device");
        clearerr(out);
    }
    (void)fclose(out);
    close_database(&database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_read_back),
        cmocka_unit_test(report_advises_about_hosts_and_about_nothing_else),
        cmocka_unit_test(report_reads_handshakes_and_runs),
        cmocka_unit_test(report_keeps_to_its_filter),
        cmocka_unit_test(handshakes_know_what_they_saved),
        cmocka_unit_test(tickets_come_host_by_host),
        cmocka_unit_test(what_was_not_handled_as_promised_is_told),
        cmocka_unit_test(a_saving_that_may_be_chance_is_said_to_be),
        cmocka_unit_test(an_empty_database_is_an_empty_report),
        cmocka_unit_test(a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
