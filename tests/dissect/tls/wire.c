#include "tests/dissect/tls/wire.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct wire *wire_new(void)
{
    struct wire *wire = malloc(sizeof(*wire));

    if (wire == NULL) {
        abort();
    }
    wire->len = 0;
    return wire;
}

static void put(struct wire *wire, uint32_t value, unsigned width)
{
    if (wire->len + width > sizeof(wire->data)) {
        abort();
    }
    for (unsigned i = width; i-- > 0;) {
        wire->data[wire->len++] = (uint8_t)(value >> 8 * i & 0xff);
    }
}

void wire_u8(struct wire *wire, unsigned value)
{
    put(wire, value, 1);
}

void wire_u16(struct wire *wire, unsigned value)
{
    put(wire, value, 2);
}

void wire_u24(struct wire *wire, unsigned value)
{
    put(wire, value, 3);
}

void wire_u32(struct wire *wire, uint32_t value)
{
    put(wire, value, 4);
}

void wire_fill(struct wire *wire, uint8_t value, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wire_u8(wire, value);
    }
}

void wire_text(struct wire *wire, const char *text)
{
    while (*text != '\0') {
        wire_u8(wire, (unsigned char)*text++);
    }
}

void wire_hex(struct wire *wire, const char *digits)
{
    while (*digits != '\0') {
        if (isspace((unsigned char)*digits)) {
            digits++;
            continue;
        }
        const char pair[] = {digits[0], digits[1], '\0'};
        char *end;
        const unsigned long value = strtoul(pair, &end, 16);
        if (end != pair + 2) {
            abort();
        }
        wire_u8(wire, (unsigned)value);
        digits += 2;
    }
}

size_t wire_open(struct wire *wire, unsigned width)
{
    put(wire, 0, width);
    return wire->len;
}

void wire_close(struct wire *wire, size_t mark, unsigned width)
{
    const size_t end = wire->len;

    wire->len = mark - width;
    put(wire, (uint32_t)(end - mark), width);
    wire->len = end;
}

size_t wire_open_record(struct wire *wire, unsigned type)
{
    wire_u8(wire, type);
    wire_u16(wire, 0x0303);
    return wire_open(wire, 2);
}

void wire_close_record(struct wire *wire, size_t mark)
{
    wire_close(wire, mark, 2);
}

size_t wire_open_message(struct wire *wire, unsigned type)
{
    wire_u8(wire, type);
    return wire_open(wire, 3);
}

void wire_close_message(struct wire *wire, size_t mark)
{
    wire_close(wire, mark, 3);
}

void wire_record(struct wire *wire, unsigned type, uint8_t value, size_t len)
{
    const size_t record = wire_open_record(wire, type);

    wire_fill(wire, value, len);
    wire_close_record(wire, record);
}

void wire_message(struct wire *wire, unsigned type, uint8_t value, size_t len)
{
    const size_t message = wire_open_message(wire, type);

    wire_fill(wire, value, len);
    wire_close_message(wire, message);
}

void wire_message_record(struct wire *wire, unsigned type, uint8_t value, size_t len)
{
    const size_t record = wire_open_record(wire, 22);

    wire_message(wire, type, value, len);
    wire_close_record(wire, record);
}

void wire_certificate_record(struct wire *wire, size_t len)
{
    const size_t record = wire_open_record(wire, 22);
    const size_t message = wire_open_message(wire, 11);

    wire_u24(wire, (unsigned)len - 3);
    wire_fill(wire, 0xcc, len - 3);
    wire_close_message(wire, message);
    wire_close_record(wire, record);
}

static void counting(struct wire *wire, unsigned first, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        wire_u8(wire, first + i);
    }
}

void wire_client_hello_start(struct wire *wire, unsigned version)
{
    wire_u16(wire, version);
    counting(wire, 0x00, 32);
    wire_u8(wire, 32);
    counting(wire, 0x20, 32);
    wire_hex(wire, "0002 1301 0100");
}

void wire_server_hello_start(struct wire *wire, unsigned version)
{
    wire_u16(wire, version);
    counting(wire, 0x00, 32);
    wire_u8(wire, 32);
    counting(wire, 0x20, 32);
    wire_hex(wire, "1301 00");
}

void wire_client_hello_record(struct wire *wire)
{
    const size_t record = wire_open_record(wire, 22);
    const size_t message = wire_open_message(wire, 1);

    wire_client_hello_start(wire, 0x0303);
    const size_t extensions = wire_open(wire, 2);
    wire_hex(wire, "0000 0011 000f 00 000c"); /* server_name */
    wire_text(wire, "shop.example");
    wire_hex(wire, "002b 0003 02 0304"); /* supported_versions */
    wire_close(wire, extensions, 2);
    wire_close_message(wire, message);
    wire_close_record(wire, record);
}

void wire_server_hello_record(struct wire *wire)
{
    const size_t record = wire_open_record(wire, 22);
    const size_t message = wire_open_message(wire, 2);

    wire_server_hello_start(wire, 0x0303);
    wire_close_message(wire, message);
    wire_close_record(wire, record);
}

void wire_hello_retry_record(struct wire *wire)
{
    const size_t record = wire_open_record(wire, 22);
    const size_t message = wire_open_message(wire, 2);

    wire_hex(wire, "0303"
                   "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
                   "00 1301 00"
                   "0006 002b 0002 0304");
    wire_close_message(wire, message);
    wire_close_record(wire, record);
}

struct bytes wire_exact(const void *data, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);

    if (copy == NULL) {
        abort();
    }
    if (len > 0) {
        memcpy(copy, data, len);
    }
    return (struct bytes){copy, len};
}

void wire_free_exact(struct bytes exact)
{
    union {
        const uint8_t *borrowed;
        void *own;
    } block = {exact.data};

    free(block.own);
}
