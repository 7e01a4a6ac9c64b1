#include "app/signals.h"

#include <signal.h>
#include <stdatomic.h>

/* A signal handler has no argument of its own: the one place with state outside a struct. */
static struct {
    struct capture *_Atomic capture;
    atomic_bool stopped;
    atomic_bool wants_counters;
    atomic_bool wants_reopen;
} received;

static void on_signal(int signal)
{
    struct capture *const capture = atomic_load(&received.capture);

    if (signal == SIGUSR1) {
        atomic_store(&received.wants_counters, true);
        return;
    }
    if (signal == SIGHUP) {
        atomic_store(&received.wants_reopen, true);
        return;
    }
    atomic_store(&received.stopped, true);
    if (capture != NULL) {
        capture_stop(capture);
    }
}

/* No SA_RESTART: a wait must end. */
static void handle(int signal, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};

    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(signal, &action, NULL);
}

/* Under nohup a HUP means nothing. */
static bool is_ignored(int signal)
{
    struct sigaction action;

    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void signals_ignore_pipe(void)
{
    handle(SIGPIPE, SIG_IGN);
}

void signals_install(struct capture *capture)
{
    static const int wanted[] = {SIGINT, SIGTERM, SIGUSR1, SIGHUP};

    atomic_store(&received.capture, capture);
    signals_ignore_pipe();
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        if (wanted[i] != SIGHUP || !is_ignored(SIGHUP)) {
            handle(wanted[i], on_signal);
        }
    }
}

void signals_release(void)
{
    atomic_store(&received.capture, NULL);
}

bool signals_stopped(void)
{
    return atomic_load(&received.stopped);
}

/* Asked once per frame: the plain load spares the locked exchange. */
static bool take(atomic_bool *flag)
{
    return atomic_load_explicit(flag, memory_order_relaxed) && atomic_exchange(flag, false);
}

bool signals_take_counters(void)
{
    return take(&received.wants_counters);
}

bool signals_take_reopen(void)
{
    return take(&received.wants_reopen);
}
