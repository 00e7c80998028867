/* SPDX-License-Identifier: MIT */
/*
 * libsmmu: an Arm SMMUv3 in a library.
 *
 * A driver programs it through registers and structures in memory, as IHI 0070 defines them; a
 * device asks for the translation of an access and gets an address, a physical address space,
 * attributes and permissions, or the exact fault. Section numbers in comments are those of IHI 0070
 * G.b, or of DDI 0487 where they begin with D.
 */
#ifndef SMMU3_SMMU_H
#define SMMU3_SMMU_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SMMU3_API __attribute__((visibility("default")))
#else
#define SMMU3_API
#endif

/* Codes that functions return, negated.  Zero is success. */
enum smmu3_code {
	SMMU3_OK_CODE = 0,
	SMMU3_E_ARGUMENT = 1,     /* an argument is out of its domain: the caller's mistake */
	SMMU3_E_MEMORY = 2,       /* allocation failed */
	SMMU3_E_INCONSISTENT = 3, /* the ID registers contradict each other, the architecture, or
				   * those that were saved */
	SMMU3_E_UNSUPPORTED = 4,  /* legal, but this version has not built it */
	SMMU3_E_OVERLAP = 5,      /* a RAM window overlaps another */
	SMMU3_E_NOT_FOUND = 6,    /* no such profile, window, structure or field */
	SMMU3_E_LIMIT = 7,        /* a bound on work was reached: the answer is incomplete */
	SMMU3_E_ABORT = 8,        /* a register or memory access was answered with an abort */
	SMMU3_E_FORMAT = 9,       /* input is malformed */
	SMMU3_E_IO = 10,          /* input could not be read, or output written */
};

/* An error of the caller's, explained.  text is one sentence, NUL-terminated; section is the
 * rule's, or empty.  Functions of this header fill it, on success too, and take NULL. */
struct smmu3_error {
	int code; /* negative, from enum smmu3_code; 0 when nothing went wrong */
	char section[24];
	char text[228];
};

/* Physical address spaces.  The first three are also the values of SEC_SID.  3.10.1, 3.25 */
enum smmu3_pas {
	SMMU3_PAS_NS = 0,
	SMMU3_PAS_SECURE = 1,
	SMMU3_PAS_REALM = 2,
	SMMU3_PAS_ROOT = 3,
};

#define SMMU3_PAS_BIT(pas) (1u << (pas))
#define SMMU3_PAS_ALL 0xfu

/* Shareability, in the encoding of a descriptor's SH field.  D8.6.2 */
enum smmu3_shareability {
	SMMU3_NSH = 0,
	SMMU3_OSH = 2,
	SMMU3_ISH = 3,
};

/*
 * Memory attributes of an access.  mair is one byte in the encoding of CD.MAIR (5.4): 0x00, 0x04,
 * 0x08, 0x0c are Device-nGnRnE, -nGnRE, -nGRE, -GRE; otherwise outer in bits 7:4 and inner in bits
 * 3:0, each 0100 Non-cacheable, 00RW Write-Through transient, 01RW Write-Back transient (RW not
 * 00), 10RW Write-Through, 11RW Write-Back, where R and W are the read-allocate and write-allocate
 * hints.  What the library returns is consistent as 13.1.7 demands.
 */
struct smmu3_attr {
	uint8_t mair;
	uint8_t sh; /* enum smmu3_shareability */
};

/* What MPAM labels an access with, for memory that is shared out and watched by labels.  Where
 * IDR3.MPAM is 0 all of it is 0.  17 */
struct smmu3_mpam {
	uint16_t partid;
	uint8_t pmg;
	uint8_t space; /* enum smmu3_pas: the PARTID space, MPAM_NS or MPAM_SP of the bus.  17.7 */
};

/* Inner and outer Write-Back, read- and write-allocate, Non-shareable: what an access without
 * attributes has.  13.1.3 */
#define SMMU3_ATTR_DEFAULT_MAIR 0xffu

/* ---- The machine: features and host ---- */

/* What an implementation does about interrupts other than the default, in which every source has a
 * wired output.  3.18.2 */
enum smmu3_interrupt_choices {
	/* CMD_SYNC has no wired output: it signals by MSI alone, so that there must be MSIs */
	SMMU3_NO_CMD_SYNC_WIRE = 1 << 0,
	/* The Event queue's interrupt comes with every record, also of a queue that was not empty.
	 * This is more than 3.18.2 asks, and what some models do */
	SMMU3_INTERRUPT_EVERY_EVENT = 1 << 1,
};

/*
 * How much is kept of what was read from memory, in entries, each a power of two up to
 * SMMU3_CACHE_MOST, or 0.  What is kept may be used until software invalidates it, as the
 * architecture allows, so that software that forgets to sees what hardware would show it.  With
 * none, memory is read afresh for every access.  3.17, 3.21
 */
struct smmu3_caches {
	uint32_t l1stds;     /* level 1 Stream table descriptors */
	uint32_t stes;       /* STEs */
	uint32_t cds;        /* Context descriptors */
	uint32_t tlb;        /* translations of stage 1, of stage 2, of both */
	uint32_t tables;     /* translation tables on the way to them */
	uint32_t dpt;        /* descriptors of the Device Permission Table, of both levels */
	uint32_t gpt;        /* entries of the granule protection table, of both levels */
	uint32_t contiguous; /* 1: what the Contiguous bit joins is one translation; 0: the bit is
			      * not looked at.  D8.7.1 */
	/* In front of all these: for each of micro_streams streams (StreamIDs with their
	 * SubstreamIDs, of accesses alike in all that smmu3_stream_open in port.h says) a micro-TLB
	 * of this many pages of 4KB, the tables on the way to as many, and what is known of the
	 * stream.  Each port has them for itself, and those who come without one together.  Both
	 * are powers of two up to SMMU3_MICRO_MOST, or both 0; nothing is kept there while anything
	 * is counted, or if there are Root registers */
	uint32_t micro;
	uint32_t micro_streams;
};

