#include "CAllocator.h"

#include <jemalloc/jemalloc.h>
#include <stdint.h>

// Read by jemalloc as the process starts (TUNING in jemalloc(3)). Two heaps serve the few threads
// that allocate much. Blocks of a megabyte and more, the bodies of hostile servers and the tables
// of a large index, go back to the system as they are freed; what smaller ones leave, after a
// second, when the heap is next used. A thread keeps blocks of up to 64 KiB at hand: what one
// decision takes.
const char *malloc_conf =
    "narenas:2,oversize_threshold:1048576,dirty_decay_ms:1000,muzzy_decay_ms:0,tcache_max:65536";

size_t tamis_bytes_allocated_by_thread(void) {
    uint64_t bytes = 0;
    size_t width = sizeof bytes;
    return mallctl("thread.allocated", &bytes, &width, NULL, 0) == 0 ? (size_t)bytes : 0;
}

unsigned tamis_allocator_heaps(void) {
    unsigned heaps = 0;
    size_t width = sizeof heaps;
    return mallctl("opt.narenas", &heaps, &width, NULL, 0) == 0 ? heaps : 0;
}
