/* SPDX-License-Identifier: MIT */
/* What stands between masters, SMMUs and memory, and lets an access pass or not: by its address, PA
 * space and who makes it.  An SMMU labels, it does not guard.  docs/config.md */
#ifndef SMMU_PLATFORM_FIREWALL_H
#define SMMU_PLATFORM_FIREWALL_H

#include "platform/memory.h"

enum firewall_mode {
	FIREWALL_TZASC,  /* regions may overlap: the last that has the address decides */
	FIREWALL_TZC400, /* they may not; each knows who makes a Non-secure access */
	FIREWALL_STRICT, /* no regions: an address is there in the PA space of its memory alone */
};

enum {
	FIREWALL_SPACES = 4, /* enum smmu3_pas */
	FIREWALL_REGIONS_MOST = 256,
	FIREWALL_NAMES_MOST = 1024, /* of a list of a region */
	FIREWALL_READ = 1,          /* as enum perm_word */
	FIREWALL_WRITE = 2,
};

/* What is no region, by the name that it has in a trace. */
#define FIREWALL_DEFAULT "default"

/* Who makes an access. */
enum firewall_kind {
	FIREWALL_STREAM, /* a client, through the SMMU number `unit` */
	FIREWALL_SMMU,   /* that SMMU itself: its fetches, queues, messages */
	FIREWALL_DIRECT, /* the master number `unit`, behind no SMMU */
};

struct firewall_who {
	enum firewall_kind kind;
	size_t unit;
	uint8_t sec_sid; /* of streams: enum smmu3_pas */
	uint32_t sid;
};

/* Those that a list names: of streams `count` StreamIDs from who.sid. */
struct firewall_ids {
	struct firewall_who from;
	uint32_t count;
};

/* [base, last].  perm: what each PA space may do, of enum perm_word. */
struct firewall_region {
	const char *name;
	uint64_t base, last;
	uint8_t perm[FIREWALL_SPACES];
	bool listed; /* Non-secure accesses: what the lists say, not perm */
	const struct firewall_ids *reads, *writes;
	size_t readers, writers;
};

struct firewall {
	enum firewall_mode mode;
	const struct firewall_region *region;
	size_t count;
	struct firewall_region fallback; /* of addresses that no region has */
	const struct memory *memory;     /* STRICT */
};

struct firewall_access {
	uint64_t pa, bytes;
	unsigned pas;   /* enum smmu3_pas */
	unsigned wants; /* FIREWALL_READ, FIREWALL_WRITE or both */
	struct firewall_who who;
};

struct firewall_verdict {
	bool allowed;
	const char *region; /* that decided; STRICT: the memory; FIREWALL_DEFAULT: none */
};

/* Is every byte of an access let pass?  If not, the region is that of the first byte that is not;
 * if it is, that of its first.  A PA space that there is not has nothing. */
struct firewall_verdict firewall_judge(const struct firewall *firewall,
				       const struct firewall_access *access);

/* What one address grants: FIREWALL_READ, FIREWALL_WRITE, of those that access->who has in its PA
 * space. */
unsigned firewall_grants(const struct firewall *firewall, const struct firewall_access *access);

/* The next address above pa at which another region may decide; UINT64_MAX: none. */
uint64_t firewall_next(const struct firewall *firewall, unsigned pas, uint64_t pa);

#endif