#define SMMU3_CACHE_MOST (UINT32_C(1) << 20)
#define SMMU3_MICRO_MOST 1024u

/*
 * Values of the identification registers, 6.3.1 to 6.3.8, 6.3.52 to 6.3.56, 6.3.110, 6.3.122
 * to 6.3.127, and reset values that the architecture leaves to the implementation.  Fill it with
 * smmu3_config_init, then change what must differ: smmu3_layout("SMMU_IDR0") in decode.h names the
 * bits.  generic-3.1 has no stalls and no messages: IDR0.STALL_MODEL = 0 with IDR5.STALL_MAX gives
 * the one (examples/queues.c), IDR0.MSI the other.
 */
struct smmu3_config {
	size_t size;     /* sizeof(struct smmu3_config), set by smmu3_config_init */
	uint32_t idr[7]; /* SMMU_IDR0 to SMMU_IDR6 */
	uint32_t iidr;
	uint32_t aidr;
	uint32_t s_idr[7]; /* SMMU_S_IDR0 to SMMU_S_IDR6 */
	uint32_t r_idr[7]; /* SMMU_R_IDR0 to SMMU_R_IDR6 */
	uint32_t root_idr0;
	uint32_t mpamidr;
	uint32_t r_mecidr;
	uint32_t gbpa_reset;        /* SMMU_GBPA at reset: ABORT, SHCFG and the rest, without
				       Update.  6.3.14 */
	uint32_t interrupt_choices; /* enum smmu3_interrupt_choices; 0 in every profile */
	struct smmu3_caches caches; /* none in any profile */
	uint32_t statistics;    /* 1: what happens is counted, see stats.h; 0 in every profile */
	uint32_t stats_streams; /* StreamIDs that are counted one by one: a power of two up to
				   SMMU3_CACHE_MOST, or 0 */
	/* SMMU_PMCG_CFGR: there is a performance monitor group, of Page 0 at 0xb0000 and Page 1 at
	 * 0xc0000, of this many counters of this size, with RELOC_CTRS = 1, and CAPTURE, MSI and
	 * SID_FILTER_TYPE as wanted; 0, as in every profile: there is none.  10.5.2.13 */
	uint32_t pmcg_cfgr;
	uint32_t check; /* enum smmu3_check of check.h: with any but 0 caches says nothing but
			 * whether groups are joined; 0 in every profile */
	uint32_t s_mpamidr; /* as mpamidr, of the Secure and of the Realm state.  6.3.87, 6.3.155 */
	uint32_t r_mpamidr;
};

/* Fills *config from the profile named (see smmu3_profile), whether or not this version can build
 * it. Fails with SMMU3_E_NOT_FOUND.  Any thread. */
SMMU3_API int smmu3_config_init(struct smmu3_config *config, const char *profile,
				struct smmu3_error *error);

/* Judges a configuration: SMMU3_E_INCONSISTENT with the rule broken and its section,
 * SMMU3_E_UNSUPPORTED with the name of a feature that changes an answer and is not built, or
 * SMMU3_E_ARGUMENT for a size or interrupt_choices that this library does not know.  Any thread. */
SMMU3_API int smmu3_config_check(const struct smmu3_config *config, struct smmu3_error *error);

/* A profile by its place in the list, from 0; NULL past the end.  summary is one line for people.
 * Any thread. */
struct smmu3_profile {
	const char *name;
	const char *summary;
	struct smmu3_config config;
};
SMMU3_API const struct smmu3_profile *smmu3_profile(size_t index);

/* Why the SMMU accesses memory. */
enum smmu3_reason {
	SMMU3_REASON_L1STD,
	SMMU3_REASON_STE,
	SMMU3_REASON_L1CD,
	SMMU3_REASON_CD,
	SMMU3_REASON_S1_TTD, /* a descriptor is read, or its flags are updated.  3.13 */
	SMMU3_REASON_S2_TTD, /* likewise */
	SMMU3_REASON_CMDQ,   /* a command is read */
	SMMU3_REASON_EVENTQ, /* an event record is written */
	SMMU3_REASON_MSI,    /* an interrupt is written; its DeviceID is no client's.  3.18 */
	SMMU3_REASON_PRIQ,   /* a page request is written.  8 */
	SMMU3_REASON_DPT,    /* of the Device Permission Table.  3.24 */
	SMMU3_REASON_GPT,    /* of the granule protection table, in the Root space.  3.25 */
	SMMU3_REASON_VMS,    /* the PARTID_MAP of a Virtual Machine Structure.  5.6 */
};

/* One access of the SMMU's own.  13.8 gives the attributes. */
struct smmu3_mem_access {
	uint64_t pa;
	uint32_t bytes; /* reads: 8, 16 or 64, writes: 4, 8, 16 or 32; aligned to itself */
	uint8_t pas;    /* enum smmu3_pas */
	uint8_t reason; /* enum smmu3_reason */
	struct smmu3_attr attr;
	uint16_t mecid; /* of the memory encryption context; 0 but to Realm PA space.  18 */
	struct smmu3_mpam mpam;
};

/* How memory answers. */
enum smmu3_mem_result {
	SMMU3_MEM_OK,
	SMMU3_MEM_ABORT,  /* external abort */
	SMMU3_MEM_POISON, /* data arrived corrupted: treated as an external abort */
};

