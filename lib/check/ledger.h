/* SPDX-License-Identifier: MIT */
/*
 * What the checker knows of all that may be kept: what each was made of, by structures as they were
 * read.  A record stands for what is kept under one name, the last that was; versions are shared.
 * Its owner keeps others out.
 */
#ifndef SMMU_CHECK_LEDGER_H
#define SMMU_CHECK_LEDGER_H

#include "base/chains.h"
#include "config/structures.h"
#include "mem/mem.h"
#include "mem/pa_region.h"
#include "mem/watch.h"
#include "tlb/tag.h"

#include <smmu/check.h>
#include <smmu/inspect.h>

/* What an endpoint was given by a Translation Completion. */
struct kept_atc {
	uint64_t addr, to; /* aligned to its size */
	uint32_t sid, ssid;
	uint8_t sec_sid, ssv, size_lg2;
};

/* Under which name something is kept.  Zero where nothing is said: compared as bytes. */
struct kept_key {
	uint8_t kind; /* enum smmu3_kept_kind */
	union {
		struct tlb_tag tag;
		struct structure_name name;
		struct pa_region region;
		struct kept_atc atc;
	};
};

/* A structure as it was read once. */
struct version {
	struct pa at;
	struct smmu3_attr attr;
	uint16_t mecid;
	struct smmu3_mpam mpam;
	uint8_t reason, words;
	int8_t level;
	uint8_t granule_lg2; /* of translation tables */
	bool updated;        /* by hardware, since it was read */
	bool big;            /* its words are numbers in the other order */
	uint64_t input;
	uint64_t word[8]; /* as memory had it */
	uint32_t next;    /* of those of one address, or of those that are free */
	uint32_t holds;   /* how many records and trails know it; 0: it is free */
	uint32_t visit;   /* the last that met it, */
	bool changed;     /* and found it so */
};

/* When, and for which access.  Moments count. */
struct kept_when {
	uint64_t moment; /* that began then */
	uint64_t access, cookie;
	uint64_t kept; /* the moment when it stood where it is kept; of what an endpoint was given
			* the one when it asked */
	uint8_t kept_for; /* enum smmu3_kept_for */
};

struct kept_record {
	struct kept_key key;
	struct kept_when when;
	uint32_t made_of, count, room; /* versions, in the pool from made_of on */
	uint32_t next;                 /* of a chain, or of those that are free */
	uint32_t holds;                /* how many trails know its number */
	bool free;
	bool passed_by; /* since it was kept an invalidation meant it but for a hint */
	bool going;     /* and a command that removes it has been consumed */
	bool live;      /* it may be there still, and is in a list of such: */
	uint32_t before, after;
};

/* What is looked for together. */
enum kept_class {
	KEPT_TRANSLATIONS, /* and tables */
	KEPT_STRUCTURES,
	KEPT_REGIONS,
	KEPT_ATCS,
	KEPT_CLASSES,
};

/* By what live records are found, besides. */
enum kept_way {
	BY_PLACE,  /* translations, tables, L1STDs, ATCs: where they begin */
	BY_TARGET, /* ATCs: where they lead */
	BY_STREAM, /* STEs, CDs, ATCs */
	KEPT_WAYS,
};

/* Of whom addresses are: translations and tables by enum tlb_kind, and others. */
enum kept_space { SPACE_OF_ATCS = TLB_STAGE2_NS + 1, SPACE_OF_L1STDS, KEPT_SPACES };

/* Where something is: at an address, of a size, in the space of a stream, if it is of one. */
struct kept_place {
	uint64_t addr, stream;
	uint8_t space, size_lg2;
};

/* What is live of one enum kept_space, by size_lg2: how much, and the largest block or group that
 * any of it was ever cut from. */
struct kept_sizes {
	uint32_t live[64];
	uint8_t origin_lg2[64];
};

struct ledger {
	struct version *version;
	struct kept_record *record;
	uint32_t *pool;
	uint32_t versions, version_room, records, record_room, pooled, pool_room;
	uint32_t free_version; /* the first that is free, of `versions` that there have been */
	uint32_t free_record;  /* likewise */
	/* By hash, the first of a chain; numbers from 1 */
	uint32_t *version_chain, *record_chain;
	uint32_t version_chains, record_chains; /* powers of two */
	struct chains way[KEPT_WAYS];
	/* Of the lists of what is live, which begin with the oldest */
	uint32_t first[KEPT_CLASSES], last[KEPT_CLASSES], live[KEPT_CLASSES];
	struct kept_sizes sizes[KEPT_SPACES];
	uint32_t visits;
	/* Versions that something is made of which is about to be kept */
	uint32_t *collection;
	uint32_t collected, collection_room;
	uint64_t lost; /* how often there was no memory for something */
	uint32_t era;  /* how often all was forgotten: numbers are of one era */
};

void ledger_free(struct ledger *ledger);

