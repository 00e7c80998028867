/* SPDX-License-Identifier: MIT */
/* Address translation operations with hardware updates: ATOS_ADDR.HTTUI decides whether memory
 * changes, and the answer is the same.  9 */
#include "atos.h"
#include "run.h"

#include <check.h>

#define AF (UINT64_C(1) << 10)
#define BIT7 (UINT64_C(1) << 7) /* AP[2], S2AP[1] */
#define DBM (UINT64_C(1) << 51)
#define HD_HA (UINT64_C(3) << 42)
#define S2HA_S2HD (UINT64_C(3) << 55)

/* The streams of atos.h, whose pages are clean and not accessed at both stages. */
static struct machine *httu_machine(void)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= 1 << 15 | 1 << 20 | 2 << 6; /* ATOS, VATOS, HTTU */
	m->windows = true;
	start_machine(m);
	put_atos_streams(m);
	ram_at(m, CD_1)[0] |= HD_HA;
	ram_at(m, CD_3)[0] |= HD_HA;
	ram_at(m, STREAMS_AT + 64 * 2)[2] |= S2HA_S2HD;
	ram_at(m, STREAMS_AT + 64 * 3)[2] |= S2HA_S2HD;
	ram_at(m, S1_ALONE_AT)[0] = (s1_block(GB) | DBM | BIT7) & ~AF;
	ram_at(m, S1_TABLE_AT)[0] = (s1_block(GB) | DBM | BIT7) & ~AF;
	ram_at(m, S2_TABLE_AT)[1] = (s2_block(3 * GB) | DBM) & ~BIT7 & ~AF;
	return m;
}

static uint64_t s1(struct machine *m)
{
	return ram_at(m, S1_TABLE_AT)[0];
}

static uint64_t s2(struct machine *m)
{
	return ram_at(m, S2_TABLE_AT)[1];
}

/* ATO-017, HTTU-20: as an access of the same kind would */
START_TEST(a_request_updates_as_the_access_would)
{
	struct machine *m = httu_machine();

	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), 0xff000000e0000b00);
	ck_assert_uint_eq(s1(m), s1_block(GB) | DBM | BIT7);
	ck_assert_uint_eq(s2(m), (s2_block(3 * GB) | DBM) & ~BIT7);
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0) & ~ATOS_READ), 0xff000000e0000b00);
	ck_assert_uint_eq(s1(m), (s1_block(GB) | DBM) & ~BIT7);
	ck_assert_uint_eq(s2(m), s2_block(3 * GB) | DBM | BIT7);
	close_machine(m);
}
END_TEST

/* ATO-017: AF = 0 is as 1, and what is clean as writable */
START_TEST(an_inhibited_request_updates_nothing_and_is_answered_alike)
{
	struct machine *m = httu_machine();
	const uint64_t first = s1(m), second = s2(m);

	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0) | ATOS_HTTUI), 0xff000000e0000b00);
	ck_assert_uint_eq(par_of(m, &gatos, 3, (BOTH_OF(0) | ATOS_HTTUI) & ~ATOS_READ),
			  0xff000000e0000b00);
	ck_assert_uint_eq(s1(m), first);
	ck_assert_uint_eq(s2(m), second);
	close_machine(m);
}
END_TEST

/* ATO-017: nothing is kept as if it had been updated: the access that follows updates */
START_TEST(after_an_inhibited_request_an_access_updates)
{
	struct machine *m = httu_machine();
	struct smmu3_txn txn = { .sid = 1, .bytes = 4, .flags = SMMU3_TXN_WRITE };
	struct smmu3_outcome out;

	(void)par_of(m, &gatos, 1, (STAGE1_OF(0) | ATOS_HTTUI) & ~ATOS_READ);
	ck_assert_uint_eq(smmu3_translate(m->smmu, &txn, &out), SMMU3_OK);
	ck_assert_uint_eq(ram_at(m, S1_ALONE_AT)[0], (s1_block(GB) | DBM) & ~BIT7);
	close_machine(m);
}
END_TEST

/* ATO-017: of a request for stage 1 alone the page of the IPA is neither accessed nor dirty */
START_TEST(a_request_for_stage_1_alone_leaves_stage_2_of_its_output)
{
	struct machine *m = httu_machine();

	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE1_OF(0) & ~ATOS_READ), 0xff00000060000b00);
	ck_assert_uint_eq(s1(m), (s1_block(GB) | DBM) & ~BIT7);
	ck_assert_uint_eq(s2(m), (s2_block(3 * GB) | DBM) & ~BIT7 & ~AF);
	close_machine(m);
}
END_TEST

/* Stream 3 with a table of 2MB blocks at each stage, HAFT and S2HAFT: IDR0.HTTU = 3 */
static struct machine *haft_machine(void)
{
	struct machine *m = machine("generic-3.3");

	m->config.idr[0] |= 1 << 15 | 3 << 6; /* ATOS, HTTU */
	m->windows = true;
	start_machine(m);
	put_atos_streams(m);
	ram_at(m, CD_3)[0] |= HD_HA;
	ram_at(m, CD_3)[1] |= 1 << 3;
	ram_at(m, STREAMS_AT + 64 * 3)[2] |= S2HA_S2HD | UINT64_C(1) << 59;
	ram_at(m, S1_TABLE_AT)[0] = (S1_TABLE_AT + 0x2000) | 3;
	ram_at(m, S2_TABLE_AT)[1] = (S2_TABLE_AT + 0x2000) | 3;
	ram_at(m, S1_TABLE_AT + 0x2000)[0] = (s1_block(GB) | DBM | BIT7) & ~AF;
	ram_at(m, S2_TABLE_AT + 0x2000)[0] = (s2_block(3 * GB) | DBM) & ~BIT7 & ~AF;
	return m;
}

/* ATO-017, HTTU-12: of table descriptors, too; the request without HTTUI has the same answer, and
 * marks them */
START_TEST(an_inhibited_request_marks_no_table)
{
	struct machine *m = haft_machine();
	const uint64_t first = s1(m), second = s2(m);
	const uint64_t par = par_of(m, &gatos, 3, BOTH_OF(0) | ATOS_HTTUI);

	ck_assert_uint_eq(par & 1, 0); /* FAULT */
	ck_assert_uint_eq(s1(m), first);
	ck_assert_uint_eq(s2(m), second);
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), par);
	ck_assert_uint_eq(s1(m), first | AF);
	ck_assert_uint_eq(s2(m), second | AF);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_request_updates_as_the_access_would);
	tcase_add_test(tests, an_inhibited_request_updates_nothing_and_is_answered_alike);
	tcase_add_test(tests, after_an_inhibited_request_an_access_updates);
	tcase_add_test(tests, a_request_for_stage_1_alone_leaves_stage_2_of_its_output);
	tcase_add_test(tests, an_inhibited_request_marks_no_table);
}

int main(void)
{
	return run("httu_atos", add);
}
