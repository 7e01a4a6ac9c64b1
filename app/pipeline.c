#include "app/pipeline.h"

#include "app/clock.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/signals.h"
#include "app/workers.h"
#include "app/writer.h"

#include "base/keyed_hash.h"

#include <stdio.h>
#include <string.h>

enum {
    READS_PER_LOOK = 64, /* files: between two looks at the clock */
};

static const int64_t tick_ns = CLOCK_SECOND_NS / 10; /* streams: how long frames may wait */

struct pipeline {
    const struct pipeline_options *options;
    struct workers *workers;
    struct writer *writer;
    struct tally tally;
    struct tally before;             /* when the run's row was begun */
    struct dissector_counters ended; /* of dissectors that are gone */
    struct tally_stored stored;      /* by writers that are gone */
    struct run_record run;
    struct progress progress;
    int64_t started_ns;
    int64_t published_ns;
    int64_t ticked_ns;
    unsigned reads_to_look;
    bool is_stream; /* frames come as they happen: a quiet second is a quiet second */
};

/* What rewrites itself on the terminal makes room for words, until go_on. */
static void make_room(struct pipeline *pipeline)
{
    progress_hide(&pipeline->progress);
    if (pipeline->options->table != NULL) {
        live_table_pause(pipeline->options->table);
    }
}

static void go_on(struct pipeline *pipeline)
{
    if (pipeline->options->table != NULL) {
        live_table_go_on(pipeline->options->table);
    }
}

static void tell(struct pipeline *pipeline, const char *sentence)
{
    make_room(pipeline);
    (void)fprintf(stderr, "reprise: %s\n", sentence);
    go_on(pipeline);
}

static void see_statistics(const struct pipeline *pipeline, struct capture_statistics *out)
{
    if (pipeline->workers != NULL) {
        workers_statistics(pipeline->workers, out);
        return;
    }
    capture_statistics(pipeline->options->capture, out);
}

static void see_times(struct pipeline *pipeline)
{
    struct intake_times times;

    workers_times(pipeline->workers, &times);
    if (times.first_ns != INTAKE_NO_TIME) {
        tally_see_time(&pipeline->tally, times.first_ns);
        tally_see_time(&pipeline->tally, times.last_ns);
    }
}

/* Brings the tally up to date. */
static void collect(struct pipeline *pipeline)
{
    struct tally *const tally = &pipeline->tally;

    see_statistics(pipeline, &tally->capture);
    tally->problems = capture_problems(pipeline->options->capture);
    tally->dissector = pipeline->ended;
    tally->stored = pipeline->stored;
    if (pipeline->workers != NULL) {
        struct dissector_counters counters;
        workers_counters(pipeline->workers, &counters);
        tally_add_dissector(&tally->dissector, &counters);
        see_times(pipeline);
    }
    if (pipeline->writer != NULL) {
        struct tally_stored stored;
        writer_stored(pipeline->writer, &stored);
        tally_stored_add_part(&tally->stored, &stored);
    }
}

static bool begin_run(struct pipeline *pipeline, struct error *error)
{
    const char *const filter = pipeline->options->settings->filter;

    pipeline->run = (struct run_record){.started_ns = clock_wall_ns(), .ended_ns = HANDSHAKE_NULL};
    (void)snprintf(pipeline->run.source, sizeof(pipeline->run.source), "%s",
                   pipeline->options->source);
    (void)snprintf(pipeline->run.filter, sizeof(pipeline->run.filter), "%s",
                   filter != NULL ? filter : "");
    collect(pipeline);
    pipeline->tally.first_frame_ns = HANDSHAKE_NULL;
    pipeline->tally.last_frame_ns = HANDSHAKE_NULL;
    pipeline->before = pipeline->tally;
    tally_to_run(&pipeline->tally, &pipeline->before, &pipeline->run);
    return store_begin_run(pipeline->options->archive->store, &pipeline->run, error);
}

static bool make_workers(struct pipeline *pipeline, struct error *error)
{
    struct dissector_options options;

    dissector_options_init(&options);
    if (pipeline->options->settings->memory_bytes != 0) {
        dissector_options_set_memory(&options, pipeline->options->settings->memory_bytes);
    }
    memcpy(options.session_key, store_session_key(pipeline->options->archive->store),
           sizeof(options.session_key));
    if (!keyed_hash_random(options.flow_key, sizeof(options.flow_key))) {
        return error_set(error, "the system has no random numbers to give");
    }
    const struct workers_options workers = {
        .jobs = pipeline->options->settings->jobs,
        .capture = pipeline->options->capture,
        .is_stream = pipeline->is_stream,
        .dissector = &options,
    };
    pipeline->workers = workers_new(&workers, error);
    return pipeline->workers != NULL;
}

