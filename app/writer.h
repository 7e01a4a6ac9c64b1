/* The thread that stores handshakes: takes them from the workers, prints the lines of
 * `reprise watch`, labels the hosts of a file and commits, every second. */
#ifndef REPRISE_APP_WRITER_H
#define REPRISE_APP_WRITER_H

#include "app/archive.h"
#include "app/live_table.h"
#include "app/status.h"
#include "app/tally.h"
#include "app/workers.h"

#include "capture/capture.h"
#include "store/store.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct writer;

/* All borrowed until writer_join(). */
struct writer_options {
    struct workers *workers;
    struct archive *archive;  /* the writer's alone until writer_join() */
    struct capture *capture;  /* stopped when there is no use in going on */
    FILE *lines;              /* a line per handshake goes here; NULL: none */
    struct live_table *table; /* each handshake is added to it; NULL: there is none */
    bool use_color;
    uint64_t max_handshakes; /* 0: all */
};

/* Starts the thread. */
MUST_CHECK struct writer *writer_new(const struct writer_options *options, struct error *error);

/* The counters of the run as they are now: stored with the next commit, the coming second. */
void writer_publish(struct writer *writer, const struct run_record *run);

/* Asks for a commit now. */
void writer_commit(struct writer *writer);

/* Handshakes stored so far. */
void writer_stored(struct writer *writer, struct tally_stored *out);

/* Waits until everything the workers had is stored, adds what was stored to a sum, and frees the
 * writer. STATUS_DONE, or what went wrong. */
MUST_CHECK enum status writer_join(struct writer *writer, struct tally_stored *stored,
                                   struct error *error);

#endif
