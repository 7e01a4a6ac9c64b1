#include "report/escape.h"
#include "report/text_coverage.h"
#include "report/text_page.h"
#include "report/text_table.h"
#include "report/writer.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { SENTENCE_BYTES = 512 };

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

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* The sentence to read if one reads only one. */
static void print_headline(const struct page *page)
{
    const struct figures_saved *saved = &page->total->saved;
    char sentence[SENTENCE_BYTES];
    char all[FORMAT_BYTES];
    char each[FORMAT_BYTES];

    if (page->total->resumed == 0) {
        (void)snprintf(sentence, sizeof(sentence), "No handshake was resumed.");
    } else if (saved->headline == HEADLINE_NONE) {
        (void)snprintf(sentence, sizeof(sentence),
                       "Resumption was seen, but not enough to tell what latency it saved.");
    } else {
        bool is_loss = saved->headline_ns < 0;
        double size = fabs(saved->headline_ns);
        (void)snprintf(sentence, sizeof(sentence),
                       "Resumption %s %s of handshake time: %s in each of %" PRIu64
                       " resumed handshake%s, %s.",
                       is_loss ? "cost" : "saved", format_duration(size, all),
                       format_duration(size / (double)saved->headline_samples, each),
                       saved->headline_samples, plural(saved->headline_samples),
                       saved->headline == HEADLINE_MEASURED ? "measured" : "modelled");
    }
    text_page_bold(page->out, page->options->use_color);
    text_page_paragraph(page->out, sentence);
    text_page_plain(page->out, page->options->use_color);
}

static void print_rate(const struct page *page)
{
    const struct figures *total = page->total;
    uint64_t offers =
        total->handshakes - total->outcomes[OUTCOME_NONE] - total->outcomes[OUTCOME_UNKNOWN];
    char sentence[SENTENCE_BYTES];
    char rate[FORMAT_BYTES];
    int len = 0;

    if (total->evaluated > 0) {
        len = snprintf(sentence, sizeof(sentence), "%s of %" PRIu64 " handshake%s resumed; ",
                       format_rate(total->rate, rate), total->evaluated,
                       total->evaluated == 1 ? " was" : "s were");
    }
    (void)snprintf(sentence + len, sizeof(sentence) - (size_t)len,
                   "%" PRIu64 " failed and %" PRIu64
                   " unknown %s not counted in the rate. Of %" PRIu64 " offer%s, %" PRIu64
                   " accepted, %" PRIu64 " refused, %" PRIu64 " not applicable to the version.",
                   total->verdicts[VERDICT_FAILED], total->verdicts[VERDICT_UNKNOWN],
                   total->verdicts[VERDICT_FAILED] + total->verdicts[VERDICT_UNKNOWN] == 1 ? "is"
                                                                                           : "are",
                   offers, plural(offers), total->outcomes[OUTCOME_ACCEPTED],
                   total->outcomes[OUTCOME_REFUSED], total->outcomes[OUTCOME_NOT_APPLICABLE]);
    text_page_paragraph(page->out, sentence);
}

/* Both ways of counting, and what they rest on. */
static void print_savings(const struct page *page)
{
    const struct figures_saved *saved = &page->total->saved;
    char sentence[SENTENCE_BYTES];
    char all[FORMAT_BYTES];
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];
    int len;

    if (saved->measured.samples > 0) {
        len = snprintf(sentence, sizeof(sentence),
                       "Measured: %s over %" PRIu64 " resumed handshake%s",
                       format_duration(saved->measured.sum, all), saved->measured.samples,
                       plural(saved->measured.samples));
        if (saved->has_interval) {
            len +=
                snprintf(sentence + len, sizeof(sentence) - (size_t)len,
                         ", each %s to %s (95 %% confidence)", format_duration(saved->low_ns, low),
                         format_duration(saved->high_ns, high));
        }
        (void)snprintf(sentence + len, sizeof(sentence) - (size_t)len, ".");
        text_page_paragraph(page->out, sentence);
    }
    if (saved->modelled.samples > 0) {
        (void)snprintf(sentence, sizeof(sentence),
                       "Modelled: %s over %" PRIu64
                       " resumed handshake%s; %.0f round trip%s saved, "
                       "%.2f each.",
                       format_duration(saved->modelled.sum, all), saved->modelled.samples,
                       plural(saved->modelled.samples), saved->rtts.sum,
                       plural((uint64_t)fabs(saved->rtts.sum)), mean_value(&saved->rtts));
        text_page_paragraph(page->out, sentence);
    }
}

static void print_notes(const struct page *page)
{
    const struct figures *total = page->total;
    uint64_t early = total->early_data[EARLY_DATA_ACCEPTED];
    char sentence[SENTENCE_BYTES];

    if (total->saved.without_round_trip > 0) {
        (void)snprintf(sentence, sizeof(sentence),
                       "%" PRIu64 " of the resumed handshakes %s TLS 1.3 without accepted early "
                       "data and saved 0 round trips: only bytes and computing.",
                       total->saved.without_round_trip,
                       total->saved.without_round_trip == 1 ? "is" : "are");
        text_page_paragraph(page->out, sentence);
    }
    if (early > 0 || total->early_data[EARLY_DATA_REFUSED] > 0) {
        (void)snprintf(sentence, sizeof(sentence),
                       "Early data: accepted in %" PRIu64 " handshake%s, refused in %" PRIu64 ".",
                       early, plural(early), total->early_data[EARLY_DATA_REFUSED]);
        text_page_paragraph(page->out, sentence);
    }
}

static void print_nothing(const struct page *page)
{
    text_page_paragraph(page->out, "No handshakes in this period.");
}

static void print_figures(const struct page *page)
{
    print_headline(page);
    print_rate(page);
    print_savings(page);
    print_notes(page);
    text_tables(page->out, page->summary, page->options, page->total);
}

void text_summary(FILE *out, const struct summary *summary, const struct report_options *options)
{
    struct figures total;
    struct page page = {out, summary, options, &total};

    summary_total(summary, &total);
    print_period(&page);
    if (total.handshakes == 0) {
        print_nothing(&page);
    } else {
        print_figures(&page);
    }
    text_coverage(out, summary_coverage(summary), &total, options->use_color);
    if (total.handshakes > 0) {
        text_coverage_method(out);
    }
}
