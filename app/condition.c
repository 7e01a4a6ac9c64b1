#include "app/condition.h"

#include "app/clock.h"

#include <time.h>

void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t monotonic;

    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(condition, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
}

void condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t timeout_ns)
{
    const int64_t until_ns = clock_monotonic_ns() + timeout_ns;
    const struct timespec until = {.tv_sec = until_ns / CLOCK_SECOND_NS,
                                   .tv_nsec = until_ns % CLOCK_SECOND_NS};

    (void)pthread_cond_timedwait(condition, lock, &until);
}
