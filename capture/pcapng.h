/* A pcapng file, frame by frame: sections of either byte order, interfaces of any link type and
 * resolution, each kind of packet block. libpcap reads only files whose interfaces are alike. */
#ifndef REPRISE_CAPTURE_PCAPNG_H
#define REPRISE_CAPTURE_PCAPNG_H

#include "capture/frame_batch.h"
#include "capture/inflow.h"
#include "capture/pcapng_block.h"

#include "dissect/net/frame.h"

enum { PCAPNG_BLOCK_BYTES = 512 * 1024 }; /* a window must hold so many */

struct pcapng {
    struct inflow *inflow; /* borrowed */
    bool is_big_endian;
    struct pcapng_interface *interfaces; /* owned: those of this section */
    size_t count;
    size_t capacity;
    size_t taken;        /* bytes of the block that the last frame lies in */
    uint32_t skipped;    /* length of the block that is being passed over; 0: none */
    uint32_t skip_left;  /* bytes of it, without the length at its end */
    bool has_section;    /* false: nothing was read yet */
    bool has_interface;  /* in any section */
    bool is_mixed;       /* interfaces differ in link type */
    int first_link_type; /* once has_interface */
};

void pcapng_init(struct pcapng *out, struct inflow *inflow);
void pcapng_clear(struct pcapng *pcapng);

enum pcapng_result {
    PCAPNG_FRAME,
    PCAPNG_IDLE, /* as INFLOW_IDLE; calling again goes on where it was */
    PCAPNG_END,
    PCAPNG_CUT,     /* ends inside a block: the sentence is in error, without the file's name */
    PCAPNG_DAMAGED, /* so, but for what a block says */
    PCAPNG_NOTHING, /* a block without a packet: call again */
};

/* Reads one block. The frame is borrowed until the next call. */
MUST_CHECK enum pcapng_result pcapng_step(struct pcapng *pcapng, struct frame *out,
                                          struct error *error);

/* As pcapng_step, up to a frame: never PCAPNG_NOTHING. */
MUST_CHECK enum pcapng_result pcapng_next(struct pcapng *pcapng, struct frame *out,
                                          struct error *error);

/* Adds the frames behind the last one that are there without reading and of one link type, as many
 * as there is room for. Borrowed as the last one. */
void pcapng_add_visible(struct pcapng *pcapng, struct frame_batch *out);

/* Nobody borrows the last frames any more. */
void pcapng_settle(struct pcapng *pcapng);

#endif
