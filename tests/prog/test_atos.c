/* SPDX-License-Identifier: MIT */
/* What software is answered when it asks where an address goes.  Chapter 9 */
#include "atos.h"
#include "run.h"

#include <check.h>

/* ---- Where it goes ---- */

/* ATO-002, ATO-007, ATO-010: the result is there when RUN is 0.  Blocks of 1GB: bit 29 says so,
 * Size is bit 11, SH 3, ATTR 0xff.  6.3.40 */
START_TEST(a_request_is_answered_for_the_stages_that_it_asks_for)
{
	static const struct {
		uint64_t sid, addr, par;
	} rows[] = {
		{ 1, STAGE1_OF(0x12345000), 0xff00000060000b00 },
		{ 2, STAGE2_OF(0x52345000), 0xff000000e0000b00 },
		{ 3, STAGE1_OF(0x12345000), 0xff00000060000b00 },
		{ 3, STAGE2_OF(0x52345000), 0xff000000e0000b00 },
		{ 3, BOTH_OF(0x12345000), 0xff000000e0000b00 },
		{ 7 | ATOS_SSID(1), STAGE1_OF(0x3000), 0xff00000060000b00 },
		{ 7 | ATOS_SSID(1), BOTH_OF(0x3000), 0xff000000e0000b00 },
		/* nothing of stage 1 is asked for, S1DSS neither */
		{ 7, STAGE2_OF(0x52345000), 0xff000000e0000b00 },
	};
	struct machine *m = atos_machine();

	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_uint_eq(par_of(m, &gatos, rows[i].sid, rows[i].addr), rows[i].par);
	close_machine(m);
}
END_TEST

/* ATO-007, ATO-018: VATOS answers for stage 1 of streams of its VMID, nested or not */
START_TEST(vatos_answers_for_stage_1_of_its_vm)
{
	struct machine *m = atos_machine();

	ck_assert_uint_eq(par_of(m, &vatos, 1, STAGE1_OF(0x12345000)), 0xff00000060000b00);
	ck_assert_uint_eq(par_of(m, &vatos, 3, STAGE1_OF(0x12345000)), 0xff00000060000b00);
	ck_assert_uint_eq(par_of(m, &vatos, 7 | ATOS_SSID(1), STAGE1_OF(0)), 0xff00000060000b00);
	close_machine(m);
}
END_TEST

/* Tables of stage 1 for stream 3 that end at level 3, at addresses of the second GB: they are read
 * through stage 2.  Stage 2: the first GB in blocks of 2MB and pages. */
static void put_small_pages(struct machine *m)
{
	const uint64_t level2 = S1_TABLE_AT + 0x2000, level3 = S1_TABLE_AT + 0x3000;
	const uint64_t s2_level2 = S2_TABLE_AT + 0x1000, s2_level3 = S2_TABLE_AT + 0x2000;

	put_descriptor(m, S1_TABLE_AT, 4, to_table(level2));
	put_descriptor(m, level2, 0, s1_block(0x200000)); /* 2MB */
	put_descriptor(m, level2, 1, to_table(level3));
	put_descriptor(m, level2, 2, s1_block(0x400000));
	put_descriptor(m, level3, 0, s1_block(0x400000) | 2); /* 4KB */
	put_descriptor(m, level3, 1, s1_block(0x201000) | 2);
	put_descriptor(m, S2_TABLE_AT, 0, to_table(s2_level2));
	put_descriptor(m, s2_level2, 1, s2_block(0xa00000)); /* 2MB at IPA 0x200000 */
	put_descriptor(m, s2_level2, 2, to_table(s2_level3));
	put_descriptor(m, s2_level3, 0, s2_block(0xb00000) | 2); /* 4KB at IPA 0x400000 */
}

