#include "capture/pcapng_block.h"

static const int64_t second_ns = 1000000000;

bool pcapng_u16(struct pcapng_bytes *b, uint16_t *out)
{
    if (b->len < 2) {
        return false;
    }
    const unsigned first = b->data[0];
    const unsigned second = b->data[1];
    *out = (uint16_t)(b->is_big_endian ? first << 8 | second : second << 8 | first);
    b->data += 2;
    b->len -= 2;
    return true;
}

bool pcapng_u32(struct pcapng_bytes *b, uint32_t *out)
{
    uint16_t first;
    uint16_t second;

    if (b->len < 4 || !pcapng_u16(b, &first) || !pcapng_u16(b, &second)) {
        return false;
    }
    *out = b->is_big_endian ? (uint32_t)first << 16 | second : (uint32_t)second << 16 | first;
    return true;
}

/* A time is written with its upper half first, in either byte order. */
static bool read_time(struct pcapng_bytes *b, uint64_t *out)
{
    uint32_t high;
    uint32_t low;

    if (!pcapng_u32(b, &high) || !pcapng_u32(b, &low)) {
        return false;
    }
    *out = (uint64_t)high << 32 | low;
    return true;
}

/* Unlike a packet's time, a signed 64-bit value in the section's byte order. */
static bool parse_offset(struct pcapng_bytes value, struct pcapng_interface *out)
{
    uint32_t first;
    uint32_t second;

    if (value.len != 8 || !pcapng_u32(&value, &first) || !pcapng_u32(&value, &second)) {
        return false;
    }
    const uint64_t offset =
        value.is_big_endian ? (uint64_t)first << 32 | second : (uint64_t)second << 32 | first;
    out->offset_s = (int64_t)offset;
    return true;
}

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;

    for (unsigned i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

/* if_tsresol: the top bit chooses between 2^-n and 10^-n. */
static bool parse_resolution(struct pcapng_bytes value, struct pcapng_interface *out)
{
    enum { IS_BINARY = 0x80, MOST_BITS = 63, MOST_DIGITS = 19 };

    if (value.len != 1) {
        return false;
    }
    const unsigned exponent = value.data[0] & (IS_BINARY - 1);
    const bool is_binary = (value.data[0] & IS_BINARY) != 0;
    if (exponent > (is_binary ? MOST_BITS : MOST_DIGITS)) {
        return false;
    }
    out->units = is_binary ? (uint64_t)1 << exponent : power_of_ten(exponent);
    return true;
}

static bool parse_option(uint16_t code, struct pcapng_bytes value, struct pcapng_interface *out)
{
    enum { IF_TSRESOL = 9, IF_TSOFFSET = 14 };

    if (code == IF_TSRESOL) {
        return parse_resolution(value, out);
    }
    return code != IF_TSOFFSET || parse_offset(value, out);
}

/* Options: { u16 code, u16 length, value padded to four bytes }, ended by code 0 or the body. */
static bool parse_options(struct pcapng_bytes options, struct pcapng_interface *out)
{
    uint16_t code;
    uint16_t len;

    while (options.len > 0) {
        if (!pcapng_u16(&options, &code) || !pcapng_u16(&options, &len)) {
            return false;
        }
        const size_t padded = ((size_t)len + 3) / 4 * 4;
        if (code == 0) {
            return true;
        }
        if (padded > options.len ||
            !parse_option(code, (struct pcapng_bytes){options.data, len, options.is_big_endian},
                          out)) {
            return false;
        }
        options.data += padded;
        options.len -= padded;
    }
    return true;
}

/* Interface Description Block: u16 link type, u16 reserved, u32 snap length, options. Without
 * if_tsresol times are microseconds. */
bool pcapng_parse_interface(struct pcapng_bytes body, struct pcapng_interface *out)
{
    struct pcapng_interface interface = {.units = 1000000};
    uint16_t link_type;
    uint16_t reserved;

    if (!pcapng_u16(&body, &link_type) || !pcapng_u16(&body, &reserved) ||
        !pcapng_u32(&body, &interface.snaplen)) {
        return false;
    }
    interface.link_type = link_type;
    if (!parse_options(body, &interface)) {
        return false;
    }
    *out = interface;
    return true;
}

/* What follows the interface's number: u64 time, u32 captured length, u32 length on the wire,
 * data padded to four bytes, options. */
static bool parse_timed(struct pcapng_bytes body, struct pcapng_packet *out)
{
    if (!read_time(&body, &out->time) || !pcapng_u32(&body, &out->captured_len) ||
        !pcapng_u32(&body, &out->wire_len)) {
        return false;
    }
    out->data = body.data;
    return out->captured_len <= PCAPNG_SNAPLEN && out->captured_len <= body.len;
}

/* Enhanced Packet Block: u32 interface, then as above. */
bool pcapng_parse_enhanced(struct pcapng_bytes body, struct pcapng_packet *out)
{
    return pcapng_u32(&body, &out->interface) && parse_timed(body, out);
}

/* Packet Block: u16 interface, u16 count of drops, then as above. */
bool pcapng_parse_obsolete(struct pcapng_bytes body, struct pcapng_packet *out)
{
    uint16_t interface;
    uint16_t drops;

    if (!pcapng_u16(&body, &interface) || !pcapng_u16(&body, &drops)) {
        return false;
    }
    out->interface = interface;
    return parse_timed(body, out);
}

/* Simple Packet Block: u32 length on the wire, data padded to four bytes. */
bool pcapng_parse_simple(struct pcapng_bytes body, uint32_t snaplen, struct pcapng_packet *out)
{
    const uint32_t most = snaplen == 0 || snaplen > PCAPNG_SNAPLEN ? PCAPNG_SNAPLEN : snaplen;

    if (!pcapng_u32(&body, &out->wire_len)) {
        return false;
    }
    out->interface = 0;
    out->time = 0;
    out->captured_len = out->wire_len < most ? out->wire_len : most;
    out->data = body.data;
    return out->captured_len <= body.len;
}

/* Resolutions and offsets can be absurd: 128 bits hold whatever they give. */
__extension__ typedef __int128 wide;

static int64_t clamp(wide time_ns)
{
    const wide most = INT64_MAX / second_ns - 5000; /* as of times of pcap files */

    if (time_ns > most * second_ns) {
        return (int64_t)(most * second_ns);
    }
    if (time_ns < -most * second_ns) {
        return (int64_t)(-most * second_ns);
    }
    return (int64_t)time_ns;
}

int64_t pcapng_time_ns(const struct pcapng_interface *interface, uint64_t time)
{
    const uint64_t no_overflow = UINT64_MAX / 1000000000 / 4; /* for years to come, in us */

    if (interface->offset_s == 0 && interface->units == 1000000 && time <= no_overflow * 1000) {
        return (int64_t)(time * 1000);
    }
    if (interface->offset_s == 0 && interface->units == 1000000000 && time <= INT64_MAX / 2) {
        return (int64_t)time;
    }
    return clamp((wide)time * second_ns / interface->units + (wide)interface->offset_s * second_ns);
}
