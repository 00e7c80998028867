/* SPDX-License-Identifier: MIT */
/* A stage of translation in effective values: what a STE or CD says once it has been judged, and
 * what a stage answers. */
#ifndef SMMU_WALK_STAGE_H
#define SMMU_WALK_STAGE_H

#include "arch/ttd.h"
#include "base/addr.h"
#include "mem/mem.h"
#include "tlb/tlb.h"
#include "walk/descriptor128.h"
#include "walk/fault.h"
#include "walk/indirect1.h"
#include "walk/indirect2.h"
#include "walk/permission.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

struct stage2;
struct table;

/* Where a walk found a descriptor that may be to be written: its leaf, in the end. */
struct ttd_place {
	struct mem_read read;
	struct ipa ipa;      /* in the output space of its stage */
	uint64_t descriptor; /* as it is there */
	uint64_t high;       /* of VMSAv9-128 bits 127:64; else 0 */
	uint8_t stage;
	int8_t level;
	bool lost; /* it had been changed when it was to be written */
};

/* What becomes of the table descriptors that a walk passes: a mask. */
enum walk_tables {
	TABLES_ARE_KEPT = 1,
	TABLES_ARE_MARKED = 2, /* their Access flags are set */
};

/* What a walk is for: carried along so that a fault is complete where it is found. */
struct walk_context {
	const struct mem_view *view;
	const struct stage2 *stage2; /* stage 1 walks: translates the addresses of descriptors;
					stage 2 walks: is the stage itself */
	const struct regime *regime;
	uint64_t input; /* the VA or IPA */
	enum smmu3_fault_class fault_class;
	enum smmu3_pas ipa_pas;  /* stage 2: where the IPA is */
	struct smmu3_mpam mpam;  /* of descriptor fetches.  17.4 */
	uint8_t tables;          /* enum walk_tables */
	bool assured;            /* stage 1: the CD lets translations be Assured */
	struct ttd_place *place; /* NULL: nothing is written */
};

typedef struct fault walk_fn(const struct table *table, const struct walk_context *context,
			     struct leaf *leaf);

_Static_assert(WHY_COUNT <= UINT8_MAX, "table.disabled holds any enum why");

/* One tree of tables, VMSAv8-64, VMSAv9-128 or VMSAv8-32.  D8.2, G5.5 */
struct table {
	walk_fn *walk;          /* for this format, stage and granule */
	uint64_t root;          /* aligned to the initial table */
	struct smmu3_attr attr; /* of descriptor fetches.  13.8 */
	uint8_t granule_lg2;
	uint8_t input_bits;
	uint8_t output_bits; /* effective IPS or S2PS */
	int8_t start_level;
	int8_t block_level; /* highest level that may hold a block */
	uint8_t pas;        /* enum smmu3_pas: where the initial table is */
	uint8_t output_pas; /* stage 2 only, likewise: where what it maps is */
	/* Realm streams only */
	uint8_t leaf_ns; /* of leaves that choose their space, this bit does; 0: none do */
	uint16_t mecid;  /* of descriptor fetches */
	bool mec : 1;    /* AMEC means something, and nothing that there is.  18 */
	bool big_endian : 1;
	/* With 4KB and 16KB granules */
	bool ds : 1;    /* descriptors have addresses of 52 bits, and leaves no SH */
	uint8_t sh : 2; /* with it: of all leaves */
	/* Stage 1 only */
	bool tbi : 1;          /* bits 63:56 of the address do not count */
	bool no_hierarchy : 1; /* HAD */
	uint8_t disabled;      /* enum why: no walk begins here; WHY_NONE */
	uint8_t closed; /* E0PD: enum smmu3_perm of unprivileged accesses, which end; else 0 */
	/* VMSAv9-128 */
	bool d128 : 1;
	bool disch : 1; /* in the initial table no leaf is Contiguous: DisCHx */
	/* Translation hardening, stage 1.  3.27 */
	bool pnch : 1;    /* bit 52 is Protected, and no leaf is Contiguous */
	bool upper : 1;   /* TTB1's */
	bool assured : 1; /* its initial lookup is, if the CD lets it be: TL0, TL1 */
};

