#include "dissect/net/packet.h"

#include "dissect/net/ip.h"
#include "dissect/net/layer.h"
#include "dissect/net/link.h"
#include "dissect/net/mpls.h"
#include "dissect/net/tcp.h"
#include "dissect/net/tunnel.h"
#include "dissect/net/udp.h"
#include "dissect/net/wlan.h"

static enum layer (*const layers[LAYER_COUNT])(struct walk *walk) = {
    [LAYER_ETHERNET] = link_ethernet,
    [LAYER_VLAN] = link_vlan,
    [LAYER_CISCO_METADATA] = link_cisco_metadata,
    [LAYER_LLC] = link_llc,
    [LAYER_SLL] = link_sll,
    [LAYER_SLL2] = link_sll2,
    [LAYER_NULL] = link_null,
    [LAYER_LOOP] = link_loop,
    [LAYER_PKTAP] = link_pktap,
    [LAYER_NFLOG] = link_nflog,
    [LAYER_MPLS] = mpls_stack,
    [LAYER_PSEUDOWIRE] = mpls_pseudowire,
    [LAYER_PPP] = link_ppp,
    [LAYER_HDLC] = link_hdlc,
    [LAYER_PPPOE] = link_pppoe,
    [LAYER_RADIOTAP] = wlan_radiotap,
    [LAYER_PPI] = wlan_ppi,
    [LAYER_PRISM] = wlan_prism,
    [LAYER_AVS] = wlan_avs,
    [LAYER_WLAN] = wlan_frame,
    [LAYER_WLAN_PADDED] = wlan_padded_frame,
    [LAYER_WLAN_CAPWAP] = wlan_capwap_frame,
    [LAYER_IP] = ip_any,
    [LAYER_IPV4] = ip_v4,
    [LAYER_IPV6] = ip_v6,
    [LAYER_IPV6_OPTIONS] = ip_v6_options,
    [LAYER_IPV6_FRAGMENT] = ip_v6_fragment,
    [LAYER_AUTHENTICATION] = ip_authentication,
    [LAYER_UDP] = udp_header,
    [LAYER_GRE] = tunnel_gre,
    [LAYER_ERSPAN_2] = tunnel_erspan_2,
    [LAYER_ERSPAN_3] = tunnel_erspan_3,
    [LAYER_VXLAN] = tunnel_vxlan,
    [LAYER_VXLAN_GPE] = tunnel_vxlan_gpe,
    [LAYER_GENEVE] = tunnel_geneve,
    [LAYER_GTP_U] = tunnel_gtp_u,
    [LAYER_CAPWAP] = tunnel_capwap,
    [LAYER_TEREDO] = tunnel_teredo,
    [LAYER_TCP] = tcp_header,
};

enum packet_result packet_parse(const struct frame *frame, struct packet *out)
{
    enum layer layer = link_first_layer(frame->link_type);
    struct walk walk = {
        .rest = {frame->data, frame->captured_len},
        .cut = frame->wire_len > frame->captured_len ? frame->wire_len - frame->captured_len : 0,
        .out = out,
        .result = PACKET_UNKNOWN_TUNNEL,
    };

    if (layer == LAYER_END) {
        walk_dead_end(&walk, PACKET_UNKNOWN_LINK, DEAD_END_LINK_TYPE, (uint16_t)frame->link_type);
        return walk.result;
    }
    out->segment.time_ns = frame->time_ns;
    /* One step more than there may be headers in front of the transport: itself. */
    for (unsigned steps = 0; steps <= PACKET_MAX_LAYERS && layer != LAYER_END; steps++) {
        layer = layers[layer](&walk);
    }
    return walk.result;
}

bool packet_knows_link(int link_type)
{
    return link_first_layer(link_type) != LAYER_END;
}

const char *packet_result_name(enum packet_result result)
{
    static const char *const names[PACKET_RESULT_COUNT] = {
        [PACKET_TCP] = "tcp",
        [PACKET_UDP] = "udp",
        [PACKET_NOT_IP] = "not-ip",
        [PACKET_OTHER_TRANSPORT] = "other-transport",
        [PACKET_UNKNOWN_LINK] = "unknown-link",
        [PACKET_UNKNOWN_TUNNEL] = "unknown-tunnel",
        [PACKET_FRAGMENT] = "fragment",
        [PACKET_AGGREGATE] = "aggregate",
        [PACKET_TRUNCATED] = "truncated",
        [PACKET_MALFORMED] = "malformed",
    };

    return names[result];
}
