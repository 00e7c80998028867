/* SPDX-License-Identifier: MIT */
/* Translations of a hypervisor's streams that are kept beside those of its guests: which commands
 * remove them, with CR2.E2H and without, and which may not.  3.17, 3.17.5, 4.4.2 */
#include "keeping.h"
#include "run.h"

#include <check.h>

#define HYP (1u << 9) /* IDR0 */
#define E2H 1u        /* CR2 */

/* VMID 3 and ASID 5 of a guest; streams of the hypervisor with the same numbers. */
static const struct space guest = { 1, STAGE_1, 3, 5 };
static const struct space host5 = { 2, STAGE_1, 3, 4 }; /* its CD says ASID 5 */
static const struct space host6 = { 3, STAGE_1, 3, 6 }; /* on the tables of the other */

enum {
	GUEST = 1 << 0,  /* page 1 */
	FIVE = 1 << 1,   /* page 1 of ASID 5 */
	FIVE_2 = 1 << 2, /* page 2 */
	GLOBAL = 1 << 3, /* page 3, not nG, of ASID 5 */
	SIX = 1 << 4,    /* page 4 of ASID 6 */
	HOST = FIVE | FIVE_2 | GLOBAL | SIX,
	WHOLE = GUEST | HOST,
};

static const struct {
	const struct space *space;
	unsigned page;
	bool global;
} kept[] = {
	{ &guest, 1, false }, { &host5, 1, false }, { &host5, 2, false },
	{ &host5, 3, true },  { &host6, 4, false },
};

static const struct space *tables_of(const struct space *space)
{
	return space == &guest ? &guest : &host5;
}

static void put_all(struct machine *m, uint64_t base)
{
	for (int i = 0; i < COUNT(kept); i++)
		put_s1(m, tables_of(kept[i].space), kept[i].page,
		       s1_page(base + PAGE(i)) & ~(kept[i].global ? NG : 0));
}

/* STE.STRW = 0b10. */
static void put_host(struct machine *m, const struct space *space, uint16_t asid)
{
	put_space(m, space);
	*ram_at(m, STREAMS_AT + 64 * (uint64_t)space->sid + 8) |= STE1_STRW(2);
	*ram_at(m, cd_at(space, 0)) ^= CD0_ASID(space->asid ^ asid);
	*ram_at(m, cd_at(space, 0) + 8) = table1(tables_of(space), 1); /* TTB0 */
}

/* Disables, writes CR2, enables: what is kept stays. */
static void set_e2h(struct machine *m, uint32_t e2h)
{
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg(m, CR2, e2h);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
}

static struct machine *with_hypervisor(uint32_t places, uint32_t e2h)
{
	struct machine *m = keeping(places);

	m->config.idr[0] |= HYP;
	start_machine(m);
	set_e2h(m, e2h);
	put_space(m, &guest);
	put_host(m, &host5, 5);
	put_host(m, &host6, 6);
	return m;
}

/* What is still where it was; everything else must be where it has gone. */
static unsigned still_here(struct machine *m)
{
	unsigned here = 0;

	for (int i = 0; i < COUNT(kept); i++) {
		const uint64_t pa = would_reach(m, kept[i].space->sid, PAGE(kept[i].page));

		if (pa == HERE + PAGE(i))
			here |= 1u << i;
		else
			ck_assert_uint_eq(pa, THERE + PAGE(i));
	}
	return here;
}

static struct machine *filled(uint32_t places, uint32_t e2h)
{
	struct machine *m = with_hypervisor(places, e2h);

	put_all(m, HERE);
	for (int i = 0; i < COUNT(kept); i++)
		ck_assert_uint_eq(reached(m, kept[i].space->sid, PAGE(kept[i].page)),
				  HERE + PAGE(i));
	put_all(m, THERE);
	return m;
}

#define ASID(n) ((uint64_t)(n) << 48)
#define VMID(n) ((uint64_t)(n) << 32)
#define ONE_4K (UINT64_C(1) << 10) /* TG */

