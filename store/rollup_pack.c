/* Rollups as bytes.
 *
 * rollup: first_ns less the base, last_ns less first_ns, the number of shapes, shapes, tallies to
 * the end. All are numbers of store/packing.h; differences are modulo 2^64. */
#include "store/rollup.h"

/* What a shape has beside its version, facts and counts. */
enum {
    HAS_ANOMALIES = 1 << 0,
    HAS_CAUSE = 1 << 1,
    HAS_TIMES = 1 << 2,
    HAS_RTTS = 1 << 3,
    HAS_BYTES = 1 << 4,
    HAS_OFFERED_BYTES = 1 << 5,
    HAS_AGES = 1 << 6,
    HAS_HINTS = 1 << 7,
};

static uint64_t difference(int64_t a, int64_t b)
{
    return packing_signed((int64_t)((uint64_t)a - (uint64_t)b));
}

static int64_t undo_difference(uint64_t packed, int64_t b)
{
    return (int64_t)((uint64_t)packing_unsigned(packed) + (uint64_t)b);
}

/* Only what is looked up one by one needs examples and their times. */
static bool has_examples(const struct rollup_shape *shape)
{
    return shape->anomalies != 0 || shape->refusal_cause != 0;
}

static size_t examples_of(const struct rollup_shape *shape)
{
    return shape->count < ROLLUP_EXAMPLES ? (size_t)shape->count : (size_t)ROLLUP_EXAMPLES;
}

/* ---- In ---- */

static unsigned flags_of(const struct rollup_shape *shape)
{
    return (shape->anomalies != 0 ? HAS_ANOMALIES : 0U) |
           (shape->refusal_cause != 0 ? HAS_CAUSE : 0U) | (shape->timed > 0 ? HAS_TIMES : 0U) |
           (shape->with_rtt > 0 ? HAS_RTTS : 0U) | (shape->with_bytes > 0 ? HAS_BYTES : 0U) |
           (shape->offered_bytes != 0 ? HAS_OFFERED_BYTES : 0U) |
           (shape->age_min_s != HANDSHAKE_NULL ? HAS_AGES : 0U) |
           (shape->hint_min_s != HANDSHAKE_NULL ? HAS_HINTS : 0U);
}

/* A sum, and of how many less than all. */
static void pack_sum(struct packing_writer *to, uint64_t without, int64_t sum)
{
    packing_write(to, without);
    packing_write(to, packing_signed(sum));
}

static void pack_range(struct packing_writer *to, int64_t low, int64_t high)
{
    packing_write(to, packing_signed(low));
    packing_write(to, (uint64_t)high - (uint64_t)low);
}

static void pack_examples(const struct rollup_shape *shape, const struct rollup_units *units,
                          struct packing_writer *to)
{
    int64_t before = 0;

    packing_write(to, difference(shape->first_ns, units->base_ns));
    packing_write(to, (uint64_t)shape->last_ns - (uint64_t)shape->first_ns);
    for (size_t i = 0; i < examples_of(shape); i++) {
        packing_write(to, difference(shape->examples[i], before));
        before = shape->examples[i];
    }
}

/* version, facts, flags, count, then what the flags say, from the lowest. */
static void pack_shape(const struct rollup_shape *shape, const struct rollup_units *units,
                       struct packing_writer *to)
{
    const unsigned flags = flags_of(shape);

    packing_write(to, shape->version);
    packing_write(to, (uint64_t)shape->facts);
    packing_write(to, flags);
    packing_write(to, shape->count);
    if ((flags & HAS_ANOMALIES) != 0) {
        packing_write(to, shape->anomalies);
    }
    if ((flags & HAS_CAUSE) != 0) {
        packing_write(to, shape->refusal_cause);
    }
    if ((flags & HAS_TIMES) != 0) {
        pack_sum(to, shape->count - shape->timed, shape->handshake_ns);
    }
    if ((flags & HAS_RTTS) != 0) {
        pack_sum(to, shape->count - shape->with_rtt, shape->rtt_ns);
    }
    if ((flags & HAS_BYTES) != 0) {
        pack_sum(to, shape->count - shape->with_bytes, shape->bytes);
    }
    if ((flags & HAS_OFFERED_BYTES) != 0) {
        packing_write(to, packing_signed(shape->offered_bytes));
    }
    if ((flags & HAS_AGES) != 0) {
        pack_range(to, shape->age_min_s, shape->age_max_s);
    }
    if ((flags & HAS_HINTS) != 0) {
        pack_range(to, shape->hint_min_s, shape->hint_max_s);
    }
    if (has_examples(shape)) {
        pack_examples(shape, units, to);
    }
}

/* Against the tally before it: how much the code differs, times eight, and whether these follow:
 * by how much the head is more, by how much the network is (of another head: itself), the count. */
enum { OTHER_HEAD = 1, OTHER_NETWORK = 2, NOT_ONE = 4, FLAG_BITS = 3 };

