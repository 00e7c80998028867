/* SPDX-License-Identifier: MIT */
/* Where the tables of one master or one table live: at physical addresses, or behind stage 2 at
 * IPAs. */
#ifndef SMMU_PLATFORM_SPACE_H
#define SMMU_PLATFORM_SPACE_H

#include "platform/machine.h"

struct space_page {
	uint64_t ipa, pa, end; /* end: of the IPAs */
};

struct space {
	struct build *build;
	struct region *region;     /* where pages are taken */
	const struct node *node;   /* whom complaints name */
	struct table_spec *stage2; /* NULL: physical */
	uint64_t next_ipa;         /* UNSET: as the PA */
	uint64_t perm;             /* of added mappings: enum perm_word, or UNSET */
	struct space_page *page;   /* with next_ipa: the pages so far, ascending */
	size_t pages, room;
	bool complained;
	struct smmu3_builder builder;
};

/* The builder's context is the space itself, so a space stays where it was opened. */
void space_open(struct space *space, struct build *build, struct region *region,
		const struct node *node);
void space_close(struct space *space);

/* Complaints that all tables pass TABLE_BYTES_MOST, or that the region has no room. */
void space_too_large(struct space *space);
void space_full(struct space *space);

/* A complaint about what the builder returned, unless the space has complained itself. */
void space_failed(struct space *space, int code, const struct node *node);

#endif
