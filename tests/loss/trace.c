#include "tests/loss/trace.h"

#include "capture/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_SECOND INT64_C(1000000000)

enum { PCAP_SNAPLEN = 262144 };

static const uint32_t nanosecond_magic = 0xa1b23c4d;

void trace_init(struct trace *trace)
{
    *trace = (struct trace){.frames = NULL};
}

void trace_clear(struct trace *trace)
{
    for (size_t i = 0; trace->owns_data && i < trace->count; i++) {
        union {
            const uint8_t *borrowed;
            void *owned;
        } data = {.borrowed = trace->frames[i].data};
        free(data.owned);
    }
    free(trace->frames);
    trace_init(trace);
}

void trace_add(struct trace *trace, const struct frame *frame)
{
    if (trace->count == trace->room) {
        trace->room = trace->room == 0 ? 1024 : 2 * trace->room;
        trace->frames = realloc(trace->frames, trace->room * sizeof(*trace->frames));
        if (trace->frames == NULL) {
            abort();
        }
    }
    trace->frames[trace->count++] = *frame;
}

static void add_copy(struct trace *trace, struct frame frame)
{
    uint8_t *copy = malloc(frame.captured_len > 0 ? frame.captured_len : 1);

    if (copy == NULL) {
        abort();
    }
    if (frame.captured_len > 0) {
        memcpy(copy, frame.data, frame.captured_len);
    }
    frame.data = copy;
    trace_add(trace, &frame);
}

bool trace_load(struct trace *trace, const char *path, struct error *error)
{
    struct capture_options options;
    struct capture *capture;
    struct frame frame;
    enum capture_result result;

    trace_init(trace);
    trace->owns_data = true;
    capture_options_init(&options);
    options.sources = &path;
    options.source_count = 1;
    if (capture_open_files(&options, &capture, error) != CAPTURE_OPENED) {
        return false;
    }
    while ((result = capture_next(capture, &frame, error)) != CAPTURE_END) {
        if (result == CAPTURE_FRAME) {
            add_copy(trace, frame);
        }
    }
    const bool was_readable = capture_problems(capture).unreadable == 0;
    capture_close(capture);
    return was_readable;
}

static bool put_u32(FILE *file, uint32_t value)
{
    return fwrite(&value, sizeof(value), 1, file) == 1;
}

/* magic, version 2.4 as two u16, zone, accuracy, snap length, link type: in this machine's order.
 */
static bool put_file_header(FILE *file, uint32_t link_type)
{
    const uint16_t version[] = {2, 4};

    return put_u32(file, nanosecond_magic) && fwrite(version, sizeof(version), 1, file) == 1 &&
           put_u32(file, 0) && put_u32(file, 0) && put_u32(file, PCAP_SNAPLEN) &&
           put_u32(file, link_type);
}

/* seconds, nanoseconds, bytes kept, bytes on the wire. */
static bool put_frame(FILE *file, const struct frame *frame)
{
    return put_u32(file, (uint32_t)(frame->time_ns / NS_PER_SECOND)) &&
           put_u32(file, (uint32_t)(frame->time_ns % NS_PER_SECOND)) &&
           put_u32(file, frame->captured_len) && put_u32(file, frame->wire_len) &&
           fwrite(frame->data, 1, frame->captured_len, file) == frame->captured_len;
}

bool trace_save(const struct trace *trace, const char *path, struct error *error)
{
    const int link_type = trace->count > 0 ? trace->frames[0].link_type : 0;
    FILE *file = fopen(path, "wb");

    if (file == NULL) {
        return error_set(error, "%s: %s", path, strerror(errno));
    }
    bool is_written = put_file_header(file, (uint32_t)link_type);
    for (size_t i = 0; is_written && i < trace->count; i++) {
        is_written = trace->frames[i].link_type == link_type && put_frame(file, &trace->frames[i]);
    }
    if (fclose(file) != 0 || !is_written) {
        return error_set(error, "%s: cannot be written, or has several link types", path);
    }
    return true;
}
