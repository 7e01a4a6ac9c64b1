#include "app/commands.h"

#include "app/clock.h"
#include "app/option_values.h"
#include "app/output.h"
#include "app/pipeline.h"

#include "capture/privileges.h"

static const struct option_row options[] = {
    {'i', "interface", "IFACE", "watch this interface; several times for several, or any",
     set_interface},
    {'d', "db", "DB", "keep the records in DB (else: in memory)", set_database},
    {'f', "filter", "EXPR", "only packets like this: pcap-filter(7)", set_filter},
    {'s', "snaplen", "BYTES", "keep so much of each packet (default 262144)", set_snaplen},
    {'B', "buffer-size", "KIB", "kernel buffer for each interface (default 65536)",
     set_buffer_size},
    {'p', "no-promiscuous-mode", NULL, "leave the interface's mode alone", set_not_promiscuous},
    {'c', "count", "COUNT", "stop after so many handshakes", set_count},
    {'a', "autostop", "duration:S", "stop after S seconds", set_autostop},
    {'j', "jobs", "COUNT", "dissect on so many threads", set_jobs},
    {0, "memory", "MIB", "memory for conversations under way (default 256)", set_memory},
    {'Z', "relinquish-privileges", "USER",
     "become USER once all is open (default: who called sudo, else nobody)", set_user},
    {0, "top", NULL, "a table of the busiest hosts, kept up to date, instead of lines", set_table},
    {'q', "quiet", NULL, "no line per handshake; with --top, the table at the end only", set_quiet},
    {'v', "verbose", NULL, "also count what became of the packets", set_verbose},
    {0, "color", "WHEN", "auto, always or never", set_color},
    {'n', "numeric", NULL, "accepted: nothing is ever resolved", set_numeric},
    {.name = NULL},
};

/* The operands are a filter expression, word by word, as with tcpdump. */
static bool join_filter(struct settings *settings, struct error *error)
{
    size_t len = 0;

    if (settings->operand_count == 0) {
        return true;
    }
    if (settings->filter != NULL) {
        return error_set(error, "-f/--filter and \"%s\" are two filters", settings->operands[0]);
    }
    for (size_t i = 0; i < settings->operand_count; i++) {
        const int added =
            snprintf(settings->filter_words + len, sizeof(settings->filter_words) - len, "%s%s",
                     i > 0 ? " " : "", settings->operands[i]);
        if (added < 0 || (size_t)added >= sizeof(settings->filter_words) - len) {
            return error_set(error, "the filter is longer than %zu bytes",
                             sizeof(settings->filter_words) - 1);
        }
        len += (size_t)added;
    }
    settings->filter = settings->filter_words;
    return true;
}

static bool check(struct settings *settings, struct error *error)
{
    if (settings->interface_count == 0) {
        return error_set(error, "-i/--interface IFACE is missing: reprise interfaces lists them");
    }
    return join_filter(settings, error);
}

static enum status open_capture(const struct settings *settings, struct capture **out,
                                struct error *error)
{
    const struct capture_options capture = {
        .sources = settings->interfaces,
        .source_count = settings->interface_count,
        .filter = settings->filter,
        .snaplen = settings->snaplen,
        .buffer_kib = settings->buffer_kib,
        .is_promiscuous = settings->is_promiscuous,
    };

    switch (capture_open_interfaces(&capture, out, error)) {
    case CAPTURE_OPENED:
        return STATUS_DONE;
    case CAPTURE_BAD_FILTER:
        return STATUS_USAGE;
    case CAPTURE_NOT_OPENED:
        break;
    }
    return STATUS_FAILED;
}

static void name_source(const struct settings *settings, char *out, size_t bytes)
{
    size_t len = (size_t)snprintf(out, bytes, "watch");

    for (size_t i = 0; i < settings->interface_count && len < bytes; i++) {
        len += (size_t)snprintf(out + len, bytes - len, " %s", settings->interfaces[i]);
    }
}

/* The last table is due whatever happened; it matters only where nothing else went wrong. */
static enum status draw_last(struct live_table *table, enum status status, struct error *error)
{
    struct error reason;

    if (live_table_draw(table, clock_monotonic_ns(), true, &reason) == OUTPUT_FAILED &&
        status == STATUS_DONE) {
        *error = reason;
        return STATUS_FAILED;
    }
    return status;
}

static enum status watch_into(const struct settings *settings, struct capture *capture,
                              struct archive *archive, struct live_table *table,
                              struct error *error)
{
    struct tally tally;
    char source[sizeof(((struct run_record *)0)->source)];

    name_source(settings, source, sizeof(source));
    const struct pipeline_options pipeline = {
        .capture = capture,
        .archive = archive,
        .settings = settings,
        .source = source,
        .is_live = true,
        .lines = settings->is_quiet || table != NULL ? NULL : stdout,
        .table = table,
    };
    enum status status = pipeline_run(&pipeline, &tally, error);
    if (table != NULL) {
        status = draw_last(table, status, error);
    }
    tally_print(stderr, &tally, settings->is_verbose);
    return status;
}

/* The interfaces and the database are open: from here on root is of no more use. SQLite's files
 * beside the database stay open, so it works on where the user could not have made them. */
static bool give_up_root(const struct privileges *privileges, const struct archive *archive,
                         struct error *error)
{
    if (privileges->is_root && !archive_give(archive, privileges, error)) {
        return false;
    }
    return privileges_drop(privileges, error);
}

/* NULL where none is asked for. */
static bool make_table(const struct settings *settings, struct live_table **out,
                       struct error *error)
{
    const bool use_color = output_wants_color(settings->color, stdout);

    *out = NULL;
    if (settings->shows_table) {
        *out = live_table_new(stdout, !settings->is_quiet, use_color, clock_monotonic_ns(), error);
    }
    return *out != NULL || !settings->shows_table;
}

static enum status watch(const struct settings *settings, struct capture *capture,
                         const struct privileges *privileges, struct error *error)
{
    struct archive archive;
    struct live_table *table;
    struct error closing;
    enum status status = STATUS_FAILED;

    if (!archive_open(&archive, settings->database, error)) {
        return STATUS_DATABASE;
    }
    if (give_up_root(privileges, &archive, error) && make_table(settings, &table, error)) {
        status = watch_into(settings, capture, &archive, table, error);
        live_table_free(table);
    }
    if (!archive_close(&archive, &closing) && status == STATUS_DONE) {
        *error = closing;
        return STATUS_DATABASE;
    }
    return status;
}

static enum status run(const struct settings *settings, struct error *error)
{
    struct capture *capture;
    struct privileges privileges;

    if (!privileges_find(settings->user, &privileges, error)) {
        return STATUS_USAGE;
    }
    enum status status = open_capture(settings, &capture, error);
    if (status == STATUS_DONE) {
        status = watch(settings, capture, &privileges, error);
        capture_close(capture);
    }
    return status;
}

const struct command cmd_watch = {
    .name = "watch",
    .operands = "[EXPR]",
    .summary = "analyse live interfaces, a line per handshake, until interrupted",
    .details = "USR1 prints the counters; HUP commits, and makes a new DB if it was moved away.",
    .options = options,
    .check = check,
    .run = run,
};
