/* SPDX-License-Identifier: MIT */
/*
 * Requests of ATOS as software makes them, through registers.  Offsets and bit numbers are those of
 * 6.3.37 to 6.3.44 and 6.3.99 to 6.3.102, written out here.
 */
#ifndef TESTS_PROG_ATOS_H
#define TESTS_PROG_ATOS_H

#include "streams.h"

enum { VATOS_SEL = 0x180 };

/* A register group, by its offsets. */
struct atos_group {
	uint64_t ctrl, sid, addr, par;
};

extern const struct atos_group gatos; /* 0x100 to 0x118 */
extern const struct atos_group vatos; /* on its page at 0x20000 */

/* ATOS_ADDR: a read by a user of data through the stages that are asked for, unless it says
 * otherwise. */
#define STAGE1_OF(address) ((address) | UINT64_C(1) << 10 | ATOS_READ)
#define STAGE2_OF(address) ((address) | UINT64_C(2) << 10 | ATOS_READ)
#define BOTH_OF(address) ((address) | UINT64_C(3) << 10 | ATOS_READ)
#define ATOS_HTTUI (UINT64_C(1) << 6)
#define ATOS_FETCH (UINT64_C(1) << 7)
#define ATOS_READ (UINT64_C(1) << 8)
#define ATOS_PRIVILEGED (UINT64_C(1) << 9)

/* ATOS_SID */
#define ATOS_SSID(n) (UINT64_C(1) << 52 | (uint64_t)(n) << 32)

/* ATOS_PAR of a fault: FAULT, REASON, FAULTCODE.  9.1.5 */
#define PAR_FAULT(code, reason) (UINT64_C(1) | (uint64_t)(reason) << 1 | (uint64_t)(code) << 4)
#define INV_REQ PAR_FAULT(0xff, 0)
#define INV_STAGE PAR_FAULT(0xfe, 0)

/*
 * A machine with GATOS and VATOS, VATOS_SEL 3, and streams
 *
 *	1 stage 1:	VA 0 to PA 0x40000000, 1GB
 *	2 stage 2:	IPA 0x40000000 to PA 0xc0000000, 1GB; the second GB of RAM to itself
 *	3 both:		VA 0 to IPA 0x40000000, 1GB, and on as stream 2
 *	4 bypass
 *	5 abort
 *	6 no legal STE
 *	7 as 3, with 2 substreams; S1DSS says that others end
 *
 * Normal Write-Back Inner Shareable memory, read and written by all; VMID 3.
 */
struct machine *atos_machine(void);
/* Its memory, for a machine of another kind. */
void put_atos_streams(struct machine *m);

#define S1_ALONE_AT (S1_TABLE_AT + 0x1000) /* the table of stream 1 */
#define CD_1 CDS_AT
#define CD_3 (CDS_AT + 0x40)
#define CD_7 (CDS_AT + 0x80) /* two */

/* Asks, and waits as software does; the result is ATOS_PAR. */
uint64_t par_of(struct machine *m, const struct atos_group *group, uint64_t sid, uint64_t addr);
/* As long as it is not done. */
bool running(struct machine *m, const struct atos_group *group);

#endif
