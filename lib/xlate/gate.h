/* SPDX-License-Identifier: MIT */
/* The registers of one Security state as a transaction sees them: decoded when software writes,
 * const afterwards. */
#ifndef SMMU_XLATE_GATE_H
#define SMMU_XLATE_GATE_H

#include "config/stream.h"
#include "mem/gpc.h"
#include "walk/dpt.h"

#include <smmu/smmu.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* GBPA and S_GBPA (6.3.14, 6.3.63): what becomes of a transaction while SMMUEN is 0.  Where an
 * override is not implemented the fields say "use incoming". */
struct bypass {
	bool abort;
	bool mtcfg;
	uint8_t memattr, alloccfg, shcfg, privcfg, instcfg; /* encoded as the register has them */
	uint8_t nscfg;                                      /* likewise; of Secure streams */
	struct smmu3_mpam mpam; /* of GBPMPAM; of Translated transactions that no STE is asked of,
				 * too.  6.3.43 */
};

struct gate {
	bool smmuen;
	bool no_stalls;   /* of Non-secure streams, by S_CR0.NSSTALLD */
	bool recinvsid;   /* CR2.RECINVSID: record C_BAD_STREAMID.  6.3.12 */
	bool rec_cfg_ats; /* CR2.REC_CFG_ATS: record more of ATS.  6.3.12 */
	bool sif;    /* no Non-secure instruction is fetched: by S_CR0.SIF of Secure streams, and of
		      * Realm ones always.  6.3.57.2, 7.3.16 */
	bool atschk; /* CR0.ATSCHK: Translated transactions are checked.  6.3.9.2 */
	struct bypass bypass;
	struct stream_table streams;
	struct dpt dpt; /* last: only who may look it up copies it */
};

enum {
	GATE_WORDS = (sizeof(struct gate) + 7) / 8,
	GATE_WORDS_BEFORE_DPT = (offsetof(struct gate, dpt) + 7) / 8,
};

/*
 * A gate that one thread at a time publishes and any thread loads, without waiting for each other.
 *
 * Two slots take turns: publication n goes to slot n % 2, then `published` becomes n.  A reader
 * copies the slot of the number it saw, and trusts the copy if the number is still the same: the
 * writer comes back to that slot only after it has published n + 1.  Words are stored with release
 * and loaded with acquire order, so a reader that got a word of a later turn also sees the later
 * number.
 */
struct gate_cell {
	atomic_uint published;
	_Atomic uint64_t slot[2][GATE_WORDS];
};

/* One writer at a time. */
void gate_publish(struct gate_cell *cell, const struct gate *gate);

/* All but the DPT, which stays as it was in *gate. */
void gate_load(const struct gate_cell *cell, struct gate *gate);
void gate_load_with_dpt(const struct gate_cell *cell, struct gate *gate);

/* The granule protection checks, of the whole SMMU, likewise. */
enum { GPC_WORDS = (sizeof(struct gpc) + 7) / 8 };

struct gpc_cell {
	atomic_uint published;
	_Atomic uint64_t slot[2][GPC_WORDS];
};

void gpc_publish(struct gpc_cell *cell, const struct gpc *gpc);
void gpc_load(const struct gpc_cell *cell, struct gpc *gpc);

#endif