/* Wired interrupts: each is a pulse, without state in the SMMU.  3.18.2 */
enum smmu3_interrupt {
	SMMU3_INTERRUPT_EVENTQ,
	SMMU3_INTERRUPT_PRIQ,
	SMMU3_INTERRUPT_CMD_SYNC,
	SMMU3_INTERRUPT_GERROR,
	SMMU3_INTERRUPT_PMCG, /* a counter of the performance monitors overflows.  10.2.1 */
	/* Of the Secure programming interface */
	SMMU3_INTERRUPT_S_EVENTQ,
	SMMU3_INTERRUPT_S_CMD_SYNC,
	SMMU3_INTERRUPT_S_GERROR,
	/* Of the Realm programming interface */
	SMMU3_INTERRUPT_R_EVENTQ,
	SMMU3_INTERRUPT_R_PRIQ,
	SMMU3_INTERRUPT_R_CMD_SYNC,
	SMMU3_INTERRUPT_R_GERROR,
	/* Of the Root one: an error becomes active in the register.  3.25.5 */
	SMMU3_INTERRUPT_GPF_FAR,
	SMMU3_INTERRUPT_GPT_CFG_FAR,
};

/* What an invalidation command is about.  4.3, 4.4, 4.6 */
enum smmu3_invalidation_kind {
	SMMU3_INVALIDATES_STAGE1,  /* translations by VA, and those of both stages */
	SMMU3_INVALIDATES_STAGE2,  /* translations by IPA */
	SMMU3_INVALIDATES_STAGES,  /* both */
	SMMU3_INVALIDATES_STREAM,  /* STEs, and all that was found through them */
	SMMU3_INVALIDATES_CONTEXT, /* CDs */
	SMMU3_INVALIDATES_DPT,     /* what the Device Permission Table says of PAs */
	SMMU3_INVALIDATES_ALL,     /* everything of every Security state.  6.3.62 */
	SMMU3_INVALIDATES_GPT,     /* what the granule protection table says of PAs.  6.3.118 */
};

/* StreamWorlds: whose translations they are.  3.3.3 */
enum smmu3_worlds {
	SMMU3_WORLD_EL1 = 1 << 0, /* of operating systems and of guests */
	SMMU3_WORLD_EL2 = 1 << 1, /* of a hypervisor, CR2.E2H = 0: without ASIDs */
	SMMU3_WORLD_EL2_E2H = 1 << 2,
	SMMU3_WORLD_EL3 = 1 << 3, /* of the monitor, in the Secure state: without ASIDs */
};

/* With smmu3_invalidation.hint_level. */
enum { SMMU3_HINT_D128 = 1 << 7 };

/* The scope of an invalidation: it reaches at least so far.  What is not limited is said to be any.
 * A translation of which the scope holds any byte goes whole; with an address and an ASID, global
 * ones of every other ASID go too.  4.4.2.4 */
struct smmu3_invalidation {
	uint8_t kind;                         /* enum smmu3_invalidation_kind */
	uint8_t sec_sid;                      /* enum smmu3_pas */
	uint8_t any_asid, any_vmid, any_ssid; /* 1: not limited */
	uint8_t leaf;                         /* 1: entries of the last level alone */
	uint16_t asid, vmid;
	uint16_t vmids;  /* VMIDs from vmid: 1, or by CR0.VMW up to 16.  6.3.9.1 */
	uint8_t worlds;  /* enum smmu3_worlds: of stages; 0 is SMMU3_WORLD_EL1.  VMIDs are of EL1
			  * alone, ASIDs of all but SMMU3_WORLD_EL2 and SMMU3_WORLD_EL3 */
	uint8_t ipa_pas; /* enum smmu3_pas: with SMMU3_INVALIDATES_STAGE2, the IPA space that addr
			  * is of.  Secure stage 2 has a Secure and a Non-secure one; elsewhere it
			  * is sec_sid's.  3.10.2.2 */
	/* Hints, by address: what does not fit them need not go, and goes all the same from a cache
	 * that is not checked.  4.4.1.1 */
	uint8_t hint_granule_lg2; /* TG: of tables with a granule of 2^this, 12, 14 or 16; 0: any */
	uint8_t hint_level;       /* TTL, with a granule: 1 + the level of the leaves, and tables
				   * above that; 0: any.  SMMU3_HINT_D128 added: of 128-bit
				   * descriptors, otherwise of 64-bit ones */
	uint64_t addr;   /* VA, IPA or PA, a multiple of 4096 */
	uint64_t bytes;  /* 0: every address */
	uint64_t sids;   /* StreamIDs from sid; streams and contexts */
	uint32_t sid, ssid;
};

/* How the wait of a stalled transaction ends.  3.12.2, 4.7.1, 4.7.2 */
enum smmu3_stall_end {
	SMMU3_STALL_RETRY,  /* the host translates it again, as one that has just arrived */
	SMMU3_STALL_ABORT,  /* it ends with an error response */
	SMMU3_STALL_RAZ_WI, /* it reads as zero, its write is ignored, success response */
};

/* A stalled transaction whose wait is over.  The SMMU has forgotten it. */
struct smmu3_stall {
	uint64_t cookie; /* smmu3_txn.cookie */
	uint32_t sid;    /* StreamID */
	uint16_t stag;   /* Stall Tag; of a transaction with no record yet, one nobody saw */
	uint8_t sec_sid; /* enum smmu3_pas */
	uint8_t end;     /* enum smmu3_stall_end */
};

/* How an ATS invalidation ends. */
enum smmu3_atc_result {
	SMMU3_ATC_DONE,      /* the endpoint answered, be it with UR.  3.9.1.5 */
	SMMU3_ATC_TIMED_OUT, /* it did not: a CMD_SYNC fails.  3.9.1.4 */
};

/* An ATS Invalidate Request for an endpoint.  4.5.1 */
struct smmu3_atc_invalidation {
	uint64_t tag;    /* names it in smmu3_atc_complete; never 0, never used twice */
	uint64_t addr;   /* a multiple of bytes */
	uint64_t bytes;  /* a power of two, at least 4096; 0: every address */
	uint32_t sid;    /* StreamID */
	uint32_t ssid;   /* PASID, with ssv */
	uint8_t sec_sid; /* enum smmu3_pas */
	uint8_t ssv;     /* 1: with a PASID */
	uint8_t global;  /* 1: the Global Invalidate flag; only with a PASID */
};

