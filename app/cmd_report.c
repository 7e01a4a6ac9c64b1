#include "app/commands.h"

#include "app/option_values.h"
#include "app/reporting.h"

#include <math.h>
#include <stdlib.h>

static const struct option_row options[] = {
    {'d', "db", "DB", "the database to read", set_database},
    {0, "since", "TIME", "from this time on: RFC 3339, @epoch, -24h, today, ...", set_since},
    {0, "until", "TIME", "before this time", set_until},
    {0, "host", "GLOB", "only hosts like this: *.example.com", set_host},
    {0, "by", "KEY", "one row per host, client, version, app, hour or day", set_by},
    {0, "sort", "KEY", "by handshakes, name, rate, refused or saved", set_sort},
    {0, "top", "COUNT", "only the first rows", set_top},
    {0, "compare", "A B", "two periods: yesterday today, 2026-11-01..2026-11-08 ...", set_period},
    {0, "fail-under", "PERCENT", "status 3 if a host resumes less", set_least_rate},
    {0, "fail-over-refused", "PERCENT", "status 3 if a host refuses more offers", set_most_refused},
    {0, "format", "FORMAT", "text, json, csv, markdown, html or prometheus", set_report_format},
    {'o', "output", "FILE", "write to FILE, in place when it is whole", set_output},
    {0, "color", "WHEN", "auto, always or never", set_color},
    {'n', "numeric", NULL, "accepted: nothing is ever resolved", set_numeric},
    {.name = NULL},
};

static bool has_threshold(const struct settings *settings)
{
    return !isnan(settings->least_rate) || !isnan(settings->most_refused);
}

static int64_t end_of(const struct query_filter *period)
{
    return period->until_ns == HANDSHAKE_NULL ? INT64_MAX : period->until_ns;
}

/* An open beginning is the smallest number there is. */
static bool do_overlap(const struct query_filter *a, const struct query_filter *b)
{
    return a->since_ns < end_of(b) && b->since_ns < end_of(a);
}

static bool check_comparison(const struct settings *settings, struct error *error)
{
    const struct report_options *const report = &settings->report;

    if (report->filter.since_ns != HANDSHAKE_NULL || report->filter.until_ns != HANDSHAKE_NULL) {
        return error_set(error, "--compare has periods of its own: no --since, no --until");
    }
    if (report->by == REPORT_BY_HOUR || report->by == REPORT_BY_DAY) {
        return error_set(error, "--compare does not go with --by hour or day");
    }
    if (report->has_sort || has_threshold(settings)) {
        return error_set(error, "--compare goes with no --sort and no --fail");
    }
    if (!report_can_compare(report->format)) {
        return error_set(error, "--compare has only the formats text, json, csv and markdown");
    }
    if (do_overlap(&report->periods[0], &report->periods[1])) {
        return error_set(error, "the periods of --compare overlap");
    }
    return true;
}

static bool check(struct settings *settings, struct error *error)
{
    if (!reporting_check(settings, error)) {
        return false;
    }
    if (has_threshold(settings) && settings->report.by != REPORT_BY_HOST) {
        return error_set(error, "--fail-under and --fail-over-refused are about hosts: no --by");
    }
    return settings->report.period_count == 0 || check_comparison(settings, error);
}

/* What is to be said of hosts is said when the report is in its place. */
static enum status report_judged(const struct settings *settings, FILE *said, char **text,
                                 struct error *error)
{
    struct report_judgement judgement = {
        .least_rate = settings->least_rate,
        .most_refused = settings->most_refused,
        .said = said,
    };
    struct report_options judged = settings->report;

    judged.judgement = &judgement;
    const enum status status = reporting_run_with(settings, &judged, report_summary, error);
    if (fclose(said) != 0 && status == STATUS_DONE) {
        (void)error_set(error, "no memory to name the hosts");
        return STATUS_FAILED;
    }
    if (status != STATUS_DONE) {
        return status;
    }
    (void)fputs(*text, stderr);
    return judgement.missed > 0 ? STATUS_THRESHOLD : STATUS_DONE;
}

static enum status run_judged(const struct settings *settings, struct error *error)
{
    char *text = NULL;
    size_t len = 0;
    FILE *const said = open_memstream(&text, &len);

    if (said == NULL) {
        (void)error_set(error, "no memory to name the hosts");
        return STATUS_FAILED;
    }
    const enum status status = report_judged(settings, said, &text, error);
    free(text);
    return status;
}

static enum status run(const struct settings *settings, struct error *error)
{
    if (settings->report.period_count > 0) {
        return reporting_run(settings, report_compare, error);
    }
    return has_threshold(settings) ? run_judged(settings, error)
                                   : reporting_run(settings, report_summary, error);
}

const struct command cmd_report = {
    .name = "report",
    .operands = "",
    .summary = "verdicts, rates, refusals and latency saved, per host",
    .details = "A database can be read while reprise watch writes it.\n"
               "A period is TIME..TIME, a date, yesterday, today, or -24h: from then until now.\n"
               "Hosts with fewer than 30 handshakes (or offers) are not judged.",
    .options = options,
    .check = check,
    .run = run,
};
