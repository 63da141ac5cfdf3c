#include "allocations.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <time.h>

// Defined in the executable, these take the place of the C library's for every shared library too.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

extern void __libc_free(void *);

static _Thread_local uint64_t count;
static _Thread_local int measures;
static _Thread_local int64_t live, peak;

uint64_t allocation_count(void) { return count; }

void peak_bytes_reset(void) {
  live = peak = 0;
  measures = 1;
}

uint64_t peak_bytes(void) {
  measures = 0;
  return peak > 0 ? (uint64_t)peak : 0;
}

static inline void *taken(void *memory) {
  count++;
  if (__builtin_expect(measures, 0) && memory) {
    live += (int64_t)malloc_usable_size(memory);
    if (live > peak) peak = live;
  }
  return memory;
}

static inline void given(void *memory) {
  if (__builtin_expect(measures, 0) && memory) live -= (int64_t)malloc_usable_size(memory);
}

void *malloc(size_t size) { return taken(__libc_malloc(size)); }

void *calloc(size_t number, size_t size) { return taken(__libc_calloc(number, size)); }

void *realloc(void *old, size_t size) {
  given(old);
  return taken(__libc_realloc(old, size));
}

void free(void *memory) {
  given(memory);
  __libc_free(memory);
}

void *memalign(size_t alignment, size_t size) { return taken(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return taken(__libc_memalign(alignment, size)); }

int posix_memalign(void **result, size_t alignment, size_t size) {
  *result = taken(__libc_memalign(alignment, size));
  return *result ? 0 : ENOMEM;
}

uint64_t thread_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t heap_octets(void) {
  malloc_trim(0);
  struct mallinfo2 information = mallinfo2();
  return information.uordblks + information.hblkhd;
}
