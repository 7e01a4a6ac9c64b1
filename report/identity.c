#include "report/identity.h"

#include <string.h>

enum { UID_HIGH_DIGITS = 11, UID_LOW_DIGITS = 6 }; /* 62^11 > 2^64, 62^6 > 2^32 */

static const uint64_t flow_mask = (UINT64_C(1) << 51) - 1;

/* A permutation of the 64-bit numbers that leaves no bit where it was (splitmix64's last step). */
static uint64_t mixed(uint64_t value)
{
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static uint64_t add_word(uint64_t digest, uint64_t word)
{
    return mixed(digest + UINT64_C(0x9e3779b97f4a7c15)) ^ mixed(word + digest);
}

/* Byte by byte, so that the result is the same on every machine. */
static uint64_t add_address(uint64_t digest, const uint8_t address[16])
{
    uint64_t halves[2] = {0, 0};

    for (size_t i = 0; i < 16; i++) {
        halves[i / 8] = halves[i / 8] << 8 | address[i];
    }
    return add_word(add_word(digest, halves[0]), halves[1]);
}

/* It keeps no secret and guards nothing: who can choose addresses, ports and the nanosecond of a
 * packet can make two handshakes alike, and deceives the reader of a log at most. */
static uint64_t digest_of(const struct handshake *handshake, uint64_t seed)
{
    uint64_t ports = (uint64_t)handshake->client.port << 16 | handshake->server.port;
    uint64_t digest = add_word(seed, (uint64_t)handshake->time_ns);

    digest = add_word(digest, (uint64_t)handshake->transport << 32 | ports);
    digest = add_address(digest, handshake->client.address);
    return add_address(digest, handshake->server.address);
}

static void put_digits(uint64_t number, size_t digits, char *out)
{
    static const char base_62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    for (size_t i = digits; i > 0; i--) {
        out[i - 1] = base_62[number % 62];
        number /= 62;
    }
}

const char *identity_uid(const struct handshake *handshake, char out[IDENTITY_UID_BYTES])
{
    out[0] = 'C';
    put_digits(digest_of(handshake, 1), UID_HIGH_DIGITS, out + 1);
    put_digits(digest_of(handshake, 2) >> 32, UID_LOW_DIGITS, out + 1 + UID_HIGH_DIGITS);
    out[IDENTITY_UID_BYTES - 1] = '\0';
    return out;
}

uint64_t identity_flow(const struct handshake *handshake)
{
    return digest_of(handshake, 3) & flow_mask;
}
