/* A part of a plain capture file, read by whichever thread has time while others read theirs: the
 * kernel's copy is most of what reading costs. What lies in it only its turn tells, as records end
 * where they end: see capture_next_of_part(). */
#ifndef REPRISE_CAPTURE_FILE_PART_H
#define REPRISE_CAPTURE_FILE_PART_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What may be read so: of the file that is open now, from its next byte to the size it had. */
struct file_offer {
    int fd;          /* borrowed until the next capture_next_batch() */
    unsigned number; /* of the file, in this capture; 0: nothing may */
    uint64_t from;
    uint64_t to;
};

struct file_part {
    unsigned number; /* of its file; 0: nothing was read */
    uint64_t from;   /* multiples of a page from the beginning of the file */
    size_t len;
    uint8_t *window; /* owned: kept_bytes, then the bytes of the part */
    size_t kept_bytes;
    size_t window_bytes;
};

/* need_bytes, read_bytes: as of inflow_init. False without memory; file_part_clear() is then still
 * right. */
MUST_CHECK bool file_part_init(struct file_part *out, size_t need_bytes, size_t read_bytes);
void file_part_clear(struct file_part *part);

/* How many bytes a part has, unless the file ends in it. */
size_t file_part_bytes(const struct file_part *part);

/* Reads a part. What fails is left to whoever reads the file in turn: the part is empty then. */
void file_part_read(struct file_part *part, int fd, unsigned number, uint64_t from);

#endif
