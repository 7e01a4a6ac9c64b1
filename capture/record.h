/* From libpcap's record header to our frame. */
#ifndef REPRISE_CAPTURE_RECORD_H
#define REPRISE_CAPTURE_RECORD_H

#include "dissect/net/frame.h"

#include <pcap.h>

/* fraction_ns: nanoseconds that one unit of header->ts.tv_usec stands for, 1 or 1000. A time that
 * does not fit nanoseconds since the epoch is clamped: it was wrong anyway. */
void record_to_frame(const struct pcap_pkthdr *header, const u_char *data, int datalink,
                     int64_t fraction_ns, struct frame *out);

/* The LINKTYPE_ value of a DLT_ value of this system: they differ in a few, see
 * pcap-linktype(7). */
int record_link_type(int datalink);

#endif
