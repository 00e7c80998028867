/* SPDX-License-Identifier: MIT */
/* Each rule about ID registers, broken from a consistent set, is reported with its sentence and section. */
#include "config.h"
#include "prog/rules.h"
#include "run.h"

#include <check.h>
#include <stdlib.h>

#define REALM " when ROOT_IDR0.REALM_IMPL is 1"
#define MINOR(is, least) "AIDR.ArchMinorRev is " #is ", but must be at least " #least

static const struct broken rows[] = {
	/* IDR-033, IDR-034 */
	{ "generic-3.1", { EDIT(aidr, 0, 0x10) }, "6.3.8",
	  "AIDR.ArchMajorRev is 1, but must be 0" },
	{ "max", { EDIT(aidr, 7, 5) }, "6.3.8", "AIDR.ArchMinorRev is 5, but must be at most 4" },
	{ "generic-3.1", { EDIT(iidr, 0, 0x80) }, "6.3.7",
	  "IIDR.Implementer[7] is 1, but must be 0" },
	/* IDR-039, IDR-040, IDR-041, IDR-042 */
	{ "max-realm", { EDIT(idr[0], 0x40000000, 0) }, "6.3.110",
	  "IDR0.RME_IMPL is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[0], 0x2, 0) }, "2.7.1", "IDR0.S1P is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[0], 0x1, 0) }, "2.7.1", "IDR0.S2P is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[0], 0x200, 0) }, "2.7.1", "IDR0.Hyp is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[0], 0, 0x4) }, "2.7.1", "IDR0.TTF is 3, but must be 2" REALM },
	{ "max-realm", { EDIT(idr[0], 0x10, 0) }, "2.7.1",
	  "IDR0.COHACC is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[3], 0x1800, 0x800) }, "2.7.1",
	  "IDR3.BBML is 1, but must be 2" REALM },
	{ "max-realm", { EDIT(idr[3], 0x200, 0) }, "2.7.1", "IDR3.STT is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[3], 0x100, 0) }, "2.7.1", "IDR3.FWB is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[3], 0x10, 0) }, "2.7.1", "IDR3.XNX is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[3], 0x4, 0) }, "2.7.1", "IDR3.HAD is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[3], 0x2000, 0) }, "2.7.1",
	  "IDR3.E0PD is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[3], 0x4000, 0) }, "2.7.1",
	  "IDR3.PTWNNC is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[0], 0, 0x800), EDIT(r_idr[3], 0x8000, 0) }, "2.7.1",
	  "IDR0.NS1ATS is 1, but must be 0" REALM " and IDR0.ATS is 1 and R_IDR3.DPT is 0" },
	{ "max-realm", { EDIT(r_idr[1], ALL, 0) }, "6.3.123",
	  "R_IDR1.RME_DA_IMPL is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(r_idr[0], 0x400, 0) }, "6.3.122",
	  "R_IDR0.ATS is 0, but must be as IDR0.ATS, 1" REALM },
	{ "max-realm", { EDIT(r_idr[0], 0x2000, 0) }, "6.3.122",
	  "R_IDR0.MSI is 0, but must be as IDR0.MSI, 1" REALM },
	{ "max-realm", { EDIT(r_idr[0], 0x10000, 0) }, "6.3.122",
	  "R_IDR0.PRI is 0, but must be as IDR0.PRI, 1" REALM },
	{ "max-realm", { EDIT(r_idr[0], 0x3000000, 0) }, "6.3.122",
	  "R_IDR0.STALL_MODEL is 0, but must be 1" REALM },
	{ "max-realm", { EDIT(idr[0], 0x810400, 0), EDIT(r_idr[0], 0x10400, 0), EDIT(idr[3], 0x18020, 0),
			 EDIT(r_idr[3], 0x20000, 0) },
	  "6.3.125", "R_IDR0.ATS is 0, but must be 1 when R_IDR3.DPT is 1" },
	{ "max-realm", { EDIT(idr[0], 0x810400, 0), EDIT(r_idr[0], 0x10400, 0), EDIT(idr[3], 0x18020, 0),
			 EDIT(r_idr[3], 0x8000, 0) },
	  "6.3.125", "R_IDR0.ATS is 0, but must be 1 when R_IDR3.XT is 1" },
	{ "max", { EDIT(root_idr0, ALL, 1) }, "6.3.110",
	  "ROOT_IDR0.RGPTM is 0, but must be 1 when ROOT_IDR0.ROOT_IMPL is 1 and ROOT_IDR0.BGPTM is 0" },
	{ "max", { EDIT(root_idr0, 0, 0x800000) }, "6.3.110",
	  "ROOT_IDR0.BA_REALM is 2, but must be 0 when ROOT_IDR0.REALM_IMPL is 0" },
	{ "max-realm", { EDIT(root_idr0, 0, 0x400000) }, "6.3.110",
	  "ROOT_IDR0.BA_REALM[0] is 1, but must be 0" },
	/* IDR-011 */
	{ "max", { EDIT(root_idr0, ALL, 0), EDIT(idr[0], 0, 0x40000000) }, "6.3.1",
	  "ROOT_IDR0.ROOT_IMPL is 0, but must be 1 when IDR0.RME_IMPL is 1" },
	{ "generic-3.1", { EDIT(root_idr0, 0, 7) }, "2.6",
	  MINOR(1, 2) " when ROOT_IDR0.ROOT_IMPL is 1" },
	/* IDR-008, IDR-022, IDR-037, IDR-038 */
	{ "hafnium", { EDIT(idr[0], 0x2, 0) }, "6.3.53",
	  "IDR0.S1P is 0, but must be 1 when S_IDR1.SECURE_IMPL is 1" },
	{ "hafnium", { EDIT(idr[0], 0x1, 0) }, "6.3.53",
	  "S_IDR1.SEL2 is 1, but must be 0 when IDR0.S2P is 0" },
	{ "hafnium", { EDIT(aidr, ALL, 0) }, "6.3.53", MINOR(0, 1) " when S_IDR1.SEL2 is 1" },
	{ "max-realm", { EDIT(s_idr[1], 0x20000000, 0) }, "6.3.53",
	  "S_IDR1.SEL2 is 0, but must be 1 when S_IDR1.SECURE_IMPL is 1 and IDR0.RME_IMPL is 1" },
	{ "hafnium", { EDIT(s_idr[1], 0x3f, 33) }, "6.3.53",
	  "S_IDR1.S_SIDSIZE is 0x21, but must be at most 0x20" },
	{ "hafnium", { EDIT(s_idr[0], 0, 0x01000000) }, "3.12",
	  "IDR0.STALL_MODEL is 0, but must be as S_IDR0.STALL_MODEL, 1 when S_IDR1.SECURE_IMPL is 1" },
	{ "hafnium", { EDIT(idr[3], 0x200, 0) }, "6.3.4",
	  "IDR3.STT is 0, but must be 1 when S_IDR1.SEL2 is 1" },
	{ "hafnium", { EDIT(s_idr[2], 0, 1) }, "6.3.54",
	  "S_IDR2.BA_S_VATOS is 1, but must be 0 when IDR0.VATOS is 0" },
	{ "hafnium", { EDIT(s_idr[3], 0, 0x40) }, "6.3.55",
	  "S_IDR3.SAMS is 1, but must be 0 when IDR0.ATS is 0" },
	/* IDR-002, IDR-030 */
	{ "generic-3.1", { EDIT(idr[0], 0xc, 0) }, "6.3.1", "IDR0.TTF is 0, but must not be 0" },
	{ "max", { EDIT(idr[3], 0, 0x8000) }, "6.3.1",
	  "IDR0.TTF[0] is 1, but must be 0 when IDR3.DPT is 1" },
	{ "max", { EDIT(idr[5], 0, 0x100) }, "6.3.6",
	  "IDR0.TTF is 3, but must be 2 when IDR5.D128 is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0x3, 0) }, "3.3",
	  "IDR0.S1P is 0 and IDR0.S2P is 0, but IDR0.S1P must be 1 or IDR0.S2P must be 1" },
	/* IDR-003 */
	{ "generic-3.1", { EDIT(idr[0], 0x18000000, 0x10000000) }, "6.3.1",
	  "IDR0.ST_LEVEL is 2, but must be at most 1" },
	{ "minimal-3.0", { EDIT(idr[1], 0x3f, 7) }, "6.3.2",
	  "IDR0.ST_LEVEL is 0, but must not be 0 when IDR1.SIDSIZE is 7" },
	/* IDR-004 */
	{ "generic-3.1", { EDIT(idr[0], 0x2, 0x200) }, "6.3.1",
	  "IDR0.Hyp is 1, but must be 0 when IDR0.S1P is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0x1, 0x200) }, "6.3.1",
	  "IDR0.Hyp is 1, but must be 0 when IDR0.S2P is 0" },
	{ "generic-3.1", { EDIT(aidr, 7, 2) }, "6.3.1",
	  "IDR0.Hyp is 0, but must be 1 when AIDR.ArchMinorRev is 2 and IDR0.S1P is 1 and IDR0.S2P is 1" },
	/* IDR-005, IDR-036 */
	{ "generic-3.1", { EDIT(idr[0], 0, 0x10000) }, "6.3.1",
	  "IDR0.PRI is 1, but must be 0 when IDR0.ATS is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0x800000) }, "6.3.1",
	  "IDR0.ATSRECERR is 1, but must be 0 when IDR0.ATS is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0x800400) }, "2.9",
	  MINOR(1, 2) " when IDR0.ATSRECERR is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0x800) }, "6.3.1",
	  "IDR0.NS1ATS is 1, but must be 0 when IDR0.ATS is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0x2, 0xc00) }, "6.3.1",
	  "IDR0.NS1ATS is 1, but must be 0 when IDR0.S1P is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0x1, 0xc00) }, "6.3.1",
	  "IDR0.NS1ATS is 1, but must be 0 when IDR0.S2P is 0" },
	/* IDR-006 */
	{ "generic-3.1", { EDIT(idr[0], 0, 0x100000) }, "6.3.1",
	  "IDR0.VATOS is 1, but must be 0 when IDR0.ATOS is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0x2, 0x108000) }, "6.3.1",
	  "IDR0.VATOS is 1, but must be 0 when IDR0.S1P is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0x1, 0x108000) }, "6.3.1",
	  "IDR0.VATOS is 1, but must be 0 when IDR0.S2P is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0x1, 0x20000) }, "6.3.1",
	  "IDR0.VMW is 1, but must be 0 when IDR0.S2P is 0" },
	/* IDR-007, IDR-009, IDR-010 */
	{ "generic-3.1", { EDIT(idr[0], 0, 0x3000000) }, "6.3.1",
	  "IDR0.STALL_MODEL is 3, but must be at most 2" },
	{ "generic-3.1", { EDIT(idr[0], 0x600000, 0x200000) }, "6.3.1",
	  "IDR0.TTENDIAN is 1, but must not be 1" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0xc0) }, "2.9", MINOR(1, 3) " when IDR0.HTTU is 3" },
	/* IDR-015, IDR-016 */
	{ "generic-3.1", { EDIT(idr[1], 0x3f, 33) }, "6.3.2",
	  "IDR1.SIDSIZE is 0x21, but must be at most 0x20" },
	{ "generic-3.1", { EDIT(idr[1], 0x7c0, 21 << 6) }, "6.3.2",
	  "IDR1.SSIDSIZE is 0x15, but must be at most 0x14" },
	{ "generic-3.1", { EDIT(idr[1], 0x3e00000, 20 << 21) }, "6.3.2",
	  "IDR1.CMDQS is 0x14, but must be at most 0x13" },
	{ "generic-3.1", { EDIT(idr[1], 0x1f0000, 20 << 16) }, "6.3.2",
	  "IDR1.EVENTQS is 0x14, but must be at most 0x13" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0x10400), EDIT(idr[1], 0xf800, 20 << 11) }, "6.3.2",
	  "IDR1.PRIQS is 0x14, but must be at most 0x13 when IDR0.PRI is 1" },
	{ "generic-3.1", { EDIT(idr[1], 0, 0x10000000) }, "6.3.2",
	  "IDR1.TABLES_PRESET is 0 and IDR1.QUEUES_PRESET is 0, but IDR1.TABLES_PRESET must be 1 or IDR1.QUEUES_PRESET "
	  "must be 1 when IDR1.REL is 1" },
	/* IDR-017 */
	{ "hafnium", { EDIT(idr[0], 0x10, 0), EDIT(idr[1], 0, 0x80000000) }, "6.3.2",
	  "IDR0.COHACC is 0, but must be 1 when IDR1.ECMDQ is 1" },
	{ "hafnium", { EDIT(idr[1], 0, 0x80000000) }, "6.3.2",
	  "IDR0.MSI is 0, but must be 1 when IDR1.ECMDQ is 1" },
	{ "max", { EDIT(idr[1], 0, 0x20000000) }, "6.3.2",
	  "IDR1.QUEUES_PRESET is 1, but must be 0 when IDR1.ECMDQ is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0x2000), EDIT(idr[1], 0, 0x80000000) }, "2.9",
	  MINOR(1, 2) " when IDR1.ECMDQ is 1" },
	{ "hafnium", { EDIT(idr[0], 0x10, 0), EDIT(s_idr[0], 0, 0x80002000) }, "6.3.52",
	  "IDR0.COHACC is 0, but must be 1 when S_IDR0.ECMDQ is 1" },
	{ "hafnium", { EDIT(s_idr[0], 0, 0x80000000) }, "6.3.52",
	  "S_IDR0.MSI is 0, but must be 1 when S_IDR0.ECMDQ is 1" },
	{ "hafnium", { EDIT(s_idr[0], 0, 0x80002000), EDIT(idr[1], 0, 0x20000000) }, "6.3.52",
	  "IDR1.QUEUES_PRESET is 1, but must be 0 when S_IDR0.ECMDQ is 1" },
	{ "hafnium", { EDIT(s_idr[0], 0, 0x80002000), EDIT(aidr, 7, 1) }, "2.9",
	  MINOR(1, 2) " when S_IDR0.ECMDQ is 1" },
	{ "max-realm",
	  { EDIT(idr[0], 0x2000, 0), EDIT(r_idr[0], 0x2000, 0), EDIT(idr[1], 0x80000000, 0), EDIT(idr[6], ALL, 0) },
	  "6.3.122", "R_IDR0.MSI is 0, but must be 1 when R_IDR0.ECMDQ is 1" },
	{ "max-realm", { EDIT(idr[1], 0x80000000, 0x20000000), EDIT(idr[6], ALL, 0), EDIT(s_idr[0], 0x80000000, 0),
			 EDIT(s_idr[6], ALL, 0) },
	  "6.3.122", "IDR1.QUEUES_PRESET is 1, but must be 0 when R_IDR0.ECMDQ is 1" },
	/* IDR-018, IDR-035 */
	{ "generic-3.1", { EDIT(idr[2], 0, 1) }, "6.3.3",
	  "IDR2.BA_VATOS is 1, but must be 0 when IDR0.VATOS is 0" },
	{ "max", { EDIT(idr[6], ALL, 0x90000) }, "6.3.45",
	  "IDR6.CMDQ_CONTROL_PAGE_LOG2NUMQ is 9, but must be at most 8" },
	{ "max", { EDIT(idr[6], ALL, 0x9000000) }, "6.3.45",
	  "IDR6.CMDQ_CONTROL_PAGE_LOG2NUMP is 9, but must be at most 8" },
	{ "max", { EDIT(s_idr[6], ALL, 0x90000) }, "6.3.91",
	  "S_IDR6.CMDQ_CONTROL_PAGE_LOG2NUMQ is 9, but must be at most 8" },
	{ "max", { EDIT(s_idr[6], ALL, 0x9000000) }, "6.3.91",
	  "S_IDR6.CMDQ_CONTROL_PAGE_LOG2NUMP is 9, but must be at most 8" },
	{ "max-realm", { EDIT(r_idr[6], ALL, 0x90000) }, "6.3.157",
	  "R_IDR6.CMDQ_CONTROL_PAGE_LOG2NUMQ is 9, but must be at most 8" },
	{ "max-realm", { EDIT(r_idr[6], ALL, 0x9000000) }, "6.3.157",
	  "R_IDR6.CMDQ_CONTROL_PAGE_LOG2NUMP is 9, but must be at most 8" },
	/* IDR-020, IDR-021 */
	{ "generic-3.1", { EDIT(idr[0], 0x2, 0) }, "6.3.4",
	  "IDR3.HAD is 1, but must be 0 when IDR0.S1P is 0" },
	{ "generic-3.1", { EDIT(idr[3], 0x4, 0) }, "6.3.4",
	  "IDR3.HAD is 0, but must be 1 when AIDR.ArchMinorRev is 1 and IDR0.S1P is 1" },
	{ "minimal-3.0", { EDIT(idr[3], 0, 0xc) }, "6.3.4", MINOR(0, 1) " when IDR3.PBHA is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0x2, 0), EDIT(idr[3], 0x4, 0x8) }, "6.3.4",
	  "IDR3.HAD is 0, but must be 1 when IDR3.PBHA is 1" },
	{ "minimal-3.0", { EDIT(idr[3], 0, 0x10) }, "6.3.4", MINOR(0, 1) " when IDR3.XNX is 1" },
	{ "generic-3.1", { EDIT(idr[3], 0x10, 0) }, "6.3.4",
	  "IDR3.XNX is 0, but must be 1 when AIDR.ArchMinorRev is 1 and IDR0.S2P is 1" },
	/* IDR-024, IDR-025, IDR-036 */
	{ "generic-3.1", { EDIT(idr[3], 0, 0x20) }, "6.3.4",
	  "IDR3.PPS is 1, but must be 0 when IDR0.PRI is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0x10400), EDIT(idr[1], 0x7c0, 0), EDIT(idr[3], 0, 0x20) }, "6.3.4",
	  "IDR3.PPS is 1, but must be 0 when IDR1.SSIDSIZE is 0" },
	{ "minimal-3.0", { EDIT(idr[3], 0, 0x80) }, "2.9", MINOR(0, 1) " when IDR3.MPAM is 1" },
	/* IDR-043 */
	{ "max-realm", { EDIT(r_mpamidr, 0x3f, 0x1f) }, "6.3.155",
	  "R_MPAMIDR.PARTID_MAX is 0x1f, but must be as MPAMIDR.PARTID_MAX, 0x3f" REALM },
	{ "max-realm", { EDIT(r_mpamidr, 0x10000, 0) }, "6.3.155",
	  "R_MPAMIDR.PMG_MAX is 0, but must be as MPAMIDR.PMG_MAX, 1" REALM },
	{ "max-realm", { EDIT(r_mpamidr, 0, 0x2000000) }, "6.3.155",
	  "R_MPAMIDR.HAS_MPAM_NS is 1, but must be as S_MPAMIDR.HAS_MPAM_NS, 0" REALM " and S_IDR1.SECURE_IMPL is 1" },
	{ "hafnium", { EDIT(idr[3], 0x100, 0) }, "6.3.4",
	  "IDR3.FWB is 0, but must be 1 when AIDR.ArchMinorRev is 2" },
	{ "minimal-3.0", { EDIT(idr[3], 0, 0x100) }, "2.9", MINOR(0, 1) " when IDR3.FWB is 1" },
	{ "minimal-3.0", { EDIT(idr[3], 0, 0x200) }, "2.9", MINOR(0, 1) " when IDR3.STT is 1" },
	{ "hafnium", { EDIT(idr[3], 0x400, 0) }, "6.3.4",
	  "IDR3.RIL is 0, but must be 1 when AIDR.ArchMinorRev is 2" },
	{ "minimal-3.0", { EDIT(idr[3], 0, 0x400) }, "2.9", MINOR(0, 1) " when IDR3.RIL is 1" },
	{ "generic-3.1", { EDIT(idr[3], 0, 0x1800) }, "6.3.4",
	  "IDR3.BBML is 3, but must be at most 2" },
	{ "hafnium", { EDIT(idr[3], 0x1800, 0) }, "6.3.4",
	  "IDR3.BBML is 0, but must not be 0 when AIDR.ArchMinorRev is 2" },
	{ "minimal-3.0", { EDIT(idr[3], 0, 0x800) }, "2.9", MINOR(0, 1) " when IDR3.BBML is 1" },
	{ "max", { EDIT(idr[3], 0x2000, 0) }, "6.3.4",
	  "IDR3.E0PD is 0, but must be 1 when AIDR.ArchMinorRev is 4" },
	{ "generic-3.1", { EDIT(idr[3], 0, 0x2000) }, "2.9", MINOR(1, 2) " when IDR3.E0PD is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0x1, 0), EDIT(idr[3], 0, 0x4000) }, "6.3.4",
	  "IDR3.PTWNNC is 1, but must be 0 when IDR0.S2P is 0" },
	{ "max", { EDIT(idr[3], 0x4000, 0) }, "6.3.4",
	  "IDR3.PTWNNC is 0, but must be 1 when AIDR.ArchMinorRev is 4 and IDR0.S2P is 1" },
	{ "generic-3.1", { EDIT(idr[3], 0, 0x4000) }, "2.9", MINOR(1, 2) " when IDR3.PTWNNC is 1" },
	{ "hafnium", { EDIT(idr[3], 0, 0x8000) }, "6.3.4",
	  "IDR0.ATS is 0, but must be 1 when IDR3.DPT is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0x400), EDIT(idr[3], 0, 0x8000) }, "2.9",
	  MINOR(1, 2) " when IDR3.DPT is 1" },
	{ "generic-3.1", { EDIT(idr[3], 0, 0x10000) }, "6.3.4",
	  "IDR3.PASIDTT is 1, but must be 0 when IDR0.ATS is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0x400), EDIT(idr[1], 0x7c0, 0), EDIT(idr[3], 0, 0x10000) }, "6.3.4",
	  "IDR3.PASIDTT is 1, but must be 0 when IDR1.SSIDSIZE is 0" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0x400), EDIT(idr[3], 0, 0x10000) }, "2.9",
	  MINOR(1, 3) " when IDR3.PASIDTT is 1" },
	/* IDR-022, IDR-023 */
	{ "max", { EDIT(idr[3], 0x20000, 0) }, "6.3.4",
	  "IDR3.EPAN is 0, but must be 1 when AIDR.ArchMinorRev is 4" },
	{ "generic-3.1", { EDIT(idr[3], 0, 0x20000) }, "2.9", MINOR(1, 3) " when IDR3.EPAN is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0x2, 0), EDIT(idr[3], 0x4, 0x40000) }, "6.3.4",
	  "IDR3.S1PI is 1, but must be 0 when IDR0.S1P is 0" },
	{ "generic-3.1", { EDIT(idr[3], 0, 0x40000) }, "2.9", MINOR(1, 3) " when IDR3.S1PI is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0x1, 0), EDIT(idr[3], 0, 0x80000) }, "6.3.4",
	  "IDR3.S2PI is 1, but must be 0 when IDR0.S2P is 0" },
	{ "generic-3.1", { EDIT(idr[3], 0, 0x80000) }, "2.9", MINOR(1, 3) " when IDR3.S2PI is 1" },
	{ "max", { EDIT(idr[3], 0x80000, 0) }, "6.3.4",
	  "IDR3.S2PI is 0, but must be 1 when IDR3.S2PO is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0x2, 0), EDIT(idr[3], 0x4, 0x200000) }, "6.3.4",
	  "IDR3.THE is 1, but must be 0 when IDR0.S1P is 0" },
	{ "max", { EDIT(idr[3], 0x180000, 0) }, "6.3.4",
	  "IDR3.S2PI is 0, but must be 1 when IDR3.THE is 1 and IDR0.S2P is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0x1, 0), EDIT(idr[3], 0, 0x200000) }, "2.9",
	  MINOR(1, 3) " when IDR3.THE is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0x1, 0), EDIT(idr[3], 0, 0x400000) }, "6.3.4",
	  "IDR3.MTEPERM is 1, but must be 0 when IDR0.S2P is 0" },
	{ "max", { EDIT(idr[3], 0x400000, 0) }, "6.3.4",
	  "IDR3.MTEPERM is 0, but must be 1 when AIDR.ArchMinorRev is 4 and IDR0.S2P is 1" },
	{ "generic-3.1", { EDIT(idr[3], 0, 0x400000) }, "2.9",
	  MINOR(1, 3) " when IDR3.MTEPERM is 1" },
	{ "generic-3.1", { EDIT(idr[0], 0x2, 0), EDIT(idr[3], 0x4, 0x800000) }, "6.3.4",
	  "IDR3.AIE is 1, but must be 0 when IDR0.S1P is 0" },
	{ "generic-3.1", { EDIT(idr[3], 0, 0x800000) }, "2.9", MINOR(1, 3) " when IDR3.AIE is 1" },
	/* IDR-027 */
	{ "minimal-3.0", { EDIT(idr[5], 7, 0x46) }, "6.3.6", MINOR(0, 1) " when IDR5.OAS is 6" },
	{ "generic-3.1", { EDIT(idr[5], 0xc40, 0) }, "6.3.6",
	  "IDR5.GRAN64K is 0 and IDR5.DS is 0 and IDR5.D128 is 0, but IDR5.GRAN64K must be 1 or IDR5.DS must be 1 or "
	  "IDR5.D128 must be 1 when IDR5.OAS is 6" },
	{ "rmm", { EDIT(idr[5], 0, 7) }, "6.3.6", MINOR(3, 4) " when IDR5.OAS is 7" },
	{ "max", { EDIT(idr[5], 0, 7) }, "6.3.6",
	  "IDR5.D128 is 0, but must be 1 when IDR5.OAS is 7" },
	/* IDR-028 */
	{ "generic-3.1", { EDIT(idr[0], 0, 0x4), EDIT(idr[5], 0x10, 0) }, "6.3.6",
	  "IDR5.GRAN4K is 0, but must be 1 when IDR0.TTF[0] is 1" },
	{ "rmm", { EDIT(idr[5], 0x30, 0) }, "6.3.6",
	  "IDR5.GRAN4K is 0 and IDR5.GRAN16K is 0, but IDR5.GRAN4K must be 1 or IDR5.GRAN16K must be 1 when "
	  "IDR5.DS is 1" },
	{ "rmm", { EDIT(idr[5], 0xc00, 0) }, "6.3.6",
	  "IDR5.VAX is 0, but must not be 0 when IDR5.DS is 1" },
	{ "generic-3.1", { EDIT(idr[5], 0, 0x80) }, "2.9", MINOR(1, 3) " when IDR5.DS is 1" },
	/* IDR-030 */
	{ "max-d128", { EDIT(idr[3], 0x40000, 0) }, "6.3.6",
	  "IDR3.S1PI is 0, but must be 1 when IDR5.D128 is 1" },
	{ "max-d128", { EDIT(idr[3], 0x100000, 0) }, "6.3.6",
	  "IDR3.S2PO is 0, but must be 1 when IDR5.D128 is 1" },
	{ "max-d128", { EDIT(idr[3], 0x800000, 0) }, "6.3.6",
	  "IDR3.AIE is 0, but must be 1 when IDR5.D128 is 1" },
	{ "max-d128", { EDIT(aidr, 7, 3), EDIT(idr[5], 1, 0), EDIT(idr[3], 0x400000, 0) }, "6.3.6",
	  "IDR3.MTEPERM is 0, but must be 1 when IDR5.D128 is 1" },
	/* IDR-029 */
	{ "generic-3.1", { EDIT(idr[5], 0, 0xc00) }, "6.3.6",
	  "IDR5.VAX is 3, but must be at most 2" },
	{ "minimal-3.0", { EDIT(idr[5], 0, 0x440) }, "6.3.6", MINOR(0, 1) " when IDR5.VAX is 1" },
	{ "generic-3.1", { EDIT(idr[5], 0x47, 4) }, "6.3.6",
	  "IDR5.GRAN64K is 0 and IDR5.DS is 0, but IDR5.GRAN64K must be 1 or IDR5.DS must be 1 when IDR5.VAX is 1" },
	{ "max", { EDIT(idr[5], 0xc00, 0x800) }, "6.3.6",
	  "IDR5.D128 is 0, but must be 1 when IDR5.VAX is 2" },
	/* IDR-031 */
	{ "generic-3.1", { EDIT(idr[5], 0, 0x10000) }, "6.3.6",
	  "IDR5.STALL_MAX is 1, but must be 0 when IDR0.STALL_MODEL is 1" },
	/* Stalls that are forced need room for one. */
	{ "generic-3.1", { EDIT(idr[0], 0x3000000, 0x2000000) }, "6.3.6",
	  "IDR5.STALL_MAX is 0, but must be at least 1 when IDR0.STALL_MODEL is 2" },
	/* GBP-002 */
	{ "generic-3.1", { EDIT(gbpa_reset, 0, 0x80000000) }, "6.3.14",
	  "GBPA.Update is 1, but must be 0" },
};

