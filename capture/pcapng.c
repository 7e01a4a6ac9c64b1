#include "capture/pcapng.h"

#include "capture/record.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER_BYTES = 8,      /* type, length */
    TRAILER_BYTES = 4,     /* the length again */
    BYTE_ORDER_BYTES = 12, /* type, length, byte-order magic: the length cannot be read before */
    MOST_INTERFACES = 4096,
};

void pcapng_init(struct pcapng *out, struct inflow *inflow)
{
    *out = (struct pcapng){.inflow = inflow};
}

void pcapng_clear(struct pcapng *pcapng)
{
    free(pcapng->interfaces);
    *pcapng = (struct pcapng){.inflow = NULL};
}

static enum pcapng_result damaged(struct error *error, const char *what)
{
    (void)error_set(error, "%s", what);
    return PCAPNG_DAMAGED;
}

/* What becomes of a block that is not there as a whole. */
static enum pcapng_result missing(enum inflow_result result, struct error *error)
{
    switch (result) {
    case INFLOW_IDLE:
        return PCAPNG_IDLE;
    case INFLOW_END:
        (void)error_set(error, "truncated pcapng block");
        break;
    case INFLOW_READY:
    case INFLOW_DAMAGED:
        break;
    }
    return PCAPNG_CUT;
}

static struct pcapng_bytes bytes_at(const struct pcapng *pcapng, size_t offset, size_t len)
{
    return (struct pcapng_bytes){inflow_data(pcapng->inflow) + offset, len, pcapng->is_big_endian};
}

static uint32_t u32_at(const struct pcapng *pcapng, size_t offset)
{
    struct pcapng_bytes bytes = bytes_at(pcapng, offset, sizeof(uint32_t));
    uint32_t value = 0;

    (void)!pcapng_u32(&bytes, &value); /* the bytes are there */
    return value;
}

/* Section Header Block: u32 byte-order magic (already looked at), u16 major, u16 minor, u64 length
 * of the section, options. Interfaces are counted anew in each section. */
static enum pcapng_result begin_section(struct pcapng *pcapng, struct pcapng_bytes body,
                                        struct frame *out, struct error *error)
{
    uint32_t magic;
    uint16_t major;

    (void)out;
    if (body.len < 16 || !pcapng_u32(&body, &magic) || !pcapng_u16(&body, &major)) {
        return damaged(error, "a pcapng section header that is too short");
    }
    if (major != 1) {
        (void)error_set(error, "pcapng version %u, which is not known", major);
        return PCAPNG_DAMAGED;
    }
    pcapng->count = 0;
    pcapng->has_section = true;
    return PCAPNG_NOTHING;
}

static bool make_room(struct pcapng *pcapng)
{
    if (pcapng->count < pcapng->capacity) {
        return true;
    }
    const size_t capacity = pcapng->capacity == 0 ? 4 : pcapng->capacity * 2;
    struct pcapng_interface *grown =
        realloc(pcapng->interfaces, capacity * sizeof(*pcapng->interfaces));
    if (grown == NULL) {
        return false;
    }
    pcapng->interfaces = grown;
    pcapng->capacity = capacity;
    return true;
}

static enum pcapng_result add_interface(struct pcapng *pcapng, struct pcapng_bytes body,
                                        struct frame *out, struct error *error)
{
    struct pcapng_interface interface;

    (void)out;
    if (!pcapng_parse_interface(body, &interface)) {
        return damaged(error, "damaged pcapng interface description");
    }
    if (pcapng->count == MOST_INTERFACES || !make_room(pcapng)) {
        return damaged(error, "too many pcapng interfaces");
    }
    interface.link_type = record_link_type(interface.link_type);
    if (!pcapng->has_interface) {
        pcapng->first_link_type = interface.link_type;
        pcapng->has_interface = true;
    }
    pcapng->is_mixed = pcapng->is_mixed || interface.link_type != pcapng->first_link_type;
    pcapng->interfaces[pcapng->count++] = interface;
    return PCAPNG_NOTHING;
}

static enum pcapng_result hand_out(const struct pcapng *pcapng, const struct pcapng_packet *packet,
                                   struct frame *out, struct error *error)
{
    if (packet->interface >= pcapng->count) {
        return damaged(error, "a pcapng packet of an interface that was not described");
    }
    const struct pcapng_interface *const interface = &pcapng->interfaces[packet->interface];
    *out = (struct frame){
        .time_ns = pcapng_time_ns(interface, packet->time),
        .captured_len = packet->captured_len,
        .wire_len =
            packet->wire_len > packet->captured_len ? packet->wire_len : packet->captured_len,
        .link_type = interface->link_type,
        .data = packet->data,
    };
    return PCAPNG_FRAME;
}

