/* SPDX-License-Identifier: MIT */
/* What the files of the obvious walker share.  A function that returns bool answers whether the
 * access goes on; where it does not, the answer has been written. */
#ifndef SMMU_TESTS_OBVIOUS_STATE_H
#define SMMU_TESTS_OBVIOUS_STATE_H

#include "bits.h"
#include "obvious.h"

/* ---- Memory attributes, 13.1.1: apart, so that each can be replaced or combined ---- */

/* In order of strength, the strongest first.  13.1.5 */
enum cacheability { NON_CACHEABLE, WRITE_THROUGH, WRITE_BACK };

struct half {
	enum cacheability type;
	bool ra, wa, tr; /* read-allocate, write-allocate, transient */
};

struct memory {
	bool device;
	unsigned kind; /* of Device, the strongest first: nGnRnE, nGnRE, nGRE, GRE */
	struct half inner, outer;
	unsigned sh; /* enum smmu3_shareability */
};

/* ---- Configuration as it acts: reserved values have become what they behave as ---- */

enum { GRANULE_NONE = 0, GRANULE_4K = 12, GRANULE_16K = 14, GRANULE_64K = 16 };

/* Tables of one tree.  VMSAv8-32 is as VMSAv8-64 without DS. */
struct format {
	unsigned granule;
	bool ds;   /* DS, of 4 KB and 16 KB */
	bool d128; /* VMSAv9-128 */
};

/* A descriptor: bits <63:0>, and of VMSAv9-128 bits <127:64>. */
struct ttd {
	uint64_t low, high;
};

/* One tree of stage 2: of a Secure stream there is one for each space that an IPA may be in. */
struct ipa_tree {
	struct format format;
	unsigned input_bits;
	int start_level;
	uint64_t ttb;
	enum smmu3_pas tables, output; /* where its tables are, and what it puts out */
};

enum { IPA_SPACES = 3 }; /* by enum smmu3_pas: Non-secure, Secure, Realm */

struct stream {
	uint64_t word[8];
	unsigned config;
	bool stage1, stage2; /* Config<0>, Config<1>; stage1 until S1DSS has it passed by */
	enum obvious_world world;
	/* Stage 2 */
	struct ipa_tree tree[IPA_SPACES];
	unsigned output_bits;
	struct memory walk;
	unsigned sh;             /* S2SH0, which all leaves have with S2DS */
	bool fwb, record, stall; /* S2FWB, S2R, S2S */
	bool lpae, big_endian;   /* S2AA64 = 0, S2ENDI */
	bool d128;               /* likewise where IDR5.D128 has it VMSAv9-128 */
	uint64_t vms[8];         /* PARTID_MAP, where there is one */
};

/* One of TTB0 and TTB1. */
struct half_space {
	bool disabled; /* EPDx */
	struct format format;
	unsigned input_bits;
	unsigned skipped; /* SKLx, of VMSAv9-128 */
	unsigned sh;      /* SHx, which all leaves have with DS */
	uint64_t ttb;
	struct memory walk;
	bool top_byte_ignore, no_hierarchy; /* TBIx, HADx */
	bool e0pd;
	bool ns; /* NSCFGx, which is of Secure streams */
};

struct context {
	uint64_t word[8];
	unsigned output_bits;
	struct half_space half[2];
	bool abort, record, stall; /* CD.A, CD.R, CD.S */
	bool lpae, big_endian;     /* AA64 = 0, ENDI */
	bool d128;                 /* likewise where IDR5.D128 has it VMSAv9-128 */
};

/* What a stage makes of an address. */
struct place {
	uint64_t address;
	struct memory memory;
	unsigned span_lg2;
	unsigned perm;        /* enum smmu3_perm */
	enum smmu3_pas space; /* the stream's own, or Non-secure */
};

struct obvious {
	const struct obvious_machine *machine;
	const struct smmu3_txn *txn;
	struct obvious_answer *answer;
	bool secure, realm;  /* the stream is */
	unsigned minor, oas; /* SMMUv3.minor; bits of a physical address */
	bool read, write;    /* an atomic access is both */
	bool instruction, privileged;
	bool updating;   /* a stage 1 descriptor is to be written */
	bool toplevel;   /* it is read by the first lookup of a walk: AccessDescriptor.toplevel */
	bool upper;      /* of TTB1: AccessDescriptor.varange */
	bool s1assured;  /* what stage 2 is asked for is: AddressDescriptor.s1assured */
	bool s2fs1mro;   /* what stage 2 said last: it is MRO */
	bool s2assured;  /* likewise: it is AssuredOnly */
	bool cd_assured; /* all that led to the CD is AssuredOnly */
	unsigned so_far; /* what stage 1 permits, of a request */
	uint64_t ipa;    /* what comes out of it */
	bool protected;  /* granule protection stopped what was read last */
	unsigned eats;   /* of an ATS transaction: STE.EATS */
	struct smmu3_mpam client; /* of what the client accesses, as far as it is known */
	struct smmu3_mpam asked;  /* of what granule protection is asked for */
	struct stream stream;
	struct context context;
};

