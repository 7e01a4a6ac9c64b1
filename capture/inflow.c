#include "capture/inflow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

size_t inflow_whole_pages(size_t bytes)
{
    return (bytes + INFLOW_PAGE_BYTES - 1) / INFLOW_PAGE_BYTES * INFLOW_PAGE_BYTES;
}

bool inflow_init(struct inflow *out, const struct input *input, size_t need_bytes,
                 size_t read_bytes, struct error *error)
{
    const size_t kept_bytes = inflow_whole_pages(need_bytes);

    *out = (struct inflow){
        .input = *input,
        .kept_bytes = kept_bytes,
        .window_bytes = kept_bytes + inflow_whole_pages(read_bytes),
        .begin = kept_bytes,
        .end = kept_bytes,
    };
    out->window = aligned_alloc(INFLOW_PAGE_BYTES, out->window_bytes);
    if (out->window == NULL) {
        input_close(&out->input);
        return error_set(error, "no memory to read it");
    }
    return true;
}

void inflow_clear(struct inflow *inflow)
{
    input_close(&inflow->input);
    unpacker_free(inflow->unpacker);
    free(inflow->window);
    *inflow = (struct inflow){.input = {.fd = -1}};
}

const uint8_t *inflow_data(const struct inflow *inflow)
{
    return inflow->window + inflow->begin;
}

size_t inflow_len(const struct inflow *inflow)
{
    return inflow->end - inflow->begin;
}

void inflow_take(struct inflow *inflow, size_t len)
{
    assert(len <= inflow_len(inflow));
    inflow->begin += len;
}

void inflow_give_back(struct inflow *inflow, size_t len)
{
    assert(len <= inflow->begin);
    inflow->begin -= len;
}

/* Moves what is left to right before the place of the byte that is read next. A pipe that gives
 * little at once goes on behind it as long as there is room. */
static void make_room(struct inflow *inflow)
{
    const size_t len = inflow_len(inflow);
    const size_t read_bytes = inflow->window_bytes - inflow->kept_bytes;
    const size_t place = inflow->kept_bytes +
                         (inflow->unpacker == NULL ? inflow->input.bytes % INFLOW_PAGE_BYTES : 0);

    if (len > 0 && inflow->window_bytes - inflow->end > read_bytes / 2) {
        return;
    }
    assert(len <= inflow->kept_bytes);
    memmove(inflow->window + place - len, inflow_data(inflow), len);
    inflow->begin = place - len;
    inflow->end = place;
}

static enum inflow_result result_of(enum input_result result)
{
    switch (result) {
    case INPUT_BYTES:
        return INFLOW_READY;
    case INPUT_IDLE:
        return INFLOW_IDLE;
    case INPUT_END:
        return INFLOW_END;
    case INPUT_FAILED:
        break;
    }
    return INFLOW_DAMAGED;
}

static enum inflow_result read_plain(struct inflow *inflow, size_t most, struct error *error)
{
    size_t got;
    const enum input_result result =
        input_read(&inflow->input, inflow->window + inflow->end, most, &got, error);

    inflow->end += got;
    return result_of(result);
}

/* The end of the input is one of the compressed data only where these are whole. */
static enum inflow_result feed(struct inflow *inflow, struct error *error)
{
    size_t size;
    size_t got;
    uint8_t *const room = unpacker_room(inflow->unpacker, &size);
    const enum input_result result = input_read(&inflow->input, room, size, &got, error);

    unpacker_fed(inflow->unpacker, got);
    if (result == INPUT_END && !unpacker_is_whole(inflow->unpacker, error)) {
        return INFLOW_DAMAGED;
    }
    return result_of(result);
}

static enum inflow_result read_packed(struct inflow *inflow, struct error *error)
{
    size_t made;
    const enum unpack_result result =
        unpacker_run(inflow->unpacker, inflow->window + inflow->end,
                     inflow->window_bytes - inflow->end, &made, error);

