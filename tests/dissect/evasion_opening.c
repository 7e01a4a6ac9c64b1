#include "tests/dissect/evasion_cases.h"

enum { OTHER_START = 0x12345678 };

static struct evasion_packet *packet_at(struct evasion_script *script, size_t at)
{
    return &script->packets[at];
}

static void syn_again(struct evasion_script *script, size_t at)
{
    (void)at;
    evasion_insert(script, EVASION_SYN_ACK_AT, packet_at(script, EVASION_SYN_AT));
}

/* The first try was given up, and its SYN/ACK never came. */
static void other_syn_before(struct evasion_script *script, size_t at)
{
    (void)at;
    struct evasion_packet other = *packet_at(script, EVASION_SYN_AT);

    other.sequence += OTHER_START;
    evasion_insert(script, EVASION_SYN_AT, &other);
}

static void other_syn_after(struct evasion_script *script, size_t at)
{
    (void)at;
    struct evasion_packet other = *packet_at(script, EVASION_SYN_AT);

    other.sequence += OTHER_START;
    evasion_insert(script, EVASION_SYN_ACK_AT, &other);
}

/* RFC 5961, 4: ignored by the endpoints; but a capture cannot tell it from a reused port. */
static void other_syn_anywhere(struct evasion_script *script, size_t at)
{
    struct evasion_packet other = *packet_at(script, EVASION_SYN_AT);

    other.sequence += OTHER_START;
    evasion_insert(script, at, &other);
}

static void syn_anywhere(struct evasion_script *script, size_t at)
{
    const struct evasion_packet again = *packet_at(script, EVASION_SYN_AT);

    evasion_insert(script, at, &again);
}

static void syn_ack_anywhere(struct evasion_script *script, size_t at)
{
    const struct evasion_packet again = *packet_at(script, EVASION_SYN_ACK_AT);

    evasion_insert(script, at, &again);
}

static void other_syn_ack_before(struct evasion_script *script, size_t at)
{
    (void)at;
    struct evasion_packet other = *packet_at(script, EVASION_SYN_ACK_AT);

    other.sequence += OTHER_START;
    evasion_insert(script, EVASION_SYN_ACK_AT, &other);
}

static void other_syn_ack_after(struct evasion_script *script, size_t at)
{
    (void)at;
    struct evasion_packet other = *packet_at(script, EVASION_SYN_ACK_AT);

    other.sequence += OTHER_START;
    evasion_insert(script, EVASION_HELLO_AT, &other);
}

/* RFC 9293, 3.5: SYN; ACK and SYN apart; SYN/ACK; ACK. */
static void split(struct evasion_script *script, bool has_ack)
{
    const struct evasion_packet client = *packet_at(script, EVASION_SYN_AT);
    const struct evasion_packet server = *packet_at(script, EVASION_SYN_ACK_AT);
    struct evasion_packet ack = evasion_bare(script, EVASION_SYN_ACK_AT, TCP_ACK);
    struct evasion_packet both = client;

    packet_at(script, EVASION_SYN_ACK_AT)->flags = TCP_SYN;
    packet_at(script, EVASION_SYN_ACK_AT)->acknowledgement = 0;
    both.flags = TCP_SYN | TCP_ACK;
    both.acknowledgement = server.sequence + 1;
    *packet_at(script, EVASION_ACK_AT) = both;
    evasion_insert(script, EVASION_HELLO_AT, &ack);
    if (has_ack) {
        ack.sequence = server.sequence;
        evasion_insert(script, EVASION_SYN_ACK_AT, &ack);
    }
}

static void split_in_four(struct evasion_script *script, size_t at)
{
    (void)at;
    split(script, false);
}

static void split_in_five(struct evasion_script *script, size_t at)
{
    (void)at;
    split(script, true);
}

/* SYN and SYN cross, then both acknowledge with a SYN/ACK. */
static void open_at_once(struct evasion_script *script, size_t at)
{
    (void)at;
    const struct evasion_packet server = *packet_at(script, EVASION_SYN_ACK_AT);
    struct evasion_packet both = *packet_at(script, EVASION_SYN_AT);
    struct evasion_packet syn = server;

    syn.flags = TCP_SYN;
    both.flags = TCP_SYN | TCP_ACK;
    both.acknowledgement = server.sequence + 1;
    evasion_insert(script, EVASION_SYN_ACK_AT, &syn);
    evasion_insert(script, EVASION_SYN_ACK_AT + 1, &both);
}

static void lose_syn(struct evasion_script *script, size_t at)
{
    (void)at;
    evasion_remove(script, EVASION_SYN_AT);
}

static void lose_syn_ack(struct evasion_script *script, size_t at)
{
    (void)at;
    evasion_remove(script, EVASION_SYN_ACK_AT);
}

static void lose_both_syns(struct evasion_script *script, size_t at)
{
    lose_syn_ack(script, at);
    lose_syn(script, at);
}

static void lose_the_opening(struct evasion_script *script, size_t at)
{
    evasion_remove(script, EVASION_ACK_AT);
    lose_both_syns(script, at);
}

