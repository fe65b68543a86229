#ifndef TAMIS_SWIFT_RUNTIME_H
#define TAMIS_SWIFT_RUNTIME_H

/// Hands every job of Swift's default executor to `submit`, which has `tamis_run_job` called for it
/// once, on a thread of its choice; for the rest of the process's life.
///
/// The hook is the one that the Swift runtime has for this purpose (`swift_task_enqueueGlobal_hook`
/// in swift/Runtime/Concurrency.h). To be called once, before the work of the process begins.
void tamis_take_over_default_executor(void (*submit)(void *job));

/// Runs a job that `submit` was given.
void tamis_run_job(void *job);

#endif
