/* SPDX-License-Identifier: MIT */
/* Address translation operations: where an address goes, asked by software.  Nothing is recorded,
 * nothing stalls; the answer is a word.  Chapter 9 */
#ifndef SMMU_XLATE_ATOS_H
#define SMMU_XLATE_ATOS_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

struct fault;
struct features;
struct world;

/* What ATOS_SID, ATOS_ADDR and VATOS_SEL say. */
struct atos_request {
	bool secure_group; /* PAR says which space an address is of.  6.3.86 */
	bool s2p;          /* the SMMU has stage 2, if not for streams of this state */
	uint8_t sec_sid;   /* enum smmu3_pas, of the stream */
	uint32_t sid, ssid;
	bool ssv;
	uint8_t type; /* enum atos_type, or 0 */
	bool write, instruction, privileged;
	bool inhibits; /* HTTUI: hardware updates.  9 */
	bool ns;       /* where stage 1 does not say it, a Secure stream's IPA is Non-secure */
	bool one_vm;   /* VATOS: stage 1 alone, of streams that have this VMID */
	uint16_t vmid;
	uint64_t addr;
};

/* Does the request, of an SMMU that is enabled; the answer is ATOS_PAR. */
uint64_t atos_look_up(const struct world *world, const struct atos_request *request);

/* ATOS_PAR of a request that is ended before it has an answer: INTERNAL_ERR.  6.3.37 */
uint64_t atos_ended(const struct atos_request *request);

/* ---- ATOS_PAR: pure ---- */

/* A translation of 2^size_lg2 bytes: its address is aligned to them, and the bit below says how
 * many they are; 4KB needs none.  6.3.40 */
uint64_t atos_par(uint64_t address, unsigned size_lg2, struct smmu3_attr attr);

/*
 * What the request of a type is told of a fault.  By stage 1 alone a fault of stage 2, met on the
 * way to a CD or descriptor, is an abort of that fetch.  The address at fault, below OAS, is shown
 * where both stages were asked for and stage 2 has a translation fault.
 *
 * Of a request for stage 2 alone the table of 9.1.4 gives every error that it can end in, but for
 * Address Size faults of stage 1, REASON IN; the register's own text would have 0 for those that no
 * stage is at fault of.  libsmmu does as the table.
 */
uint64_t atos_par_of_fault(unsigned type, const struct fault *fault, unsigned oas_bits);

/* Is this a word that these make, as far as it can be told?  VATOS is told nothing of stage 2. */
bool atos_par_fits(const struct features *features, bool one_vm, uint64_t par);

#endif
