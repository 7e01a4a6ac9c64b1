#include "report/text_drift.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/formats.h"
#include "report/text_page.h"

enum {
    SINCE_COLUMNS = 22,
    RATE_COLUMNS = 9,
    COUNT_COLUMNS = 10,
    FIGURE_COLUMNS = SINCE_COLUMNS + 2 * RATE_COLUMNS + 2 * COUNT_COLUMNS,
    NAME_COLUMNS_MIN = 14,
};

size_t text_drift_shown(const struct summary *summary, const struct report_options *options)
{
    size_t groups = formats_shown(summary, options);
    size_t count = 0;

    while (count < summary_changes(summary) && summary_change(summary, count)->place < groups) {
        count++;
    }
    return count;
}

void text_drift_method(const struct report_options *options, struct text_sentence *out)
{
    text_page_add(out,
                  "A %s of a constant rate gets a line here with a probability of at most 1 %%.",
                  report_by_name(options->by));
}

static size_t name_columns(const struct summary *summary, size_t changes, size_t most)
{
    size_t columns = NAME_COLUMNS_MIN;
    size_t len;

    for (size_t i = 0; i < changes; i++) {
        const char *name = summary_name(summary, summary_change(summary, i)->place, &len);
        size_t wanted = escape_columns(name, len);
        columns = wanted > columns ? wanted : columns;
    }
    return columns < most ? columns : most;
}

static void print_heading(FILE *out, const struct report_options *options, size_t columns)
{
    fputc('\n', out);
    text_page_bold(out, options->use_color);
    fprintf(out, "%-*s%*s%*s%*s%*s%*s\n", (int)columns, "DRIFT", SINCE_COLUMNS, "new rate",
            RATE_COLUMNS, "rate", RATE_COLUMNS, "rate", COUNT_COLUMNS, "evaluated", COUNT_COLUMNS,
            "evaluated");
    fprintf(out, "%-*s%*s%*s%*s%*s%*s", (int)columns, report_by_name(options->by), SINCE_COLUMNS,
            "since about", RATE_COLUMNS, "before", RATE_COLUMNS, "since", COUNT_COLUMNS, "before",
            COUNT_COLUMNS, "since");
    text_page_plain(out, options->use_color);
    fputc('\n', out);
}

static void print_change(FILE *out, const struct drift_change *change)
{
    char since[FORMAT_BYTES];
    char before[FORMAT_BYTES];
    char after[FORMAT_BYTES];
    char count_before[FORMAT_BYTES];
    char count_after[FORMAT_BYTES];

    fprintf(out, "%*s%*s%*s%*s%*s\n", SINCE_COLUMNS, format_second(change->time_ns, since),
            RATE_COLUMNS, format_rate(proportion_rate(&change->before), before), RATE_COLUMNS,
            format_rate(proportion_rate(&change->after), after), COUNT_COLUMNS,
            format_count(change->before.of, count_before), COUNT_COLUMNS,
            format_count(change->after.of, count_after));
}

void text_drift(FILE *out, const struct summary *summary, const struct report_options *options)
{
    size_t changes = text_drift_shown(summary, options);
    size_t columns =
        name_columns(summary, changes, formats_columns(options->columns) - FIGURE_COLUMNS);
    struct text_sentence method = {0};
    size_t len;

    if (changes == 0) {
        return;
    }
    print_heading(out, options, columns);
    for (size_t i = 0; i < changes; i++) {
        const struct summary_change *at = summary_change(summary, i);
        const char *name = summary_name(summary, at->place, &len);
        text_page_name(out, len > 0 ? name : "(not known)", len > 0 ? len : 11, columns);
        print_change(out, &at->change);
    }
    text_drift_method(options, &method);
    text_page_paragraph(out, &method);
}
