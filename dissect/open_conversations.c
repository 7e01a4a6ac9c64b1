#include "dissect/open_conversations.h"

#include "dissect/aftermath.h"

/* After a reset, what was under way still arrives; then nothing does. */
#define RESET_TIMEOUT_NS (INT64_C(2) * 1000000000)

bool open_conversations_init(struct open_conversations *all, uint32_t max, int64_t idle_timeout_ns)
{
    *all = (struct open_conversations){
        .pool = pool_new(sizeof(struct open_conversation), max),
        .active.timeout_ns = idle_timeout_ns,
        .reset.timeout_ns = RESET_TIMEOUT_NS,
        .held.timeout_ns = AFTERMATH_NS,
        .returned_ns = INT64_MIN,
        .due_ns = INT64_MAX,
    };
    return all->pool != NULL;
}

void open_conversations_clear(struct open_conversations *all)
{
    pool_free(all->pool);
}

static bool has_overdue(const struct age_list *list, int64_t now_ns)
{
    return list->oldest != NULL && age_list_is_overdue(list->oldest, now_ns);
}

/* A clock that went back far has been set: what it said before counts no more. When it is again
 * where it was, nobody has waited as long as it seems. */
static COLD void tell_odd_time(struct open_conversations *all, int64_t now_ns)
{
    const int64_t least_ns = all->latest_ns - AFTERMATH_NS;

    if (now_ns < least_ns) {
        all->behind_ns = all->is_behind && all->behind_ns > least_ns ? all->behind_ns : least_ns;
        all->is_behind = true;
        all->latest_ns = now_ns;
    } else if (now_ns > all->latest_ns) {
        all->latest_ns = now_ns;
    }
    if (all->is_behind && all->latest_ns >= all->behind_ns) {
        all->is_behind = false;
        all->returned_ns = all->latest_ns;
    }
}

static bool is_waited_out(const struct open_conversations *all, const struct age_link *link)
{
    const int64_t since_ns = link->last_ns > all->returned_ns ? link->last_ns : all->returned_ns;

    return all->latest_ns - since_ns >= AFTERMATH_NS;
}

static int64_t due_of(const struct age_link *link)
{
    const int64_t timeout_ns = link->list->timeout_ns;

    return link->last_ns > INT64_MAX - timeout_ns ? INT64_MAX : link->last_ns + timeout_ns;
}

/* The link was used: later than before, or it is new in its list. */
static void note_due(struct open_conversations *all, const struct age_link *link)
{
    const int64_t due_ns = due_of(link);

    all->due_ns = due_ns < all->due_ns ? due_ns : all->due_ns;
}

/* What was used since is due later than was noted. */
static void look_for_due(struct open_conversations *all)
{
    const struct age_list *const lists[] = {&all->active, &all->reset, &all->held};

    all->due_ns = INT64_MAX;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (lists[i]->oldest != NULL) {
            note_due(all, lists[i]->oldest);
        }
    }
}

bool open_conversations_look(struct open_conversations *all, int64_t now_ns)
{
    if (now_ns >= all->latest_ns && !all->is_behind) {
        all->latest_ns = now_ns;
    } else {
        tell_odd_time(all, now_ns);
    }
    look_for_due(all);
    return has_overdue(&all->active, now_ns) || has_overdue(&all->reset, now_ns) ||
           has_overdue(&all->held, all->latest_ns);
}

struct open_conversation *open_conversations_add(struct open_conversations *all, struct flow *flow,
                                                 int64_t now_ns)
{
    struct open_conversation *open = pool_take(all->pool);

    if (open != NULL) {
        open->flow = flow;
        age_list_add(&all->active, &open->age, now_ns);
        note_due(all, &open->age);
    }
    return open;
}

void open_conversations_remove(struct open_conversations *all, struct open_conversation *open)
{
    age_list_remove(&open->age);
    pool_give(all->pool, open);
}

void open_conversations_touch(struct open_conversations *all, struct open_conversation *open,
                              int64_t now_ns)
{
    age_list_touch(conversation_is_reset(&open->conversation) ? &all->reset : &all->active,
                   &open->age, now_ns);
    note_due(all, &open->age);
}

void open_conversations_hold(struct open_conversations *all, struct open_conversation *open,
                             int64_t now_ns)
{
    age_list_remove(&open->age);
    age_list_add(&all->held, &open->age, now_ns);
    note_due(all, &open->age);
}

bool open_conversations_is_held(const struct open_conversations *all,
                                const struct open_conversation *open)
{
    return open->age.list == &all->held;
}

bool open_conversations_is_waited_out(const struct open_conversations *all,
                                      const struct open_conversation *open)
{
    return open_conversations_is_held(all, open) && is_waited_out(all, &open->age);
}

/* Of held ones the latest time told counts, so that it does not matter at which frames one looks:
 * what is estimated would depend on it. */
bool open_conversations_is_overdue(const struct open_conversations *all,
                                   const struct open_conversation *open, int64_t now_ns)
{
    return open_conversations_is_held(all, open) ? open_conversations_is_waited_out(all, open)
                                                 : age_list_is_overdue(&open->age, now_ns);
}

static struct open_conversation *oldest_of(const struct age_list *list)
{
    return (struct open_conversation *)list->oldest;
}

struct open_conversation *open_conversations_first_overdue(const struct open_conversations *all,
                                                           const struct age_list *list,
                                                           int64_t now_ns)
{
    struct open_conversation *oldest = oldest_of(list);

    return oldest != NULL && open_conversations_is_overdue(all, oldest, now_ns) ? oldest : NULL;
}

struct open_conversation *open_conversations_oldest(const struct open_conversations *all)
{
    if (all->held.oldest != NULL) {
        return oldest_of(&all->held);
    }
    return oldest_of(all->reset.oldest != NULL ? &all->reset : &all->active);
}
