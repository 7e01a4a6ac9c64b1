/* A pcap file through libpcap, which reads from our inflow. */
#ifndef REPRISE_CAPTURE_PCAP_STREAM_H
#define REPRISE_CAPTURE_PCAP_STREAM_H

#include "capture/frame_batch.h"
#include "capture/inflow.h"

#include <pcap.h>

enum pcap_stream_result {
    PCAP_STREAM_FRAME,
    PCAP_STREAM_IDLE,
    PCAP_STREAM_END,
    PCAP_STREAM_DAMAGED, /* the sentence is in error, without the name of the file */
};

struct pcap_stream {
    struct inflow *inflow; /* borrowed */
    pcap_t *handle;
    int datalink;
    char *buffer;  /* owned; NULL where the source may wait */
    uint8_t *room; /* owned: for copies of frames that are handed out together; NULL likewise */
    size_t header_bytes; /* of a record */
    bool is_little_endian;
    struct error damage; /* of the inflow, "" while there is none: libpcap sees only an end */
    enum pcap_stream_result ending; /* that has come behind frames, not told yet */
    struct error last_words;        /* of that */
};

/* The first four bytes of the file are visible, or fewer are there. Waits for the rest of the
 * header. False with libpcap's words; what was allocated is pcap_stream_close's, always. */
MUST_CHECK bool pcap_stream_open(struct pcap_stream *out, struct inflow *inflow,
                                 struct error *error);
void pcap_stream_close(struct pcap_stream *stream);

/* One frame at least, and as many as are worth a copy: libpcap lends one at a time. Borrowed until
 * the next call. */
MUST_CHECK enum pcap_stream_result pcap_stream_next(struct pcap_stream *stream,
                                                    struct frame_batch *out, struct error *error);

#endif
