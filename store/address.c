#include "store/address.h"

#include "dissect/handshake.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool address_is_ipv4(const uint8_t address[16])
{
    return memcmp(address, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

static const int64_t address_bias = INT64_C(1) << 31;

int64_t address_number(const uint8_t address[16])
{
    const uint8_t *const octets = address + sizeof(mapped_prefix);

    return ((int64_t)octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3]) - address_bias;
}

void address_of_number(int64_t number, uint8_t out[16])
{
    const uint64_t packed = (uint64_t)number + (uint64_t)address_bias;

    memcpy(out, mapped_prefix, sizeof(mapped_prefix));
    for (size_t i = 0; i < 4; i++) {
        out[sizeof(mapped_prefix) + i] = (uint8_t)(packed >> (24 - 8 * i));
    }
}

int64_t endpoint_number(const struct endpoint *endpoint)
{
    return address_number(endpoint->address) * (1 << 16) + endpoint->port;
}

void endpoint_of_number(int64_t number, struct endpoint *out)
{
    address_of_number(number >> 16, out->address);
    out->port = (uint16_t)number;
}

/* Every handshake stores an IPv4 address or two: much quicker than printf. */
static size_t format_octet(uint8_t octet, char *out)
{
    size_t len = 0;
    if (octet >= 100) {
        out[len++] = (char)('0' + octet / 100);
    }
    if (octet >= 10) {
        out[len++] = (char)('0' + octet / 10 % 10);
    }
    out[len++] = (char)('0' + octet % 10);
    return len;
}

static size_t format_ipv4(const uint8_t address[4], char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < 4; i++) {
        len += format_octet(address[i], out + len);
        out[len++] = '.';
    }
    out[--len] = '\0';
    return len;
}

size_t address_format(const uint8_t address[16], char out[ADDRESS_TEXT_BYTES])
{
    if (address_is_ipv4(address)) {
        return format_ipv4(address + sizeof(mapped_prefix), out);
    }
    (void)inet_ntop(AF_INET6, address, out, ADDRESS_TEXT_BYTES);
    return strlen(out);
}

size_t endpoint_format(const struct endpoint *endpoint, char out[ENDPOINT_TEXT_BYTES])
{
    char address[ADDRESS_TEXT_BYTES];

    (void)address_format(endpoint->address, address);
    const int len =
        snprintf(out, ENDPOINT_TEXT_BYTES, address_is_ipv4(endpoint->address) ? "%s:%u" : "[%s]:%u",
                 address, (unsigned)endpoint->port);
    return (size_t)len;
}

bool address_parse(const char *text, uint8_t out[16])
{
    memset(out, 0, 16);
    if (inet_pton(AF_INET6, text, out) == 1) {
        return true;
    }
    if (inet_pton(AF_INET, text, out + sizeof(mapped_prefix)) != 1) {
        return false;
    }
    memcpy(out, mapped_prefix, sizeof(mapped_prefix));
    return true;
}
