#include "tests/report/records.h"

#include "report/columns.h"
#include "report/formats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void columns_are_those_of_the_specification(void **state)
{
    (void)state;
    static const char wanted[] =
        "id run time transport client client_port server server_port host sni alpn app version "
        "cipher verdict certainty reason messages anomalies carrier offered outcome refusal_cause "
        "early_data hello_retry rtts_tcp rtts_tls rtts_stalled rtts_saved rtt_us rtt_client_us "
        "rtt_server_us handshake_us setup_us server_think_us bytes_client bytes_server "
        "session_offered session_issued issued_kind age_s lifetime_hint_s ticket_bytes key_name "
        "renewed ";
    const char *next = wanted;

    for (size_t i = 0; i < columns_count(); i++) {
        size_t len = strcspn(next, " ");
        assert_int_equal(strlen(columns_name(i)), len);
        assert_memory_equal(columns_name(i), next, len);
        next += len + 1;
    }
    assert_string_equal(next, "");
}

/* The cell of one column as JSON; to be freed. */
static char *cell(const char *name, const struct columns_row *row)
{
    char *result = NULL;
    size_t size;
    struct value value;
    FILE *out = open_memstream(&result, &size);

    assert_non_null(out);
    for (size_t i = 0; i < columns_count(); i++) {
        if (strcmp(columns_name(i), name) == 0) {
            columns_value(i, row, &value);
            value_print_json(out, &value);
        }
    }
    assert_int_equal(fclose(out), 0);
    return result;
}

static void check(const char *name, const struct columns_row *row, const char *wanted)
{
    char *result = cell(name, row);
    assert_string_equal(result, wanted);
    free(result);
}

static void all_that_is_unknown_is_null(void **state)
{
    (void)state;
    static const char *const nulls[] = {
        "sni",
        "alpn",
        "app",
        "version",
        "cipher",
        "reason",
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
        "messages",
    };
    struct record record = {.id = 1, .run = 2, .age_s = HANDSHAKE_NULL};
    struct columns_row row = {&record, HANDSHAKE_NULL};

    handshake_init(&record.handshake);
    for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++) {
        check(nulls[i], &row, "null");
    }
    check("verdict", &row, "\"unknown\"");
    check("outcome", &row, "\"unknown\"");
    check("anomalies", &row, "[]");
    check("renewed", &row, "false");
}

static struct record full_record(void)
{
    static const struct records_spec spec = {
        "Example", "192.0.2.1", 0x0303, VERDICT_FULL, OFFER_TICKET, OUTCOME_REFUSED, 2, 60, 30};
    struct record record = records_make(&spec);
    record.handshake.rtt_client_ns = 1000500;
    record.handshake.rtt_server_ns = 2000499;
    return record;
}

static void path_round_trip_is_the_sum_of_its_halves(void **state)
{
    (void)state;
    struct record record = full_record();
    struct columns_row row = {&record, HANDSHAKE_NULL};

    check("rtt_us", &row, "3001");
    check("rtt_client_us", &row, "1001");
    check("rtt_server_us", &row, "2000");
    record.handshake.rtt_server_ns = HANDSHAKE_NULL;
    check("rtt_us", &row, "null");
    check("rtt_client_us", &row, "1001");
    record.handshake.rtt_client_ns = INT64_MAX;
    record.handshake.rtt_server_ns = INT64_MAX;
    check("rtt_us", &row, "null");
}

static void a_ticket_is_what_was_issued_before_an_id(void **state)
{
    (void)state;
    struct record record = full_record();
    struct columns_row row = {&record, HANDSHAKE_NULL};

    record.handshake.issued_id = (struct session_hash){true, {0x01}};
    check("session_issued", &row, "\"01000000000000000000000000000000\"");
    check("issued_kind", &row, "\"id\"");
    record.handshake.issued_ticket = (struct session_hash){true, {0x02}};
    check("session_issued", &row, "\"02000000000000000000000000000000\"");
    check("issued_kind", &row, "\"ticket\"");
}

static void a_carrier_is_its_word(void **state)
{
    (void)state;
    struct record record = full_record();
    struct columns_row row = {&record, HANDSHAKE_NULL};

    record.handshake.carrier = CARRIER_HTTP_CONNECT;
    check("carrier", &row, "\"http-connect\"");
    (void)snprintf(record.handshake.carrier_guess, sizeof(record.handshake.carrier_guess), "vnc");
    check("carrier", &row, "\"http-connect\"");
    record.handshake.carrier = CARRIER_OTHER;
    check("carrier", &row, "\"vnc\"");
    record.handshake.carrier_guess[0] = '\0';
    check("carrier", &row, "\"other\"");
}

static void anomalies_are_a_list(void **state)
{
    (void)state;
    struct record record = full_record();
    struct columns_row row = {&record, HANDSHAKE_NULL};

    record.handshake.anomalies = 1U << ANOMALY_TICKETBLEED;
    check("anomalies", &row, "[\"ticketbleed\"]");
    record.handshake.anomalies = UINT32_MAX;
    char *all = cell("anomalies", &row);
    size_t commas = 0;
    for (const char *c = all; *c != '\0'; c++) {
        commas += *c == ',';
    }
    assert_int_equal(commas, ANOMALY_COUNT - 1);
    free(all);
}

static void reason_names_the_alert(void **state)
{
    (void)state;
    struct record record = full_record();
    struct columns_row row = {&record, HANDSHAKE_NULL};

    record.handshake.reason = REASON_ALERT;
    record.handshake.alert = 40;
    check("reason", &row, "\"alert: handshake_failure\"");
}

static void text_of_any_bytes_is_kept_whole(void **state)
{
    (void)state;
    struct record record = full_record();
    struct columns_row row = {&record, HANDSHAKE_NULL};

    record.host = records_text("a\0b", 3);
    check("host", &row, "\"a\\u0000b\"");
    memset(record.host.text, 'x', sizeof(record.host.text));
    record.host.len = 255;
    char *result = cell("host", &row);
    assert_int_equal(strlen(result), 257);
    free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_those_of_the_specification),
        cmocka_unit_test(all_that_is_unknown_is_null),
        cmocka_unit_test(path_round_trip_is_the_sum_of_its_halves),
        cmocka_unit_test(a_ticket_is_what_was_issued_before_an_id),
        cmocka_unit_test(a_carrier_is_its_word),
        cmocka_unit_test(anomalies_are_a_list),
        cmocka_unit_test(reason_names_the_alert),
        cmocka_unit_test(text_of_any_bytes_is_kept_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
