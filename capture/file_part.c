#include "capture/file_part.h"

#include "capture/inflow.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

bool file_part_init(struct file_part *out, size_t need_bytes, size_t read_bytes)
{
    *out = (struct file_part){.kept_bytes = inflow_whole_pages(need_bytes)};
    out->window_bytes = out->kept_bytes + inflow_whole_pages(read_bytes);
    out->window = aligned_alloc(INFLOW_PAGE_BYTES, out->window_bytes);
    return out->window != NULL;
}

void file_part_clear(struct file_part *part)
{
    free(part->window);
    *part = (struct file_part){.window = NULL};
}

size_t file_part_bytes(const struct file_part *part)
{
    return part->window_bytes - part->kept_bytes;
}

void file_part_read(struct file_part *part, int fd, unsigned number, uint64_t from)
{
    const size_t bytes = file_part_bytes(part);
    uint8_t *const to = part->window + part->kept_bytes;
    ssize_t got = 1;

    part->number = number;
    part->from = from;
    part->len = 0;
    while (got > 0 && part->len < bytes) {
        do {
            got = pread(fd, to + part->len, bytes - part->len, (off_t)(from + part->len));
        } while (got < 0 && errno == EINTR);
        part->len += got > 0 ? (size_t)got : 0;
    }
}
