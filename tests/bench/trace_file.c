#include "tests/bench/trace_file.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    ETHERNET_BYTES = 14,
    IP_BYTES = 20,
    TCP_BYTES = 20,
    FRAME_MAX_BYTES = 2048,
    SYN = 0x02,
    FILE_BUFFER_BYTES = 1 << 20,
};

struct trace_file {
    FILE *file;
    uint64_t packets;
    uint64_t bytes;
    uint8_t frame[FRAME_MAX_BYTES];
};

/* pcap's own integers are written little-endian, whatever the machine. */
static void put_le(struct wire *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        wire_uint(out, (value >> (8 * i)) & 0xff, 1);
    }
}

static void write_wire(struct trace_file *trace, const struct wire *wire)
{
    (void)fwrite(wire->data, 1, wire->len, trace->file); /* ferror tells, at the end */
}

/* magic, version 2.4, zone, accuracy, snapshot length, link type Ethernet (pcap-savefile(5)). */
static void write_file_header(struct trace_file *trace)
{
    uint8_t header[24];
    struct wire out = {header, sizeof(header), 0};

    put_le(&out, 0xa1b2c3d4, 4);
    put_le(&out, 2, 2);
    put_le(&out, 4, 2);
    put_le(&out, 0, 8);
    put_le(&out, 65535, 4);
    put_le(&out, 1, 4);
    write_wire(trace, &out);
}

struct trace_file *trace_file_create(const char *path)
{
    struct trace_file *trace = calloc(1, sizeof(*trace));

    if (trace == NULL) {
        return NULL;
    }
    trace->file = fopen(path, "wb");
    if (trace->file == NULL || setvbuf(trace->file, NULL, _IOFBF, FILE_BUFFER_BYTES) != 0) {
        free(trace);
        return NULL;
    }
    write_file_header(trace);
    return trace;
}

/* The sum of 16-bit words (RFC 1071); the fold comes at the end. */
static uint64_t sum_words(uint64_t sum, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2) {
        sum += (uint64_t)data[i] << 8 | data[i + 1];
    }
    return len % 2 == 0 ? sum : sum + ((uint64_t)data[len - 1] << 8);
}

static void put_checksum(uint8_t *at, uint64_t sum)
{
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    at[0] = (uint8_t)(~sum >> 8);
    at[1] = (uint8_t)~sum;
}

static enum side other(enum side side)
{
    return side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
}

/* What Linux sends: MSS, SACK permitted and window scale in a SYN, timestamps always. */
static void put_options(struct wire *out, bool is_syn, uint32_t time_ms)
{
    if (is_syn) {
        wire_uint(out, 0x020405b40402, 6);
    } else {
        wire_uint(out, 0x0101, 2);
    }
    wire_uint(out, 0x080a, 2);
    wire_uint(out, time_ms, 4);
    wire_uint(out, is_syn ? 0 : time_ms - 20, 4);
    if (is_syn) {
        wire_uint(out, 0x01030307, 4);
    }
}

static void put_ip(const struct endpoints *endpoints, const struct packet *packet,
                   uint32_t tcp_bytes, struct wire *out)
{
    const size_t begin = out->len;

    wire_uint(out, 0x4500, 2);
    wire_uint(out, IP_BYTES + tcp_bytes, 2);
    wire_uint(out, packet->sequence & 0xffff, 2); /* identification */
    wire_uint(out, 0x4000, 2);                    /* do not fragment */
    wire_uint(out, 0x4006, 2);                    /* time to live 64, TCP */
    wire_uint(out, 0, 2);
    wire_uint(out, endpoints->address[packet->from], 4);
    wire_uint(out, endpoints->address[other(packet->from)], 4);
    put_checksum(out->data + begin + 10, sum_words(0, out->data + begin, IP_BYTES));
}

static void put_tcp(const struct endpoints *endpoints, const struct packet *packet, int64_t time_us,
                    struct wire *out)
{
    const bool is_syn = (packet->tcp_flags & SYN) != 0;
    const uint32_t header = TCP_BYTES + (is_syn ? 20 : 12);
    const uint32_t len = header + packet->payload_len;
    const size_t begin = out->len;

    wire_uint(out, endpoints->port[packet->from], 2);
    wire_uint(out, endpoints->port[other(packet->from)], 2);
    wire_uint(out, packet->sequence, 4);
    wire_uint(out, packet->acknowledgement, 4);
    wire_uint(out, header / 4 << 4, 1);
    wire_uint(out, packet->tcp_flags, 1);
    wire_uint(out, 32000, 2); /* window, of 4 MB by the scale of 7 in the SYN */
    wire_uint(out, 0, 4);
    put_options(out, is_syn, (uint32_t)(time_us / 1000));
    wire_bytes(out, packet->payload, packet->payload_len);
    /* The pseudo header: both addresses, which end the IP header, protocol and length. */
    const uint64_t pseudo = sum_words(6 + (uint64_t)len, out->data + begin - 8, 8);
    put_checksum(out->data + begin + 16, sum_words(pseudo, out->data + begin, len));
}

static void write_frame(struct trace_file *trace, const struct wire *frame, int64_t time_us)
{
    uint8_t header[16];
    struct wire out = {header, sizeof(header), 0};

    put_le(&out, (uint64_t)(time_us / 1000000), 4);
    put_le(&out, (uint64_t)(time_us % 1000000), 4);
    put_le(&out, frame->len, 4);
    put_le(&out, frame->len, 4);
    write_wire(trace, &out);
    write_wire(trace, frame);
    trace->packets++;
    trace->bytes += frame->len;
}

void trace_file_add(struct trace_file *trace, const struct endpoints *endpoints,
                    const struct packet *packet, int64_t time_us)
{
    const uint32_t options = (packet->tcp_flags & SYN) != 0 ? 20 : 12;
    struct wire frame = {trace->frame, sizeof(trace->frame), 0};

    wire_uint(&frame, 0x020000000000 + (packet->from == SIDE_CLIENT ? 2U : 1U), 6);
    wire_uint(&frame, 0x020000000000 + (packet->from == SIDE_CLIENT ? 1U : 2U), 6);
    wire_uint(&frame, 0x0800, 2);
    put_ip(endpoints, packet, TCP_BYTES + options + packet->payload_len, &frame);
    put_tcp(endpoints, packet, time_us, &frame);
    write_frame(trace, &frame, time_us);
}

uint64_t trace_file_packets(const struct trace_file *trace)
{
    return trace->packets;
}

uint64_t trace_file_bytes(const struct trace_file *trace)
{
    return trace->bytes;
}

bool trace_file_close(struct trace_file *trace)
{
    const bool was_written = ferror(trace->file) == 0;
    const bool is_closed = fclose(trace->file) == 0;

    free(trace);
    return was_written && is_closed;
}
