#include "capture/watcher.h"

#include "capture/filter.h"
#include "capture/interface.h"

#include <poll.h>
#include <stdlib.h>

struct watcher {
    struct interface *interfaces;
    struct pollfd *poll_fds; /* one per interface; fd -1 when it is gone */
    size_t count;
    size_t last; /* whose frames were handed out last */
    struct capture_problems problems;
};

static enum capture_opening open_interface(struct watcher *watcher, size_t index,
                                           const struct capture_options *options,
                                           struct error *error)
{
    struct interface *const interface = &watcher->interfaces[index];
    struct filter filter;

    if (!interface_open(interface, options->sources[index], options, error)) {
        return CAPTURE_NOT_OPENED;
    }
    watcher->count++;
    watcher->poll_fds[index] = (struct pollfd){.fd = interface_fd(interface), .events = POLLIN};
    filter_init(&filter, options->filter);
    const bool is_filtered = filter_apply(&filter, interface->handle, error);
    filter_clear(&filter);
    return is_filtered ? CAPTURE_OPENED : CAPTURE_BAD_FILTER;
}

static enum capture_opening set_up(struct watcher *watcher, const struct capture_options *options,
                                   struct error *error)
{
    enum capture_opening opening = CAPTURE_OPENED;

    watcher->interfaces = calloc(options->source_count, sizeof(*watcher->interfaces));
    watcher->poll_fds = calloc(options->source_count, sizeof(*watcher->poll_fds));
    if (watcher->interfaces == NULL || watcher->poll_fds == NULL) {
        (void)error_set(error, "no memory to watch interfaces");
        return CAPTURE_NOT_OPENED;
    }
    for (size_t i = 0; i < options->source_count && opening == CAPTURE_OPENED; i++) {
        opening = open_interface(watcher, i, options, error);
    }
    return opening;
}

enum capture_opening watcher_open(const struct capture_options *options, struct watcher **out,
                                  struct error *error)
{
    struct watcher *watcher = calloc(1, sizeof(*watcher));

    *out = NULL;
    if (watcher == NULL) {
        (void)error_set(error, "no memory to watch interfaces");
        return CAPTURE_NOT_OPENED;
    }
    const enum capture_opening opening = set_up(watcher, options, error);
    if (opening != CAPTURE_OPENED) {
        watcher_close(watcher);
        return opening;
    }
    *out = watcher;
    return opening;
}

void watcher_close(struct watcher *watcher)
{
    if (watcher == NULL) {
        return;
    }
    for (size_t i = 0; i < watcher->count; i++) {
        interface_close(&watcher->interfaces[i]);
    }
    free(watcher->interfaces);
    free(watcher->poll_fds);
    free(watcher);
}

/* Asks each interface that has no frames left. False when one of them has gone. */
static bool look(struct watcher *watcher, struct error *error)
{
    for (size_t i = 0; i < watcher->count; i++) {
        struct interface *const interface = &watcher->interfaces[i];
        if (interface->handle == NULL || interface_peek(interface) != NULL) {
            continue;
        }
        if (interface_fetch(interface, error) == INTERFACE_GONE) {
            watcher->poll_fds[i].fd = -1;
            watcher->problems.unreadable++;
            return false;
        }
    }
    return true;
}

/* The interface with the earliest frame, but for one of them; watcher->count when none has any. */
static size_t earliest(const struct watcher *watcher, size_t but)
{
    size_t best = watcher->count;
    int64_t best_ns = 0;

    for (size_t i = 0; i < watcher->count; i++) {
        const struct frame *const frame = interface_peek(&watcher->interfaces[i]);
        if (i != but && frame != NULL && (best == watcher->count || frame->time_ns < best_ns)) {
            best = i;
            best_ns = frame->time_ns;
        }
    }
    return best;
}

static bool has_interface(const struct watcher *watcher)
{
    for (size_t i = 0; i < watcher->count; i++) {
        if (watcher->interfaces[i].handle != NULL) {
            return true;
        }
    }
    return false;
}

/* As many frames of one interface as come before any of the others. */
static enum capture_result hand_out(struct watcher *watcher, size_t index, struct frame_batch *out)
{
    struct interface *const interface = &watcher->interfaces[index];
    const size_t other = earliest(watcher, index);
    const int64_t until_ns =
        other == watcher->count ? INT64_MAX : interface_peek(&watcher->interfaces[other])->time_ns;
    const struct frame *frame = interface_peek(interface);

    watcher->last = index;
    out->count = 0;
    while (frame != NULL && out->count < out->capacity && frame->time_ns <= until_ns) {
        out->frames[out->count++] = *frame;
        interface->next++;
        frame = interface_peek(interface);
    }
    return CAPTURE_FRAME;
}

enum capture_result watcher_next(struct watcher *watcher, struct frame_batch *out,
                                 struct error *error)
{
    if (!look(watcher, error)) {
        return CAPTURE_PROBLEM;
    }
    size_t index = earliest(watcher, watcher->count);
    if (index < watcher->count) {
        return hand_out(watcher, index, out);
    }
    if (!has_interface(watcher)) {
        return CAPTURE_END;
    }
    (void)poll(watcher->poll_fds, (nfds_t)watcher->count, INTERFACE_TIMEOUT_MS);
    if (!look(watcher, error)) {
        return CAPTURE_PROBLEM;
    }
    index = earliest(watcher, watcher->count);
    return index < watcher->count ? hand_out(watcher, index, out) : CAPTURE_IDLE;
}

void watcher_refuse(struct watcher *watcher)
{
    struct interface *const interface = &watcher->interfaces[watcher->last];

    interface_count(interface);
    interface_close(interface);
    watcher->poll_fds[watcher->last].fd = -1;
    watcher->problems.unreadable++;
}

void watcher_statistics(struct watcher *watcher, struct capture_statistics *out)
{
    out->has_kernel_counts = true;
    for (size_t i = 0; i < watcher->count; i++) {
        struct interface *const interface = &watcher->interfaces[i];
        interface_count(interface);
        out->received_by_filter += interface->received;
        out->dropped_by_kernel += interface->dropped;
        out->dropped_by_interface += interface->dropped_by_interface;
    }
}

struct capture_problems watcher_problems(const struct watcher *watcher)
{
    return watcher->problems;
}

const char *watcher_source(const struct watcher *watcher)
{
    return watcher->interfaces[watcher->last].name;
}
