#include "capture/pcap_stream.h"

#include "capture/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUFFER_BYTES = 1024 * 1024, /* stdio's own 4 KiB cost a system call for every three packets */
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
    return stream->buffer != NULL && setvbuf(file, stream->buffer, _IOFBF, BUFFER_BYTES) == 0;
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

enum pcap_stream_result pcap_stream_next(struct pcap_stream *stream, struct frame *out,
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
