#include "app/writer.h"

#include "app/clock.h"
#include "app/output.h"

#include "report/report.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const int64_t wait_ns = CLOCK_SECOND_NS / 5;

struct writer {
    struct writer_options options;
    pthread_t thread;
    /* The thread's own. */
    bool has_rows; /* not yet committed */
    bool is_full;  /* max_handshakes are stored */
    bool reader_is_gone;
    uint64_t stored_count;
    int64_t committed_ns;
    enum status status;
    struct error error;
    pthread_mutex_t lock; /* of what follows */
    struct run_record run;
    bool has_run; /* newer than the one stored */
    bool wants_commit;
    struct tally_stored stored;
};

/* There is no use in going on: what comes now is taken, so that nobody waits, and dropped. */
static void give_up(struct writer *writer, enum status status)
{
    writer->status = status;
    capture_stop(writer->options.capture);
}

static void see_output(struct writer *writer, enum output_state state)
{
    switch (state) {
    case OUTPUT_FINE:
        break;
    case OUTPUT_READER_GONE:
        writer->reader_is_gone = true;
        capture_stop(writer->options.capture);
        break;
    case OUTPUT_FAILED:
        give_up(writer, STATUS_FAILED);
        break;
    }
}

static void print_line(struct writer *writer, const struct record *record)
{
    FILE *const lines = writer->options.lines;

    if (lines != NULL && !writer->reader_is_gone) {
        report_watch_line(lines, record, writer->options.use_color);
        see_output(writer, output_flush(lines, "standard output", &writer->error));
    }
}

static void draw_table(struct writer *writer)
{
    struct live_table *const table = writer->options.table;

    if (table != NULL && !writer->reader_is_gone && writer->status == STATUS_DONE) {
        see_output(writer, live_table_draw(table, clock_monotonic_ns(), false, &writer->error));
    }
}

static void count(struct writer *writer, const struct handshake *handshake)
{
    (void)pthread_mutex_lock(&writer->lock);
    tally_stored_add(&writer->stored, handshake);
    (void)pthread_mutex_unlock(&writer->lock);
    writer->has_rows = true;
    writer->stored_count++;
    if (writer->stored_count == writer->options.max_handshakes) {
        writer->is_full = true;
        capture_stop(writer->options.capture);
    }
}

static bool is_shown(const struct writer *writer)
{
    return writer->options.lines != NULL || writer->options.table != NULL;
}

static void show(struct writer *writer, const struct record *record)
{
    print_line(writer, record);
    if (writer->options.table != NULL) {
        live_table_add(writer->options.table, record);
    }
}

static void keep(struct writer *writer, struct handshake *handshake)
{
    struct archive *const archive = writer->options.archive;
    struct record record;
    struct record *const shown = is_shown(writer) ? &record : NULL;

    if (writer->is_full || writer->status != STATUS_DONE) {
        return;
    }
    labels_carrier(&archive->labels, handshake);
    if (!store_add(archive->store, handshake, shown, &writer->error)) {
        give_up(writer, STATUS_DATABASE);
        return;
    }
    count(writer, handshake);
    if (shown != NULL) {
        show(writer, shown);
    }
}

/* The newest counters, if there are any that are not stored yet. */
static bool take_run(struct writer *writer, struct run_record *out)
{
    (void)pthread_mutex_lock(&writer->lock);
    const bool has_run = writer->has_run;
    *out = writer->run;
    writer->has_run = false;
    writer->wants_commit = false;
    (void)pthread_mutex_unlock(&writer->lock);
    return has_run;
}

static void commit(struct writer *writer)
{
    struct run_record run;
    struct store *const store = writer->options.archive->store;
    const bool has_run = take_run(writer, &run);

    if (writer->status != STATUS_DONE || (!has_run && !writer->has_rows)) {
        return;
    }
    if ((has_run && !store_update_run(store, &run, &writer->error)) ||
        !store_commit(store, &writer->error)) {
        give_up(writer, STATUS_DATABASE);
    }
    writer->has_rows = false;
}

static bool is_commit_wanted(struct writer *writer)
{
    (void)pthread_mutex_lock(&writer->lock);
    const bool wants_commit = writer->wants_commit;
    (void)pthread_mutex_unlock(&writer->lock);
    return wants_commit;
}

/* Not with the last rows: a report of them need not wait for it, and archive_close() does it. */
static void label_hosts(struct writer *writer)
{
    struct archive *const archive = writer->options.archive;

    if (archive->path != NULL && writer->has_rows && writer->status == STATUS_DONE &&
        !archive_label_hosts(archive, &writer->error)) {
        give_up(writer, STATUS_DATABASE);
    }
}

static void commit_when_due(struct writer *writer)
{
    const int64_t now_ns = clock_monotonic_ns();

    if (now_ns - writer->committed_ns >= CLOCK_SECOND_NS || is_commit_wanted(writer)) {
        label_hosts(writer);
        commit(writer);
        writer->committed_ns = now_ns;
    }
}

static void *write_all(void *argument)
{
    struct writer *writer = argument;
    struct handshake handshake;

    for (;;) {
        switch (workers_next(writer->options.workers, &handshake, wait_ns)) {
        case WORKERS_HANDSHAKE:
            keep(writer, &handshake);
            break;
        case WORKERS_NOTHING:
            break;
        case WORKERS_CLOSED:
            commit(writer);
            return NULL;
        }
        commit_when_due(writer);
        draw_table(writer);
    }
}

struct writer *writer_new(const struct writer_options *options, struct error *error)
{
    struct writer *writer = calloc(1, sizeof(*writer));

    if (writer == NULL) {
        (void)error_set(error, "no memory to store with");
        return NULL;
    }
    writer->options = *options;
    writer->committed_ns = clock_monotonic_ns();
    (void)pthread_mutex_init(&writer->lock, NULL);
    if (pthread_create(&writer->thread, NULL, write_all, writer) != 0) {
        (void)error_set(error, "no thread to store with");
        (void)pthread_mutex_destroy(&writer->lock);
        free(writer);
        return NULL;
    }
    return writer;
}

void writer_publish(struct writer *writer, const struct run_record *run)
{
    (void)pthread_mutex_lock(&writer->lock);
    writer->run = *run;
    writer->has_run = true;
    (void)pthread_mutex_unlock(&writer->lock);
}

void writer_commit(struct writer *writer)
{
    (void)pthread_mutex_lock(&writer->lock);
    writer->wants_commit = true;
    (void)pthread_mutex_unlock(&writer->lock);
}

void writer_stored(struct writer *writer, struct tally_stored *out)
{
    (void)pthread_mutex_lock(&writer->lock);
    *out = writer->stored;
    (void)pthread_mutex_unlock(&writer->lock);
}

enum status writer_join(struct writer *writer, struct tally_stored *stored, struct error *error)
{
    (void)pthread_join(writer->thread, NULL);
    tally_stored_add_part(stored, &writer->stored);
    const enum status status = writer->status;
    if (status != STATUS_DONE) {
        *error = writer->error;
    }
    (void)pthread_mutex_destroy(&writer->lock);
    free(writer);
    return status;
}