    inflow->end += made;
    switch (result) {
    case UNPACK_MADE:
        return INFLOW_READY;
    case UNPACK_HUNGRY:
        return feed(inflow, error);
    case UNPACK_DAMAGED:
        break;
    }
    return INFLOW_DAMAGED;
}

/* Where the first bytes are those of a compression, they go to its unpacker. */
static enum inflow_result begin_unpacking(struct inflow *inflow, struct error *error)
{
    const struct unpack_format *format = unpack_find(inflow_data(inflow), inflow_len(inflow));
    size_t size;

    inflow->is_known = true;
    if (format == NULL) {
        return INFLOW_READY;
    }
    inflow->unpacker = unpacker_new(format, unpack_default_limits(), error);
    if (inflow->unpacker == NULL) {
        return INFLOW_DAMAGED;
    }
    uint8_t *const room = unpacker_room(inflow->unpacker, &size);
    assert(inflow_len(inflow) <= size);
    memcpy(room, inflow_data(inflow), inflow_len(inflow));
    unpacker_fed(inflow->unpacker, inflow_len(inflow));
    inflow->begin = inflow->end;
    return INFLOW_READY;
}

/* Reads no more than the magic before it is known whose it is. */
static enum inflow_result recognise(struct inflow *inflow, struct error *error)
{
    while (inflow_len(inflow) < UNPACK_MAGIC_BYTES) {
        const enum inflow_result result =
            read_plain(inflow, UNPACK_MAGIC_BYTES - inflow_len(inflow), error);
        if (result == INFLOW_END) {
            break;
        }
        if (result != INFLOW_READY) {
            return result;
        }
    }
    return begin_unpacking(inflow, error);
}

static enum inflow_result read_more(struct inflow *inflow, size_t need, struct error *error)
{
    enum inflow_result result = inflow->is_known ? INFLOW_READY : recognise(inflow, error);

    while (result == INFLOW_READY && inflow_len(inflow) < need) {
        make_room(inflow);
        result = inflow->unpacker != NULL
                     ? read_packed(inflow, error)
                     : read_plain(inflow, inflow->window_bytes - inflow->end, error);
    }
    return result;
}

enum inflow_result inflow_fill(struct inflow *inflow, size_t need, struct error *error)
{
    assert(need >= 1 && need <= inflow->kept_bytes);
    return inflow_len(inflow) >= need && inflow->is_known ? INFLOW_READY
                                                          : read_more(inflow, need, error);
}

static uint64_t position(const struct inflow *inflow)
{
    return inflow->input.begin + inflow->input.bytes;
}

struct file_offer inflow_offer(const struct inflow *inflow)
{
    const struct input *const input = &inflow->input;

    if (!input->is_regular || input->is_followed || input->fd < 0 || inflow->unpacker != NULL ||
        !inflow->is_known || position(inflow) % INFLOW_PAGE_BYTES != 0) {
        return (struct file_offer){.fd = -1};
    }
    return (struct file_offer){.fd = input->fd, .from = position(inflow), .to = input->size};
}

bool inflow_enter(struct inflow *inflow, const struct file_part *part)
{
    const size_t len = inflow_len(inflow);

    assert(part->window_bytes == inflow->window_bytes && part->kept_bytes == inflow->kept_bytes);
    if (part->from != position(inflow) || inflow->unpacker != NULL || len > part->kept_bytes) {
        return false;
    }
    memcpy(part->window + part->kept_bytes - len, inflow_data(inflow), len);
    inflow->own_window = inflow->window;
    inflow->window = part->window;
    inflow->begin = part->kept_bytes - len;
    inflow->end = part->kept_bytes + part->len;
    inflow->input.bytes += part->len;
    return true;
}

void inflow_leave(struct inflow *inflow)
{
    const size_t len = inflow_len(inflow);
    const size_t place = len > inflow->kept_bytes ? len : inflow->kept_bytes;

    memcpy(inflow->own_window + place - len, inflow_data(inflow), len);
    inflow->window = inflow->own_window;
    inflow->own_window = NULL;
    inflow->begin = place - len;
    inflow->end = place;
}
