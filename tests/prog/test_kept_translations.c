/* SPDX-License-Identifier: MIT */
/* Each command for translations, through registers and memory: what it must remove is gone, what it
 * may leave is still there.  4.4 */
#include "keeping.h"
#include "run.h"

#include <check.h>

/* TLB-01, TLB-07: streams.  VMIDs and ASIDs occur more than once, so that each tag is seen to
 * count; the VMID also where stage 2 is not used. */
static const struct space spaces[] = {
	{ 1, STAGE_1, 3, 5 }, { 2, STAGE_1, 3, 6 }, { 3, STAGE_1, 4, 5 },
	{ 4, STAGE_2, 3, 0 }, { 5, STAGE_2, 4, 0 }, { 6, BOTH_STAGES, 3, 7 },
};

/* Translations that are kept: of a stream, for a page. */
static const struct {
	unsigned space; /* in the table above */
	unsigned page;
} kept[] = {
	{ 0, 1 }, { 0, 2 }, { 0, 3 }, { 1, 1 }, { 2, 1 }, { 3, 1 }, { 3, 2 }, { 4, 1 }, { 5, 1 },
};

enum {
	A = 1 << 0, /* VMID 3, ASID 5, page 1 */
	B = 1 << 1, /* page 2 */
	C = 1 << 2, /* page 3, global */
	D = 1 << 3, /* VMID 3, ASID 6, page 1 */
	E = 1 << 4, /* VMID 4, ASID 5, page 1 */
	F = 1 << 5, /* VMID 3, IPA page 1 */
	G = 1 << 6, /* page 2 */
	H = 1 << 7, /* VMID 4, IPA page 1 */
	I = 1
	    << 8, /* VMID 3, ASID 7, page 1, by both stages; its IPA is page 9, or once moved 10 */
	WHOLE = (1 << 9) - 1,
};

static const struct space *space_of(int i)
{
	return &spaces[kept[i].space];
}

static uint64_t descriptor_of(int i, uint64_t base)
{
	const struct space *space = space_of(i);
	const uint64_t output = base + PAGE(kept[i].page);

	if (space->config == STAGE_2)
		return s2_page(output);
	return s1_page(output) & ~(i == 2 ? NG : 0);
}

static void put_translation(struct machine *m, int i, uint64_t base)
{
	const struct space *space = space_of(i);

	if (space->config == BOTH_STAGES)
		put_s1(m, space, kept[i].page, s1_page(PAGE(base == HERE ? 9 : 10)));
	else if (space->config == STAGE_1)
		put_s1(m, space, kept[i].page, descriptor_of(i, base));
	else
		put_s2(m, space, kept[i].page, descriptor_of(i, base));
}

static uint64_t output_of(int i, uint64_t base)
{
	if (space_of(i)->config == BOTH_STAGES)
		return base + PAGE(base == HERE ? 9 : 10);
	return base + PAGE(kept[i].page);
}

/* What is still where it was, of all; everything else must be where it has gone. */
static unsigned still_here(struct machine *m)
{
	unsigned here = 0;

	for (int i = 0; i < COUNT(kept); i++) {
		const uint64_t pa = would_reach(m, space_of(i)->sid, PAGE(kept[i].page));

		if (pa == output_of(i, HERE))
			here |= 1u << i;
		else
			ck_assert_uint_eq(pa, output_of(i, THERE));
	}
	return here;
}

static struct machine *filled(struct machine *m)
{
	start_machine(m);
	for (int i = 0; i < COUNT(spaces); i++)
		put_space(m, &spaces[i]);
	put_s2(m, &spaces[5], 9, s2_page(HERE + PAGE(9)));
	put_s2(m, &spaces[5], 10, s2_page(THERE + PAGE(10)));
	for (int i = 0; i < COUNT(kept); i++)
		put_translation(m, i, HERE);
	for (int i = 0; i < COUNT(kept); i++)
		ck_assert_uint_eq(reached(m, space_of(i)->sid, PAGE(kept[i].page)),
				  output_of(i, HERE));
	for (int i = 0; i < COUNT(kept); i++)
		put_translation(m, i, THERE);
	return m;
}

