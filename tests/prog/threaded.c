/* SPDX-License-Identifier: MIT */
#include "threaded.h"

#include <check.h>
#include <stdlib.h>
#include <time.h>

const struct behind behinds[BEHINDS] = { { 0, true }, { 0, false }, { 2, false }, { 64, true } };

double seconds_now(void)
{
	struct timespec time;

	(void)timespec_get(&time, TIME_UTC);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

double seconds_of_each(const char *variable)
{
	const char *text = getenv(variable);

	return text ? strtod(text, NULL) / BEHINDS : 0.5;
}

void make_behind(struct machine *m, const struct smmu3_host *host, bool window)
{
	m->smmu = smmu3_create(&m->config, host, NULL);
	ck_assert_ptr_nonnull(m->smmu);
	if (window)
		ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, RAM_BYTES,
					       SMMU3_PAS_BIT(SMMU3_PAS_NS), m->ram),
				 0);
}

void read_words(struct machine *m, const struct smmu3_mem_access *access, void *data)
{
	uint64_t *word = data;

	for (uint64_t i = 0; i < access->bytes / 8; i++)
		word[i] = __atomic_load_n(ram_at(m, access->pa + 8 * i), __ATOMIC_ACQUIRE);
}

void start_devices(pthread_t *threads, unsigned count, void *(*run)(void *))
{
	for (uintptr_t i = 0; i < count; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run, (void *)(i + 1)), 0);
}

void join_all(const pthread_t *threads, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}
