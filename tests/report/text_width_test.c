/* Whatever a capture holds, no line of text is wider than its page, and no byte of it acts on the
 * terminal. */
#include "tests/report/hostile.h"
#include "tests/report/summaries.h"

#include "report/comparison_formats.h"
#include "report/formats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {5};

/* Characters of a line, none of them a control character. */
static size_t columns_of(const char *line, size_t len)
{
    size_t columns = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)line[i];
        assert_true(byte >= 0x20 && byte != 0x7f);
        columns += (byte & 0xc0) != 0x80;
    }
    return columns;
}

static void check_page(const char *text, unsigned columns)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        assert_in_range(columns_of(text, len), 0, columns);
        text += len + 1;
    }
}

static const unsigned widths[] = {80, 99, 100, 119, 120, 139, 140, 200};

enum { WIDTHS = sizeof(widths) / sizeof(widths[0]) };

/* Handshakes of any name, all resumed and then all full. */
static void add_changes(struct summary *summary, uint32_t *seed)
{
    struct wire_text name = hostile_name(seed);

    for (int i = 0; i < 200; i++) {
        struct record record = records_golden(i < 100 ? 5 : 0);
        record.host = name;
        record.handshake.time_ns = INT64_MIN + 1 + i;
        assert_true(summary_add(summary, &record));
    }
}

static void check_report(enum report_by by, size_t width)
{
    uint32_t seed = 1;
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, "\x1b[2J*"},
                                     .by = by,
                                     .use_blocks = width % 2 == 0,
                                     .columns = widths[width]};
    struct summary *summary = summary_new(options.by, key);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(summary);
    assert_non_null(out);
    for (int i = 0; i < 200; i++) {
        struct record record = hostile_record(&seed);
        assert_true(summary_add(summary, &record));
    }
    add_changes(summary, &seed);
    assert_true(summary_finish(summary, REPORT_SORT_SAVED));
    text_summary(out, summary, &options);
    assert_int_equal(fclose(out), 0);
    check_page(text, widths[width]);
    free(text);
    summary_free(summary);
}

static void report_keeps_to_the_page(void **state)
{
    (void)state;
    for (int by = REPORT_BY_HOST; by <= REPORT_BY_DAY; by++) {
        for (size_t width = 0; width < WIDTHS; width++) {
            check_report((enum report_by)by, width);
        }
    }
}

static struct summary *any_summary(uint32_t *seed)
{
    struct summary *summary = summary_new(REPORT_BY_HOST, key);

    assert_non_null(summary);
    for (int i = 0; i < 300; i++) {
        struct record record = hostile_record(seed);
        assert_true(summary_add(summary, &record));
    }
    add_changes(summary, seed);
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    return summary;
}

static void check_comparison(size_t width)
{
    struct report_options options = {
        .columns = widths[width],
        .filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, "\x1b[2J*"},
        .periods = {{INT64_MIN + 1, -1, NULL}, {1, INT64_MAX, NULL}},
    };
    uint32_t seed = 6;
    struct summary *a = any_summary(&seed);
    struct summary *b = any_summary(&seed);
    struct comparison comparison;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_true(comparison_make(&comparison, a, b));
    comparison_text(out, &comparison, &options);
    assert_int_equal(fclose(out), 0);
    check_page(text, widths[width]);
    free(text);
    comparison_clear(&comparison);
    summary_free(a);
    summary_free(b);
}

static void comparison_keeps_to_the_page(void **state)
{
    (void)state;
    for (size_t width = 0; width < WIDTHS; width++) {
        check_comparison(width);
    }
}

static void check_handshakes(size_t width)
{
    struct formats_state writing = {.columns = widths[width]};
    uint32_t seed = 2;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    text_handshakes.begin(out, &writing);
    for (int i = 0; i < 500; i++) {
        struct record record = hostile_record(&seed);
        struct columns_row row = {&record, HANDSHAKE_NULL};
        text_handshakes.row(out, &row, &writing);
    }
    text_handshakes.end(out, &writing);
    assert_int_equal(fclose(out), 0);
    check_page(text, widths[width]);
    free(text);
}

