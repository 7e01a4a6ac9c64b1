/* Several interfaces at once. */
#ifndef REPRISE_CAPTURE_WATCHER_H
#define REPRISE_CAPTURE_WATCHER_H

#include "capture/capture.h"

struct watcher;

/* Opens all interfaces or none. */
MUST_CHECK enum capture_opening watcher_open(const struct capture_options *options,
                                             struct watcher **out, struct error *error);
void watcher_close(struct watcher *watcher);

/* As capture_next_batch. An interface that goes away is a CAPTURE_PROBLEM; CAPTURE_END comes when
 * none is left. Waits for at most INTERFACE_TIMEOUT_MS. */
MUST_CHECK enum capture_result watcher_next(struct watcher *watcher, struct frame_batch *out,
                                            struct error *error);
void watcher_refuse(struct watcher *watcher);
void watcher_statistics(struct watcher *watcher, struct capture_statistics *out);
struct capture_problems watcher_problems(const struct watcher *watcher);
const char *watcher_source(const struct watcher *watcher);

#endif
