#include "store/ticket_marks.h"

#include "base/keyed_hash.h"

enum {
    DOMAIN_MARKS = 3, /* beside those of enum session_kind */
    IV_BYTES = 12,
};

bool ticket_marks_key(const uint8_t session_key[16], struct siphash_key *out, struct error *error)
{
    struct keyed_hash *hash = keyed_hash_new(session_key, error);
    uint8_t derived[KEYED_HASH_BYTES];

    if (hash == NULL) {
        return false;
    }
    keyed_hash_of(hash, DOMAIN_MARKS, NULL, 0, derived);
    keyed_hash_free(hash);
    *out = siphash_key_of(derived);
    return true;
}

static uint64_t mark(const struct siphash_key *key, const struct ticket_shape *shape, size_t len)
{
    return siphash(key, shape->start, shape->len < len ? shape->len : len);
}

/* SQLite's numbers are signed. */
static int64_t long_mark(const struct siphash_key *key, const struct ticket_shape *shape,
                         size_t len)
{
    return (int64_t)(mark(key, shape, len) & INT64_MAX);
}

void ticket_marks_of(const struct siphash_key *key, const struct ticket_shape *shape,
                     struct ticket_marks *out)
{
    out->at_4 = mark(key, shape, 4) & 0xffffff;
    out->at_6 = mark(key, shape, 6) & UINT16_MAX;
    out->at_16 = long_mark(key, shape, 16);
    out->at_20 = mark(key, shape, 20) & 0xffffff;
    out->at_28 = long_mark(key, shape, 28);
}

int64_t ticket_marks_iv(const struct siphash_key *key, const struct ticket_shape *shape,
                        uint8_t name_bytes)
{
    const size_t len = (size_t)name_bytes + IV_BYTES;

    return shape->len < len ? HANDSHAKE_NULL : long_mark(key, shape, len);
}