/* ---- record.c ---- */

enum event {
	NO_EVENT = 0,
	C_BAD_STREAMID = 0x02,
	F_STE_FETCH = 0x03,
	C_BAD_STE = 0x04,
	F_BAD_ATS_TREQ = 0x05,
	F_STREAM_DISABLED = 0x06,
	F_TRANSL_FORBIDDEN = 0x07,
	C_BAD_SUBSTREAMID = 0x08,
	F_CD_FETCH = 0x09,
	C_BAD_CD = 0x0a,
	F_WALK_EABT = 0x0b,
	F_TRANSLATION = 0x10,
	F_ADDR_SIZE = 0x11,
	F_ACCESS = 0x12,
	F_PERMISSION = 0x13,
	F_VMS_FETCH = 0x25,
};

enum { NO_LEVEL = -3 };

struct fault {
	enum event event;
	unsigned stage; /* 0, 1, 2 */
	enum smmu3_fault_class fault_class;
	int level;
	uint64_t address;    /* FetchAddr, or the IPA of stage 2 */
	bool ns_ipa;         /* of stage 2 in the Secure state: the IPA is Non-secure */
	bool bypass;         /* an address too large for a stage 1 that does not translate */
	bool updating;       /* a descriptor was to be written */
	bool read_denied;    /* F_PERMISSION of an access that may write but not read */
	bool overlay, dirty; /* F_PERMISSION by an overlay, by the dirty state */
	bool assured_only;   /* F_PERMISSION by AssuredOnly */
};

/* IDR0.STALL_MODEL, or S_IDR0's.  6.3.1, 6.3.52 */
enum { STALL_AND_TERMINATE = 0, TERMINATE_ONLY = 1, STALL_FORCED = 2 };
unsigned obvious_stall_model(const struct obvious *o);

/* The part of the access that is in its first page of 4KB. */
uint64_t obvious_page(const struct obvious *o);

/* All of these return false. */
bool obvious_fault(struct obvious *o, const struct fault *fault);
bool obvious_abort(struct obvious *o);
bool obvious_configuration_error(struct obvious *o, enum event event);
bool obvious_fetch_error(struct obvious *o, enum event event, uint64_t address);

/* ---- ats.c ---- */

bool obvious_is_request(const struct obvious *o);
struct smmu3_txn obvious_ats_txn(const struct obvious_machine *machine,
				 const struct smmu3_txn *txn);
bool obvious_ats_refused(struct obvious *o, enum obvious_ats mode); /* returns false */
bool obvious_ats_allowed(struct obvious *o);
bool obvious_ats_is_split(const struct obvious *o);
bool obvious_ats_illegal(struct obvious *o, const struct stream *stream);
/* R, W and Exe of a request, of what the translation allows; and the whole completion. */
unsigned obvious_granted(const struct obvious *o, unsigned perm);
unsigned obvious_completion(const struct obvious *o, unsigned perm, const struct memory *memory);
bool obvious_no_access(struct obvious *o, unsigned stage); /* returns false */
enum smmu3_verdict obvious_ats_verdict(const struct obvious *o, enum event event);
bool obvious_ats_recorded(struct obvious *o, const struct fault *fault);
bool obvious_records_streamids(struct obvious *o);
void obvious_ats_deny(struct obvious *o);
void obvious_put_request(const struct obvious *o, struct smmu3_event *record);
void obvious_put_forbidden(const struct obvious *o, struct smmu3_event *record);

/* ---- classes.c ---- */

/* All but ordinary accesses and atomics. */
bool obvious_is_special(const struct obvious *o);
/* One that causes no fault; and which of them is of no use without any right. */
bool obvious_is_hint(const struct obvious *o);
bool obvious_is_prefetch(const struct obvious *o);
bool obvious_prefetch_granted(const struct obvious *o, unsigned perm);
struct smmu3_txn obvious_class_txn(const struct smmu3_txn *txn);
void obvious_take_class(struct obvious *o);
bool obvious_class_lacks(const struct obvious *o, unsigned perm);
bool obvious_no_op(struct obvious *o, unsigned stage, int level,
		   uint64_t address); /* returns false */
