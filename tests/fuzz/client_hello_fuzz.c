/* Any bytes as the body of a ClientHello, in TLS and in SSLv2 format: whatever is parsed must lie
 * within the input. */
#include "dissect/tls/ssl2.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void must_lie_within(struct bytes part, struct bytes whole)
{
    if (part.len > 0) {
        must(part.data >= whole.data && part.len <= whole.len);
        must((size_t)(part.data - whole.data) <= whole.len - part.len);
    }
}

static void check_identities(const struct client_hello *hello, struct bytes body)
{
    struct bytes identity;
    uint32_t age;

    for (uint16_t i = 0; i < hello->psk_count; i++) {
        must(client_hello_identity(hello, i, &identity, &age));
        must_lie_within(identity, hello->psk_identities);
        must(i > 0 || age == hello->obfuscated_age);
    }
    must(!client_hello_identity(hello, hello->psk_count, &identity, &age));
    must(hello->has_psk == (hello->psk_count > 0));
    must_lie_within(hello->psk_identities, body);
}

static void check(const struct client_hello *hello, struct bytes body)
{
    must_lie_within(hello->random, body);
    must_lie_within(hello->session_id, body);
    must(hello->session_id.len <= 255);
    must_lie_within(hello->sni, body);
    must_lie_within(hello->alpn, body);
    must_lie_within(hello->ticket, body);
    must((hello->ticket.len > 0) == (hello->ticket_extension == TICKET_PRESENT));
    check_identities(hello, body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes body = {data, size};
    struct client_hello hello;

    if (client_hello_parse(body, &hello)) {
        must(hello.random.len == HELLO_RANDOM_BYTES);
        check(&hello, body);
    }
    if (ssl2_client_hello_parse(body, &hello)) {
        check(&hello, body);
    }
    return 0;
}