static const struct {
	struct command command;
	unsigned gone[2]; /* without E2H, with it */
} rows[] = {
	/* CMD-TLBI-EL2-ALL, TLB-20 */
	{ { { 0x20, 0 } }, { HOST, HOST } },
	/* CMD-TLBI-EL2-ASID, TLB-20: not what is global, nor what has no ASID */
	{ { { 0x21 | ASID(5), 0 } }, { 0, FIVE | FIVE_2 } },
	{ { { 0x21 | ASID(6), 0 } }, { 0, SIX } },
	{ { { 0x21 | ASID(0), 0 } }, { 0, 0 } },
	/* CMD-TLBI-EL2-VA, TLB-20, TLB-04: by ASID only with E2H; what is global whatever the ASID
	 */
	{ { { 0x22 | ASID(5), PAGE(1) } }, { FIVE, FIVE } },
	{ { { 0x22 | ASID(5), PAGE(1) | 1 } }, { FIVE, FIVE } },
	{ { { 0x22 | ASID(6), PAGE(1) } }, { FIVE, 0 } },
	{ { { 0x22 | ASID(6), PAGE(3) | 1 } }, { GLOBAL, GLOBAL } },
	{ { { 0x22 | ASID(6) | VMID(9), PAGE(4) } }, { SIX, SIX } },
	{ { { 0x22 | ASID(5), PAGE(5) } }, { 0, 0 } },
	/* CMD-TLBI-EL2-VAA, TLB-20: every ASID */
	{ { { 0x23 | ASID(9), PAGE(1) } }, { FIVE, FIVE } },
	{ { { 0x23, PAGE(3) | 1 } }, { GLOBAL, GLOBAL } },
	{ { { 0x23, PAGE(4) } }, { SIX, SIX } },
	/* RIL-003, RIL-004: ranges */
	{ { { 0x23 | 1 << 12, PAGE(1) | ONE_4K } }, { FIVE | FIVE_2, FIVE | FIVE_2 } },
	{ { { 0x22 | ASID(5) | 2 << 12, PAGE(2) | ONE_4K } },
	  { FIVE_2 | GLOBAL | SIX, FIVE_2 | GLOBAL } },
	/* CMD-TLBI-NH-2, TLB-01, TLB-26: commands of EL1 leave EL2 alone, and conversely */
	{ { { 0x10 | VMID(3), 0 } }, { GUEST, GUEST } },
	{ { { 0x10, 0 } }, { 0, 0 } },
	{ { { 0x11 | ASID(5) | VMID(3), 0 } }, { GUEST, GUEST } },
	{ { { 0x12 | ASID(5) | VMID(3), PAGE(1) } }, { GUEST, GUEST } },
	{ { { 0x13 | VMID(3), PAGE(1) } }, { GUEST, GUEST } },
	{ { { 0x28 | VMID(3), 0 } }, { GUEST, GUEST } },
	{ { { 0x30, 0 } }, { GUEST, GUEST } },
};

START_TEST(a_command_removes_what_it_names_of_el2_and_leaves_the_rest)
{
	for (uint32_t e2h = 0; e2h < 2; e2h++) {
		struct machine *m = filled(256, e2h);

		ck_assert_uint_eq(still_here(m), WHOLE);
		finish(m, rows[_i].command);
		ck_assert_uint_eq(still_here(m), WHOLE & ~rows[_i].gone[e2h]);
		close_machine(m);
	}
}
END_TEST

/* TLB-11: in caches of a place or two, less is kept, but what must go is gone */
START_TEST(what_a_command_of_el2_names_is_gone_from_caches_of_any_size)
{
	for (uint32_t places = 1; places <= 4; places *= 2)
		for (uint32_t e2h = 0; e2h < 2; e2h++) {
			struct machine *m = filled(places, e2h);

			finish(m, rows[_i].command);
			ck_assert_uint_eq(still_here(m) & rows[_i].gone[e2h], 0);
			close_machine(m);
		}
}
END_TEST

/* TLB-01, TLB-02, TLB-03, TLB-04: in EL2 neither ASID nor nG tell translations apart, so one stream
 * finds the other's; with E2H an ASID does, but for what is global; a guest's are never found */
START_TEST(translations_of_el2_are_those_of_all_its_streams)
{
	for (uint32_t e2h = 0; e2h < 2; e2h++) {
		struct machine *m = filled(256, e2h);

		put_s1(m, &guest, 4, s1_page(THERE + PAGE(8)));
		ck_assert_uint_eq(would_reach(m, 3, PAGE(1)), (e2h ? THERE : HERE) + PAGE(1));
		ck_assert_uint_eq(would_reach(m, 2, PAGE(4)), (e2h ? THERE : HERE) + PAGE(4));
		ck_assert_uint_eq(would_reach(m, 3, PAGE(3)), HERE + PAGE(3));
		ck_assert_uint_eq(would_reach(m, 1, PAGE(4)), THERE + PAGE(8));
		close_machine(m);
	}
}
END_TEST

/* TLB-03, TLB-04: with E2H, too, what is global is of one ASET; without ASIDs of either */
START_TEST(aset_tells_global_translations_apart_where_there_are_asids)
{
	for (uint32_t e2h = 0; e2h < 2; e2h++) {
		struct machine *m = filled(256, e2h);

		*ram_at(m, cd_at(&host5, 0)) ^= UINT64_C(1) << 47;
		finish(m, cfgi_cd(2, 0, 1));
		ck_assert_uint_eq(would_reach(m, 2, PAGE(3)), (e2h ? THERE : HERE) + PAGE(3));
		close_machine(m);
	}
}
END_TEST

/* TLB-02: what stands in S2VMID is no tag of EL2's */
START_TEST(streams_of_one_hypervisor_differ_in_nothing_but_asids)
{
	for (uint32_t e2h = 0; e2h < 2; e2h++) {
		struct machine *m = filled(256, e2h);

		*ram_at(m, STREAMS_AT + 64 * 2 + 16) ^= 1; /* S2VMID */
		finish(m, cfgi_ste(2, 1));
		ck_assert_uint_eq(still_here(m), WHOLE);
		close_machine(m);
	}
}
END_TEST

