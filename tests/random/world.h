/* SPDX-License-Identifier: MIT */
/*
 * A random machine: ID registers, registers, Stream table, Context descriptors and translation
 * tables in a sparse memory.  Most of what it holds is legal; the rest breaks one rule at a time.
 *
 * The generator only steers: whether an access succeeds is for the walkers to find out.  What it
 * believes of a structure need not be right, so long as all there is comes up often enough.
 */
#ifndef SMMU_TESTS_RANDOM_WORLD_H
#define SMMU_TESTS_RANDOM_WORLD_H

#include "memory.h"
#include "rng.h"
#include "setup.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

enum { STALL_AND_TERMINATE, TERMINATE_ONLY, STALL_FORCED }; /* IDR0.STALL_MODEL */

/* What the ID registers say, for the generator's own use. */
struct traits {
	unsigned minor;
	bool s1p, s2p, sel2, asid16, vmid16, cd2l, term_model, two_level, ats, ns1ats, pasidtt;
	bool had, xnx, fwb, stt, e0pd, ds, granule[3]; /* 4K, 16K, 64K */
	bool lpae, aa64, d128;                         /* formats of tables */
	bool s1pi, epan, s2pi, s2po, the, mpam;
	unsigned httu;   /* IDR0.HTTU */
	unsigned endian; /* IDR0.TTENDIAN: 0 both, 2 little, 3 big */
	unsigned sid_bits, ssid_bits, oas_bits, va_bits;
};

/* The one thing that is wrong on the way of an access. */
enum flaw {
	FLAW_NONE,
	FLAW_INVALID,    /* bit 0 of a descriptor is 0 */
	FLAW_TYPE,       /* a block where none can be */
	FLAW_SIZE,       /* an address beyond the output size */
	FLAW_HOLE,       /* a descriptor in a page that does not exist */
	FLAW_AF,         /* Access flag 0 */
	FLAW_PERMISSION, /* permissions that do not allow the access */
	FLAW_RANGE,      /* an input address outside the region */
	FLAWS,
};

/* An access after overrides, as far as permissions care. */
struct need {
	bool write, instruction, privileged, atomic;
	bool cd, table; /* it is what stage 2 is asked for such */
};

/* How a path through a tree is to be made where it is not there yet. */
struct plan {
	enum flaw flaw;
	int flaw_level; /* of the flaws that a level has */
	int leaf_level;
	bool contiguous;
	bool fresh;               /* the leaf leads to where nothing has been yet */
	struct need need;         /* the leaf allows it, unless that is the flaw */
	const struct plan *under; /* stage 2's for the descriptor of under_level, or NULL */
	int under_level;
};

enum { TREE_INPUTS = 8 };

/* A descriptor; high: of VMSAv9-128 bits 127:64. */
struct ttd {
	uint64_t low, high;
};

/* Tables of one stage, of VMSAv8-64, VMSAv9-128 or VMSAv8-32. */
struct tree {
	bool there;
	uint8_t stage, granule_lg2, input_bits, output_bits;
	int8_t start;
	bool upper, tbi, wxn, pan, ptw;
	bool lpae, uwxn;
	bool d128, disch;     /* VMSAv9-128; in its first table no leaf is contiguous */
	bool accessed, dirty; /* hardware sets Access flags; and makes pages dirty */
	bool marked;          /* and sets those of tables */
	bool big;             /* endian */
	bool ds;              /* addresses of 52 bits with 4K or 16K */
	bool global;          /* its leaves may be: whoever has its tags has its tables */
	bool one_privilege;
	bool e0pd;
	bool indirect, overlaid; /* permissions by codes: S2PII and S2POI; PIIP and PIIU */
	uint64_t base, overlay;
	bool assured_only, tl[2]; /* of stage 2: leaves may be AssuredOnly; STE.TL0, TL1 */
	bool protects;            /* of stage 1: descriptors may be Protected */
	bool epan;
	bool mirrored;   /* it is in memory where descriptors are read otherwise: memory_seen */
	uint8_t sec_sid; /* whose stream it is of: enum smmu3_pas */
	uint8_t space;   /* enum smmu3_pas: where its first table is, of stage 1 */
	uint64_t root;
	/* The trees of stage 2, by the space that an address is in, that its tables are addressed
	 * through; NULL: there is none */
	struct tree *under;
	uint64_t input[TREE_INPUTS]; /* some that were asked for */
	unsigned inputs;
};

