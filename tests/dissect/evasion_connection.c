#include "tests/dissect/evasion_cases.h"

enum { TCP_ECE_CWR = 0xc0, FAR_BYTES = 100000000, OTHER_START = 0x12345678 };

static struct evasion_packet *packet_at(struct evasion_script *script, size_t at)
{
    return &script->packets[at];
}

/* ---- Forgeries and probes ---- */

static void add_bare(struct evasion_script *script, size_t at, uint8_t flags, uint32_t ahead)
{
    struct evasion_packet bare = evasion_bare(script, at, flags);

    bare.sequence += ahead;
    evasion_insert(script, at + 1, &bare);
}

static void reset_far_ahead(struct evasion_script *script, size_t at)
{
    add_bare(script, at, TCP_RST, FAR_BYTES);
}

static void reset_far_behind(struct evasion_script *script, size_t at)
{
    add_bare(script, at, TCP_RST | TCP_ACK, (uint32_t)-FAR_BYTES);
}

static void reset_at_the_end(struct evasion_script *script, size_t at)
{
    (void)at;
    add_bare(script, script->count - 1, TCP_RST, 0);
}

/* RFC 9293, 3.5.3 calls for accepting text in a reset: it is no part of the stream. */
static void reset_with_text(struct evasion_script *script, size_t at)
{
    (void)at;
    struct evasion_packet reset = evasion_bare(script, script->count - 1, TCP_RST | TCP_ACK);

    reset.len = 16;
    evasion_insert(script, script->count, &reset);
}

/* The last data is there, so both sides were done. */
static void reset_instead_of_fin(struct evasion_script *script, size_t at)
{
    (void)at;
    packet_at(script, script->count - 3)->flags = TCP_RST | TCP_ACK;
    script->count -= 2;
}

static void probe_with(struct evasion_script *script, size_t at, uint16_t len, uint8_t byte)
{
    struct evasion_packet probe = evasion_bare(script, at, TCP_ACK);

    probe.sequence--;
    probe.len = len;
    probe.payload[0] = byte;
    evasion_insert(script, at + 1, &probe);
}

static void keep_alive_without_data(struct evasion_script *script, size_t at)
{
    probe_with(script, at, 0, 0);
}

static void keep_alive_with_garbage(struct evasion_script *script, size_t at)
{
    probe_with(script, at, 1, 0x99);
}

/* One byte of what is to come, then all of it. */
static void probe_zero_window(struct evasion_script *script, size_t at)
{
    if (evasion_has_data(script, at)) {
        const struct evasion_packet probe = evasion_part(packet_at(script, at), 0, 1);
        evasion_insert(script, at, &probe);
    }
}

static void add_garbage(struct evasion_script *script, size_t at, uint32_t ahead)
{
    struct evasion_packet garbage = evasion_bare(script, at, TCP_ACK | TCP_PSH);

    garbage.sequence += ahead;
    garbage.len = 60;
    for (unsigned i = 0; i < garbage.len; i++) {
        garbage.payload[i] = (uint8_t)(0xa5 + 7 * i);
    }
    evasion_insert(script, at + 1, &garbage);
}

static void garbage_far_ahead(struct evasion_script *script, size_t at)
{
    add_garbage(script, at, FAR_BYTES);
}

static void garbage_far_behind(struct evasion_script *script, size_t at)
{
    add_garbage(script, at, (uint32_t)-FAR_BYTES);
}

static void garbage_in_the_window(struct evasion_script *script, size_t at)
{
    add_garbage(script, at, 0);
}

static void acknowledge_far_ahead(struct evasion_script *script, size_t at)
{
    struct evasion_packet bare = evasion_bare(script, at, TCP_ACK);

    bare.acknowledgement += FAR_BYTES;
    evasion_insert(script, at + 1, &bare);
}

static void acknowledge_too_much(struct evasion_script *script, size_t at)
{
    struct evasion_packet bare = evasion_bare(script, at, TCP_ACK);

    bare.acknowledgement += 1000;
    evasion_insert(script, at + 1, &bare);
}

static void acknowledge_everything(struct evasion_script *script, size_t at)
{
    (void)at;
    for (size_t i = script->count; i-- > EVASION_HELLO_AT;) {
        struct evasion_packet bare = evasion_bare(script, i, TCP_ACK);
        bare.from = 1 - bare.from;
        bare.acknowledgement = bare.sequence;
        bare.sequence = packet_at(script, i)->acknowledgement;
        evasion_insert(script, i + 1, &bare);
    }
}

