#include "capture/savefile.h"

#include "capture/pcap_file.h"
#include "capture/pcap_stream.h"
#include "capture/pcapng.h"
#include "capture/record.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)PCAPNG_BLOCK_BYTES <= (int)SAVEFILE_NEED_BYTES, "a block must be visible");
_Static_assert((int)PCAP_FILE_RECORD_BYTES <= (int)SAVEFILE_NEED_BYTES, "so must a record");

/* Whose a file is. */
enum reader { PCAP_FILE, PCAP_STREAM, PCAPNG };

struct savefile {
    char *path;
    const atomic_bool *stop;
    struct inflow inflow;
    enum reader reader;
    struct pcap_file file;
    struct pcap_stream stream;
    struct pcapng pcapng;
    uint64_t frames;
};

/* Puts the file's name before a sentence. */
static enum savefile_opening refuse(const struct savefile *savefile, const char *why,
                                    enum savefile_opening opening, struct error *error)
{
    (void)error_set(error, "%s: %s", savefile->path, why);
    return opening;
}

/* libpcap says in words only that the header is cut. */
static enum savefile_opening open_stream(struct savefile *savefile, struct error *error)
{
    struct error reason;

    savefile->reader = PCAP_STREAM;
    if (pcap_stream_open(&savefile->stream, &savefile->inflow, &reason)) {
        return SAVEFILE_OPENED;
    }
    if (savefile->stream.damage.text[0] != '\0') {
        return refuse(savefile, savefile->stream.damage.text, SAVEFILE_CUT, error);
    }
    const bool is_cut = strncmp(reason.text, "truncated", strlen("truncated")) == 0;
    return refuse(savefile, reason.text, is_cut ? SAVEFILE_CUT : SAVEFILE_UNREADABLE, error);
}

static enum savefile_opening open_pcap(struct savefile *savefile, struct error *error)
{
    savefile->reader = PCAP_FILE;
    return pcap_file_open(&savefile->file, &savefile->inflow) ? SAVEFILE_OPENED
                                                              : open_stream(savefile, error);
}

/* Reads up to the first interface: its link type is what a filter must suit. */
static enum savefile_opening open_pcapng(struct savefile *savefile, struct error *error)
{
    struct error reason;
    struct frame frame;
    enum pcapng_result result = PCAPNG_NOTHING;

    savefile->reader = PCAPNG;
    pcapng_init(&savefile->pcapng, &savefile->inflow);
    while (!savefile->pcapng.has_interface && (result == PCAPNG_NOTHING || result == PCAPNG_IDLE)) {
        result = pcapng_step(&savefile->pcapng, &frame, &reason);
    }
    if (savefile->pcapng.has_interface) {
        return SAVEFILE_OPENED;
    }
    if (result == PCAPNG_END) {
        return refuse(savefile, "truncated before any interface", SAVEFILE_CUT, error);
    }
    return refuse(savefile, reason.text, result == PCAPNG_CUT ? SAVEFILE_CUT : SAVEFILE_UNREADABLE,
                  error);
}

/* The bytes of the magic, or all there are. */
static enum inflow_result see_magic(struct savefile *savefile, struct error *error)
{
    enum inflow_result result;

    do {
        result = inflow_fill(&savefile->inflow, sizeof(uint32_t), error);
    } while (result == INFLOW_IDLE);
    return result;
}

static enum savefile_opening recognise(struct savefile *savefile, struct error *error)
{
    static const uint8_t section[] = {0x0a, 0x0d, 0x0d, 0x0a};
    struct error reason;

    switch (see_magic(savefile, &reason)) {
    case INFLOW_READY:
        break;
    case INFLOW_IDLE:
    case INFLOW_END:
        return open_stream(savefile, error);
    case INFLOW_DAMAGED:
        return refuse(savefile, reason.text, SAVEFILE_CUT, error);
    }
    return memcmp(inflow_data(&savefile->inflow), section, sizeof(section)) == 0
               ? open_pcapng(savefile, error)
               : open_pcap(savefile, error);
}

static enum savefile_opening
open_inflow(struct savefile *savefile, const struct savefile_options *options, struct error *error)
{
    struct input input;
    struct error reason;

    if (!input_open(&input, savefile->path, options->is_followed, options->stop, error)) {
        return SAVEFILE_UNREADABLE;
    }
    if (!inflow_init(&savefile->inflow, &input, SAVEFILE_NEED_BYTES, options->read_bytes,
                     &reason)) {
        return refuse(savefile, reason.text, SAVEFILE_UNREADABLE, error);
    }
    return recognise(savefile, error);
}

static struct savefile *new_savefile(const char *path, const atomic_bool *stop)
{
    struct savefile *savefile = calloc(1, sizeof(*savefile));

    if (savefile == NULL) {
        return NULL;
    }
    savefile->path = strdup(path);
    if (savefile->path == NULL) {
        free(savefile);
        return NULL;
    }
    savefile->stop = stop;
    savefile->inflow.input.fd = -1;
    return savefile;
}

enum savefile_opening savefile_open(const char *path, const struct savefile_options *options,
                                    struct savefile **out, struct error *error)
{
    struct savefile *savefile = new_savefile(path, options->stop);

