#include "report/advice.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/markdown_conduct.h"
#include "report/markdown_ledger.h"
#include "report/sentences.h"
#include "report/tables.h"
#include "report/text_drift.h"

#include <inttypes.h>
#include <string.h>

/* Titles are in capitals, ASCII. */
static void print_heading(FILE *out, const char *title)
{
    fprintf(out, "\n## %c", title[0]);
    for (const char *c = title + 1; *c != '\0'; c++) {
        fputc(*c - 'A' + 'a', out);
    }
    fputs("\n\n", out);
}

static void print_row(FILE *out, const char *label, const struct text_sentence *sentence)
{
    if (sentence->text[0] != '\0') {
        fprintf(out, "- **%s:** %s\n", label, sentence->text);
    }
}

static void print_period(FILE *out, const struct query_filter *filter,
                         const struct coverage *coverage)
{
    struct text_sentence period = {0};

    fputs("# Reprise report\n\n", out);
    sentences_period(filter, coverage, &period);
    if (period.text[0] != '\0') {
        fprintf(out, "Handshakes %s.\n\n", period.text);
    }
    if (filter->host_glob != NULL) {
        fputs("Hosts like ", out);
        escape_markdown(out, filter->host_glob, strlen(filter->host_glob));
        fputs("\n\n", out);
    }
}

static void print_total(FILE *out, const struct figures *total)
{
    struct text_sentence sentence = {0};

    sentences_headline(total, &sentence);
    fprintf(out, "**%s**\n\n", sentence.text);
    for (size_t row = 0; row < sentences_total_rows(); row++) {
        const char *label = sentences_total(row, total, &sentence);
        print_row(out, label, &sentence);
    }
}

/* Bars want letters of one width. */
static bool is_picture(const struct table *table, size_t column)
{
    return tables_blocks(&table->columns[column]) != NULL;
}

static void print_table_head(FILE *out, const struct table *table, const char *of)
{
    fprintf(out, "| %s |", of);
    for (size_t column = 0; tables_has_column(table, column); column++) {
        const char *upper = table->columns[column].upper;
        if (!is_picture(table, column)) {
            fprintf(out, " %s%s%s |", upper, upper[0] == '\0' ? "" : " ",
                    table->columns[column].lower);
        }
    }
    fputs("\n|---|", out);
    for (size_t column = 0; tables_has_column(table, column); column++) {
        fputs(is_picture(table, column) ? "" : "--:|", out);
    }
    fputc('\n', out);
}

static void print_cells(FILE *out, const struct table *table, const struct figures *figures)
{
    char text[FORMAT_BYTES];

    for (size_t column = 0; tables_has_column(table, column); column++) {
        if (!is_picture(table, column)) {
            table->columns[column].cell(figures, text);
            fprintf(out, " %s |", text);
        }
    }
    fputc('\n', out);
}

static void print_bare_name(FILE *out, const char *name, size_t len)
{
    if (len == 0) {
        fputs("(not known)", out);
    } else {
        escape_markdown(out, name, len);
    }
}

static void print_name(FILE *out, const char *name, size_t len)
{
    fputs("| ", out);
    print_bare_name(out, name, len);
    fputs(" |", out);
}

static void print_groups(FILE *out, const struct table *table, const struct summary *summary,
                         size_t shown)
{
    struct figures figures;
    size_t len;

    for (size_t place = 0; place < shown; place++) {
        const char *name = summary_name(summary, place, &len);
        summary_figures(summary, place, &figures);
        if (table->has_row(&figures)) {
            print_name(out, name, len);
            print_cells(out, table, &figures);
        }
    }
}

static void print_table(FILE *out, const struct table *table, const struct summary *summary,
                        const struct report_options *options, const struct figures *total)
{
    const char *by = report_by_name(options->by);

    if (!table->has_row(total)) {
        return;
    }
    print_heading(out, table->title);
    print_table_head(out, table, by);
    if (summary_groups(summary) > 1) {
        fprintf(out, "| all %zu %ss |", summary_groups(summary), by);
        print_cells(out, table, total);
    }
    print_groups(out, table, summary, formats_shown(summary, options));
}

static void print_tables(FILE *out, const struct summary *summary,
                         const struct report_options *options, const struct figures *total)
{
    struct text_sentence hidden = {0};

    for (size_t i = 0; i < tables_count(); i++) {
        print_table(out, tables_at(i), summary, options, total);
    }
    sentences_not_shown(summary, options, &hidden);
    if (hidden.text[0] != '\0') {
        fprintf(out, "\n%s\n", hidden.text);
    }
}