static const struct {
	struct command command;
	unsigned gone;
} rows[] = {
	/* CMD-TLBI-NH-ALL, TLB-16, TLB-19, NEST-16: stage 1 of a VMID, global too, and of both
	   stages */
	{ { { 0x10 | UINT64_C(3) << 32, 0 } }, A | B | C | D | I },
	{ { { 0x10 | UINT64_C(4) << 32, 0 } }, E },
	{ { { 0x10 | UINT64_C(2) << 32, 0 } }, 0 },
	/* CMD-TLBI-NH-ASID, TLB-17: not what is global */
	{ { { 0x11 | UINT64_C(0x50003) << 32, 0 } }, A | B },
	{ { { 0x11 | UINT64_C(0x60003) << 32, 0 } }, D },
	{ { { 0x11 | UINT64_C(0x70003) << 32, 0 } }, I },
	{ { { 0x11 | UINT64_C(0x50004) << 32, 0 } }, E },
	{ { { 0x11 | UINT64_C(0x60004) << 32, 0 } }, 0 },
	/* CMD-TLBI-NH-VA, TLB-18: what is global whatever the ASID; RIL-001: without TG one page */
	{ { { 0x12 | UINT64_C(0x50003) << 32, PAGE(1) } }, A },
	{ { { 0x12 | UINT64_C(0x50003) << 32, PAGE(1) | 1 } }, A },
	{ { { 0x12 | UINT64_C(0x50003) << 32, PAGE(2) | 1 } }, B },
	{ { { 0x12 | UINT64_C(0x60003) << 32, PAGE(1) } }, D },
	{ { { 0x12 | UINT64_C(0x70003) << 32, PAGE(1) | 1 } }, I },
	{ { { 0x12 | UINT64_C(0x50003) << 32, PAGE(3) | 1 } }, C },
	{ { { 0x12 | UINT64_C(0x60003) << 32, PAGE(3) } }, C },
	{ { { 0x12 | UINT64_C(0x50004) << 32, PAGE(3) } }, 0 },
	{ { { 0x12 | UINT64_C(0x50003) << 32, PAGE(4) } }, 0 },
	{ { { 0x12 | UINT64_C(0x50003) << 32, PAGE(0) } }, 0 },
	/* CMD-TLBI-NH-VAA, TLB-18: every ASID */
	{ { { 0x13 | UINT64_C(3) << 32, PAGE(1) } }, A | D | I },
	{ { { 0x13 | UINT64_C(3) << 32, PAGE(1) | 1 } }, A | D | I },
	{ { { 0x13 | UINT64_C(3) << 32, PAGE(3) } }, C },
	{ { { 0x13 | UINT64_C(4) << 32, PAGE(1) } }, E },
	/* CMD-TLBI-S2-IPA, CMD-TLBI-S2-1, TLB-23: stage 2 alone; what both stages made stays */
	{ { { 0x2a | UINT64_C(3) << 32, PAGE(1) } }, F },
	{ { { 0x2a | UINT64_C(3) << 32, PAGE(1) | 1 } }, F },
	{ { { 0x2a | UINT64_C(3) << 32, PAGE(2) | 1 } }, G },
	{ { { 0x2a | UINT64_C(4) << 32, PAGE(1) } }, H },
	{ { { 0x2a | UINT64_C(3) << 32, PAGE(9) } }, 0 },
	/* CMD-TLBI-S12-VMALL, TLB-25 */
	{ { { 0x28 | UINT64_C(3) << 32, 0 } }, A | B | C | D | F | G | I },
	{ { { 0x28 | UINT64_C(4) << 32, 0 } }, E | H },
	/* CMD-TLBI-NSNH-ALL, TLB-26, BBM-07 */
	{ { { 0x30, 0 } }, WHOLE },
	/* RIL-003, RIL-004, TLB-29: TG 4KB, a page or more from an address, and no neighbour */
	{ { { 0x13 | UINT64_C(3) << 32, PAGE(2) | 1 << 10 | 3 << 8 } }, B },
	{ { { 0x13 | UINT64_C(3) << 32 | 1 << 12, PAGE(2) | 1 << 10 } }, B | C },
	{ { { 0x13 | UINT64_C(3) << 32 | 1 << 12, PAGE(0) | 1 << 10 } }, A | D | I },
	{ { { 0x13 | UINT64_C(3) << 32 | 1 << 20, PAGE(2) | 1 << 10 } }, B | C },
	{ { { 0x13 | UINT64_C(3) << 32 | 31 << 20, 1 << 10 } }, A | B | C | D | I },
	{ { { 0x12 | UINT64_C(0x50003) << 32 | 1 << 12, PAGE(1) | 1 << 10 | 1 } }, A | B },
	{ { { 0x12 | UINT64_C(0x60003) << 32 | 2 << 12, PAGE(1) | 1 << 10 | 1 } }, C | D },
	{ { { 0x2a | UINT64_C(3) << 32 | 1 << 12, PAGE(1) | 1 << 10 | 1 } }, F | G },
	{ { { 0x2a | UINT64_C(3) << 32 | 1 << 12, PAGE(2) | 1 << 10 | 1 } }, G },
	/* TLB-32, RIL-010: from where it begins, though a level 2 has no such address */
	{ { { 0x13 | UINT64_C(3) << 32, PAGE(2) | 1 << 10 | 2 << 8 } }, B },
	/* CFG-03, CMD-CFGI-STE: commands for structures leave translations alone */
	{ { { 0x03 | UINT64_C(1) << 32, 0 } }, 0 },
	{ { { 0x04, 31 } }, 0 },
	{ { { 0x05 | UINT64_C(1) << 32, 0 } }, 0 },
	{ { { 0x06 | UINT64_C(1) << 32, 0 } }, 0 },
};