enum { STREAM_CONTEXTS = 4, WORLD_STREAMS = 8, IPA_SPACES = 3 };

struct context {
	uint32_t index;
	uint64_t pa; /* of the CD */
	bool dead;   /* nothing comes through it */
	struct tree half[2];
};

struct stream {
	uint8_t sec_sid; /* enum smmu3_pas */
	uint32_t sid;
	unsigned config;
	bool dead; /* nothing comes through it */
	unsigned privcfg, instcfg, nscfg, eats;
	/* Stage 1 */
	unsigned cdmax, leaf_lg2, s1dss;
	bool s1stalld, s1pie;
	unsigned strw;  /* where it counts, else 0 */
	bool one_range; /* of an EL2 without E2H, or of EL3 */
	bool shares;    /* all contexts have the same tables */
	uint64_t context_ptr;
	uint64_t vms; /* where its VMS is; 0: it has none so far */
	struct context context[STREAM_CONTEXTS];
	unsigned contexts;
	struct tree
		s2[IPA_SPACES]; /* by the space of the IPA: of a Non-secure or Realm stream one */
};

/* What a Security state has of its own, and its Stream table. */
struct state {
	bool there;
	bool s2p, hyp, el3;   /* stage 2; EL2; StreamWorld EL3 */
	unsigned stall_model; /* as its STEs and CDs must be */
	unsigned table_log2size, table_split;
	bool table_two_level;
};

/* An address, and the space that it is in. */
struct spot {
	uint64_t at;
	unsigned space; /* enum smmu3_pas */
};

struct world {
	struct rng rng;
	/* Translations are kept in caches of so many places, so no two tables may have the same
	 * tags. 0: they are not */
	uint32_t kept;
	unsigned tags; /* given out */
	struct traits traits;
	struct setup setup;
	struct state state[STATES];
	unsigned making; /* the state whose structures are being made */
	struct stream stream[WORLD_STREAMS];
	unsigned streams;
	struct memory memory;
};

/* Makes the machine that a seed names; kept: see struct world; ports: its memory may have windows.
 */
void world_make(struct world *world, uint64_t seed, uint32_t kept, bool ports);

/* An ASID or VMID of so many bits: random, or where translations are kept another each time. */
uint64_t make_tag(struct world *world, unsigned bits);

/* GBPA without Update, and S2PII, as registers have them. */
uint32_t choose_gbpa(struct rng *rng, bool secure);
uint64_t choose_s2pii(struct world *world);

/* Makes the next access, and what it needs in memory. */
void world_access(struct world *world, struct smmu3_txn *txn);

/* ---- features.c ---- */

void make_features(struct world *world);

/* The codes of a size in IDR5.OAS, CD.IPS and STE.S2PS. */
unsigned size_of_code(unsigned code);
unsigned effective_size(const struct traits *traits, unsigned code);

enum { GRANULES = 3, LAST_LEVEL = 3 };

/* ---- descriptor.c ---- */

/* log2 of the bytes of a descriptor, and of what one of a level translates. */
unsigned ttd_lg2(const struct tree *tree);
unsigned tree_lsb(const struct tree *tree, int level);
/* The highest level where a tree may have a block. */
int block_level(const struct traits *traits, const struct tree *tree);
/* Bits of an address that descriptors of a tree can say. */
unsigned sayable_bits(const struct tree *tree);
/* A descriptor as memory has it. */
bool ttd_written(const struct world *world, const struct tree *tree, uint64_t pa, struct ttd *ttd);
void ttd_write(struct world *world, const struct tree *tree, uint64_t pa, struct ttd ttd);
/* An address in its place in the low half, and the other way round. */
uint64_t address_field(const struct tree *tree, uint64_t address);
uint64_t address_of(const struct tree *tree, struct ttd ttd, unsigned lg2);
/* log2 of the bytes of the table that a table descriptor points at. */
unsigned next_table_lg2(const struct tree *tree, unsigned skipped);
/* SKL, which only VMSAv9-128 has, and the most of it. */
unsigned ttd_skips(const struct tree *tree, struct ttd ttd);
void ttd_skip(struct ttd *ttd, unsigned levels);
unsigned most_skipped(const struct tree *tree);
/* Of a valid one. */
bool ttd_is_table(const struct tree *tree, struct ttd ttd, int level);
bool ttd_is_leaf(const struct traits *traits, const struct tree *tree, struct ttd ttd, int level);
bool ttd_ns(const struct tree *tree, struct ttd ttd);
bool ttd_nstable(const struct tree *tree, struct ttd ttd);
void ttd_make_contiguous(const struct tree *tree, struct ttd *ttd);
/* Entries that a contiguous group of this level has, log2; 0: there is no such group.  D8.7.1 */
unsigned group_of_lg2(bool d128, unsigned granule_lg2, int level);

