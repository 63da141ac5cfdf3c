#pragma once
#include <stdint.h>

// How many times this thread has asked for heap memory (malloc, calloc, realloc, aligned_alloc, posix_memalign, memalign), whoever asked:
// Swift's runtime, libcrypto or anything else in the process.
uint64_t allocation_count(void);

// Bytes of heap memory (as the allocator rounds them) that this thread has asked for and not given back since the reset, at their most.
// Counted only between the two calls.
void peak_bytes_reset(void);
uint64_t peak_bytes(void);

// CPU time of this thread in nanoseconds.
uint64_t thread_nanoseconds(void);

// What malloc has given out and not got back, in octets; returns what is free to the system first.
uint64_t heap_octets(void);
