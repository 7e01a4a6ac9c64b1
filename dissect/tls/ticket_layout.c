#include "dissect/tls/ticket_layout.h"

#include <string.h>

enum { NAME_MAX_BYTES = 16, PLAIN_RUN_BYTES = 24 };

/* name, IV, [length of what is encrypted u16,] encrypted (whole blocks), then MAC or tag. */
static const struct layout {
    uint8_t iv_bytes;
    bool has_length;
    uint8_t block_bytes; /* a power of two */
    uint8_t tail_bytes;
    struct beginning {
        uint8_t len;
        uint8_t bytes[4];
    } begins; /* what every key's name begins with */
} layouts[TICKET_LAYOUT_COUNT] = {
    [TICKET_LAYOUT_OPENSSL] = {16, false, 16, 32, {0}},
    [TICKET_LAYOUT_GNUTLS] = {16, true, 16, 20, {0}},
    [TICKET_LAYOUT_MBEDTLS] = {12, true, 1, 16, {0}},
    [TICKET_LAYOUT_WOLFSSL] = {16, true, 1, 32, {0}},
    [TICKET_LAYOUT_NSS] = {16, true, 16, 32, {4, "NSS!"}},
    [TICKET_LAYOUT_S2N] = {12, false, 1, 16, {0}},
    [TICKET_LAYOUT_GO] = {16, false, 1, 32, {0}},
    [TICKET_LAYOUT_JAVA] = {16, false, 1, 16, {0}},
    [TICKET_LAYOUT_RUSTLS] = {12, false, 1, 16, {0}},
};

static bool begins_with(struct bytes ticket, const struct beginning *words)
{
    return words->len == 0 ||
           (ticket.len >= words->len && memcmp(ticket.data, words->bytes, words->len) == 0);
}

static bool fits(struct bytes ticket, enum ticket_layout which)
{
    const struct layout *layout = &layouts[which];
    struct bytes rest = ticket;
    uint16_t length = 0;

    if (!begins_with(ticket, &layout->begins) ||
        !bytes_skip(&rest, (size_t)ticket_layout_name_bytes(which) + layout->iv_bytes) ||
        (layout->has_length && !bytes_u16(&rest, &length)) || rest.len <= layout->tail_bytes) {
        return false;
    }
    const size_t encrypted = rest.len - layout->tail_bytes;
    return (encrypted & (layout->block_bytes - 1U)) == 0 &&
           (!layout->has_length || length == encrypted);
}

static bool is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

static bool are_printable(uint8_t a, uint8_t b)
{
    return is_printable(a) && is_printable(b);
}

static bool are_equal(uint8_t a, uint8_t b)
{
    return a == b;
}

/* Whether a run of bytes each of which is like the one before it goes through `at`, none of it in
 * the longest name. */
static inline bool is_in_run(struct bytes ticket, size_t at, bool (*are_alike)(uint8_t, uint8_t))
{
    const uint8_t *data = ticket.data;
    size_t begin = at;
    size_t end = at + 1;

    while (begin > NAME_MAX_BYTES && at - begin < PLAIN_RUN_BYTES &&
           are_alike(data[begin - 1], data[begin])) {
        begin--;
    }
    while (end < ticket.len && end - begin < PLAIN_RUN_BYTES &&
           are_alike(data[end - 1], data[end])) {
        end++;
    }
    return end - begin >= PLAIN_RUN_BYTES;
}

/* Of random bytes, one ticket of 1000 bytes in twenty million has such a run. Every run holds one
 * place of each stride besides its first byte: what surrounds it tells. */
static bool has_plain_run(struct bytes ticket)
{
    const size_t stride = PLAIN_RUN_BYTES - 1;

    for (size_t at = NAME_MAX_BYTES + stride; at < ticket.len; at += stride) {
        if (is_in_run(ticket, at, are_printable) || is_in_run(ticket, at, are_equal)) {
            return true;
        }
    }
    return false;
}

static bool has_zero_name(struct bytes ticket)
{
    static const uint8_t zeros[NAME_MAX_BYTES];

    return ticket.len > sizeof(zeros) && memcmp(ticket.data, zeros, sizeof(zeros)) == 0;
}

/* External PSKs (RFC 8446, 4.2.11) often have names that people can read: no ticket. */
static bool is_all_text(struct bytes ticket)
{
    size_t i = 0;

    while (i < ticket.len && is_printable(ticket.data[i])) {
        i++;
    }
    return i == ticket.len;
}

void ticket_shape_of(struct bytes ticket, struct ticket_shape *out)
{
    memset(out, 0, sizeof(*out));
    if (ticket.len >= sizeof(out->start)) { /* nearly always: a copy of known length is no call */
        out->len = sizeof(out->start);
        memcpy(out->start, ticket.data, sizeof(out->start));
    } else if (ticket.len > 0) {
        out->len = (uint8_t)ticket.len;
        memcpy(out->start, ticket.data, ticket.len);
    } else {
        return;
    }
    if (is_all_text(ticket)) {
        return;
    }
    for (unsigned layout = 0; layout < TICKET_LAYOUT_COUNT; layout++) {
        out->layouts |= (uint16_t)(fits(ticket, (enum ticket_layout)layout) << layout);
    }
    out->warnings = (uint8_t)((unsigned)has_zero_name(ticket) << TICKET_WARNING_ZERO_NAME |
                              (unsigned)has_plain_run(ticket) << TICKET_WARNING_PLAINTEXT);
}