static void handshakes_keep_to_the_page(void **state)
{
    (void)state;
    for (size_t width = 0; width < WIDTHS; width++) {
        check_handshakes(width);
    }
}

static void watch_line_is_one_line_and_bounded(void **state)
{
    (void)state;
    uint32_t seed = 3;

    for (int i = 0; i < 2000; i++) {
        struct record record = hostile_record(&seed);
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        report_watch_line(out, &record, false);
        assert_int_equal(fclose(out), 0);
        assert_ptr_equal(strchr(text, '\n'), text + size - 1);
        for (size_t at = 0; at + 1 < size; at++) {
            assert_true((unsigned char)text[at] >= 0x20 && text[at] != 0x7f);
        }
        assert_true(size < 260);
        free(text);
    }
}

static void check_tickets(size_t width)
{
    struct formats_state writing = {.columns = widths[width]};
    uint32_t seed = 4;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    text_sessions.begin(out, &writing);
    for (size_t i = 0; i < 500; i++) {
        struct session_record session = records_golden_session(i % records_golden_sessions());
        struct host_sessions host;
        session.host = hostile_name(&seed);
        session.lifetime_hint_s = hostile_number(&seed);
        session.offered_count = hostile_number(&seed);
        session.accepted_count = hostile_number(&seed);
        session.largest_accepted_age_s = hostile_number(&seed);
        session.smallest_refused_age_s = hostile_number(&seed);
        host_sessions_init(&host, &session.host);
        host_sessions_add(&host, &session);
        text_sessions.begin_host(out, &session.host, &writing);
        text_sessions.session(out, &session, true);
        text_sessions.end_host(out, &host, &writing);
    }
    text_sessions.end(out, &writing);
    assert_int_equal(fclose(out), 0);
    check_page(text, widths[width]);
    free(text);
}

/* A host with more sessions than its columns are used to, and hosts of any name. */
static void check_mechanisms(size_t width)
{
    static const uint8_t any_key[NAME_TABLE_KEY_BYTES] = {1};
    const struct query_filter filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct formats_state writing = {.columns = (unsigned)width};
    struct mechanisms *mechanisms = mechanisms_new(&filter, any_key);
    uint32_t seed = 4;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(mechanisms);
    for (int i = 0; i < 3000; i++) {
        struct session_record session = records_golden_session((size_t)i % 3);
        session.host = records_text("busy.example", 12);
        summaries_add_session(mechanisms, &session);
    }
    for (int i = 0; i < 300; i++) {
        struct session_record session = records_golden_session((size_t)i % 6);
        struct record record = hostile_record(&seed);
        session.host = hostile_name(&seed);
        session.bytes = hostile_number(&seed);
        record.host = session.host;
        assert_true(mechanisms_add_handshake(mechanisms, &record));
        summaries_add_session(mechanisms, &session);
    }
    assert_true(mechanisms_finish(mechanisms));
    text_mechanisms(out, mechanisms, &writing);
    assert_int_equal(fclose(out), 0);
    check_page(text, (unsigned)width);
    free(text);
    mechanisms_free(mechanisms);
}

static void mechanisms_keep_to_the_page(void **state)
{
    (void)state;
    check_mechanisms(80);
    check_mechanisms(100);
    check_mechanisms(140);
}

static void tickets_keep_to_the_page(void **state)
{
    (void)state;
    for (size_t width = 0; width < WIDTHS; width++) {
        check_tickets(width);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(report_keeps_to_the_page),
        cmocka_unit_test(comparison_keeps_to_the_page),
        cmocka_unit_test(handshakes_keep_to_the_page),
        cmocka_unit_test(watch_line_is_one_line_and_bounded),
        cmocka_unit_test(tickets_keep_to_the_page),
        cmocka_unit_test(mechanisms_keep_to_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
