/* Messages of SSL 2.0: a message type u8, and any bytes as its body; the same bytes as the
 * beginning of a direction. What is parsed must lie within the input, and a look at more bytes must
 * not take back what fewer have told. */
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

static void check_client_hello(const struct client_hello *hello, struct bytes body)
{
    must(hello->session_id.len == 0 || hello->session_id.len == SSL2_SESSION_ID_BYTES);
    must(hello->random.len >= 16 && hello->random.len <= 32);
    must(hello->legacy_version == SSL_2_0 || hello->legacy_version >> 8 == 3);
    must_lie_within(hello->session_id, body);
    must_lie_within(hello->random, body);
}

static void check_message(uint8_t msg_type, struct bytes body)
{
    const enum tls_event_kind kind = ssl2_event_kind(msg_type);
    struct tls_event event = {.kind = kind};

    if (!ssl2_message_parse(msg_type, body, &event)) {
        must(!event.is_parsed && event.alert_level == 0);
        return;
    }
    must(kind != TLS_EVENT_KIND_COUNT);
    must(event.is_parsed == (kind == TLS_CLIENT_HELLO || kind == TLS_SERVER_HELLO));
    must((event.alert_level != 0) == (kind == TLS_ALERT));
    if (kind == TLS_CLIENT_HELLO) {
        check_client_hello(&event.client_hello, body);
    } else if (kind == TLS_SERVER_HELLO) {
        must(event.server_hello.version == SSL_2_0 && event.server_hello.session_id.len == 0);
    }
}

static void check_looks(struct bytes whole)
{
    const enum message_look found = ssl2_look(whole);

    must(found != MESSAGE_LOOKS_MORE || whole.len < SSL2_LOOK_BYTES);
    for (size_t len = 0; len < whole.len && len <= SSL2_LOOK_BYTES; len++) {
        const enum message_look early = ssl2_look((struct bytes){whole.data, len});
        must(early == MESSAGE_LOOKS_MORE || early == found);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes body = {data, size};
    struct bytes rest = body;
    struct ssl2_header header;
    uint8_t msg_type;

    check_looks(body);
    if (ssl2_header_parse(&rest, &header)) {
        must(header.len > header.padding);
        must(rest.len + 3 == size || rest.len + 4 == size);
    }
    if (bytes_u8(&body, &msg_type)) {
        check_message(msg_type, body);
    }
    return 0;
}