static void set_flags(struct evasion_script *script, uint8_t flags, uint16_t urgent)
{
    for (size_t i = EVASION_HELLO_AT; i < script->count; i++) {
        packet_at(script, i)->flags |= flags;
        packet_at(script, i)->urgent = urgent;
    }
}

static void everything_is_urgent(struct evasion_script *script, size_t at)
{
    (void)at;
    set_flags(script, TCP_URG, 3);
}

static void congestion_is_told(struct evasion_script *script, size_t at)
{
    (void)at;
    set_flags(script, TCP_ECE_CWR, 0);
}

/* ---- The end ---- */

static void fin_with_data(struct evasion_script *script, size_t at)
{
    (void)at;
    const size_t fin = script->count - 3;

    for (size_t i = fin; i-- > 0;) {
        if (evasion_has_data(script, i) && packet_at(script, i)->from == EVASION_CLIENT) {
            packet_at(script, i)->flags |= TCP_FIN;
            break;
        }
    }
    evasion_remove(script, fin);
}

/* FIN, then what came before it. */
static void fin_early(struct evasion_script *script, size_t at)
{
    (void)at;
    const struct evasion_packet fin = *packet_at(script, script->count - 3);

    evasion_remove(script, script->count - 3);
    for (size_t i = script->count; i-- > EVASION_HELLO_AT;) {
        if (packet_at(script, i)->from == EVASION_CLIENT && evasion_has_data(script, i)) {
            evasion_insert(script, i, &fin);
            return;
        }
    }
}

static void fin_before_everything(struct evasion_script *script, size_t at)
{
    (void)at;
    const struct evasion_packet fin = *packet_at(script, script->count - 3);

    evasion_remove(script, script->count - 3);
    evasion_insert(script, EVASION_HELLO_AT + 1, &fin);
}

static void retransmission_after_fin(struct evasion_script *script, size_t at)
{
    if (evasion_has_data(script, at)) {
        evasion_insert(script, script->count - 1, packet_at(script, at));
    }
}

static void data_after_fin(struct evasion_script *script, size_t at)
{
    (void)at;
    add_garbage(script, script->count - 3, 0);
}

static void forged_fin(struct evasion_script *script, size_t at)
{
    add_bare(script, at, TCP_FIN | TCP_ACK, FAR_BYTES);
}

/* The same ports again: another connection, other sequence numbers. */
static void connect_again(struct evasion_script *script)
{
    const size_t count = script->count;

    for (size_t i = 0; i < count; i++) {
        struct evasion_packet packet = *packet_at(script, i);
        const unsigned from = packet.from;
        packet.sequence += from == EVASION_CLIENT ? OTHER_START : FAR_BYTES;
        packet.acknowledgement += from == EVASION_CLIENT ? FAR_BYTES : OTHER_START;
        evasion_insert(script, script->count, &packet);
    }
}

static void reuse_after_fin(struct evasion_script *script, size_t at)
{
    (void)at;
    connect_again(script);
}

static void reuse_after_reset(struct evasion_script *script, size_t at)
{
    reset_instead_of_fin(script, at);
    connect_again(script);
}

static void reuse_after_nothing(struct evasion_script *script, size_t at)
{
    (void)at;
    script->count -= 3;
    connect_again(script);
}

/* ---- What the capture missed ---- */

static void keep_only(struct evasion_script *script, unsigned from)
{
    for (size_t i = script->count; i-- > 0;) {
        if (packet_at(script, i)->from != from) {
            evasion_remove(script, i);
        }
    }
}

static void client_only(struct evasion_script *script, size_t at)
{
    (void)at;
    keep_only(script, EVASION_CLIENT);
}

static void server_only(struct evasion_script *script, size_t at)
{
    (void)at;
    keep_only(script, EVASION_SERVER);
}

/* Two one-way captures, one after the other. */
static void put_last(struct evasion_script *script, unsigned from)
{
    const size_t count = script->count;
    size_t place = 0;

    for (size_t i = 0; i < count; i++) {
        const struct evasion_packet packet = *packet_at(script, place);
        if (packet.from == from) {
            evasion_remove(script, place);
            evasion_insert(script, script->count, &packet);
        } else {
            place++;
        }
    }
}