/* Room in an array for so many, of `bytes` each.  false: there is none. */
bool ledger_room(void **array, uint32_t *room, uint32_t wanted, size_t bytes);

/* A chain for each thing, about; who has them puts all there are into new ones.  false: there are
 * enough, or there is no memory. */
bool ledger_chains(uint32_t **chain, uint32_t *chains, uint32_t things);

/* Of bytes. */
uint64_t ledger_hash(const void *bytes, size_t count);
uint32_t ledger_hash32(const void *bytes, size_t count);

/* A stream of a Security state as one number. */
ALWAYS_INLINE uint64_t ledger_stream(uint8_t sec_sid, uint32_t sid)
{
	return (uint64_t)sec_sid << 32 | sid;
}

/* Would this invalidation remove it?  Pure. */
bool kept_key_is_meant(const struct kept_key *key, const struct smmu3_invalidation *scope,
		       tag_meant_fn *meant);

struct kept_key kept_key_of(const struct watched *watched);

/* The number of a structure as it is read now, held once for the caller; 0: there is no memory. */
uint32_t ledger_read(struct ledger *ledger, const struct smmu3_step *step, const uint64_t *word);

/* A version is known to somebody more, and to somebody less: what nobody knows is free for another.
 * What is live holds what it was made of; what is not was made of nothing any more. */
void ledger_hold(struct ledger *ledger, uint32_t version);
void ledger_release(struct ledger *ledger, uint32_t version);

/* What a record was made of is let go. */
void ledger_release_made_of(struct ledger *ledger, struct kept_record *record);

/* A word of it as the number that it is. */
uint64_t version_number(const struct version *version, const uint64_t *word, unsigned index);

/* Hardware has updated a descriptor: what was made of it is not out of date by that.  3.13 */
void ledger_update(struct ledger *ledger, const struct smmu3_step *step);

/* Has hardware updated something that this was made of?  It may know nothing of that. */
bool ledger_was_updated(const struct ledger *ledger, const struct kept_key *key);

/* The record of a name; 0: none, for nobody saw it being kept, or it has gone. */
uint32_t ledger_find(const struct ledger *ledger, const struct kept_key *key);

/* One of what is collected, once. */
void ledger_collect(struct ledger *ledger, uint32_t version);

/* Something is kept, made of what has been collected. */
void ledger_keep(struct ledger *ledger, const struct kept_key *key, const struct kept_when *when);

const struct version *ledger_version(const struct ledger *ledger, uint32_t number);
const struct kept_record *ledger_record(const struct ledger *ledger, uint32_t number);

/* What a record was made of, the index-th. */
const struct version *ledger_made_of(const struct ledger *ledger, uint32_t record, uint32_t index);

/* An invalidation means what may be there and was kept no later: kept_when.kept. */
struct meaning {
	const struct smmu3_invalidation *scope;
	tag_meant_fn *meant;
	uint64_t moment;
};

/* Calls with each record that is meant; it may be removed then. */
typedef void ledger_visit_fn(struct ledger *ledger, uint32_t number, void *context);
void ledger_visit_meant(struct ledger *ledger, const struct meaning *meaning,
			ledger_visit_fn *visit, void *context);

/* A completion that leads to this address, after so many others that do, the smallest first, of one
 * size the oldest: its number; 0: there is no more. */
uint32_t ledger_find_atc(const struct ledger *ledger, unsigned others, const struct smmu3_txn *txn);

/* Is it something that an endpoint is asked to drop?  4.5.1.  Pure. */
bool atc_is_meant(const struct kept_key *key, const struct smmu3_atc_invalidation *request);

/* An endpoint has dropped what it was given no later. */
void ledger_drop_atc(struct ledger *ledger, const struct smmu3_atc_invalidation *request,
		     uint64_t moment);

/* Where a record is found besides by its name. */
struct kept_place ledger_place_of(const struct kept_key *key);
struct kept_place ledger_target_of(const struct kept_key *key);
uint32_t ledger_hash_of_place(const struct kept_place *place);
bool ledger_same_place(const struct kept_place *a, const struct kept_place *b);
uint32_t ledger_hash_of_stream(enum kept_class class, uint8_t sec_sid, uint32_t sid);

/* Puts one that was not live among what is.  false: there is no memory. */
bool ledger_enlist(struct ledger *ledger, uint32_t number);

/* Somebody knows its number for a while: it is nobody else's.  What is not live is free for another
 * name when nobody does any more. */
void ledger_hold_record(struct ledger *ledger, uint32_t number);
void ledger_release_record(struct ledger *ledger, uint32_t number);
void ledger_free_record(struct ledger *ledger, uint32_t number);

/* It is there no more. */
void ledger_forget(struct ledger *ledger, uint32_t number);

/* What is meant is there no more. */
void ledger_remove(struct ledger *ledger, const struct meaning *meaning);

/* What is meant but for TG and TTL, which are another's, is noted.  4.4.1.1 */
void ledger_pass_by(struct ledger *ledger, const struct meaning *meaning);

#endif
