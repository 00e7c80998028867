/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h: level 1 descriptors of the Stream table and of CDs, valid or not,
 * which an SMMU may keep as any structure.  3.21.3, 4.3, 5.1.1, 5.3.1 */
#include "keeping.h"
#include "run.h"

#include <check.h>
#include <string.h>

static const struct space ONE = { 1, STAGE_1, 3, 5 };

#define L1CDS_AT (RAM_AT + 0x610000)
#define LEAF_AT (RAM_AT + 0x620000) /* of CDs */
#define OTHER_AT (RAM_AT + 0x640000)
#define L1STDS_AT (RAM_AT + 0x650000)
#define V UINT64_C(1)

enum { SPLIT = 6, L1STDS = 1 << 16 | SPLIT << 6 | 8 };

/* ---- CDs ---- */

/* S1Fmt, by which 2^lg2 CDs are below an L1CD */
static const struct {
	unsigned coded, lg2;
} formats[] = { { 1, 6 }, { 2, 10 } };

static struct machine *prepared(int format, enum smmu3_check check)
{
	struct machine *m = keeping(check ? 0 : 64);
	const unsigned lg2 = formats[format].lg2;

	m->config.check = check;
	m->config.idr[0] |= 1u << 19;                                     /* CD2L */
	m->config.idr[1] = (m->config.idr[1] & ~(0x1fu << 6)) | 12u << 6; /* SSIDSIZE */
	start_machine(m);
	put_space(m, &ONE);
	put_s1(m, &ONE, 1, s1_page(HERE));
	struct ste ste = ste_of(STAGE_1, L1CDS_AT);
	struct cd cd = cd_of(table1(&ONE, 1));

	ste.word[0] |= STE0_S1CDMAX(lg2 + 2) | formats[format].coded << 4;
	ste.word[2] = (ste.word[2] & ~UINT64_C(0xffff)) | ONE.vmid;
	cd.word[0] = (cd.word[0] & ~CD0_ASID(0xffff)) | CD0_ASID(ONE.asid);
	put_ste(m, 1, ste);
	put_cd(m, LEAF_AT + 64 * 1, cd);
	put_cd(m, LEAF_AT + 64 * 2, cd);
	return m;
}

/* The second L1CD, which has SubstreamIDs from 2^lg2. */
static void put_l1cd(struct machine *m, uint64_t l1cd)
{
	*ram_at(m, L1CDS_AT + 8) = l1cd;
}

/* By the n-th CD below it. */
static uint64_t reached_by(struct machine *m, int format, unsigned n)
{
	const struct smmu3_txn txn = { .addr = PAGE(1),
				       .bytes = 4,
				       .sid = 1,
				       .ssid = (1u << formats[format].lg2) + n,
				       .flags = SMMU3_TXN_SSV };
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome.verdict == SMMU3_OK ? outcome.pa : NOWHERE;
}

static const struct removing {
	struct command command;
	uint32_t times, more; /* of CMD_CFGI_CD */
	bool goes;
} removing[] = {
	{ { { 0x05 | UINT64_C(1) << 32, 0 } }, 1, 1, true },
	{ { { 0x05 | UINT64_C(1) << 32, 0 } }, 2, ~0u, true }, /* any below it */
	{ { { 0x05 | UINT64_C(1) << 32, 0 } }, 1, ~0u, false },
	{ { { 0x05 | UINT64_C(1) << 32, 0 } }, 2, 0, false },
	{ { { 0x05 | UINT64_C(1) << 32, 1 } }, 1, 2, false }, /* Leaf */
	{ { { 0x05 | UINT64_C(2) << 32, 0 } }, 1, 1, false }, /* another stream's */
	{ { { 0x06 | UINT64_C(1) << 32, 0 } }, 0, 0, true },  /* CMD_CFGI_CD_ALL */
	{ { { 0x06 | UINT64_C(2) << 32, 0 } }, 0, 0, false },
	{ { { 0x03 | UINT64_C(1) << 32, 0 } }, 0, 0, true }, /* CMD_CFGI_STE */
	{ { { 0x03 | UINT64_C(1) << 32, 1 } }, 0, 0, true },
	{ { { 0x03 | UINT64_C(2) << 32, 0 } }, 0, 0, false },
	{ { { 0x04, 0 } }, 0, 0, true }, /* CMD_CFGI_STE_RANGE, of two */
	{ { { 0x04 | UINT64_C(2) << 32, 0 } }, 0, 0, false },
	{ { { 0x04, 31 } }, 0, 0, true }, /* CMD_CFGI_ALL */
	{ { { 0x30, 0 } }, 0, 0, false }, /* CMD_TLBI_NSNH_ALL */
};

static struct command removal(const struct removing *row, int format)
{
	struct command command = row->command;

	command.word[0] |= (uint64_t)((row->times << formats[format].lg2) + row->more) << 12;
	return command;
}

