#include "report/text_coverage.h"

#include "report/format.h"
#include "report/sentences.h"
#include "report/text_page.h"

enum { COUNT_COLUMNS = 9 };

static void print_row(FILE *out, uint64_t count, const char *what)
{
    char number[FORMAT_BYTES];
    fprintf(out, "%*s  %s\n", TEXT_PAGE_LABEL_COLUMNS + COUNT_COLUMNS, format_count(count, number),
            what);
}

static void print_share(FILE *out, const char *label, uint64_t count, uint64_t of)
{
    char number[FORMAT_BYTES];
    char share[FORMAT_BYTES];

    fprintf(out, "%-*s%*s", TEXT_PAGE_LABEL_COLUMNS, label, COUNT_COLUMNS,
            format_count(count, number));
    if (count > 0) {
        fprintf(out, "  (%s of all handshakes)", format_rate((double)count / (double)of, share));
    }
    fputc('\n', out);
}

static void print_causes(FILE *out, const struct coverage *coverage, enum verdict verdict)
{
    struct sentences_cause cause = {0};

    while (sentences_next_cause(coverage, verdict, &cause)) {
        print_row(out, cause.handshakes, cause.words);
    }
}

static void print_runs(FILE *out, const struct coverage_runs *runs)
{
    struct text_sentence sentence;

    for (size_t row = 0; row < sentences_runs_rows(); row++) {
        const char *label = sentences_runs(row, runs, &sentence);
        if (sentence.text[0] != '\0') {
            text_page_row(out, label, &sentence);
        }
    }
}

void text_coverage(FILE *out, const struct coverage *coverage, const struct figures *total,
                   bool use_color)
{
    if (total->handshakes == 0 && coverage->runs.count == 0) {
        return;
    }
    text_page_heading(out, "COVERAGE", use_color);
    if (total->handshakes > 0) {
        print_share(out, "unknown", total->verdicts[VERDICT_UNKNOWN], total->handshakes);
        print_causes(out, coverage, VERDICT_UNKNOWN);
        print_share(out, "failed", total->verdicts[VERDICT_FAILED], total->handshakes);
        print_causes(out, coverage, VERDICT_FAILED);
    }
    if (coverage->runs.count > 0) {
        print_runs(out, &coverage->runs);
    }
}

void text_coverage_method(FILE *out)
{
    struct text_sentence sentence = {0};

    sentences_method(&sentence);
    fputc('\n', out);
    text_page_paragraph(out, &sentence);
}