static void client_then_server(struct evasion_script *script, size_t at)
{
    (void)at;
    put_last(script, EVASION_SERVER);
}

static void server_then_client(struct evasion_script *script, size_t at)
{
    (void)at;
    put_last(script, EVASION_CLIENT);
}

/* The tap on the way back is some packets behind. */
static void server_seen_late(struct evasion_script *script, size_t at)
{
    (void)at;
    enum { BEHIND = 2 };

    for (size_t i = script->count; i-- > 0;) {
        const struct evasion_packet packet = *packet_at(script, i);
        const size_t place = i + BEHIND < script->count ? i + BEHIND : script->count - 1;
        if (packet.from == EVASION_SERVER) {
            evasion_remove(script, i);
            evasion_insert(script, place, &packet);
        }
    }
}

static void begin_at(struct evasion_script *script, size_t at)
{
    for (; at > 0; at--) {
        evasion_remove(script, 0);
    }
}

static void end_at(struct evasion_script *script, size_t at)
{
    script->count = at;
}

static void lose_two(struct evasion_script *script, size_t at)
{
    evasion_remove(script, at);
    if (at < script->count) {
        evasion_remove(script, at);
    }
}

static void reset_here(struct evasion_script *script, size_t at)
{
    add_bare(script, at, TCP_RST, 0);
}

const struct evasion_case evasion_connection_cases[] = {
    {"forged RST ahead of the window", EVASION_SAME, true, reset_far_ahead},
    {"forged RST behind the window", EVASION_SAME, true, reset_far_behind},
    {"RST at the end", EVASION_SAME, false, reset_at_the_end},
    {"RST with text at the end", EVASION_SAME, false, reset_with_text},
    {"RST instead of FIN", EVASION_SAME, false, reset_instead_of_fin},
    {"keep-alive without data", EVASION_SAME, true, keep_alive_without_data},
    {"keep-alive with a byte of garbage", EVASION_SAME, true, keep_alive_with_garbage},
    {"zero-window probe", EVASION_SAME, true, probe_zero_window},
    {"garbage ahead of the window", EVASION_SAME, true, garbage_far_ahead},
    {"garbage behind the window", EVASION_SAME, true, garbage_far_behind},
    {"garbage inside the window", EVASION_LESS, true, garbage_in_the_window},
    {"acknowledging far too much", EVASION_SAME, true, acknowledge_far_ahead},
    {"acknowledging a little too much", EVASION_SAME, true, acknowledge_too_much},
    {"everything acknowledged", EVASION_SAME, false, acknowledge_everything},
    {"urgent data", EVASION_SAME, false, everything_is_urgent},
    {"congestion flags", EVASION_SAME, false, congestion_is_told},
    {"FIN with data", EVASION_SAME, false, fin_with_data},
    {"FIN before the last data", EVASION_SAME, false, fin_early},
    {"FIN before everything", EVASION_SAME, false, fin_before_everything},
    {"retransmission after the FINs", EVASION_SAME, true, retransmission_after_fin},
    {"data after the FIN", EVASION_SAME, false, data_after_fin},
    {"forged FIN ahead of the window", EVASION_SAME, true, forged_fin},
    {"ports used again after FIN", EVASION_TWICE, false, reuse_after_fin},
    {"ports used again after RST", EVASION_TWICE, false, reuse_after_reset},
    {"ports used again without an end", EVASION_TWICE, false, reuse_after_nothing},
    {"only the client seen", EVASION_LESS, false, client_only},
    {"only the server seen", EVASION_LESS, false, server_only},
    {"all of the client, then the server", EVASION_LESS, false, client_then_server},
    {"all of the server, then the client", EVASION_LESS, false, server_then_client},
    {"the way back seen late", EVASION_SAME, false, server_seen_late},
    {"capture begins anywhere", EVASION_LESS, true, begin_at},
    {"capture ends anywhere", EVASION_LESS, true, end_at},
    {"any packet lost", EVASION_LESS, true, evasion_remove},
    {"any two packets lost", EVASION_LESS, true, lose_two},
    {"RST at any place", EVASION_RESET, true, reset_here},
};

const size_t evasion_connection_case_count =
    sizeof(evasion_connection_cases) / sizeof(evasion_connection_cases[0]);
