#include "app/commands.h"

#include "app/option_values.h"
#include "app/reporting.h"

static const struct option_row options[] = {
    {'d', "db", "DB", "the database to read", set_database},
    {0, "since", "TIME", "from this time on: RFC 3339, @epoch, -24h, today, ...", set_since},
    {0, "until", "TIME", "before this time", set_until},
    {0, "host", "GLOB", "only hosts like this: *.example.com", set_host},
    {0, "format", "FORMAT", "text, json, csv, markdown, zeek-tsv, zeek-json, eve",
     set_handshakes_format},
    {'o', "output", "FILE", "write to FILE, in place when it is whole", set_output},
    {0, "color", "WHEN", "auto, always or never", set_color},
    {'n', "numeric", NULL, "accepted: nothing is ever resolved", set_numeric},
    {.name = NULL},
};

static enum status run(const struct settings *settings, struct error *error)
{
    return reporting_run(settings, report_handshakes, error);
}

const struct command cmd_handshakes = {
    .name = "handshakes",
    .operands = "",
    .summary = "the records, one line each",
    .options = options,
    .check = reporting_check,
    .run = run,
};