_Static_assert(sizeof(struct table) <= 32,
	       "a stream and a context have two each, made anew for each access");

/* What hardware keeps in the descriptors of a stage.  3.13 */
struct leaf_updates {
	bool accessed; /* the Access flag: HA */
	bool dirty;    /* and the dirty state: HD */
	bool indirect; /* permissions are indirect: of every leaf, whatever its DBM */
	bool tables;   /* and the Access flag of tables: HAFT */
	/* Asked for, and else not: the Access flag where the stage refuses the access; the dirty
	 * state of stage 2 by an atomic that it refuses for its read alone.  D8.5.1, D8.5.2 */
	bool of_refused, by_unread;
};

struct stage2 {
	struct regime regime; /* the VMID counts also where stage 2 is off.  3.17 */
	bool on;
	bool affd; /* effective: without hardware updates */
	bool fwb, ptw, xnx;
	bool unusual; /* leaves say what they are otherwise: by these three */
	bool mteperm; /* there are MemAttr encodings with NoTagAccess */
	uint8_t reserved_sh, reserved_memattr; /* what reserved values mean; 0: as ever */
	struct leaf_updates updates;
	bool lpae;           /* VMSAv8-32 */
	bool indirect;       /* codes grant, in place of the descriptor.  3.26.2 */
	bool hardened;       /* translation hardening says something.  3.27 */
	bool assured_only;   /* leaves may be AssuredOnly */
	uint16_t top_levels; /* S2_TOP_LEVEL_0, S2_TOP_LEVEL_1: whose top level is checked */
	bool ptwnnc;         /* what ptw does not refuse is read as Normal Non-cacheable memory */
	uint8_t oas_bits;    /* off: what an IPA is truncated to.  3.4 */
	struct smmu3_mpam mpam; /* of descriptor fetches: STE.PARTID, PMG.  17.4 */
	struct table table;
	struct table secure; /* of Secure IPAs, which only Secure streams have.  3.10.2.2 */
	struct s2_codes codes;
};

struct stage1 {
	struct regime regime;
	bool affd; /* effective: without hardware updates */
	struct leaf_updates updates;
	struct perm_s1_config perm;
	struct smmu3_mpam mpam; /* of descriptor fetches: as of the client's accesses.  17.4 */
	bool indirect;          /* codes grant, in place of descriptors.  3.26.1 */
	bool unusual;           /* leaves say what they are otherwise: by these two */
	bool aie;               /* AttrIndx has four bits.  5.4 MAIR0 */
	uint8_t reserved_sh;    /* what SH 0b01 means; 0: as ever */
	bool assured; /* the CD and what points at it were read from AssuredOnly memory.  3.27.2 */
	struct s1_codes codes;
	uint64_t mair;
	struct table half[2]; /* TTB0, TTB1 */
	/* VMSAv8-32: sizes of the two regions, walked or not; 0: VMSAv8-64 */
	uint8_t lower_bits, upper_bits;
};

enum { VA_HALF_BIT = 55 }; /* selects TTB0 or TTB1.  3.4.1 */

enum {
	LPAE_VA_BITS = 32,
	LPAE_OUTPUT_BITS = 40,
	LPAE_GRANULE_LG2 = 12,
};

/* VMSAv8-32: TTB1 has what the region of TTB0 leaves; where that is all there is, the top of it.
 * G5.5.5 */
ALWAYS_INLINE bool lpae_is_upper(const struct stage1 *stage1, uint64_t va)
{
	const unsigned lower = stage1->lower_bits, upper = stage1->upper_bits;

	if (lower < LPAE_VA_BITS)
		return bits(va, LPAE_VA_BITS - 1, lower) != 0;
	return upper < LPAE_VA_BITS &&
	       bits(va, LPAE_VA_BITS - 1, upper) == low_bits(LPAE_VA_BITS - upper);
}

