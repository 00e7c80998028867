/* SPDX-License-Identifier: MIT */
/* A feature that is legal but not built is refused by its name, with what to write instead. */
#include "config.h"
#include "prog/rules.h"
#include "run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

/* v3.1 with one stage becomes v3.2 or v3.3, which with both has Hyp. */
#define MINOR(minor) EDIT(aidr, 7, minor)

struct row {
	const char *profile;
	struct edit edits[EDITS];
	const char *feature, *found, *advice, *section;
};

static const struct row rows[] = {
	{ "generic-3.1",
	  { EDIT(idr[0], 1, 0x2000), MINOR(2), EDIT(idr[1], 0, 0x80000000) },
	  "ECMDQ",
	  "IDR1.ECMDQ is 1",
	  "clear IDR1.ECMDQ and IDR6",
	  "6.3.2" },
	{ "generic-3.1",
	  { EDIT(idr[1], 0, 0x50000000) },
	  "REL",
	  "IDR1.REL is 1",
	  "clear IDR1.REL",
	  "6.3.2" },
	{ "generic-3.1",
	  { EDIT(idr[1], 0, 0x40000000) },
	  "TABLES_PRESET",
	  "IDR1.TABLES_PRESET is 1",
	  "clear IDR1.TABLES_PRESET",
	  "6.3.2" },
	{ "generic-3.1",
	  { EDIT(idr[1], 0, 0x20000000) },
	  "QUEUES_PRESET",
	  "IDR1.QUEUES_PRESET is 1",
	  "clear IDR1.QUEUES_PRESET",
	  "6.3.2" },
};

START_TEST(an_unbuilt_feature_is_refused_by_name)
{
	const struct row *row = &rows[_i];
	struct smmu3_config config = profile_config(row->profile);
	struct smmu3_error error;
	char text[228];

	apply(&config, row->edits, EDITS);
	ck_assert_msg(smmu3_config_check(&config, &error) == -SMMU3_E_UNSUPPORTED, "%s",
		      error.text);
	ck_assert_int_eq(error.code, -SMMU3_E_UNSUPPORTED);
	snprintf(text, sizeof(text), "%s is not built in this version: %s; %s", row->feature,
		 row->found, row->advice);
	ck_assert_str_eq(error.text, text);
	ck_assert_str_eq(error.section, row->section);
}
END_TEST

static size_t first_unbuilt(const struct smmu3_config *config)
{
	size_t i = 0;

	while (i < unbuilt_feature_count && !claim_holds(config, &unbuilt_features[i].has))
		i++;
	return i;
}

START_TEST(every_unbuilt_feature_is_refused_by_a_test)
{
	bool *seen = calloc(unbuilt_feature_count + 1, sizeof(*seen));

	ck_assert_ptr_nonnull(seen);
	for (int i = 0; i < COUNT(rows); i++) {
		struct smmu3_config config = profile_config(rows[i].profile);

		apply(&config, rows[i].edits, EDITS);
		seen[first_unbuilt(&config)] = true;
	}
	for (size_t i = 0; i < unbuilt_feature_count; i++)
		ck_assert_msg(seen[i], "%s is never refused first", unbuilt_features[i].feature);
	free(seen);
}
END_TEST

/* DORMHINT, BTM, MSI, SEV, VMW, PBHA; no COHACC, ASID16, VMID16, CD2L; 32 bits of StreamID. */
START_TEST(a_feature_that_changes_no_answer_is_accepted)
{
	struct smmu3_config config = profile_config("generic-3.1");
	struct smmu3_error error;

	config.idr[0] = 0x0d42612b; /* less COHACC, ASID16, VMID16, CD2L; with TERM_MODEL */
	config.idr[1] = 0x0e730520;
	config.idr[3] = 0x0000071c; /* BBML 0, PBHA */
	ck_assert_msg(!smmu3_config_check(&config, &error), "%s", error.text);
	ck_assert_int_eq(error.code, 0);
	ck_assert_str_eq(error.text, "");
}
END_TEST

/* D128-07, IDR-023, IDR-027, IDR-029: what of max-d128 goes with VMSAv9-128, 56 bits in and out,
 * THE among it */
START_TEST(vmsav9_128_is_accepted_with_all_that_it_needs)
{
	struct smmu3_config config = profile_config("max-d128");
	struct smmu3_error error;
	struct smmu3 *smmu;

	config.idr[0] &= ~0x40u;       /* HTTU 2 */
	config.idr[1] &= ~0x80000000u; /* ECMDQ */
	config.idr[6] = config.s_idr[6] = 0;
	config.s_idr[0] &= ~0x80000000u;
	smmu = smmu3_create(&config, NULL, &error);
	ck_assert_msg(smmu != NULL, "%s", error.text);
	smmu3_destroy(smmu);
	config.idr[3] &= ~0x40000u; /* S1PI */
	ck_assert_ptr_null(smmu3_create(&config, NULL, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_INCONSISTENT);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, an_unbuilt_feature_is_refused_by_name, 0, COUNT(rows));
	tcase_add_test(tests, every_unbuilt_feature_is_refused_by_a_test);
	tcase_add_test(tests, vmsav9_128_is_accepted_with_all_that_it_needs);
	tcase_add_test(tests, a_feature_that_changes_no_answer_is_accepted);
}

int main(void)
{
	return run("unbuilt", add);
}
