/* SPDX-License-Identifier: MIT */
/* Which faults stall, and their records.  3.12, 5.5, 7.3.13 to 7.3.16 */
#include "run.h"
#include "stalls.h"

#include <check.h>
#include <string.h>

/* ---- Records ---- */

/* STALL-04, STALL-07, FLTI-004, EVT-12, EVTQ-009, FLTI-013: the access is held; its record stands
 * in the queue when the access returns. STAG [79:64], Stall [95], RnW [99], CLASS IN [105:104],
 * InputAddr [191:128].  Nothing has ended */
START_TEST(a_stalled_access_is_held_and_its_record_has_the_tag)
{
	uint8_t bytes[32] = {
		0x10, 0, 0, 0, 0x01, 0, 0, 0, 0, 0, 0, 0x80, 0x08, 0x02, 0, 0, 0, 0x10,
	};
	struct machine *m = started_stalling(4);
	const struct smmu3_outcome outcome = ask(m, 1, 7, 0);

	ck_assert_uint_eq(outcome.verdict, SMMU3_STALLED);
	ck_assert_uint_eq(outcome.recorded, 1);
	ck_assert_uint_eq(outcome.event, F_TRANSLATION);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	memcpy(&bytes[8], ram_at(m, EVENTS_AT + 8), 2); /* STAG: any value */
	ck_assert_mem_eq(ram_at(m, EVENTS_AT), bytes, sizeof(bytes));
	ck_assert_mem_eq(&outcome.record, bytes, sizeof(bytes));
	ck_assert_uint_eq(count(m, ENDED), 0);
	close_machine(m);
}
END_TEST

/* STALL-04, FLTI-004: with S = 1, R and A have no say; at stage 2, S2R has none */
START_TEST(a_stall_is_recorded_whatever_a_and_r_say)
{
	struct machine *m = started_stalling(8);

	for (unsigned i = 0; i < 4; i++) {
		*cd(m, 1, 0) &= ~(CD_A | CD_R);
		*cd(m, 1, 0) |= (i & 1 ? CD_A : 0) | (i & 2 ? CD_R : 0);
		*ste(m, 2, 2) &= ~S2R;
		*ste(m, 2, 2) |= i & 1 ? S2R : 0;
		stall(m, 1, i);
		stall(m, 2, i);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 2 * i + 2);
		stag_of(m, 2 * i); /* Stall is 1 */
		stag_of(m, 2 * i + 1);
	}
	ck_assert_uint_eq(count(m, ENDED), 0);
	close_machine(m);
}
END_TEST

static void expect_stalled_record(struct machine *m, uint32_t index, uint64_t word0, uint64_t word1,
				  uint64_t input, uint64_t ipa)
{
	expect_record(m, index,
		      (const uint64_t[4]){ word0, word1 | STALL | stag_of(m, index), input, ipa });
}

/* FLTI-013, EVT-12: PnU [97], InD [98] and RnW [99] are the client's; SSV [11] and SubstreamID
 * [31:12] where it gave one */
START_TEST(the_record_of_a_stall_describes_the_access)
{
	static const struct {
		uint16_t flags;
		uint64_t word0, word1;
	} rows[] = {
		{ 0, 0, RNW },
		{ SMMU3_TXN_WRITE, 0, 0 },
		{ SMMU3_TXN_INSTRUCTION, 0, RNW | IND },
		{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_WRITE, 0, PNU },
		{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, 0, PNU | IND | RNW },
		{ SMMU3_TXN_SSV, 1 << 11 | 3 << 12, RNW },
	};
	struct machine *m = started_stalling(8);

	*ste(m, 1, 0) |= UINT64_C(2) << 59; /* S1CDMax: four CDs, the last as the first */
	memcpy(cd(m, 1, 3 * 8), cd(m, 1, 0), 64);
	*ste(m, 1, 1) |= 2; /* S1DSS: without a SubstreamID the first */
	for (uint32_t i = 0; i < COUNT(rows); i++) {
		const struct smmu3_txn txn = { .addr = 0xabcdef,
					       .bytes = 1,
					       .sid = 1,
					       .ssid = rows[i].flags & SMMU3_TXN_SSV ? 3 : 0,
					       .flags = rows[i].flags };
		struct smmu3_outcome outcome;

		ck_assert_uint_eq(smmu3_translate(m->smmu, &txn, &outcome), SMMU3_STALLED);
		expect_stalled_record(m, i, F_TRANSLATION | UINT64_C(1) << 32 | rows[i].word0,
				      rows[i].word1 | CLASS(2), 0xabcdef, 0);
	}
	close_machine(m);
}
END_TEST

/* ---- Four faults that can stall ---- */