/* CMD-CFGI-CD, CMD-CFGI-CD-1, CMD-CFGI-CD-ALL, CMD-CFGI-STE, CMD-CFGI-STE-RANGE, CMD-CFGI-ALL: an
 * L1CD that has become invalid, used by another SubstreamID below it, until a command means it. */
START_TEST(an_l1cd_goes_by_what_means_it)
{
	for (int format = 0; format < COUNT(formats); format++) {
		struct machine *m = prepared(format, SMMU3_CHECK_ON);

		put_l1cd(m, LEAF_AT | V);
		ck_assert_uint_eq(reached_by(m, format, 1), HERE);
		put_l1cd(m, LEAF_AT);
		finish(m, removal(&removing[_i], format));
		ck_assert_uint_eq(reached_by(m, format, 2), removing[_i].goes ? NOWHERE : HERE);
		ck_assert_uint_eq(m->found_count, !removing[_i].goes);
		if (!removing[_i].goes) {
			/* What it has led to is as wrong */
			ck_assert_uint_eq(m->found[0].kepts, 2);
			ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_CD);
			ck_assert_uint_eq(m->found[0].kept[1].kind, SMMU3_KEPT_L1CD);
			ck_assert_uint_eq(m->found[0].kept[1].sid, 1);
			ck_assert_uint_eq(m->found[0].kept[1].ssid, 1u << formats[format].lg2);
			ck_assert_uint_eq(m->found[0].changed.reason, SMMU3_REASON_L1CD);
			ck_assert_uint_eq(m->found[0].changed.was[0], LEAF_AT | V);
			ck_assert_uint_eq(m->found[0].changed.now[0], LEAF_AT);
		}
		close_machine(m);
	}
}
END_TEST

/* 5.3.1, CMD-CFGI-CD: one that was invalid is kept, too: what it says now is read when software has
 * said so. */
START_TEST(an_l1cd_that_was_invalid)
{
	for (int format = 0; format < COUNT(formats); format++) {
		const uint32_t first = 1u << formats[format].lg2;
		struct machine *m = prepared(format, SMMU3_CHECK_ON);

		ck_assert_uint_eq(reached_by(m, format, 1), NOWHERE);
		put_l1cd(m, LEAF_AT | V);
		ck_assert_uint_eq(reached_by(m, format, 1), NOWHERE);
		ck_assert_uint_eq(m->found_count, 1);
		ck_assert_uint_eq(m->found[0].kepts, 1);
		ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_L1CD);
		ck_assert_uint_eq(m->found[0].commands, 1);
		ck_assert_uint_eq(m->found[0].command[0].word[0], cfgi_cd(1, first, 0).word[0]);
		ck_assert_uint_eq(m->found[0].command[0].word[1], 0);
		finish(m, cfgi_cd(1, first, 0));
		ck_assert_uint_eq(reached_by(m, format, 1), HERE);
		ck_assert_uint_eq(m->found_count, 1);
		close_machine(m);
	}
}
END_TEST

