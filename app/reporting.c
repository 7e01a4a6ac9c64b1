#include "app/reporting.h"

#include "app/nothing_found.h"
#include "app/output.h"
#include "app/signals.h"
#include "app/terminal.h"

bool reporting_check(struct settings *settings, struct error *error)
{
    const struct query_filter *const filter = &settings->report.filter;

    if (settings->database == NULL) {
        return error_set(error, "-d/--db DB is missing: which database to read");
    }
    if (filter->since_ns != HANDSHAKE_NULL && filter->until_ns != HANDSHAKE_NULL &&
        filter->since_ns >= filter->until_ns) {
        return error_set(error, "--since is not before --until");
    }
    return true;
}

/* A report that could not be written is no fault of the database, and one whose reader went away
 * no fault at all. The first to notice knows the reason. */
static enum status close_output(struct output *output, bool is_complete, struct error *error)
{
    const struct error reason = *error;
    const char *const name = output->path != NULL ? output->path : "standard output";
    const bool is_unwritable = ferror(output->file) != 0;

    error->text[0] = '\0';
    const bool is_closed = output_close(output, is_complete, error);
    if (is_complete) {
        return is_closed ? STATUS_DONE : STATUS_FAILED;
    }
    if (is_closed && is_unwritable) {
        return STATUS_DONE;
    }
    if (is_unwritable) {
        (void)error_set(error, "%s: %s", name, reason.text);
        return STATUS_FAILED;
    }
    *error = reason;
    return STATUS_DATABASE;
}

enum status reporting_write(struct query *query, const struct settings *settings,
                            const struct report_options *options, reporting_function *report,
                            struct error *error)
{
    struct output output;
    struct report_options fitted = *options;

    signals_ignore_pipe();
    if (!output_open(&output, settings->output, error)) {
        return STATUS_FAILED;
    }
    fitted.use_color = output_wants_color(settings->color, output.file);
    fitted.use_blocks = terminal_has_utf8();
    fitted.columns = terminal_size(output.file).columns;
    const bool is_complete = report(query, &fitted, output.file, error);
    return close_output(&output, is_complete, error);
}

enum status reporting_run_with(const struct settings *settings,
                               const struct report_options *options, reporting_function *report,
                               struct error *error)
{
    struct query *query = query_open(settings->database, error);

    if (query == NULL) {
        return STATUS_DATABASE;
    }
    enum status status = reporting_write(query, settings, options, report, error);
    if (status == STATUS_DONE && !nothing_found_tell(query, settings, stderr, error)) {
        status = STATUS_DATABASE;
    }
    query_close(query);
    return status;
}

enum status reporting_run(const struct settings *settings, reporting_function *report,
                          struct error *error)
{
    return reporting_run_with(settings, &settings->report, report, error);
}
