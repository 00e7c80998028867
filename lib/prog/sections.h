/* SPDX-License-Identifier: MIT */
/*
 * Sections: times in which a requester may use what it was told.  A CMD_SYNC waits for those that
 * it finds open.  4.7.3
 *
 * A section notes the ticket that is out when it is opened.  A CMD_SYNC takes the ticket and puts
 * out the next one: it waits for sections with its own or an earlier one.  Who opens a section
 * does so before it looks at what has been forgotten, and who waits looks at sections after it has
 * been; who closes one does so before it looks whether anybody waits, and who waits says so before
 * it looks.  All of these are in one order: docs/concurrency.md.
 */
#ifndef SMMU_PROG_SECTIONS_H
#define SMMU_PROG_SECTIONS_H

#include "base/bits.h"

#include <stdatomic.h>
#include <stddef.h>

struct access_section {
	atomic_uint_fast64_t ticket; /* 0: it is closed */
	struct access_section *next;
};

struct sections {
	atomic_uint_fast64_t *told;  /* how often something has been forgotten */
	atomic_uint_fast64_t ticket; /* that is out; from 1 */
	atomic_uint waiting;         /* CMD_SYNCs */
	struct access_section *first;       /* of all that there may be; under the lock */
};

static inline void sections_init(struct sections *sections, atomic_uint_fast64_t *told)
{
	sections->told = told;
	atomic_init(&sections->ticket, 1);
	atomic_init(&sections->waiting, 0);
	sections->first = NULL;
}

static inline void sections_add(struct sections *sections, struct access_section *section)
{
	atomic_init(&section->ticket, 0);
	section->next = sections->first;
	sections->first = section;
}

static inline void sections_remove(struct sections *sections, const struct access_section *section)
{
	struct access_section **at = &sections->first;

	while (*at != section)
		at = &(*at)->next;
	*at = section->next;
}

ALWAYS_INLINE void section_open(const struct sections *sections, struct access_section *section)
{
	atomic_exchange(&section->ticket, atomic_load(&sections->ticket));
}

/* Whether somebody may wait for it. */
ALWAYS_INLINE bool section_close(const struct sections *sections, struct access_section *section)
{
	atomic_exchange(&section->ticket, 0);
	return atomic_load(&sections->waiting) != 0;
}

/* What a CMD_SYNC waits for. */
struct section_wait {
	bool on;
	uint64_t ticket; /* the last of sections that it waits for */
};

static inline bool any_open(const struct sections *sections, uint64_t ticket)
{
	for (const struct access_section *section = sections->first; section; section = section->next) {
		const uint64_t of_section = atomic_load(&section->ticket);

		if (of_section && of_section <= ticket)
			return true;
	}
	return false;
}

/* It begins to wait for all that are open now.  What has been told of is so in the one order, before
 * sections are looked at.  Under the lock, as are those below. */
static inline void sections_begin_wait(struct sections *sections, struct section_wait *wait)
{
	if (!sections->first)
		return;
	(void)atomic_fetch_add(sections->told, 0);
	*wait = (struct section_wait){ true, atomic_fetch_add(&sections->ticket, 1) };
	(void)atomic_fetch_add(&sections->waiting, 1);
}

static inline void sections_end_wait(struct sections *sections, struct section_wait *wait)
{
	if (wait->on)
		(void)atomic_fetch_sub(&sections->waiting, 1);
	wait->on = false;
}

/* Must it wait on? */
static inline bool sections_hold(struct sections *sections, struct section_wait *wait)
{
	if (wait->on && any_open(sections, wait->ticket))
		return true;
	sections_end_wait(sections, wait);
	return false;
}

#endif
