/* SPDX-License-Identifier: MIT */
/* The C library's allocator, counted: what the program defines, shared libraries use too. */
#include "allocations.h"

#include <stdlib.h>

/* A sanitizer has an allocator of its own. */
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
	!defined(SMMU_SANITIZED)

#include <stdatomic.h>

#define SHOWN __attribute__((visibility("default")))

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_uint_fast64_t count, bytes;

static void note(size_t size)
{
	atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
}

SHOWN void *malloc(size_t size)
{
	note(size);
	return __libc_malloc(size);
}

SHOWN void *calloc(size_t number, size_t size)
{
	note(number * size);
	return __libc_calloc(number, size);
}

SHOWN void *realloc(void *block, size_t size)
{
	note(size);
	return __libc_realloc(block, size);
}

SHOWN void *aligned_alloc(size_t alignment, size_t size)
{
	note(size);
	return __libc_memalign(alignment, size);
}

bool allocations_known(void)
{
	return true;
}

struct allocations allocations_now(void)
{
	return (struct allocations){ atomic_load(&count), atomic_load(&bytes) };
}

#else

bool allocations_known(void)
{
	return false;
}

struct allocations allocations_now(void)
{
	return (struct allocations){ 0, 0 };
}

#endif
