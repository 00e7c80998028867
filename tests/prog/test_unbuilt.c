/* SPDX-License-Identifier: MIT */
/* A feature that is legal but not built is refused by its name, with what to write instead. */
#include "config.h"
#include "prog/rules.h"
#include "run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* v3.1 with one stage becomes v3.2 or v3.3, which with both has Hyp. */
#define MINOR(minor) EDIT(aidr, 7, minor)

struct row {
	const char *profile;
	struct edit edits[EDITS];
	const char *feature, *found, *advice, *section;
};

static const struct row rows[] = {
	/* IDR-010: of its codes the one with the Access flag of tables is not offered */
	{ "generic-3.3",
	  { EDIT(idr[0], 0, 0xc0) },
	  "HTTU of tables",
	  "IDR0.HTTU is 3",
	  "write IDR0.HTTU = 2",
	  "6.3.1" },
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
	{ "generic-3.1",
	  { EDIT(idr[0], 1, 0), MINOR(3), EDIT(idr[3], 0, 0x202000) },
	  "THE",
	  "IDR3.THE is 1",
	  "clear IDR3.THE",
	  "6.3.4" },
	{ "generic-3.1",
	  { EDIT(idr[0], 1, 0), MINOR(3), EDIT(idr[3], 0, 0x42000) },
	  "S1PI",
	  "IDR3.S1PI is 1",
	  "clear IDR3.S1PI",
	  "6.3.4" },
	{ "generic-3.1",
	  { EDIT(idr[0], 2, 0), MINOR(3), EDIT(idr[3], 4, 0x186000) },
	  "S2PO",
	  "IDR3.S2PO is 1",
	  "clear IDR3.S2PO",
	  "6.3.4" },
	{ "generic-3.1",
	  { EDIT(idr[0], 2, 0), MINOR(3), EDIT(idr[3], 4, 0x86000) },
	  "S2PI",
	  "IDR3.S2PI is 1",
	  "clear IDR3.S2PI",
	  "6.3.4" },
	{ "generic-3.1",
	  { EDIT(idr[0], 2, 0), MINOR(3), EDIT(idr[3], 4, 0x406000) },
	  "MTEPERM",
	  "IDR3.MTEPERM is 1",
	  "clear IDR3.MTEPERM; AIDR is then at most 3",
	  "6.3.4" },
	{ "generic-3.1",
	  { EDIT(idr[0], 1, 0), MINOR(3), EDIT(idr[3], 0, 0x802000) },
	  "AIE",
	  "IDR3.AIE is 1",
	  "clear IDR3.AIE",
	  "6.3.4" },
	{ "generic-3.1",
	  { EDIT(idr[0], 1, 0), MINOR(3), EDIT(idr[3], 0, 0x22000) },
	  "EPAN",
	  "IDR3.EPAN is 1",
	  "clear IDR3.EPAN; AIDR is then at most 3",
	  "6.3.4" },
};

/* SMMUv3.4 with VMSAv9-128 and nothing of Root and Secure; then IDR5. */
static const struct {
	uint32_t idr5;
	const char *feature;
} d128[] = {
	{ 0x00000977,
	  "VAX of 56 bits is not built in this version: IDR5.VAX is 2; write IDR5.VAX = 1" },
	{ 0x00000577,
	  "OAS of 56 bits is not built in this version: IDR5.OAS is 7; write IDR5.OAS = 6" },
	{ 0x00000576, "D128 is not built in this version: IDR5.D128 is 1; clear IDR5.D128" },
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

static struct smmu3_config d128_config(uint32_t idr5)
{
	struct smmu3_config config = profile_config("max-d128");

	memset(config.s_idr, 0, sizeof(config.s_idr));
	config.root_idr0 = config.s_mpamidr = 0;
	config.idr[0] = (config.idr[0] & ~0x3000000u) |
			0x1000000; /* no stalls, so that STALL_MAX is 0 */
	config.idr[5] = idr5;
	return config;
}

START_TEST(sizes_of_vmsav9_128_are_refused_by_name)
{
	struct smmu3_config config = d128_config(d128[_i].idr5);
	struct smmu3_error error;

	ck_assert_msg(smmu3_config_check(&config, &error) == -SMMU3_E_UNSUPPORTED, "%s",
		      error.text);
	ck_assert_str_eq(error.text, d128[_i].feature);
	ck_assert_str_eq(error.section, "6.3.6");
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
	for (int i = 0; i < COUNT(d128); i++) {
		struct smmu3_config config = d128_config(d128[i].idr5);

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

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, an_unbuilt_feature_is_refused_by_name, 0, COUNT(rows));
	tcase_add_loop_test(tests, sizes_of_vmsav9_128_are_refused_by_name, 0, COUNT(d128));
	tcase_add_test(tests, every_unbuilt_feature_is_refused_by_a_test);
	tcase_add_test(tests, a_feature_that_changes_no_answer_is_accepted);
}

int main(void)
{
	return run("unbuilt", add);
}
