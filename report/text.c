#include "report/escape.h"
#include "report/formats.h"
#include "report/sentences.h"
#include "report/text_coverage.h"
#include "report/text_page.h"
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
    const struct coverage *coverage = summary_coverage(page->summary);
    const struct query_filter *filter = &page->options->filter;
    int64_t from = filter->since_ns != HANDSHAKE_NULL ? filter->since_ns : coverage->first_ns;
    int64_t to = filter->until_ns != HANDSHAKE_NULL ? filter->until_ns : coverage->last_ns;
    char text[FORMAT_BYTES];

    fputs("Reprise report", page->out);
    if (from != HANDSHAKE_NULL) {
        fprintf(page->out, ", from %s", format_second(from, text));
    }
    if (to != HANDSHAKE_NULL) {
        fprintf(page->out, "%s to %s", from != HANDSHAKE_NULL ? "" : ",", format_second(to, text));
    }
    if (filter->host_glob != NULL) {
        fputs("\nHosts like ", page->out);
        (void)escape_terminal_cut(page->out, filter->host_glob, strlen(filter->host_glob), 80);
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
    text_tables(page->out, page->summary, page->options, page->total);
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
    text_coverage(out, summary_coverage(summary), &total, options->use_color);
    if (total.handshakes > 0) {
        text_coverage_method(out);
    }
}
