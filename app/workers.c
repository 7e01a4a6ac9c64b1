#include "app/workers.h"

#include "app/lane.h"
#include "app/lanes.h"
#include "app/outlets.h"

#include <stdlib.h>

enum { BATCH_FRAMES = 256 };

struct workers {
    struct workers_options options;
    struct outlets *outlets;
    struct lanes *lanes; /* NULL with one job */
    /* With one job only. */
    struct lane lane;
    struct intake intake;
    struct intake_times times;
    uint64_t frames;
    struct frame batch[BATCH_FRAMES];
};

static bool make_lanes(struct workers *workers, struct error *error)
{
    const struct workers_options *const options = &workers->options;
    const struct lanes_options lanes = {
        .count = options->jobs,
        .capture = options->capture,
        .outlets = workers->outlets,
        .is_stream = options->is_stream,
        .whole = options->dissector,
    };

    if (options->jobs == 1) {
        return lane_init(&workers->lane, 0, options->dissector, workers->outlets, error);
    }
    workers->lanes = lanes_new(&lanes, error);
    return workers->lanes != NULL;
}

struct workers *workers_new(const struct workers_options *options, struct error *error)
{
    struct workers *workers = calloc(1, sizeof(*workers));

    if (workers == NULL) {
        (void)error_set(error, "no memory to dissect with");
        return NULL;
    }
    workers->options = *options;
    workers->outlets = outlets_new(options->jobs);
    intake_init(&workers->intake, options->capture);
    intake_times_init(&workers->times);
    if (workers->outlets == NULL) {
        (void)error_set(error, "no memory for handshakes");
        workers_free(workers);
        return NULL;
    }
    if (!make_lanes(workers, error)) {
        workers_free(workers);
        return NULL;
    }
    return workers;
}

void workers_free(struct workers *workers)
{
    if (workers == NULL) {
        return;
    }
    lanes_free(workers->lanes);
    lane_clear(&workers->lane);
    outlets_free(workers->outlets);
    free(workers);
}

/* ---- The reading side ---- */

static enum capture_result read_alone(struct workers *workers, struct error *error)
{
    struct frame_batch batch = {.frames = workers->batch, .capacity = BATCH_FRAMES};
    const enum capture_result result = intake_next(&workers->intake, &batch, error);

    if (result != CAPTURE_FRAME) {
        return result;
    }
    intake_times_see(&workers->times, batch.frames, batch.count);
    lane_dissect(&workers->lane, batch.frames, batch.count, workers->frames);
    workers->frames += batch.count;
    if (workers->options.is_stream) {
        outlets_flush(workers->outlets);
    }
    return CAPTURE_FRAME;
}

enum capture_result workers_read(struct workers *workers, struct error *error)
{
    return workers->lanes != NULL ? lanes_step(workers->lanes, error) : read_alone(workers, error);
}

void workers_tick(struct workers *workers, int64_t now_ns)
{
    if (workers->lanes != NULL) {
        lanes_tick(workers->lanes, now_ns);
        return;
    }
    lane_tick(&workers->lane, now_ns, workers->frames);
    outlets_flush(workers->outlets);
}

void workers_finish(struct workers *workers)
{
    if (workers->lanes != NULL) {
        lanes_finish(workers->lanes);
        return;
    }
    lane_finish(&workers->lane, workers->frames);
}

void workers_close(struct workers *workers)
{
    if (workers->lanes != NULL) {
        lanes_close(workers->lanes);
        return;
    }
    outlets_close(workers->outlets, 0);
}

void workers_counters(struct workers *workers, struct dissector_counters *out)
{
    if (workers->lanes != NULL) {
        lanes_counters(workers->lanes, out);
        return;
    }
    *out = *dissector_counters(workers->lane.dissector);
}

void workers_times(struct workers *workers, struct intake_times *out)
{
    if (workers->lanes != NULL) {
        lanes_times(workers->lanes, out);
        return;
    }
    *out = workers->times;
}

void workers_statistics(struct workers *workers, struct capture_statistics *out)
{
    if (workers->lanes != NULL) {
        lanes_statistics(workers->lanes, out);
        return;
    }
    capture_statistics(workers->options.capture, out);
}

/* ---- The taking side ---- */

enum workers_result workers_next(struct workers *workers, struct handshake *out, int64_t timeout_ns)
{
    switch (outlets_next(workers->outlets, out, timeout_ns)) {
    case OUTLETS_HANDSHAKE:
        return WORKERS_HANDSHAKE;
    case OUTLETS_NOTHING:
        return WORKERS_NOTHING;
    case OUTLETS_CLOSED:
        break;
    }
    return WORKERS_CLOSED;
}