/* What a page request says besides where.  8 */
enum smmu3_page_flags {
	SMMU3_PAGE_SSV = 1 << 0, /* it has a PASID; without one, EXECUTE and PRIVILEGED are 0 */
	SMMU3_PAGE_READ = 1 << 1,
	SMMU3_PAGE_WRITE = 1 << 2,
	SMMU3_PAGE_EXECUTE = 1 << 3,
	SMMU3_PAGE_PRIVILEGED = 1 << 4,
	SMMU3_PAGE_LAST = 1 << 5, /* of its group.  With a PASID, and neither READ nor WRITE, it is
				   * a Stop Marker */
};

/* A PRI message of an endpoint.  Zero it, then fill it.  8 */
struct smmu3_page_request {
	uint64_t addr;     /* bits 63:12 count */
	uint32_t sid;      /* StreamID */
	uint32_t ssid;     /* PASID, 20 bits, with SMMU3_PAGE_SSV */
	uint16_t prgindex; /* of its group, 9 bits */
	uint16_t flags;    /* enum smmu3_page_flags */
	uint8_t sec_sid;   /* enum smmu3_pas: of a Security state that there is */
};

/* As the PRG Response Message has them.  8.3 */
enum smmu3_page_code {
	SMMU3_PAGE_SUCCESS = 0,
	SMMU3_PAGE_INVALID = 1,
	SMMU3_PAGE_FAILURE = 15,
};

/* A PRG Response Message for an endpoint.  4.5.2, 8.2 */
struct smmu3_page_response {
	uint32_t sid;  /* StreamID */
	uint32_t ssid; /* PASID, with ssv */
	uint16_t prgindex;
	uint8_t sec_sid; /* enum smmu3_pas */
	uint8_t ssv;     /* 1: with a PASID */
	uint8_t code;    /* enum smmu3_page_code */
};

struct smmu3_finding;

/*
 * The host: what lies behind the SMMU where no RAM window does.  Every callback gets context and
 * may be called from any thread that translates or accesses registers; none is called with a lock
 * held, and each may call back: a register access from inside takes effect, and what follows from
 * it happens after the callback has returned.  Of the accesses that fault inside one callback 64
 * are recorded; more are lost, as by a full Event queue.  Those that other threads make meanwhile
 * wait for it; where it takes more than a second they are lost, too, so that a callback may itself
 * wait for accesses.  A NULL read or write answers
 * SMMU3_MEM_ABORT, any other NULL is not called.
 */
struct smmu3_host {
	size_t size; /* sizeof(struct smmu3_host), set by the caller */
	void *context;
	/* Reads access->bytes bytes into data as they stand in memory.  No aligned 64-bit word may
	 * be torn.  3.15 */
	enum smmu3_mem_result (*read)(void *context, const struct smmu3_mem_access *access,
				      void *data);
	/* Writes access->bytes bytes as they are to stand in memory.  3.5.2, 3.18 */
	enum smmu3_mem_result (*write)(void *context, const struct smmu3_mem_access *access,
				       const void *data);
	/* Memory in a RAM window was written: what a log of dirty pages wants.  Descriptors that
	 * hardware updates are, too. */
	void (*written)(void *context, const struct smmu3_mem_access *access);
	/* A wired interrupt pulses, after what it announces is visible.  3.18 */
	void (*interrupt)(void *context, enum smmu3_interrupt interrupt);
	/* An event for PEs that wait: CMD_SYNC with CS = SIG_SEV, and a Command queue that is no
	 * longer full.  Only with IDR0.SEV.  4.1.2, 4.7.3 */
	void (*send_event)(void *context);
	/* Software invalidates: before this returns, whoever keeps translations has dropped these,
	 * and accesses under way that were given one are done.  Neither need be seen to for
	 * accesses in sections of ports (port.h): what a port keeps it drops by itself, and a
	 * CMD_SYNC waits for its section.  4.3, 4.4, 4.7.3 */
	void (*invalidate)(void *context, const struct smmu3_invalidation *scope);
	/* A stalled transaction is to be retried or has been terminated: by CMD_RESUME,
	 * CMD_STALL_TERM, CR0.SMMUEN = 0, smmu3_reset or smmu3_destroy (from inside these two the
	 * SMMU must not be called), or because the Event queue takes records again and its own had
	 * found no room.  NULL: no client can wait, as with SMMU3_TXN_NO_STALL in every
	 * transaction; so it may not be NULL where stalls are forced, IDR0.STALL_MODEL = 2 */
	void (*stall_ended)(void *context, const struct smmu3_stall *stall);
	/* An endpoint is to drop translations that its ATC holds: begins it.  The host says with
	 * smmu3_atc_complete, from inside or later, that it has, and that accesses which used one
	 * are done; a CMD_SYNC waits for it.  Of 32 that have not ended no other is begun.
	 * NULL: no endpoint holds any.  3.9.1.4, 4.5.1 */
	void (*atc_invalidate)(void *context, const struct smmu3_atc_invalidation *request);
	/* An endpoint is answered, by software's CMD_PRI_RESP, or because the PRI queue did not
	 * take its request.  4.5.2, 8.1, 8.2 */
	void (*page_response)(void *context, const struct smmu3_page_response *response);
	/* Hardware update of a translation table descriptor, access->bytes is 8: where memory holds
	 * *expected, *desired takes its place, as one atomic access; *found is what it held. Each
	 * as it stands in memory.  NULL: outside RAM windows such an update is aborted, and the
	 * translation ends with F_WALK_EABT.  3.13 */
	enum smmu3_mem_result (*swap)(void *context, const struct smmu3_mem_access *access,
				      const uint64_t *expected, const uint64_t *desired,
				      uint64_t *found);
	/* The same of a descriptor of VMSAv9-128, access->bytes is 16: two words each.  A host that
	 * has it also answers reads of 16 bytes with reason SMMU3_REASON_S1_TTD or
	 * SMMU3_REASON_S2_TTD as one atomic access.  NULL beside a read: memory has no such access,
	 * and there is no VMSAv9-128 (IDR5.D128).  3.21.3 */
	enum smmu3_mem_result (*swap_pair)(void *context, const struct smmu3_mem_access *access,
					   const uint64_t *expected, const uint64_t *desired,
					   uint64_t *found);
	/* The checker has found something, with the access that showed it, which is not answered
	 * yet.  Only with smmu3_config.check: check.h */
	void (*finding)(void *context, const struct smmu3_finding *finding);
};

