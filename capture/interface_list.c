#include "capture/interface_list.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool address_text(const struct sockaddr *address, char out[INET6_ADDRSTRLEN])
{
    if (address != NULL && address->sa_family == AF_INET) {
        struct sockaddr_in ipv4;
        memcpy(&ipv4, address, sizeof(ipv4));
        return inet_ntop(AF_INET, &ipv4.sin_addr, out, INET6_ADDRSTRLEN) != NULL;
    }
    if (address != NULL && address->sa_family == AF_INET6) {
        struct sockaddr_in6 ipv6;
        memcpy(&ipv6, address, sizeof(ipv6));
        return inet_ntop(AF_INET6, &ipv6.sin6_addr, out, INET6_ADDRSTRLEN) != NULL;
    }
    return false;
}

static void add_address(struct interface_entry *entry, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN];
    const size_t len = strlen(entry->addresses);
    const char *const comma = len > 0 ? ", " : "";

    if (!address_text(address, text) ||
        len + strlen(comma) + strlen(text) >= sizeof(entry->addresses)) {
        return;
    }
    (void)snprintf(entry->addresses + len, sizeof(entry->addresses) - len, "%s%s", comma, text);
}

static void fill(struct interface_entry *entry, const pcap_if_t *found)
{
    *entry = (struct interface_entry){
        .is_up = (found->flags & PCAP_IF_UP) != 0,
        .is_running = (found->flags & PCAP_IF_RUNNING) != 0,
        .is_loopback = (found->flags & PCAP_IF_LOOPBACK) != 0,
        .is_wireless = (found->flags & PCAP_IF_WIRELESS) != 0,
    };
    (void)snprintf(entry->name, sizeof(entry->name), "%s", found->name);
    if (found->description != NULL) {
        (void)snprintf(entry->description, sizeof(entry->description), "%s", found->description);
    }
    for (const pcap_addr_t *address = found->addresses; address != NULL; address = address->next) {
        add_address(entry, address->addr);
    }
}

static bool copy(struct interface_list *out, const pcap_if_t *found, struct error *error)
{
    size_t count = 0;

    for (const pcap_if_t *each = found; each != NULL; each = each->next) {
        count++;
    }
    out->entries = calloc(count + 1, sizeof(*out->entries));
    if (out->entries == NULL) {
        return error_set(error, "no memory for the list of interfaces");
    }
    for (const pcap_if_t *each = found; each != NULL; each = each->next) {
        fill(&out->entries[out->count++], each);
    }
    return true;
}

bool interface_list_init(struct interface_list *out, struct error *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    pcap_if_t *found = NULL;

    *out = (struct interface_list){NULL, 0};
    if (pcap_findalldevs(&found, reason) != 0) {
        return error_set(error, "the interfaces cannot be listed: %s", reason);
    }
    const bool ok = copy(out, found, error);
    pcap_freealldevs(found);
    return ok;
}

void interface_list_clear(struct interface_list *list)
{
    free(list->entries);
    *list = (struct interface_list){NULL, 0};
}