    *out = NULL;
    if (savefile == NULL) {
        (void)error_set(error, "%s: no memory to read it", path);
        return SAVEFILE_UNREADABLE;
    }
    const enum savefile_opening opening = open_inflow(savefile, options, error);
    if (opening != SAVEFILE_OPENED) {
        savefile_close(savefile);
        return opening;
    }
    *out = savefile;
    return opening;
}

void savefile_close(struct savefile *savefile)
{
    if (savefile == NULL) {
        return;
    }
    pcap_stream_close(&savefile->stream);
    pcapng_clear(&savefile->pcapng);
    inflow_clear(&savefile->inflow);
    free(savefile->path);
    free(savefile);
}

int savefile_link_type(const struct savefile *savefile)
{
    switch (savefile->reader) {
    case PCAP_FILE:
        return savefile->file.link_type;
    case PCAP_STREAM:
        return record_link_type(pcap_datalink(savefile->stream.handle));
    case PCAPNG:
        break;
    }
    return savefile->pcapng.first_link_type;
}

bool savefile_is_mixed(const struct savefile *savefile)
{
    return savefile->reader == PCAPNG;
}

static enum savefile_result next_in_file(struct savefile *savefile, struct frame_batch *out,
                                         struct error *reason)
{
    switch (pcap_file_next(&savefile->file, out->frames, reason)) {
    case PCAP_FILE_FRAME:
        out->count = 1;
        pcap_file_add_visible(&savefile->file, out);
        return SAVEFILE_FRAMES;
    case PCAP_FILE_IDLE:
        return SAVEFILE_IDLE;
    case PCAP_FILE_END:
        return SAVEFILE_END;
    case PCAP_FILE_DAMAGED:
        break;
    }
    return SAVEFILE_DAMAGED;
}

static enum savefile_result next_in_stream(struct savefile *savefile, struct frame_batch *out,
                                           struct error *reason)
{
    switch (pcap_stream_next(&savefile->stream, out, reason)) {
    case PCAP_STREAM_FRAME:
        return SAVEFILE_FRAMES;
    case PCAP_STREAM_IDLE:
        return SAVEFILE_IDLE;
    case PCAP_STREAM_END:
        return SAVEFILE_END;
    case PCAP_STREAM_DAMAGED:
        break;
    }
    return SAVEFILE_DAMAGED;
}

static enum savefile_result next_in_pcapng(struct savefile *savefile, struct frame_batch *out,
                                           struct error *reason)
{
    switch (pcapng_next(&savefile->pcapng, out->frames, reason)) {
    case PCAPNG_FRAME:
        out->count = 1;
        pcapng_add_visible(&savefile->pcapng, out);
        return SAVEFILE_FRAMES;
    case PCAPNG_IDLE:
        return SAVEFILE_IDLE;
    case PCAPNG_END:
        return SAVEFILE_END;
    case PCAPNG_NOTHING:
    case PCAPNG_CUT:
    case PCAPNG_DAMAGED:
        break;
    }
    return SAVEFILE_DAMAGED;
}

static enum savefile_result next(struct savefile *savefile, struct frame_batch *out,
                                 struct error *reason)
{
    switch (savefile->reader) {
    case PCAP_FILE:
        return next_in_file(savefile, out, reason);
    case PCAP_STREAM:
        return next_in_stream(savefile, out, reason);
    case PCAPNG:
        break;
    }
    return next_in_pcapng(savefile, out, reason);
}

enum savefile_result savefile_next(struct savefile *savefile, struct frame_batch *out,
                                   struct error *error)
{
    struct error reason;
    const enum savefile_result result = next(savefile, out, &reason);

    if (result == SAVEFILE_FRAMES) {
        savefile->frames += out->count;
        return result;
    }
    if (result != SAVEFILE_DAMAGED) {
        return result;
    }
    if (atomic_load(savefile->stop)) {
        return SAVEFILE_END; /* what was being waited for does not matter any more */
    }
    (void)error_set(error, "%s: cut short or damaged after %llu packets: %s", savefile->path,
                    (unsigned long long)savefile->frames, reason.text);
    return result;
}

struct file_offer savefile_offer(const struct savefile *savefile)
{
    const bool is_ours =
        savefile->reader == PCAP_FILE || (savefile->reader == PCAPNG && !savefile->pcapng.is_mixed);

    return is_ours ? inflow_offer(&savefile->inflow) : (struct file_offer){.fd = -1};
}

static void settle(struct savefile *savefile)
{
    if (savefile->reader == PCAP_FILE) {
        pcap_file_settle(&savefile->file);
    } else {
        pcapng_settle(&savefile->pcapng);
    }
}

bool savefile_next_of_part(struct savefile *savefile, const struct file_part *part,
                           struct frame_batch *out)
{
    out->count = 0;
    settle(savefile);
    if (!inflow_enter(&savefile->inflow, part)) {
        return false;
    }
    if (savefile->reader == PCAP_FILE) {
        pcap_file_add_visible(&savefile->file, out);
    } else {
        pcapng_add_visible(&savefile->pcapng, out);
    }
    settle(savefile);
    inflow_leave(&savefile->inflow);
    savefile->frames += out->count;
    return out->count > 0;
}

uint64_t savefile_bytes(const struct savefile *savefile)
{
    return savefile->inflow.input.bytes;
}
