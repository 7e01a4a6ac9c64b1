/* A capture file (pcap, microseconds, Ethernet) of TCP packets over IPv4, checksums and all. */
#ifndef REPRISE_TESTS_BENCH_TRACE_FILE_H
#define REPRISE_TESTS_BENCH_TRACE_FILE_H

#include "tests/bench/conversation.h"
#include "tests/bench/endpoints.h"

#include <stdbool.h>
#include <stdint.h>

#define TRACE_FILE_BEGIN_US INT64_C(1704067200000000) /* 2024-01-01 */

struct trace_file;

/* NULL when the file cannot be made. */
struct trace_file *trace_file_create(const char *path);

/* One packet of a conversation; times never go back. */
void trace_file_add(struct trace_file *trace, const struct endpoints *endpoints,
                    const struct packet *packet, int64_t time_us);

uint64_t trace_file_packets(const struct trace_file *trace);
uint64_t trace_file_bytes(const struct trace_file *trace); /* of frames */

/* False when anything could not be written. */
bool trace_file_close(struct trace_file *trace);

#endif
