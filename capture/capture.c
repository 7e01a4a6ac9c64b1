#include "capture/capture.h"

#include "capture/file_queue.h"
#include "capture/savefile.h"
#include "capture/watcher.h"

#include <pcap.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    DEFAULT_SNAPLEN = 262144,
    DEFAULT_BUFFER_KIB = 64 * 1024,
    SMALLEST_RECORD = 16, /* of pcap, and of pcapng */
};

/* One of the two is NULL. */
struct capture {
    struct file_queue *files;
    struct watcher *watcher;
    size_t read_bytes;
    atomic_bool stop;
    uint64_t frames;
};

_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2, "capture_stop is called from signal handlers");

void capture_options_init(struct capture_options *options)
{
    *options = (struct capture_options){
        .snaplen = DEFAULT_SNAPLEN,
        .buffer_kib = DEFAULT_BUFFER_KIB,
        .is_promiscuous = true,
    };
}

static struct capture *new_capture(const struct capture_options *options, struct error *error)
{
    struct capture *capture = calloc(1, sizeof(*capture));

    if (capture == NULL) {
        (void)error_set(error, "no memory for a capture");
        return NULL;
    }
    capture->read_bytes = options->read_bytes != 0 ? options->read_bytes : SAVEFILE_READ_BYTES;
    atomic_init(&capture->stop, false);
    return capture;
}

static enum capture_opening finish_opening(struct capture *capture, enum capture_opening opening,
                                           struct capture **out)
{
    if (opening == CAPTURE_OPENED) {
        *out = capture;
    } else {
        capture_close(capture);
    }
    return opening;
}

enum capture_opening capture_open_files(const struct capture_options *options, struct capture **out,
                                        struct error *error)
{
    struct capture *capture = new_capture(options, error);

    *out = NULL;
    if (capture == NULL) {
        return CAPTURE_NOT_OPENED;
    }
    struct capture_options complete = *options;
    complete.read_bytes = capture->read_bytes;
    return finish_opening(capture,
                          file_queue_open(&complete, &capture->stop, &capture->files, error), out);
}

enum capture_opening capture_open_interfaces(const struct capture_options *options,
                                             struct capture **out, struct error *error)
{
    struct capture *capture = new_capture(options, error);

    *out = NULL;
    if (capture == NULL) {
        return CAPTURE_NOT_OPENED;
    }
    return finish_opening(capture, watcher_open(options, &capture->watcher, error), out);
}

void capture_close(struct capture *capture)
{
    if (capture == NULL) {
        return;
    }
    file_queue_close(capture->files);
    watcher_close(capture->watcher);
    free(capture);
}

bool capture_has_source(const struct capture *capture)
{
    return capture->watcher != NULL || file_queue_has_source(capture->files);
}

enum capture_result capture_next_batch(struct capture *capture, struct frame_batch *out,
                                       struct error *error)
{
    if (atomic_load_explicit(&capture->stop, memory_order_relaxed)) {
        return CAPTURE_END;
    }
    const enum capture_result result = capture->files != NULL
                                           ? file_queue_next(capture->files, out, error)
                                           : watcher_next(capture->watcher, out, error);
    if (result == CAPTURE_FRAME) {
        capture->frames += out->count;
    }
    return result;
}

enum capture_result capture_next(struct capture *capture, struct frame *out, struct error *error)
{
    struct frame_batch one = {.frames = out, .capacity = 1};

    return capture_next_batch(capture, &one, error);
}

struct file_offer capture_offer(const struct capture *capture)
{
    return capture->files != NULL ? file_queue_offer(capture->files)
                                  : (struct file_offer){.fd = -1};
}

bool capture_part_init(const struct capture *capture, struct file_part *out)
{
    return file_part_init(out, SAVEFILE_NEED_BYTES, capture->read_bytes);
}

size_t capture_frames_of_part(const struct file_part *part)
{
    return part->window_bytes / SMALLEST_RECORD + 1;
}

bool capture_next_of_part(struct capture *capture, const struct file_part *part,
                          struct frame_batch *out)
{
    const bool is_next = file_queue_next_of_part(capture->files, part, out);

    capture->frames += out->count;
    return is_next;
}

void capture_refuse_source(struct capture *capture)
{
    if (capture->files != NULL) {
        file_queue_refuse(capture->files);
    } else {
        watcher_refuse(capture->watcher);
    }
}

void capture_stop(struct capture *capture)
{
    atomic_store(&capture->stop, true);
}

void capture_statistics(struct capture *capture, struct capture_statistics *out)
{
    *out = (struct capture_statistics){.frames = capture->frames};
    if (capture->watcher != NULL) {
        watcher_statistics(capture->watcher, out);
        return;
    }
    out->received_by_filter = capture->frames;
    file_queue_progress(capture->files, &out->bytes_read, &out->bytes_total);
}

struct capture_problems capture_problems(const struct capture *capture)
{
    return capture->files != NULL ? file_queue_problems(capture->files)
                                  : watcher_problems(capture->watcher);
}

const char *capture_source(const struct capture *capture)
{
    return capture->files != NULL ? file_queue_source(capture->files)
                                  : watcher_source(capture->watcher);
}

/* Link types below DLT_USER are the same number in both spaces, or unknown to libpcap. */
const char *capture_link_name(int link_type)
{
    const char *const name = pcap_datalink_val_to_name(link_type);

    return name != NULL ? name : "unknown to libpcap";
}

const char *capture_library_version(void)
{
    return pcap_lib_version();
}
