/* Several capture files, one after the other. */
#ifndef REPRISE_CAPTURE_FILE_QUEUE_H
#define REPRISE_CAPTURE_FILE_QUEUE_H

#include "capture/capture.h"

#include <stdatomic.h>

struct file_queue;

/* Opens the first file that can be opened. CAPTURE_OPENED also when there is none. */
MUST_CHECK enum capture_opening file_queue_open(const struct capture_options *options,
                                                const atomic_bool *stop, struct file_queue **out,
                                                struct error *error);
void file_queue_close(struct file_queue *queue);

bool file_queue_has_source(const struct file_queue *queue);

/* As capture_next_batch. */
MUST_CHECK enum capture_result file_queue_next(struct file_queue *queue, struct frame_batch *out,
                                               struct error *error);

/* As capture_offer and capture_next_of_part. */
struct file_offer file_queue_offer(const struct file_queue *queue);
MUST_CHECK bool file_queue_next_of_part(struct file_queue *queue, const struct file_part *part,
                                        struct frame_batch *out);

void file_queue_refuse(struct file_queue *queue);
void file_queue_progress(const struct file_queue *queue, uint64_t *read, uint64_t *total);
struct capture_problems file_queue_problems(const struct file_queue *queue);
const char *file_queue_source(const struct file_queue *queue);

#endif
