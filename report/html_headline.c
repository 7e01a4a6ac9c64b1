#include "report/escape.h"
#include "report/html_parts.h"
#include "report/savings.h"
#include "report/sentences.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A mean that may as well be 0 must not look like a result. */
static bool may_be_nothing(const struct figures_saved *saved)
{
    return saved->has_interval && saved->low_ns <= 0 && saved->high_ns >= 0;
}

static void print_basis(FILE *out, const struct figures_saved *saved)
{
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    if (saved->headline == HEADLINE_MODELLED) {
        fputs(" (modelled from round trips)", out);
    } else if (saved->has_interval) {
        fprintf(out, " (measured; 95 %% confidence: %s to %s%s)",
                format_duration(saved->low_ns, low), format_duration(saved->high_ns, high),
                may_be_nothing(saved) ? ", so it may be chance" : "");
    } else {
        fputs(" (measured)", out);
    }
}

void html_saving(FILE *out, const struct figures *figures)
{
    const struct figures_saved *saved = &figures->saved;
    char all[FORMAT_BYTES];
    char each[FORMAT_BYTES];
    char number[FORMAT_BYTES];

    if (figures->resumed == 0) {
        fputs("No handshake was resumed.", out);
        return;
    }
    if (saved->headline == HEADLINE_NONE) {
        fputs("Handshakes were resumed, but what latency that saved is not known.", out);
        return;
    }
    fprintf(out, "Resumption %s %s: %s on average in %s resumed handshake%s",
            saved->headline_ns < 0 ? "cost" : "saved",
            format_duration(fabs(saved->headline_ns), all),
            format_duration(fabs(saved->headline_ns) / (double)saved->headline_samples, each),
            html_count(saved->headline_samples, number), html_plural(saved->headline_samples));
    print_basis(out, saved);
    fputc('.', out);
}

/* Below the heading, which says the sum. */
static void print_lead(const struct html_page *page)
{
    const struct figures_saved *saved = &page->total->saved;
    char each[FORMAT_BYTES];
    char number[FORMAT_BYTES];

    if (page->total->resumed == 0) {
        return;
    }
    if (saved->headline == HEADLINE_NONE) {
        fputs("What latency that saved is not known.", page->out);
        return;
    }
    fprintf(page->out, "That is %s on average in %s resumed handshake%s",
            format_duration(fabs(saved->headline_ns) / (double)saved->headline_samples, each),
            html_count(saved->headline_samples, number), html_plural(saved->headline_samples));
    print_basis(page->out, saved);
    fputc('.', page->out);
}

static void print_heading(const struct html_page *page)
{
    const struct figures *total = page->total;
    char all[FORMAT_BYTES];

    fputs("<h1>", page->out);
    if (total->handshakes == 0) {
        fputs("No handshakes in this period", page->out);
    } else if (total->resumed == 0) {
        fputs("No handshake was resumed", page->out);
    } else if (total->saved.headline == HEADLINE_NONE) {
        fprintf(page->out, "%s of handshakes were resumed", format_rate(total->rate, all));
    } else {
        fprintf(page->out, "Resumption %s %s of waiting",
                total->saved.headline_ns < 0 ? "cost" : "saved",
                format_duration(fabs(total->saved.headline_ns), all));
    }
    fputs("</h1>\n", page->out);
}

static void print_gain(const struct html_page *page)
{
    const uint64_t refused = page->total->outcomes[OUTCOME_REFUSED];
    struct text_sentence gain = {0};
    char number[FORMAT_BYTES];

    if (refused > 0) {
        fprintf(page->out, " %s offer%s of a session %s refused.", html_count(refused, number),
                html_plural(refused), refused == 1 ? "was" : "were");
    }
    savings_add_headline(page->total, &gain);
    fputs(gain.text, page->out);
}