#define READ_ONLY1 (UINT64_C(1) << 7) /* AP[2] */
#define ACCESSED (UINT64_C(1) << 10)
#define WRITABLE2 (UINT64_C(1) << 7) /* S2AP[1] */
#define BEYOND (UINT64_C(1) << 44)   /* more than IPS and S2PS say */

/* STALL-01, FLTI-001, EVT-12 to EVT-15: a descriptor that faults, the access, and the event; S2
 * [103] and the IPA at stage 2 */
static const struct {
	uint64_t descriptor;
	uint32_t sid;
	unsigned flags, event;
} eligible[] = {
	{ 0, 1, 0, F_TRANSLATION },
	{ BEYOND | BLOCK1, 1, 0, F_ADDR_SIZE },
	{ RAM_AT | (BLOCK1 & ~ACCESSED), 1, 0, F_ACCESS },
	{ RAM_AT | BLOCK1 | READ_ONLY1, 1, SMMU3_TXN_WRITE, F_PERMISSION },
	{ 0, 2, 0, F_TRANSLATION },
	{ BEYOND | BLOCK2, 2, 0, F_ADDR_SIZE },
	{ RAM_AT | (BLOCK2 & ~ACCESSED), 2, 0, F_ACCESS },
	{ RAM_AT | (BLOCK2 & ~WRITABLE2), 2, SMMU3_TXN_WRITE, F_PERMISSION },
};

/* STALL-01, FLTI-001, EVT-12 to EVT-15 */
START_TEST(each_of_the_four_translation_faults_stalls_at_either_stage)
{
	struct machine *m = stalling(8);

	*ste(m, 2, 2) &= ~(UINT64_C(7) << 48); /* S2PS: 32 bits */
	start_machine(m);
	for (uint32_t i = 0; i < COUNT(eligible); i++) {
		const uint32_t sid = eligible[i].sid;

		*(sid == 1 ? slot1(m, sid) : slot2(m, sid)) = eligible[i].descriptor;
		const struct smmu3_outcome outcome = ask(m, sid, i, eligible[i].flags);

		ck_assert_uint_eq(outcome.verdict, SMMU3_STALLED);
		ck_assert_uint_eq(outcome.event, eligible[i].event);
		expect_stalled_record(m, i, eligible[i].event | (uint64_t)sid << 32,
				      CLASS(2) | (sid == 2 ? OF_S2 : 0) |
					      (eligible[i].flags & SMMU3_TXN_WRITE ? 0 : RNW),
				      INPUT, sid == 2 ? INPUT : 0);
	}
	close_machine(m);
}
END_TEST

/* ---- What never stalls ---- */

struct forced {
	unsigned event;
	uint32_t sid;
	uint64_t addr;
	uint64_t aborts; /* the SMMU's own access to it aborts */
	uint64_t clears; /* of the first word of the CD */
};

/* STALL-01, STALL-05, FLTI-001, FLTI-006: all with S = 1 and R = 0; F_ADDR_SIZE where stage 1 is
 * skipped is of stage 1: S2 is 0, and neither S2S nor S2R counts */
static const struct forced forced[] = {
	{ 0x03, 1, INPUT, STREAMS_AT + 64, 0 },   /* F_STE_FETCH */
	{ 0x04, 0, INPUT, 0, 0 },                 /* C_BAD_STE: V is 0 */
	{ 0x09, 1, INPUT, CD_AT(1), 0 },          /* F_CD_FETCH */
	{ 0x0a, 1, INPUT, 0, UINT64_C(1) << 31 }, /* C_BAD_CD: V is 0 */
	{ 0x0b, 1, INPUT, TABLE1_AT(1), 0 },      /* F_WALK_EABT */
	{ 0x0b, 2, INPUT, TABLE2_AT(2), 0 },
	{ F_ADDR_SIZE, 2, UINT64_C(1) << 52, 0, 0 }, /* beyond OAS */
};

/* STALL-01, STALL-05, FLTI-001, FLTI-006, EVT-13 */
START_TEST(no_other_event_stalls)
{
	const struct forced *row = &forced[_i];
	struct machine *m = started_stalling(8);
	const struct smmu3_txn txn = { .addr = row->addr, .bytes = 1, .sid = row->sid };
	struct smmu3_outcome outcome;

	*cd(m, 1, 0) &= ~(row->clears | CD_R);
	*ste(m, 2, 2) &= ~S2R;
	m->aborts[0] = row->aborts;
	ck_assert_uint_eq(smmu3_translate(m->smmu, &txn, &outcome), SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, row->event);
	ck_assert_uint_eq(outcome.recorded, 1);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), row->event | (uint64_t)row->sid << 32);
	ck_assert_uint_eq(ram_at(m, EVENTS_AT)[1] & STALL, 0);
	if (row->event == F_ADDR_SIZE)
		ck_assert_uint_eq(ram_at(m, EVENTS_AT)[1], RNW | CLASS(2));
	ck_assert_uint_eq(count(m, ENDED), 0);
	close_machine(m);
}
END_TEST

