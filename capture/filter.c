#include "capture/filter.h"

#include <stdio.h>

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

/* filter->count: none. */
static size_t find(const struct filter *filter, int link_type)
{
    size_t i = 0;

    while (i < filter->count && filter->compiled[i].link_type != link_type) {
        i++;
    }
    return i;
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
static void add(struct filter *filter, int link_type, const struct bpf_program *program)
{
    if (filter->count == FILTER_LINK_TYPES) {
        filter->count--;
        pcap_freecode(&filter->compiled[filter->count].program);
    }
    filter->compiled[filter->count].link_type = link_type;
    filter->compiled[filter->count].program = *program;
    filter->count++;
}

bool filter_apply(struct filter *filter, pcap_t *handle, struct error *error)
{
    const int link_type = pcap_datalink(handle);
    struct bpf_program fresh;

    if (filter->expression == NULL) {
        return true;
    }
    if (find(filter, link_type) == filter->count) {
        if (!compile(filter, handle, &fresh, error)) {
            return false;
        }
        add(filter, link_type, &fresh);
    }
    if (pcap_setfilter(handle, &filter->compiled[find(filter, link_type)].program) != 0) {
        return error_set(error, "filter \"%s\": %s", filter->expression, pcap_geterr(handle));
    }
    return true;
}

/* A capture file without packets, in memory: some expressions ("inbound") depend on whether the
 * frames come from a file. */
static pcap_t *open_empty_file(int link_type, struct error *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    struct pcap_file_header header = {
        .magic = 0xa1b2c3d4,
        .version_major = PCAP_VERSION_MAJOR,
        .version_minor = PCAP_VERSION_MINOR,
        .snaplen = 262144,
        .linktype = (bpf_u_int32)link_type,
    };
    FILE *file = fmemopen(&header, sizeof(header), "rb");
    pcap_t *handle = file != NULL ? pcap_fopen_offline(file, reason) : NULL;

    if (handle == NULL) {
        (void)error_set(error, "no filter for link type %d: %s", link_type, reason);
        if (file != NULL) {
            (void)fclose(file);
        }
    }
    return handle;
}

bool filter_knows(const struct filter *filter, int link_type)
{
    return filter->expression == NULL || find(filter, link_type) < filter->count;
}

bool filter_prepare(struct filter *filter, int link_type, struct error *error)
{
    struct bpf_program fresh;

    if (filter_knows(filter, link_type)) {
        return true;
    }
    pcap_t *handle = open_empty_file(link_type, error);
    if (handle == NULL) {
        return false;
    }
    const bool is_compiled = compile(filter, handle, &fresh, error);
    pcap_close(handle);
    if (is_compiled) {
        add(filter, link_type, &fresh);
    }
    return is_compiled;
}

bool filter_passes(const struct filter *filter, const struct frame *frame)
{
    const struct pcap_pkthdr header = {.caplen = frame->captured_len, .len = frame->wire_len};

    if (filter->expression == NULL) {
        return true;
    }
    const size_t i = find(filter, frame->link_type);
    return i < filter->count &&
           pcap_offline_filter(&filter->compiled[i].program, &header, frame->data) != 0;
}
