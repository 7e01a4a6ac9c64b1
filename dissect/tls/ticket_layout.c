#include "dissect/tls/ticket_layout.h"

#include <string.h>

enum { NAME_MAX_BYTES = 16, PLAIN_RUN_BYTES = 24 };

/* name, IV, [length of what is encrypted u16,] encrypted (whole blocks), then MAC or tag. */
static const struct layout {
    uint8_t iv_bytes;
    bool has_length;
    uint8_t block_bytes;
    uint8_t tail_bytes;
    const char *begins; /* what every key's name begins with */
} layouts[TICKET_LAYOUT_COUNT] = {
    [TICKET_LAYOUT_OPENSSL] = {16, false, 16, 32, ""},
    [TICKET_LAYOUT_GNUTLS] = {16, true, 16, 20, ""},
    [TICKET_LAYOUT_MBEDTLS] = {12, true, 1, 16, ""},
    [TICKET_LAYOUT_WOLFSSL] = {16, true, 1, 32, ""},
    [TICKET_LAYOUT_NSS] = {16, true, 16, 32, "NSS!"},
    [TICKET_LAYOUT_S2N] = {12, false, 1, 16, ""},
    [TICKET_LAYOUT_GO] = {16, false, 1, 32, ""},
    [TICKET_LAYOUT_JAVA] = {16, false, 1, 16, ""},
    [TICKET_LAYOUT_RUSTLS] = {12, false, 1, 16, ""},
};

static bool begins_with(struct bytes ticket, const char *words)
{
    return ticket.len >= strlen(words) && memcmp(ticket.data, words, strlen(words)) == 0;
}

static bool fits(struct bytes ticket, enum ticket_layout which)
{
    const struct layout *layout = &layouts[which];
    struct bytes rest = ticket;
    uint16_t length = 0;

    if (!begins_with(ticket, layout->begins) ||
        !bytes_skip(&rest, (size_t)ticket_layout_name_bytes(which) + layout->iv_bytes) ||
        (layout->has_length && !bytes_u16(&rest, &length)) || rest.len <= layout->tail_bytes) {
        return false;
    }
    const size_t encrypted = rest.len - layout->tail_bytes;
    return encrypted % layout->block_bytes == 0 && (!layout->has_length || length == encrypted);
}

static bool is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

/* Whether so many bytes from here on are printable, or all equal. */
static bool is_plain(const uint8_t *data)
{
    size_t printable = 0;
    size_t equal = 0;

    while (printable < PLAIN_RUN_BYTES && is_printable(data[printable])) {
        printable++;
    }
    while (equal < PLAIN_RUN_BYTES && data[equal] == data[0]) {
        equal++;
    }
    return printable == PLAIN_RUN_BYTES || equal == PLAIN_RUN_BYTES;
}

/* Whether such a run begins at one of the last `stride` bytes before `at`. */
static bool has_plain_run_near(struct bytes ticket, size_t at, size_t stride)
{
    for (size_t begin = at - stride; begin < at && begin + PLAIN_RUN_BYTES <= ticket.len; begin++) {
        if (is_plain(ticket.data + begin)) {
            return true;
        }
    }
    return false;
}

/* Of random bytes, one ticket of 1000 bytes in twenty million has such a run. Every run holds one
 * place of each stride besides its first byte, where two neighbours are alike: few places need a
 * closer look. */
static bool has_plain_run(struct bytes ticket)
{
    const size_t stride = PLAIN_RUN_BYTES - 1;

    for (size_t at = NAME_MAX_BYTES + stride; at < ticket.len; at += stride) {
        const uint8_t byte = ticket.data[at];
        const uint8_t before = ticket.data[at - 1];
        const bool is_alike = byte == before || (is_printable(byte) && is_printable(before));
        if (is_alike && has_plain_run_near(ticket, at, stride)) {
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
    if (ticket.len == 0) {
        return;
    }
    out->len = (uint8_t)(ticket.len < sizeof(out->start) ? ticket.len : sizeof(out->start));
    memcpy(out->start, ticket.data, out->len);
    if (is_all_text(ticket)) {
        return;
    }
    for (unsigned layout = 0; layout < TICKET_LAYOUT_COUNT; layout++) {
        out->layouts |= (uint16_t)(fits(ticket, (enum ticket_layout)layout) << layout);
    }
    out->warnings = (uint8_t)((unsigned)has_zero_name(ticket) << TICKET_WARNING_ZERO_NAME |
                              (unsigned)has_plain_run(ticket) << TICKET_WARNING_PLAINTEXT);
}
