#include "report/text_conduct.h"

#include "report/format.h"
#include "report/formats.h"
#include "report/sentences.h"
#include "report/text_page.h"

#include <inttypes.h>
#include <string.h>

enum {
    WIDE_COLUMNS = 140, /* from here on times are to the second */
    COUNT_COLUMNS = 8,
    GAP_COLUMNS = 2,
    TIME_COLUMNS = 22,
    DAY_COLUMNS = 12,
    FAULT_COLUMNS = 26,
    FINDING_COLUMNS = 15,
    HOST_COLUMNS_MAX = 60,
};

/* The columns of one cause, where there is a refusal by it. */
static const struct {
    const char *upper;
    const char *lower;
} causes[REFUSAL_CAUSE_COUNT] = {
    [REFUSAL_CAUSE_EXPIRED] = {"", "expired"},
    [REFUSAL_CAUSE_KEY_CHANGED] = {"key", "changed"},
    [REFUSAL_CAUSE_OTHER_SERVER] = {"other", "server"},
    [REFUSAL_CAUSE_NAME_CHANGED] = {"name", "changed"},
    [REFUSAL_CAUSE_EMS_CHANGED] = {"EMS", "changed"},
    [REFUSAL_CAUSE_NEVER_SEEN] = {"never", "seen"},
    [REFUSAL_CAUSE_UNEXPLAINED] = {"unex-", "plained"},
};

/* How a page of this width is laid out, and of what. */
struct layout {
    FILE *out;
    const struct conduct *conduct;
    bool use_color;
    bool is_wide;
    size_t shown; /* hosts */
    size_t host;  /* columns of its name */
    bool has_cause[REFUSAL_CAUSE_COUNT];
};

static size_t host_columns(unsigned columns, size_t others)
{
    const size_t left = formats_columns(columns) - others;

    return left < HOST_COLUMNS_MAX ? left : HOST_COLUMNS_MAX;
}

/* A name with a gap after it: what comes next stands on the left. */
static void print_name(const struct layout *layout, const struct conduct_host *host)
{
    text_page_name(layout->out, host->name, host->name_len, layout->host - GAP_COLUMNS);
    fprintf(layout->out, "%*s", GAP_COLUMNS, "");
}

static size_t shown_of(size_t hosts, unsigned top)
{
    const size_t most = top > 0 ? top : TEXT_CONDUCT_HOSTS;

    return hosts < most ? hosts : most;
}

static void print_count(FILE *out, uint64_t count)
{
    char text[FORMAT_BYTES];
    fprintf(out, "%*s", COUNT_COLUMNS, format_count(count, text));
}

static void print_time(const struct layout *layout, int64_t time_ns)
{
    char text[FORMAT_BYTES];

    if (layout->is_wide) {
        fprintf(layout->out, "%*s", TIME_COLUMNS, format_second(time_ns, text));
    } else {
        fprintf(layout->out, "%*s", DAY_COLUMNS, format_day(time_ns, text));
    }
}

static void print_times(const struct layout *layout, const struct occurrences *seen)
{
    print_time(layout, seen->first_ns);
    print_time(layout, seen->last_ns);
    fputc('\n', layout->out);
}

static void print_time_heads(const struct layout *layout)
{
    const int columns = layout->is_wide ? TIME_COLUMNS : DAY_COLUMNS;

    fprintf(layout->out, "%*s%*s", columns, "first", columns, "last");
}

static void add_examples(struct text_sentence *sentence, const struct occurrences *seen)
{
    for (size_t i = 0; i < occurrences_examples(seen); i++) {
        text_page_add(sentence, "%s%" PRId64, i > 0 ? ", " : "; such as ", seen->examples[i]);
    }
}

static void print_not_shown(FILE *out, size_t hosts, size_t shown)
{
    if (shown < hosts) {
        fprintf(out, "%zu more host%s: --format json has all.\n", hosts - shown,
                hosts - shown == 1 ? "" : "s");
    }
}

/* ---- Hosts by causes of refusal ---- */

