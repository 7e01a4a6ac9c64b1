/* One captured frame: the seam between capture/, which knows libpcap, and the dissector, which
 * knows bytes. */
#ifndef REPRISE_DISSECT_NET_FRAME_H
#define REPRISE_DISSECT_NET_FRAME_H

#include <stdint.h>

struct frame {
    int64_t time_ns;       /* capture time, nanoseconds since the epoch */
    uint32_t captured_len; /* bytes at data */
    uint32_t wire_len;     /* bytes the frame had; > captured_len when the snap length cut it */
    int link_type;         /* LINKTYPE_ value of pcap-linktype(7), e.g. 1 = Ethernet */
    const uint8_t *data;   /* borrowed until the next frame is asked for */
};

#endif