bool obvious_class_begins(struct obvious *o);
bool obvious_hint_enabled(struct obvious *o);
bool obvious_becomes(struct obvious *o, unsigned perm);

/* The alternative of what is open, which is met here; 0: as ever. */
static inline unsigned obvious_chosen(struct obvious *o, enum obvious_choice choice)
{
	o->answer->notes.met[choice] = (uint8_t)(1 + o->machine->chosen[choice]);
	return o->machine->chosen[choice];
}

/* ---- attributes.c ---- */

struct memory obvious_memory(const struct smmu3_attr *attr);               /* of MAIR form */
struct smmu3_attr obvious_attr(const struct memory *memory);               /* canonical, 13.1.7 */
struct memory obvious_input(const struct smmu3_txn *txn);                  /* 13.1.3 */
struct memory obvious_region(unsigned inner, unsigned outer, unsigned sh); /* IRx, ORx, SHx */
struct memory obvious_consistent(struct memory memory);                    /* 13.1.7 */
unsigned obvious_shareability(unsigned sh);

/* MTCFG, MemAttr, ALLOCCFG and SHCFG, of the STE or of GBPA.  13.1.4 */
struct attribute_override {
	bool type;
	unsigned memattr, alloc, sh;
};
struct memory obvious_replace(const struct attribute_override *by, struct memory memory);

/* Stage 1 by MAIR and the leaf's SH.  13.4.2 */
struct memory obvious_stage1_memory(struct obvious *o, const struct memory *input, unsigned mair,
				    unsigned sh);
/* Stage 2 by the leaf's MemAttr and SH.  13.1.5, 13.1.6 */
struct memory obvious_combine(struct obvious *o, const struct memory *in, unsigned memattr,
			      unsigned sh);
struct memory obvious_no_snoop(struct memory memory); /* 13.6.1.1 */

/* ---- stream.c, context.c ---- */

/* IDR0.TTF<0>, IDR0.TTF<1>; whether IDR0.TTENDIAN has an endianness.  6.3.1 */
bool obvious_has_lpae(const struct obvious *o);
bool obvious_has_aa64(const struct obvious *o);
bool obvious_has_endian(const struct obvious *o, bool big);
/* IAS.  3.4 */
unsigned obvious_ias(const struct obvious *o);
/* IDR5.D128.  6.3.6 */
bool obvious_has_d128(const struct obvious *o);
/* A word of a descriptor of this endianness, as it was read. */
uint64_t obvious_descriptor(uint64_t read, bool big_endian);

/* The IDR5.OAS coding, also of IPS and S2PS.  6.3.6 */
unsigned obvious_size_bits(uint64_t code);
/* IPS or S2PS as it acts.  5.2, 5.4 */
unsigned obvious_output_bits(const struct obvious *o, uint64_t code);
bool obvious_granule_implemented(const struct obvious *o, unsigned granule);
/* Bits <msb:4> of the address of a table.  5.2, 5.4 */
uint64_t obvious_ttb(const struct obvious *o, uint64_t word, bool d128);
/* Whether a table that begins there is out of range.  5.2, 5.4 */
bool obvious_ttb_illegal(uint64_t ttb, struct format format, unsigned output_bits);
/* CD.DS or S2DS as it acts: where IDR5 has it, on 4 KB and 16 KB.  5.2, 5.4 */
bool obvious_ds(const struct obvious *o, bool field, unsigned granule);
unsigned obvious_largest_txsz(const struct obvious *o, struct format format);

bool obvious_broken(struct obvious *o, enum obvious_rule rule); /* returns true */

/* StreamWorld any-EL2: TTB0 alone, no ASID, every access as if privileged.  3.3.3, 5.4.1 */
bool obvious_one_range(const struct obvious *o);

bool obvious_find_stream(struct obvious *o);
bool obvious_find_context(struct obvious *o);

/* ---- labels.c ---- */

/* The client's label: of what passes by all streams; as the STE says; and if a CD says otherwise,
 * as that does. */
void obvious_label_by_register(struct obvious *o);
void obvious_label_by_stream(struct obvious *o);
void obvious_label_by_context(struct obvious *o);
/* The label of an access for this reason, which is enum smmu3_reason or OBVIOUS_OUTPUT. */
struct smmu3_mpam obvious_label_of(const struct obvious *o, unsigned reason);
bool obvious_has_vms(const struct obvious *o, const struct stream *stream);
uint64_t obvious_vms_address(const struct stream *stream);

/* ---- stage1.c, stage2.c, permission.c ---- */

