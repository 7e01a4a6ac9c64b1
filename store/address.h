/* Addresses as text and back: RFC 5952 for IPv6, dotted quads for IPv4 (kept as ::ffff:a.b.c.d). */
#ifndef REPRISE_STORE_ADDRESS_H
#define REPRISE_STORE_ADDRESS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADDRESS_TEXT_BYTES = 46, ENDPOINT_TEXT_BYTES = ADDRESS_TEXT_BYTES + 8 };

struct endpoint;

/* ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
bool address_is_ipv4(const uint8_t address[16]);

/* An IPv4 address as a number, less 2^31: in four bytes. And back. */
#define ADDRESS_NUMBER_BIAS "2147483648"
int64_t address_number(const uint8_t address[16]);
void address_of_number(int64_t number, uint8_t out[16]);

/* An IPv4 address and a port as a number: the address highest, the port lowest, less 2^47, so that
 * SQLite keeps any of them in six bytes. And back. */
#define ENDPOINT_NUMBER_BIAS "140737488355328"
int64_t endpoint_number(const struct endpoint *endpoint);
void endpoint_of_number(int64_t number, struct endpoint *out);

/* Returns the length of the text, which is terminated. */
size_t address_format(const uint8_t address[16], char out[ADDRESS_TEXT_BYTES]);

/* "address:port", or "[address]:port" for IPv6. */
size_t endpoint_format(const struct endpoint *endpoint, char out[ENDPOINT_TEXT_BYTES]);

/* False, and zero bytes, when it is neither kind of address. */
bool address_parse(const char *text, uint8_t out[16]);

#endif