static void print_change(FILE *out, const struct drift_change *change)
{
    char since[FORMAT_BYTES];
    char before[FORMAT_BYTES];
    char after[FORMAT_BYTES];

    fprintf(
        out, " %s | %s | %s | %" PRIu64 " | %" PRIu64 " |\n", format_second(change->time_ns, since),
        format_rate(proportion_rate(&change->before), before),
        format_rate(proportion_rate(&change->after), after), change->before.of, change->after.of);
}

static void print_drift(FILE *out, const struct summary *summary,
                        const struct report_options *options)
{
    size_t changes = text_drift_shown(summary, options);
    struct text_sentence method = {0};
    size_t len;

    if (changes == 0) {
        return;
    }
    print_heading(out, "DRIFT");
    fprintf(out,
            "| %s | new rate since about | rate before | rate since | evaluated before | evaluated "
            "since |\n|---|---|--:|--:|--:|--:|\n",
            report_by_name(options->by));
    for (size_t i = 0; i < changes; i++) {
        const struct summary_change *at = summary_change(summary, i);
        const char *name = summary_name(summary, at->place, &len);
        print_name(out, name, len);
        print_change(out, &at->change);
    }
    text_drift_method(options, &method);
    fprintf(out, "\n%s\n", method.text);
}

static void print_advice(FILE *out, const struct summary *summary,
                         const struct report_options *options)
{
    const size_t shown = formats_shown(summary, options);
    struct advice_finding finding;
    struct text_sentence method = {0};
    size_t found = 0;

    for (size_t i = 0; i < advice_count(options->advice); i++) {
        const struct advice_host *host = advice_at(options->advice, i, &finding);
        if (host->place >= shown || found++ >= ADVICE_TEXT_MAX) {
            continue;
        }
        if (found == 1) {
            print_heading(out, "ADVICE");
        }
        fputs("- ", out);
        print_bare_name(out, host->name, host->name_len);
        fprintf(out, " (%s): %s\n", advice_certainty_name(finding.certainty),
                finding.sentence.text);
    }
    if (found > 0) {
        advice_method(options->advice, found > ADVICE_TEXT_MAX ? found - ADVICE_TEXT_MAX : 0,
                      &method);
        fprintf(out, "\n%s\n", method.text);
    }
}

static void print_share(FILE *out, const struct coverage *coverage, const struct figures *total,
                        enum verdict verdict)
{
    uint64_t count = total->verdicts[verdict];
    struct text_sentence sentence = {0};
    struct sentences_cause cause = {0};
    char share[FORMAT_BYTES];

    text_page_add(&sentence, "%" PRIu64, count);
    if (count > 0) {
        text_page_add(&sentence, " (%s of all handshakes)",
                      format_rate((double)count / (double)total->handshakes, share));
    }
    print_row(out, verdict_name(verdict), &sentence);
    while (sentences_next_cause(coverage, verdict, &cause)) {
        fprintf(out, "  - %" PRIu64 ": %s\n", cause.handshakes, cause.words);
    }
}

static void print_likely(FILE *out, const struct coverage *coverage)
{
    struct text_sentence sentence = {0};

    text_page_add(&sentence, "%" PRIu64 ", not certain", coverage_likely(coverage));
    print_row(out, "likely", &sentence);
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (coverage->likely[verdict] > 0) {
            fprintf(out, "  - %" PRIu64 ": %s\n", coverage->likely[verdict],
                    verdict_name((enum verdict)verdict));
        }
    }
    if (coverage->outer_hellos > 0) {
        sentence = (struct text_sentence){0};
        text_page_add(&sentence,
                      "%" PRIu64 " with an encrypted ClientHello: in TLS 1.3 only likely",
                      coverage->outer_hellos);
        print_row(out, "outer hellos", &sentence);
    }
}

static void print_coverage(FILE *out, const struct coverage *coverage, const struct figures *total)
{
    struct text_sentence sentence;

    if (total->handshakes == 0 && coverage->runs.count == 0) {
        return;
    }
    print_heading(out, "COVERAGE");
    if (total->handshakes > 0) {
        print_share(out, coverage, total, VERDICT_UNKNOWN);
        print_share(out, coverage, total, VERDICT_FAILED);
        print_likely(out, coverage);
    }
    for (size_t row = 0; coverage->runs.count > 0 && row < sentences_runs_rows(); row++) {
        const char *label = sentences_runs(row, coverage, &sentence);
        print_row(out, label, &sentence);
    }
}

