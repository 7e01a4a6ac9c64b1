/* The only door to libpcap: open files or interfaces, next frame, statistics. */
#ifndef REPRISE_CAPTURE_CAPTURE_H
#define REPRISE_CAPTURE_CAPTURE_H

#include "capture/file_part.h"
#include "capture/frame_batch.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture;

/* Sources of one capture: either files or interfaces. */
struct capture_options {
    const char *const *sources; /* borrowed: paths, directories, "-"; or interface names */
    size_t source_count;
    const char *filter;  /* pcap-filter(7), NULL: everything */
    int snaplen;         /* live: bytes kept of each frame */
    int buffer_kib;      /* live: kernel buffer, KiB */
    bool is_promiscuous; /* live */
    bool is_followed;    /* files: at the end of the last one, wait for it to grow */
    size_t read_bytes;   /* files: read at once; 0: what is best */
};

/* Defaults: no sources, no filter, 262144 bytes of each frame, 64 MiB, promiscuous, not followed.
 */
void capture_options_init(struct capture_options *options);

enum capture_opening {
    CAPTURE_OPENED,     /* *out is the caller's to close */
    CAPTURE_NOT_OPENED, /* *out is NULL, the sentence is in error; so with the next */
    CAPTURE_BAD_FILTER, /* the filter does not compile for the first source's link type */
};

/* Files: directories are listed (regular files, neither hidden nor below), everything is sorted
 * by name with numbers by value, and each file is opened when its turn comes, the first one that
 * opens at once. Files that cannot be opened are CAPTURE_PROBLEMs of capture_next, even when that
 * is all of them: see capture_has_source(). */
MUST_CHECK enum capture_opening capture_open_files(const struct capture_options *options,
                                                   struct capture **out, struct error *error);

/* Interfaces, opened at once, all or none. The sentence of an EPERM names the command that would
 * permit it. */
MUST_CHECK enum capture_opening capture_open_interfaces(const struct capture_options *options,
                                                        struct capture **out, struct error *error);
void capture_close(struct capture *capture);

/* Whether anything is open: false for a fresh capture of files none of which could be opened. */
bool capture_has_source(const struct capture *capture);

enum capture_result {
    CAPTURE_FRAME,   /* *out is filled, borrowed until the next call */
    CAPTURE_IDLE,    /* live, pipes, a followed file: nothing came within 100 ms */
    CAPTURE_PROBLEM, /* one source could not be opened, or is damaged or cut: the sentence is in
                        error, the others go on with the next call; see capture_problems() */
    CAPTURE_END,     /* all sources are used up, or capture_stop() was called */
};

MUST_CHECK enum capture_result capture_next(struct capture *capture, struct frame *out,
                                            struct error *error);

/* The same with as many frames as are there at once, at least one, all of one source and link type.
 * None waits for the others. */
MUST_CHECK enum capture_result capture_next_batch(struct capture *capture, struct frame_batch *out,
                                                  struct error *error);

/* Several threads may read one file: each a part of it (file_part_read) while the others read
 * theirs, and then, one after the other in the order of the parts, the frames that lie in them.
 * What may be read so is offered after capture_next_batch() has given CAPTURE_FRAME; what is not
 * frames (ends, damage, other files) comes from capture_next_batch() alone. Only file_part_read()
 * may run beside other calls. */
struct file_offer capture_offer(const struct capture *capture);

/* A part of the size that this capture reads at once: see file_part_init. */
MUST_CHECK bool capture_part_init(const struct capture *capture, struct file_part *out);

/* Most frames that a part can hold. */
size_t capture_frames_of_part(const struct file_part *part);

/* The frames that end in a part, in its window. False, and there are none, when it is not what
 * comes next, or begins with something odd: then it is capture_next_batch() that goes on. */
MUST_CHECK bool capture_next_of_part(struct capture *capture, const struct file_part *part,
                                     struct frame_batch *out);

/* Gives up the source of the last frames: the caller has no use for its link type. It counts as
 * unreadable, and the next call goes on with the next source; of a file with several link types
 * (pcapng) only the frames of this one are passed over. */
void capture_refuse_source(struct capture *capture);

/* Makes capture_next return CAPTURE_END soon, also where it waits for a pipe. Safe to call from a
 * signal handler and from another thread. */
void capture_stop(struct capture *capture);

struct capture_statistics {
    uint64_t frames;               /* handed out: tcpdump's "captured" */
    uint64_t received_by_filter;   /* live: as the kernel counts; files: = frames */
    uint64_t dropped_by_kernel;    /* live */
    uint64_t dropped_by_interface; /* live */
    bool has_kernel_counts;        /* false for files */
    uint64_t bytes_read;           /* files: position in all sources, for progress */
    uint64_t bytes_total;          /* files: sum of sizes; 0 when unknown (FIFO, stdin) */
};
void capture_statistics(struct capture *capture, struct capture_statistics *out);

/* How many sources could not be read at all, and how many broke off in the middle. */
struct capture_problems {
    unsigned unreadable;
    unsigned damaged;
};
struct capture_problems capture_problems(const struct capture *capture);

/* Name of the source the last frame came from. Borrowed until the next call. */
const char *capture_source(const struct capture *capture);

/* "EN10MB", or "unknown to libpcap". Static text. */
const char *capture_link_name(int link_type);

/* "libpcap version 1.10.3 (...)" */
const char *capture_library_version(void);

#endif
