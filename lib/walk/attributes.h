/* SPDX-License-Identifier: MIT */
/*
 * Memory attributes: what each source encodes, and how one changes another.  Chapter 13
 *
 * Pure functions.  Every argument may hold any value; every result is consistent as 13.1.7 demands,
 * and canonical: one encoding for one meaning.  The order in which they are applied to a
 * transaction is that of 13.4:
 *
 *	attr_override     the STE's or GBPA's replacements
 *	attr_stage1       if stage 1 translates
 *	attr_combine      if stage 2 translates
 *	attr_no_snoop     if the device asked for it
 */
#ifndef SMMU_WALK_ATTRIBUTES_H
#define SMMU_WALK_ATTRIBUTES_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* Overrides as STE.{MTCFG, MemAttr, ALLOCCFG, SHCFG} and GBPA encode them; the caller states "use
 * incoming" (mtcfg false, alloccfg 0, shcfg 1) where IDR1.ATTR_TYPES_OVR is 0.  5.2, 6.3.14 */
struct attr_override {
	bool mtcfg;
	uint8_t memattr;
	uint8_t alloccfg;
	uint8_t shcfg;
};

/* The attribute that a MAIR byte and a descriptor's SH field name, reserved encodings resolved:
 * libsmmu picks Non-shareable for the reserved SH 0b01.  5.4 (MAIR), D8.6.2 */
struct smmu3_attr attr_from_mair(uint8_t mair_byte, unsigned sh);

/* attr made consistent and canonical.  13.1.7 */
struct smmu3_attr attr_consistent(struct smmu3_attr attr);

/*
 * in, with overrides applied.  A cacheability level that becomes cacheable without having been so
 * is read-allocate, write-allocate and not transient.  libsmmu lets ALLOCCFG act with MTCFG = 0
 * too, where the STE leaves it open, as GBPA has it.  13.1.4, 5.2
 */
struct smmu3_attr attr_override(struct smmu3_attr in, const struct attr_override *override);

/* What stage 1 makes of input: type and shareability of the descriptor, hints combined with those
 * of a cacheable input, at each level of cache.  13.4.2 */
struct smmu3_attr attr_stage1(struct smmu3_attr input, uint8_t mair_byte, unsigned sh);

/*
 * What stage 2 makes of s1, which is the output of stage 1 or, without one, the overridden input.
 * s2_memattr is the descriptor's MemAttr[3:0] and s2_sh its SH; fwb is STE.S2FWB.  libsmmu takes
 * reserved MemAttr values for Device-nGnRnE, ignores MemAttr[3] under FWB, where it is RES0 (but
 * see attr_memattr_of_mteperm), and
 * takes what was Device or iNC-oNC for Outer Shareable on its way in.
 * 13.1.5, 13.1.6, 13.4.3, D8.6.5 to D8.6.7
 */
struct smmu3_attr attr_combine(struct smmu3_attr s1, unsigned s2_memattr, unsigned s2_sh, bool fwb);

/* The stage 2 MemAttr[3:0] that one with MTEPERM comes to: encodings with NoTagAccess are as those
 * without, for nothing is tagged here; libsmmu takes what is reserved then for
 * Device-nGnRnE.  3.23.1
 */
unsigned attr_memattr_of_mteperm(unsigned s2_memattr, bool fwb);

/* attr for a transaction marked No_snoop: Normal cacheable becomes Non-cacheable.  13.6.1.1 */
struct smmu3_attr attr_no_snoop(struct smmu3_attr attr);

/* Attributes of a table walk: CD.{IRx, ORx, SHx} or STE.{S2IR0, S2OR0, S2SH0}.  5.2, 5.4, 13.8 */
struct smmu3_attr attr_walk(unsigned ir, unsigned or_, unsigned sh);

/* Attributes of CD and L1CD fetches: STE.{S1CIR, S1COR, S1CSH}.  A CD is only read: libsmmu drives
 * no write-allocate hint.  5.2 */
struct smmu3_attr attr_s1c(unsigned cir, unsigned cor, unsigned csh);

/* Attributes of STE and L1STD fetches: CR1.{TABLE_IC, TABLE_OC, TABLE_SH} and STRTAB_BASE.RA.
 * 6.3.11, 6.3.24 */
struct smmu3_attr attr_table(unsigned ic, unsigned oc, unsigned sh, bool ra);

/* Attributes of accesses to queues: CR1.{QUEUE_IC, QUEUE_OC, QUEUE_SH}, and the hint of the queue's
 * base register, read-allocate where it is read and write-allocate where it is written.  6.3.11,
 * 6.3.26, 6.3.29 */
struct smmu3_attr attr_queue(unsigned ic, unsigned oc, unsigned sh, bool hint, bool read);

/* Attributes of an MSI: MemAttr as in the STE, and SH.  6.3.23, 4.7.3 */
struct smmu3_attr attr_msi(unsigned memattr, unsigned sh);

#endif
