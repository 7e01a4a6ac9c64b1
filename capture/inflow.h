/* What a source gives, unpacked where it was compressed, seen through a window of fixed size.
 *
 * The window has two parts: one that is read into, and before it room for what was there and not
 * yet taken when the next bytes are read. So each byte of a plain file lies at an address that is
 * its place in the file modulo the size of a page. The kernel copies slowly to one that is a few
 * bytes more: 16 of them cost half as much again. */
#ifndef REPRISE_CAPTURE_INFLOW_H
#define REPRISE_CAPTURE_INFLOW_H

#include "capture/file_part.h"
#include "capture/input.h"
#include "capture/unpack.h"

enum { INFLOW_PAGE_BYTES = 4096 };

struct inflow {
    struct input input;
    struct unpacker *unpacker; /* NULL: not compressed, or not yet known */
    bool is_known;             /* whether it is compressed */
    uint8_t *window;           /* owned */
    size_t kept_bytes;         /* of its first part */
    size_t window_bytes;       /* of both */
    size_t begin;              /* of the bytes that are there and not taken */
    size_t end;
    uint8_t *own_window; /* while a part's window is looked through, else NULL */
};

/* Rounded up. */
size_t inflow_whole_pages(size_t bytes);

/* need_bytes: the most that inflow_fill will be asked for; read_bytes: the most that is read at
 * once. Both are rounded up to pages. Takes the input over, also when it fails. */
MUST_CHECK bool inflow_init(struct inflow *out, const struct input *input, size_t need_bytes,
                            size_t read_bytes, struct error *error);
void inflow_clear(struct inflow *inflow);

enum inflow_result {
    INFLOW_READY,
    INFLOW_IDLE,    /* a source that may wait has given nothing for 100 ms: ask again */
    INFLOW_END,     /* fewer are there, and no more will come */
    INFLOW_DAMAGED, /* so, and the sentence is in error, without the name of the file */
};

/* Makes `need` bytes visible. Whatever the result, what is there can be taken. */
MUST_CHECK enum inflow_result inflow_fill(struct inflow *inflow, size_t need, struct error *error);

/* The bytes that are there. Borrowed until the next inflow_fill. */
const uint8_t *inflow_data(const struct inflow *inflow);
size_t inflow_len(const struct inflow *inflow);
void inflow_take(struct inflow *inflow, size_t len);

/* Takes back what was taken since the last inflow_fill, or a part of it. */
void inflow_give_back(struct inflow *inflow, size_t len);

/* What may be read in parts now, of a plain file. */
struct file_offer inflow_offer(const struct inflow *inflow);

/* Goes on in a part that was read beside: what is left lies before it, in its window, which is of
 * the same size as the inflow's. False when it is not what follows. Nothing but data, len, take and
 * give_back may be asked for until inflow_leave. */
MUST_CHECK bool inflow_enter(struct inflow *inflow, const struct file_part *part);

/* What was not taken is kept. The part's bytes stay where they are. */
void inflow_leave(struct inflow *inflow);

#endif