/* Bits 63:32 are zero; bits 31 to the size all zero for TTB0, and all ones for TTB1. */
ALWAYS_INLINE bool lpae_in_range(const struct stage1 *stage1, uint64_t va)
{
	const unsigned upper = stage1->upper_bits;

	if (va >> LPAE_VA_BITS)
		return false;
	return !lpae_is_upper(stage1, va) || va >> upper == low_bits(LPAE_VA_BITS) >> upper;
}

/* Are all addresses of a leaf this half's? */
ALWAYS_INLINE bool lpae_within(const struct stage1 *stage1, bool upper, uint64_t va,
			       unsigned size_lg2)
{
	const uint64_t first = align_down(va, size_lg2), last = first | low_bits(size_lg2);

	return lpae_is_upper(stage1, first) == upper && lpae_is_upper(stage1, last) == upper;
}

ALWAYS_INLINE bool stage1_is_upper(const struct stage1 *stage1, uint64_t va)
{
	return likely(!stage1->lower_bits) ? bit(va, VA_HALF_BIT) : lpae_is_upper(stage1, va);
}

/* Bits AddrTop to input_bits must all equal bit 55, which chose the table; a region as large as
 * AddrTop admits all. 3.4.1, D8.1.9 */
ALWAYS_INLINE bool stage1_in_range(const struct stage1 *stage1, const struct table *table,
				   uint64_t va)
{
	const unsigned top = table->tbi ? VA_HALF_BIT : 63;

	if (unlikely(stage1->lower_bits))
		return lpae_in_range(stage1, va);
	const uint64_t above = bits(va, top, table->input_bits);

	return above == (bit(va, VA_HALF_BIT) ? low_bits(top - table->input_bits + 1) : 0);
}

/* The access that asks, after overrides.  13.1.2 */
struct access {
	uint8_t needs;   /* enum smmu3_perm: perm_needed */
	uint8_t wants;   /* likewise, where it needs nothing: one of these, or it has no use */
	uint8_t dirties; /* likewise: who may do that is taken to write */
	bool write, instruction, privileged, atomic;
};

/* An atomic writes, and what writes is no instruction. */
ALWAYS_INLINE struct access access_as(bool write, bool instruction, bool privileged, bool atomic)
{
	const unsigned needs = perm_needed(write, instruction, privileged, atomic);

	return (struct access){
		.needs = (uint8_t)needs,
		.dirties = (uint8_t)(needs & PERM_WRITE),
		.write = write || atomic,
		.instruction = instruction && !write && !atomic,
		.privileged = privileged,
		.atomic = atomic,
	};
}

/* size_lg2 of a result where no stage translated. */
enum { NOT_TRANSLATED = 64 };

/* Secure streams have a tree for each IPA space.  3.10.2.2 */
ALWAYS_INLINE const struct table *stage2_table(const struct stage2 *stage2, enum smmu3_pas ipa_pas)
{
	return likely(ipa_pas != SMMU3_PAS_SECURE) ? &stage2->table : &stage2->secure;
}

/* Where stage 1 is once it has met a descriptor whose NSTable or NS is this: the Non-secure space
 * is left no more, and only the Secure one by this bit.  D8.4.6 */
ALWAYS_INLINE enum smmu3_pas pas_after(enum smmu3_pas pas, bool ns)
{
	return pas == SMMU3_PAS_SECURE && ns ? SMMU3_PAS_NS : pas;
}

/* Of a view that is listened to: counted, and told of. */
COLD bool tlb_find_told(const struct mem_view *view, const struct tlb_key *key, enum tlb_counted as,
			struct leaves *leaves);

/* Of what a view keeps. */
ALWAYS_INLINE bool tlb_find_for(const struct mem_view *view, const struct tlb_key *key,
				enum tlb_counted as, struct leaves *leaves)
{
	return likely(!view->step) ? tlb_find(view->tlb, key, leaves) :
				     tlb_find_told(view, key, as, leaves);
}

/* What a view has found, if it keeps anything. */
void tlb_keep_for(const struct mem_view *view, const struct tlb_key *key,
		  const struct leaves *leaves);

