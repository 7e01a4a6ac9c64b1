#include "dissect/net/datagram.h"

#include <assert.h>
#include <string.h>

static const uint32_t unknown_end = UINT32_MAX;

static const struct {
    uint32_t max_bytes;
    uint32_t unit; /* lengths of all fragments but the last are multiples of it */
} kinds[FRAGMENT_KINDS] = {
    [FRAGMENT_IPV4] = {65535 - 20, 8},
    [FRAGMENT_IPV6] = {65535, 8},
    [FRAGMENT_CAPWAP] = {65535, 8},
    [FRAGMENT_WLAN] = {65535, 1},
};

void datagram_init(struct datagram *datagram, const struct fragment *fragment)
{
    *datagram = (struct datagram){
        .kind = fragment->kind,
        .source = fragment->source,
        .destination = fragment->destination,
        .identification = fragment->identification,
        .end = unknown_end,
        .seen_end = unknown_end,
    };
}

void datagram_clear(struct datagram *datagram, struct pool *blocks)
{
    for (size_t i = 0; i < DATAGRAM_BLOCKS; i++) {
        if (datagram->blocks[i] != NULL) {
            pool_give(blocks, datagram->blocks[i]);
            datagram->blocks[i] = NULL;
        }
    }
}

/* The longest run at an offset that lies in one block, at most len bytes. */
static size_t run_at(uint32_t offset, size_t len)
{
    const size_t left = DATAGRAM_BLOCK_BYTES - offset % DATAGRAM_BLOCK_BYTES;

    return len < left ? len : left;
}

static bool has_same_bytes(const struct datagram *datagram, uint32_t offset, struct bytes bytes)
{
    while (bytes.len > 0) {
        const size_t run = run_at(offset, bytes.len);
        const uint8_t *stored =
            datagram->blocks[offset / DATAGRAM_BLOCK_BYTES] + offset % DATAGRAM_BLOCK_BYTES;
        if (memcmp(stored, bytes.data, run) != 0 || !bytes_skip(&bytes, run)) {
            return false;
        }
        offset += (uint32_t)run;
    }
    return true;
}

static void read_bytes(const struct datagram *datagram, uint32_t len, uint8_t *out)
{
    for (uint32_t offset = 0; offset < len;) {
        const size_t run = run_at(offset, len - offset);
        memcpy(out + offset, datagram->blocks[offset / DATAGRAM_BLOCK_BYTES], run);
        offset += (uint32_t)run;
    }
}

/* False without memory. */
static bool write_bytes(struct datagram *datagram, struct pool *blocks, uint32_t offset,
                        struct bytes bytes)
{
    while (bytes.len > 0) {
        const size_t run = run_at(offset, bytes.len);
        uint8_t **block = &datagram->blocks[offset / DATAGRAM_BLOCK_BYTES];
        if (*block == NULL) {
            *block = pool_take(blocks);
        }
        if (*block == NULL) {
            return false;
        }
        memcpy(*block + offset % DATAGRAM_BLOCK_BYTES, bytes.data, run);
        if (!bytes_skip(&bytes, run)) {
            return false;
        }
        offset += (uint32_t)run;
    }
    return true;
}

/* ---- Where a fragment belongs ---- */

/* The other copy of it may have been cut by the capture: what both have is compared. */
static bool is_repeated(const struct datagram *datagram, const struct datagram_piece *piece,
                        const struct fragment *fragment)
{
    struct bytes both = fragment->payload;

    if (piece->len != fragment->len ||
        fragment->is_last != (datagram->end == (uint32_t)piece->offset + piece->len)) {
        return false;
    }
    both.len = both.len < piece->seen ? both.len : piece->seen;
    return datagram->is_whole || has_same_bytes(datagram, piece->offset, both);
}

static enum datagram_fit fit_among_pieces(const struct datagram *datagram,
                                          const struct fragment *fragment)
{
    const uint32_t end = fragment->offset + fragment->len;

    for (uint32_t i = 0; i < datagram->pieces; i++) {
        const struct datagram_piece *piece = &datagram->piece[i];
        if (piece->offset == fragment->offset && is_repeated(datagram, piece, fragment)) {
            return DATAGRAM_REPEATED;
        }
        if (fragment->offset < (uint32_t)piece->offset + piece->len && piece->offset < end) {
            return DATAGRAM_OVERLAP;
        }
    }
    return DATAGRAM_GROWS;
}

/* Only the last one has the end, and nothing lies behind it. */
static bool is_end_right(const struct datagram *datagram, const struct fragment *fragment)
{
    const uint32_t end = fragment->offset + fragment->len;

    if (fragment->is_last) {
        return datagram->reach <= end && (datagram->end == unknown_end || datagram->end == end);
    }
    return datagram->end == unknown_end || end < datagram->end;
}

