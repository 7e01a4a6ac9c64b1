#include "dissect/tls/ssl2_record.h"

#include "dissect/tls/body.h"
#include "dissect/tls/ssl2.h"

enum { SHORT_HEADER = 0x80, SHORT_HEADER_BYTES = 2, LONG_HEADER_BYTES = 3, TYPE_BYTES = 1 };

size_t ssl2_record_header_bytes(const struct tls_reader *reader)
{
    if (reader->header_len == 0) {
        return 1; /* tells how long the header is */
    }
    return ((reader->header[0] & SHORT_HEADER) != 0 ? SHORT_HEADER_BYTES : LONG_HEADER_BYTES) +
           TYPE_BYTES;
}

/* The message type stands for TLS's message header. */
void ssl2_record_begin(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    struct bytes bytes = {reader->header, reader->header_len};
    struct ssl2_header header;

    if (!ssl2_header_parse(&bytes, &header) || header.has_escape ||
        header.len - header.padding == TYPE_BYTES ||
        ssl2_event_kind(header.msg_type) == TLS_EVENT_KIND_COUNT) {
        tls_reader_stop(reader, turn->pools);
        return;
    }
    reader->record = (struct record_header){RECORD_HANDSHAKE, SSL_2_0, header.len};
    reader->message_header[0] = header.msg_type;
    reader->message_header_len = MESSAGE_HEADER_BYTES;
    reader->message = (struct message_header){header.msg_type,
                                              (uint32_t)header.len - TYPE_BYTES - header.padding};
    reader->message_left = reader->message.len;
    reader->message_start_ns = reader->record_start_ns;
    reader->mac_len = 0; /* in clear there is none (SSL 2.0, 1.2) */
    body_begin(reader);
    reader->record_left -= TYPE_BYTES;
}

static bool is_hello(enum tls_event_kind kind)
{
    return kind == TLS_CLIENT_HELLO || kind == TLS_SERVER_HELLO;
}

/* RFC 5246, E.2: what follows the hello of a client that speaks more than SSL 2.0 tells which of
 * them the server has chosen. */
static void go_on_after_hello(struct tls_reader *reader, const struct tls_event *hello)
{
    const bool is_for_both = hello->is_parsed && hello->client_hello.legacy_version != SSL_2_0;

    reader->is_ssl2 = !is_for_both;
    reader->may_be_ssl2 = is_for_both;
    reader->is_unsure = reader->is_unsure && !hello->is_parsed;
    reader->body = READER_BODY_SKIPPED; /* padding */
}

bool ssl2_record_end(const struct turn *turn, const struct bytes *body)
{
    struct tls_reader *reader = turn->reader;
    struct tls_event *out = turn->out;
    const bool is_first = reader->is_unsure;
    const enum tls_event_kind kind = ssl2_event_kind(reader->message.type);

    reader->message_header_len = 0;
    (void)turn_emit(turn, kind, reader->message_start_ns);
    out->message_type = reader->message.type;
    const bool is_read = body != NULL && ssl2_message_parse(reader->message.type, *body, out);
    if (kind == TLS_CLIENT_HELLO) {
        go_on_after_hello(reader, out);
    } else {
        tls_reader_stop(reader, turn->pools);
    }
    return is_read || (is_first && is_hello(kind));
}
