#include "dissect/tls/ticket_estimate.h"

/* NewSessionTicket: type u8, length u24, ticket_lifetime u32, ticket_age_add u32,
 * ticket_nonce<u8>, ticket<u16>, extensions<u16>; then the content type u8, the tag (5.2). */
enum {
    FIXED_BYTES = 4 + 4 + 4 + 1 + 2 + 2 + 1 + 16,
    USUAL_NONCE_BYTES = 8,
    LARGEST_NONCE_BYTES = 32,
    EARLY_DATA_BYTES = 2 + 2 + 4, /* type, length, max_early_data_size u32 (4.2.10) */
};

int64_t ticket_estimate_bytes(int64_t record_bytes)
{
    return record_bytes - FIXED_BYTES - USUAL_NONCE_BYTES;
}

int64_t ticket_estimate_record_bytes(int64_t ticket_bytes)
{
    return ticket_bytes + FIXED_BYTES + USUAL_NONCE_BYTES;
}

bool ticket_estimate_fits(int64_t record_bytes, int64_t identity_len)
{
    const int64_t most = record_bytes - FIXED_BYTES;

    return identity_len > 0 && identity_len <= most &&
           identity_len >= most - LARGEST_NONCE_BYTES - EARLY_DATA_BYTES;
}
