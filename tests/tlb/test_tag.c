/* SPDX-License-Identifier: MIT */
/* Which translation answers for an input, and which are meant by an invalidation: pure
 * rules.  3.17, 4.4 */
#include "support/suite.h"
#include "tlb/tag.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define MB2 UINT64_C(0x200000)
#define TOP (UINT64_C(1) << 56)

/* ---- What a lookup finds ---- */

/* A page of 4KB at 0x5000 */
#define PAGE(the_kind, the_vmid, the_asid, the_aset, is_global)                         \
	{                                                                               \
		.input = 0x5000,                                                        \
		.regime = { .vmid = the_vmid, .asid = the_asid, .aset = the_aset },     \
		.kind = the_kind, .size_lg2 = 12, .origin_lg2 = 12, .global = is_global \
	}
/* The same in a StreamWorld. */
#define IN(the_world, the_vmid, the_asid, the_aset, is_global)                            \
	{                                                                                 \
		.input = 0x5000, .regime = { the_vmid, the_asid, the_aset, the_world },   \
		.kind = TLB_STAGE1, .size_lg2 = 12, .origin_lg2 = 12, .global = is_global \
	}
#define EL1(vmid, asid, aset)             \
	{                                 \
		vmid, asid, aset, NS_EL1, \
	}
#define EL2(aset)                   \
	{                           \
		0, 0, aset, NS_EL2, \
	}
#define E2H(asid, aset)                    \
	{                                  \
		0, asid, aset, NS_EL2_E2H, \
	}
#define OF_ASID(vmid, asid, aset) PAGE(TLB_STAGE1, vmid, asid, aset, false)
#define GLOBAL(vmid, asid, aset) PAGE(TLB_STAGE1, vmid, asid, aset, true)
#define IPA_PAGE(vmid) PAGE(TLB_STAGE2, vmid, 7, false, false)
/* A page of a block or contiguous group of 2^lg2 bytes. */
#define PART_OF(lg2, the_input)                                                             \
	{                                                                                   \
		.input = the_input, .regime = { .vmid = 3, .asid = 7 }, .kind = TLB_STAGE1, \
		.size_lg2 = 12, .origin_lg2 = lg2                                           \
	}

