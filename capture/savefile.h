/* One capture file, FIFO or standard input, read frame by frame. */
#ifndef REPRISE_CAPTURE_SAVEFILE_H
#define REPRISE_CAPTURE_SAVEFILE_H

#include "dissect/net/frame.h"

#include "base/attributes.h"
#include "base/error.h"

#include <pcap.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct savefile;

enum savefile_opening {
    SAVEFILE_OPENED,
    SAVEFILE_UNREADABLE, /* the sentence is in error; so with the next */
    SAVEFILE_CUT,        /* ends inside the file header: a capture that was never written out */
};

/* path: "-" is standard input. While *stop is false a FIFO without a writer is waited for. */
MUST_CHECK enum savefile_opening savefile_open(const char *path, const atomic_bool *stop,
                                               struct savefile **out, struct error *error);
void savefile_close(struct savefile *savefile);

/* For the filter. Borrowed. */
pcap_t *savefile_handle(struct savefile *savefile);

enum savefile_result {
    SAVEFILE_FRAME,   /* borrowed until the next call */
    SAVEFILE_END,     /* of the file, or *stop has become true */
    SAVEFILE_DAMAGED, /* the sentence is in error; nothing more comes */
};
MUST_CHECK enum savefile_result savefile_next(struct savefile *savefile, struct frame *out,
                                              struct error *error);

/* Bytes read from the file so far; what is buffered and not yet asked for counts. */
uint64_t savefile_bytes(const struct savefile *savefile);

#endif
