/* The formats of a fixed set of records, byte for byte. After a wanted change:
 * REPRISE_GOLDEN_UPDATE=1 in the environment of this test rewrites the files; look at the diff. */
#include "tests/report/paper.h"
#include "tests/report/records.h"
#include "tests/report/summaries.h"

#include "report/baseline.h"
#include "report/comparison_formats.h"
#include "report/formats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {1, 2, 3};

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
    for (size_t i = 0; i < run.not_analysed_count; i++) {
        summary_add_not_analysed(summary, &run.not_analysed[i]);
    }
    assert_true(summary_finish(summary, sort));
    return summary;
}

typedef void summary_writer(FILE *out, const struct summary *summary,
                            const struct report_options *options);

static void check_summary(summary_writer *write, enum report_by by, const char *name)
{
    struct report_ledger ledger = summaries_golden_ledger();
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL},
                                     .by = by,
                                     .ledger = by == REPORT_BY_HOST ? &ledger : NULL};
    struct summary *summary = golden_summary(by, REPORT_SORT_HANDSHAKES);
    struct paper paper;

    open_paper(&paper);
    write(paper.stream, summary, &options);
    close_paper(&paper, name);
    summary_free(summary);
    report_ledger_clear(&ledger);
}

static void check_page(unsigned columns, bool use_blocks, const char *name)
{
    struct report_ledger ledger = summaries_golden_ledger();
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL},
                                     .use_blocks = use_blocks,
                                     .columns = columns,
                                     .ledger = &ledger};
    struct summary *summary = golden_summary(REPORT_BY_HOST, REPORT_SORT_HANDSHAKES);
    struct paper paper;

    open_paper(&paper);
    text_summary(paper.stream, summary, &options);
    close_paper(&paper, name);
    summary_free(summary);
    report_ledger_clear(&ledger);
}

static void text_report_is_as_written_down_at_each_width(void **state)
{
    (void)state;
    check_page(80, false, "report.txt");
    check_page(100, false, "report-100.txt");
    check_page(140, false, "report-140.txt");
    check_page(140, true, "report-140-blocks.txt");
}

static void text_report_by_day_is_as_written_down(void **state)
{
    (void)state;
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

static void markdown_report_is_as_written_down(void **state)
{
    (void)state;
    check_summary(markdown_summary, REPORT_BY_HOST, "report.md");
}

static void prometheus_report_is_as_written_down(void **state)
{
    (void)state;
    check_summary(prometheus_summary, REPORT_BY_HOST, "report.prom");
}

static void html_report_is_as_written_down(void **state)
{
    (void)state;
    check_summary(html_summary, REPORT_BY_HOST, "report.html");
    check_summary(html_summary, REPORT_BY_DAY, "report-by-day.html");
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
    markdown_summary(paper.stream, summary, &options);
    close_paper(&paper, "report-empty.txt");
    summary_free(summary);
}

/* Hosts that change after half of their handshakes, one with a hostile name, and one that does
 * not: of the first `before` in a dozen are full, then `after`. */
static const struct {
    const char *host;
    int before;
    int after;
} drifting[] = {
    {"www.example.com", 2, 12}, {"=1+1\x1b[2J\xe2\x80\xae", 8, 1}, {"steady.example", 6, 6}};

enum { DRIFTING = sizeof(drifting) / sizeof(drifting[0]), DRIFTING_EACH = 240 };

static void add_drifting(struct summary *summary, size_t host, int i)
{
    const int full = i < DRIFTING_EACH / 2 ? drifting[host].before : drifting[host].after;
    const bool is_full = i * 5 % 12 < full; /* 5: so that they do not come in runs */
    const struct records_spec spec = {drifting[host].host,
                                      "192.0.2.7",
                                      0x0303,
                                      is_full ? VERDICT_FULL : VERDICT_RESUMED_TICKET,
                                      OFFER_TICKET,
                                      is_full ? OUTCOME_REFUSED : OUTCOME_ACCEPTED,
                                      is_full ? 2 : 1,
                                      is_full ? 60 + i % 10 : 30 + i % 7,
                                      30};
    struct record record = records_make(&spec);

    record.handshake.time_ns += records_s * 60 * i;
    assert_true(summary_add(summary, &record));
}

static struct summary *drifting_summary(void)
{
    struct summary *summary = summary_new(REPORT_BY_HOST, key);

    assert_non_null(summary);
    for (int i = 0; i < DRIFTING_EACH; i++) {
        for (size_t host = 0; host < DRIFTING; host++) {
            add_drifting(summary, host, i);
        }
    }
    assert_true(summary_finish(summary, REPORT_SORT_HANDSHAKES));
    return summary;
}

static void drift_is_as_written_down(void **state)
{
    (void)state;
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL}};
    struct summary *summary = drifting_summary();
    struct paper paper;

    open_paper(&paper);
    text_summary(paper.stream, summary, &options);
    close_paper(&paper, "report-drift.txt");
    open_paper(&paper);
    json_summary(paper.stream, summary, &options);
    close_paper(&paper, "report-drift.json");
    open_paper(&paper);
    markdown_summary(paper.stream, summary, &options);
    close_paper(&paper, "report-drift.md");
    summary_free(summary);
}