/* ATO-010: 4KB has Size 0; of both stages it is what both map alike: 2MB has bit 20 */
START_TEST(the_size_is_that_of_the_smaller_page_or_block)
{
	static const struct {
		uint64_t addr, par;
	} rows[] = {
		{ STAGE1_OF(4 * GB), 0xff00000000300b00 },             /* 2MB at 0x200000 */
		{ BOTH_OF(4 * GB + 0x7000), 0xff00000000b00b00 },      /* 2MB and 2MB at 0xa00000 */
		{ STAGE1_OF(4 * GB + 0x200000), 0xff00000000400300 },  /* 4KB */
		{ BOTH_OF(4 * GB + 0x200000), 0xff00000000b00300 },    /* 4KB and 4KB */
		{ BOTH_OF(4 * GB + 0x201000), 0xff00000000a01300 },    /* 4KB in 2MB */
		{ BOTH_OF(4 * GB + 0x400000), 0xff00000000b00300 },    /* 2MB over 4KB */
		{ STAGE2_OF(UINT64_C(0x201000)), 0xff00000000b00b00 }, /* 2MB at 0xa00000 */
		{ STAGE2_OF(UINT64_C(0x400000)), 0xff00000000b00300 }, /* 4KB */
	};
	struct machine *m = atos_machine();

	put_small_pages(m);
	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_uint_eq(par_of(m, &gatos, 3, rows[i].addr), rows[i].par);
	close_machine(m);
}
END_TEST

/* ATO-010: what the descriptors say, of each stage alone and combined as for any access: MAIR 0x44
 * is Normal Non-cacheable, 0x04 Device-nGnRE; stage 2 MemAttr 0xa Write-Through, which has both
 * hints.  Device and Non-cacheable memory is Outer Shareable.  13.1.5, 13.1.7 */
START_TEST(attributes_are_those_of_the_stages_asked_for)
{
	static const struct {
		uint64_t mair, s1_sh, s2_memattr, s2_sh;
		uint64_t stage1, stage2, both;
	} rows[] = {
		{ 0xff, 3, 0xf, 3, 0xff00000060000b00, 0xff000000e0000b00, 0xff000000e0000b00 },
		{ 0xff, 0, 0xa, 3, 0xff00000060000800, 0xbb000000e0000b00, 0xbb000000e0000b00 },
		{ 0xbb, 3, 0xf, 2, 0xbb00000060000b00, 0xff000000e0000a00, 0xbb000000e0000a00 },
		{ 0xee, 3, 0xf, 0, 0xee00000060000b00, 0xff000000e0000800, 0xee000000e0000b00 },
		{ 0x44, 3, 0xf, 3, 0x4400000060000a00, 0xff000000e0000b00, 0x44000000e0000a00 },
		{ 0x04, 3, 0xf, 3, 0x0400000060000a00, 0xff000000e0000b00, 0x04000000e0000a00 },
		{ 0xff, 3, 0x1, 0, 0xff00000060000b00, 0x04000000e0000a00, 0x04000000e0000a00 },
		{ 0xff, 3, 0x5, 3, 0xff00000060000b00, 0x44000000e0000a00, 0x44000000e0000a00 },
	};
	struct machine *m = atos_machine();

	for (int i = 0; i < COUNT(rows); i++) {
		const uint64_t cleared = ~(UINT64_C(0xf) << 2 | UINT64_C(3) << 8);

		ram_at(m, CD_3)[3] = rows[i].mair;
		put_descriptor(m, S1_TABLE_AT, 0, (s1_block(GB) & cleared) | rows[i].s1_sh << 8);
		put_descriptor(m, S2_TABLE_AT, 1,
			       (s2_block(3 * GB) & cleared) | rows[i].s2_memattr << 2 |
				       rows[i].s2_sh << 8);
		maintain(m);
		ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE1_OF(0)), rows[i].stage1);
		ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE2_OF(GB)), rows[i].stage2);
		ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), rows[i].both);
	}
	close_machine(m);
}
END_TEST

/* S2FWB affects what ATOS returns: MemAttr 6 makes Write-Back of Device memory, which stays Outer
 * Shareable.  13.1.6 */
START_TEST(forced_write_back_is_in_the_result)
{
	struct machine *m = atos_machine();

	ram_at(m, STREAMS_AT + 64 * 3)[1] |= UINT64_C(1) << 25;
	ram_at(m, CD_3)[3] = 0x04;
	put_descriptor(m, S2_TABLE_AT, 1, (s2_block(3 * GB) & ~(UINT64_C(0xf) << 2)) | 6 << 2);
	put_descriptor(m, S2_TABLE_AT, 2, (s2_block(2 * GB) & ~(UINT64_C(0xf) << 2)) | 6 << 2);
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE1_OF(0)), 0x0400000060000a00);
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE2_OF(GB)), 0xff000000e0000b00);
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), 0xff000000e0000a00);
	close_machine(m);
}
END_TEST