/* RFC 7413: the SYN carries `sent` bytes of the ClientHello, of which the SYN/ACK acknowledges
 * some; what is resent comes after the handshake. */
static void open_fast(struct evasion_script *script, uint16_t sent, uint16_t taken, uint16_t resent)
{
    const struct evasion_packet hello = *packet_at(script, EVASION_HELLO_AT);
    struct evasion_packet *syn = packet_at(script, EVASION_SYN_AT);

    for (uint16_t i = 0; i < sent; i++) {
        syn->payload[syn->len++] = hello.payload[i];
    }
    packet_at(script, EVASION_SYN_ACK_AT)->acknowledgement += taken;
    packet_at(script, EVASION_ACK_AT)->sequence += taken;
    if (resent < hello.len) {
        *packet_at(script, EVASION_HELLO_AT) =
            evasion_part(&hello, resent, (uint16_t)(hello.len - resent));
    } else {
        evasion_remove(script, EVASION_HELLO_AT);
    }
}

static void fast_open_accepted(struct evasion_script *script, size_t at)
{
    (void)at;
    const uint16_t len = packet_at(script, EVASION_HELLO_AT)->len;

    open_fast(script, len, len, len);
}

static void fast_open_ignored(struct evasion_script *script, size_t at)
{
    (void)at;
    open_fast(script, packet_at(script, EVASION_HELLO_AT)->len, 0, 0);
}

static void fast_open_partly_accepted(struct evasion_script *script, size_t at)
{
    (void)at;
    open_fast(script, packet_at(script, EVASION_HELLO_AT)->len, 20, 20);
}

static void fast_open_with_half(struct evasion_script *script, size_t at)
{
    (void)at;
    open_fast(script, 20, 20, 20);
}

static void fast_open_resent(struct evasion_script *script, size_t at)
{
    (void)at;
    open_fast(script, packet_at(script, EVASION_HELLO_AT)->len,
              packet_at(script, EVASION_HELLO_AT)->len, 0);
}

/* RFC 7413, 4.1.3: no answer to the SYN with data, so it is sent again without any. */
static void fast_open_given_up(struct evasion_script *script, size_t at)
{
    (void)at;
    const struct evasion_packet plain = *packet_at(script, EVASION_SYN_AT);

    open_fast(script, packet_at(script, EVASION_HELLO_AT)->len, 0, 0);
    evasion_insert(script, EVASION_SYN_ACK_AT, &plain);
}

/* Nobody listened yet: RST to the first SYN, and another from the same port a moment later. */
static void refused_at_first(struct evasion_script *script, size_t at)
{
    (void)at;
    struct evasion_packet refusal = {.from = EVASION_SERVER, .flags = TCP_RST | TCP_ACK};
    struct evasion_packet first = *packet_at(script, EVASION_SYN_AT);

    first.sequence += OTHER_START;
    refusal.acknowledgement = first.sequence + 1;
    evasion_insert(script, EVASION_SYN_AT, &refusal);
    evasion_insert(script, EVASION_SYN_AT, &first);
}

const struct evasion_case evasion_opening_cases[] = {
    {"SYN retransmitted", EVASION_SAME, false, syn_again},
    {"SYN seen again at any place", EVASION_SAME, true, syn_anywhere},
    {"SYN of another start before", EVASION_SAME, false, other_syn_before},
    {"SYN of another start after", EVASION_SAME, false, other_syn_after},
    {"SYN of another start anywhere", EVASION_LESS, true, other_syn_anywhere},
    {"SYN/ACK of another start before", EVASION_SAME, false, other_syn_ack_before},
    {"SYN/ACK of another start after", EVASION_SAME, false, other_syn_ack_after},
    {"SYN/ACK seen again at any place", EVASION_SAME, true, syn_ack_anywhere},
    {"opening split in four", EVASION_SAME, false, split_in_four},
    {"opening split in five", EVASION_SAME, false, split_in_five},
    {"opened from both sides at once", EVASION_SAME, false, open_at_once},
    {"SYN not seen", EVASION_SAME, false, lose_syn},
    {"SYN/ACK not seen", EVASION_SAME, false, lose_syn_ack},
    {"neither of them seen", EVASION_SAME, false, lose_both_syns},
    {"nothing seen of the opening", EVASION_SAME, false, lose_the_opening},
    {"Fast Open accepted", EVASION_SAME, false, fast_open_accepted},
    {"Fast Open ignored", EVASION_SAME, false, fast_open_ignored},
    {"Fast Open partly accepted", EVASION_SAME, false, fast_open_partly_accepted},
    {"Fast Open with half a hello", EVASION_SAME, false, fast_open_with_half},
    {"Fast Open accepted and resent", EVASION_SAME, false, fast_open_resent},
    {"Fast Open given up", EVASION_SAME, false, fast_open_given_up},
    {"refused at first", EVASION_SAME, false, refused_at_first},
};

const size_t evasion_opening_case_count =
    sizeof(evasion_opening_cases) / sizeof(evasion_opening_cases[0]);
