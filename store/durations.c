#include "store/durations.h"

#include "dissect/handshake.h"

enum { NS_PER_US = 1000 };

static const int64_t longest_ns = INT64_C(1) << 58;

/* Sums of a few of them are far from overflowing. */
static bool is_sane(int64_t ns)
{
    return ns == HANDSHAKE_NULL || (ns >= -longest_ns && ns <= longest_ns);
}

bool durations_are_plain(const struct durations *durations)
{
    return !is_sane(durations->rtt_client_ns) || !is_sane(durations->rtt_server_ns) ||
           !is_sane(durations->server_think_ns) || !is_sane(durations->handshake_ns) ||
           !is_sane(durations->setup_ns);
}

static int64_t known(int64_t ns)
{
    return ns == HANDSHAKE_NULL ? 0 : ns;
}

static int64_t pack(int64_t ns)
{
    if (ns == HANDSHAKE_NULL) {
        return ns;
    }
    return ns % NS_PER_US == 0 ? ns / NS_PER_US * 2 : ns * 2 + 1;
}

static int64_t unpack(int64_t packed)
{
    if (packed == HANDSHAKE_NULL) {
        return packed;
    }
    const int64_t number = packed >> 1;
    return (packed & 1) != 0 ? number : (int64_t)((uint64_t)number * NS_PER_US);
}

static int64_t pack_rest(int64_t whole_ns, int64_t path_ns, int64_t part_ns)
{
    return whole_ns == HANDSHAKE_NULL ? HANDSHAKE_NULL : pack(whole_ns - path_ns - known(part_ns));
}

static int64_t unpack_rest(int64_t rest, int64_t path_ns, int64_t part_ns)
{
    if (rest == HANDSHAKE_NULL) {
        return HANDSHAKE_NULL;
    }
    return (int64_t)((uint64_t)unpack(rest) + (uint64_t)path_ns + (uint64_t)known(part_ns));
}

void durations_pack(const struct durations *durations, struct packed_durations *out)
{
    if (durations_are_plain(durations)) {
        *out = (struct packed_durations){durations->rtt_client_ns, durations->rtt_server_ns,
                                         durations->server_think_ns, durations->handshake_ns,
                                         durations->setup_ns};
        return;
    }
    const int64_t path_ns = known(durations->rtt_client_ns) + known(durations->rtt_server_ns);
    out->rtt_client = pack(durations->rtt_client_ns);
    out->rtt_server = pack(durations->rtt_server_ns);
    out->server_think = pack(durations->server_think_ns);
    out->handshake_rest = pack_rest(durations->handshake_ns, path_ns, durations->server_think_ns);
    out->setup_rest = pack_rest(durations->setup_ns, path_ns, durations->handshake_ns);
}

void durations_unpack(const struct packed_durations *packed, bool are_plain, struct durations *out)
{
    if (are_plain) {
        *out = (struct durations){packed->rtt_client, packed->rtt_server, packed->server_think,
                                  packed->handshake_rest, packed->setup_rest};
        return;
    }
    out->rtt_client_ns = unpack(packed->rtt_client);
    out->rtt_server_ns = unpack(packed->rtt_server);
    out->server_think_ns = unpack(packed->server_think);
    const int64_t path_ns =
        (int64_t)((uint64_t)known(out->rtt_client_ns) + (uint64_t)known(out->rtt_server_ns));
    out->handshake_ns = unpack_rest(packed->handshake_rest, path_ns, out->server_think_ns);
    out->setup_ns = unpack_rest(packed->setup_rest, path_ns, out->handshake_ns);
}
