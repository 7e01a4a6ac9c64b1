#include "capture/filter.h"

void filter_init(struct filter *filter, const char *expression)
{
    filter->expression = expression;
    filter->count = 0;
}

void filter_clear(struct filter *filter)
{
    for (size_t i = 0; i < filter->count; i++) {
        pcap_freecode(&filter->compiled[i].program);
    }
    filter->count = 0;
}

static struct bpf_program *find(struct filter *filter, int link_type)
{
    for (size_t i = 0; i < filter->count; i++) {
        if (filter->compiled[i].link_type == link_type) {
            return &filter->compiled[i].program;
        }
    }
    return NULL;
}

static bool compile(const struct filter *filter, pcap_t *handle, struct bpf_program *out,
                    struct error *error)
{
    if (pcap_compile(handle, out, filter->expression, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        return error_set(error, "filter \"%s\": %s", filter->expression, pcap_geterr(handle));
    }
    return true;
}

/* More link types in one run than there is room for: the last place is reused. */
static struct bpf_program *add(struct filter *filter, int link_type,
                               const struct bpf_program *program)
{
    if (filter->count == FILTER_LINK_TYPES) {
        filter->count--;
        pcap_freecode(&filter->compiled[filter->count].program);
    }
    filter->compiled[filter->count].link_type = link_type;
    filter->compiled[filter->count].program = *program;
    return &filter->compiled[filter->count++].program;
}

bool filter_apply(struct filter *filter, pcap_t *handle, struct error *error)
{
    if (filter->expression == NULL) {
        return true;
    }
    struct bpf_program *program = find(filter, pcap_datalink(handle));
    if (program == NULL) {
        struct bpf_program fresh;
        if (!compile(filter, handle, &fresh, error)) {
            return false;
        }
        program = add(filter, pcap_datalink(handle), &fresh);
    }
    if (pcap_setfilter(handle, program) != 0) {
        return error_set(error, "filter \"%s\": %s", filter->expression, pcap_geterr(handle));
    }
    return true;
}