struct smmu3;

/* Makes an SMMU, in reset.  host may be NULL: then only RAM windows answer; it is copied.  Returns
 * NULL with *error filled when the configuration is refused (smmu3_config_check), host->size is 0,
 * stall_ended is NULL where stalls are forced, or swap_pair is beside read where IDR5.D128 is 1
 * (SMMU3_E_ARGUMENT), this processor has no atomic access of 16 bytes, which IDR5.D128 needs
 * (SMMU3_E_UNSUPPORTED), or memory runs out.  Any thread. */
SMMU3_API struct smmu3 *smmu3_create(const struct smmu3_config *config,
				     const struct smmu3_host *host, struct smmu3_error *error);

/* Ends an SMMU, all of whose ports (port.h) have been closed.  Nothing else may run on it.  NULL is
 * allowed. */
SMMU3_API void smmu3_destroy(struct smmu3 *smmu);

/* Resets registers, 6.3; RAM windows stay, and ports stay open.  Not together with any other call
 * on this SMMU, or on its ports. */
SMMU3_API void smmu3_reset(struct smmu3 *smmu);

/*
 * Lets the SMMU read and write [base, base + size) at host directly, for accesses whose PA space is
 * in pas_mask (SMMU3_PAS_BIT). base, size and host are multiples of 64; the memory may change at
 * any time, by aligned 64-bit words, and belongs to the caller until removed.  Fails with
 * SMMU3_E_ARGUMENT, SMMU3_E_OVERLAP (a window of a common PA space) or SMMU3_E_MEMORY. Ports see
 * the change with their next call, in sections too.  Not together with any other call on this SMMU,
 * or on its ports.
 */
SMMU3_API int smmu3_add_ram(struct smmu3 *smmu, uint64_t base, uint64_t size, unsigned pas_mask,
			    void *host);

/* Takes back the window that starts at base for pas_mask, after which the SMMU and its ports do not
 * read host any more.  SMMU3_E_NOT_FOUND; SMMU3_E_ARGUMENT for a mask without meaning.  Not
 * together with any other call, as smmu3_add_ram. */
SMMU3_API int smmu3_remove_ram(struct smmu3 *smmu, uint64_t base, unsigned pas_mask);

/* ---- Registers, chapter 6: smmu3_register_layout in decode.h knows their offsets by name ---- */

/*
 * A register access from the PA space `from`, at a byte offset from Page 0 (Page 1 at 0x10000, that
 * of VATOS where IDR2.BA_VATOS says, those of Realm where ROOT_IDR0.BA_REALM does, from 0x20000 on,
 * that of Root at 0xa0000, for Root alone), of 4 or 8 bytes, aligned.  A 64-bit access over two
 * adjacent 32-bit registers does both, lower first.
 * Unassigned offsets are RES0. Of 4 bytes *value is 0 to 2^32 - 1, and what is written the low half
 * of value. Returns 0, or -SMMU3_E_ABORT, with *value 0, for another size or alignment.  What a
 * write makes due (commands, requests of ATOS, interrupts) has been done when it returns, but for
 * writes inside callbacks and while another thread is at work on it (docs/design.md).  ROOT_CR0ACK
 * and ROOT_TLBI_CTRL.RUN follow when translations that other threads have under way have ended.
 * A CMD_SYNC that finds ATS invalidations without an answer, or sections of ports (port.h) open,
 * stays at the head of its queue, with CR0ACK.CMDQEN as it is: smmu3_atc_complete or smmu3_port_end
 * goes on with it, or else the next register access.  Any thread.  4.7.3, 6.2, 6.3.112, 6.3.119
 */
SMMU3_API int smmu3_mmio_read(struct smmu3 *smmu, enum smmu3_pas from, uint64_t offset,
			      unsigned size, uint64_t *value);
SMMU3_API int smmu3_mmio_write(struct smmu3 *smmu, enum smmu3_pas from, uint64_t offset,
			       unsigned size, uint64_t value);

/*
 * A TLB invalidation that CPUs broadcast, as TLBI ...IS: what it means of what is kept is dropped
 * before this returns, if IDR0.BTM is 1 and CR2.PTM of the Security state is 0; else nothing
 * happens.  scope: a kind of stages, of a Security state that there is; SMMU3_WORLD_EL3 is of the
 * Secure one; its vmids is not read, for CR0.VMW says how many.  Entries of CD.ASET = 1 stay where
 * an ASID is given, those of SMMU3_WORLD_EL2 where an address is.  STEs and CDs are not concerned.
 * SMMU3_INVALIDATES_GPT with SMMU3_PAS_ROOT, addr, a multiple of 4KB, and
 * bytes is TLBI *PA* of EL3, which is obeyed if ROOT_IDR0.BGPTM is 1, whatever BTM and PTM are; it
 * waits for no translation under way, nor does any broadcast for the sections of ports (port.h).
 * 0, or -SMMU3_E_ARGUMENT.  Any thread.  3.17, 3.17.7, 16.7.7
 */
SMMU3_API int smmu3_broadcast_tlbi(struct smmu3 *smmu, const struct smmu3_invalidation *scope);

