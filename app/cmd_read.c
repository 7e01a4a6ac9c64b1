#include "app/commands.h"

#include "app/option_values.h"
#include "app/pipeline.h"
#include "app/reporting.h"

#include "store/store.h"

static const struct option_row options[] = {
    {'d', "db", "DB", "keep the records in DB (else: in memory)", set_database},
    {'f', "filter", "EXPR", "only packets like this: pcap-filter(7)", set_filter},
    {'j', "jobs", "COUNT", "dissect on so many threads", set_jobs},
    {0, "memory", "MIB", "memory for conversations under way (default 256)", set_memory},
    {'c', "count", "COUNT", "stop after so many handshakes", set_count},
    {'a', "autostop", "duration:S", "stop after S seconds", set_autostop},
    {0, "follow", NULL, "at the end of the last file, wait for it to grow", set_follow},
    {'q', "quiet", NULL, "no progress, no closing counters", set_quiet},
    {'v', "verbose", NULL, "also count what became of the packets", set_verbose},
    {0, "host", "GLOB", "report only hosts like this: *.example.com", set_host},
    {0, "by", "KEY", "report per host, client, version, app, hour or day", set_by},
    {0, "sort", "KEY", "report by handshakes, name, rate, refused or saved", set_sort},
    {0, "top", "COUNT", "report only the first rows", set_top},
    {0, "format", "FORMAT", "text, json, csv, markdown, html or prometheus", set_report_format},
    {'o', "output", "FILE", "report to FILE, in place when it is whole", set_output},
    {0, "color", "WHEN", "auto, always or never", set_color},
    {'n', "numeric", NULL, "accepted: nothing is ever resolved", set_numeric},
    {.name = NULL},
};

static bool check(struct settings *settings, struct error *error)
{
    if (settings->operand_count == 0) {
        return error_set(error, "FILE is missing: captures, directories, or - for standard input");
    }
    return true;
}

static enum status open_capture(const struct settings *settings, struct capture **out,
                                struct error *error)
{
    struct capture_options capture;

    capture_options_init(&capture);
    capture.sources = settings->operands;
    capture.source_count = settings->operand_count;
    capture.filter = settings->filter;
    capture.is_followed = settings->is_followed;
    switch (capture_open_files(&capture, out, error)) {
    case CAPTURE_OPENED:
        return STATUS_DONE;
    case CAPTURE_BAD_FILTER:
        return STATUS_USAGE;
    case CAPTURE_NOT_OPENED:
        break;
    }
    return STATUS_FAILED;
}

/* The report covers what was read now, also where the database holds more: the capture's period,
 * or no time at all where nothing was read. */
static void limit_to_run(struct report_options *report, const struct tally *tally)
{
    if (tally->first_frame_ns == HANDSHAKE_NULL) {
        report->filter.since_ns = 0;
        report->filter.until_ns = 0;
        return;
    }
    report->filter.since_ns = tally->first_frame_ns;
    report->filter.until_ns = tally->last_frame_ns + 1;
}

static enum status print_report(const struct settings *settings, struct archive *archive,
                                const struct tally *tally, struct error *error)
{
    struct report_options report = settings->report;

    if (report.by == REPORT_BY_APP && !archive_label_hosts(archive, error)) {
        return STATUS_DATABASE;
    }
    struct query *query = store_query(archive->store, error);
    if (query == NULL) {
        return STATUS_DATABASE;
    }
    if (settings->database != NULL) {
        limit_to_run(&report, tally);
    }
    const enum status status = reporting_write(query, settings, &report, report_summary, error);
    query_close(query);
    return status;
}

/* Whatever is wrong with single files, the report of the others is due. */
static enum status read_into(const struct settings *settings, struct capture *capture,
                             struct archive *archive, struct error *error)
{
    struct tally tally;
    char source[sizeof(((struct run_record *)0)->source)];

    (void)snprintf(source, sizeof(source), "read %s%s", settings->operands[0],
                   settings->operand_count > 1 ? " ..." : "");
    const struct pipeline_options pipeline = {
        .capture = capture,
        .archive = archive,
        .settings = settings,
        .source = source,
    };
    const enum status status = pipeline_run(&pipeline, &tally, error);
    if (!settings->is_quiet) {
        tally_print(stderr, &tally, settings->is_verbose);
    }
    if (error->text[0] != '\0') {
        return status;
    }
    const enum status reported = print_report(settings, archive, &tally, error);
    return reported != STATUS_DONE ? reported : status;
}

static enum status read_files(const struct settings *settings, struct capture *capture,
                              struct error *error)
{
    struct archive archive;
    struct error closing;

    if (!capture_has_source(capture)) {
        return pipeline_explain(capture);
    }
    if (!archive_open(&archive, settings->database, error)) {
        return STATUS_DATABASE;
    }
    const enum status status = read_into(settings, capture, &archive, error);
    if (!archive_close(&archive, &closing) && error->text[0] == '\0') {
        *error = closing;
        return STATUS_DATABASE;
    }
    return status;
}

static enum status run(const struct settings *settings, struct error *error)
{
    struct capture *capture;

    enum status status = open_capture(settings, &capture, error);
    if (status == STATUS_DONE) {
        status = read_files(settings, capture, error);
        capture_close(capture);
    }
    return status;
}

const struct command cmd_read = {
    .name = "read",
    .operands = "FILE...",
    .summary = "analyse capture files, directories of them, or - (standard input)",
    .details = "Files are read in order of their names, numbers by value. The report that follows\n"
               "covers what was read, also when DB holds more.",
    .options = options,
    .check = check,
    .run = run,
};