/* Reads memory; false: external abort. */
bool obvious_read(struct obvious *o, enum smmu3_reason reason, const struct place *place,
		  unsigned words, uint64_t *word);
/* In which space the structures of the stream's Security state are. */
enum smmu3_pas obvious_own_space(const struct obvious *o);
/* An instruction fetch that leads to Non-secure memory: where stage 1 of a Secure stream puts it
 * out with S_CR0.SIF, of a Realm stream always and at last.  6.3.57, 7.3.16 */
bool obvious_sif_forbids(struct obvious *o, enum smmu3_pas space);
/* What such a Secure stream has of a page or block of stage 1 that leads there, and what such a
 * Realm stream has in the end. */
unsigned obvious_sif_keeps(const struct obvious *o, enum smmu3_pas space);
unsigned obvious_executable(const struct obvious *o, unsigned perm, enum smmu3_pas space);
/* Where a leaf of this NS leads.  D8.4.6 */
enum smmu3_pas obvious_realm_space(bool ns);
/* It wants an alternate MECID, of which there is none.  18 */
bool obvious_wants_amec(struct obvious *o, bool ns, bool amec);
/* 5.2 NSCFG = 0b01: an access that says in which space it wants to be comes out in the other.
 * 3.9.4.3 */
bool obvious_misplaced(struct obvious *o, enum smmu3_pas space);

bool obvious_stage1(struct obvious *o, const struct memory *input, struct place *place);
bool obvious_stage2(struct obvious *o, uint64_t ipa, enum smmu3_pas space,
		    enum smmu3_fault_class fault_class, const struct memory *memory,
		    struct place *place);
/* What software gives as an IPA where stage 2 translates, otherwise as a PA. */
bool obvious_physical(struct obvious *o, uint64_t address, enum smmu3_fault_class fault_class,
		      const struct memory *memory, enum smmu3_pas space, struct place *place);

enum descriptor_type { INVALID, TABLE, LEAF };

/* ---- update.c ---- */

/* What of HA, HD and HAFT of a stage acts. */
struct updates {
	bool ha, hd, haft;
};
struct updates obvious_updates(const struct obvious *o, unsigned stage);
/* Writable-clean.  3.13.3.1 */
bool obvious_is_clean(const struct obvious *o, unsigned stage, struct ttd leaf);
/* Permissions are those that it has once it is dirty... */
struct ttd obvious_as_dirty(const struct obvious *o, unsigned stage, struct ttd leaf);
/* ... and what of them there is without an update. */
unsigned obvious_now(const struct obvious *o, unsigned stage, struct ttd leaf, unsigned perm);
/* The leaf after an access that the stage permits, perm being all that is permitted so far. */
struct ttd obvious_updated(struct obvious *o, unsigned stage, struct ttd leaf, unsigned perm);
struct ttd obvious_refused(struct obvious *o, unsigned stage, struct ttd leaf, bool unread);
/* A table descriptor after a walk through it.  D8.5.1.3 */
struct ttd obvious_table_updated(const struct obvious *o, unsigned stage, struct ttd descriptor);
/* Notes what of it has been updated, in the order of notes.updates. */
void obvious_note_update(struct obvious *o, unsigned where, bool table, struct ttd before,
			 struct ttd after);
/* Writes it, unless a probe asks; false: external abort. */
bool obvious_write(struct obvious *o, enum smmu3_reason reason, const struct place *place,
		   bool big_endian, bool d128, struct ttd descriptor);
/* Granule protection of a structure. */
bool obvious_passes(struct obvious *o, enum smmu3_reason reason, const struct place *place);

/* ---- descriptor.c ---- */

/* log2 of the bytes of a descriptor, and of how many a table of one granule has. */
unsigned obvious_descriptor_lg2(struct format format);
unsigned obvious_stride(struct format format);
/* Reads one, as one access; false: external abort. */
bool obvious_read_ttd(struct obvious *o, enum smmu3_reason reason, const struct place *place,
		      bool big_endian, bool d128, struct ttd *descriptor);
bool obvious_same(struct ttd a, struct ttd b);
/* AArch64.DecodeDescriptorType */
enum descriptor_type obvious_descriptor_type(const struct obvious *o, struct ttd descriptor,
					     struct format format, int level);
/* Levels that a table descriptor skips. */
unsigned obvious_skipped(struct ttd descriptor, struct format format);
/* Bits of input below those that index the table of this level. */
unsigned obvious_level_lsb(struct format format, int level);
/* The address within a leaf, and within a table descriptor. */
uint64_t obvious_leaf_address(struct ttd descriptor, struct format format, unsigned lsb);
uint64_t obvious_next_table(struct ttd descriptor, struct format format);
/* Fields of leaves that stand elsewhere in VMSAv9-128: PIIndex, POIndex of stage 2, AttrIndx<3>,
 * NS of a stage, AMEC, Contiguous; and NSTable. */