/* Where a leaf that this bit has puts what it maps: Realm, or Non-secure.  D8.4.6 */
ALWAYS_INLINE enum smmu3_pas realm_leaf_pas(unsigned leaf_ns, uint64_t descriptor)
{
	return bit(descriptor, leaf_ns) ? SMMU3_PAS_NS : SMMU3_PAS_REALM;
}

/* log2 of the bytes that one descriptor of a level maps. */
ALWAYS_INLINE unsigned table_level_lg2(const struct table *table, int level)
{
	return level_of_lg2(table->granule_lg2, table->d128 ? DESCRIPTOR128_LG2 : DESCRIPTOR_LG2,
			    level);
}

/* A leaf in Realm memory that wants an alternate memory encryption context.  18 */
ALWAYS_INLINE bool wants_amec(const struct table *table, uint64_t leaf)
{
	return table->mec && table->leaf_ns && ttd_get(leaf, TTD_AMEC) &&
	       !bit(leaf, table->leaf_ns);
}

/* Has stage 2 led out of the Realm memory that a Realm stream has?  No instruction is fetched
 * there, no table and no CD.  7.3.16 */
ALWAYS_INLINE bool leaves_realm(const struct stage2 *stage2, const struct leaf *leaf)
{
	return unlikely(stage2->regime.world == R_EL1) && leaf->pas == SMMU3_PAS_NS;
}

/* What only Assured translations reach.  3.27.2 */
ALWAYS_INLINE bool is_assured_only(const struct stage2 *stage2, const struct leaf *leaf)
{
	return stage2->assured_only && ttd_get(leaf->descriptor, TTD_ASSUREDONLY);
}

/* Is a descriptor of stage 1 Protected, at this level or as a table?  3.27.1 */
ALWAYS_INLINE bool is_protected(const struct table *table, const struct ttd128 *ttd)
{
	return table->d128 ? ttd128_get(ttd, TTD128_PROTECTED) :
			     table->pnch && ttd_get(ttd->word[0], TTD_PROTECTED);
}

/* What a stage made of an address. */
struct s1_result {
	struct ipa ipa;
	struct smmu3_attr attr;
	uint8_t perm; /* enum smmu3_perm */
	uint8_t size_lg2;
	struct leaves leaves; /* what it came from; combined if that is known of stage 2, too */
	bool known;           /* it was kept */
};

struct s2_result {
	struct pa pa;
	struct smmu3_attr attr; /* combined with what came in */
	uint8_t perm;
	uint8_t size_lg2; /* NOT_TRANSLATED: stage 2 is off */
	bool renewed;     /* what was known of it is so no more */
	/* Of structures, with translation hardening */
	bool mostly_read;  /* clients may not write it, and the walker may: MRO */
	bool assured_only; /* it is AssuredOnly */
};

/* The walkers, by stage, granule, DS and Security state.  NULL for a granule the format does not
 * have. */
walk_fn *stage1_walker(unsigned granule_lg2, bool ds, enum smmu3_pas sec_sid);
walk_fn *stage2_walker(unsigned granule_lg2, bool ds, enum smmu3_pas sec_sid);
/* Likewise of VMSAv9-128. */
walk_fn *d128_walker(unsigned stage, unsigned granule_lg2, enum smmu3_pas sec_sid);
/* Of VMSAv8-32; stage 2 is Non-secure alone. */
walk_fn *lpae_walker(unsigned stage, enum smmu3_pas sec_sid);

/*
 * Stage 1 for one access: range, walk, Access flag, permissions, in the order of 7.3.22.  attr is
 * what the transaction carries after overrides.
 */
struct fault stage1_translate(const struct mem_view *view, const struct stage1 *stage1,
			      const struct stage2 *stage2, uint64_t va, const struct access *access,
			      struct smmu3_attr attr, struct s1_result *result);

/* Keeps what stage 1 was made of, or both stages. */
void stage1_keep(const struct mem_view *view, const struct stage1 *stage1, uint64_t va,
		 const struct leaves *leaves);

