/* A pcap file as nearly all of them are, frame by frame and without a copy: version 2.4, of either
 * byte order, in micro- or nanoseconds, of a link type whose frames libpcap hands out as they are
 * in the file. All others are libpcap's (capture/pcap_stream.h), which knows their history. */
#ifndef REPRISE_CAPTURE_PCAP_FILE_H
#define REPRISE_CAPTURE_PCAP_FILE_H

#include "capture/frame_batch.h"
#include "capture/inflow.h"

#include "dissect/net/frame.h"

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PCAP_FILE_HEADER_BYTES = 24,
    PCAP_FILE_RECORD_BYTES = 16 + 262144, /* the longest, with its header; a window must hold it */
};

struct pcap_file {
    struct inflow *inflow; /* borrowed */
    bool is_big_endian;
    uint32_t fraction_ns; /* nanoseconds in a unit of a record's second number: 1 or 1000 */
    int link_type;        /* LINKTYPE_ */
    uint32_t snaplen;
    size_t taken; /* bytes of the records that the frames handed out last lie in */
};

/* True when the file is one of these, its header visible and not taken: then it is. Otherwise
 * nothing is. */
MUST_CHECK bool pcap_file_open(struct pcap_file *out, struct inflow *inflow);

enum pcap_file_result {
    PCAP_FILE_FRAME,
    PCAP_FILE_IDLE, /* as INFLOW_IDLE; calling again goes on where it was */
    PCAP_FILE_END,
    PCAP_FILE_DAMAGED, /* or cut: the sentence is in error, without the file's name */
};

/* The frame is borrowed until the next call. */
MUST_CHECK enum pcap_file_result pcap_file_next(struct pcap_file *file, struct frame *out,
                                                struct error *error);

/* Adds the frames behind the last one that are there without reading, as many as there is room for.
 * Borrowed as the last one. */
void pcap_file_add_visible(struct pcap_file *file, struct frame_batch *out);

/* Nobody borrows the last frames any more. */
void pcap_file_settle(struct pcap_file *file);

#endif
