#include "report/escape.h"
#include "report/formats.h"
#include "report/report_ledger.h"
#include "report/sentences.h"
#include "report/text_advice.h"
#include "report/text_conduct.h"
#include "report/text_coverage.h"
#include "report/text_drift.h"
#include "report/text_page.h"
#include "report/text_refusals.h"
#include "report/text_table.h"

#include <string.h>

/* What all parts of the page need. */
struct page {
    FILE *out;
    const struct summary *summary;
    const struct report_options *options;
    const struct figures *total;
};

static void print_period(const struct page *page)
{
    const struct query_filter *filter = &page->options->filter;
    struct text_sentence period = {0};

    sentences_period(filter, summary_coverage(page->summary), &period);
    fprintf(page->out, "Reprise report%s%s", period.text[0] == '\0' ? "" : ", ", period.text);
    if (filter->host_glob != NULL) {
        fputs("\nHosts like ", page->out);
        (void)escape_terminal_cut(page->out, filter->host_glob, strlen(filter->host_glob),
                                  TEXT_PAGE_COLUMNS - TEXT_PAGE_LABEL_COLUMNS);
    }
    fputs("\n\n", page->out);
}

static void print_headline(const struct page *page)
{
    struct text_sentence sentence = {0};

    sentences_headline(page->total, &sentence);
    text_page_bold(page->out, page->options->use_color);
    text_page_paragraph(page->out, &sentence);
    text_page_plain(page->out, page->options->use_color);
}

static void print_figures(const struct page *page)
{
    struct text_sentence sentence;

    print_headline(page);
    fputc('\n', page->out);
    for (size_t row = 0; row < sentences_total_rows(); row++) {
        const char *label = sentences_total(row, page->total, &sentence);
        if (sentence.text[0] != '\0') {
            text_page_row(page->out, label, &sentence);
        }
    }
    text_advice(page->out, page->summary, page->options);
    text_tables(page->out, page->summary, page->options, page->total);
    text_drift(page->out, page->summary, page->options);
}

void text_summary(FILE *out, const struct summary *summary, const struct report_options *options)
{
    struct figures total;
    struct page page = {out, summary, options, &total};

    summary_total(summary, &total);
    print_period(&page);
    if (total.handshakes == 0) {
        fputs("No handshakes in this period.\n", out);
    } else {
        print_figures(&page);
    }
    text_refusals(out, &summary_coverage(summary)->refusals, options->use_color);
    if (options->ledger != NULL && options->ledger->conduct != NULL) {
        text_conduct_refusals(out, options->ledger->conduct, options);
        text_conduct_faults(out, options->ledger->conduct, options);
    }
    text_coverage(out, summary_coverage(summary), &total, options->use_color);
    if (total.handshakes > 0) {
        text_coverage_method(out);
    }
}