/* Stage 2 for the transaction's own IPA (CLASS_IN).  Off: passes through, truncated to OAS.  On:
 * the second of the leaves is taken if it is known, and is known afterwards. */
struct fault stage2_translate(const struct mem_view *view, const struct stage2 *stage2,
			      struct ipa ipa, const struct access *access, struct smmu3_attr attr,
			      struct leaves *leaves, struct s2_result *result);

/* What the stages make of a leaf that is known, of the first byte of it or of an IPA in it, without
 * an update; false: its Access flag keeps all accesses out. */
bool stage1_of_leaf(const struct stage1 *stage1, const struct table *table, const struct leaf *leaf,
		    struct smmu3_attr attr, struct s1_result *result);
bool stage2_of_leaf(const struct stage2 *stage2, struct ipa ipa, const struct leaf *leaf,
		    struct smmu3_attr attr, struct s2_result *result);

/* What stage 1 grants by a leaf of this half, with the updates that hardware makes: enum
 * smmu3_perm.
 */
unsigned stage1_grants(const struct stage1 *stage1, const struct table *table,
		       const struct leaf *leaf);

/* What stage 2 grants by a leaf, likewise. */
unsigned stage2_grants(const struct stage2 *stage2, const struct leaf *leaf);

/* The attributes of MAIR that it names, and its shareability.  5.4, D8.6.2 */
uint8_t stage1_mair(const struct stage1 *stage1, const struct leaf *leaf);
unsigned stage1_sh(const struct stage1 *stage1, const struct leaf *leaf);

/* The MemAttr[3:0] that it has, as if there were no tags; and likewise.  3.23.1, D8.6.5 */
unsigned stage2_memattr(const struct stage2 *stage2, const struct leaf *leaf);
unsigned stage2_sh(const struct stage2 *stage2, const struct leaf *leaf);

/* Does the Access flag of a leaf, which hardware may set, let accesses through? */
bool stage1_accessible(const struct stage1 *stage1, const struct leaf *leaf);
bool stage2_accessible(const struct stage2 *stage2, const struct leaf *leaf);

/* Stage 2 for a structure that is addressed by IPA, a stage 1 descriptor (CLASS_TT) or a CD or L1CD
 * (CLASS_CD): it needs read permission and nothing else of the access.  7.3.16, 5.2 S2PTW */
struct fault ipa_to_pa(const struct mem_view *view, const struct stage2 *stage2, struct ipa ipa,
		       enum smmu3_fault_class fault_class, struct smmu3_attr attr,
		       struct s2_result *result);

/* How a walk of stage 1 comes to a descriptor, which translation hardening asks for. */
struct ttd_lookup {
	struct ipa ipa;
	bool assured;       /* it has the Assured Translation property */
	uint16_t top_level; /* S2_TOP_LEVEL_0, S2_TOP_LEVEL_1: it is the first of TTB0, of TTB1 */
};

/* ipa_to_pa for a stage 1 descriptor where stage 2 is hardened.  3.27, D8.2.7 */
struct fault ipa_to_pa_of_lookup(const struct mem_view *view, const struct stage2 *stage2,
				 const struct ttd_lookup *lookup, struct smmu3_attr attr,
				 struct s2_result *result);

/* The lookup of a descriptor at this level of a tree. */
ALWAYS_INLINE struct ttd_lookup ttd_lookup_of(const struct table *table, struct ipa ipa, int level,
					      bool assured)
{
	const unsigned top_level = table->upper ? S2_TOP_LEVEL_1 : S2_TOP_LEVEL_0;

	return (struct ttd_lookup){ ipa, assured,
				    level == table->start_level ? (uint16_t)top_level : 0 };
}

/* The same for a stage 1 descriptor that is to be updated: it needs write permission.  3.13.5 */
struct fault ipa_to_pa_for_update(const struct mem_view *view, const struct stage2 *stage2,
				  struct ipa ipa, struct smmu3_attr attr, struct s2_result *result);

#endif