static uint64_t code_in_units(const struct rollup_tally *tally, const struct rollup_units *units)
{
    return rollup_head_kind(tally->head) == ROLLUP_SLOTS
               ? (uint64_t)(rollup_slot_s(tally->code) / units->slot_s)
               : tally->code;
}

static void pack_tally(const struct rollup_tally *tally, const struct rollup_tally *before,
                       const struct rollup_units *units, struct packing_writer *to)
{
    const bool is_other_head = tally->head != before->head;
    const uint64_t network_before = is_other_head ? 0 : before->network;
    const bool is_other_network = tally->network != network_before;
    const int64_t code = (int64_t)code_in_units(tally, units);
    const int64_t code_before = (int64_t)code_in_units(before, units);

    packing_write(to,
                  difference(code, code_before) << FLAG_BITS | (is_other_head ? OTHER_HEAD : 0) |
                      (is_other_network ? OTHER_NETWORK : 0) | (tally->count != 1 ? NOT_ONE : 0));
    if (is_other_head) {
        packing_write(to, tally->head - before->head);
    }
    if (is_other_network) {
        packing_write(to, tally->network - network_before);
    }
    if (tally->count != 1) {
        packing_write(to, tally->count);
    }
}

static const struct rollup_tally no_tally = {.head = 0};

void rollup_pack(const struct rollup *rollup, const struct rollup_units *units,
                 struct packing_writer *to)
{
    const struct rollup_tally *before = &no_tally;

    packing_write(to, difference(rollup->first_ns, units->base_ns));
    packing_write(to, (uint64_t)rollup->last_ns - (uint64_t)rollup->first_ns);
    packing_write(to, rollup->shape_count);
    for (size_t i = 0; i < rollup->shape_count; i++) {
        pack_shape(&rollup->shapes[i], units, to);
    }
    for (size_t i = 0; i < rollup->tally_count; i++) {
        pack_tally(&rollup->tallies[i], before, units, to);
        before = &rollup->tallies[i];
    }
}

/* ---- Out ---- */

static bool unpack_small(struct packing_reader *from, uint64_t largest, uint64_t *out)
{
    return packing_read(from, out) && *out <= largest;
}

static bool unpack_signed(struct packing_reader *from, int64_t *out)
{
    uint64_t packed;

    if (!packing_read(from, &packed)) {
        return false;
    }
    *out = packing_unsigned(packed);
    return true;
}

static bool unpack_sum(struct packing_reader *from, uint64_t count, uint64_t *with, int64_t *sum)
{
    uint64_t without;

    if (!unpack_small(from, count - 1, &without) || !unpack_signed(from, sum)) {
        return false;
    }
    *with = count - without;
    return true;
}

/* HANDSHAKE_NULL is no age. */
static bool unpack_range(struct packing_reader *from, int64_t *low, int64_t *high)
{
    uint64_t more;

    if (!unpack_signed(from, low) || !packing_read(from, &more)) {
        return false;
    }
    *high = (int64_t)((uint64_t)*low + more);
    return *low != HANDSHAKE_NULL && *high >= *low;
}

static bool unpack_span(struct packing_reader *from, const struct rollup_units *units,
                        int64_t *first_ns, int64_t *last_ns)
{
    uint64_t first;
    uint64_t more;

    if (!packing_read(from, &first) || !packing_read(from, &more)) {
        return false;
    }
    *first_ns = undo_difference(first, units->base_ns);
    *last_ns = (int64_t)((uint64_t)*first_ns + more);
    return *last_ns >= *first_ns;
}

static bool unpack_examples(struct packing_reader *from, const struct rollup_units *units,
                            struct rollup_shape *out)
{
    int64_t before = 0;
    uint64_t more;

    if (!unpack_span(from, units, &out->first_ns, &out->last_ns)) {
        return false;
    }
    for (size_t i = 0; i < examples_of(out); i++) {
        if (!packing_read(from, &more)) {
            return false;
        }
        out->examples[i] = undo_difference(more, before);
        before = out->examples[i];
    }
    return true;
}

static bool unpack_key(struct packing_reader *from, unsigned *flags, struct rollup_shape *out)
{
    uint64_t version;
    uint64_t facts;
    uint64_t read_flags;

    if (!unpack_small(from, UINT16_MAX, &version) || !unpack_small(from, INT64_MAX, &facts) ||
        !unpack_small(from, UINT8_MAX, &read_flags) ||
        !unpack_small(from, UINT32_MAX, &out->count) || out->count == 0) {
        return false;
    }
    out->version = (uint16_t)version;
    out->facts = (int64_t)facts;
    *flags = (unsigned)read_flags;
    return true;
}

