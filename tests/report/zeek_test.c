/* Zeek's log of lines and EVE events: what a pipeline is given is a line a handshake, whatever the
 * packets held. That the JSON is JSON is seen to by parses.py and the fuzz target. */
#include "report/zeek.h"

#include "report/formats.h"
#include "report/identity.h"

#include "tests/report/hostile.h"
#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_column_has_a_type(void **state)
{
    (void)state;
    assert_int_equal(zeek_columns(), columns_count());
    for (size_t i = 0; i < columns_count(); i++) {
        assert_string_equal(zeek_column_name(i), columns_name(i));
    }
}

/* To be freed. */
static char *written(const struct formats_handshakes *writer, const struct record *records,
                     size_t count)
{
    struct formats_state writing = {.now_ns = records_start_ns};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    writer->begin(out, &writing);
    for (size_t i = 0; i < count; i++) {
        struct columns_row row = {&records[i], HANDSHAKE_NULL};
        writer->row(out, &row, &writing);
    }
    writer->end(out, &writing);
    assert_int_equal(fclose(out), 0);
    return text;
}

static size_t tabs_in(const char *line, size_t len)
{
    size_t tabs = 0;

    for (size_t i = 0; i < len; i++) {
        tabs += line[i] == '\t';
    }
    return tabs;
}

/* All lines of records have the fields of the head, and nothing that acts on a terminal. */
static size_t check_log(const char *text)
{
    size_t records = 0;
    size_t fields = 0;

    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        assert_int_equal(text[len], '\n');
        for (size_t i = 0; i < len; i++) {
            assert_true((unsigned char)text[i] >= 0x20 || text[i] == '\t');
        }
        if (strncmp(text, "#fields\t", 8) == 0) {
            fields = tabs_in(text, len) - 1;
        } else if (strncmp(text, "#types\t", 7) == 0) {
            assert_int_equal(tabs_in(text, len) - 1, fields);
        } else if (text[0] != '#') {
            assert_int_equal(tabs_in(text, len), fields);
            records++;
        }
        text += len + 1;
    }
    return records;
}

static void any_record_is_a_line_of_zeek(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    struct record *records = calloc(COUNT, sizeof(*records));
    uint32_t seed = 31;

    assert_non_null(records);
    for (size_t i = 0; i < COUNT; i++) {
        records[i] = hostile_record(&seed);
        records[i].handshake.sni = hostile_name(&seed);
        records[i].handshake.alpn = hostile_name(&seed);
    }
    char *text = written(&zeek_tsv_handshakes, records, COUNT);
    assert_int_equal(check_log(text), COUNT);
    free(text);
    free(records);
}

/* The field of this number in the only record; to be freed. */
static char *field_of(const struct record *record, size_t number)
{
    char *text = written(&zeek_tsv_handshakes, record, 1);
    const char *line = strstr(text, "\n#types");

    assert_non_null(line);
    line = strchr(line + 1, '\n') + 1;
    for (; number > 0; number--) {
        line += strcspn(line, "\t\n") + 1;
    }
    char *field = strndup(line, strcspn(line, "\t\n"));
    free(text);
    return field;
}

static void check_field(const struct record *record, size_t number, const char *wanted)
{
    char *field = field_of(record, number);
    assert_string_equal(field, wanted);
    free(field);
}

enum {
    TS = 0,
    VERSION = 6,
    CIPHER = 7,
    SERVER_NAME = 8,
    RESUMED = 9,
    ALERT = 10,
    ESTABLISHED = 11
};

static void names_are_escaped_as_zeek_does_it(void **state)
{
    (void)state;
    struct record record = records_golden(0);

    record.handshake.sni = records_text("a\tb\\c", 5);
    check_field(&record, SERVER_NAME, "a\\x09b\\x5cc");
    record.handshake.sni = records_text("-", 1);
    check_field(&record, SERVER_NAME, "\\x2d");
    record.handshake.sni = records_text("(empty)", 7);
    check_field(&record, SERVER_NAME, "\\x28empty)");
    record.handshake.sni = records_text("b\xc3\xbc\xe2\x80\xae\xff", 7);
    check_field(&record, SERVER_NAME, "b\xc3\xbc\\xe2\\x80\\xae\\xff");
    record.handshake.sni = records_text("", 0);
    check_field(&record, SERVER_NAME, "-");
}

