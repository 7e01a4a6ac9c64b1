#include "capture/pcap_stream.h"

#include "capture/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUFFER_BYTES = 8 * 1024, /* of stdio: what goes through it stays in the cache */
    ROOM_BYTES = 128 * 1024,
    AT_ONCE = 64, /* frames that are copied, at most */
    RECORD_HEADER_BYTES = 16,
    PATCHED_HEADER_BYTES = 24,
    LENGTH_OFFSET = 8, /* of the captured length in a record's header */
    MOST_CAPTURED = 262144,
};

/* Some patched tcpdumps have written longer headers of records. */
static const uint32_t patched_magic = 0xa1b2cd34;

static uint32_t read_u32(const uint8_t *bytes, bool is_little_endian)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < sizeof(value); i++) {
        value = value << 8 | bytes[is_little_endian ? sizeof(value) - 1 - i : i];
    }
    return value;
}

/* Waits for bytes where they may be late. */
static enum inflow_result fill(struct pcap_stream *stream)
{
    enum inflow_result result;

    do {
        result = inflow_fill(stream->inflow, 1, &stream->damage);
    } while (result == INFLOW_IDLE);
    return result;
}

/* The read function under the FILE that libpcap reads from. */
static ssize_t cookie_read(void *cookie, char *buffer, size_t size)
{
    struct pcap_stream *const stream = cookie;

    if (fill(stream) != INFLOW_READY) {
        return 0;
    }
    const size_t there = inflow_len(stream->inflow);
    const size_t count = there < size ? there : size;
    memcpy(buffer, inflow_data(stream->inflow), count);
    inflow_take(stream->inflow, count);
    return (ssize_t)count;
}

/* Where waiting is possible libpcap must find exactly what pcap_stream_next has seen: nothing may
 * lie in a buffer of stdio. */
static bool set_buffer(struct pcap_stream *stream, FILE *file)
{
    if (input_may_wait(&stream->inflow->input)) {
        return setvbuf(file, NULL, _IONBF, 0) == 0;
    }
    stream->buffer = malloc(BUFFER_BYTES);
    stream->room = malloc(ROOM_BYTES);
    return stream->buffer != NULL && stream->room != NULL &&
           setvbuf(file, stream->buffer, _IOFBF, BUFFER_BYTES) == 0;
}

static FILE *open_file(struct pcap_stream *stream, struct error *error)
{
    const cookie_io_functions_t functions = {.read = cookie_read};
    FILE *file = fopencookie(stream, "rb", functions);

    if (file == NULL || !set_buffer(stream, file)) {
        (void)error_set(error, "no memory to read it");
        if (file != NULL) {
            (void)fclose(file);
        }
        return NULL;
    }
    return file;
}

static void see_magic(struct pcap_stream *stream)
{
    const uint8_t *const bytes = inflow_data(stream->inflow);

    stream->is_little_endian = inflow_len(stream->inflow) > 0 && bytes[0] != 0xa1;
    stream->header_bytes = RECORD_HEADER_BYTES;
    if (inflow_len(stream->inflow) >= sizeof(uint32_t) &&
        read_u32(bytes, stream->is_little_endian) == patched_magic) {
        stream->header_bytes = PATCHED_HEADER_BYTES;
    }
}

bool pcap_stream_open(struct pcap_stream *out, struct inflow *inflow, struct error *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";

    *out = (struct pcap_stream){.inflow = inflow};
    see_magic(out);
    FILE *file = open_file(out, error);
    if (file == NULL) {
        return false;
    }
    out->handle =
        pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, reason);
    if (out->handle == NULL) {
        (void)fclose(file);
        return error_set(error, "%s", reason);
    }
    out->datalink = pcap_datalink(out->handle);
    return true;
}

void pcap_stream_close(struct pcap_stream *stream)
{
    if (stream->handle != NULL) {
        pcap_close(stream->handle);
    }
    free(stream->buffer);
    free(stream->room);
    *stream = (struct pcap_stream){.handle = NULL};
}

/* Looks whether the next record is there as a whole: inside libpcap nothing can be waited for
 * without losing the thread. Where a length is absurd, or no more will come, libpcap may say so. */
static enum inflow_result see_record(struct pcap_stream *stream)
{
    const size_t header_bytes = stream->header_bytes;
    const enum inflow_result filled = inflow_fill(stream->inflow, header_bytes, &stream->damage);

    if (filled != INFLOW_READY) {
        return filled;
    }
    const uint32_t len =
        read_u32(inflow_data(stream->inflow) + LENGTH_OFFSET, stream->is_little_endian);
    if (len > MOST_CAPTURED) {
        return INFLOW_READY;
    }
    return inflow_fill(stream->inflow, header_bytes + len, &stream->damage);
}

static enum pcap_stream_result lend(struct pcap_stream *stream, struct frame *out,
                                    struct error *error)
{
    struct pcap_pkthdr *header;
    const u_char *data;

    if (stream->buffer == NULL && see_record(stream) == INFLOW_IDLE) {
        return PCAP_STREAM_IDLE;
    }
    const int got = pcap_next_ex(stream->handle, &header, &data);
    if (got == 1) {
        record_to_frame(header, data, stream->datalink, 1, out);
        return PCAP_STREAM_FRAME;
    }
    if (stream->damage.text[0] != '\0') {
        *error = stream->damage;
        return PCAP_STREAM_DAMAGED;
    }
    if (got == PCAP_ERROR_BREAK) {
        return PCAP_STREAM_END;
    }
    (void)error_set(error, "%s", pcap_geterr(stream->handle));
    return PCAP_STREAM_DAMAGED;
}

/* Copies the frame that libpcap lends, so that it can lend another. False where it cannot, or need
 * not: the last of a batch stays lent. *used: of the room. */
static bool keep(const struct pcap_stream *stream, const struct frame_batch *batch, size_t *used)
{
    struct frame *const last = &batch->frames[batch->count - 1];

    if (stream->room == NULL || batch->count == batch->capacity || batch->count == AT_ONCE ||
        last->captured_len > ROOM_BYTES - *used) {
        return false;
    }
    last->data = memcpy(stream->room + *used, last->data, last->captured_len);
    *used += last->captured_len;
    return true;
}

enum pcap_stream_result pcap_stream_next(struct pcap_stream *stream, struct frame_batch *out,
                                         struct error *error)
{
    bool goes_on = stream->ending == PCAP_STREAM_FRAME;
    size_t used = 0;

    out->count = 0;
    while (goes_on) {
        const enum pcap_stream_result result =
            lend(stream, &out->frames[out->count], &stream->last_words);
        if (result == PCAP_STREAM_IDLE) {
            return result; /* only where frames come one by one */
        }
        stream->ending = result;
        out->count += result == PCAP_STREAM_FRAME;
        goes_on = result == PCAP_STREAM_FRAME && keep(stream, out, &used);
    }
    if (out->count > 0) {
        return PCAP_STREAM_FRAME;
    }
    *error = stream->last_words;
    return stream->ending;
}