/* ATO-016, PERM-32, ATTR-28: MTCFG with MemAttr 0 (Device-nGnRnE), ALLOCCFG without hints, SHCFG 2,
 * PRIVCFG and INSTCFG change nothing.  5.2, 13.1 Tables 13.4 and 13.5 */
START_TEST(overrides_of_the_stream_do_not_count)
{
	/* word 1: MTCFG is bit 36, ALLOCCFG 40:37, SHCFG 45:44, PRIVCFG 49:48, INSTCFG 51:50 */
	const uint64_t others = UINT64_C(2) << 44 | UINT64_C(3) << 48 | UINT64_C(3) << 50;
	const uint64_t types[] = { UINT64_C(8) << 37, UINT64_C(1) << 36 };
	struct machine *m = atos_machine();

	for (int i = 0; i < COUNT(types); i++) {
		for (uint32_t sid = 1; sid <= 3; sid++) {
			uint64_t *word = &ram_at(m, STREAMS_AT + 64 * (uint64_t)sid)[1];

			*word = (*word & ((UINT64_C(1) << 36) - 1)) | others | types[i];
		}
		maintain(m);
		ck_assert_uint_eq(par_of(m, &gatos, 1, STAGE1_OF(0)), 0xff00000060000b00);
		ck_assert_uint_eq(par_of(m, &gatos, 2, STAGE2_OF(GB)), 0xff000000e0000b00);
		ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), 0xff000000e0000b00);
	}
	/* of a user's data, not of the privileged fetch that the overrides would make of it */
	put_descriptor(m, S1_ALONE_AT, 0, s1_block(GB) & ~TTD_AP(1)); /* privileged alone */
	maintain(m);
	ck_assert_uint_eq(par_of(m, &gatos, 1, STAGE1_OF(0)), PAR_FAULT(0x13, 0));
	put_descriptor(m, S1_ALONE_AT, 0, s1_block(GB) | UINT64_C(3) << 53); /* no execution */
	maintain(m);
	ck_assert_uint_eq(par_of(m, &gatos, 1, STAGE1_OF(0)), 0xff00000060000b00);
	close_machine(m);
}
END_TEST

/* ATO-006, PERM-32: RnW, PnU and InD are the request's; of a write InD does not count.  HTTUI has
 * nothing to inhibit. */
START_TEST(the_access_is_what_the_address_register_says)
{
	static const struct {
		uint64_t leaf, addr;
		bool faults;
	} rows[] = {
		{ TTD_AP(3), ATOS_READ, false }, /* read-only */
		{ TTD_AP(3), 0, true },
		{ TTD_AP(0), ATOS_READ, true }, /* privileged alone */
		{ TTD_AP(0), ATOS_READ | ATOS_PRIVILEGED, false },
		{ TTD_AP(0), ATOS_PRIVILEGED, false },
		{ TTD_AP(1) | UINT64_C(1) << 54, ATOS_READ | ATOS_FETCH, true }, /* UXN */
		{ TTD_AP(1) | UINT64_C(1) << 54, ATOS_FETCH, false },            /* a write */
		{ TTD_AP(3) | UINT64_C(1) << 54, ATOS_READ, false },
		{ TTD_AP(3), ATOS_READ | ATOS_FETCH | ATOS_HTTUI, false },
		{ TTD_AP(3), ATOS_HTTUI, true },
	};
	struct machine *m = atos_machine();

	for (int i = 0; i < COUNT(rows); i++) {
		put_descriptor(m, S1_ALONE_AT, 0, (s1_block(GB) & ~TTD_AP(3)) | rows[i].leaf);
		maintain(m);
		ck_assert_uint_eq(par_of(m, &gatos, 1, rows[i].addr | UINT64_C(1) << 10),
				  rows[i].faults ? PAR_FAULT(0x13, 0) : 0xff00000060000b00);
	}
	close_machine(m);
}
END_TEST

/* Of one stage of a nested stream its own permissions count: stage 1 allows reads alone, stage 2
 * writes.  9 */