/* An ATS invalidation has ended; a CMD_SYNC that waited for it goes on, or fails.  Returns 0, or
 * -SMMU3_E_NOT_FOUND: it has ended already, or the SMMU was reset since.  Any thread, also from
 * inside any callback. */
SMMU3_API int smmu3_atc_complete(struct smmu3 *smmu, uint64_t tag, enum smmu3_atc_result result);

/* A page request arrives: it goes into the PRI queue of its Security state, or is answered or
 * dropped as chapter 8 says; what a Secure stream asks is answered with SMMU3_PAGE_FAILURE.  8.2
 * Returns 0; -SMMU3_E_ARGUMENT: a member is out of its domain; -SMMU3_E_UNSUPPORTED: there is no
 * PRI, or not of this sec_sid; -SMMU3_E_LIMIT: 64 requests wait for a callback to return: the host
 * holds it back, and tries again.  Any thread, also from inside any callback. */
SMMU3_API int smmu3_page_request(struct smmu3 *smmu, const struct smmu3_page_request *request);

/* ---- Save and load ---- */

/*
 * Writes the state of an SMMU into blob: registers, queues, what is due, tags of ATS invalidations
 * that are not answered, stalled transactions with their cookies and the order in which STAGs are
 * given out.  docs/save.md has the bytes, which are the same on every machine.  *size is the room
 * there is, and becomes what is needed, which is the same until the SMMU's next call: with blob
 * NULL that is all that happens; where there is too little room, SMMU3_E_ARGUMENT, nothing is
 * written.
 *
 * Not in it are memory, RAM windows, ports with their sections, the host and what its cookies stand
 * for: cookies should be numbers that still mean something where the state is loaded.  A CMD_SYNC
 * that waits for sections is saved as one that waits; where it is loaded it finds none to wait for.
 * Nothing ends or is called back; an SMMU that is destroyed after it has been saved tells its own
 * host that its stalls have ended.
 *
 * Not together with any other call on this SMMU, or on its ports.  From inside a callback of what
 * the SMMU does of its own accord both fail with SMMU3_E_ARGUMENT; from inside a read for a
 * translation the access under way is not in the state, and goes on as it began.  error may be
 * NULL.
 */
SMMU3_API int smmu3_save(struct smmu3 *smmu, void *blob, size_t *size, struct smmu3_error *error);

/*
 * Puts an SMMU into a state that was saved.  It must have the configuration of the one that was
 * saved: SMMU3_E_INCONSISTENT names the first difference.  It must hold no stalled transaction
 * itself (smmu3_reset ends them), and for stalls in the state host.stall_ended must be set, for ATS
 * invalidations host.atc_invalidate: SMMU3_E_ARGUMENT.  A state of a later version that this one
 * cannot know is SMMU3_E_UNSUPPORTED.  Bytes that are cut, damaged, or say what this SMMU could
 * never have come to are SMMU3_E_FORMAT: blob may come from anybody.  SMMU3_E_MEMORY: it allocates
 * the table of stalls once more.
 *
 * What fails changes nothing.  Nobody is called back; what was due when it was saved is done with
 * the next register access.  When it may be called is as for smmu3_save; transactions begun
 * afterwards, through ports too, see the registers that were loaded, and nothing that was kept.
 */
SMMU3_API int smmu3_load(struct smmu3 *smmu, const void *blob, size_t size,
			 struct smmu3_error *error);

/* ---- Transactions ---- */

enum smmu3_txn_flags {
	SMMU3_TXN_SSV = 1 << 0,         /* ssid is valid */
	SMMU3_TXN_WRITE = 1 << 1,       /* RnW = 0, of class ORDINARY */
	SMMU3_TXN_INSTRUCTION = 1 << 2, /* InD = 1; without meaning for a write */
	SMMU3_TXN_PRIVILEGED = 1 << 3,  /* PnU = 1 */
	SMMU3_TXN_NS = 1 << 4,          /* NS in, for streams whose SEC_SID is not Non-secure */
	SMMU3_TXN_NO_SNOOP = 1 << 5,    /* PCIe No_snoop.  13.6.1.1 */
	SMMU3_TXN_PROBE = 1 << 6,       /* ask without effect: fills nothing, records nothing */
	SMMU3_TXN_ATTR = 1 << 7,        /* attr is given; without it the access is Write-Back,
					   Non-shareable.  13.1.3 */
	SMMU3_TXN_NO_STALL = 1 << 8,    /* the client cannot wait (PCIe): what would stall aborts
					   and is recorded with Stall = 0.  Without effect where
					   stalls are forced, IDR0.STALL_MODEL = 2.  3.12 */
	SMMU3_TXN_SOURCE_CXL = 1 << 9,  /* ATS Translation Request of a CXL device.  3.9.3 */
	SMMU3_TXN_XT = 1 << 10,         /* of a Realm stream: it says whether it means Non-secure
					   memory, as with SMMU3_TXN_NS, or else Realm memory.
					   Without meaning where R_IDR3.XT is 0.  3.9.4.3 */
};

/* What a transaction is to ATS.  Any but the first needs IDR0.ATS.  3.9.1 */
enum smmu3_ats {
	SMMU3_ATS_UNTRANSLATED,
	/* A Translation Request, of bytes from addr: SSV is a PASID, WRITE is NW = 0, INSTRUCTION
	 * Execute_Requested, PRIVILEGED Privileged_Mode_Requested, the last two only with a PASID.
	 * Of class ordinary.  13.7 */
	SMMU3_ATS_REQUEST,
	/* A Translated transaction: addr is what a completion said.  SSV is a PASID, which counts
	 * with IDR3.PASIDTT; INSTRUCTION and PRIVILEGED come with it.  3.9.1.3 */
	SMMU3_ATS_TRANSLATED,
};

