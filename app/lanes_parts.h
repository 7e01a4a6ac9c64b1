/* What lanes are made of, and the steps that all of them take: for the files of lanes alone. */
#ifndef REPRISE_APP_LANES_PARTS_H
#define REPRISE_APP_LANES_PARTS_H

#include "app/block.h"
#include "app/clock.h"
#include "app/lane.h"
#include "app/lanes.h"

#include <pthread.h>

#define LANES_WAIT_NS (CLOCK_SECOND_NS / 10)

enum {
    LANES_BORROWED = 256, /* frames, at once */
};

/* How far a block is. The rest its place in the ring says. */
enum stage { STAGE_CLAIMED, STAGE_READ, STAGE_WALKED, STAGE_PREPARING, STAGE_PREPARED };

struct place {
    struct block block;
    enum stage stage;
    unsigned owner; /* whose part it is */
};

struct member {
    struct lanes *lanes;
    struct lane lane;
    pthread_t thread;
    bool has_thread;
    bool is_done;
    uint64_t taken; /* blocks */
    unsigned claimed;
    int fd; /* its own of the file it reads; -1: none */
    unsigned fd_number;
    struct dissector_counters counters;
};

/* All of it belongs to the lock, but what is said to be of a turn: whoever has that, has it. */
struct lanes {
    struct lanes_options options;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned sleepers;
    struct place *places;
    unsigned place_count;
    /* Blocks ever, in this order: each is at most the one before. */
    uint64_t claimed;
    uint64_t walked;
    uint64_t published;
    bool is_publishing;
    bool is_sending; /* a block of the caller's is to be the next: no parts are claimed */
    bool is_ending;  /* that is the last one */
    bool is_closing;
    struct file_offer offer; /* number 0: none */
    bool is_odd;             /* a part was, where the reading is now */
    struct intake_times times;
    struct fragments_counters fragments;
    /* Of whoever finds frames. The mutex is for whoever asks how far that is. */
    pthread_mutex_t reading;
    struct intake intake;
    uint64_t frames;
    struct frame borrowed[LANES_BORROWED];
    struct frame_batch lent; /* in borrowed, not copied yet */
    /* Of whoever publishes. */
    struct inner_frames *inner;
    struct fragments_counters unwrapped;
    unsigned count;
    struct member members[];
};

/* For whoever is not a lane's step. */
static inline void lanes_lock(struct lanes *lanes)
{
    (void)pthread_mutex_lock(&lanes->lock);
}

static inline void lanes_unlock(struct lanes *lanes)
{
    (void)pthread_mutex_unlock(&lanes->lock);
}

/* ---- With the lock; they give it up where they work ---- */

/* Lets all lanes look again for what they can do. */
void lanes_wake(struct lanes *lanes);

/* Until that, or for a tenth of a second. */
void lanes_sleep(struct lanes *lanes);

bool lanes_has_free_place(const struct lanes *lanes);

/* The next block, where there is a free place. */
struct place *lanes_claim(struct lanes *lanes, enum block_kind kind);

/* The frames of the block in turn are found: the turn is the next one's. */
void lanes_end_turn(struct lanes *lanes, struct place *place, enum stage stage);

/* Hands out to all lanes what is next and prepared. */
void lanes_publish(struct lanes *lanes);

/* One step of a lane. False: there is nothing to do for it now. */
bool lanes_do_step(struct lanes *lanes, struct member *member);

#endif