static bool make_writer(struct pipeline *pipeline, struct error *error)
{
    const struct settings *const settings = pipeline->options->settings;
    const struct writer_options options = {
        .workers = pipeline->workers,
        .archive = pipeline->options->archive,
        .capture = pipeline->options->capture,
        .lines = pipeline->options->lines,
        .table = pipeline->options->table,
        .use_color = output_wants_color(settings->color, stdout),
        .max_handshakes = settings->max_handshakes == 0
                              ? 0
                              : settings->max_handshakes - tally_stored_count(&pipeline->stored),
    };

    pipeline->writer = writer_new(&options, error);
    return pipeline->writer != NULL;
}

/* Begins a run in the database that is open, with fresh dissectors: they hash with its key. */
static enum status begin(struct pipeline *pipeline, struct error *error)
{
    if (!begin_run(pipeline, error)) {
        return STATUS_DATABASE;
    }
    return make_workers(pipeline, error) && make_writer(pipeline, error) ? STATUS_DONE
                                                                         : STATUS_FAILED;
}

static bool finish_run(struct pipeline *pipeline, struct error *error)
{
    struct store *const store = pipeline->options->archive->store;

    pipeline->run.ended_ns = clock_wall_ns();
    tally_to_run(&pipeline->tally, &pipeline->before, &pipeline->run);
    return store_update_run(store, &pipeline->run, error) && store_commit(store, error);
}

/* Everything that is under way ends and is stored; the run's row gets its last counters. */
static enum status end(struct pipeline *pipeline, struct error *error)
{
    struct dissector_counters counters;

    workers_finish(pipeline->workers);
    workers_close(pipeline->workers);
    const enum status status = writer_join(pipeline->writer, &pipeline->stored, error);
    pipeline->writer = NULL;
    workers_counters(pipeline->workers, &counters);
    tally_add_dissector(&pipeline->ended, &counters);
    see_times(pipeline);
    workers_free(pipeline->workers);
    pipeline->workers = NULL;
    collect(pipeline);
    if (status == STATUS_DATABASE) {
        return status;
    }
    return finish_run(pipeline, error) ? status : STATUS_DATABASE;
}

/* HUP: commits; where the database was moved away, the path leads to a new one from here on.
 * Handshakes under way end with the old one, whose key they were hashed with. */
static enum status reopen(struct pipeline *pipeline, struct error *error)
{
    struct archive *const archive = pipeline->options->archive;

    if (!archive_was_moved(archive)) {
        writer_commit(pipeline->writer);
        return STATUS_DONE;
    }
    const enum status status = end(pipeline, error);
    if (status != STATUS_DONE) {
        return status;
    }
    if (!archive_reopen(archive, error)) {
        return STATUS_DATABASE;
    }
    return begin(pipeline, error);
}

static void publish(struct pipeline *pipeline)
{
    collect(pipeline);
    tally_to_run(&pipeline->tally, &pipeline->before, &pipeline->run);
    writer_publish(pipeline->writer, &pipeline->run);
}

/* What is done by the clock. */
static void look_at_clock(struct pipeline *pipeline)
{
    const struct settings *const settings = pipeline->options->settings;
    const int64_t now_ns = clock_monotonic_ns();

    if (now_ns - pipeline->published_ns >= CLOCK_SECOND_NS) {
        pipeline->published_ns = now_ns;
        publish(pipeline);
    }
    if (!pipeline->options->is_live) {
        struct capture_statistics statistics;
        see_statistics(pipeline, &statistics);
        progress_show(&pipeline->progress, &statistics, now_ns);
    }
    if (settings->duration_ns != 0 && now_ns - pipeline->started_ns >= settings->duration_ns) {
        capture_stop(pipeline->options->capture);
    }
}

static enum status answer_signals(struct pipeline *pipeline, struct error *error)
{
    if (signals_take_counters()) {
        collect(pipeline);
        make_room(pipeline);
        tally_print(stderr, &pipeline->tally, pipeline->options->settings->is_verbose);
        go_on(pipeline);
    }
    return signals_take_reopen() ? reopen(pipeline, error) : STATUS_DONE;
}

