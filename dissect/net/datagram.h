/* One datagram as its fragments come: where each belongs, its bytes in blocks, and the whole as a
 * frame. */
#ifndef REPRISE_DISSECT_NET_DATAGRAM_H
#define REPRISE_DISSECT_NET_DATAGRAM_H

#include "dissect/net/fragment.h"
#include "dissect/net/frame.h"

#include "base/pool.h"

enum {
    DATAGRAM_BLOCK_BYTES = 2048,
    DATAGRAM_MAX_BYTES = 65535, /* in all fragments together */
    DATAGRAM_BLOCKS = (DATAGRAM_MAX_BYTES + DATAGRAM_BLOCK_BYTES) / DATAGRAM_BLOCK_BYTES,
    DATAGRAM_MAX_PIECES = 128,
    DATAGRAM_FRAME_BYTES = DATAGRAM_MAX_BYTES + 40, /* with the header that is built anew */
};

struct datagram_piece {
    uint16_t offset;
    uint16_t len;
    uint16_t seen; /* < len when the capture cut it */
};

struct datagram {
    enum fragment_kind kind;
    struct endpoint source;
    struct endpoint destination;
    uint32_t identification;
    uint8_t protocol; /* this and the next as the first fragment says */
    int link_type;
    bool is_whole;     /* no bytes any more */
    uint32_t pieces;   /* different fragments that came */
    uint32_t received; /* bytes of them */
    uint32_t end;      /* UINT32_MAX before the last fragment */
    uint32_t reach;    /* end of the farthest piece */
    uint32_t seen_end; /* where the first byte is that the capture cut; UINT32_MAX: nowhere */
    struct datagram_piece piece[DATAGRAM_MAX_PIECES];
    uint8_t *blocks[DATAGRAM_BLOCKS];
};

/* Empty; *fragment says of what. */
void datagram_init(struct datagram *datagram, const struct fragment *fragment);

/* Gives the blocks back. */
void datagram_clear(struct datagram *datagram, struct pool *blocks);

enum datagram_fit {
    DATAGRAM_GROWS,
    DATAGRAM_WHOLE,     /* with this one nothing is missing: see datagram_finish */
    DATAGRAM_REPEATED,  /* is there already, byte for byte as far as both were captured */
    DATAGRAM_OVERLAP,   /* it covers others partly, or with other bytes */
    DATAGRAM_MALFORMED, /* it contradicts others, or is too long */
    DATAGRAM_ALONE,     /* of IEEE 802.11: the one before it was not seen */
    DATAGRAM_NO_ROOM,   /* no block, or too many pieces */
};

/* Takes in a fragment of the datagram. From DATAGRAM_OVERLAP on it is not taken in; with
 * DATAGRAM_NO_ROOM parts of it may be, and the datagram is of no use. What is whole only knows
 * what is repeated. */
enum datagram_fit datagram_add(struct datagram *datagram, struct pool *blocks,
                               const struct fragment *fragment);

/* Fills the frame of a datagram that is whole, but for its time; its bytes go into `buffer`, of
 * DATAGRAM_FRAME_BYTES. It ends where the capture cut it. The blocks are given back. */
void datagram_finish(struct datagram *datagram, struct pool *blocks, uint8_t *buffer,
                     struct frame *out);

#endif
