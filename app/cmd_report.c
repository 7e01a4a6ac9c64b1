#include "app/commands.h"

#include "app/option_values.h"
#include "app/reporting.h"

static const struct option_row options[] = {
    {'d', "db", "DB", "the database to read", set_database},
    {0, "since", "TIME", "from this time on: RFC 3339, @epoch, -24h, today, ...", set_since},
    {0, "until", "TIME", "before this time", set_until},
    {0, "host", "GLOB", "only hosts like this: *.example.com", set_host},
    {0, "by", "KEY", "one row per host, client, version, app, hour or day", set_by},
    {0, "sort", "KEY", "by handshakes, name, rate, refused or saved", set_sort},
    {0, "top", "COUNT", "only the first rows", set_top},
    {0, "format", "FORMAT", "text, json, csv, markdown or prometheus", set_report_format},
    {'o', "output", "FILE", "write to FILE, in place when it is whole", set_output},
    {0, "color", "WHEN", "auto, always or never", set_color},
    {'n', "numeric", NULL, "accepted: nothing is ever resolved", set_numeric},
    {.name = NULL},
};

static enum status run(const struct settings *settings, struct error *error)
{
    return reporting_run(settings, report_summary, error);
}

const struct command cmd_report = {
    .name = "report",
    .operands = "",
    .summary = "verdicts, rates, refusals and latency saved, per host",
    .details = "A database can be read while reprise watch writes it.",
    .options = options,
    .check = reporting_check,
    .run = run,
};