/* Lets frames through that wait for company. */
static void tick(struct pipeline *pipeline)
{
    const int64_t now_ns = clock_monotonic_ns();
    struct intake_times times;

    if (now_ns - pipeline->ticked_ns < tick_ns) {
        return;
    }
    pipeline->ticked_ns = now_ns;
    workers_times(pipeline->workers, &times);
    if (times.latest_ns != INTAKE_NO_TIME) {
        workers_tick(pipeline->workers, times.latest_ns);
    }
    look_at_clock(pipeline);
}

static void on_frames(struct pipeline *pipeline)
{
    if (pipeline->is_stream) {
        tick(pipeline);
        return;
    }
    pipeline->reads_to_look--;
    if (pipeline->reads_to_look == 0) {
        pipeline->reads_to_look = READS_PER_LOOK;
        look_at_clock(pipeline);
    }
}

/* Live, time goes on without frames; in a pipe or a growing file it is that of the last one. */
static void on_silence(struct pipeline *pipeline)
{
    struct intake_times times;

    workers_times(pipeline->workers, &times);
    if (pipeline->options->is_live) {
        workers_tick(pipeline->workers, clock_wall_ns());
    } else if (times.last_ns != INTAKE_NO_TIME) {
        workers_tick(pipeline->workers, times.last_ns);
    }
    look_at_clock(pipeline);
}

static enum status run(struct pipeline *pipeline, struct error *error)
{
    struct error problem;
    enum status status = STATUS_DONE;

    while (status == STATUS_DONE) {
        switch (workers_read(pipeline->workers, &problem)) {
        case CAPTURE_FRAME:
            on_frames(pipeline);
            break;
        case CAPTURE_IDLE:
            on_silence(pipeline);
            break;
        case CAPTURE_PROBLEM:
            tell(pipeline, problem.text);
            break;
        case CAPTURE_END:
            return STATUS_DONE;
        }
        status = answer_signals(pipeline, error);
    }
    return status;
}

static void set_up(struct pipeline *pipeline, const struct pipeline_options *options)
{
    struct capture_statistics statistics;
    const int64_t now_ns = clock_monotonic_ns();

    capture_statistics(options->capture, &statistics);
    *pipeline = (struct pipeline){
        .options = options,
        .started_ns = now_ns,
        .published_ns = now_ns,
        .is_stream = options->is_live || statistics.bytes_total == 0,
        .reads_to_look = READS_PER_LOOK,
    };
    tally_init(&pipeline->tally);
    progress_init(&pipeline->progress, stderr, !options->is_live && !options->settings->is_quiet,
                  now_ns);
}

/* Ends what is not ended yet, after whatever happened. */
static enum status wind_up(struct pipeline *pipeline, enum status status, struct error *error)
{
    struct error later;

    progress_hide(&pipeline->progress);
    if (pipeline->writer != NULL) {
        const enum status ended = end(pipeline, status == STATUS_DONE ? error : &later);
        return status == STATUS_DONE ? ended : status;
    }
    if (pipeline->workers != NULL) {
        workers_close(pipeline->workers);
        workers_free(pipeline->workers);
        pipeline->workers = NULL;
    }
    return status;
}

static enum status status_of(struct capture_problems problems)
{
    if (problems.unreadable > 0) {
        return STATUS_FAILED;
    }
    return problems.damaged > 0 ? STATUS_DAMAGED : STATUS_DONE;
}

enum status pipeline_run(const struct pipeline_options *options, struct tally *out,
                         struct error *error)
{
    struct pipeline pipeline;

    error->text[0] = '\0';
    set_up(&pipeline, options);
    signals_install(options->capture);
    enum status status = begin(&pipeline, error);
    if (status == STATUS_DONE) {
        status = run(&pipeline, error);
    }
    status = wind_up(&pipeline, status, error);
    signals_release();
    *out = pipeline.tally;
    return status == STATUS_DONE ? status_of(pipeline.tally.problems) : status;
}

enum status pipeline_explain(struct capture *capture)
{
    struct frame frame;
    struct error problem;

    while (capture_next(capture, &frame, &problem) == CAPTURE_PROBLEM) {
        (void)fprintf(stderr, "reprise: %s\n", problem.text);
    }
    return status_of(capture_problems(capture));
}