static enum pcapng_result enhanced_packet(struct pcapng *pcapng, struct pcapng_bytes body,
                                          struct frame *out, struct error *error)
{
    struct pcapng_packet packet;

    return pcapng_parse_enhanced(body, &packet)
               ? hand_out(pcapng, &packet, out, error)
               : damaged(error, "damaged pcapng enhanced packet block");
}

static enum pcapng_result obsolete_packet(struct pcapng *pcapng, struct pcapng_bytes body,
                                          struct frame *out, struct error *error)
{
    struct pcapng_packet packet;

    return pcapng_parse_obsolete(body, &packet) ? hand_out(pcapng, &packet, out, error)
                                                : damaged(error, "damaged pcapng packet block");
}

static enum pcapng_result simple_packet(struct pcapng *pcapng, struct pcapng_bytes body,
                                        struct frame *out, struct error *error)
{
    const uint32_t snaplen = pcapng->count > 0 ? pcapng->interfaces[0].snaplen : 0;
    struct pcapng_packet packet;
    enum pcapng_result result = pcapng_parse_simple(body, snaplen, &packet)
                                    ? hand_out(pcapng, &packet, out, error)
                                    : damaged(error, "damaged pcapng simple packet block");

    if (result == PCAPNG_FRAME) {
        out->time_ns = 0; /* it has none: an offset is of no use */
    }
    return result;
}

static const struct block {
    uint32_t type;
    enum pcapng_result (*handle)(struct pcapng *pcapng, struct pcapng_bytes body, struct frame *out,
                                 struct error *error);
} blocks[] = {
    {PCAPNG_ENHANCED_PACKET, enhanced_packet}, {PCAPNG_SECTION, begin_section},
    {PCAPNG_INTERFACE, add_interface},         {PCAPNG_SIMPLE_PACKET, simple_packet},
    {PCAPNG_PACKET, obsolete_packet},
};

static const struct block *find_block(uint32_t type)
{
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        if (blocks[i].type == type) {
            return &blocks[i];
        }
    }
    return NULL;
}

/* A section says its byte order itself, by the four bytes 1a 2b 3c 4d after its length. */
static enum pcapng_result see_byte_order(struct pcapng *pcapng, struct error *error)
{
    static const uint8_t big[] = {0x1a, 0x2b, 0x3c, 0x4d};
    static const uint8_t little[] = {0x4d, 0x3c, 0x2b, 0x1a};
    const enum inflow_result filled = inflow_fill(pcapng->inflow, BYTE_ORDER_BYTES, error);

    if (filled != INFLOW_READY) {
        return missing(filled, error);
    }
    const uint8_t *const magic = inflow_data(pcapng->inflow) + HEADER_BYTES;
    const bool is_big_endian = memcmp(magic, big, sizeof(big)) == 0;
    if (!is_big_endian && memcmp(magic, little, sizeof(little)) != 0) {
        return damaged(error, "a pcapng section header without a byte order");
    }
    pcapng->is_big_endian = is_big_endian;
    return PCAPNG_NOTHING;
}

/* Goes over a block that is not known, however long, and looks at the length at its end. */
static enum pcapng_result skip(struct pcapng *pcapng, struct error *error)
{
    while (pcapng->skip_left > 0) {
        const enum inflow_result filled = inflow_fill(pcapng->inflow, 1, error);
        if (filled != INFLOW_READY) {
            return missing(filled, error);
        }
        const size_t there = inflow_len(pcapng->inflow);
        const uint32_t part = there < pcapng->skip_left ? (uint32_t)there : pcapng->skip_left;
        inflow_take(pcapng->inflow, part);
        pcapng->skip_left -= part;
    }
    const enum inflow_result filled = inflow_fill(pcapng->inflow, TRAILER_BYTES, error);
    if (filled != INFLOW_READY) {
        return missing(filled, error);
    }
    const bool is_whole = u32_at(pcapng, 0) == pcapng->skipped;
    inflow_take(pcapng->inflow, TRAILER_BYTES);
    pcapng->skipped = 0;
    return is_whole ? PCAPNG_NOTHING : damaged(error, "a pcapng block with two lengths");
}

