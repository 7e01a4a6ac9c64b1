/* One interface, watched live. */
#ifndef REPRISE_CAPTURE_INTERFACE_H
#define REPRISE_CAPTURE_INTERFACE_H

#include "capture/capture.h"

#include <pcap.h>

enum { INTERFACE_TIMEOUT_MS = 100 }; /* how long the kernel may keep a frame back */

struct interface {
    const char *name; /* borrowed */
    pcap_t *handle;   /* NULL: gone */
    int64_t fraction_ns;
    struct pcap_stat counted; /* as last asked: the kernel's counters wrap at 32 bits */
    uint64_t received;
    uint64_t dropped;
    uint64_t dropped_by_interface;
    bool has_frame; /* a frame waits in `frame` for its turn */
    struct frame frame;
};

/* Opens for capture, in non-blocking mode. On failure nothing stays open. */
MUST_CHECK bool interface_open(struct interface *out, const char *name,
                               const struct capture_options *options, struct error *error);
void interface_close(struct interface *interface);

/* Descriptor to poll for frames. */
int interface_fd(const struct interface *interface);

enum interface_result { INTERFACE_FRAME, INTERFACE_NOTHING, INTERFACE_GONE };

/* Fills interface->frame, borrowed until the next call. INTERFACE_GONE closes it: the sentence is
 * in error, its counters stay. */
MUST_CHECK enum interface_result interface_fetch(struct interface *interface, struct error *error);

/* Brings the counters up to date. */
void interface_count(struct interface *interface);

#endif