void markdown_summary(FILE *out, const struct summary *summary,
                      const struct report_options *options)
{
    const struct coverage *coverage = summary_coverage(summary);
    struct text_sentence method = {0};
    struct figures total;

    summary_total(summary, &total);
    print_period(out, &options->filter, coverage);
    if (total.handshakes == 0) {
        fputs("No handshakes in this period.\n", out);
    } else {
        print_total(out, &total);
        print_advice(out, summary, options);
        print_tables(out, summary, options, &total);
        print_drift(out, summary, options);
        markdown_refusals(out, &coverage->refusals);
    }
    if (options->ledger != NULL && options->ledger->conduct != NULL) {
        markdown_conduct_report(out, options->ledger->conduct, options);
    }
    print_coverage(out, coverage, &total);
    if (total.handshakes > 0) {
        print_heading(out, "METHOD");
        sentences_method(&method);
        fprintf(out, "%s\n", method.text);
    }
}

/* Of the columns for machines, those that fit a page. A packet chose what is not of our words. */
static const struct {
    const char *name;
    bool is_number;
    bool is_ours;
} handshake_columns[] = {
    {"time", false, true},    {"client", false, true},  {"host", false, false},
    {"version", false, true}, {"verdict", false, true}, {"certainty", false, true},
    {"offered", false, true}, {"outcome", false, true}, {"early_data", false, true},
    {"rtts_tcp", true, true}, {"rtts_tls", true, true}, {"handshake_us", true, true},
    {"age_s", true, true},    {"reason", false, true},
};

enum { HANDSHAKE_COLUMNS = sizeof(handshake_columns) / sizeof(handshake_columns[0]) };

/* As in CSV, but nothing is "-". */
static void print_value(FILE *out, const struct value *value, bool is_ours)
{
    fputc(' ', out);
    if (value->kind == VALUE_NULL) {
        fputc('-', out);
    } else if (value->kind == VALUE_TEXT && !is_ours) {
        escape_markdown(out, value->text, value->len);
    } else {
        value_print_csv(out, value);
    }
    fputs(" |", out);
}

static void begin_rows(FILE *out, struct formats_state *state)
{
    (void)out;
    state->rows = 0;
}

static void print_handshakes_head(FILE *out)
{
    fputc('|', out);
    for (size_t i = 0; i < HANDSHAKE_COLUMNS; i++) {
        fprintf(out, " %s |", handshake_columns[i].name);
    }
    fputs("\n|", out);
    for (size_t i = 0; i < HANDSHAKE_COLUMNS; i++) {
        fputs(handshake_columns[i].is_number ? "--:|" : "---|", out);
    }
    fputc('\n', out);
}

static void print_handshake(FILE *out, const struct columns_row *row, struct formats_state *state)
{
    struct value value;

    if (state->rows++ == 0) {
        print_handshakes_head(out);
    }
    fputc('|', out);
    for (size_t i = 0; i < HANDSHAKE_COLUMNS; i++) {
        columns_value(columns_find(handshake_columns[i].name), row, &value);
        print_value(out, &value, handshake_columns[i].is_ours);
    }
    fputc('\n', out);
}

static void end_handshakes(FILE *out, struct formats_state *state)
{
    if (state->rows == 0) {
        fputs("No handshakes in this period.\n", out);
    }
}

const struct formats_handshakes markdown_handshakes = {begin_rows, print_handshake, end_handshakes};

/* A row is a host; sessions one by one are for JSON and CSV. */
static void begin_host(FILE *out, const struct wire_text *host, struct formats_state *state)
{
    if (state->rows++ == 0) {
        fputs("| host |", out);
        for (size_t figure = 0; figure < host_sessions_figures(); figure++) {
            fprintf(out, " %s |", host_sessions_figure_name(figure));
        }
        fputs("\n|---|", out);
        for (size_t figure = 0; figure < host_sessions_figures(); figure++) {
            fputs("--:|", out);
        }
        fputc('\n', out);
    }
    print_name(out, host->text, host->len);
}

static void print_session(FILE *out, const struct session_record *session, bool is_first_of_host)
{
    (void)out;
    (void)session;
    (void)is_first_of_host;
}

static void end_host(FILE *out, const struct host_sessions *host, struct formats_state *state)
{
    struct value value;

    (void)state;
    for (size_t figure = 0; figure < host_sessions_figures(); figure++) {
        host_sessions_figure_value(figure, host, &value);
        print_value(out, &value, true);
    }
    fputc('\n', out);
}

static void end_sessions(FILE *out, struct formats_state *state)
{
    if (state->rows == 0) {
        fputs("No sessions in this period.\n", out);
    }
}

const struct formats_sessions markdown_sessions = {
    .begin = begin_rows,
    .begin_host = begin_host,
    .session = print_session,
    .end_host = end_host,
    .conduct = markdown_conduct,
    .keys = markdown_keys,
    .mechanisms = markdown_mechanisms,
    .end = end_sessions,
};