/* What a Translation Completion says.  Its N and U are always 0, and so is Global, or TE in its
 * place but for SMMU3_ATS_TE.  3.9.1, 3.9.4.2, 13.6, 13.7.1 */
enum smmu3_ats_completion {
	SMMU3_ATS_R = 1 << 0,
	SMMU3_ATS_W = 1 << 1,
	SMMU3_ATS_EXE = 1 << 2,
	SMMU3_ATS_PRIV = 1 << 3,   /* as the request says */
	SMMU3_ATS_CXL_IO = 1 << 4, /* to SMMU3_TXN_SOURCE_CXL */
	SMMU3_ATS_TE = 1 << 5,     /* with R_IDR3.XT: it leads to Realm memory */
};

/* Classes of transaction.  3.22, 16.7 */
enum smmu3_class {
	SMMU3_CLASS_ORDINARY,
	SMMU3_CLASS_ATOMIC, /* a read and a write in one; always data.  13.1.1 */
	/* From here on the class says what is done, whatever SMMU3_TXN_WRITE says.  What it goes on
	 * as is outcome.becomes.  First accesses with a hint beside */
	SMMU3_CLASS_READ_CLEAN_INVALIDATE, /* RCI */
	SMMU3_CLASS_DESTRUCTIVE_READ,      /* DR: lines go without being written back */
	SMMU3_CLASS_WRITE_PREFETCH,        /* W-DCP: into a cache that is not on its way */
	SMMU3_CLASS_PREFETCH,              /* NW-DCP: a hint alone */
	/* Cache maintenance by address: no data.  16.7.2 */
	SMMU3_CLASS_CLEAN,
	SMMU3_CLASS_CLEAN_INVALIDATE,
	SMMU3_CLASS_CLEAN_TO_PERSISTENCE,
	SMMU3_CLASS_INVALIDATE,
	SMMU3_CLASS_DESTRUCTIVE_HINT, /* DH: a hint alone */
	/* What no SMMU lets through: address and bytes are without meaning, but well formed */
	SMMU3_CLASS_BARRIER,
	SMMU3_CLASS_DVM,         /* a message of distributed virtual memory */
	SMMU3_CLASS_MAINTENANCE, /* cache maintenance that is not by address */
};

/* One access of a device.  Zero it, then fill it: members may be added. */
struct smmu3_txn {
	uint64_t addr;
	uint64_t bytes;         /* at least 1; addr + bytes may reach but not pass 2^64 */
	uint32_t sid;           /* StreamID */
	uint32_t ssid;          /* SubstreamID, 20 bits, when SMMU3_TXN_SSV */
	uint16_t flags;         /* enum smmu3_txn_flags */
	uint8_t sec_sid;        /* enum smmu3_pas: NS, Secure or Realm */
	uint8_t txn_class;      /* enum smmu3_class */
	struct smmu3_attr attr; /* attributes the device drives, when SMMU3_TXN_ATTR.  13.1 */
	uint8_t ats;            /* enum smmu3_ats */
	uint8_t reserved;
	uint64_t cookie; /* the host's own: what smmu3_host.stall_ended names a stall by; of those
			  * that wait at a time no two should have the same */
};

enum smmu3_verdict {
	SMMU3_OK,      /* goes on to outcome.pa */
	SMMU3_ABORT,   /* ends with an error response */
	SMMU3_RAZ_WI,  /* reads as zero, writes are ignored, success response.  5.5 */
	SMMU3_STALLED, /* held by the SMMU until smmu3_host.stall_ended names its cookie.  That may
			* have been already, before smmu3_translate returned: where the interrupt
			* callback resumes it, or another thread.  3.12.2 */
	SMMU3_BUSY,    /* it would stall, but IDR5.STALL_MAX transactions are: not held.  The client
			* waits, and asks again after the next stall_ended of whatever stall; one that
			* came while this call ran counts.  6.3.6 */
	SMMU3_ERROR,   /* the caller's mistake: see outcome.why */
	/* Of a Translation Request, for which OK is a completion with Success that grants
	 * something, see outcome.ats.  3.9.1.2 */
	SMMU3_NO_ACCESS, /* Success with R = W = 0, of one STU */
	SMMU3_UR,        /* Unsupported Request */
	SMMU3_CA,        /* Completer Abort */
	/* Of classes PREFETCH and DESTRUCTIVE_HINT, which cause no fault: it has no effect on
	 * memory, and its response, if it has one, is no error; why says what it was for */
	SMMU3_NO_OP,
};

/* Permissions of a translation, for each privilege. */
enum smmu3_perm {
	SMMU3_PERM_UR = 1 << 0,
	SMMU3_PERM_UW = 1 << 1,
	SMMU3_PERM_UX = 1 << 2,
	SMMU3_PERM_PR = 1 << 3,
	SMMU3_PERM_PW = 1 << 4,
	SMMU3_PERM_PX = 1 << 5,
};

/* Who decided. */
enum smmu3_decider {
	SMMU3_BY_CALLER,  /* the transaction itself was malformed; OK: no SMMU was asked */
	SMMU3_BY_GBPA,    /* SMMUEN = 0: the bypass attributes.  6.3.14 */
	SMMU3_BY_STREAM,  /* the Stream table: abort, bypass, a configuration or SubstreamID error;
			   * that it is not asked, CR0.ATSCHK = 0 */
	SMMU3_BY_CONTEXT, /* the Context descriptor or its table */
	SMMU3_BY_S1,      /* stage 1, or both stages were crossed: see outcome.stages */
	SMMU3_BY_S2,
	SMMU3_BY_DPT, /* the Device Permission Table */
	SMMU3_BY_GPC,   /* granule protection, of where the access goes.  3.25 */
	SMMU3_BY_CLASS, /* the class of transaction, which the SMMU does not let through.  16.7.2 */
};