static enum pcapng_result read_block(struct pcapng *pcapng, const struct block *block, uint32_t len,
                                     struct frame *out, struct error *error)
{
    if (len > PCAPNG_BLOCK_BYTES) {
        (void)error_set(error, "a pcapng block of %u bytes, more than %d", len, PCAPNG_BLOCK_BYTES);
        return PCAPNG_DAMAGED;
    }
    const enum inflow_result filled = inflow_fill(pcapng->inflow, len, error);
    if (filled != INFLOW_READY) {
        return missing(filled, error);
    }
    if (u32_at(pcapng, len - TRAILER_BYTES) != len) {
        return damaged(error, "a pcapng block with two lengths");
    }
    pcapng->taken = len;
    return block->handle(pcapng, bytes_at(pcapng, HEADER_BYTES, len - HEADER_BYTES - TRAILER_BYTES),
                         out, error);
}

/* Block: u32 type, u32 total length (a multiple of four), body, the length again. */
static enum pcapng_result begin_block(struct pcapng *pcapng, struct frame *out, struct error *error)
{
    const uint32_t type = u32_at(pcapng, 0);

    if (type != PCAPNG_SECTION && !pcapng->has_section) {
        return damaged(error, "a pcapng block outside of any section");
    }
    if (type == PCAPNG_SECTION) {
        const enum pcapng_result seen = see_byte_order(pcapng, error);
        if (seen != PCAPNG_NOTHING) {
            return seen;
        }
    }
    const uint32_t len = u32_at(pcapng, sizeof(type));
    if (len < HEADER_BYTES + TRAILER_BYTES || len % 4 != 0) {
        (void)error_set(error, "a pcapng block of %u bytes", len);
        return PCAPNG_DAMAGED;
    }
    const struct block *const block = find_block(type);
    if (block != NULL) {
        return read_block(pcapng, block, len, out, error);
    }
    pcapng->skipped = len;
    pcapng->skip_left = len - TRAILER_BYTES;
    return skip(pcapng, error);
}

void pcapng_settle(struct pcapng *pcapng)
{
    inflow_take(pcapng->inflow, pcapng->taken);
    pcapng->taken = 0;
}

enum pcapng_result pcapng_step(struct pcapng *pcapng, struct frame *out, struct error *error)
{
    pcapng_settle(pcapng);
    if (pcapng->skipped != 0) {
        return skip(pcapng, error);
    }
    const enum inflow_result filled = inflow_fill(pcapng->inflow, HEADER_BYTES, error);
    if (filled == INFLOW_END && inflow_len(pcapng->inflow) == 0) {
        return PCAPNG_END;
    }
    return filled == INFLOW_READY ? begin_block(pcapng, out, error) : missing(filled, error);
}

enum pcapng_result pcapng_next(struct pcapng *pcapng, struct frame *out, struct error *error)
{
    enum pcapng_result result;

    do {
        result = pcapng_step(pcapng, out, error);
    } while (result == PCAPNG_NOTHING);
    return result;
}

/* Whether the next block is there as a whole. A section is not looked into: only then is its byte
 * order known. */
static bool is_next_visible(const struct pcapng *pcapng)
{
    return inflow_len(pcapng->inflow) >= HEADER_BYTES && u32_at(pcapng, 0) != PCAPNG_SECTION &&
           u32_at(pcapng, sizeof(uint32_t)) <= inflow_len(pcapng->inflow);
}

/* What does not come to a frame is left to pcapng_next, as if it had not been looked at. */
void pcapng_add_visible(struct pcapng *pcapng, struct frame_batch *out)
{
    struct error ignored;

    pcapng_settle(pcapng);
    while (out->count < out->capacity && is_next_visible(pcapng)) {
        struct frame *const next = &out->frames[out->count];
        const size_t before = inflow_len(pcapng->inflow);
        const enum pcapng_result result = pcapng_step(pcapng, next, &ignored);
        const bool is_alike = result == PCAPNG_FRAME && next->link_type == out->frames[0].link_type;
        const size_t taken = is_alike || result == PCAPNG_NOTHING ? pcapng->taken : 0;
        pcapng->taken = 0;
        if (result != PCAPNG_NOTHING && !is_alike) {
            inflow_give_back(pcapng->inflow, before - inflow_len(pcapng->inflow));
            return;
        }
        inflow_take(pcapng->inflow, taken);
        out->count += is_alike;
    }
}