static const struct {
	struct tlb_tag tag;
	enum tlb_kind kind;
	struct regime regime;
	uint64_t input;
	bool found;
} lookups[] = {
	/* TLB-01: VMID, ASID and VA of stage 1 */
	{ OF_ASID(3, 7, false), TLB_STAGE1, EL1(3, 7, false), 0x5000, true },
	{ OF_ASID(3, 7, false), TLB_STAGE1, EL1(3, 7, false), 0x5fff, true },
	{ OF_ASID(3, 7, false), TLB_STAGE1, EL1(3, 7, false), 0x4fff, false },
	{ OF_ASID(3, 7, false), TLB_STAGE1, EL1(3, 7, false), 0x6000, false },
	{ OF_ASID(3, 7, false), TLB_STAGE1, EL1(3, 7, false), TOP / 2 | 0x5000, false },
	{ OF_ASID(3, 7, false), TLB_STAGE1, EL1(3, 6, false), 0x5000, false },
	{ OF_ASID(3, 7, false), TLB_STAGE1, EL1(2, 7, false), 0x5000, false },
	{ OF_ASID(3, 7, false), TLB_STAGE1, EL1(0x103, 7, false), 0x5000, false },
	{ OF_ASID(3, 7, false), TLB_STAGE1, EL1(3, 0x107, false), 0x5000, false },
	/* TLB-05: ASIDs of either ASET are equal */
	{ OF_ASID(3, 7, false), TLB_STAGE1, EL1(3, 7, true), 0x5000, true },
	{ OF_ASID(3, 7, true), TLB_STAGE1, EL1(3, 7, false), 0x5000, true },
	/* TLB-03: a global one is of every ASID, but of one VMID and one ASET */
	{ GLOBAL(3, 7, false), TLB_STAGE1, EL1(3, 6, false), 0x5000, true },
	{ GLOBAL(3, 7, false), TLB_STAGE1, EL1(3, 6, true), 0x5000, false },
	{ GLOBAL(3, 7, false), TLB_STAGE1, EL1(3, 7, true), 0x5000, false },
	{ GLOBAL(3, 7, false), TLB_STAGE1, EL1(2, 7, false), 0x5000, false },
	{ GLOBAL(3, 7, false), TLB_STAGE1, EL1(3, 7, false), 0x6000, false },
	/* TLB-01: of stage 2 VMID and IPA alone */
	{ IPA_PAGE(3), TLB_STAGE2, EL1(3, 7, false), 0x5000, true },
	{ IPA_PAGE(3), TLB_STAGE2, EL1(3, 0, true), 0x5fff, true },
	{ IPA_PAGE(3), TLB_STAGE2, EL1(2, 7, false), 0x5000, false },
	{ IPA_PAGE(3), TLB_STAGE2, EL1(3, 7, false), 0x6000, false },
	/* TLB-01: an IPA is no VA */
	{ IPA_PAGE(3), TLB_STAGE1, EL1(3, 7, false), 0x5000, false },
	{ OF_ASID(3, 7, false), TLB_STAGE2, EL1(3, 7, false), 0x5000, false },
	{ PAGE(TLB_FREE, 3, 7, false, false), TLB_STAGE1, EL1(3, 7, false), 0x5000, false },
	/* TLB-38: a part of a block answers for itself, not for the block */
	{ PART_OF(21, 0x5000), TLB_STAGE1, EL1(3, 7, false), 0x6000, false },
	/* TLB-01, TLB-09: of a StreamWorld, and no other, whatever else is the same */
	{ IN(NS_EL2_E2H, 0, 7, false, false), TLB_STAGE1, E2H(7, false), 0x5000, true },
	{ IN(NS_EL2_E2H, 0, 7, false, false), TLB_STAGE1, E2H(6, false), 0x5000, false },
	{ IN(NS_EL2_E2H, 0, 7, false, false), TLB_STAGE1, EL1(0, 7, false), 0x5000, false },
	{ OF_ASID(0, 7, false), TLB_STAGE1, E2H(7, false), 0x5000, false },
	{ OF_ASID(0, 0, false), TLB_STAGE1, EL2(false), 0x5000, false },
	{ IN(NS_EL2, 0, 0, false, false), TLB_STAGE1, EL2(false), 0x5000, true },
	{ IN(NS_EL2, 0, 0, false, false), TLB_STAGE1, EL2(false), 0x6000, false },
	{ IN(NS_EL2, 0, 0, false, false), TLB_STAGE1, EL1(0, 0, false), 0x5000, false },
	{ IN(NS_EL2, 0, 0, false, false), TLB_STAGE1, E2H(0, false), 0x5000, false },
	{ IN(NS_EL2_E2H, 0, 0, false, false), TLB_STAGE1, EL2(false), 0x5000, false },
	/* TLB-02: of EL2 without ASIDs, of either ASET */
	{ IN(NS_EL2, 0, 0, true, false), TLB_STAGE1, EL2(false), 0x5000, true },
	{ IN(NS_EL2, 0, 0, false, false), TLB_STAGE1, EL2(true), 0x5000, true },
	/* TLB-03: a global one is of every ASID, but of one StreamWorld */
	{ IN(NS_EL2_E2H, 0, 7, false, true), TLB_STAGE1, E2H(6, false), 0x5000, true },
	{ IN(NS_EL2_E2H, 0, 7, false, true), TLB_STAGE1, E2H(6, true), 0x5000, false },
	{ IN(NS_EL2_E2H, 0, 7, false, true), TLB_STAGE1, EL1(0, 7, false), 0x5000, false },
	{ GLOBAL(0, 7, false), TLB_STAGE1, E2H(7, false), 0x5000, false },
	/* TLB-08, TLB-01: a Realm world is none of another state, and has the tags of its own */
	{ IN(R_EL1, 3, 7, false, false), TLB_STAGE1, { 3, 7, false, R_EL1 }, 0x5000, true },
	{ IN(R_EL1, 3, 7, false, false), TLB_STAGE1, { 4, 7, false, R_EL1 }, 0x5000, false },
	{ IN(R_EL1, 3, 7, false, false), TLB_STAGE1, { 3, 6, false, R_EL1 }, 0x5000, false },
	{ IN(R_EL1, 3, 7, false, true), TLB_STAGE1, { 3, 6, false, R_EL1 }, 0x5000, true },
	{ IN(R_EL1, 3, 7, false, true), TLB_STAGE1, { 3, 7, false, NS_EL1 }, 0x5000, false },
	{ IN(R_EL1, 3, 7, false, true), TLB_STAGE1, { 3, 7, false, S_EL1 }, 0x5000, false },
	{ IN(NS_EL1, 3, 7, false, true), TLB_STAGE1, { 3, 7, false, R_EL1 }, 0x5000, false },
	{ IN(S_EL1, 3, 7, false, true), TLB_STAGE1, { 3, 7, false, R_EL1 }, 0x5000, false },
	{ IN(R_EL2, 0, 0, false, false), TLB_STAGE1, { 0, 0, false, NS_EL2 }, 0x5000, false },
	{ IN(R_EL2, 0, 0, false, false), TLB_STAGE1, { 0, 0, false, R_EL2 }, 0x5000, true },
	{ IN(R_EL2_E2H, 0, 7, false, false),
	  TLB_STAGE1,
	  { 0, 7, false, S_EL2_E2H },
	  0x5000,
	  false },
	{ IN(R_EL2_E2H, 0, 7, false, false), TLB_STAGE1, { 0, 7, false, R_EL2_E2H }, 0x5000, true },
	/* TLB-28: a block for each of its bytes */
	{ { .kind = TLB_STAGE2, .input = MB2, .size_lg2 = 21, .origin_lg2 = 21 },
	  TLB_STAGE2,
	  EL1(0, 0, false),
	  2 * MB2 - 1,
	  true },
};

