#include "capture/interface.h"

#include "capture/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* PACKET_MR_PROMISC has no meaning for all interfaces at once. */
static bool can_be_promiscuous(const char *name)
{
    return strcmp(name, "any") != 0;
}

static void prefer_nanoseconds(struct interface *interface)
{
    interface->fraction_ns =
        pcap_set_tstamp_precision(interface->handle, PCAP_TSTAMP_PRECISION_NANO) == 0 ? 1 : 1000;
}

/* No immediate mode: it would switch off the kernel's block ring. */
static bool set_up(struct interface *interface, const struct capture_options *options,
                   struct error *error)
{
    pcap_t *const handle = interface->handle;
    const int promiscuous = options->is_promiscuous && can_be_promiscuous(interface->name);

    if (pcap_set_snaplen(handle, options->snaplen) != 0 ||
        pcap_set_buffer_size(handle, options->buffer_kib * 1024) != 0 ||
        pcap_set_promisc(handle, promiscuous) != 0 ||
        pcap_set_timeout(handle, INTERFACE_TIMEOUT_MS) != 0) {
        return error_set(error, "%s: %s", interface->name, pcap_geterr(handle));
    }
    prefer_nanoseconds(interface);
    return true;
}

/* What is wrong and, where there is one, the command that would put it right. */
static bool explain(const struct interface *interface, int status, struct error *error)
{
    const char *const name = interface->name;
    const char *const detail = pcap_geterr(interface->handle);

    switch (status) {
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        return error_set(error,
                         "%s: no permission to capture: run it with sudo, or permit it with: "
                         "sudo setcap cap_net_raw+ep \"$(command -v reprise)\"",
                         name);
    case PCAP_ERROR_NO_SUCH_DEVICE:
        return error_set(error, "%s: no such interface; reprise interfaces lists them", name);
    case PCAP_ERROR_IFACE_NOT_UP:
        return error_set(error, "%s: is down: bring it up with: sudo ip link set %s up", name,
                         name);
    default:
        return error_set(error, "%s: %s", name,
                         detail[0] != '\0' ? detail : pcap_statustostr(status));
    }
}

static bool activate(struct interface *interface, struct error *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    const int status = pcap_activate(interface->handle);

    if (status < 0) {
        return explain(interface, status, error);
    }
    if (pcap_setnonblock(interface->handle, 1, reason) != 0 ||
        pcap_get_selectable_fd(interface->handle) < 0) {
        return error_set(error, "%s: cannot be waited for: %s", interface->name, reason);
    }
    return true;
}

/* Memory that frames of common size never touch is never there. */
static bool make_room(struct interface *interface, struct error *error)
{
    interface->datalink = pcap_datalink(interface->handle);
    interface->room = malloc((size_t)INTERFACE_FRAMES * (size_t)pcap_snapshot(interface->handle));
    return interface->room != NULL ||
           error_set(error, "%s: no memory for its frames", interface->name);
}

bool interface_open(struct interface *out, const char *name, const struct capture_options *options,
                    struct error *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";

    *out = (struct interface){.name = name};
    out->handle = pcap_create(name, reason);
    if (out->handle == NULL) {
        return error_set(error, "%s: %s", name, reason);
    }
    if (!set_up(out, options, error) || !activate(out, error) || !make_room(out, error)) {
        interface_close(out);
        return false;
    }
    return true;
}

void interface_close(struct interface *interface)
{
    if (interface->handle != NULL) {
        pcap_close(interface->handle);
        interface->handle = NULL;
    }
    free(interface->room);
    interface->room = NULL;
    interface->next = interface->count;
}

int interface_fd(const struct interface *interface)
{
    return pcap_get_selectable_fd(interface->handle);
}

const struct frame *interface_peek(const struct interface *interface)
{
    return interface->next < interface->count ? &interface->fetched[interface->next] : NULL;
}

/* libpcap calls this once for each frame, at most INTERFACE_FRAMES times. */
static void keep(u_char *user, const struct pcap_pkthdr *header, const u_char *data)
{
    struct interface *const interface = (struct interface *)(void *)user;
    struct frame *const frame = &interface->fetched[interface->count++];

    record_to_frame(header, data, interface->datalink, interface->fraction_ns, frame);
    frame->data = memcpy(interface->room + interface->used, data, frame->captured_len);
    interface->used += frame->captured_len;
}

enum interface_result interface_fetch(struct interface *interface, struct error *error)
{
    interface->count = 0;
    interface->next = 0;
    interface->used = 0;
    const int got = pcap_dispatch(interface->handle, INTERFACE_FRAMES, keep, (u_char *)interface);
    if (interface->count > 0) {
        return INTERFACE_FRAME; /* what is wrong behind them will still be wrong */
    }
    if (got >= 0) {
        return INTERFACE_NOTHING;
    }
    (void)error_set(error, "%s: %s", interface->name, pcap_geterr(interface->handle));
    interface_count(interface);
    interface_close(interface);
    return INTERFACE_GONE;
}

void interface_count(struct interface *interface)
{
    struct pcap_stat now = {0};

    if (interface->handle == NULL || pcap_stats(interface->handle, &now) != 0) {
        return;
    }
    interface->received += now.ps_recv - interface->counted.ps_recv;
    interface->dropped += now.ps_drop - interface->counted.ps_drop;
    interface->dropped_by_interface += now.ps_ifdrop - interface->counted.ps_ifdrop;
    interface->counted = now;
}