/* RST-004 */
START_TEST(after_reset_nothing_of_el2_is_kept)
{
	for (uint32_t e2h = 0; e2h < 2; e2h++) {
		struct machine *m = filled(256, e2h);
		const uint64_t base = reg64(m, STRTAB_BASE);
		const uint32_t config = reg(m, STRTAB_BASE_CFG);

		smmu3_reset(m->smmu);
		set_reg64(m, STRTAB_BASE, base);
		set_reg(m, STRTAB_BASE_CFG, config);
		set_reg(m, CR2, e2h);
		set_reg(m, CR0, SMMUEN);
		ck_assert_uint_eq(still_here(m), 0);
		close_machine(m);
	}
}
END_TEST

static void forget_streams(struct machine *m)
{
	finish(m, cfgi_ste_range(0, 31));
}

/* SW-07, TLB-09, CR-028: entries of the other mode answer nobody, and are there again when it comes
 * back, for nothing has removed them */
START_TEST(a_change_of_e2h_hides_what_is_kept_and_removes_nothing)
{
	struct machine *m = filled(256, 0);

	set_e2h(m, E2H);
	forget_streams(m);
	ck_assert_uint_eq(still_here(m), GUEST);
	set_e2h(m, 0);
	forget_streams(m);
	ck_assert_uint_eq(still_here(m), WHOLE);
	close_machine(m);
}
END_TEST

/* SW-07: the same of STE.STRW: as a stream of EL1 it finds what is of EL1 */
START_TEST(a_change_of_strw_hides_what_is_kept_and_removes_nothing)
{
	struct machine *m = filled(256, E2H);
	uint64_t *word1 = ram_at(m, STREAMS_AT + 64 * 2 + 8);

	*word1 &= ~STE1_STRW(3);
	finish(m, cfgi_ste(2, 1));
	ck_assert_uint_eq(would_reach(m, 2, PAGE(1)), HERE); /* the guest's, of VMID 3 and ASID 5 */
	put_s1(m, &guest, 2, s1_page(THERE + PAGE(8)));
	ck_assert_uint_eq(would_reach(m, 2, PAGE(2)), THERE + PAGE(8));
	*word1 |= STE1_STRW(2);
	finish(m, cfgi_ste(2, 1));
	ck_assert_uint_eq(still_here(m), WHOLE);
	close_machine(m);
}
END_TEST

/* CFG-08, CR-028: the mode is kept with the STE until that is invalidated.  6.3.12.3 */
START_TEST(an_ste_that_is_kept_keeps_its_mode)
{
	struct machine *m = filled(256, 0);

	set_e2h(m, E2H);
	ck_assert_uint_eq(still_here(m), WHOLE);
	finish(m, cfgi_ste(3, 1));
	ck_assert_uint_eq(still_here(m), WHOLE & ~SIX);
	forget_streams(m);
	ck_assert_uint_eq(still_here(m), GUEST);
	close_machine(m);
}
END_TEST

/* CMD-TLBI-EL2-1: entries of the other mode need not go: by address and ASID they stay, of both
 * modes all go with CMD_TLBI_EL2_ALL alone */
START_TEST(commands_by_address_mean_the_mode_of_now)
{
	struct machine *m = filled(256, 0);

	set_e2h(m, E2H);
	finish(m, (struct command){ { 0x23, PAGE(1) } });
	finish(m, (struct command){ { 0x22 | ASID(5), PAGE(2) } });
	finish(m, (struct command){ { 0x21 | ASID(6), 0 } });
	ck_assert_uint_eq(still_here(m), WHOLE);
	finish(m, (struct command){ { 0x20, 0 } });
	ck_assert_uint_eq(still_here(m), GUEST);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_command_removes_what_it_names_of_el2_and_leaves_the_rest, 0,
			    COUNT(rows));
	tcase_add_loop_test(tests, what_a_command_of_el2_names_is_gone_from_caches_of_any_size, 0,
			    COUNT(rows));
	tcase_add_test(tests, translations_of_el2_are_those_of_all_its_streams);
	tcase_add_test(tests, aset_tells_global_translations_apart_where_there_are_asids);
	tcase_add_test(tests, streams_of_one_hypervisor_differ_in_nothing_but_asids);
	tcase_add_test(tests, after_reset_nothing_of_el2_is_kept);
	tcase_add_test(tests, a_change_of_e2h_hides_what_is_kept_and_removes_nothing);
	tcase_add_test(tests, a_change_of_strw_hides_what_is_kept_and_removes_nothing);
	tcase_add_test(tests, an_ste_that_is_kept_keeps_its_mode);
	tcase_add_test(tests, commands_by_address_mean_the_mode_of_now);
}

int main(void)
{
	return run("kept_hypervisors", add);
}