/* ---- tables.c ---- */

/* One of the levels of a tree. */
int random_level(struct rng *rng, const struct tree *tree);

/* A random address that a tree may put out, in a space, a multiple of 2^lg2; fresh: nowhere near
 * one that stage 2 knows. */
uint64_t random_output(struct world *world, const struct tree *tree, unsigned space, unsigned lg2,
		       bool fresh);

/* A path that is planned without a flaw, or with one somewhere between the start level and the
 * last. */
struct plan easy_plan(struct world *world, const struct tree *tree, const struct need *need);
struct plan flawed_plan(struct world *world, const struct tree *tree, const struct need *need);

/* Follows an input address, makes what is missing as planned; true if there is a leaf.  Of stage 2
 * the space of the output is not said. */
bool install(struct world *world, struct tree *tree, uint64_t input, const struct plan *plan,
	     struct spot *output);

/* Where a structure at an address before stage 2 is in memory.  under: as in a tree. */
bool reach(struct world *world, struct tree *under, struct spot spot, const struct plan *plan,
	   uint64_t *pa);

/* The space that a stream's own structures are in. */
struct spot own_spot(const struct stream *stream, uint64_t at);

/* Where stage 1 is after a descriptor whose NSTable or NS is this; that of a Realm stream does not
 * leave Realm memory until its output.  DDI 0487 D8.4.6 */
unsigned space_after(unsigned space, bool ns);

/* An input address, near one that is mapped or (fresh) anywhere, extended as the tree's half
 * demands. */
uint64_t random_input(struct world *world, struct tree *tree, bool fresh);

/* ---- leaf.c ---- */

/* The bits of a Block or Page descriptor other than address and type, or of a Table descriptor. */
struct ttd leaf_bits(struct world *world, const struct tree *tree, const struct plan *plan);
struct ttd table_bits(struct world *world, const struct tree *tree);

/* ---- streams.c, contexts.c ---- */

void make_streams(struct world *world);

/* A Stream table is where nothing is so far, and the one before is invalid; it has twice as many
 * entries, or half, where it begins.  false: it is as it was. */
bool move_stream_table(struct world *world, unsigned state);
bool resize_stream_table(struct world *world, unsigned state);

/* The trees of stage 2, into the fields of an STE, and a CD's halves. */
bool choose_s2(struct world *world, struct stream *stream, uint64_t *ste);
void choose_s1(struct world *world, struct stream *stream, struct context *context, uint64_t *cd);

/* The context of an index of the stream's table, made if it is not there; NULL: there is no room,
 * or it cannot be reached. */
struct context *context_at(struct world *world, struct stream *stream, uint32_t index);

/* ---- labels.c ---- */

/* MPAM in ID registers, after all else in them; GMPAM or GBPMPAM of a Security state. */
void choose_mpam(struct world *world);
uint32_t choose_label_register(struct world *world, unsigned state);

/* The fields of an STE with the VMS that it needs, of a CD, and of a VMS. */
void choose_ste_labels(struct world *world, struct stream *stream, uint64_t *ste);
void choose_cd_labels(struct world *world, const struct stream *stream, uint64_t *cd);
void choose_vms(struct world *world, unsigned state, bool mpam_ns, uint64_t word[8]);

/* ---- breaks.c ---- */

/* Breaks one rule of an STE or a CD, if it has one that can be broken here. */
bool break_ste(struct world *world, uint64_t *ste);
bool break_cd(struct world *world, uint64_t *cd);

/* ENDI or S2ENDI, as TTENDIAN allows it. */
bool legal_endi(struct world *world);

/* S of a CD, or S2S, as STALL_MODEL allows it. */
bool legal_s(struct world *world);

/* Exchanges the fields of the two trees of a Secure STE.  5.2 S_S2TTB */
void swap_trees(uint64_t *ste);

/* Turns up to three bits over. */
void flip_bits(struct world *world, uint64_t *word, unsigned words);

/* The same in a structure of eight words; where translations are kept, but in the field of its tag.
 */
void flip_but(struct world *world, uint64_t *word, unsigned msb, unsigned lsb);

#endif
