/* What can be watched: tcpdump -D. */
#ifndef REPRISE_CAPTURE_INTERFACE_LIST_H
#define REPRISE_CAPTURE_INTERFACE_LIST_H

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct interface_entry {
    char name[64];
    char description[128]; /* "" where the system has none */
    char addresses[256];   /* "192.0.2.1, 2001:db8::1"; as many as fit */
    bool is_up;
    bool is_running;
    bool is_loopback;
    bool is_wireless;
};

struct interface_list {
    struct interface_entry *entries; /* owned; in libpcap's order, the likeliest first */
    size_t count;
};

/* On failure *out is empty. */
MUST_CHECK bool interface_list_init(struct interface_list *out, struct error *error);
void interface_list_clear(struct interface_list *list);

#endif
