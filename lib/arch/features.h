/* SPDX-License-Identifier: MIT */
/* What an implementation has for a Security state, read out of its identification registers once.
 * 6.3.1 to 6.3.8, 6.3.52 to 6.3.55, 6.3.122 to 6.3.125 */
#ifndef SMMU_ARCH_FEATURES_H
#define SMMU_ARCH_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

/* IDR0.STALL_MODEL.  6.3.1 */
enum stall_model {
	STALLS_ALLOWED = 0,
	STALLS_ABSENT = 1, /* terminate alone */
	STALLS_FORCED = 2,
};

/* IDR0.HTTU: what hardware updates; each of them that and what comes before.  6.3.1 */
enum httu {
	HTTU_NOTHING,
	HTTU_ACCESSED,
	HTTU_DIRTY,
	HTTU_TABLES, /* the Access flags of tables */
};

/* What an STE is that differs from another one of its CONT span.  5.2 */
enum ste_cont {
	STE_CONT_IS_OWN,
	STE_CONT_IS_NEIGHBOURS,
	STE_CONT_IS_A_CONFLICT,
};

/* What a command does about a stream or substream that there cannot be.  4.1.7 */
enum out_of_range {
	OUT_OF_RANGE_IS_NOBODYS,
	OUT_OF_RANGE_IS_VOID, /* nothing */
	OUT_OF_RANGE_IS_CUT,  /* what it does to that of the bits that there are */
};

struct features {
	uint8_t sec_sid; /* enum smmu3_pas: whose streams, registers and queues these are of */
	uint8_t minor;   /* SMMUv3.minor, from AIDR */
	/* IDR0 */
	bool s1p, s2p, ttf_lpae, ttf_aa64, cohacc, btm, hyp, ats, ns1ats, asid16, msi, sev, atos,
		pri, vmw, vmid16, cd2l, vatos;
	bool atsrecerr, term_model, rme_impl, st_two_level;
	uint8_t httu;        /* enum httu */
	uint8_t ttendian;    /* 0 mixed, 2 little, 3 big */
	uint8_t stall_model; /* enum stall_model, effective */
	/* IDR1 */
	uint8_t sidsize, ssidsize, cmdqs, eventqs, priqs;
	bool attr_perms_ovr, attr_types_ovr, ecmdq;
	/* IDR3 */
	bool had, pbha, xnx, pps, mpam, fwb, stt, ril, e0pd, ptwnnc, dpt, pasidtt, epan, s1pi, s2pi,
		s2po, the, mteperm, aie;
	uint8_t bbml;
	/* IDR5 */
	uint8_t oas_bits; /* 32 to 56 */
	uint8_t va_bits;  /* 48, 52 or 56, from VAX */
	bool gran4k, gran16k, gran64k, ds, d128;
	uint16_t stall_max;
	/* Security states */
	bool secure_impl, sel2, realm_impl;
	bool sams; /* the Secure queue has no commands of ATS, PRI and the DPT; false elsewhere */
	bool el3;  /* there are streams of StreamWorld EL3 */
	/* Of Realm streams: memory encryption contexts; checks of the space that is named */
	bool mec, xt;
	uint8_t mecid_bits; /* of a MECID; 0 without mec */
	/* MPAM: the largest IDs of labels in the state's own PARTID space and, with mpam_ns, in the
	 * Non-secure one.  17.7 */
	bool mpam_ns;
	struct {
		uint16_t partid_max;
		uint8_t pmg_max;
	} own_labels, ns_labels;
	/* Of interrupts */
	bool no_cmd_sync_wire, interrupt_every_event, pmcg_msi;
	/* Derived */
	uint8_t ias_bits; /* IAS, 3.4 */
	uint8_t pointer_bits; /* the smaller of both: who points beyond may be minded.  3.4.3 */
	/* Asked for by <smmu/adversity.h>, and else nothing: bits of an STE and of a CD, 8 words,
	 * that make it ILLEGAL if they are not 0, though nothing is defined that they do */
	const uint64_t *ste_minded, *cd_minded;
	/* By what an STE is compared with others of its CONT span, 8 words, and what follows: enum
	 * ste_cont */
	const uint64_t *ste_compared;
	uint8_t ste_cont;
	struct out_of_bounds {
		/* An address is cut to OAS, or none beyond IAS where stage 2 translates it.
		 * 3.4.3 */
		bool ste_cut, s1contextptr_cut, l2ptr_cut, s1contextptr_minded, l2ptr_minded;
		bool s2t0sz_nearest, tsz_nearest; /* the nearest size is used.  5.2, 5.4 */
	} out_of_bounds;
	/* A StreamID behind the end of its array may be one of a CONT span within it, bits below
	 * the size of a CD table may say where in it, ALLOCCFG may want MTCFG.  5.2 */
	bool span_beyond_array, s1contextptr_joined, alloccfg_wants_mtcfg;
	/* What SH 0b01 of a leaf means, and what reserved values of MemAttr do, of which all are 0
	 * where they mean what libsmmu makes of them.  D8.6 */
	struct reserved_values {
		bool any;
		uint8_t s1_sh, s2_sh, memattr, memattr_fwb;
	} reserved;
	/* Updates of leaves that refuse the access: of its Access flag; of its dirty state, by an
	 * atomic that may not read.  D8.5.1, D8.5.2 */
	bool refused_accessed, unread_dirty;
	bool gpt_first;       /* a contiguous range is as its first entry says.  D9.6.4 */
	bool eats_s2s_minded; /* full ATS with S2S is ILLEGAL without stage 2, too.  5.2 */
	/* And what commands are ILLEGAL for, or do nothing for */
	bool command_bits_minded, atc_size_minded, atc_ssv_void, pri_ssv_void;
	uint8_t out_of_range; /* enum out_of_range */
	/* Root software is told of what stops hints; requests of ATS are not checked.  3.25.1.2,
	 * 3.25.2 */
	bool hints_told, requests_unchecked;
};

/* Granule implemented? granule_lg2 is 12, 14 or 16. */
static inline bool has_granule(const struct features *features, unsigned granule_lg2)
{
	return granule_lg2 == 12 ? features->gran4k :
	       granule_lg2 == 14 ? features->gran16k :
	       granule_lg2 == 16 ? features->gran64k :
				   false;
}

#endif
