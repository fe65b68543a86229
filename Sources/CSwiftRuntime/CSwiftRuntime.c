#include "CSwiftRuntime.h"

#include <stdint.h>

// From swift/Runtime/Concurrency.h. A SerialExecutorRef is two words; both zero: no actor.
typedef __attribute__((swiftcall)) void (*EnqueueOriginal)(void *job);
typedef __attribute__((swiftcall)) void (*EnqueueHook)(void *job, EnqueueOriginal original);
extern EnqueueHook swift_task_enqueueGlobal_hook;
extern __attribute__((swiftcall)) void swift_job_run(
    void *job, uintptr_t executorIdentity, uintptr_t executorImplementation);

static void (*submitted)(void *job);

static __attribute__((swiftcall)) void enqueue(void *job, EnqueueOriginal original) {
    (void)original;
    submitted(job);
}

void tamis_take_over_default_executor(void (*submit)(void *job)) {
    submitted = submit;
    swift_task_enqueueGlobal_hook = enqueue;
}

void tamis_run_job(void *job) { swift_job_run(job, 0, 0); }