static void print_period(const struct html_page *page)
{
    const struct query_filter *filter = &page->options->filter;
    struct text_sentence period = {0};

    sentences_period(filter, summary_coverage(page->summary), &period);
    fprintf(page->out, "<p class=\"period\">TLS session resumption%s%s",
            period.text[0] != '\0' ? ", " : "", period.text);
    if (filter->host_glob != NULL) {
        fputs(", hosts like <b>", page->out);
        escape_html(page->out, filter->host_glob, strlen(filter->host_glob));
        fputs("</b>", page->out);
    }
    fputs("</p>\n", page->out);
}

/* One figure, and what it is. */
static void print_tile(FILE *out, const char *label, const char *figure, const char *note)
{
    fprintf(out, "<div><dt>%s</dt><dd><b>%s</b> <span>%s</span></dd></div>\n", label, figure, note);
}

static void print_rate_tile(const struct html_page *page)
{
    const struct figures *total = page->total;
    char rate[FORMAT_BYTES];
    char number[FORMAT_BYTES];
    char note[3 * FORMAT_BYTES];

    (void)snprintf(note, sizeof(note), "of %s that were full or resumed",
                   html_count(total->evaluated, number));
    print_tile(page->out, "Resumed", format_rate(total->rate, rate), note);
}

static void print_offer_tile(const struct html_page *page)
{
    const uint64_t *outcomes = page->total->outcomes;
    const uint64_t decided = outcomes[OUTCOME_ACCEPTED] + outcomes[OUTCOME_REFUSED];
    char number[FORMAT_BYTES];
    char all[FORMAT_BYTES];
    char note[3 * FORMAT_BYTES];

    (void)snprintf(note, sizeof(note), "of %s offers that were accepted or refused",
                   html_count(decided, all));
    print_tile(page->out, "Refused", html_count(outcomes[OUTCOME_REFUSED], number), note);
}

static void print_time_tile(const struct html_page *page)
{
    char full[FORMAT_BYTES];
    char resumed[FORMAT_BYTES];
    char note[3 * FORMAT_BYTES];

    (void)snprintf(note, sizeof(note), "for a resumed handshake, %s for a full one (medians)",
                   html_duration(page->total->full_cost.median_ns, full));
    print_tile(page->out, "Time", html_duration(page->total->resumed_cost.median_ns, resumed),
               note);
}

/* TLS 1.3 has its one round trip either way (RFC 8446, 2.2): this must not be left unsaid. */
static void print_round_trip_tile(const struct html_page *page)
{
    const struct figures_saved *saved = &page->total->saved;
    char number[FORMAT_BYTES];
    char figure[FORMAT_BYTES];
    char note[4 * FORMAT_BYTES];

    if (saved->rtts.sum < 0) {
        (void)snprintf(figure, sizeof(figure), "%.0f", saved->rtts.sum);
    } else {
        (void)html_count((uint64_t)saved->rtts.sum, figure);
    }
    (void)snprintf(note, sizeof(note), "saved; TLS 1.3 without early data saved none in %s",
                   html_count(saved->without_round_trip, number));
    print_tile(page->out, "Round trips", figure, note);
}

static void print_unknown_tile(const struct html_page *page)
{
    const uint64_t unknown = page->total->verdicts[VERDICT_UNKNOWN];
    char rate[FORMAT_BYTES];
    char number[FORMAT_BYTES];
    char note[3 * FORMAT_BYTES];

    (void)snprintf(note, sizeof(note), "of %s handshakes could not be judged",
                   html_count(page->total->handshakes, number));
    print_tile(page->out, "Unknown",
               format_rate((double)unknown / (double)page->total->handshakes, rate), note);
}

void html_headline(const struct html_page *page)
{
    print_heading(page);
    if (page->total->handshakes > 0) {
        fputs("<p class=\"lead\">", page->out);
        print_lead(page);
        print_gain(page);
        fputs("</p>\n", page->out);
    }
    print_period(page);
    if (page->total->handshakes > 0) {
        fputs("<dl class=\"tiles\">\n", page->out);
        print_rate_tile(page);
        print_time_tile(page);
        print_offer_tile(page);
        print_round_trip_tile(page);
        print_unknown_tile(page);
        fputs("</dl>\n", page->out);
    }
}
