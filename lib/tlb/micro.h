/* SPDX-License-Identifier: MIT */
/*
 * What stands before everything else: for each of a few streams a micro-TLB, a direct-mapped table
 * of pages of 4KB, and places for the last tables on the way to pages.
 *
 * A line says which transactions a stream's are: one probe, without a second place to look, for
 * the multiplier of the hash is chosen so that lines do not meet.  Of very many streams a few have
 * no slot, and are found by a slower way.  One comparison decides
 * about an entry: its tag is the page's number with the name that its stream has now in the bits
 * above, and who gives a stream a new name forgets all its entries.
 *
 * One thread writes at a time.  Others may read lines and entries meanwhile, and find out by other
 * means whether what they read was of one time: docs/concurrency.md.
 */
#ifndef SMMU_TLB_MICRO_H
#define SMMU_TLB_MICRO_H

#include "base/bits.h"
#include "tlb/shortcut.h"
#include "tlb/tag.h"

#include <smmu/port.h>
#include <string.h>

/* Names are from 0; one is no stream's. */
enum {
	MICRO_PAGE_LG2 = 12,
	MICRO_NAME_BIT = 52,
	MICRO_NAMES = (1 << 12) - 1,
	MICRO_NO_NAME = MICRO_NAMES
};

struct micro_entry {
	uint64_t tag, data; /* enum smmu3_hit_bits */
};

/* Bits beside a VMID and an ASID, of contexts: there is one; and whose ASID is not all that counts:
 * it may have entries of every ASID, or its StreamWorld has no ASIDs, or no VMIDs. */
#define MICRO_TAKEN (UINT64_C(1) << 63)
#define MICRO_LOOSE (UINT64_C(1) << 62)

/* Transactions alike in all but address and access: what their members from sid on say.  The
 * flags that make no difference to a translation that succeeds are left out. */
struct micro_key {
	uint64_t stream; /* sid, ssid */
	uint64_t kind;   /* flags, sec_sid, txn_class, attr, ats, reserved, from bit 0 on */
};

struct micro_line {
	uint64_t stream, kind;
	uint64_t name; /* in its place in tags */
	struct micro_entry *entry;
	uint64_t last;   /* number of entries less 1 */
	uint64_t common; /* what all its answers have in common: the owner's */
	/* By what kind of access it is: what it needs, enum smmu3_perm, and who it is, enum
	 * micro_who */
	struct micro_access {
		uint8_t needs, who;
	} access[8];
};

_Static_assert(sizeof(struct micro_line) == 64, "a line is a cache line");

enum micro_who { MICRO_INSTRUCTION = 1, MICRO_PRIVILEGED = 2 };

/* A stream, and what is known of its translations. */
struct micro_context {
	struct micro_line *line; /* in a slot, or its own; NULL: it is free */
	struct micro_line own;
	uint32_t number;            /* from 0 */
	struct micro_context *next; /* of the same bucket */
	uint16_t name;
	uint64_t *whose; /* as micro.whose */
	uint64_t sizes;  /* 1 << log2 of those of the translations that entries are of */
	/* Whose they are; kind TLB_FREE: nothing translates */
	struct tlb_tag tag;
	uint32_t sid, index; /* index of the CD */
	uint8_t sec_sid;
	struct micro_entry *entry;
	struct shortcuts stage1, stage2;
};

enum { MICRO_WAITING = 64 };

struct micro {
	uint64_t multiplier;
	uint64_t mask;           /* of the byte offset of a slot */
	struct micro_line *slot; /* a power of two */
	uint32_t streams, entries;
	uint32_t turn;                 /* whose context goes next */
	uint32_t taken;                /* contexts */
	uint16_t *owner;               /* by slot: number of the context, if it has a line */
	struct micro_context **bucket; /* as many as streams */
	uint64_t *whose; /* by context: MICRO_TAKEN and MICRO_LOOSE, VMID and ASID; 0: it is free */
	struct micro_context *context;
	void *memory;
	/* Of streams for which there was no context, by chance: one that comes back gets one */
	uint64_t waiting[MICRO_WAITING];
	/* Where there are no streams: the one line, and its entry */
	struct micro_entry nothing;
	struct micro_line none;
};