static size_t first_broken(const struct smmu3_config *config)
{
	size_t i = 0;

	while (i < consistency_rule_count && rule_holds(config, &consistency_rules[i]))
		i++;
	return i;
}

START_TEST(a_broken_rule_is_refused_with_its_sentence_and_section)
{
	const struct broken *row = &rows[_i];
	struct smmu3_config config = profile_config(row->profile);
	struct smmu3_error error;

	ck_assert_uint_eq(first_broken(&config), consistency_rule_count);
	apply(&config, row->edits, EDITS);
	ck_assert_int_eq(smmu3_config_check(&config, &error), -SMMU3_E_INCONSISTENT);
	ck_assert_int_eq(error.code, -SMMU3_E_INCONSISTENT);
	ck_assert_str_eq(error.text, row->text);
	ck_assert_str_eq(error.section, row->section);
} END_TEST

START_TEST(every_rule_is_broken_by_a_test)
{
	bool *seen = calloc(consistency_rule_count + 1, sizeof(*seen));

	ck_assert_ptr_nonnull(seen);
	for (int i = 0; i < COUNT(rows); i++) {
		struct smmu3_config config = profile_config(rows[i].profile);

		apply(&config, rows[i].edits, EDITS);
		seen[first_broken(&config)] = true;
	}
	for (size_t i = 0; i < consistency_rule_count; i++)
		ck_assert_msg(seen[i], "rule %zu is never the first broken", i);
	free(seen);
} END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_broken_rule_is_refused_with_its_sentence_and_section, 0, COUNT(rows));
	tcase_add_test(tests, every_rule_is_broken_by_a_test);
}

int main(void)
{
	return run("consistency", add);
}
