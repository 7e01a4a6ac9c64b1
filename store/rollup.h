/* What reports tell of the handshakes of one host, summed up: counts, sums, and how values are
 * spread. Two of them can be put together, whatever handshakes each is of. PURE.
 *
 * Counts, sums, first and last times and the smallest and largest ages and hints are exact. Of
 * times, sizes and ages as such only their eight highest bits are kept, rounded to the nearest: a
 * median or quantile is within 0.4 % of what it would be. Handshakes over time are counted in slots
 * of equal length.
 *
 * Memory: 24 bytes for each tally, some 200 for each shape. */
#ifndef REPRISE_STORE_ROLLUP_H
#define REPRISE_STORE_ROLLUP_H

#include "store/facts.h"
#include "store/packing.h"

enum { ROLLUP_EXAMPLES = 3 };

/* Handshakes that are alike in all that has few values. */
struct rollup_shape {
    /* What these have in common. */
    int64_t facts; /* store/facts.h, as facts_of_figures() leaves it */
    uint32_t anomalies;
    uint16_t version;
    uint8_t refusal_cause;

    uint64_t count;
    uint64_t timed; /* those whose handshake_ns is known, and its sum; likewise */
    int64_t handshake_ns;
    uint64_t with_rtt;
    int64_t rtt_ns;
    uint64_t with_bytes;
    int64_t bytes;
    int64_t offered_bytes; /* sum of those known */
    int64_t age_min_s;     /* HANDSHAKE_NULL: none is known, as the next */
    int64_t age_max_s;
    int64_t hint_min_s; /* of tickets issued */
    int64_t hint_max_s;
    int64_t first_ns;
    int64_t last_ns;
    int64_t examples[ROLLUP_EXAMPLES]; /* the smallest ids, as many of them as count, at most */
};

enum rollup_kind {
    ROLLUP_TIMES, /* handshake_ns of full, resumed, and missed handshakes, by version, network */
    ROLLUP_BYTES, /* in both directions, of full and of resumed ones, by version */
    ROLLUP_AGES,  /* age_s of sessions accepted and refused */
    ROLLUP_SLOTS, /* time_ns */
    ROLLUP_KINDS
};

/* What a tally counts, within its kind. A handshake that was missed is a full one, too. */
enum rollup_times { ROLLUP_FULL, ROLLUP_RESUMED, ROLLUP_NOT_OFFERED, ROLLUP_REFUSED };
enum rollup_ages { ROLLUP_AGE_ACCEPTED, ROLLUP_AGE_REFUSED };
/* Of slots: verdict times four, and one of these. */
enum rollup_offers { ROLLUP_OFFER_OTHER, ROLLUP_OFFER_ACCEPTED, ROLLUP_OFFER_REFUSED };

/* So many have this value. */
struct rollup_tally {
    uint32_t head; /* kind, version, class */
    uint32_t count;
    uint64_t network; /* of ROLLUP_TIMES: rollup_network(), else 0 */
    uint64_t code;    /* rollup_code() of the value; of slots rollup_slot_code() */
};

static inline uint32_t rollup_head(enum rollup_kind kind, uint16_t version, unsigned class)
{
    return (uint32_t)kind << 24 | (uint32_t)version << 8 | (uint8_t) class;
}

static inline enum rollup_kind rollup_head_kind(uint32_t head)
{
    return (enum rollup_kind)(head >> 24);
}

static inline uint16_t rollup_head_version(uint32_t head)
{
    return (uint16_t)(head >> 8);
}

static inline unsigned rollup_head_class(uint32_t head)
{
    return head & 0xff;
}

/* In the order of their values, equal for those that are kept as one. Negative ones are 0. */
enum { ROLLUP_CODES = 57 * 128 + 1 };
uint32_t rollup_code(int64_t value);
/* The value that stands for a code; of one that is none the largest. */
int64_t rollup_value(uint64_t code);

/* Slots by where they begin, in seconds since the epoch: at multiples of their length. */
uint64_t rollup_slot_code(int64_t begin_s);
int64_t rollup_slot_s(uint64_t code);
/* Where the slot of so many seconds begins that holds a time. */
int64_t rollup_slot_of(int64_t time_ns, int64_t slot_s);

/* A client's /24, or /48 for IPv6: equal for equal networks. */
uint64_t rollup_network(const uint8_t address[16]);

/* Numbers that a hostile capture made up are kept where sums and differences are safe;
 * HANDSHAKE_NULL stays what it is, and a sum with it is it. */
int64_t rollup_sane(int64_t value);
int64_t rollup_sane_sum(int64_t a, int64_t b);
/* In seconds: 68 years, so long nobody keeps a session. */
int64_t rollup_sane_age(int64_t age_s);

/* All zero to begin with; rollup_free() ends it. */
struct rollup {
    int64_t first_ns; /* of all; meaningless where there is no shape */
    int64_t last_ns;
    struct rollup_shape *shapes; /* in order, each once, after rollup_settle() */
    size_t shape_count;
    size_t shape_capacity;
    struct rollup_tally *tallies; /* likewise */
    size_t tally_count;
    size_t tally_capacity;
    void *room; /* to sort in */
    size_t room_bytes;
};

void rollup_free(struct rollup *rollup);
/* Makes it empty, and keeps its memory. */
void rollup_clear(struct rollup *rollup);

/* Appends; false without memory. */
MUST_CHECK bool rollup_add_shape(struct rollup *rollup, const struct rollup_shape *shape);
/* Into one of the first shapes, if one is alike; else appends. */
MUST_CHECK bool rollup_add_like(struct rollup *rollup, const struct rollup_shape *shape);
MUST_CHECK bool rollup_add_tally(struct rollup *rollup, const struct rollup_tally *tally);

/* Makes slots longer: a multiple of what they are. To be settled afterwards. */
void rollup_widen_slots(struct rollup *rollup, int64_t slot_s);

/* Puts what was added in order, and what is alike together. False without memory. */
MUST_CHECK bool rollup_settle(struct rollup *rollup);
/* The same, quicker where little is in order. */
MUST_CHECK bool rollup_settle_unordered(struct rollup *rollup);

/* What numbers are packed against: the same going in and coming out. */
struct rollup_units {
    int64_t base_ns; /* any time near all of them */
    int64_t slot_s;  /* length of slots; at least 1 */
};

/* Of a settled one, whose slots begin at multiples of the units' slot_s. */
void rollup_pack(const struct rollup *rollup, const struct rollup_units *units,
                 struct packing_writer *to);

/* Appends what is packed. False, with some of it appended, where it is damaged or there is no
 * memory. */
MUST_CHECK bool rollup_unpack(struct packing_reader from, const struct rollup_units *units,
                              struct rollup *out);

#endif
