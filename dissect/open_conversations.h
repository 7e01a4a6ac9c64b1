/* The conversations of one dissector that are open, by age: in a bounded number of places. What is
 * kept about each is three things: whether its handshake is under way, whether a RST has come while
 * nothing was proven, or whether it is over and only heard for its tickets (aftermath.h): held. */
#ifndef REPRISE_DISSECT_OPEN_CONVERSATIONS_H
#define REPRISE_DISSECT_OPEN_CONVERSATIONS_H

#include "dissect/age_list.h"
#include "dissect/conversation.h"
#include "dissect/net/flow.h"
#include "dissect/past.h"

#include "base/pool.h"

struct open_conversation {
    struct age_link age; /* first: what age lists know of it */
    struct flow *flow;   /* its cell in the flow table */
    struct past past;    /* as it will stay */
    struct conversation conversation;
};

struct open_conversations {
    struct pool *pool;
    struct age_list active;
    struct age_list reset; /* one side has sent a RST, and nothing is proven yet */
    struct age_list held;  /* since the end of the handshake: nothing touches them */
    int64_t due_ns;        /* before this none is overdue */
    int64_t latest_ns;     /* of all capture times told since the clock was last set back */
    int64_t behind_ns;     /* if is_behind: before this it is not where it was */
    int64_t returned_ns;   /* when it was back there; INT64_MIN: it never was away */
    bool is_behind;        /* the clock was set back, and is not where it was yet */
};

/* False without memory; clear is then still right. */
MUST_CHECK bool open_conversations_init(struct open_conversations *all, uint32_t max,
                                        int64_t idle_timeout_ns);
void open_conversations_clear(struct open_conversations *all);

/* open_conversations_tick() where it is not the usual case. */
MUST_CHECK NOINLINE bool open_conversations_look(struct open_conversations *all, int64_t now_ns);

/* Tells the time. Whether any may have been silent, or held, for too long. */
MUST_CHECK static inline bool open_conversations_tick(struct open_conversations *all,
                                                      int64_t now_ns)
{
    if (now_ns < all->latest_ns || now_ns >= all->due_ns || all->is_behind) {
        return open_conversations_look(all, now_ns);
    }
    all->latest_ns = now_ns;
    return false;
}

/* Before this, as long as they do not fall, times are as usual: to tell them is to tell the last.
 */
static inline int64_t open_conversations_usual_until(const struct open_conversations *all)
{
    return all->is_behind ? INT64_MIN : all->due_ns;
}

/* A place for another one, among the active; its conversation is for the caller to begin. NULL:
 * there is no room. */
struct open_conversation *open_conversations_add(struct open_conversations *all, struct flow *flow,
                                                 int64_t now_ns);

/* Gives the place back. Its conversation is cleared. */
void open_conversations_remove(struct open_conversations *all, struct open_conversation *open);

/* A segment of it came, and its handshake goes on. */
void open_conversations_touch(struct open_conversations *all, struct open_conversation *open,
                              int64_t now_ns);

/* Its handshake was over now. */
void open_conversations_hold(struct open_conversations *all, struct open_conversation *open,
                             int64_t now_ns);
bool open_conversations_is_held(const struct open_conversations *all,
                                const struct open_conversation *open);

/* It is held, and was heard for as long as it should be. */
bool open_conversations_is_waited_out(const struct open_conversations *all,
                                      const struct open_conversation *open);

/* Whether it was silent, or held, for too long. */
bool open_conversations_is_overdue(const struct open_conversations *all,
                                   const struct open_conversation *open, int64_t now_ns);

/* The one to end for room: a held one first, whose record is ready, then a dying one. NULL when
 * none is open. */
struct open_conversation *open_conversations_oldest(const struct open_conversations *all);

/* The oldest of one of the lists, if it is overdue, else NULL. */
struct open_conversation *open_conversations_first_overdue(const struct open_conversations *all,
                                                           const struct age_list *list,
                                                           int64_t now_ns);

#endif
