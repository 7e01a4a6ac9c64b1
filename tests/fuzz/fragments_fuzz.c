/* Bytes become a sequence of fragments, which go both to the reassembly and to a naive model
 * written without looking at it: a map of bytes for each datagram, in which nothing may be set
 * twice. Both must find the same datagrams whole, at the same fragment, with the same bytes. A
 * second reassembly with room for next to nothing must give up, and no more. */
#include "dissect/net/fragments.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    KEYS = 8, /* two of each kind */
    MAP_BYTES = 65535,
    SMALL_ROOM = 24 * 1024,
};

#define MILLISECOND_NS INT64_C(1000000)

enum byte_state { BYTE_FREE, BYTE_SEEN, BYTE_CUT };
enum model_state { MODEL_NONE, MODEL_OPEN, MODEL_WHOLE, MODEL_REFUSED };

struct model {
    enum model_state state;
    int64_t begun_ns;
    int64_t whole_ns;
    uint32_t count; /* of pieces */
    uint32_t offsets[DATAGRAM_MAX_PIECES];
    uint32_t lens[DATAGRAM_MAX_PIECES];
    uint32_t end; /* 0: not known */
    uint8_t bytes[MAP_BYTES];
    uint8_t states[MAP_BYTES]; /* enum byte_state */
};

struct run {
    struct bytes input;
    struct fragments *fragments;
    struct fragments *small;
    struct fragments_counters counters;
    struct fragments_counters small_counters;
    struct model *models; /* KEYS */
    uint8_t *buffer;
    int64_t clock_ns;
};

static const uint32_t max_bytes[FRAGMENT_KINDS] = {65515, 65535, 65535, 65535};
static const int64_t timeouts_ms[FRAGMENT_KINDS] = {30000, 60000, 30000, 1000};

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static uint8_t take_u8(struct bytes *input)
{
    uint8_t value = 0;

    return bytes_u8(input, &value) ? value : 0;
}

static uint16_t take_u16(struct bytes *input)
{
    uint16_t value = 0;

    return bytes_u16(input, &value) ? value : 0;
}

static bool has_same_bytes(const struct model *model, const struct fragment *fragment,
                           uint32_t offset)
{
    const uint8_t *cut = memchr(model->states + offset, BYTE_CUT, fragment->len);
    const size_t seen = cut == NULL ? fragment->len : (size_t)(cut - model->states) - offset;
    const size_t both = seen < fragment->payload.len ? seen : fragment->payload.len;

    return memcmp(model->bytes + offset, fragment->payload.data, both) == 0;
}

static bool is_same_piece(const struct model *model, const struct fragment *fragment,
                          uint32_t offset)
{
    const bool is_last = model->end == offset + fragment->len;

    for (uint32_t i = 0; i < model->count; i++) {
        if (model->offsets[i] == offset && model->lens[i] == fragment->len) {
            return fragment->is_last == is_last &&
                   (model->state == MODEL_WHOLE || has_same_bytes(model, fragment, offset));
        }
    }
    return false;
}

static bool is_lawful(const struct fragment *fragment, uint32_t offset)
{
    const bool has_units = fragment->kind != FRAGMENT_WLAN && !fragment->is_last;

    return offset + fragment->len <= max_bytes[fragment->kind] &&
           (!has_units || fragment->len % 8 == 0);
}

/* Whole runs at a time: a look at each byte would drown in the fuzzer's own counting. */
static bool is_free(const struct model *model, uint32_t from, uint32_t to)
{
    const uint8_t *states = model->states + from;

    return from >= to || (states[0] == BYTE_FREE && memcmp(states, states + 1, to - from - 1) == 0);
}

/* Whether the fragment may be set into the map. */
static bool fits(const struct model *model, const struct fragment *fragment, uint32_t offset)
{
    const uint32_t end = offset + fragment->len;

    if (model->count == DATAGRAM_MAX_PIECES) {
        return false;
    }
    if (!is_free(model, offset, end)) {
        return false;
    }
    if (fragment->is_last) {
        return is_free(model, end, MAP_BYTES) && (model->end == 0 || model->end == end);
    }
    return model->end == 0 || end < model->end;
}

static bool is_whole(const struct model *model)
{
    return model->end != 0 && memchr(model->states, BYTE_FREE, model->end) == NULL;
}

static void set(struct model *model, const struct fragment *fragment, uint32_t offset)
{
    model->offsets[model->count] = offset;
    model->lens[model->count++] = fragment->len;
    memset(model->states + offset, BYTE_CUT, fragment->len);
    memset(model->states + offset, BYTE_SEEN, fragment->payload.len);
    memcpy(model->bytes + offset, fragment->payload.data, fragment->payload.len);
    if (fragment->is_last) {
        model->end = offset + fragment->len;
    }
}

static void forget_in_time(struct model *model, const struct fragment *fragment)
{
    const int64_t timeout_ns = timeouts_ms[fragment->kind] * MILLISECOND_NS;
    const bool is_over = model->state == MODEL_WHOLE
                             ? fragment->time_ns - model->whole_ns >= 100 * MILLISECOND_NS
                             : fragment->time_ns - model->begun_ns >= timeout_ns;

    if (model->state == MODEL_NONE || is_over) {
        memset(model, 0, sizeof(*model));
        model->state = MODEL_OPEN;
        model->begun_ns = fragment->time_ns;
    }
}

