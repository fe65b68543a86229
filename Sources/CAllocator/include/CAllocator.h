#ifndef TAMIS_ALLOCATOR_H
#define TAMIS_ALLOCATOR_H

#include <stddef.h>

/// The bytes that this thread has got from jemalloc in its life: they grow with each block that it
/// asks `malloc` for, if the process's memory is jemalloc's. 0 when jemalloc does not say.
size_t tamis_bytes_allocated_by_thread(void);

/// The heaps that jemalloc was told to make; 0 when it does not say.
unsigned tamis_allocator_heaps(void);

#endif