START_TEST(a_translation_answers_for_its_inputs_in_its_regime)
{
	ck_assert_int_eq(tag_translates(&lookups[_i].tag, lookups[_i].kind, &lookups[_i].regime,
					lookups[_i].input),
			 lookups[_i].found);
}
END_TEST

/* TLB-01: bits 63 to 56 of a VA are copies of bit 55, or are ignored */
START_TEST(the_byte_above_bit_55_is_no_part_of_an_input)
{
	ck_assert_uint_eq(tlb_input(UINT64_C(0xffffffffffffffff)), TOP - 1);
	ck_assert_uint_eq(tlb_input(UINT64_C(0xab00000000001000)), 0x1000);
	ck_assert_uint_eq(tlb_input(TOP / 2), TOP / 2);
}
END_TEST

/* ---- What an invalidation means ---- */

#define S1 SMMU3_INVALIDATES_STAGE1
#define S2 SMMU3_INVALIDATES_STAGE2
#define BOTH SMMU3_INVALIDATES_STAGES

/* Of VMID 3 and ASID 7, as CMD_TLBI_NH_ASID; with an address as CMD_TLBI_NH_VA. */
#define BY_ASID(the_addr, the_bytes)                                                           \
	{                                                                                      \
		.kind = S1, .vmid = 3, .vmids = 1, .asid = 7, .any_ssid = 1, .addr = the_addr, \
		.bytes = the_bytes                                                             \
	}
/* Of VMID 3, as CMD_TLBI_NH_ALL, S12_VMALL, S2_IPA; as with CR0.VMW. */
#define BY_VMID(the_kind, the_addr, the_bytes)                                         \
	{                                                                              \
		.kind = the_kind, .vmid = 3, .vmids = 1, .any_asid = 1, .any_ssid = 1, \
		.addr = the_addr, .bytes = the_bytes                                   \
	}
#define BY_VMIDS(the_kind, the_vmid, the_vmids)                                        \
	{                                                                              \
		.kind = the_kind, .vmid = the_vmid, .vmids = the_vmids, .any_asid = 1, \
		.any_ssid = 1                                                          \
	}
/* Of EL2's StreamWorlds, as CMD_TLBI_EL2_ALL and _VAA; as _ASID and _VA.  Its VMID counts for
 * nothing. */
#define OF_EL2(the_worlds, the_addr, the_bytes)                                         \
	{                                                                               \
		.kind = S1, .worlds = the_worlds, .vmid = 9, .vmids = 1, .any_asid = 1, \
		.any_ssid = 1, .addr = the_addr, .bytes = the_bytes                     \
	}
#define OF_EL2_ASID(the_worlds, the_addr, the_bytes)                                       \
	{                                                                                  \
		.kind = S1, .worlds = the_worlds, .any_vmid = 1, .asid = 7, .any_ssid = 1, \
		.addr = the_addr, .bytes = the_bytes                                       \
	}
#define W1 SMMU3_WORLD_EL1
#define W2 SMMU3_WORLD_EL2
#define WE SMMU3_WORLD_EL2_E2H
#define PLAIN IN(NS_EL2, 0, 0, false, false)
#define HOST(asid, is_global) IN(NS_EL2_E2H, 0, asid, false, is_global)
#define OF_REALM(the_kind, the_worlds, the_vmid)                                    \
	{                                                                           \
		.kind = the_kind, .sec_sid = 2, .ipa_pas = 2, .worlds = the_worlds, \
		.vmid = the_vmid, .vmids = 1, .any_asid = 1, .any_ssid = 1          \
	}
