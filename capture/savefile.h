/* One capture file, FIFO or standard input, compressed or not: pcap and pcapng through our own
 * readers, what is rare in pcap through libpcap. */
#ifndef REPRISE_CAPTURE_SAVEFILE_H
#define REPRISE_CAPTURE_SAVEFILE_H

#include "capture/file_part.h"
#include "capture/frame_batch.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct savefile;

/* Of each window: what must be visible at once, and what is read at once. */
enum { SAVEFILE_NEED_BYTES = 512 * 1024, SAVEFILE_READ_BYTES = 256 * 1024 };

enum savefile_opening {
    SAVEFILE_OPENED,
    SAVEFILE_UNREADABLE, /* the sentence is in error; so with the next */
    SAVEFILE_CUT,        /* ends inside the file header: a capture that was never written out */
};

struct savefile_options {
    bool is_followed;  /* at the end of a regular file it is waited for more */
    size_t read_bytes; /* read at once */
    const atomic_bool *stop;
};

/* path: "-" is standard input. While *stop is false the header is waited for: that of a FIFO
 * without a writer, and that of a followed file which is still empty. */
MUST_CHECK enum savefile_opening savefile_open(const char *path,
                                               const struct savefile_options *options,
                                               struct savefile **out, struct error *error);
void savefile_close(struct savefile *savefile);

/* LINKTYPE_ of all frames, or (pcapng) of the first interface. */
int savefile_link_type(const struct savefile *savefile);

/* Whether frames may differ in their link type. */
bool savefile_is_mixed(const struct savefile *savefile);

enum savefile_result {
    SAVEFILE_FRAMES,  /* one at least */
    SAVEFILE_IDLE,    /* a FIFO, or a followed file: nothing came within 100 ms */
    SAVEFILE_END,     /* of the file, or *stop has become true */
    SAVEFILE_DAMAGED, /* the sentence is in error; nothing more comes */
};
/* The next frame, and those behind it that are there already and of its link type: none of them
 * waits for others. Borrowed until the next call. */
MUST_CHECK enum savefile_result savefile_next(struct savefile *savefile, struct frame_batch *out,
                                              struct error *error);

/* What may be read in parts now; the number of the file is for the caller to fill in. */
struct file_offer savefile_offer(const struct savefile *savefile);

/* The frames that end in a part. They lie in its window. False, and there are none, where it is not
 * what comes next, or begins with something odd: savefile_next says what that is. */
MUST_CHECK bool savefile_next_of_part(struct savefile *savefile, const struct file_part *part,
                                      struct frame_batch *out);

/* Bytes read from the file so far, as they are in it; what is buffered and not yet asked for
 * counts. */
uint64_t savefile_bytes(const struct savefile *savefile);

#endif