/* From the first to the last of all causes. */
static struct occurrences span_of(const struct conduct_host *host)
{
    struct occurrences all;

    occurrences_init(&all);
    for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
        const struct occurrences *one = &host->refusals[cause];
        if (one->count > 0) {
            occurrences_add(&all, 0, one->first_ns);
            occurrences_add(&all, 0, one->last_ns);
        }
    }
    return all;
}

static size_t lay_out_causes(struct layout *layout)
{
    struct conduct_host host;
    size_t count = 0;

    for (size_t i = 0; i < layout->shown; i++) {
        conduct_host(layout->conduct, i, &host);
        for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
            count += host.refusals[cause].count > 0 && !layout->has_cause[cause];
            layout->has_cause[cause] |= host.refusals[cause].count > 0;
        }
    }
    return count;
}

static void print_cause_heads(const struct layout *layout)
{
    FILE *out = layout->out;

    fprintf(out, "%-*s%*s", (int)layout->host, "", COUNT_COLUMNS, "");
    for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
        if (layout->has_cause[cause]) {
            fprintf(out, "%*s", COUNT_COLUMNS, causes[cause].upper);
        }
    }
    fprintf(out, "\n%-*s%*s", (int)layout->host, "host", COUNT_COLUMNS, "refused");
    for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
        if (layout->has_cause[cause]) {
            fprintf(out, "%*s", COUNT_COLUMNS, causes[cause].lower);
        }
    }
    if (layout->is_wide) {
        print_time_heads(layout);
    }
}

static void print_refusing(const struct layout *layout, const struct conduct_host *host)
{
    const struct occurrences span = span_of(host);

    text_page_name(layout->out, host->name, host->name_len, layout->host);
    print_count(layout->out, host->refused);
    for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
        if (layout->has_cause[cause]) {
            print_count(layout->out, host->refusals[cause].count);
        }
    }
    if (layout->is_wide) {
        print_times(layout, &span);
    } else {
        fputc('\n', layout->out);
    }
}

void text_conduct_refusals(FILE *out, const struct conduct *conduct,
                           const struct report_options *options)
{
    struct conduct_totals totals;
    struct conduct_host host;

    conduct_totals(conduct, &totals);
    if (totals.refusing < 2) {
        return;
    }
    struct layout layout = {
        .out = out,
        .conduct = conduct,
        .is_wide = options->columns >= WIDE_COLUMNS,
        .shown = shown_of(totals.refusing, options->top),
    };
    const size_t counts = 1 + lay_out_causes(&layout);
    layout.host = host_columns(options->columns,
                               counts * COUNT_COLUMNS + (layout.is_wide ? 2 * TIME_COLUMNS : 0));
    fputc('\n', out);
    text_page_bold(out, options->use_color);
    print_cause_heads(&layout);
    text_page_plain(out, options->use_color);
    fputc('\n', out);
    for (size_t i = 0; i < layout.shown; i++) {
        conduct_host(conduct, i, &host);
        print_refusing(&layout, &host);
    }
    print_not_shown(out, totals.refusing, layout.shown);
}

/* ---- What servers did that they should not ---- */

static void print_faults(const struct layout *layout, const struct conduct_host *host)
{
    for (int which = 0; which < CONDUCT_FAULTS; which++) {
        const struct occurrences *seen = &host->faults[which];
        struct text_sentence sentence = {"  "};
        if (seen->count == 0) {
            continue;
        }
        print_name(layout, host);
        fprintf(layout->out, "%-*s", FAULT_COLUMNS, conduct_fault_name((enum conduct_fault)which));
        print_count(layout->out, seen->count);
        print_times(layout, seen);
        text_page_add(&sentence, "%s", conduct_fault_words((enum conduct_fault)which));
        add_examples(&sentence, seen);
        fprintf(layout->out, "%s\n", sentence.text);
    }
}