static void words_are_zeeks(void **state)
{
    (void)state;
    struct record record = records_golden(0);

    record.handshake.time_ns = 1521911721255387000;
    check_field(&record, TS, "1521911721.255387");
    record.handshake.time_ns = -1500000;
    check_field(&record, TS, "-0.001500");
    record.handshake.version = 0x0303;
    check_field(&record, VERSION, "TLSv12");
    record.handshake.version = 0xfeff;
    check_field(&record, VERSION, "DTLSv10");
    record.handshake.version = 0x1234;
    check_field(&record, VERSION, "unknown-4660");
    record.handshake.version = 0;
    check_field(&record, VERSION, "-");
    record.handshake.cipher = 0xfffe;
    check_field(&record, CIPHER, "unknown-65534");
    record.handshake.reason = REASON_ALERT;
    record.handshake.alert = 40;
    check_field(&record, ALERT, "handshake_failure");
}

/* Zeek says F of what it does not know; absence of evidence is no evidence here. */
static void what_was_not_judged_is_unset(void **state)
{
    (void)state;
    struct record record = records_golden(0);

    record.handshake.verdict = VERDICT_RESUMED_PSK;
    check_field(&record, RESUMED, "T");
    check_field(&record, ESTABLISHED, "T");
    record.handshake.verdict = VERDICT_FULL;
    check_field(&record, RESUMED, "F");
    check_field(&record, ESTABLISHED, "T");
    record.handshake.verdict = VERDICT_UNKNOWN;
    check_field(&record, RESUMED, "-");
    check_field(&record, ESTABLISHED, "-");
    record.handshake.verdict = VERDICT_FAILED;
    check_field(&record, RESUMED, "-");
    check_field(&record, ESTABLISHED, "F");
}

static void check_event(const struct record *record, const char *words, bool is_there)
{
    char *text = written(&eve_handshakes, record, 1);

    assert_int_equal(strchr(text, '\n') - text, (long)strlen(text) - 1);
    assert_int_equal(strstr(text, words) != NULL, is_there);
    free(text);
}

static void events_are_suricatas(void **state)
{
    (void)state;
    struct record record = records_golden(0);

    record.handshake.verdict = VERDICT_RESUMED_ID;
    check_event(&record, "{\"timestamp\":\"2026-03-01T10:00:00.123456+0000\",\"flow_id\":", true);
    check_event(&record, "\"proto\":\"TCP\"", true);
    check_event(&record, "\"session_resumed\":true", true);
    record.handshake.verdict = VERDICT_UNKNOWN;
    check_event(&record, "session_resumed", false);
    record.handshake.transport = TRANSPORT_DTLS;
    record.handshake.version = 0xfefd;
    check_event(&record, "\"proto\":\"UDP\"", true);
    check_event(&record, "\"version\":\"DTLS 1.2\"", true);
    record.handshake.version = 0x0301;
    check_event(&record, "\"version\":\"TLSv1\"", true);
    record.handshake.version = 0;
    check_event(&record, "\"version\":\"UNDETERMINED\"", true);
    record.handshake.sni = records_text("\"},\"x\":{\"", 9);
    check_event(&record, "\"sni\":\"\\\"},\\\"x\\\":{\\\"\"", true);
    record.handshake.sni.len = 0;
    check_event(&record, "\"tls\":{\"version\"", true);
}

static void uid_and_flow_are_those_of_the_record(void **state)
{
    (void)state;
    struct record record = records_golden(3);
    char uid[IDENTITY_UID_BYTES];
    char flow[64];

    check_field(&record, 1, identity_uid(&record.handshake, uid));
    (void)snprintf(flow, sizeof(flow), "\"flow_id\":%llu,",
                   (unsigned long long)identity_flow(&record.handshake));
    check_event(&record, flow, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_has_a_type),
        cmocka_unit_test(any_record_is_a_line_of_zeek),
        cmocka_unit_test(names_are_escaped_as_zeek_does_it),
        cmocka_unit_test(words_are_zeeks),
        cmocka_unit_test(what_was_not_judged_is_unset),
        cmocka_unit_test(events_are_suricatas),
        cmocka_unit_test(uid_and_flow_are_those_of_the_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