/* IEEE 802.11 numbers its fragments; they are sent in order, each once the one before it is
 * acknowledged (10.5), so that the offset is known as long as none is missing. */
static bool number_to_offset(const struct datagram *datagram, struct fragment *fragment)
{
    const uint32_t number = fragment->offset;

    if (number > datagram->pieces) {
        return false;
    }
    fragment->offset =
        number < datagram->pieces ? datagram->piece[number].offset : datagram->received;
    return true;
}

static enum datagram_fit fit_of(const struct datagram *datagram, struct fragment *fragment)
{
    const uint32_t max = kinds[fragment->kind].max_bytes;

    if (fragment->kind == FRAGMENT_WLAN && !number_to_offset(datagram, fragment)) {
        return DATAGRAM_ALONE;
    }
    if (fragment->len > max || fragment->offset > max - fragment->len ||
        (!fragment->is_last && fragment->len % kinds[fragment->kind].unit != 0)) {
        return DATAGRAM_MALFORMED;
    }
    const enum datagram_fit fit = fit_among_pieces(datagram, fragment);
    return fit == DATAGRAM_GROWS && !is_end_right(datagram, fragment) ? DATAGRAM_MALFORMED : fit;
}

static enum datagram_fit place(struct datagram *datagram, struct pool *blocks,
                               const struct fragment *fragment)
{
    const uint32_t seen = (uint32_t)fragment->payload.len;
    const uint32_t end = fragment->offset + fragment->len;

    if (datagram->pieces == DATAGRAM_MAX_PIECES ||
        !write_bytes(datagram, blocks, fragment->offset, fragment->payload)) {
        return DATAGRAM_NO_ROOM;
    }
    datagram->piece[datagram->pieces++] = (struct datagram_piece){
        .offset = (uint16_t)fragment->offset,
        .len = (uint16_t)fragment->len,
        .seen = (uint16_t)seen,
    };
    datagram->received += fragment->len;
    datagram->reach = end > datagram->reach ? end : datagram->reach;
    if (fragment->is_last) {
        datagram->end = end;
    }
    if (seen < fragment->len && fragment->offset + seen < datagram->seen_end) {
        datagram->seen_end = fragment->offset + seen;
    }
    if (fragment->offset == 0) {
        datagram->protocol = fragment->protocol;
        datagram->link_type = fragment->link_type;
    }
    return datagram->received == datagram->end ? DATAGRAM_WHOLE : DATAGRAM_GROWS;
}

enum datagram_fit datagram_add(struct datagram *datagram, struct pool *blocks,
                               const struct fragment *fragment)
{
    struct fragment placed = *fragment;
    const enum datagram_fit fit = fit_of(datagram, &placed);

    if (fit != DATAGRAM_GROWS) {
        return fit;
    }
    return datagram->is_whole ? DATAGRAM_OVERLAP : place(datagram, blocks, &placed);
}

static void put_u16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* The header of a datagram that never was in fragments. Returns its length. */
static uint32_t build_header(const struct datagram *datagram, uint8_t *out)
{
    enum { IPV4_BYTES = 20, IPV6_BYTES = 40, MAPPED_PREFIX_BYTES = 12 };

    switch (datagram->kind) {
    case FRAGMENT_IPV4:
        memset(out, 0, IPV4_BYTES);
        out[0] = 0x45;
        put_u16(out + 2, IPV4_BYTES + datagram->end);
        put_u16(out + 4, datagram->identification);
        out[9] = datagram->protocol;
        memcpy(out + 12, datagram->source.address + MAPPED_PREFIX_BYTES, 4);
        memcpy(out + 16, datagram->destination.address + MAPPED_PREFIX_BYTES, 4);
        return IPV4_BYTES;
    case FRAGMENT_IPV6:
        memset(out, 0, IPV6_BYTES);
        out[0] = 0x60;
        put_u16(out + 4, datagram->end);
        out[6] = datagram->protocol;
        memcpy(out + 8, datagram->source.address, 16);
        memcpy(out + 24, datagram->destination.address, 16);
        return IPV6_BYTES;
    case FRAGMENT_CAPWAP:
    case FRAGMENT_WLAN:
    case FRAGMENT_KINDS:
        break;
    }
    return 0;
}

void datagram_finish(struct datagram *datagram, struct pool *blocks, uint8_t *buffer,
                     struct frame *out)
{
    const uint32_t header_len = build_header(datagram, buffer);
    const uint32_t seen = datagram->seen_end < datagram->end ? datagram->seen_end : datagram->end;

    assert(datagram->received == datagram->end);
    read_bytes(datagram, seen, buffer + header_len);
    out->captured_len = header_len + seen;
    out->wire_len = header_len + datagram->end;
    out->link_type = datagram->link_type;
    out->data = buffer;
    datagram_clear(datagram, blocks);
    datagram->is_whole = true;
}
