#include "capture/file_queue.h"

#include "capture/filter.h"
#include "capture/savefile.h"
#include "capture/source_names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_REFUSED = 16 };

struct file_queue {
    struct source_names names;
    size_t next; /* index of the file to open next */
    struct savefile *current;
    /* Of `current`: whose frames are passed over. */
    int refused[MOST_REFUSED];
    size_t refused_count;
    int link_type;    /* of the last frame */
    bool is_followed; /* the last file */
    size_t read_bytes;
    struct filter filter;
    const atomic_bool *stop;
    struct capture_problems problems;
    uint64_t bytes_done; /* of the files that are closed again */
    uint64_t bytes_total;
    /* What went wrong with the files before the first that opened, not yet told. */
    struct error *early; /* owned; one per file */
    size_t early_count;
    size_t early_told;
};

/* 0 when one of them has no size to know beforehand. */
static uint64_t total_bytes(const struct source_names *names)
{
    uint64_t total = 0;

    for (size_t i = 0; i < names->count; i++) {
        struct stat status;
        if (strcmp(names->paths[i], "-") == 0) {
            return 0;
        }
        if (stat(names->paths[i], &status) != 0 || S_ISDIR(status.st_mode)) {
            continue; /* will be a problem of its own */
        }
        if (!S_ISREG(status.st_mode)) {
            return 0;
        }
        total += (uint64_t)status.st_size;
    }
    return total;
}

static void close_current(struct file_queue *queue)
{
    if (queue->current != NULL) {
        queue->bytes_done += savefile_bytes(queue->current);
    }
    savefile_close(queue->current);
    queue->current = NULL;
}

/* Opens the next file. False with a sentence, and counted, when it cannot be read. */
static bool open_next(struct file_queue *queue, struct error *error)
{
    const char *const path = queue->names.paths[queue->next++];
    const struct savefile_options options = {
        .is_followed = queue->is_followed && queue->next == queue->names.count,
        .read_bytes = queue->read_bytes,
        .stop = queue->stop,
    };

    queue->refused_count = 0;
    switch (savefile_open(path, &options, &queue->current, error)) {
    case SAVEFILE_OPENED:
        return true;
    case SAVEFILE_CUT:
        queue->problems.damaged++;
        return false;
    case SAVEFILE_UNREADABLE:
        break;
    }
    queue->problems.unreadable++;
    return false;
}

/* Leaves out frames of one link type, which are all of a file unless it is a mixed one. */
static void refuse_link_type(struct file_queue *queue, int link_type)
{
    queue->problems.unreadable++;
    if (!savefile_is_mixed(queue->current) || queue->refused_count == MOST_REFUSED) {
        close_current(queue);
        return;
    }
    queue->refused[queue->refused_count++] = link_type;
}

/* The filter may not suit a later link type: its frames are left out then. */
static bool filter_link_type(struct file_queue *queue, int link_type, struct error *error)
{
    struct error reason;

    if (filter_prepare(&queue->filter, link_type, &reason)) {
        return true;
    }
    (void)error_set(error, "%s: %s", queue->names.paths[queue->next - 1], reason.text);
    refuse_link_type(queue, link_type);
    return false;
}

static enum capture_opening open_first(struct file_queue *queue, struct error *error)
{
    while (queue->current == NULL && queue->next < queue->names.count) {
        if (!open_next(queue, &queue->early[queue->early_count])) {
            queue->early_count++;
        }
    }
    if (queue->current != NULL &&
        !filter_prepare(&queue->filter, savefile_link_type(queue->current), error)) {
        return CAPTURE_BAD_FILTER;
    }
    return CAPTURE_OPENED;
}

static enum capture_opening set_up(struct file_queue *queue, const struct capture_options *options,
                                   struct error *error)
{
    if (!source_names_init(&queue->names, options->sources, options->source_count, error)) {
        return CAPTURE_NOT_OPENED;
    }
    queue->early = calloc(queue->names.count + 1, sizeof(*queue->early));
    if (queue->early == NULL) {
        (void)error_set(error, "no memory for the list of files");
        return CAPTURE_NOT_OPENED;
    }
    queue->is_followed = options->is_followed;
    queue->read_bytes = options->read_bytes;
    queue->bytes_total = options->is_followed ? 0 : total_bytes(&queue->names);
    return open_first(queue, error);
}

enum capture_opening file_queue_open(const struct capture_options *options, const atomic_bool *stop,
                                     struct file_queue **out, struct error *error)
{
    struct file_queue *queue = calloc(1, sizeof(*queue));

    *out = NULL;
    if (queue == NULL) {
        (void)error_set(error, "no memory to read files");
        return CAPTURE_NOT_OPENED;
    }
    queue->stop = stop;
    filter_init(&queue->filter, options->filter);
    const enum capture_opening opening = set_up(queue, options, error);
    if (opening != CAPTURE_OPENED) {
        file_queue_close(queue);
        return opening;
    }
    *out = queue;
    return opening;
}