/* Of transactions without a line. */
enum {
	MICRO_LEFT_OUT = SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED |
			 SMMU3_TXN_NO_STALL | SMMU3_TXN_PROBE
};

/* No transaction has a key with this kind: its reserved byte is 0. */
#define MICRO_NO_KIND UINT64_MAX

/* What a caller has just written in one piece is read in that piece: a read of more waits until the
 * pieces have left the processor's store buffer.  Reading it as if others might write it keeps the
 * compiler from joining reads. */
#define MICRO_PIECE(member) __atomic_load_n(&(member), __ATOMIC_RELAXED)

ALWAYS_INLINE struct micro_key micro_key_of(const struct smmu3_txn *txn)
{
	const unsigned of_state = txn->sec_sid | (unsigned)txn->txn_class << 8;
	const uint64_t rest = txn->attr.mair | (uint32_t)txn->attr.sh << 8 |
			      (uint32_t)txn->ats << 16 | (uint32_t)txn->reserved << 24;

	return (struct micro_key){
		MICRO_PIECE(txn->sid) | (uint64_t)MICRO_PIECE(txn->ssid) << 32,
		(MICRO_PIECE(txn->flags) & ~(unsigned)MICRO_LEFT_OUT) | of_state << 16 | rest << 32,
	};
}

/* Of an access of class ordinary whose attributes nobody gives. */
ALWAYS_INLINE struct micro_key micro_key_by_ids(uint64_t stream, uint32_t how)
{
	return (struct micro_key){ stream, how & ~(uint32_t)MICRO_LEFT_OUT };
}

/* The kind of access that flags tell of. */
ALWAYS_INLINE const struct micro_access *micro_access(const struct micro_line *line, uint64_t flags)
{
	enum { ACCESS = SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED };

	return (const struct micro_access *)(const void *)((const char *)line->access +
							   (flags & ACCESS));
}

_Static_assert(SMMU3_TXN_WRITE == 2 && SMMU3_TXN_INSTRUCTION == 4 && SMMU3_TXN_PRIVILEGED == 8 &&
		       sizeof(struct micro_access) == 2,
	       "three bits of flags are an offset in bytes");

/* Who does not write reads what is shared with acquire order, and what is its own as it is. */
#define MICRO_READ(shared, object) \
	((shared) ? __atomic_load_n(&(object), __ATOMIC_ACQUIRE) : (object))

ALWAYS_INLINE struct micro_line *micro_slot(const struct micro *micro, struct micro_key key,
					    bool shared)
{
	const uint64_t mixed = (key.stream + 8 * key.kind) * MICRO_READ(shared, micro->multiplier);

	return (struct micro_line *)(void *)((char *)micro->slot + (mixed >> 32 & micro->mask));
}

ALWAYS_INLINE bool micro_line_is(const struct micro_line *line, struct micro_key key, bool shared)
{
	return likely(MICRO_READ(shared, line->stream) == key.stream &&
		      MICRO_READ(shared, line->kind) == key.kind);
}

/* The data of the entry that lets the access through; 0: there is none. */
ALWAYS_INLINE uint64_t micro_data(const struct micro_line *line, uint64_t addr, uint64_t flags,
				  bool shared)
{
	const uint64_t page = addr >> MICRO_PAGE_LG2;
	const struct micro_entry *entry = &MICRO_READ(
		shared, line->entry)[page & MICRO_READ(shared, line->last)];

	if (unlikely(MICRO_READ(shared, entry->tag) != (page | MICRO_READ(shared, line->name))))
		return 0;
	const uint64_t data = MICRO_READ(shared, entry->data);

	return likely(!(data & MICRO_READ(shared, micro_access(line, flags)->needs))) ? data : 0;
}

