/* SPDX-License-Identifier: MIT */
/* What is live of Realm streams, as it is inspected: STEs, CDs, and where leaves lead.  3.10.3 */
#include "support/realm_world.h"

struct found {
	unsigned count;
	struct smmu3_stream_entry stream;
	struct smmu3_context_entry context;
	struct smmu3_mapping mapping;
};

static int note_stream(void *context, const struct smmu3_stream_entry *entry)
{
	struct found *found = context;

	found->count++;
	found->stream = *entry;
	return 0;
}

static int note_context(void *context, const struct smmu3_context_entry *entry)
{
	struct found *found = context;

	found->count++;
	found->context = *entry;
	return 0;
}

/* Of the page, not of the block that holds structures; two descriptors of level 0 of stage 2 lead
 * to it. */
static int note_mapping(void *context, const struct smmu3_mapping *mapping)
{
	struct found *found = context;

	if (mapping->size != 4096)
		return 0;
	found->count++;
	found->mapping = *mapping;
	return 0;
}

/* ST-01, ST-10, RLM-005: the Stream table of the Realm interface, in Realm memory */
START_TEST(streams_and_contexts_of_the_realm_state_are_inspected)
{
	struct realm_world w = realm_world(NESTED);
	struct smmu3_stream_table table;
	struct found found = { 0 };

	w.config.idr[1] = (w.config.idr[1] & ~UINT32_C(0x3f)) | 9; /* SIDSIZE */
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_stream_table(w.smmu, R, &table), 0);
	ck_assert_uint_eq(table.base, RAM_BASE);
	ck_assert_uint_eq(table.enabled, 1);
	ck_assert_uint_eq(table.log2size, 6);
	ck_assert_int_eq(smmu3_mmio_write(w.smmu, R, 0x40020, 4, 4), 0);  /* R_CR0.SMMUEN = 0 */
	ck_assert_int_eq(smmu3_mmio_write(w.smmu, R, 0x40088, 4, 40), 0); /* LOG2SIZE */
	ck_assert_int_eq(smmu3_inspect_stream_table(w.smmu, R, &table), 0);
	ck_assert_uint_eq(table.log2size, 9);
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_streams(w.smmu, R, 1000, note_stream, &found), 0);
	ck_assert_uint_eq(found.count, 1);
	ck_assert_uint_eq(found.stream.sid, SID);
	ck_assert_uint_eq(found.stream.why, 0);
	ck_assert_int_eq(smmu3_inspect_contexts(w.smmu, R, SID, 1000, note_context, &found), 0);
	ck_assert_uint_eq(found.count, 2);
	ck_assert_uint_eq(found.context.pa, CD_AT);
	ck_assert_uint_eq(found.context.why, 0);
	ck_assert_int_eq(smmu3_inspect_streams(w.smmu, NS, 1000, note_stream, &found),
			 -SMMU3_E_NOT_FOUND);
	drop(&w);
}
END_TEST

static struct smmu3_mapping mapping_of(struct realm_world *w, unsigned stage, unsigned count)
{
	struct found found = { 0 };

	open_world(w);
	ck_assert_int_eq(smmu3_inspect_mappings(w->smmu, R, SID, 0, stage, 100000, note_mapping,
						&found),
			 0);
	ck_assert_uint_eq(found.count, count);
	return found.mapping;
}

/* NS-16, NS-17, NS-18, PERM-16: where a leaf leads by its NS, if it has one, and that nothing is
 * executed in Non-secure memory */
START_TEST(mappings_of_realm_streams_say_where_they_lead)
{
	const bool ns = _i & 1, el2 = _i & 2, stage2 = _i & 4;
	struct realm_world w = realm_world(stage2 ? S2_ONLY : S1_ONLY);

	set_field(&w.ste[1], 30, 2, el2 && !stage2 ? STRW_EL2 : STRW_EL1);
	if (ns)
		*word_at(&w, stage2 ? slot2(3) : slot1(3)) |= stage2 ? NS_LEAF_2 : NS_LEAF;
	const struct smmu3_mapping mapping = mapping_of(&w, stage2 ? 2 : 1, stage2 ? 2 : 1);
	const bool leaves = ns && (stage2 || el2);

	ck_assert_uint_eq(mapping.output, PA_PAGE);
	ck_assert_uint_eq(mapping.pas, leaves ? NS : R);
	ck_assert_int_eq((mapping.perm & (SMMU3_PERM_UX | SMMU3_PERM_PX)) == 0, leaves);
	ck_assert_uint_ne(mapping.perm & SMMU3_PERM_UR, 0);
	drop(&w);
}
END_TEST

/* WALK-24: a leaf with AMEC maps nothing, where there are MECIDs */
START_TEST(a_leaf_with_amec_is_no_mapping)
{
	struct realm_world w = realm_world(S2_ONLY);

	*word_at(&w, slot2(3)) |= AMEC;
	mapping_of(&w, 2, 0);
	*word_at(&w, slot2(3)) |= NS_LEAF_2;
	ck_assert_uint_eq(mapping_of(&w, 2, 2).pas, NS);
	*word_at(&w, slot2(3)) &= ~NS_LEAF_2;
	w.config.r_idr[3] &= ~(uint32_t)BIT(16);
	w.config.r_mecidr = 0;
	ck_assert_uint_eq(mapping_of(&w, 2, 2).pas, R);
	drop(&w);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_test(tests, streams_and_contexts_of_the_realm_state_are_inspected);
	tcase_add_loop_test(tests, mappings_of_realm_streams_say_where_they_lead, 0, 8);
	tcase_add_test(tests, a_leaf_with_amec_is_no_mapping);
}

int main(void)
{
	return run_suite("realm inspect", add_tests);
}
