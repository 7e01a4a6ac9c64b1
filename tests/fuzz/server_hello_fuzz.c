/* Any bytes as the body of a ServerHello, a draft's HelloRetryRequest and a NewSessionTicket:
 * whatever is parsed must lie within the input. */
#include "dissect/tls/hello.h"

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

static void check(const struct server_hello *hello, struct bytes body)
{
    must_lie_within(hello->random, body);
    must_lie_within(hello->session_id, body);
    must_lie_within(hello->alpn, body);
    must(hello->has_psk || hello->selected_identity == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes body = {data, size};
    struct server_hello hello;
    struct new_session_ticket ticket;

    if (server_hello_parse(body, &hello)) {
        must(hello.random.len == HELLO_RANDOM_BYTES);
        check(&hello, body);
    }
    if (hello_retry_request_parse(body, &hello)) {
        must(hello.is_hello_retry_request);
        check(&hello, body);
    }
    if (new_session_ticket_parse(body, &ticket)) {
        must_lie_within(ticket.ticket, body);
        must(ticket.ticket.len + 6 == size);
    }
    return 0;
}