static void print_fault_heads(const struct layout *layout)
{
    text_page_heading(layout->out, "SERVER ANOMALIES", layout->use_color);
    text_page_bold(layout->out, layout->use_color);
    fprintf(layout->out, "%-*s%-*s%*s", (int)layout->host, "host, ids", FAULT_COLUMNS, "anomaly",
            COUNT_COLUMNS, "times");
    print_time_heads(layout);
    text_page_plain(layout->out, layout->use_color);
    fputc('\n', layout->out);
}

void text_conduct_faults(FILE *out, const struct conduct *conduct,
                         const struct report_options *options)
{
    const bool is_wide = options->columns >= WIDE_COLUMNS;
    const size_t times = is_wide ? 2 * TIME_COLUMNS : 2 * DAY_COLUMNS;
    struct conduct_totals totals;
    struct conduct_host host;
    size_t shown = 0;

    conduct_totals(conduct, &totals);
    const struct layout layout = {
        .out = out,
        .conduct = conduct,
        .use_color = options->use_color,
        .is_wide = is_wide,
        .shown = shown_of(totals.faulty, options->top),
        .host = host_columns(options->columns, FAULT_COLUMNS + COUNT_COLUMNS + times),
    };
    if (layout.shown == 0) {
        return;
    }
    print_fault_heads(&layout);
    for (size_t i = 0; i < conduct_hosts(conduct) && shown < layout.shown; i++) {
        conduct_host(conduct, i, &host);
        print_faults(&layout, &host);
        shown += host.faulty > 0;
    }
    print_not_shown(out, totals.faulty, layout.shown);
}

/* ---- What was not handled as was promised, in `reprise tickets` ---- */

static void add_age(struct text_sentence *sentence, const struct conduct_found *found,
                    enum conduct_finding which)
{
    const size_t before = strlen(sentence->text);

    sentences_conduct_age(found, which, sentence);
    if (strlen(sentence->text) == before) {
        text_page_add(sentence, "%s", conduct_finding_words(which));
    }
}

static void print_findings(const struct layout *layout, const struct conduct_host *host)
{
    for (int which = 0; which < CONDUCT_FINDINGS; which++) {
        const struct conduct_found *found = &host->findings[which];
        struct text_sentence sentence = {"  "};
        if (found->seen.count == 0) {
            continue;
        }
        print_name(layout, host);
        fprintf(layout->out, "%-*s", FINDING_COLUMNS,
                conduct_finding_name((enum conduct_finding)which));
        print_count(layout->out, found->seen.count);
        print_count(layout->out, found->clients);
        print_times(layout, &found->seen);
        add_age(&sentence, found, (enum conduct_finding)which);
        add_examples(&sentence, &found->seen);
        fprintf(layout->out, "%s\n", sentence.text);
    }
}

static void print_finding_heads(const struct layout *layout)
{
    text_page_heading(layout->out, "CONDUCT", layout->use_color);
    text_page_bold(layout->out, layout->use_color);
    fprintf(layout->out, "%-*s%-*s%*s%*s", (int)layout->host, "host, ids", FINDING_COLUMNS, "what",
            COUNT_COLUMNS, "offers", COUNT_COLUMNS, "clients");
    print_time_heads(layout);
    text_page_plain(layout->out, layout->use_color);
    fputc('\n', layout->out);
}

void text_conduct(FILE *out, const struct conduct *conduct, struct formats_state *state)
{
    const bool is_wide = state->columns >= WIDE_COLUMNS;
    const size_t times = is_wide ? 2 * TIME_COLUMNS : 2 * DAY_COLUMNS;
    struct text_sentence method = {0};
    struct conduct_host host;

    const struct layout layout = {
        .out = out,
        .conduct = conduct,
        .use_color = state->use_color,
        .is_wide = is_wide,
        .shown = conduct_hosts(conduct),
        .host = host_columns(state->columns, FINDING_COLUMNS + 2 * COUNT_COLUMNS + times),
    };
    if (layout.shown == 0) {
        return;
    }
    print_finding_heads(&layout);
    for (size_t i = 0; i < layout.shown; i++) {
        conduct_host(conduct, i, &host);
        print_findings(&layout, &host);
    }
    sentences_conduct(&method);
    fputc('\n', out);
    text_page_paragraph(out, &method);
}
