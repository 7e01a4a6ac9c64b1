/* Whatever a host is called, it is one cell of a table, and means nothing to a renderer. */
#include "tests/report/hostile.h"
#include "tests/report/summaries.h"

#include "report/formats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t count_of(const char *line, size_t len, char wanted)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        count += line[i] == wanted;
    }
    return count;
}

/* The cells of the first column of each table are either our words or one span of code; all rows
 * of a table have as many cells as its head; there is no HTML. */
static void check_document(const char *text, size_t wanted_spans)
{
    size_t cells = 0;
    size_t spans = 0;

    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        bool is_row = text[0] == '|';
        assert_int_equal(count_of(text, len, '<') + count_of(text, len, '&'), 0);
        assert_int_equal(count_of(text, len, '\r'), 0);
        if (is_row && cells > 0) {
            assert_int_equal(count_of(text, len, '|'), cells);
        }
        cells = is_row ? count_of(text, len, '|') : 0;
        size_t ticks = count_of(text, len, '`');
        assert_true(ticks == 0 || ticks == 2);
        spans += ticks / 2;
        text += len + 1;
    }
    assert_int_equal(spans, wanted_spans);
}

static size_t add_hostile(struct summary *summary)
{
    size_t count = 0;

    for (; hostile_text(count) != NULL; count++) {
        const char *text = hostile_text(count);
        struct record record = summaries_full("x", "192.0.2.1", 10);
        record.host = (struct wire_text){.len = (uint8_t)strlen(text)};
        memcpy(record.host.text, text, record.host.len);
        summaries_add(summary, &record);
    }
    return count;
}

static void hostile_hosts_are_one_span_of_code_each(void **state)
{
    (void)state;
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, "`<b>`|*"}};
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    size_t hosts = add_hostile(summary);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    markdown_summary(out, summary, &options);
    assert_int_equal(fclose(out), 0);
    check_document(text, 2 * hosts + 1); /* two tables, and the pattern */
    free(text);
    summary_free(summary);
}

static void handshakes_of_any_bytes_are_rows(void **state)
{
    (void)state;
    struct formats_state writing = {0};
    uint32_t seed = 11;
    size_t named = 0;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    markdown_handshakes.begin(out, &writing);
    for (int i = 0; i < 1000; i++) {
        struct record record = hostile_record(&seed);
        struct columns_row row = {&record, HANDSHAKE_NULL};
        named += record.host.len > 0;
        markdown_handshakes.row(out, &row, &writing);
    }
    markdown_handshakes.end(out, &writing);
    assert_int_equal(fclose(out), 0);
    check_document(text, named);
    free(text);
}

static void tickets_of_hostile_hosts_are_rows(void **state)
{
    (void)state;
    struct formats_state writing = {0};
    size_t hosts = 0;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    markdown_sessions.begin(out, &writing);
    for (; hostile_text(hosts) != NULL; hosts++) {
        struct session_record session = records_golden_session(0);
        struct host_sessions host;
        session.host = records_text(hostile_text(hosts), strlen(hostile_text(hosts)));
        host_sessions_init(&host, &session.host);
        host_sessions_add(&host, &session);
        markdown_sessions.begin_host(out, &session.host, &writing);
        markdown_sessions.session(out, &session, true);
        markdown_sessions.end_host(out, &host, &writing);
    }
    markdown_sessions.end(out, &writing);
    assert_int_equal(fclose(out), 0);
    check_document(text, hosts);
    free(text);
}

static void mechanisms_of_hostile_hosts_are_rows(void **state)
{
    (void)state;
    static const uint8_t key[NAME_TABLE_KEY_BYTES] = {1, 2, 3};
    const struct query_filter filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct mechanisms *mechanisms = mechanisms_new(&filter, key);
    struct formats_state writing = {0};
    struct session_record session = records_golden_session(0);
    size_t hosts = 0;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_non_null(mechanisms);
    for (; hostile_text(hosts) != NULL; hosts++) {
        session.host = records_text(hostile_text(hosts), strlen(hostile_text(hosts)));
        summaries_add_session(mechanisms, &session);
    }
    session.host.len = 0;
    summaries_add_session(mechanisms, &session);
    assert_true(mechanisms_finish(mechanisms));
    markdown_sessions.mechanisms(out, mechanisms, &writing);
    assert_int_equal(fclose(out), 0);
    check_document(text, hosts);
    assert_non_null(strstr(text, "| (not known) |"));
    free(text);
    mechanisms_free(mechanisms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_hosts_are_one_span_of_code_each),
        cmocka_unit_test(handshakes_of_any_bytes_are_rows),
        cmocka_unit_test(tickets_of_hostile_hosts_are_rows),
        cmocka_unit_test(mechanisms_of_hostile_hosts_are_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
