/* One interface, watched live. */
#ifndef REPRISE_CAPTURE_INTERFACE_H
#define REPRISE_CAPTURE_INTERFACE_H

#include "capture/capture.h"

#include <pcap.h>

enum {
    INTERFACE_TIMEOUT_MS = 100, /* how long the kernel may keep a frame back */
    INTERFACE_FRAMES = 128,     /* fetched at once */
};

struct interface {
    const char *name; /* borrowed */
    pcap_t *handle;   /* NULL: gone */
    int datalink;
    int64_t fraction_ns;
    struct pcap_stat counted; /* as last asked: the kernel's counters wrap at 32 bits */
    uint64_t received;
    uint64_t dropped;
    uint64_t dropped_by_interface;
    /* Frames that were fetched, those from `next` on still to be handed out. Their bytes are
     * copies: libpcap gives a block of its ring back to the kernel together with the block's last
     * frame. */
    struct frame fetched[INTERFACE_FRAMES];
    size_t count;
    size_t next;
    uint8_t *room; /* for the bytes of INTERFACE_FRAMES frames of snaplen; used from the front */
    size_t used;
};

/* Opens for capture, in non-blocking mode. On failure nothing stays open. */
MUST_CHECK bool interface_open(struct interface *out, const char *name,
                               const struct capture_options *options, struct error *error);
void interface_close(struct interface *interface);

/* Descriptor to poll for frames. */
int interface_fd(const struct interface *interface);

/* Its next frame, NULL where none is fetched. */
const struct frame *interface_peek(const struct interface *interface);

enum interface_result { INTERFACE_FRAME, INTERFACE_NOTHING, INTERFACE_GONE };

/* Fetches what is there, when all that was fetched before is handed out and no longer borrowed.
 * INTERFACE_GONE closes it: the sentence is in error, its counters stay. */
MUST_CHECK enum interface_result interface_fetch(struct interface *interface, struct error *error);

/* Brings the counters up to date. */
void interface_count(struct interface *interface);

#endif