enum smmu3_fault_class {
	SMMU3_CLASS_CD = 0, /* fetch of a CD or L1CD */
	SMMU3_CLASS_TT = 1, /* fetch of a stage 1 descriptor */
	SMMU3_CLASS_IN = 2, /* the transaction's own address */
};

/* An event record as it stands in the Event queue: little-endian words, word[0] bits 7:0 the
 * number.  7.3 */
struct smmu3_event {
	uint64_t word[4];
};

/* fault_level without a walk; levels begin with -2, of VMSAv9-128. */
#define SMMU3_NO_LEVEL (-3)

struct smmu3_outcome {
	uint64_t pa;    /* where addr goes.  OK only; with split-stage ATS a request gets an IPA */
	uint64_t bytes; /* how many from addr this outcome answers: at most txn.bytes, never past
			 * the translation, or what the DPT or granule protection says of it; a
			 * fault of a stage, of the DPT or of granule protection answers for its
			 * 4 KB page */
	uint64_t span; /* size of the translation, a power of two, or of the part of it that granule
			* protection lets through alike; 0 when nothing was translated (bypass).
			* Of a completion that says Success: its size */
	struct smmu3_attr attr; /* OK only */
	uint8_t pas;            /* enum smmu3_pas.  OK only */
	uint8_t perm;     /* enum smmu3_perm, what both stages allow.  OK only; where nothing was
			   * translated all bits, but for what the DPT does not let be written, and
			   * an instruction not be fetched: S_CR0.SIF, and Realm streams from
			   * Non-secure memory.  A page that hardware is yet to mark as dirty is not
			   * writable: a write is to ask, and has it marked.  3.13 */
	uint8_t stages;   /* bit 0: stage 1, bit 1: stage 2.  OK: those that translated; otherwise
			   * those that were in use when it ended */
	uint8_t decider;  /* enum smmu3_decider */
	uint8_t verdict;  /* enum smmu3_verdict */
	uint8_t recorded; /* 1 if the architecture records the event for this access */
	uint8_t instruction; /* InD after overrides, 13.1.2; 0 where no legal STE was found */
	uint8_t privileged;  /* PnU, likewise */
	/* The fault, where there is one (why is not 0 and the verdict is not OK); ats, becomes,
	 * mecid and mpam, which lie between, are of none */
	uint16_t why;        /* the rule that decided; smmu3_why in decode.h says it in words */
	uint8_t event;       /* event number, or 0: aborted without an event */
	uint8_t fault_class; /* enum smmu3_fault_class, where the event has one */
	uint8_t fault_stage; /* 1 or 2, or 0 where no stage is at fault */
	int8_t fault_level;  /* level of the descriptor that decided, -2 to 3; SMMU3_NO_LEVEL where
				no walk was under way */
	uint8_t ats; /* enum smmu3_ats_completion.  Translation Requests, OK and NO_ACCESS only */
	uint8_t becomes; /* enum smmu3_class: what it goes on as.  OK only, and of classes after
			  * ATOMIC: these may have lost their hint (ORDINARY), or be
			  * CLEAN_INVALIDATE in place of INVALIDATE; others stay what they are, and
			  * have 0 here.  3.22.1, 16.7.2.1 */
	uint16_t mecid; /* of the memory encryption context: that of a Realm stream's STE, and 0 but
			 * to Realm PA space.  OK only, and of no Translation Request.  18 */
	struct smmu3_mpam mpam; /* likewise OK only, and of no Translation Request.  17.2, 17.3 */
	uint64_t fault_addr; /* the address fetched, of fetches that aborted; the
			      * whole IPA, low bits included, of other faults of stage 2 */
	/* The record, complete, when event is not 0, whether recorded or not */
	struct smmu3_event record;
};

/*
 * Translates one access through the shared state of the SMMU.  Returns the verdict, also in
 * *outcome, all of which is written.  Without caches (struct smmu3_caches) a change of tables in
 * memory is seen at once.  Any thread, together with itself and with register accesses; through a
 * port of its own (port.h) a thread gets the same answers for less. Allocates nothing.  Unless it
 * records an event, would stall, is counted by a performance monitor, is stopped by granule
 * protection or is the last that software waits for (a walk of the DPT, Root software), it takes no
 * lock but those of caches, and none where a micro-TLB (caches.micro) answers; and calls no
 * callback where memory is a RAM window.  One that does writes the record, and raises the
 * interrupt, before it returns, or leaves that to the thread that is at work on the queues.
 * 3.3, 3.5.3, 3.24, 3.25.6, 7.2, 7.3.22, 10.2, chapter 15
 */
SMMU3_API enum smmu3_verdict smmu3_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
					     struct smmu3_outcome *outcome);

/* One access of a device that has no StreamID, but addresses memory itself.  Zero it, then fill it.
 * 3.25.1.1 */
struct smmu3_direct {
	uint64_t addr;  /* physical */
	uint64_t bytes; /* at least 1; addr + bytes may reach but not pass 2^64 */
	uint16_t flags; /* SMMU3_TXN_WRITE, SMMU3_TXN_PROBE, SMMU3_TXN_ATTR */
	uint8_t pas;    /* enum smmu3_pas */
	uint8_t reserved;
	struct smmu3_attr attr; /* with SMMU3_TXN_ATTR */
};

/*
 * Asks whether such an access may go where it wants to: the output size decides, then granule
 * protection, where there is a Root interface.  OK, or ABORT, which is never recorded; what granule
 * protection stopped is in ROOT_GPF_FAR or ROOT_GPT_CFG_FAR before this returns, unless it was a
 * probe.  It is not counted.  Threads as smmu3_translate.
 */
SMMU3_API enum smmu3_verdict smmu3_access_direct(struct smmu3 *smmu,
						 const struct smmu3_direct *access,
						 struct smmu3_outcome *outcome);

#ifdef __cplusplus
}
#endif

#endif
