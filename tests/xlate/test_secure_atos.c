/* SPDX-License-Identifier: MIT */
/* Requests of S_GATOS about Secure streams: which IPA space, and S_CR0.SIF.  6.3.85, 6.3.86, 9.1 */
#include "secure_stage2.h"

#include "xlate/atos.h"

enum { STAGE_2 = 2, BOTH = 3 }; /* TYPE */

/* PAR: FAULT, REASON, NSIPA, FAULTCODE, NS and the address */
#define PAR_FAULT UINT64_C(1)
#define PAR_REASON(par) ((par) >> 1 & 3)
#define PAR_NSIPA(par) ((par) >> 3 & 1)
#define PAR_CODE(par) ((par) >> 4 & 0xff)
#define PAR_NS(par) ((par) >> 10 & 1)
#define PAR_ADDR(par) ((par)&UINT64_C(0xfffffffffff000))

enum { REASON_IN = 3, F_TRANSLATION_CODE = 0x10, F_PERMISSION_CODE = 0x13 };

static uint64_t request(struct secure_world *w, unsigned type, uint64_t address, bool ns,
			bool instruction)
{
	const struct atos_request request = {
		.secure_group = true,
		.s2p = true,
		.sec_sid = SMMU3_PAS_SECURE,
		.sid = w->txn.sid,
		.type = (uint8_t)type,
		.instruction = instruction,
		.ns = ns,
		.addr = address,
	};
	const struct world world = world_now(w, S);

	return atos_look_up(&world, &request);
}

/* ATO-009, NS-09, SEC-012: of a request for stage 2 alone NS of S_GATOS_ADDR chooses the tree, and
 * PAR says where its output is.  S2NSA puts what Non-secure IPAs map into Non-secure memory. */
START_TEST(ns_of_a_request_is_the_space_of_its_ipa)
{
	const bool ns = _i & 1;
	const unsigned spaces = _i & 2 ? NSA : 0;
	struct secure_world w = secure_stage2(S2_ONLY, spaces);

	(void)ask(&w, IPA_PAGE, 0); /* writes the STE */
	const uint64_t par = request(&w, STAGE_2, IPA_PAGE, ns, false);

	ck_assert_uint_eq(par & PAR_FAULT, 0);
	ck_assert_uint_eq(PAR_ADDR(par), s2_output(ns, false));
	ck_assert_uint_eq(PAR_NS(par), ns && spaces);
	drop(&w);
}
END_TEST

/* EVT-21, ATO-015: NSIPA says in which space the address at fault is */
START_TEST(a_result_says_in_which_space_the_ipa_at_fault_is)
{
	const bool ns = _i;
	struct secure_world w = secure_stage2(NESTED, 0);

	put(&w, S, slot1(3), IPA_PAGE | PAGE | (ns ? NS_LEAF : 0));
	put(&w, S, slot2(ns, 3), 0);
	(void)ask(&w, VA, 0);
	const uint64_t par = request(&w, BOTH, VA, !ns, false); /* stage 1 says it: NS is ignored */

	ck_assert_uint_eq(par & PAR_FAULT, 1);
	ck_assert_uint_eq(PAR_CODE(par), F_TRANSLATION_CODE);
	ck_assert_uint_eq(PAR_REASON(par), REASON_IN);
	ck_assert_uint_eq(PAR_ADDR(par), IPA_PAGE);
	ck_assert_uint_eq(PAR_NSIPA(par), ns);
	drop(&w);
}
END_TEST

/* SEC-007: S_CR0.SIF is a permission fault of stage 1, for instructions from Non-secure memory */
START_TEST(sif_forbids_what_it_forbids_an_access)
{
	const bool sif = _i & 1, instruction = _i & 2, ns = _i & 4;
	struct secure_world w = secure_stage2(NESTED, 0);

	put(&w, S, slot1(3), IPA_PAGE | PAGE | (ns ? NS_LEAF : 0));
	(void)ask(&w, VA, 0);
	w.gate[S].sif = sif;
	const uint64_t par = request(&w, BOTH, VA, false, instruction);

	ck_assert_uint_eq(par & PAR_FAULT, sif && instruction && ns);
	if (par & PAR_FAULT) {
		ck_assert_uint_eq(PAR_CODE(par), F_PERMISSION_CODE);
		ck_assert_uint_eq(PAR_REASON(par), 0);
		ck_assert_uint_eq(PAR_ADDR(par), 0);
	}
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, ns_of_a_request_is_the_space_of_its_ipa, 0, 4);
	tcase_add_loop_test(tests, a_result_says_in_which_space_the_ipa_at_fault_is, 0, 2);
	tcase_add_loop_test(tests, sif_forbids_what_it_forbids_an_access, 0, 8);
}

int main(void)
{
	return run_suite("secure-atos", add);
}
