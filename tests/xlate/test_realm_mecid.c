/* SPDX-License-Identifier: MIT */
/* Which memory encryption context each access of a Realm stream has.  18, 5.2 MECID, 6.3.162 */
#include "support/realm_world.h"

static void expect_mecids(const struct realm_world *w)
{
	for (unsigned i = 0; i < w->seen_count; i++) {
		const unsigned reason = w->seen[i].reason;
		const bool of_stream = reason != SMMU3_REASON_STE && reason != SMMU3_REASON_L1STD;

		ck_assert_uint_eq(w->seen[i].mecid, of_stream ? MECID : GMECID);
	}
}

/* STE-42: CDs, descriptors of both stages, and the access itself have the STE's; the STE has
 * R_GMECID, as RLM-010 says of all that is of no stream */
START_TEST(accesses_of_a_realm_stream_have_its_mecid)
{
	struct realm_world w = realm_world(BYPASS + (unsigned)_i % 4);
	const bool stage1 = _i % 2;

	if (_i / 4)
		set_field(&w.ste[1], 30, 2, STRW_EL2);
	expect_pa(&w, stage1 ? VA : _i % 4 ? IPA : PA, 0, PA, R);
	ck_assert_uint_ge(w.seen_count, 1);
	expect_mecids(&w);
	drop(&w);
}
END_TEST

/* STE-42: of two levels, the L1CD as the CD; the L1STD as the STE */
START_TEST(level_1_descriptors_have_the_mecids_of_what_they_lead_to)
{
	struct realm_world w = realm_world(S1_ONLY);

	set_field(&w.ste[0], 59, 5, 7); /* S1CDMax */
	set_field(&w.ste[0], 4, 2, 1);  /* S1Fmt: 4KB leaves */
	set_field(&w.ste[1], 0, 2, 2);  /* S1DSS: substream 0 */
	w.ste[0] = (w.ste[0] & ~UINT64_C(0x00ffffffffffffc0)) | (RAM_BASE + 0x4000);
	put(&w, RAM_BASE + 0x4000, (RAM_BASE + 0x5000) | BIT(0));
	for (unsigned i = 0; i < 8; i++)
		put(&w, RAM_BASE + 0x5000 + 8 * i, w.cd[i]);
	expect_pa(&w, VA, 0, PA, R);
	ck_assert_uint_eq(w.seen[1].reason, SMMU3_REASON_L1CD);
	expect_mecids(&w);
	drop(&w);
}
END_TEST

/* STE-42: bits above MECIDSIZE are 0; without MEC there is the one context */
START_TEST(a_mecid_has_as_many_bits_as_the_smmu)
{
	struct realm_world w = realm_world(S1_ONLY);

	w.config.r_mecidr = 4; /* 5 bits, of which the highest is set */
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_OK);
	ck_assert_uint_eq(w.out.mecid, MECID & 0x1f);
	ck_assert_uint_eq(w.seen[1].mecid, MECID & 0x1f);
	w.config.r_mecidr = 0;
	w.config.r_idr[3] &= ~(uint32_t)BIT(16);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_OK);
	ck_assert_uint_eq(w.out.mecid, 0);
	for (unsigned i = 0; i < w.seen_count; i++)
		ck_assert_uint_eq(w.seen[i].mecid, 0);
	drop(&w);
}
END_TEST

/* STE-42: an access that goes to Non-secure memory has none, and one that faults has none */
START_TEST(non_secure_memory_has_one_context)
{
	struct realm_world w = realm_world(S2_ONLY);

	*word_at(&w, slot2(3)) |= NS_LEAF_2;
	expect_pa(&w, IPA, 0, PA, NS);
	expect_mecids(&w);
	put(&w, slot2(3), 0);
	expect_fault(&w, IPA, 0, TRANSLATION, 2, "s2-invalid");
	ck_assert_uint_eq(w.out.mecid, 0);
	drop(&w);
}
END_TEST

struct steps {
	unsigned count;
	uint16_t mecid[SEEN_MAX];
	uint8_t reason[SEEN_MAX];
};

static void note_step(void *context, const struct smmu3_step *step)
{
	struct steps *steps = context;

	ck_assert_uint_eq(step->pas, R);
	steps->mecid[steps->count] = step->mecid;
	steps->reason[steps->count++] = step->reason;
}

/* STE-42: explain says it of each step */
START_TEST(steps_that_are_explained_have_their_mecids)
{
	struct realm_world w = realm_world(NESTED);
	struct steps steps = { 0 };
	struct smmu3_outcome outcome;

	expect_pa(&w, VA, 0, PA, R);
	w.txn.addr = VA;
	ck_assert_uint_eq(smmu3_explain(w.smmu, &w.txn, &outcome, note_step, &steps), SMMU3_OK);
	ck_assert_uint_eq(outcome.mecid, MECID);
	ck_assert_uint_eq(steps.count, 20);
	for (unsigned i = 0; i < steps.count; i++)
		ck_assert_uint_eq(steps.mecid[i], i ? MECID : GMECID);
	drop(&w);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, accesses_of_a_realm_stream_have_its_mecid, 0, 8);
	tcase_add_test(tests, level_1_descriptors_have_the_mecids_of_what_they_lead_to);
	tcase_add_test(tests, a_mecid_has_as_many_bits_as_the_smmu);
	tcase_add_test(tests, non_secure_memory_has_one_context);
	tcase_add_test(tests, steps_that_are_explained_have_their_mecids);
}

int main(void)
{
	return run_suite("realm mecid", add_tests);
}
