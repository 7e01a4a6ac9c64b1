#include "dissect/label/label.h"

#include "dissect/label/label_packet.h"

#include <ndpi/ndpi_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAME_BYTES = 253 }; /* of a host name in text, RFC 1035, 2.3.4 */

struct label {
    struct ndpi_detection_module_struct *module;
};

/* NDPI_BITMASK_DEL, whose arithmetic is of another width. */
static void leave_out(NDPI_PROTOCOL_BITMASK *protocols, unsigned protocol)
{
    enum { BITS = sizeof(protocols->fds_bits[0]) * 8 };

    protocols->fds_bits[protocol / BITS] &= ~((ndpi_ndpi_mask)1 << protocol % BITS);
}

/* What TLS is, we know better; its parsers there have a history of memory errors. */
static void choose_protocols(struct label *label)
{
    NDPI_PROTOCOL_BITMASK protocols;

    NDPI_BITMASK_SET_ALL(protocols);
    leave_out(&protocols, NDPI_PROTOCOL_TLS);
    leave_out(&protocols, NDPI_PROTOCOL_DTLS);
    leave_out(&protocols, NDPI_PROTOCOL_QUIC);
    ndpi_set_protocol_detection_bitmask2(label->module, &protocols);
}

struct label *label_new(struct error *error)
{
    struct label *label = calloc(1, sizeof(*label));

    if (label != NULL) {
        label->module =
            ndpi_init_detection_module(ndpi_dont_load_tor_hosts | ndpi_dont_init_libgcrypt);
    }
    if (label == NULL || label->module == NULL) {
        free(label);
        (void)error_set(error, "no memory for application names (libndpi)");
        return NULL;
    }
    choose_protocols(label);
    ndpi_finalize_initialization(label->module);
    return label;
}

void label_free(struct label *label)
{
    if (label != NULL) {
        ndpi_exit_detection_module(label->module);
        free(label);
    }
}

/* Lower case, a trailing dot dropped. False when it is no host name, RFC 1123, 2.1. */
static bool host_name(const char *name, size_t len, char out[MAX_NAME_BYTES + 1])
{
    if (len > 0 && name[len - 1] == '.') {
        len--;
    }
    if (len == 0 || len > MAX_NAME_BYTES) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        const char c = name[i];
        const bool is_upper = c >= 'A' && c <= 'Z';
        const bool is_allowed = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '.' || c == '_';
        if (!is_allowed) {
            return false;
        }
        out[i] = (char)(is_upper ? c | 0x20 : c);
    }
    out[len] = '\0';
    return true;
}

static u_int32_t match(const struct label *label, char *name)
{
    ndpi_protocol_match_result result = {0};
    const int found =
        ndpi_match_string_subprotocol(label->module, name, (u_int)strlen(name), &result);

    return found > 0 ? (u_int32_t)found : NDPI_PROTOCOL_UNKNOWN;
}

/* What every TLS host is, not an application. */
static bool is_generic(u_int32_t protocol)
{
    return protocol == NDPI_PROTOCOL_UNKNOWN || protocol == NDPI_PROTOCOL_TLS ||
           protocol == NDPI_PROTOCOL_QUIC || protocol == NDPI_PROTOCOL_HTTP ||
           protocol >= UINT16_MAX;
}

/* libndpi's patterns are not anchored at the end: google.com.evil.example would be Google. A
 * pattern that still matches without the last label did not need the end of the name. */
static bool ends_elsewhere(const struct label *label, char *name, u_int32_t protocol)
{
    char *const last_dot = strrchr(name, '.');

    if (last_dot == NULL) {
        return false;
    }
    *last_dot = '\0';
    const bool still_matches = match(label, name) == protocol;
    *last_dot = '.';
    return still_matches;
}

bool label_is_name(const char *name, size_t len)
{
    char host[MAX_NAME_BYTES + 1];

    return host_name(name, len, host);
}

bool label_app(struct label *label, const char *name, size_t len, char out[LABEL_BYTES])
{
    char host[MAX_NAME_BYTES + 1];

    out[0] = '\0';
    if (!host_name(name, len, host)) {
        return false;
    }
    const u_int32_t protocol = match(label, host);
    if (is_generic(protocol) || ends_elsewhere(label, host, protocol)) {
        return false;
    }
    (void)snprintf(out, LABEL_BYTES, "%s", ndpi_get_proto_name(label->module, (u_int16_t)protocol));
    return true;
}

/* ---- Carriers ---- */

static u_int16_t protocol_of(const ndpi_protocol *found)
{
    return found->app_protocol != NDPI_PROTOCOL_UNKNOWN ? found->app_protocol
                                                        : found->master_protocol;
}

/* Both sides' words in this order, as one packet each. */
static u_int16_t listen_to(const struct label *label, const struct carrier_speech *const speech[2],
                           bool server_is_first)
{
    struct ndpi_flow_struct *flow = calloc(1, SIZEOF_FLOW_STRUCT);
    ndpi_protocol found = {.app_protocol = NDPI_PROTOCOL_UNKNOWN};

    for (u_int64_t turn = 0; flow != NULL && turn < 2; turn++) {
        const bool from_server = (turn == 1) != server_is_first;
        uint8_t packet[LABEL_PACKET_BYTES];
        if (speech[from_server]->len > 0) {
            const size_t len = label_packet_make(speech[from_server], from_server, packet);
            found = ndpi_detection_process_packet(label->module, flow, packet, (u_short)len, turn);
        }
    }
    if (flow != NULL) {
        ndpi_free_flow(flow);
    }
    return protocol_of(&found);
}

bool label_carrier(struct label *label, const struct carrier_speech *client,
                   const struct carrier_speech *server, char out[CARRIER_GUESS_BYTES])
{
    const struct carrier_speech *const speech[2] = {client, server};
    u_int16_t protocol = listen_to(label, speech, false);

    out[0] = '\0';
    if (protocol == NDPI_PROTOCOL_UNKNOWN) {
        protocol = listen_to(label, speech, true);
    }
    if (protocol == NDPI_PROTOCOL_UNKNOWN || protocol == NDPI_PROTOCOL_TLS) {
        return false;
    }
    (void)snprintf(out, CARRIER_GUESS_BYTES, "%s", ndpi_get_proto_name(label->module, protocol));
    for (char *c = out; *c != '\0'; c++) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
    }
    return true;
}

const char *label_library_version(void)
{
    return ndpi_revision();
}
