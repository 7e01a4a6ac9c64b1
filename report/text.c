#include "report/escape.h"
#include "report/formats.h"
#include "report/text_coverage.h"
#include "report/text_page.h"
#include "report/text_refusals.h"
#include "report/text_table.h"

#include <inttypes.h>
#include <math.h>
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

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* What the figure rests on; a mean that may as well be 0 must not look like a result. */
static void add_basis(struct text_sentence *sentence, const struct figures_saved *saved)
{
    bool may_be_nothing = saved->has_interval && saved->low_ns <= 0 && saved->high_ns >= 0;

    if (saved->headline == HEADLINE_MODELLED) {
        text_page_add(sentence, " (modelled).");
    } else if (may_be_nothing) {
        text_page_add(sentence, " (measured, but may be chance).");
    } else {
        text_page_add(sentence, " (measured).");
    }
}

static void add_headline(struct text_sentence *sentence, const struct figures_saved *saved)
{
    double size = fabs(saved->headline_ns);
    char all[FORMAT_BYTES];
    char each[FORMAT_BYTES];

    text_page_add(sentence,
                  "Resumption %s %s of waiting: %s on average in %" PRIu64 " resumed handshake%s",
                  saved->headline_ns < 0 ? "cost" : "saved", format_duration(size, all),
                  format_duration(size / (double)saved->headline_samples, each),
                  saved->headline_samples, plural(saved->headline_samples));
    add_basis(sentence, saved);
}

/* The sentence to read if one reads only one. */
static void print_headline(const struct page *page)
{
    struct text_sentence sentence = {0};

    if (page->total->resumed == 0) {
        text_page_add(&sentence, "No handshake was resumed.");
    } else if (page->total->saved.headline == HEADLINE_NONE) {
        text_page_add(&sentence,
                      "Handshakes were resumed, but what latency that saved is not known.");
    } else {
        add_headline(&sentence, &page->total->saved);
    }
    text_page_bold(page->out, page->options->use_color);
    text_page_paragraph(page->out, &sentence);
    text_page_plain(page->out, page->options->use_color);
}

static void print_verdicts(const struct page *page)
{
    const struct figures *total = page->total;
    struct text_sentence counts = {0};
    struct text_sentence rate = {0};
    char text[FORMAT_BYTES];

    text_page_add(&counts,
                  "%" PRIu64 ": %" PRIu64 " full, %" PRIu64 " resumed, %" PRIu64 " failed, %" PRIu64
                  " unknown",
                  total->handshakes, total->verdicts[VERDICT_FULL], total->resumed,
                  total->verdicts[VERDICT_FAILED], total->verdicts[VERDICT_UNKNOWN]);
    text_page_row(page->out, "handshakes", &counts);
    if (total->evaluated > 0) {
        text_page_add(&rate, "%s of the %" PRIu64 " that were full or resumed",
                      format_rate(total->rate, text), total->evaluated);
    } else {
        text_page_add(&rate, "no rate: none was full or resumed");
    }
    text_page_row(page->out, "resumed", &rate);
}

static void print_offers(const struct page *page)
{
    const uint64_t *outcomes = page->total->outcomes;
    const uint64_t *early_data = page->total->early_data;
    uint64_t offers = page->total->handshakes - outcomes[OUTCOME_NONE] - outcomes[OUTCOME_UNKNOWN];
    struct text_sentence sentence = {0};
    struct text_sentence early = {0};

    text_page_add(&sentence,
                  "%" PRIu64 ": %" PRIu64 " accepted, %" PRIu64 " refused, %" PRIu64
                  " not applicable to the version, %" PRIu64 " failed",
                  offers, outcomes[OUTCOME_ACCEPTED], outcomes[OUTCOME_REFUSED],
                  outcomes[OUTCOME_NOT_APPLICABLE], outcomes[OUTCOME_FAILED]);
    if (offers > 0) {
        text_page_row(page->out, "offers", &sentence);
    }
    if (early_data[EARLY_DATA_ACCEPTED] > 0 || early_data[EARLY_DATA_REFUSED] > 0) {
        text_page_add(&early, "accepted in %" PRIu64 ", refused in %" PRIu64,
                      early_data[EARLY_DATA_ACCEPTED], early_data[EARLY_DATA_REFUSED]);
        text_page_row(page->out, "early data", &early);
    }
}

/* Both ways of counting, and what they rest on. */
static void print_saved(const struct page *page)
{
    const struct figures_saved *saved = &page->total->saved;
    struct text_sentence measured = {0};
    struct text_sentence modelled = {0};
    char all[FORMAT_BYTES];
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    text_page_add(&measured, "%s over %" PRIu64 " of %" PRIu64 " resumed handshakes",
                  format_duration(saved->measured.sum, all), saved->measured.samples,
                  page->total->resumed);
    if (saved->has_interval) {
        text_page_add(&measured, "; mean %s to %s (95 %% confidence)",
                      format_duration(saved->low_ns, low), format_duration(saved->high_ns, high));
    }
    text_page_row(page->out, "measured", &measured);
    text_page_add(&modelled, "%s over %" PRIu64 " of %" PRIu64 " resumed handshakes",
                  format_duration(saved->modelled.sum, all), saved->modelled.samples,
                  page->total->resumed);
    text_page_row(page->out, "modelled", &modelled);
}

/* TLS 1.3 has its one round trip either way (RFC 8446, 2.2): this must not be left unsaid. */
static void print_round_trips(const struct page *page)
{
    const struct figures_saved *saved = &page->total->saved;
    struct text_sentence sentence = {0};

    if (saved->rtts.samples == 0) {
        return;
    }
    text_page_add(&sentence, "%.0f saved in %" PRIu64 " resumed handshake%s", saved->rtts.sum,
                  saved->rtts.samples, plural(saved->rtts.samples));
    if (saved->without_round_trip > 0) {
        text_page_add(&sentence,
                      "; %" PRIu64 " by TLS 1.3 without early data saved none, only bytes and "
                      "computing",
                      saved->without_round_trip);
    }
    text_page_row(page->out, "round trips", &sentence);
}

static void print_figures(const struct page *page)
{
    print_headline(page);
    fputc('\n', page->out);
    print_verdicts(page);
    print_offers(page);
    if (page->total->resumed > 0) {
        print_saved(page);
        print_round_trips(page);
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
    text_refusals(out, &summary_coverage(summary)->refusals, options->use_color);
    text_coverage(out, summary_coverage(summary), &total, options->use_color);
    if (total.handshakes > 0) {
        text_coverage_method(out);
    }
}