ALWAYS_INLINE uint64_t micro_pa(uint64_t data, uint64_t addr)
{
	return (data >> (SMMU3_HIT_PAGE - MICRO_PAGE_LG2) & ~low_bits(MICRO_PAGE_LG2)) |
	       (addr & low_bits(MICRO_PAGE_LG2));
}

/* An entry's data: where its page goes, and how. */
ALWAYS_INLINE uint64_t micro_address(uint64_t pa)
{
	return pa >> MICRO_PAGE_LG2 << SMMU3_HIT_PAGE;
}

ALWAYS_INLINE uint64_t micro_word(uint64_t pa, struct smmu3_attr attr, unsigned pas, unsigned perm,
				  unsigned size_lg2)
{
	return micro_address(pa) | (uint64_t)attr.mair << SMMU3_HIT_MAIR |
	       (uint64_t)attr.sh << SMMU3_HIT_SH | (uint64_t)pas << SMMU3_HIT_PAS |
	       (uint64_t)size_lg2 << SMMU3_HIT_SIZE | (~perm & low_bits(SMMU3_HIT_SIZE));
}

/* Can there be so many entries, for so many streams? */
static inline bool micro_sizes_legal(uint32_t entries, uint32_t streams)
{
	return !entries == !streams && entries <= SMMU3_MICRO_MOST && streams <= SMMU3_MICRO_MOST &&
	       !(entries & (entries - 1)) && !(streams & (streams - 1));
}

/* Entries for each of so many streams, both powers of two; 0 of both: nothing is kept.  false: out
 * of memory. */
bool micro_init(struct micro *micro, uint32_t entries, uint32_t streams);
void micro_free(struct micro *micro);

/* Whose line is in a slot that is somebody's. */
ALWAYS_INLINE struct micro_context *micro_owner_of(const struct micro *micro,
						   const struct micro_line *slot)
{
	return &micro->context[micro->owner[slot - micro->slot]];
}

/* The stream with this key, if its slot is another's, or NULL. */
COLD struct micro_context *micro_context_without_slot(const struct micro *micro,
						      struct micro_key key);

/* The stream with this key, or NULL. */
ALWAYS_INLINE struct micro_context *micro_context_of(const struct micro *micro,
						     struct micro_key key)
{
	const struct micro_line *line = micro_slot(micro, key, false);

	return micro_line_is(line, key, false) ? micro_owner_of(micro, line) :
						 micro_context_without_slot(micro, key);
}

/* What a stream's line says of all its transactions. */
struct micro_manner {
	struct micro_access access[8];
	uint64_t common;
	struct tlb_tag tag;
	uint32_t sid, index;
	uint8_t sec_sid;
};

/* Is there room for this stream?  Where it must take another's, the second time that it is asked:
 * many streams that come once each would only keep those out that come often. */
bool micro_has_room(struct micro *micro, struct micro_key key);

/* A place for a stream that has none, in that of another if it must. */
struct micro_context *micro_take(struct micro *micro, struct micro_key key,
				 const struct micro_manner *manner);

/* Others may be reading it. */
#define MICRO_WRITE(object, value) __atomic_store_n(&(object), (value), __ATOMIC_RELEASE)

/* What a page is translated to, in a translation of so many bytes, global if every ASID has it. */
ALWAYS_INLINE void micro_fill(struct micro_context *context, uint64_t addr, uint64_t data,
			      unsigned size_lg2, bool global)
{
	const struct micro_line *line = context->line;
	const uint64_t page = addr >> MICRO_PAGE_LG2;
	struct micro_entry *entry = &context->entry[page & line->last];

	context->sizes |= UINT64_C(1) << size_lg2;
	if (unlikely(global))
		*context->whose |= MICRO_LOOSE;
	MICRO_WRITE(entry->tag, page | line->name);
	MICRO_WRITE(entry->data, data);
}

/* Everything that is meant, and sometimes more. */
void micro_forget(struct micro *micro, const struct smmu3_invalidation *scope);
void micro_forget_all(struct micro *micro);

#endif
