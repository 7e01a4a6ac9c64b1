/* Where bytes come from: a file, a FIFO, standard input, or memory. */
#ifndef REPRISE_CAPTURE_INPUT_H
#define REPRISE_CAPTURE_INPUT_H

#include "base/attributes.h"
#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
    int fd; /* -1: memory, or closed */
    const uint8_t *memory;
    size_t memory_len;
    bool is_regular;         /* reading never takes for ever */
    bool is_followed;        /* the end of a regular file is waited at, not believed */
    const atomic_bool *stop; /* NULL: nobody stops it */
    uint64_t begin;          /* of a regular file: where its first byte lies */
    uint64_t size;           /* of a regular file, when it was opened */
    uint64_t bytes;          /* read so far */
};

/* path: "-" is standard input. is_followed: for regular files, others end when their writer says
 * so. A FIFO is opened without waiting for its writer. On failure nothing stays open. */
MUST_CHECK bool input_open(struct input *out, const char *path, bool is_followed,
                           const atomic_bool *stop, struct error *error);

/* Bytes that are the caller's. */
void input_from_memory(struct input *out, const uint8_t *data, size_t len);
void input_close(struct input *input);

/* Whether INPUT_IDLE can come. */
bool input_may_wait(const struct input *input);

enum input_result {
    INPUT_BYTES,  /* at least one */
    INPUT_IDLE,   /* nothing came within 100 ms */
    INPUT_END,    /* or *stop has become true, or a followed file has become shorter */
    INPUT_FAILED, /* the sentence is in error, without the name of the file */
};
MUST_CHECK enum input_result input_read(struct input *input, uint8_t *out, size_t size, size_t *got,
                                        struct error *error);

#endif