/* ---- Which stage decides ---- */

/* Where stream 5, with both stages, faults. */
enum where { AT_STAGE1, AT_STAGE2, WALKING, FETCHING_CD };
#define UNMAPPED UINT64_C(0x40000000) /* an IPA without a descriptor */

static void break_at(struct machine *m, enum where where)
{
	make_stream(m, 5, NESTED);
	if (where == AT_STAGE1)
		*slot1(m, 5) = 0;
	if (where == WALKING)
		*cd(m, 5, 1) = UNMAPPED;
	if (where == FETCHING_CD)
		*ste(m, 5, 0) = 1 | NESTED << 1 | UNMAPPED;
}

/* STALL-02, FLTI-005, SUB-18: word 1 and IPA of the record of each place */
static const struct {
	uint64_t word1, ipa;
} places[] = {
	[AT_STAGE1] = { CLASS(2) | RNW, 0 },
	[AT_STAGE2] = { CLASS(2) | RNW | OF_S2, INPUT },
	[WALKING] = { CLASS(1) | RNW | OF_S2, UNMAPPED },
	[FETCHING_CD] = { CLASS(0) | RNW | OF_S2, UNMAPPED },
};

/* STALL-02, FLTI-005, FLTI-002, FLTI-003: stage 1 and stage 2 stall or terminate, all four ways; a
 * fault of stage 2 is that of stage 2, whatever was translated.  3.12.5 */
START_TEST(the_stage_at_fault_decides)
{
	const bool stall1 = _i & 1, stall2 = _i & 2;
	struct machine *m = started_stalling(8);

	for (unsigned where = AT_STAGE1; where <= FETCHING_CD; where++) {
		const bool stalls = where == AT_STAGE1 ? stall1 : stall2;

		break_at(m, (enum where)where);
		*cd(m, 5, 0) &= ~(stall1 ? 0 : CD_S);
		*ste(m, 5, 2) &= ~(stall2 ? 0 : S2S);
		maintain(m);
		ck_assert_uint_eq(ask(m, 5, 0, 0).verdict, stalls ? SMMU3_STALLED : SMMU3_ABORT);
		if (stalls)
			expect_stalled_record(m, where, F_TRANSLATION | UINT64_C(5) << 32,
					      places[where].word1, INPUT, places[where].ipa);
		else
			expect_record(m, where,
				      (const uint64_t[4]){ F_TRANSLATION | UINT64_C(5) << 32,
							   places[where].word1, INPUT,
							   places[where].ipa });
	}
	close_machine(m);
}
END_TEST

/* ---- Others ---- */

/* STALL-17, 3.12: neither the stream nor others wait for what is stalled */
START_TEST(a_stalled_access_holds_up_no_other)
{
	struct machine *m = started_stalling(8);

	for (uint32_t sid = 1; sid <= 3; sid++)
		stall(m, sid, sid);
	for (uint32_t sid = 1; sid <= 3; sid++) {
		mend(m, sid);
		pass(m, sid);
	}
	fault(m, 0); /* nor does a record */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 4);
	ck_assert_uint_eq(count(m, ENDED), 0); /* nor is any retried early: FLTI-008 */
	close_machine(m);
}
END_TEST

/* STALL-07, STALL-16, FLTI-008 to FLTI-010, MEV-001, EVTQ-010: each stall has a record of its own
 * and another STAG, however alike they are */
START_TEST(equal_stalls_are_recorded_one_by_one)
{
	struct machine *m = started_stalling(8);

	for (unsigned i = 0; i < 8; i++) {
		ck_assert_uint_eq(stall(m, 1, i), stag_of(m, i));
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), i + 1);
		for (unsigned j = 0; j < i; j++)
			ck_assert_uint_ne(stag_of(m, i), stag_of(m, j));
	}
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_stalled_access_is_held_and_its_record_has_the_tag);
	tcase_add_test(tests, a_stall_is_recorded_whatever_a_and_r_say);
	tcase_add_test(tests, the_record_of_a_stall_describes_the_access);
	tcase_add_test(tests, each_of_the_four_translation_faults_stalls_at_either_stage);
	tcase_add_loop_test(tests, no_other_event_stalls, 0, COUNT(forced));
	tcase_add_loop_test(tests, the_stage_at_fault_decides, 0, 4);
	tcase_add_test(tests, a_stalled_access_holds_up_no_other);
	tcase_add_test(tests, equal_stalls_are_recorded_one_by_one);
}

int main(void)
{
	return run("stalls", add);
}