/* check.h, CMD-CFGI-CD: CDs below it go with it, by one command without Leaf for each. */
START_TEST(a_cd_and_its_l1cd)
{
	struct machine *m = prepared(0, SMMU3_CHECK_ON);

	put_l1cd(m, LEAF_AT | V);
	ck_assert_uint_eq(reached_by(m, 0, 1), HERE);
	put_l1cd(m, OTHER_AT | V);
	ck_assert_uint_eq(reached_by(m, 0, 1), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].changed.reason, SMMU3_REASON_L1CD);
	ck_assert_uint_eq(m->found[0].commands, 1);
	ck_assert_uint_eq(m->found[0].command[0].word[0], cfgi_cd(1, 65, 0).word[0]);
	ck_assert_uint_eq(m->found[0].command[0].word[1], 0);
	finish(m, cfgi_cd(1, 65, 0));
	ck_assert_uint_eq(reached_by(m, 0, 1), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* check.h: in words */
START_TEST(an_l1cd_is_said)
{
	struct machine *m = prepared(0, SMMU3_CHECK_ON);

	ck_assert_uint_eq(reached_by(m, 0, 1), NOWHERE);
	put_l1cd(m, LEAF_AT | V);
	ck_assert_uint_eq(reached_by(m, 0, 1), NOWHERE);
	ck_assert_str_eq(m->found_text[0],
			 "stale use: access 2, StreamID 0x1.0x41, read of 0x1000\n"
			 "  answered: C_BAD_SUBSTREAMID\n"
			 "  in memory: ok, pa 0x10000000 in ns space\n"
			 "  used: the L1CD of StreamID 0x1, SubstreamIDs from 0x40, kept since "
			 "access 1\n"
			 "  changed: L1CD at 0x80610008 in ns space was 0x0, is 0x80620001\n"
			 "  needed: CMD_CFGI_CD sid=0x1 ssid=0x40, then CMD_SYNC\n");
	close_machine(m);
}
END_TEST

/* 3.21.3: who is not checked keeps no L1CD. */
START_TEST(without_a_checker_an_l1cd_is_read_again)
{
	struct machine *m = prepared(0, SMMU3_CHECK_OFF);

	ck_assert_uint_eq(reached_by(m, 0, 1), NOWHERE);
	put_l1cd(m, LEAF_AT | V);
	ck_assert_uint_eq(reached_by(m, 0, 1), HERE);
	put_l1cd(m, 0);
	ck_assert_uint_eq(reached_by(m, 0, 2), NOWHERE);
	close_machine(m);
}
END_TEST

/* ---- STEs ---- */

static struct machine *of_two_levels(enum smmu3_check check)
{
	struct machine *m = keeping(check ? 0 : 64);

	m->config.check = check;
	start_machine(m);
	put_space(m, &ONE);
	put_s1(m, &ONE, 1, s1_page(HERE));
	set_reg(m, CR0, 0);
	set_reg64(m, STRTAB_BASE, L1STDS_AT);
	set_reg(m, STRTAB_BASE_CFG, L1STDS);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	return m;
}

/* The first L1STD: 2^(span - 1) of the STEs that put_space has made. */
static void put_l1std(struct machine *m, unsigned span)
{
	*ram_at(m, L1STDS_AT) = span ? STREAMS_AT | span : 0;
}

/* A Span that leads to the stream, and others: none, a reserved one, one that is too large, one of
 * StreamID 0 alone */
static const unsigned spans[] = { 0, 12, SPLIT + 2, 1 };

static const struct {
	struct command command;
	bool goes;
} above[] = {
	{ { { 0x03 | UINT64_C(1) << 32, 0 } }, true },
	{ { { 0x03 | UINT64_C(63) << 32, 0 } }, true }, /* any below it */
	{ { { 0x03 | UINT64_C(64) << 32, 0 } }, false },
	{ { { 0x03 | UINT64_C(1) << 32, 1 } }, false }, /* Leaf */
	{ { { 0x04 | UINT64_C(62) << 32, 0 } }, true },
	{ { { 0x04, 31 } }, true },
	{ { { 0x06 | UINT64_C(1) << 32, 0 } }, false },
};

/* 5.1.1, CMD-CFGI-STE, CMD-CFGI-STE-RANGE, CMD-CFGI-ALL: an L1STD that led nowhere is kept, too. */
START_TEST(an_l1std_that_led_nowhere)
{
	for (int i = 0; i < COUNT(spans); i++) {
		struct machine *m = of_two_levels(SMMU3_CHECK_ON);

		put_l1std(m, spans[i]);
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
		put_l1std(m, 4);
		finish(m, above[_i].command);
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), above[_i].goes ? HERE : NOWHERE);
		ck_assert_uint_eq(m->found_count, !above[_i].goes);
		if (!above[_i].goes) {
			ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_L1STD);
			ck_assert_uint_eq(m->found[0].changed.reason, SMMU3_REASON_L1STD);
			ck_assert_uint_eq(m->found[0].commands, 1);
			ck_assert_uint_eq(m->found[0].command[0].word[0] & 0xff, 0x03);
			ck_assert_uint_eq(m->found[0].command[0].word[1], 0); /* Leaf = 0 */
			finish(m, cfgi_ste(1, 0));
			ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		}
		close_machine(m);
	}
}
END_TEST

/* 3.21.3: of the same descriptor a stream that it leads to is served from what is kept. */
START_TEST(an_l1std_that_leads_to_others)
{
	struct machine *m = of_two_levels(SMMU3_CHECK_ON);

	put_l1std(m, 2);
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_l1std(m, 0);
	finish(m, cfgi_ste(1, 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[1].kind, SMMU3_KEPT_L1STD);
	close_machine(m);
}
END_TEST

/* 3.21.3: who is not checked keeps none that led nowhere. */
START_TEST(without_a_checker_an_l1std_is_read_again)
{
	for (int i = 0; i < COUNT(spans); i++) {
		struct machine *m = of_two_levels(SMMU3_CHECK_OFF);

		put_l1std(m, spans[i]);
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
		put_l1std(m, 4);
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		close_machine(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, an_l1cd_goes_by_what_means_it, 0, COUNT(removing));
	tcase_add_test(tests, an_l1cd_that_was_invalid);
	tcase_add_test(tests, a_cd_and_its_l1cd);
	tcase_add_test(tests, an_l1cd_is_said);
	tcase_add_test(tests, without_a_checker_an_l1cd_is_read_again);
	tcase_add_loop_test(tests, an_l1std_that_led_nowhere, 0, COUNT(above));
	tcase_add_test(tests, an_l1std_that_leads_to_others);
	tcase_add_test(tests, without_a_checker_an_l1std_is_read_again);
}

int main(void)
{
	return run("checked_levels", add);
}
