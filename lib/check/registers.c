/* SPDX-License-Identifier: MIT */
#include "check/registers.h"

#include <string.h>

static void forget_the_oldest(struct register_log *log)
{
	log->changes--;
	memmove(&log->change[0], &log->change[1], log->changes * sizeof(log->change[0]));
}

void register_note(struct register_log *log, uint64_t value, uint64_t bits,
		   const struct register_change *when)
{
	if (log->known && (log->now ^ value) & bits) {
		if (log->changes == REGISTER_CHANGES)
			forget_the_oldest(log);
		log->change[log->changes++] = (struct register_change){ log->now, when->moment,
									when->access };
	}
	log->known = true;
	log->now = value;
}

const struct register_change *register_change_since(const struct register_log *log, uint64_t bits,
						    uint64_t moment)
{
	unsigned i = 0;

	while (i < log->changes && log->change[i].moment < moment)
		i++;
	return i < log->changes && (log->change[i].was ^ log->now) & bits ? &log->change[i] : NULL;
}