void file_queue_close(struct file_queue *queue)
{
    if (queue == NULL) {
        return;
    }
    savefile_close(queue->current);
    filter_clear(&queue->filter);
    source_names_clear(&queue->names);
    free(queue->early);
    free(queue);
}

bool file_queue_has_source(const struct file_queue *queue)
{
    return queue->current != NULL;
}

/* CAPTURE_FRAME here means: a file is open. */
static enum capture_result ensure_open(struct file_queue *queue, struct error *error)
{
    if (queue->early_told < queue->early_count) {
        *error = queue->early[queue->early_told++];
        return CAPTURE_PROBLEM;
    }
    if (queue->current != NULL) {
        return CAPTURE_FRAME;
    }
    if (queue->next == queue->names.count) {
        return CAPTURE_END;
    }
    return open_next(queue, error) &&
                   filter_link_type(queue, savefile_link_type(queue->current), error)
               ? CAPTURE_FRAME
               : CAPTURE_PROBLEM;
}

static bool is_refused(const struct file_queue *queue, int link_type)
{
    for (size_t i = 0; i < queue->refused_count; i++) {
        if (queue->refused[i] == link_type) {
            return true;
        }
    }
    return false;
}

static void keep_what_passes(const struct file_queue *queue, struct frame_batch *batch)
{
    size_t kept = 0;

    for (size_t i = 0; i < batch->count; i++) {
        if (filter_passes(&queue->filter, &batch->frames[i])) {
            batch->frames[kept++] = batch->frames[i];
        }
    }
    batch->count = kept;
}

/* CAPTURE_IDLE here means: none of these frames, which are of one link type. */
static enum capture_result judge(struct file_queue *queue, struct frame_batch *batch,
                                 struct error *error)
{
    const int link_type = batch->frames[0].link_type;

    queue->link_type = link_type;
    if (queue->filter.expression == NULL && queue->refused_count == 0) {
        return CAPTURE_FRAME;
    }
    if (is_refused(queue, link_type)) {
        return CAPTURE_IDLE;
    }
    if (!filter_link_type(queue, link_type, error)) {
        return CAPTURE_PROBLEM;
    }
    keep_what_passes(queue, batch);
    return batch->count > 0 ? CAPTURE_FRAME : CAPTURE_IDLE;
}

/* CAPTURE_END here means: of this file, go on with the next. */
static enum capture_result next_of_current(struct file_queue *queue, struct frame_batch *out,
                                           struct error *error)
{
    switch (savefile_next(queue->current, out, error)) {
    case SAVEFILE_FRAMES:
        return CAPTURE_FRAME;
    case SAVEFILE_IDLE:
        return CAPTURE_IDLE;
    case SAVEFILE_DAMAGED:
        queue->problems.damaged++;
        close_current(queue);
        return CAPTURE_PROBLEM;
    case SAVEFILE_END:
        break;
    }
    close_current(queue);
    return CAPTURE_END;
}

enum capture_result file_queue_next(struct file_queue *queue, struct frame_batch *out,
                                    struct error *error)
{
    while (!atomic_load_explicit(queue->stop, memory_order_relaxed)) {
        enum capture_result result = ensure_open(queue, error);
        if (result != CAPTURE_FRAME) {
            return result;
        }
        result = next_of_current(queue, out, error);
        if (result == CAPTURE_END) {
            continue;
        }
        if (result != CAPTURE_FRAME) {
            return result;
        }
        result = judge(queue, out, error);
        if (result != CAPTURE_IDLE) {
            return result;
        }
    }
    return CAPTURE_END;
}

struct file_offer file_queue_offer(const struct file_queue *queue)
{
    struct file_offer offer = {.fd = -1};

    if (queue->current != NULL && queue->early_told == queue->early_count) {
        offer = savefile_offer(queue->current);
        offer.number = offer.from < offer.to ? (unsigned)queue->next : 0;
    }
    return offer;
}

bool file_queue_next_of_part(struct file_queue *queue, const struct file_part *part,
                             struct frame_batch *out)
{
    out->count = 0;
    if (queue->current == NULL || part->number != queue->next ||
        atomic_load_explicit(queue->stop, memory_order_relaxed) ||
        !savefile_next_of_part(queue->current, part, out)) {
        return false;
    }
    if (queue->filter.expression != NULL) {
        keep_what_passes(queue, out);
    }
    return true;
}

void file_queue_refuse(struct file_queue *queue)
{
    if (queue->current != NULL) {
        refuse_link_type(queue, queue->link_type);
    }
}

void file_queue_progress(const struct file_queue *queue, uint64_t *read, uint64_t *total)
{
    *read = queue->bytes_done + (queue->current == NULL ? 0 : savefile_bytes(queue->current));
    *total = queue->bytes_total;
}

struct capture_problems file_queue_problems(const struct file_queue *queue)
{
    return queue->problems;
}

const char *file_queue_source(const struct file_queue *queue)
{
    return queue->next == 0 ? "" : queue->names.paths[queue->next - 1];
}
