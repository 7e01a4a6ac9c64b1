/* COORDINATOR: capture -> dissect -> store, until the sources are used up or something says stop.
 *
 * The calling thread captures (and dissects, with one job), the writer's thread stores. In between
 * the pipeline answers signals, shows progress, and keeps the counters of the run. */
#ifndef REPRISE_APP_PIPELINE_H
#define REPRISE_APP_PIPELINE_H

#include "app/archive.h"
#include "app/live_table.h"
#include "app/options.h"
#include "app/tally.h"

#include "base/attributes.h"
#include "base/error.h"

struct pipeline_options {
    struct capture *capture; /* borrowed */
    struct archive *archive; /* borrowed, open; may be another file afterwards (HUP) */
    const struct settings *settings;
    const char *source; /* the run's: "watch eth0" */
    bool is_live;
    FILE *lines;              /* a line per handshake; NULL: none */
    struct live_table *table; /* borrowed; NULL: none */
};

/* Everything seen is stored and committed when it returns, unless it returns STATUS_DATABASE.
 * *out has the sums in any case. Problems with single sources are told on stderr as they come,
 * and are the status at the end: STATUS_FAILED before STATUS_DAMAGED; then error is "". */
MUST_CHECK enum status pipeline_run(const struct pipeline_options *options, struct tally *out,
                                    struct error *error);

/* Tells the problems of a capture that has no source at all; the status is theirs. */
enum status pipeline_explain(struct capture *capture);

#endif