START_TEST(a_command_removes_what_it_names_and_leaves_the_rest)
{
	struct machine *m = filled(keeping(256));

	ck_assert_uint_eq(still_here(m), WHOLE); /* all of it is kept */
	finish(m, rows[_i].command);
	ck_assert_uint_eq(still_here(m), WHOLE & ~rows[_i].gone);
	close_machine(m);
}
END_TEST

/* TLB-11: in caches of a place or two, less is kept, but what must go is gone */
START_TEST(what_a_command_names_is_gone_from_caches_of_any_size)
{
	for (uint32_t places = 0; places <= 4; places = places ? places * 2 : 1) {
		struct machine *m = filled(keeping(places));

		finish(m, rows[_i].command);
		ck_assert_uint_eq(still_here(m) & rows[_i].gone, 0);
		finish(m, NSNH_ALL);
		ck_assert_uint_eq(still_here(m), 0);
		close_machine(m);
	}
}
END_TEST

/* TLB-34, CR-020: VMID[VMW-1:0] do not count for commands, but do for lookups */
START_TEST(vmw_lets_a_command_reach_several_vmids)
{
	static const struct {
		uint32_t vmw;
		struct command command;
		unsigned gone;
	} widened[] = {
		{ 0, { { 0x10 | UINT64_C(2) << 32, 0 } }, 0 },
		{ 1, { { 0x10 | UINT64_C(2) << 32, 0 } }, A | B | C | D | I },
		{ 1, { { 0x10 | UINT64_C(5) << 32, 0 } }, E },
		{ 3, { { 0x10 | UINT64_C(0) << 32, 0 } }, A | B | C | D | E | I },
		{ 3, { { 0x10 | UINT64_C(8) << 32, 0 } }, 0 },
		{ 3, { { 0x11 | UINT64_C(0x50007) << 32, 0 } }, A | B | E },
		{ 1, { { 0x2a | UINT64_C(2) << 32, PAGE(1) } }, F },
		{ 3, { { 0x2a | UINT64_C(2) << 32, PAGE(1) } }, F | H },
		{ 1, { { 0x28 | UINT64_C(2) << 32, 0 } }, A | B | C | D | F | G | I },
	};
	for (int i = 0; i < COUNT(widened); i++) {
		struct machine *m = keeping(256);

		m->config.idr[0] |= 1 << 17; /* VMW */
		filled(m);
		set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN | widened[i].vmw << 6);
		ck_assert_uint_eq(still_here(m), WHOLE);
		finish(m, widened[i].command);
		ck_assert_uint_eq(still_here(m), WHOLE & ~widened[i].gone);
		close_machine(m);
	}
}
END_TEST

/* TLB-33: without 16-bit tags a command whose upper byte is not 0 means nobody */
START_TEST(a_tag_that_cannot_be_matches_nothing)
{
	static const struct command commands[] = {
		{ { 0x11 | UINT64_C(0x1050003) << 32, 0 } },
		{ { 0x10 | UINT64_C(0x103) << 32, 0 } },
	};

	for (int i = 0; i < COUNT(commands); i++) {
		struct machine *m = keeping(256);

		m->config.idr[0] &= ~(UINT32_C(1) << 12 | UINT32_C(1) << 18); /* ASID16, VMID16 */
		filled(m);
		finish(m, commands[i]);
		ck_assert_uint_eq(still_here(m), WHOLE);
		close_machine(m);
	}
}
END_TEST