/* The offset by the naive reading: of IEEE 802.11 all pieces before it, in order. */
static bool find_offset(const struct model *model, const struct fragment *fragment, uint32_t *out)
{
    *out = fragment->offset;
    if (fragment->kind != FRAGMENT_WLAN) {
        return true;
    }
    *out = 0;
    for (uint32_t i = 0; i < fragment->offset; i++) {
        if (i == model->count) {
            return false;
        }
        *out += model->lens[i];
    }
    return true;
}

/* True when the datagram is whole with this one. */
static bool model_add(struct model *model, const struct fragment *fragment)
{
    uint32_t offset;

    if (fragment->len == 0) {
        return false;
    }
    forget_in_time(model, fragment);
    const bool is_sound = find_offset(model, fragment, &offset) && is_lawful(fragment, offset);
    if (model->state != MODEL_OPEN || (is_sound && is_same_piece(model, fragment, offset))) {
        return false;
    }
    if (!is_sound || !fits(model, fragment, offset)) {
        model->state = MODEL_REFUSED;
        return false;
    }
    set(model, fragment, offset);
    if (is_whole(model)) {
        model->state = MODEL_WHOLE;
        model->whole_ns = fragment->time_ns;
        return true;
    }
    return false;
}

static void check_frame(const struct model *model, const struct fragment *fragment,
                        const struct frame *frame)
{
    static const uint32_t headers[FRAGMENT_KINDS] = {20, 40, 0, 0};
    const uint32_t header = headers[fragment->kind];
    const uint8_t *cut = memchr(model->states, BYTE_CUT, model->end);
    const size_t seen = cut != NULL ? (size_t)(cut - model->states) : model->end;

    check(frame->time_ns == fragment->time_ns);
    check(frame->wire_len == header + model->end);
    check(frame->captured_len == header + seen);
    check(memcmp(frame->data + header, model->bytes, seen) == 0);
}

static void give(struct run *run, struct model *model, const struct fragment *fragment)
{
    struct frame frame;
    const bool is_expected = model_add(model, fragment);
    const bool is_found = fragments_add(run->fragments, fragment, true, run->buffer, &frame);

    check(is_found == is_expected);
    if (is_found) {
        check_frame(model, fragment, &frame);
    }
    if (fragments_add(run->small, fragment, true, run->buffer, &frame)) {
        check(frame.captured_len <= frame.wire_len && frame.wire_len <= DATAGRAM_FRAME_BYTES);
    }
}

/* Up to 64 KiB of it. What belongs at an offset repeats after 256 bytes; any seed is other bytes.
 */
static const uint8_t *content(uint32_t offset, uint8_t seed)
{
    static uint8_t bytes[UINT16_MAX + 256];
    enum { SHIFT = 223 /* by so many bytes the content is larger by 1 */ };

    if (bytes[1] == 0) {
        for (size_t i = 0; i < sizeof(bytes); i++) {
            bytes[i] = (uint8_t)(i * 31);
        }
    }
    return bytes + (offset + seed * SHIFT) % 256;
}

/* key and flags(1), offset(2) in units of 8, length(1 or 2), seed(1), milliseconds(2). Most content
 * is what belongs at the offset, so that repeated fragments agree. */
static void step(struct run *run)
{
    enum { KEY_MASK = 0x07, LAST = 0x08, LONG = 0x10, CUT = 0x20, LATER = 0x40, ODD = 0x80 };
    const uint8_t choice = take_u8(&run->input);
    struct fragment fragment = {
        .kind = (enum fragment_kind)((choice & KEY_MASK) % FRAGMENT_KINDS),
        .identification = (choice & KEY_MASK) / FRAGMENT_KINDS,
        .is_last = (choice & LAST) != 0,
        .protocol = 17,
    };

    fragment.offset = (take_u16(&run->input) & 0x1fffU) * 8;
    if (fragment.kind == FRAGMENT_WLAN) {
        fragment.offset = fragment.offset / 8 % 16;
    }
    fragment.len = (choice & LONG) != 0 ? take_u16(&run->input) : take_u8(&run->input) * 8U;
    const uint32_t cut = (choice & CUT) != 0 ? take_u8(&run->input) * 4U : 0;
    const uint32_t seen = cut < fragment.len ? fragment.len - cut : 0;
    const uint8_t seed = (choice & ODD) != 0 ? take_u8(&run->input) : 0;
    run->clock_ns += (choice & LATER) != 0 ? take_u16(&run->input) * MILLISECOND_NS : 1;
    fragment.time_ns = run->clock_ns;

    uint8_t *exact = malloc(seen > 0 ? seen : 1);
    if (exact == NULL) {
        return;
    }
    memcpy(exact, content(fragment.offset, seed), seen);
    fragment.payload = (struct bytes){exact, seen};
    give(run, &run->models[choice & KEY_MASK], &fragment);
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t key[16] = {1};
    static struct model models[KEYS];
    struct run run = {.input = {data, size}};

    run.fragments = fragments_new(4 << 20, key, &run.counters);
    run.small = fragments_new(SMALL_ROOM, key, &run.small_counters);
    for (size_t i = 0; i < KEYS; i++) {
        models[i].state = MODEL_NONE; /* cleared when first used */
    }
    run.models = models;
    run.buffer = malloc(DATAGRAM_FRAME_BYTES);
    check(run.fragments != NULL && run.small != NULL && run.buffer != NULL);
    while (run.input.len > 0) {
        step(&run);
    }
    fragments_finish(run.fragments);
    fragments_finish(run.small);
    fragments_free(run.fragments);
    fragments_free(run.small);
    free(run.buffer);
    return 0;
}