static void add_handshakes(struct summary *summary, const char *host, bool is_full, int count)
{
    const struct records_spec spec = {host,
                                      "192.0.2.7",
                                      0x0303,
                                      is_full ? VERDICT_FULL : VERDICT_RESUMED_TICKET,
                                      OFFER_TICKET,
                                      is_full ? OUTCOME_REFUSED : OUTCOME_ACCEPTED,
                                      is_full ? 2 : 1,
                                      is_full ? 60 : 30,
                                      30};

    for (int i = 0; i < count; i++) {
        struct record record = records_make(&spec);
        assert_true(summary_add(summary, &record));
    }
}

/* Handshakes of hosts in two periods. */
static const struct {
    const char *host;
    int resumed[COMPARISON_SIDES];
    int full[COMPARISON_SIDES];
} compared[] = {
    {"www.example.com", {80, 50}, {20, 50}},
    {"steady.example", {25, 26}, {25, 24}},
    {"few.example", {12, 0}, {3, 0}},
    {"=1+1\x1b[2J\xe2\x80\xae", {0, 1}, {0, 49}},
};

static struct summary *period_of(size_t side)
{
    struct summary *summary = summary_new(REPORT_BY_HOST, key);

    assert_non_null(summary);
    for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]); i++) {
        add_handshakes(summary, compared[i].host, true, compared[i].full[side]);
        add_handshakes(summary, compared[i].host, false, compared[i].resumed[side]);
    }
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    return summary;
}

static void check_comparison(const struct comparison *comparison, enum report_format format,
                             const char *host, const char *name)
{
    struct report_options options = {
        .filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, host},
        .periods = {{HANDSHAKE_NULL, records_start_ns, NULL},
                    {records_start_ns, records_start_ns + 86400 * records_s, NULL}},
        .top = host == NULL ? 0 : 2,
    };
    struct paper paper;

    open_paper(&paper);
    comparison_formats_of(format)(paper.stream, comparison, &options);
    close_paper(&paper, name);
}

static void comparison_is_as_written_down(void **state)
{
    (void)state;
    struct summary *a = period_of(COMPARISON_A);
    struct summary *b = period_of(COMPARISON_B);
    struct comparison comparison;

    assert_true(comparison_make(&comparison, a, b));
    check_comparison(&comparison, REPORT_TEXT, NULL, "compare.txt");
    check_comparison(&comparison, REPORT_TEXT, "\x1b[2J*", "compare-top.txt");
    check_comparison(&comparison, REPORT_JSON, "\x1b[2J*", "compare.json");
    check_comparison(&comparison, REPORT_CSV, NULL, "compare.csv");
    check_comparison(&comparison, REPORT_MARKDOWN, "\x1b[2J*", "compare.md");
    comparison_clear(&comparison);
    summary_free(a);
    summary_free(b);
}

static void comparison_of_nothing_is_as_written_down(void **state)
{
    (void)state;
    struct summary *nothing = summary_new(REPORT_BY_HOST, key);
    struct comparison comparison;

    assert_non_null(nothing);
    assert_true(summary_finish(nothing, REPORT_SORT_NAME));
    assert_true(comparison_make(&comparison, nothing, nothing));
    check_comparison(&comparison, REPORT_TEXT, NULL, "compare-empty.txt");
    check_comparison(&comparison, REPORT_JSON, NULL, "compare-empty.json");
    comparison_clear(&comparison);
    summary_free(nothing);
}

static void check_handshakes(const struct formats_handshakes *writer, unsigned columns,
                             bool use_color, const char *name)
{
    struct formats_state state = {
        .use_color = use_color, .columns = columns, .now_ns = records_start_ns};
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
    check_handshakes(&text_handshakes, 80, false, "handshakes.txt");
    check_handshakes(&text_handshakes, 100, false, "handshakes-100.txt");
    check_handshakes(&text_handshakes, 140, false, "handshakes-140.txt");
    check_handshakes(&text_handshakes, 0, true, "handshakes-color.txt");
    check_handshakes(&json_handshakes, 0, false, "handshakes.json");
    check_handshakes(&csv_handshakes, 0, false, "handshakes.csv");
    check_handshakes(&markdown_handshakes, 0, false, "handshakes.md");
    check_handshakes(&zeek_tsv_handshakes, 0, false, "handshakes.zeek.log");
    check_handshakes(&zeek_json_handshakes, 0, false, "handshakes.zeek.json");
    check_handshakes(&eve_handshakes, 0, false, "handshakes.eve.json");
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
        cmocka_unit_test(text_report_is_as_written_down_at_each_width),
        cmocka_unit_test(text_report_by_day_is_as_written_down),
        cmocka_unit_test(json_report_is_as_written_down),
        cmocka_unit_test(csv_report_is_as_written_down),
        cmocka_unit_test(markdown_report_is_as_written_down),
        cmocka_unit_test(prometheus_report_is_as_written_down),
        cmocka_unit_test(html_report_is_as_written_down),
        cmocka_unit_test(report_cut_to_the_top_with_color_is_as_written_down),
        cmocka_unit_test(report_of_nothing_is_as_written_down),
        cmocka_unit_test(drift_is_as_written_down),
        cmocka_unit_test(comparison_is_as_written_down),
        cmocka_unit_test(comparison_of_nothing_is_as_written_down),
        cmocka_unit_test(handshakes_are_as_written_down),
        cmocka_unit_test(watch_lines_are_as_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