/* TLB-23, NEST-16: hypervisors that change stage 2 remove it by IPA, then what both stages made */
START_TEST(what_both_stages_made_goes_with_stage_1)
{
	struct machine *m = keeping(256);
	const struct space *space = &spaces[5];

	start_machine(m);
	put_space(m, space);
	put_s1(m, space, 1, s1_page(PAGE(9)));
	put_s2(m, space, 9, s2_page(HERE));
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), HERE);
	put_s2(m, space, 9, s2_page(THERE));
	finish(m, s2_ipa(3, PAGE(9), 1));
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), HERE);
	finish(m, nh_all(3));
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), THERE);
	/* stage 1's command alone leaves stage 2's */
	put_s2(m, space, 9, s2_page(HERE));
	finish(m, nh_all(3));
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), THERE);
	finish(m, s12_vmall(3));
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* TLB-03, TLB-05: what is global answers for every ASID of its ASET; what is not for its own of
 * either
 */
START_TEST(a_global_page_answers_for_every_asid_of_its_aset)
{
	static const struct space first = { 1, STAGE_1, 3, 5 }, second = { 2, STAGE_1, 3, 6 };
	const uint64_t aset = UINT64_C(1) << 47;
	struct machine *m = keeping(256);

	start_machine(m);
	put_space(m, &first);
	put_space(m, &second);
	put_s1(m, &first, 1, s1_page(HERE) & ~NG);
	put_s1(m, &second, 1, s1_page(THERE) & ~NG);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(would_reach(m, 2, PAGE(1)), HERE);
	*ram_at(m, cd_at(&second, 0)) &= ~aset;
	finish(m, cfgi_cd(2, 0, 1));
	ck_assert_uint_eq(would_reach(m, 2, PAGE(1)), THERE);
	/* the other way round: of ASID 6 and ASET = 0, not global */
	put_s1(m, &second, 2, s1_page(HERE));
	ck_assert_uint_eq(reached(m, 2, PAGE(2)), HERE);
	put_s1(m, &second, 2, s1_page(THERE));
	*ram_at(m, cd_at(&second, 0)) |= aset;
	finish(m, cfgi_cd(2, 0, 1));
	ck_assert_uint_eq(would_reach(m, 2, PAGE(2)), HERE);
	close_machine(m);
}
END_TEST

/* TLB-05: a command with an ASID means it with either ASET */
START_TEST(a_command_means_an_asid_of_either_aset)
{
	static const struct space space = { 1, STAGE_1, 3, 5 };
	const struct command commands[] = { nh_va(3, 5, PAGE(1), 1), nh_vaa(3, PAGE(1), 1),
					    nh_asid(3, 5), nh_all(3) };

	for (int i = 0; i < 2 * COUNT(commands); i++) {
		struct machine *m = keeping(256);

		start_machine(m);
		put_space(m, &space);
		*ram_at(m, cd_at(&space, 0)) ^= (uint64_t)(i % 2) << 47;
		put_s1(m, &space, 1, s1_page(HERE));
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		put_s1(m, &space, 1, s1_page(THERE));
		ck_assert_uint_eq(would_reach(m, 1, PAGE(1)), HERE);
		finish(m, commands[i / 2]);
		ck_assert_uint_eq(would_reach(m, 1, PAGE(1)), THERE);
		close_machine(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_command_means_an_asid_of_either_aset);
	tcase_add_loop_test(tests, a_command_removes_what_it_names_and_leaves_the_rest, 0,
			    COUNT(rows));
	tcase_add_loop_test(tests, what_a_command_names_is_gone_from_caches_of_any_size, 0,
			    COUNT(rows));
	tcase_add_test(tests, vmw_lets_a_command_reach_several_vmids);
	tcase_add_test(tests, a_tag_that_cannot_be_matches_nothing);
	tcase_add_test(tests, what_both_stages_made_goes_with_stage_1);
	tcase_add_test(tests, a_global_page_answers_for_every_asid_of_its_aset);
}

int main(void)
{
	return run("kept_translations", add);
}
