/* A pcap-filter(7) expression, compiled once for each link type it meets. */
#ifndef REPRISE_CAPTURE_FILTER_H
#define REPRISE_CAPTURE_FILTER_H

#include "dissect/net/frame.h"

#include "base/attributes.h"
#include "base/error.h"

#include <pcap.h>
#include <stdbool.h>

enum { FILTER_LINK_TYPES = 8 };

struct filter {
    const char *expression; /* borrowed; NULL: everything passes */
    size_t count;
    struct {
        int link_type;
        struct bpf_program program;
    } compiled[FILTER_LINK_TYPES];
};

void filter_init(struct filter *filter, const char *expression);
void filter_clear(struct filter *filter);

/* Lets only what the expression describes through a handle. The sentence names the expression and
 * what libpcap has against it. */
MUST_CHECK bool filter_apply(struct filter *filter, pcap_t *handle, struct error *error);

/* Compiles for frames of files with this LINKTYPE_, as libpcap would for a file of its own. On
 * failure the sentence is as above, and no frame of this link type passes. */
MUST_CHECK bool filter_prepare(struct filter *filter, int link_type, struct error *error);

/* Whether frames of this link type have been seen to. */
bool filter_knows(const struct filter *filter, int link_type);

/* Whether a frame of a link type that is prepared is what the expression describes. */
bool filter_passes(const struct filter *filter, const struct frame *frame);

#endif