#define REALM_IPA_PAGE(the_vmid)                                                 \
	{                                                                        \
		.input = 0x5000, .regime = { .vmid = the_vmid, .world = R_EL1 }, \
		.kind = TLB_STAGE2, .size_lg2 = 12, .origin_lg2 = 12             \
	}
#define EVERYTHING(the_kind)                                                  \
	{                                                                     \
		.kind = the_kind, .any_vmid = 1, .any_asid = 1, .any_ssid = 1 \
	}
static const struct {
	struct tlb_tag tag;
	struct smmu3_invalidation scope;
	bool meant;
} invalidations[] = {
	/* TLB-16, TLB-19: stage 1, with what is combined of both, of a VMID */
	{ OF_ASID(3, 7, false), BY_VMID(S1, 0, 0), true },
	{ GLOBAL(3, 7, false), BY_VMID(S1, 0, 0), true },
	{ OF_ASID(4, 7, false), BY_VMID(S1, 0, 0), false },
	{ OF_ASID(2, 7, false), BY_VMID(S1, 0, 0), false },
	{ IPA_PAGE(3), BY_VMID(S1, 0, 0), false },
	/* TLB-17: by ASID what is not global */
	{ OF_ASID(3, 7, false), BY_ASID(0, 0), true },
	{ OF_ASID(3, 6, false), BY_ASID(0, 0), false },
	{ OF_ASID(4, 7, false), BY_ASID(0, 0), false },
	{ GLOBAL(3, 7, false), BY_ASID(0, 0), false },
	{ IPA_PAGE(3), BY_ASID(0, 0), false },
	/* TLB-05: whatever its ASET */
	{ OF_ASID(3, 7, true), BY_ASID(0, 0), true },
	/* TLB-18: by address and ASID also what is global there */
	{ OF_ASID(3, 7, false), BY_ASID(0x5000, 0x1000), true },
	{ OF_ASID(3, 7, false), BY_ASID(0x6000, 0x1000), false },
	{ OF_ASID(3, 7, false), BY_ASID(0x4000, 0x1000), false },
	{ OF_ASID(3, 6, false), BY_ASID(0x5000, 0x1000), false },
	{ GLOBAL(3, 6, false), BY_ASID(0x5000, 0x1000), true },
	{ GLOBAL(3, 6, false), BY_ASID(0x6000, 0x1000), false },
	{ GLOBAL(3, 6, true), BY_ASID(0x5000, 0x1000), true },
	/* TLB-18: by address alone every ASID */
	{ OF_ASID(3, 6, false), BY_VMID(S1, 0x5000, 0x1000), true },
	{ OF_ASID(4, 7, false), BY_VMID(S1, 0x5000, 0x1000), false },
	/* TLB-23: an IPA means stage 2 alone */
	{ IPA_PAGE(3), BY_VMID(S2, 0x5000, 0x1000), true },
	{ IPA_PAGE(3), BY_VMID(S2, 0x6000, 0x1000), false },
	{ IPA_PAGE(4), BY_VMID(S2, 0x5000, 0x1000), false },
	{ OF_ASID(3, 7, false), BY_VMID(S2, 0x5000, 0x1000), false },
	/* TLB-25: both stages of a VMID */
	{ OF_ASID(3, 7, false), BY_VMID(BOTH, 0, 0), true },
	{ GLOBAL(3, 7, false), BY_VMID(BOTH, 0, 0), true },
	{ IPA_PAGE(3), BY_VMID(BOTH, 0, 0), true },
	{ IPA_PAGE(4), BY_VMID(BOTH, 0, 0), false },
	{ PAGE(TLB_FREE, 3, 7, false, false), BY_VMID(BOTH, 0, 0), false },
	/* TLB-26, BBM-07: everything */
	{ OF_ASID(0xffff, 7, false), EVERYTHING(BOTH), true },
	{ GLOBAL(0, 7, false), EVERYTHING(BOTH), true },
	{ IPA_PAGE(9), EVERYTHING(BOTH), true },
	/* TLB-20: all of EL2, or of one of its StreamWorlds, and nothing of EL1 */
	{ PLAIN, OF_EL2(W2 | WE, 0, 0), true },
	{ HOST(7, false), OF_EL2(W2 | WE, 0, 0), true },
	{ HOST(7, true), OF_EL2(W2 | WE, 0, 0), true },
	{ OF_ASID(9, 7, false), OF_EL2(W2 | WE, 0, 0), false },
	{ IPA_PAGE(9), OF_EL2(W2 | WE, 0, 0), false },
	{ PLAIN, OF_EL2(WE, 0, 0), false },
	{ HOST(7, false), OF_EL2(W2, 0, 0), false },
	/* TLB-20: by address */
	{ PLAIN, OF_EL2(W2, 0x5000, 0x1000), true },
	{ PLAIN, OF_EL2(W2, 0x6000, 0x1000), false },
	{ HOST(6, false), OF_EL2(WE, 0x5000, 0x1000), true },
	{ HOST(6, false), OF_EL2(WE, 0x6000, 0x1000), false },
	/* TLB-20: by ASID what is not global; by address and ASID also what is; where there are no
	   ASIDs none counts */
	{ HOST(7, false), OF_EL2_ASID(WE, 0, 0), true },
	{ HOST(6, false), OF_EL2_ASID(WE, 0, 0), false },
	{ HOST(7, true), OF_EL2_ASID(WE, 0, 0), false },
	{ HOST(7, false), OF_EL2_ASID(WE, 0x5000, 0x1000), true },
	{ HOST(6, false), OF_EL2_ASID(WE, 0x5000, 0x1000), false },
	{ HOST(6, true), OF_EL2_ASID(WE, 0x5000, 0x1000), true },
	{ PLAIN, OF_EL2_ASID(W2, 0x5000, 0x1000), true },
	/* TLB-16, TLB-26, CMD-TLBI-NH-2: commands of EL1 leave EL2 alone, all of EL1 does, too */
	{ HOST(7, false), BY_ASID(0, 0), false },
	{ HOST(7, false), BY_ASID(0x5000, 0x1000), false },
	{ PLAIN, BY_VMID(S1, 0, 0), false },
	{ PLAIN, EVERYTHING(BOTH), false },
	{ HOST(7, true), EVERYTHING(BOTH), false },
	{ OF_ASID(3, 7, false),
	  { .kind = BOTH, .worlds = W1, .any_vmid = 1, .any_asid = 1 },
	  true },
	/* TLB-16, TLB-20, TLB-25, TLB-26, TLB-08: of the Realm state, what is Realm's; else nothing
	   of it */
	{ IN(R_EL1, 3, 7, false, true), OF_REALM(S1, W1, 3), true },
	{ IN(R_EL1, 4, 7, false, true), OF_REALM(S1, W1, 3), false },
	{ IN(R_EL1, 3, 7, false, true), OF_REALM(BOTH, 0, 3), true },
	{ IN(R_EL1, 3, 7, false, true), BY_VMID(BOTH, 0, 0), false },
	{ OF_ASID(3, 7, false), OF_REALM(S1, W1, 3), false },
	{ IN(S_EL1, 3, 7, false, true), OF_REALM(S1, W1, 3), false },
	{ IN(R_EL2, 0, 0, false, false), OF_REALM(S1, W2, 3), true },
	{ IN(R_EL2, 0, 0, false, false), OF_REALM(S1, WE, 3), false },
	{ IN(R_EL2_E2H, 0, 7, false, false), OF_REALM(S1, WE, 3), true },
	{ IN(R_EL2, 0, 0, false, false), OF_EL2(W2 | WE, 0, 0), false },
	{ PLAIN, OF_REALM(S1, W2, 3), false },
	/* TLB-23: Realm IPAs are of the one space */
	{ REALM_IPA_PAGE(3), OF_REALM(S2, 0, 3), true },
	{ REALM_IPA_PAGE(4), OF_REALM(S2, 0, 3), false },
	{ REALM_IPA_PAGE(3), BY_VMID(S2, 0, 0), false },
	{ REALM_IPA_PAGE(3),
	  { .kind = S2,
	    .sec_sid = 2,
	    .ipa_pas = 2,
	    .vmid = 3,
	    .vmids = 1,
	    .addr = 0x5000,
	    .bytes = 0x1000 },
	  true },
	{ REALM_IPA_PAGE(3),
	  { .kind = S2,
	    .sec_sid = 2,
	    .ipa_pas = 2,
	    .vmid = 3,
	    .vmids = 1,
	    .addr = 0x6000,
	    .bytes = 0x1000 },
	  false },
	/* TLB-34: VMIDs whose low bits do not count */
	{ OF_ASID(8, 7, false), BY_VMIDS(S1, 8, 4), true },
	{ OF_ASID(11, 7, false), BY_VMIDS(S1, 8, 4), true },
	{ OF_ASID(12, 7, false), BY_VMIDS(S1, 8, 4), false },
	{ OF_ASID(7, 7, false), BY_VMIDS(S1, 8, 4), false },
	{ IPA_PAGE(0xffff), BY_VMIDS(S2, 0xfff0, 16), true },
	{ IPA_PAGE(0), BY_VMIDS(S2, 0xfff0, 16), false },
	/* CFG-03: commands for structures mean no translation */
	{ OF_ASID(3, 7, false), EVERYTHING(SMMU3_INVALIDATES_STREAM), false },
	{ IPA_PAGE(3), EVERYTHING(SMMU3_INVALIDATES_CONTEXT), false },
	/* TLB-29, RIL-004: a range from its first byte to its last */
	{ OF_ASID(3, 7, false), BY_VMID(S1, 0x1000, 0x4000), false },
	{ OF_ASID(3, 7, false), BY_VMID(S1, 0x1000, 0x5000), true },
	{ OF_ASID(3, 7, false), BY_VMID(S1, 0x5000, 0x10000), true },
	{ OF_ASID(3, 7, false), BY_VMID(S1, 0x6000, 0x10000), false },
	/* TLB-28: any address of a block means all its parts, on either side */
	{ PART_OF(21, MB2 + 0x5000), BY_VMID(S1, MB2, 0x1000), true },
	{ PART_OF(21, MB2 + 0x5000), BY_VMID(S1, 2 * MB2 - 0x1000, 0x1000), true },
	{ PART_OF(21, MB2 + 0x5000), BY_VMID(S1, 2 * MB2, 0x1000), false },
	{ PART_OF(21, MB2 + 0x5000), BY_VMID(S1, MB2 - 0x1000, 0x1000), false },
	{ PART_OF(21, MB2 + 0x5000), BY_VMID(S1, 0, MB2), false },
	{ PART_OF(21, MB2 + 0x5000), BY_VMID(S1, 0, MB2 + 0x1000), true },
	/* TLB-28: and of a contiguous group, here of 16 pages */
	{ PART_OF(16, 0x23000), BY_VMID(S1, 0x20000, 0x1000), true },
	{ PART_OF(16, 0x23000), BY_VMID(S1, 0x2f000, 0x1000), true },
	{ PART_OF(16, 0x23000), BY_VMID(S1, 0x30000, 0x1000), false },
	{ PART_OF(16, 0x23000), BY_VMID(S1, 0x1f000, 0x1000), false },
	/* TLB-18: addresses of the upper half and such as carry a tag have 56 bits that count */
	{ PART_OF(12, TOP - 0x1000), BY_VMID(S1, UINT64_C(0xfffffffffffff000), 0x1000), true },
	{ PART_OF(12, TOP - 0x2000), BY_VMID(S1, UINT64_C(0xfffffffffffff000), 0x1000), false },
	{ PART_OF(12, 0x1000), BY_VMID(S1, UINT64_C(0xab00000000001000), 0x1000), true },
	/* TLB-29: as far as addresses go, from wherever it begins */
	{ PART_OF(12, TOP - 0x1000), BY_VMID(S1, UINT64_C(0x00fffffffff00000), UINT64_C(1) << 40),
	  true },
	{ PART_OF(12, TOP - 0x1000), BY_VMID(S1, 0x1000, UINT64_C(1) << 57), true },
	{ PART_OF(12, 0x5000), BY_VMID(S1, 0x1000, UINT64_C(1) << 57), true },
	{ PART_OF(12, TOP - 0x1000), BY_VMID(S1, 0, TOP), true },
	{ PART_OF(12, TOP - 0x1000), BY_VMID(S1, 0, TOP - 0x1000), false },
	{ PART_OF(12, 0x5000), BY_VMID(S1, 0x1000, -UINT64_C(0x1000)), true },
};

START_TEST(an_invalidation_means_what_its_command_says)
{
	ck_assert_int_eq(tag_is_meant(&invalidations[_i].tag, &invalidations[_i].scope),
			 invalidations[_i].meant);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tag");
	TCase *tests = tcase_create("tag");

	tcase_add_loop_test(tests, a_translation_answers_for_its_inputs_in_its_regime, 0,
			    COUNT(lookups));
	tcase_add_test(tests, the_byte_above_bit_55_is_no_part_of_an_input);
	tcase_add_loop_test(tests, an_invalidation_means_what_its_command_says, 0,
			    COUNT(invalidations));
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
