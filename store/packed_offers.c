#include "store/packed_offers.h"

#include "store/address.h"

#include <string.h>

enum {
    OUTCOME_BITS = 0x7,
    IS_REPLACED = 1 << 3,
    IS_IPV4 = 1 << 4,
    HAS_AGE = 1 << 5,
    HAS_HINT = 1 << 6,
    ALL_BITS = 0x7f,
    IPV4_AT = 12, /* in an address of 16 bytes */
};

_Static_assert(OUTCOME_COUNT <= OUTCOME_BITS + 1, "an outcome has three bits");

static uint64_t difference(int64_t a, int64_t b)
{
    return packing_signed((int64_t)((uint64_t)a - (uint64_t)b));
}

static int64_t undo_difference(uint64_t packed, int64_t b)
{
    return (int64_t)((uint64_t)packing_unsigned(packed) + (uint64_t)b);
}

/* ---- In ---- */

/* What a damaged database holds in place of an address is none. */
static void address_of(const struct offer_record *offer, uint8_t out[16])
{
    if (!address_parse(offer->client, out)) {
        memset(out, 0, 16);
    }
}

static void add_number(struct packing_writer *to, int64_t number)
{
    if (number != HANDSHAKE_NULL) {
        packing_write(to, packing_signed(number));
    }
}

void packed_offers_add(struct packed_offers *to, const struct offer_record *offer)
{
    struct packing_writer *bytes = &to->bytes;
    uint8_t client[16];

    address_of(offer, client);
    const bool is_ipv4 = address_is_ipv4(client);
    packing_write(bytes, (uint64_t)offer->outcome | (offer->is_replaced ? IS_REPLACED : 0U) |
                             (is_ipv4 ? IS_IPV4 : 0U) |
                             (offer->age_s != HANDSHAKE_NULL ? HAS_AGE : 0U) |
                             (offer->lifetime_hint_s != HANDSHAKE_NULL ? HAS_HINT : 0U));
    packing_write(bytes, difference(offer->id, to->id));
    packing_write(bytes, difference(offer->time_ns, to->time_ns));
    packing_write(bytes, (uint64_t)offer->host_id);
    packing_write_bytes(bytes, client + (is_ipv4 ? IPV4_AT : 0), is_ipv4 ? 4 : 16);
    add_number(bytes, offer->age_s);
    add_number(bytes, offer->lifetime_hint_s);
    to->id = offer->id;
    to->time_ns = offer->time_ns;
}

void packed_offers_end(struct packed_offers *to, struct packing_writer *out)
{
    packing_write(out, to->bytes.len);
    if (to->bytes.len > 0) {
        packing_write_bytes(out, to->bytes.data, to->bytes.len);
    }
    out->has_failed = out->has_failed || to->bytes.has_failed;
    to->bytes.len = 0;
    to->id = 0;
    to->time_ns = 0;
}

/* ---- Out ---- */

void packed_offers_begin(struct packed_offers_cursor *cursor, const uint8_t *data, size_t len)
{
    *cursor = (struct packed_offers_cursor){.rest = {data, len}};
}

static bool read_client(struct packing_reader *from, bool is_ipv4, char out[ADDRESS_TEXT_BYTES])
{
    struct packing_reader bytes;
    uint8_t client[16] = {[10] = 0xff, 0xff}; /* ::ffff:a.b.c.d (RFC 4291, 2.5.5.2) */

    if (!packing_split(from, is_ipv4 ? 4 : 16, &bytes)) {
        return false;
    }
    memcpy(client + (is_ipv4 ? IPV4_AT : 0), bytes.data, bytes.len);
    (void)address_format(client, out);
    return true;
}

static bool read_number(struct packing_reader *from, bool is_there, int64_t *out)
{
    uint64_t packed = packing_signed(HANDSHAKE_NULL);

    if (is_there && !packing_read(from, &packed)) {
        return false;
    }
    *out = packing_unsigned(packed);
    return true;
}

static bool read_place(struct packed_offers_cursor *cursor, struct offer_record *out)
{
    struct packing_reader *from = &cursor->list;
    uint64_t id;
    uint64_t time;
    uint64_t host;

    if (!packing_read(from, &id) || !packing_read(from, &time) || !packing_read(from, &host)) {
        return false;
    }
    cursor->id = undo_difference(id, cursor->id);
    cursor->time_ns = undo_difference(time, cursor->time_ns);
    out->id = cursor->id;
    out->time_ns = cursor->time_ns;
    out->host_id = (int64_t)host;
    out->host.len = 0;
    return true;
}

static bool read_offer(struct packed_offers_cursor *cursor, struct offer_record *out)
{
    struct packing_reader *from = &cursor->list;
    uint64_t flags;

    if (!packing_read(from, &flags) || flags > ALL_BITS ||
        (flags & OUTCOME_BITS) >= OUTCOME_COUNT) {
        return false;
    }
    out->outcome = (enum outcome)(flags & OUTCOME_BITS);
    out->is_replaced = (flags & IS_REPLACED) != 0;
    return read_place(cursor, out) && read_client(from, (flags & IS_IPV4) != 0, out->client) &&
           read_number(from, (flags & HAS_AGE) != 0, &out->age_s) &&
           read_number(from, (flags & HAS_HINT) != 0, &out->lifetime_hint_s);
}

/* Goes to the next list that has any. */
static bool begin_list(struct packed_offers_cursor *cursor)
{
    uint64_t len;

    while (cursor->list.len == 0 && cursor->rest.len > 0) {
        if (!packing_read(&cursor->rest, &len) ||
            !packing_split(&cursor->rest, len, &cursor->list)) {
            return false;
        }
        cursor->id = 0;
        cursor->time_ns = 0;
    }
    return true;
}

bool packed_offers_next(struct packed_offers_cursor *cursor, struct offer_record *out)
{
    if (cursor->is_damaged) {
        return false;
    }
    cursor->is_damaged = !begin_list(cursor);
    if (cursor->is_damaged || cursor->list.len == 0) {
        return false;
    }
    cursor->is_damaged = !read_offer(cursor, out);
    return !cursor->is_damaged;
}
