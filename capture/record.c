#include "capture/record.h"

static const int64_t second_ns = 1000000000;

/* LINKTYPE_ values that are not their DLT_ value, and have no constant outside libpcap. */
enum { LINKTYPE_RAW = 101, LINKTYPE_ATM_RFC1483 = 100 };

int record_link_type(int datalink)
{
    if (datalink == DLT_RAW) {
        return LINKTYPE_RAW;
    }
    if (datalink == DLT_ATM_RFC1483) {
        return LINKTYPE_ATM_RFC1483;
    }
    return datalink;
}

static int64_t time_of(const struct pcap_pkthdr *header, int64_t fraction_ns)
{
    const int64_t most = INT64_MAX / second_ns - 5000; /* room for the largest "fraction" */
    const int64_t seconds = header->ts.tv_sec;

    if (seconds > most) {
        return most * second_ns;
    }
    if (seconds < -most) {
        return -most * second_ns;
    }
    /* A file can claim any 32 bits as its microseconds: more than a second is taken at its word. */
    return seconds * second_ns + header->ts.tv_usec * fraction_ns;
}

void record_to_frame(const struct pcap_pkthdr *header, const u_char *data, int datalink,
                     int64_t fraction_ns, struct frame *out)
{
    out->time_ns = time_of(header, fraction_ns);
    out->captured_len = header->caplen;
    out->wire_len = header->len > header->caplen ? header->len : header->caplen;
    out->link_type = record_link_type(datalink);
    out->data = data;
}