static bool unpack_oddities(struct packing_reader *from, unsigned flags, struct rollup_shape *out)
{
    uint64_t anomalies = 0;
    uint64_t cause = 0;

    if (((flags & HAS_ANOMALIES) != 0 && !unpack_small(from, UINT32_MAX, &anomalies)) ||
        ((flags & HAS_CAUSE) != 0 && !unpack_small(from, REFUSAL_CAUSE_COUNT - 1, &cause))) {
        return false;
    }
    out->anomalies = (uint32_t)anomalies;
    out->refusal_cause = (uint8_t)cause;
    return true;
}

static bool unpack_sums(struct packing_reader *from, unsigned flags, struct rollup_shape *out)
{
    return ((flags & HAS_TIMES) == 0 ||
            unpack_sum(from, out->count, &out->timed, &out->handshake_ns)) &&
           ((flags & HAS_RTTS) == 0 ||
            unpack_sum(from, out->count, &out->with_rtt, &out->rtt_ns)) &&
           ((flags & HAS_BYTES) == 0 ||
            unpack_sum(from, out->count, &out->with_bytes, &out->bytes)) &&
           ((flags & HAS_OFFERED_BYTES) == 0 || unpack_signed(from, &out->offered_bytes)) &&
           ((flags & HAS_AGES) == 0 || unpack_range(from, &out->age_min_s, &out->age_max_s)) &&
           ((flags & HAS_HINTS) == 0 || unpack_range(from, &out->hint_min_s, &out->hint_max_s));
}

static bool unpack_shape(struct packing_reader *from, const struct rollup_units *units,
                         struct rollup_shape *out)
{
    unsigned flags;

    *out = (struct rollup_shape){.age_min_s = HANDSHAKE_NULL,
                                 .age_max_s = HANDSHAKE_NULL,
                                 .hint_min_s = HANDSHAKE_NULL,
                                 .hint_max_s = HANDSHAKE_NULL};
    return unpack_key(from, &flags, out) && unpack_oddities(from, flags, out) &&
           unpack_sums(from, flags, out) &&
           (!has_examples(out) || unpack_examples(from, units, out));
}

static bool unpack_shapes(struct packing_reader *from, const struct rollup_units *units,
                          struct rollup *out)
{
    struct rollup_shape shape;
    uint64_t count;

    if (!packing_read(from, &count)) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (!unpack_shape(from, units, &shape) || !rollup_add_shape(out, &shape)) {
            return false;
        }
    }
    return true;
}

/* What a tally is unpacked against; code as it is packed. */
struct unpacking {
    struct rollup_tally tally;
    uint64_t code;
};

static bool unpack_place(struct packing_reader *from, uint64_t flags, struct rollup_tally *tally)
{
    uint64_t more = 0;

    if ((flags & OTHER_HEAD) != 0) {
        if (!unpack_small(from, UINT32_MAX - tally->head, &more)) {
            return false;
        }
        tally->head += (uint32_t)more;
        tally->network = 0;
    }
    if ((flags & OTHER_NETWORK) != 0) {
        if (!packing_read(from, &more)) {
            return false;
        }
        tally->network += more;
    }
    return tally->head >> 24 < ROLLUP_KINDS;
}

/* Against the slot that the code before it would be, whatever its own kind. */
static bool unpack_code(const struct rollup_units *units, struct unpacking *at)
{
    int64_t slot_s;

    if (rollup_head_kind(at->tally.head) != ROLLUP_SLOTS) {
        at->tally.code = at->code;
        return at->code < ROLLUP_CODES;
    }
    if (__builtin_mul_overflow((int64_t)at->code, units->slot_s, &slot_s)) {
        return false;
    }
    at->tally.code = rollup_slot_code(slot_s);
    return true;
}

static bool unpack_tally(struct packing_reader *from, const struct rollup_units *units,
                         struct unpacking *at)
{
    uint64_t packed;
    uint64_t count = 1;

    if (!packing_read(from, &packed) || !unpack_place(from, packed, &at->tally)) {
        return false;
    }
    at->code += (uint64_t)packing_unsigned(packed >> FLAG_BITS);
    if (!unpack_code(units, at) ||
        ((packed & NOT_ONE) != 0 && !unpack_small(from, UINT32_MAX, &count))) {
        return false;
    }
    at->tally.count = (uint32_t)count;
    return true;
}

bool rollup_unpack(struct packing_reader from, const struct rollup_units *units, struct rollup *out)
{
    struct unpacking at = {.code = 0};
    const bool is_first = out->shape_count == 0;
    int64_t first_ns;
    int64_t last_ns;

    if (!unpack_span(&from, units, &first_ns, &last_ns) || !unpack_shapes(&from, units, out)) {
        return false;
    }
    out->first_ns = is_first || first_ns < out->first_ns ? first_ns : out->first_ns;
    out->last_ns = is_first || last_ns > out->last_ns ? last_ns : out->last_ns;
    while (from.len > 0) {
        if (!unpack_tally(&from, units, &at) || !rollup_add_tally(out, &at.tally)) {
            return false;
        }
    }
    return true;
}