unsigned obvious_pi_index(struct ttd leaf, bool d128);
unsigned obvious_po_index(struct ttd leaf, bool d128);
bool obvious_attr_index_3(struct ttd leaf, bool d128);
bool obvious_ns(struct ttd leaf, unsigned stage, bool d128);
bool obvious_amec(struct ttd leaf, bool d128);
bool obvious_contiguous(struct ttd leaf, bool d128);
bool obvious_nstable(struct ttd table, bool d128);

/* Notes why a walk of VMSAv9-128 ends. */
void obvious_note_reserved(struct obvious *o, unsigned stage, struct ttd descriptor,
			   struct format format);
void obvious_note_initial(struct obvious *o, unsigned stage, struct format format);
void obvious_note_table(struct obvious *o, unsigned stage, struct ttd descriptor,
			struct format format, unsigned output_bits);

/* Where an input's descriptor is in a table; top: bits that are resolved already begin there. */
uint64_t obvious_entry(uint64_t table, uint64_t input, unsigned top, struct format format,
		       int level);
/* Whether what a descriptor puts out is in range: of a leaf, with the bits of the input below lsb;
 * of a table lsb is 0.  A block may be larger than the range: it translates that much of itself. */
bool obvious_output_fits(uint64_t base, uint64_t input, unsigned lsb, unsigned output_bits);
/* Where the tables of a stage begin: their address, aligned.  AArch64.S2TTBaseAddress */
uint64_t obvious_table_base(uint64_t ttb, struct format format, unsigned input_bits,
			    int start_level, unsigned output_bits);
/* S1StartLevel; of VMSAv9-128 S2StartLevel, too. */
int obvious_start_level(struct format format, unsigned input_bits, unsigned skipped);

/* Which permissions a leaf grants; hierarchy is the OR of bits <63:59> of the tables before it. */
unsigned obvious_stage1_permissions(const struct obvious *o, struct ttd leaf, uint64_t hierarchy);
unsigned obvious_stage2_permissions(const struct obvious *o, struct ttd leaf);

/* ---- indirect1.c: stage 1 with PIE ---- */

/* What the codes of a leaf are. */
struct obvious_s1_codes {
	unsigned p, u;
};
struct obvious_s1_codes obvious_codes1(const struct obvious *o, struct ttd leaf);
bool obvious_is_indirect1(const struct obvious *o);
unsigned obvious_indirect1_permissions(const struct obvious *o, struct ttd leaf);
bool obvious_dirty_would_do(const struct obvious *o, struct ttd leaf);
bool obvious_codes1_illegal(const struct obvious *o, const struct context *context);

/* ---- indirect2.c: stage 2 with S2PIE ---- */

bool obvious_is_indirect(const struct obvious *o);
unsigned obvious_indirect_permissions(const struct obvious *o, struct ttd leaf);

/* Who refuses; read: an access that may write. */
struct obvious_indirection {
	enum obvious_refusal by;
	bool read;
};
struct obvious_indirection obvious_check_indirect(struct obvious *o, enum smmu3_fault_class class,
						  struct ttd leaf, const struct place *place);

/* ---- hardening.c: IDR3.THE ---- */

/* What of a code of stage 2 makes a walk Assured, and where it may begin.  D8-80, D8-81 */
struct obvious_mro {
	bool mro, toplevel0, toplevel1;
};
struct obvious_mro obvious_mro(const struct obvious *o, struct ttd leaf);

/* CD.PnCH, which is of VMSAv8-64 */
bool obvious_pnch(const struct obvious *o);
/* Does a walk of this half begin Assured?  AArch64.S1InitialTTWState */
bool obvious_begins_assured(const struct obvious *o, bool upper);
/* Is what this descriptor leads to?  AArch64.S1NextWalkStateTable, AArch64.S1NextWalkStateLeaf */
bool obvious_stays_assured(const struct obvious *o, bool assured, struct ttd descriptor);
/* Takes in what stage 2 says of the place of a CD or table. */
void obvious_note_stage2(struct obvious *o, struct ttd leaf);
/* Who refuses before all permissions: AssuredOnly, the top level, nobody. */
enum obvious_refusal obvious_check_hardening(struct obvious *o, enum smmu3_fault_class class,
					     struct ttd leaf);

enum check { ALLOWED, DENIED, READ_DENIED };
enum check obvious_check(const struct obvious *o, unsigned perm);

#endif
