/* Conditions that threads wait for, with a limit by the clock that never jumps. */
#ifndef REPRISE_APP_CONDITION_H
#define REPRISE_APP_CONDITION_H

#include <pthread.h>
#include <stdint.h>

void condition_init(pthread_cond_t *condition);

/* At most so long: whoever waits looks again for itself. lock: held. */
void condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t timeout_ns);

#endif
