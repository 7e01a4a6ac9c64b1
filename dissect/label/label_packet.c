#include "dissect/label/label_packet.h"

#include <string.h>

enum { HEADERS_BYTES = 40, PORT_BYTES = 2, ADDRESS_BYTES = 4 };

/* RFC 791, 3.1, and RFC 9293, 3.1: 5 words each, no options, checksums left 0. The addresses are of
 * RFC 5737, the ports of those that nothing is registered for. */
static const uint8_t headers[HEADERS_BYTES] = {
    0x45, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06, /* length at 2 */
    0x00, 0x00, 192,  0,    2,    1,    192,  0,    2,    2,    /* addresses at 12 and 16 */
    0xc3, 0x50, 0xc3, 0x51, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, /* ports at 20 and 22 */
    0x00, 0x01, 0x50, 0x18, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, /* ACK, PSH */
};

static void swap(uint8_t *first, size_t len)
{
    uint8_t kept[ADDRESS_BYTES];

    memcpy(kept, first, len);
    memcpy(first, first + len, len);
    memcpy(first + len, kept, len);
}

size_t label_packet_make(const struct carrier_speech *speech, bool from_server,
                         uint8_t out[LABEL_PACKET_BYTES])
{
    const size_t len = HEADERS_BYTES + (size_t)speech->len;

    memcpy(out, headers, sizeof(headers));
    out[3] = (uint8_t)len;
    if (from_server) {
        swap(out + 12, ADDRESS_BYTES);
        swap(out + 20, PORT_BYTES);
    }
    memcpy(out + HEADERS_BYTES, speech->bytes, speech->len);
    return len;
}
