/* The yardstick: libpcap hands out every packet of a file and nothing is done with it. */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    char reason[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *header;
    const u_char *data;
    uint64_t packets = 0;
    uint64_t bytes = 0;

    if (argc != 2) {
        (void)fputs("usage: noop FILE\n", stderr);
        return 2;
    }
    pcap_t *handle = pcap_open_offline(argv[1], reason);
    if (handle == NULL) {
        (void)fprintf(stderr, "noop: %s\n", reason);
        return EXIT_FAILURE;
    }
    while (pcap_next_ex(handle, &header, &data) == 1) {
        packets++;
        bytes += header->caplen;
    }
    pcap_close(handle);
    (void)printf("%llu packets, %llu bytes\n", (unsigned long long)packets,
                 (unsigned long long)bytes);
    return EXIT_SUCCESS;
}
