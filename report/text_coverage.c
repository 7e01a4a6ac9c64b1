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

static void print_share(FILE *out, const char *label, uint64_t count, uint64_t of,
                        const char *remark)
{
    char number[FORMAT_BYTES];
    char share[FORMAT_BYTES];

    fprintf(out, "%-*s%*s", TEXT_PAGE_LABEL_COLUMNS, label, COUNT_COLUMNS,
            format_count(count, number));
    if (count > 0) {
        fprintf(out, "  (%s of all handshakes; %s)", format_rate((double)count / (double)of, share),
                remark);
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

/* The full and resumed ones among them are in the rates. */
static void print_likely(FILE *out, const struct coverage *coverage, const struct figures *total)
{
    print_share(out, "likely", coverage_likely(coverage), total->handshakes, "not certain");
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (coverage->likely[verdict] > 0) {
            print_row(out, coverage->likely[verdict], verdict_name((enum verdict)verdict));
        }
    }
    if (coverage->outer_hellos > 0) {
        print_share(out, "outer hellos", coverage->outer_hellos, total->handshakes,
                    "encrypted ClientHello");
    }
}

static void print_runs(FILE *out, const struct coverage *coverage)
{
    struct text_sentence sentence;

    for (size_t row = 0; row < sentences_runs_rows(); row++) {
        const char *label = sentences_runs(row, coverage, &sentence);
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
        print_share(out, "unknown", total->verdicts[VERDICT_UNKNOWN], total->handshakes,
                    "in no rate");
        print_causes(out, coverage, VERDICT_UNKNOWN);
        print_share(out, "failed", total->verdicts[VERDICT_FAILED], total->handshakes,
                    "in no rate");
        print_causes(out, coverage, VERDICT_FAILED);
        print_likely(out, coverage, total);
    }
    if (coverage->runs.count > 0) {
        print_runs(out, coverage);
    }
}

void text_coverage_method(FILE *out)
{
    struct text_sentence sentence = {0};

    sentences_method(&sentence);
    fputc('\n', out);
    text_page_paragraph(out, &sentence);
}
