/* Suricata's EVE events of type tls, one JSON object a line, with our columns in an object of
 * their own. */
#include "report/format.h"
#include "report/formats.h"
#include "report/identity.h"

#include <inttypes.h>
#include <string.h>

/* Our names and Suricata's words, which has none for DTLS. */
static const struct {
    const char *name;
    const char *words;
} versions[] = {
    {"TLSv1.0", "TLSv1"},     {"TLSv1.1", "TLS 1.1"},   {"TLSv1.2", "TLS 1.2"},
    {"TLSv1.3", "TLS 1.3"},   {"DTLSv1.0", "DTLS 1.0"}, {"DTLSv1.2", "DTLS 1.2"},
    {"DTLSv1.3", "DTLS 1.3"},
};

/* SSLv2, SSLv3 and 0xNNNN are called alike. */
static const char *version_words(uint16_t version, char out[FORMAT_BYTES])
{
    (void)format_version(version, out);
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        if (strcmp(versions[i].name, out) == 0) {
            return versions[i].words;
        }
    }
    return out[0] == '\0' ? "UNDETERMINED" : out;
}

/* "2026-11-23T12:44:33.106406+0000": microseconds, cut off. */
static void print_timestamp(FILE *out, int64_t time_ns)
{
    char text[FORMAT_BYTES];

    (void)format_time(time_ns, text);
    fprintf(out, "\"%.26s+0000\"", text);
}

static void print_ends(FILE *out, const struct handshake *handshake)
{
    char client[FORMAT_BYTES];
    char server[FORMAT_BYTES];

    fprintf(out, ",\"src_ip\":\"%s\",\"src_port\":%u,\"dest_ip\":\"%s\",\"dest_port\":%u",
            format_address(&handshake->client, client), handshake->client.port,
            format_address(&handshake->server, server), handshake->server.port);
    fprintf(out, ",\"proto\":\"%s\"", handshake->transport == TRANSPORT_TCP ? "TCP" : "UDP");
}

/* As Suricata does it, session_resumed is there only where it is true. */
static void print_tls(FILE *out, const struct handshake *handshake)
{
    char text[FORMAT_BYTES];
    struct value sni;

    fputs(",\"tls\":{", out);
    value_set_text(&sni, handshake->sni.text, handshake->sni.len);
    if (sni.kind != VALUE_NULL) {
        fputs("\"sni\":", out);
        value_print_json(out, &sni);
        fputc(',', out);
    }
    fprintf(out, "\"version\":\"%s\"", version_words(handshake->version, text));
    if (verdict_is_resumed(handshake->verdict)) {
        fputs(",\"session_resumed\":true", out);
    }
    fputc('}', out);
}

static void frame_nothing(FILE *out, struct formats_state *state)
{
    (void)out;
    (void)state;
}

static void print_event(FILE *out, const struct columns_row *row, struct formats_state *state)
{
    const struct handshake *handshake = &row->record->handshake;

    fputs("{\"timestamp\":", out);
    print_timestamp(out, handshake->time_ns);
    fprintf(out, ",\"flow_id\":%" PRIu64 ",\"event_type\":\"tls\"", identity_flow(handshake));
    print_ends(out, handshake);
    print_tls(out, handshake);
    fputs(",\"reprise\":", out);
    json_handshake_object(out, row);
    fputs("}\n", out);
    (void)state;
}

const struct formats_handshakes eve_handshakes = {frame_nothing, print_event, frame_nothing};
