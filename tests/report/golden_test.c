/* The formats of a fixed set of records, byte for byte. After a wanted change:
 * REPRISE_GOLDEN_UPDATE=1 in the environment of this test rewrites the files; look at the diff. */
#include "tests/report/records.h"

#include "report/baseline.h"
#include "report/formats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {1, 2, 3};

struct paper {
    FILE *stream;
    char *text;
    size_t len;
};

static void open_paper(struct paper *paper)
{
    paper->stream = open_memstream(&paper->text, &paper->len);
    assert_non_null(paper->stream);
}

static void rewrite(const char *path, const struct paper *paper)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(paper->text, 1, paper->len, file), paper->len);
    assert_int_equal(fclose(file), 0);
}

static void compare(const char *path, const struct paper *paper)
{
    char *wanted = calloc(1, paper->len + 2);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s is missing", path);
    }
    size_t len = fread(wanted, 1, paper->len + 1, file);
    (void)fclose(file);
    if (len != paper->len || memcmp(wanted, paper->text, len) != 0) {
        fail_msg("%s differs; what was written:\n%s", path, paper->text);
    }
    free(wanted);
}

static void close_paper(struct paper *paper, const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "tests/report/golden/%s", name);
    assert_int_equal(fclose(paper->stream), 0);
    if (getenv("REPRISE_GOLDEN_UPDATE") != NULL) {
        rewrite(path, paper);
    } else {
        compare(path, paper);
    }
    free(paper->text);
}

static struct summary *golden_summary(enum report_by by, enum report_sort sort)
{
    struct run_record run = records_golden_run();
    struct summary *summary = summary_new(by, key);
    assert_non_null(summary);
    for (size_t i = 0; i < records_golden_count(); i++) {
        struct record record = records_golden(i);
        assert_true(summary_add(summary, &record));
    }
    summary_add_run(summary, &run);
    assert_true(summary_finish(summary, sort));
    return summary;
}

typedef void summary_writer(FILE *out, const struct summary *summary,
                            const struct report_options *options);

static void check_summary(summary_writer *write, enum report_by by, const char *name)
{
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL}, .by = by};
    struct summary *summary = golden_summary(by, REPORT_SORT_HANDSHAKES);
    struct paper paper;

    open_paper(&paper);
    write(paper.stream, summary, &options);
    close_paper(&paper, name);
    summary_free(summary);
}

static void text_report_is_as_written_down(void **state)
{
    (void)state;
    check_summary(text_summary, REPORT_BY_HOST, "report.txt");
    check_summary(text_summary, REPORT_BY_DAY, "report-by-day.txt");
}

static void json_report_is_as_written_down(void **state)
{
    (void)state;
    check_summary(json_summary, REPORT_BY_HOST, "report.json");
}

static void csv_report_is_as_written_down(void **state)
{
    (void)state;
    check_summary(csv_summary, REPORT_BY_VERSION, "report.csv");
}

static void report_cut_to_the_top_with_color_is_as_written_down(void **state)
{
    (void)state;
    struct report_options options = {.filter = {records_start_ns, HANDSHAKE_NULL, "*.exam\x1bple"},
                                     .by = REPORT_BY_CLIENT,
                                     .top = 2,
                                     .use_color = true};
    struct summary *summary = golden_summary(REPORT_BY_CLIENT, REPORT_SORT_SAVED);
    struct paper paper;

    open_paper(&paper);
    text_summary(paper.stream, summary, &options);
    close_paper(&paper, "report-top.txt");
    summary_free(summary);
}

static void report_of_nothing_is_as_written_down(void **state)
{
    (void)state;
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL}};
    struct summary *summary = summary_new(REPORT_BY_HOST, key);
    struct paper paper;

    assert_non_null(summary);
    assert_true(summary_finish(summary, REPORT_SORT_HANDSHAKES));
    open_paper(&paper);
    text_summary(paper.stream, summary, &options);
    json_summary(paper.stream, summary, &options);
    csv_summary(paper.stream, summary, &options);
    close_paper(&paper, "report-empty.txt");
    summary_free(summary);
}

static void check_handshakes(const struct formats_handshakes *writer, bool use_color,
                             const char *name)
{
    struct formats_state state = {.use_color = use_color};
    struct paper paper;

    open_paper(&paper);
    writer->begin(paper.stream, &state);
    for (size_t i = 0; i < records_golden_count(); i++) {
        struct record record = records_golden(i);
        struct columns_row row = {&record, i % 2 == 0 ? (int64_t)i - 2 : HANDSHAKE_NULL};
        writer->row(paper.stream, &row, &state);
    }
    writer->end(paper.stream, &state);
    close_paper(&paper, name);
}

static void handshakes_are_as_written_down(void **state)
{
    (void)state;
    check_handshakes(&text_handshakes, false, "handshakes.txt");
    check_handshakes(&text_handshakes, true, "handshakes-color.txt");
    check_handshakes(&json_handshakes, false, "handshakes.json");
    check_handshakes(&csv_handshakes, false, "handshakes.csv");
}

static void write_host(const struct formats_sessions *writer, FILE *out, size_t from, size_t to,
                       struct formats_state *state)
{
    struct session_record first = records_golden_session(from);
    struct host_sessions host;

    host_sessions_init(&host, &first.host);
    writer->begin_host(out, &first.host, state);
    for (size_t i = from; i < to; i++) {
        struct session_record session = records_golden_session(i);
        host_sessions_add(&host, &session);
        writer->session(out, &session, i == from);
    }
    writer->end_host(out, &host, state);
}

static void write_keys(const struct formats_sessions *writer, FILE *out,
                       struct formats_state *state)
{
    struct key_history *history = key_history_new();

    assert_non_null(history);
    for (size_t i = 0; i < records_golden_keys(); i++) {
        const struct key_use_record use = records_golden_key(i);
        assert_true(key_history_add(history, &use));
    }
    assert_true(key_history_finish(history));
    writer->keys(out, history, state);
    key_history_free(history);
}

static void check_sessions(const struct formats_sessions *writer, const char *name)
{
    struct formats_state state = {0};
    struct paper paper;

    open_paper(&paper);
    writer->begin(paper.stream, &state);
    write_host(writer, paper.stream, 0, 3, &state);
    write_host(writer, paper.stream, 3, 5, &state);
    write_host(writer, paper.stream, 5, 6, &state);
    write_keys(writer, paper.stream, &state);
    writer->end(paper.stream, &state);
    close_paper(&paper, name);
}

static void tickets_are_as_written_down(void **state)
{
    (void)state;
    check_sessions(&text_sessions, "tickets.txt");
    check_sessions(&json_sessions, "tickets.json");
    check_sessions(&csv_sessions, "tickets.csv");
}

static void watch_lines_are_as_written_down(void **state)
{
    (void)state;
    struct paper paper;

    open_paper(&paper);
    for (size_t i = 0; i < records_golden_count(); i++) {
        struct record record = records_golden(i);
        report_watch_line(paper.stream, &record, i % 5 == 4);
    }
    close_paper(&paper, "watch.txt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_report_is_as_written_down),
        cmocka_unit_test(json_report_is_as_written_down),
        cmocka_unit_test(csv_report_is_as_written_down),
        cmocka_unit_test(report_cut_to_the_top_with_color_is_as_written_down),
        cmocka_unit_test(report_of_nothing_is_as_written_down),
        cmocka_unit_test(handshakes_are_as_written_down),
        cmocka_unit_test(tickets_are_as_written_down),
        cmocka_unit_test(watch_lines_are_as_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