START_TEST(only_permissions_of_the_stages_asked_for_count)
{
	struct machine *m = atos_machine();

	put_descriptor(m, S1_TABLE_AT, 0, s1_block(GB) | TTD_AP(2)); /* read-only */
	put_descriptor(m, S2_TABLE_AT, 1, (s2_block(3 * GB) & ~TTD_AP(3)) | TTD_AP(2)); /* write */
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE1_OF(0)), 0xff00000060000b00);
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE1_OF(0) & ~ATOS_READ), PAR_FAULT(0x13, 0));
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE2_OF(GB) & ~ATOS_READ), 0xff000000e0000b00);
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE2_OF(GB)), PAR_FAULT(0x13, 3));
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0) & ~ATOS_READ), PAR_FAULT(0x13, 0));
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), PAR_FAULT(0x13, 3) | GB);
	close_machine(m);
}
END_TEST

/* ATO-009: S1DSS = 1 has traffic without a SubstreamID pass stage 1 by; the stage is there all the
 * same.  libsmmu gives such an address the size of a 4KB page.  9.1.3 */
START_TEST(stage_1_that_is_bypassed_gives_the_address_back)
{
	struct machine *m = atos_machine();

	ram_at(m, STREAMS_AT + 64 * 7)[1] |= STE1_S1DSS(1);
	ck_assert_uint_eq(par_of(m, &gatos, 7, STAGE1_OF(0x52345000)), 0xff00000052345000);
	ck_assert_uint_eq(par_of(m, &vatos, 7, STAGE1_OF(0x52345000)), 0xff00000052345000);
	ck_assert_uint_eq(par_of(m, &gatos, 7, BOTH_OF(0x52345000)), 0xff000000e0000b00);
	ck_assert_uint_eq(par_of(m, &gatos, 7, STAGE1_OF(UINT64_C(1) << 52)), PAR_FAULT(0x11, 0));
	ck_assert_uint_eq(par_of(m, &gatos, 7, BOTH_OF(UINT64_C(1) << 52)), PAR_FAULT(0x11, 0));
	ck_assert_uint_eq(par_of(m, &gatos, 7 | ATOS_SSID(1), STAGE1_OF(0)), 0xff00000060000b00);
	close_machine(m);
}
END_TEST

/* PERM-14, ATO-013: E0PD0 keeps out a user, whatever it asks for, and a user alone: 5.4 E0PD0, 9.
 * AP says that users may read and write, which no privileged access may execute */
START_TEST(e0pd_keeps_out_whoever_the_address_register_says_is_unprivileged)
{
	static const struct {
		uint64_t addr;
		bool open;
	} rows[] = {
		{ 1 << 10 | ATOS_READ, false },
		{ 1 << 10, false },
		{ 1 << 10 | ATOS_READ | ATOS_FETCH, false },
		{ 1 << 10 | ATOS_READ | ATOS_PRIVILEGED, true },
		{ 1 << 10 | ATOS_PRIVILEGED, true },
		{ 3 << 10 | ATOS_READ, false },
		{ 3 << 10 | ATOS_READ | ATOS_PRIVILEGED, true },
	};
	struct machine *m = machine("generic-3.3");

	m->config.idr[0] |= 1 << 15 | 1 << 20; /* ATOS, VATOS */
	start_machine(m);
	put_atos_streams(m);
	ram_at(m, CD_3)[1] |= 1 << 2; /* E0PD0 */
	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_uint_eq(par_of(m, &gatos, 3, rows[i].addr),
				  !rows[i].open          ? PAR_FAULT(0x10, 0) :
				  rows[i].addr & 2 << 10 ? 0xff000000e0000b00 :
							   0xff00000060000b00);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_request_is_answered_for_the_stages_that_it_asks_for);
	tcase_add_test(tests, vatos_answers_for_stage_1_of_its_vm);
	tcase_add_test(tests, the_size_is_that_of_the_smaller_page_or_block);
	tcase_add_test(tests, attributes_are_those_of_the_stages_asked_for);
	tcase_add_test(tests, forced_write_back_is_in_the_result);
	tcase_add_test(tests, overrides_of_the_stream_do_not_count);
	tcase_add_test(tests, the_access_is_what_the_address_register_says);
	tcase_add_test(tests, e0pd_keeps_out_whoever_the_address_register_says_is_unprivileged);
	tcase_add_test(tests, only_permissions_of_the_stages_asked_for_count);
	tcase_add_test(tests, stage_1_that_is_bypassed_gives_the_address_back);
}

int main(void)
{
	return run("atos", add);
}
