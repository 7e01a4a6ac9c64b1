#include "capture/file_queue.h"

#include "capture/filter.h"
#include "capture/savefile.h"
#include "capture/source_names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct file_queue {
    struct source_names names;
    size_t next; /* index of the file to open next */
    struct savefile *current;
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

    switch (savefile_open(path, queue->stop, &queue->current, error)) {
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

/* The filter may not suit the link type of a later file: that one is left out then. */
static bool filter_current(struct file_queue *queue, struct error *error)
{
    struct error reason;

    if (filter_apply(&queue->filter, savefile_handle(queue->current), &reason)) {
        return true;
    }
    (void)error_set(error, "%s: %s", queue->names.paths[queue->next - 1], reason.text);
    queue->problems.unreadable++;
    close_current(queue);
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
        !filter_apply(&queue->filter, savefile_handle(queue->current), error)) {
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
    queue->bytes_total = total_bytes(&queue->names);
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
    return open_next(queue, error) && filter_current(queue, error) ? CAPTURE_FRAME
                                                                   : CAPTURE_PROBLEM;
}

enum capture_result file_queue_next(struct file_queue *queue, struct frame *out,
                                    struct error *error)
{
    while (!atomic_load_explicit(queue->stop, memory_order_relaxed)) {
        const enum capture_result ready = ensure_open(queue, error);
        if (ready != CAPTURE_FRAME) {
            return ready;
        }
        switch (savefile_next(queue->current, out, error)) {
        case SAVEFILE_FRAME:
            return CAPTURE_FRAME;
        case SAVEFILE_DAMAGED:
            queue->problems.damaged++;
            close_current(queue);
            return CAPTURE_PROBLEM;
        case SAVEFILE_END:
            close_current(queue);
            break;
        }
    }
    return CAPTURE_END;
}

void file_queue_refuse(struct file_queue *queue)
{
    if (queue->current != NULL) {
        queue->problems.unreadable++;
        close_current(queue);
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
