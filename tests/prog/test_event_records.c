/* SPDX-License-Identifier: MIT */
/* Every event that an access can end with, as it stands in the Event queue: all four words, worked
 * out from 7.3, and what A, R and S2R have to say about it.  7.3, 5.5 */
#include "run.h"
#include "streams.h"

#include <check.h>

/* Word 0 */
#define SSV UINT64_C(0x800)
#define SUBSTREAM(n) ((uint64_t)(n) << 12)
/* Word 1 */
#define PNU (UINT64_C(1) << 33)
#define IND (UINT64_C(1) << 34)
#define RNW (UINT64_C(1) << 35)
#define S2 (UINT64_C(1) << 39)
#define OF_CD (UINT64_C(0) << 40)
#define OF_TT (UINT64_C(1) << 40)
#define OF_IN (UINT64_C(2) << 40)
#define TTRNW (UINT64_C(1) << 44)

/* ---- The streams ---- */

enum stream {
	INVALID,  /* V = 0 */
	DISABLED, /* Config 0b000 */
	BYPASSING,
	S1, /* one CD */
	S2_ALONE,
	NESTED,
	SUBSTREAMS,  /* four CDs, S1DSS 0b00: none for an access without SubstreamID */
	SUBSTREAM_0, /* four CDs, S1DSS 0b10: none for SubstreamID 0 */
	BY_S1DSS,    /* four CDs, S1DSS 0b01: the same bypasses stage 1 */
	CD_BEYOND_MEMORY,
	CD_INVALID,   /* V = 0 */
	CD_UNMAPPED,  /* at stage 2 */
	L1CD_INVALID, /* two levels, V = 0 */
	STE_BEYOND_MEMORY,
	STREAMS,
};

/* What 1GB of input addresses does at stage 1; its output is the number times 1GB, 0 if no other is
 * said. */
enum {
	S1_GOOD,
	S1_INVALID,
	S1_NO_AF,
	S1_READ_ONLY,
	S1_TOO_FAR,      /* 64GB, beyond 36 bits */
	S1_NO_MEMORY,    /* a table where reads abort */
	S1_TABLE_DENIED, /* a table at S2_DENIED */
	S1_TO_S2 = 16,   /* 16 + n: to the n-th GB of stage 2 */
};

/* The same of IPAs at stage 2 */
enum {
	S2_GOOD,
	S2_INVALID,
	S2_IDENTITY, /* where memory is */
	S2_NO_AF,
	S2_READ_ONLY,
	S2_TOO_FAR, /* 4GB, beyond 32 bits */
	S2_NO_MEMORY,
	S2_DENIED,
	S2_ROWS,
};

static void put_stage_1(struct machine *m)
{
	put_descriptor(m, S1_TABLE_AT, S1_GOOD, s1_block(0));
	put_descriptor(m, S1_TABLE_AT, S1_NO_AF, s1_block(0) & ~TTD_AF);
	put_descriptor(m, S1_TABLE_AT, S1_READ_ONLY, s1_block(0) | TTD_AP(2));
	put_descriptor(m, S1_TABLE_AT, S1_TOO_FAR, s1_block(64 * GB));
	put_descriptor(m, S1_TABLE_AT, S1_NO_MEMORY, to_table(NO_MEMORY));
	put_descriptor(m, S1_TABLE_AT, S1_TABLE_DENIED, to_table(S2_DENIED * GB));
	for (unsigned i = 0; i < S2_ROWS; i++)
		put_descriptor(m, S1_TABLE_AT, S1_TO_S2 + i, s1_block(i * GB));
}

static void put_stage_2(struct machine *m)
{
	put_descriptor(m, S2_TABLE_AT, S2_GOOD, s2_block(RAM_AT));
	put_descriptor(m, S2_TABLE_AT, S2_IDENTITY, s2_block(RAM_AT));
	put_descriptor(m, S2_TABLE_AT, S2_NO_AF, s2_block(RAM_AT) & ~TTD_AF);
	put_descriptor(m, S2_TABLE_AT, S2_READ_ONLY, s2_block(RAM_AT) & ~TTD_AP(2));
	put_descriptor(m, S2_TABLE_AT, S2_TOO_FAR, s2_block(4 * GB));
	put_descriptor(m, S2_TABLE_AT, S2_NO_MEMORY, to_table(NO_MEMORY));
	put_descriptor(m, S2_TABLE_AT, S2_DENIED, s2_block(RAM_AT) & ~TTD_AP(3));
}

static struct ste with_substreams(unsigned config, unsigned s1dss)
{
	struct ste ste = ste_of(config, CDS_AT);

	ste.word[0] |= STE0_S1CDMAX(2);
	ste.word[1] |= STE1_S1DSS(s1dss);
	return ste;
}

/* Two levels of CDs, leaves of 4KB, whose first L1CD is 0 */
static struct ste with_two_levels(void)
{
	struct ste ste = ste_of(STAGE_1, RAM_AT + 0x60000);

	ste.word[0] |= STE0_S1CDMAX(8) | 1 << 4;
	return ste;
}

/* A and R of every CD, and S2R, as the argument says */
static void put_streams(struct machine *m, bool answer)
{
	const struct ste stes[STREAMS] = {
		[DISABLED] = ste_of(ABORTS, 0),
		[BYPASSING] = ste_of(BYPASSES, 0),
		[S1] = ste_of(STAGE_1, CDS_AT),
		[S2_ALONE] = ste_of(STAGE_2, 0),
		[NESTED] = ste_of(BOTH_STAGES, CDS_AT),
		[SUBSTREAMS] = with_substreams(BOTH_STAGES, 0),
		[SUBSTREAM_0] = with_substreams(STAGE_1, 2),
		[BY_S1DSS] = with_substreams(BOTH_STAGES, 1),
		[CD_BEYOND_MEMORY] = ste_of(STAGE_1, NO_MEMORY),
		[CD_INVALID] = ste_of(STAGE_1, RAM_AT + 0x50000),
		[CD_UNMAPPED] = ste_of(BOTH_STAGES, S2_INVALID * GB + 0x12340),
		[L1CD_INVALID] = with_two_levels(),
	};

	for (uint32_t sid = 0; sid < STREAMS; sid++) {
		struct ste ste = stes[sid];

		if (!answer)
			ste.word[2] &= ~STE2_S2R;
		put_ste(m, sid, ste);
	}
	for (unsigned i = 0; i < 4; i++) {
		struct cd cd = cd_of(S1_TABLE_AT);

		if (!answer)
			cd.word[0] &= ~(CD0_A | CD0_R);
		put_cd(m, CDS_AT + 64 * (uint64_t)i, cd);
	}
	put_stage_1(m);
	put_stage_2(m);
}

static struct machine *with_streams(bool answer)
{
	struct machine *m = machine("generic-3.1");

	m->aborts[0] = STREAMS_AT + 64 * STE_BEYOND_MEMORY;
	open_machine(m);
	put_streams(m, answer);
	set_reg(m, STRTAB_BASE_CFG, 4); /* 16 streams */
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	return m;
}

/* ---- The events ---- */

enum { SSID = 3, WITH_3 = SMMU3_TXN_SSV, WRITE = SMMU3_TXN_WRITE };

#define OFFSET UINT64_C(0x12345670)
#define AT(row) ((row)*GB + OFFSET)
#define PAGE(row) ((row)*GB + (OFFSET & ~UINT64_C(0xfff)))
#define THROUGH(row) AT(S1_TO_S2 + (row))

static const struct row {
	uint32_t sid;
	unsigned flags;
	uint64_t address;
	uint64_t word[4]; /* less StreamID */
} rows[] = {
	{ 16, WITH_3, 0, { 0x02 | SSV | SUBSTREAM(SSID) } },
	{ 0xffffffff, WRITE, 0, { 0x02 } },
	{ STE_BEYOND_MEMORY,
	  WITH_3,
	  0,
	  { 0x03 | SSV | SUBSTREAM(SSID), 0, 0, STREAMS_AT + 64 * STE_BEYOND_MEMORY } },
	{ INVALID, WITH_3 | WRITE, 0, { 0x04 | SSV | SUBSTREAM(SSID) } },
	{ SUBSTREAMS, WRITE, 0, { 0x06 } },
	{ SUBSTREAM_0, WITH_3 | 0x8000, 0, { 0x06 } },
	/* stage 1 off; no substreams; none of this number; no leaf table for it */
	{ BYPASSING, WITH_3, 0, { 0x08 | SUBSTREAM(SSID) } },
	{ S2_ALONE, WITH_3, 0, { 0x08 | SUBSTREAM(SSID) } },
	{ S1, WITH_3, 0, { 0x08 | SUBSTREAM(SSID) } },
	{ SUBSTREAMS, WITH_3 | 0x4000, 0, { 0x08 | SUBSTREAM(4) } },
	{ L1CD_INVALID, WITH_3, 0, { 0x08 | SUBSTREAM(SSID) } },
	{ CD_BEYOND_MEMORY, 0, 0, { 0x09, 0, 0, NO_MEMORY } },
	{ CD_INVALID, SMMU3_TXN_PRIVILEGED, 0, { 0x0a } },
	/* a descriptor of stage 1 alone, of stage 2 for a CD's, for a table's, for the access
	   itself */
	{ S1, 0, AT(S1_NO_MEMORY), { 0x0b, RNW | OF_TT, AT(S1_NO_MEMORY), NO_MEMORY + 8 * 0x91 } },
	{ S2_ALONE,
	  WRITE,
	  AT(S2_NO_MEMORY),
	  { 0x0b, S2 | OF_IN, AT(S2_NO_MEMORY), NO_MEMORY + 8 * 0x91 } },
	{ NESTED,
	  0,
	  THROUGH(S2_NO_MEMORY),
	  { 0x0b, RNW | S2 | OF_IN, THROUGH(S2_NO_MEMORY), NO_MEMORY + 8 * 0x91 } },
	/* F_TRANSLATION: no descriptor, beyond 39 bits, an upper half that is switched off */
	{ S1, SMMU3_TXN_PRIVILEGED, AT(S1_INVALID), { 0x10, PNU | RNW | OF_IN, AT(S1_INVALID) } },
	{ S1, 0, UINT64_C(1) << 39, { 0x10, RNW | OF_IN, UINT64_C(1) << 39 } },
	{ S1, 0, ~UINT64_C(0xffff), { 0x10, RNW | OF_IN, ~UINT64_C(0xffff) } },
	{ SUBSTREAMS,
	  WITH_3,
	  AT(S1_INVALID),
	  { 0x10 | SSV | SUBSTREAM(SSID), RNW | OF_IN, AT(S1_INVALID) } },
	{ S2_ALONE,
	  0,
	  AT(S2_INVALID),
	  { 0x10, RNW | S2 | OF_IN, AT(S2_INVALID), PAGE(S2_INVALID) } },
	{ NESTED,
	  0,
	  THROUGH(S2_INVALID),
	  { 0x10, RNW | S2 | OF_IN, THROUGH(S2_INVALID), PAGE(S2_INVALID) } },
	{ CD_UNMAPPED, WRITE, 0x5678, { 0x10, S2 | OF_CD, 0x5678, S2_INVALID *GB + 0x12000 } },
	{ NESTED,
	  0,
	  AT(S1_NO_MEMORY), /* NO_MEMORY is in the second GB */
	  { 0x10, RNW | S2 | OF_TT, AT(S1_NO_MEMORY), NO_MEMORY } },
	/* F_ADDR_SIZE */
	{ S1, 0, AT(S1_TOO_FAR), { 0x11, RNW | OF_IN, AT(S1_TOO_FAR) } },
	{ S2_ALONE,
	  0,
	  AT(S2_TOO_FAR),
	  { 0x11, RNW | S2 | OF_IN, AT(S2_TOO_FAR), PAGE(S2_TOO_FAR) } },
	{ NESTED,
	  WRITE,
	  THROUGH(S2_TOO_FAR),
	  { 0x11, S2 | OF_IN, THROUGH(S2_TOO_FAR), PAGE(S2_TOO_FAR) } },
	/* F_ACCESS */
	{ S1, SMMU3_TXN_INSTRUCTION, AT(S1_NO_AF), { 0x12, RNW | IND | OF_IN, AT(S1_NO_AF) } },
	{ S2_ALONE, 0, AT(S2_NO_AF), { 0x12, RNW | S2 | OF_IN, AT(S2_NO_AF), PAGE(S2_NO_AF) } },
	{ NESTED,
	  0,
	  THROUGH(S2_NO_AF),
	  { 0x12, RNW | S2 | OF_IN, THROUGH(S2_NO_AF), PAGE(S2_NO_AF) } },
	/* F_PERMISSION */
	{ S1, WRITE, AT(S1_READ_ONLY), { 0x13, OF_IN, AT(S1_READ_ONLY) } },
	{ S2_ALONE,
	  WRITE,
	  AT(S2_READ_ONLY),
	  { 0x13, S2 | OF_IN, AT(S2_READ_ONLY), PAGE(S2_READ_ONLY) } },
	{ NESTED,
	  WRITE | SMMU3_TXN_PRIVILEGED,
	  THROUGH(S2_READ_ONLY),
	  { 0x13, PNU | S2 | OF_IN, THROUGH(S2_READ_ONLY), PAGE(S2_READ_ONLY) } },
	{ NESTED,
	  WRITE,
	  AT(S1_TABLE_DENIED),
	  { 0x13, S2 | OF_TT | TTRNW, AT(S1_TABLE_DENIED), S2_DENIED *GB } },
};

/* Of a stage that was passed by: no field of a CD or STE is asked.  3.12 */
static const struct row passed_by[] = {
	{ BYPASSING, 0, UINT64_C(1) << 52, { 0x11, RNW | OF_IN, UINT64_C(1) << 52 } },
	{ S2_ALONE, WRITE, UINT64_C(1) << 52, { 0x11, OF_IN, UINT64_C(1) << 52 } },
	{ BY_S1DSS, 0, UINT64_C(1) << 63, { 0x11, RNW | OF_IN, UINT64_C(1) << 63 } },
};

/* SubstreamIDs of rows: 3, or as the flags above those of smmu.h say. */
static uint32_t ssid_of(const struct row *row)
{
	return row->flags & 0x8000 ? 0 : row->flags & 0x4000 ? 4 : SSID;
}

static struct smmu3_outcome access_of(struct machine *m, const struct row *row)
{
	const struct smmu3_txn txn = {
		.addr = row->address,
		.bytes = 4,
		.sid = row->sid,
		.ssid = ssid_of(row),
		.flags = (uint16_t)(row->flags & 0x3fff),
	};
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

static void expect_record(struct machine *m, const struct row *row)
{
	const uint64_t *record = ram_at(m, EVENTS_AT);

	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(record[0], row->word[0] | (uint64_t)row->sid << 32);
	for (unsigned i = 1; i < 4; i++)
		ck_assert_uint_eq(record[i], row->word[i]);
}

/* EVT-001, EVT-004 to EVT-006, EVT-009, EVT-02, EVT-03, EVT-04, EVT-06, EVT-08 to EVT-15, EVT-20,
 * FLT-01 to FLT-08, FLT-10, FLT-12, FLT-15: the number, the parts of the record, and nothing else
 * in it: NSIPA, GPCF, STAG, Stall, Reason are 0 */
START_TEST(each_event_stands_in_the_queue_word_by_word)
{
	struct machine *m = with_streams(true);

	ck_assert_int_eq(access_of(m, &rows[_i]).verdict, SMMU3_ABORT);
	expect_record(m, &rows[_i]);
	close_machine(m);
}
END_TEST

/* Do A, R and S2R speak of this event?  5.5 */
static bool obeys(const struct row *row)
{
	const unsigned number = row->word[0] & 0xff;

	return number >= 0x10 && number <= 0x13;
}

/* FLTI-001 to FLTI-003, FLTI-005: with A, R and S2R 0 those four are not recorded, and of stage 1
 * are RAZ/WI; of stage 2, also on the way to a CD or a table, they abort.  Any other is as ever */
START_TEST(a_r_and_s2r_speak_of_four_events_by_their_stage)
{
	const struct row *row = &rows[_i];
	const bool raz_wi = obeys(row) && !(row->word[1] & S2);
	struct machine *m = with_streams(false);

	ck_assert_int_eq(access_of(m, row).verdict, raz_wi ? SMMU3_RAZ_WI : SMMU3_ABORT);
	if (obeys(row))
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	else
		expect_record(m, row);
	close_machine(m);
}
END_TEST

/* EVT-13, FLT-11, FLTI-006: CLASS = IN and S2 = 0, and an abort that is recorded whatever A, R and
 * S2R say */
START_TEST(an_address_too_large_to_bypass_always_aborts)
{
	for (unsigned answer = 0; answer < 2; answer++) {
		struct machine *m = with_streams(answer);

		ck_assert_int_eq(access_of(m, &passed_by[_i]).verdict, SMMU3_ABORT);
		expect_record(m, &passed_by[_i]);
		close_machine(m);
	}
}
END_TEST

/* EVT-06A: Config 0b000 says nothing; nor do accesses of streams that may */
START_TEST(a_disabled_stream_and_a_good_access_are_silent)
{
	static const struct row silent[] = {
		{ DISABLED, 0, 0, { 0 } },
		{ DISABLED, WITH_3 | WRITE, ~UINT64_C(0xff), { 0 } },
		{ BYPASSING, 0, 0, { 0 } },
		{ S1, WRITE, AT(S1_GOOD), { 0 } },
		{ NESTED, WRITE, AT(S1_GOOD), { 0 } },
		{ SUBSTREAMS, WITH_3, THROUGH(S2_READ_ONLY), { 0 } },
		{ SUBSTREAM_0, 0, AT(S1_READ_ONLY), { 0 } },
		{ BY_S1DSS, 0, AT(S2_GOOD), { 0 } },
	};
	struct machine *m = with_streams(true);

	for (int i = 0; i < COUNT(silent); i++) {
		const struct smmu3_outcome outcome = access_of(m, &silent[i]);

		ck_assert_int_eq(outcome.verdict,
				 silent[i].sid == DISABLED ? SMMU3_ABORT : SMMU3_OK);
		ck_assert_uint_eq(outcome.event | outcome.recorded, 0);
	}
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_event_stands_in_the_queue_word_by_word, 0, COUNT(rows));
	tcase_add_loop_test(tests, a_r_and_s2r_speak_of_four_events_by_their_stage, 0, COUNT(rows));
	tcase_add_loop_test(tests, an_address_too_large_to_bypass_always_aborts, 0,
			    COUNT(passed_by));
	tcase_add_test(tests, a_disabled_stream_and_a_good_access_are_silent);
}

int main(void)
{
	return run("event-records", add);
}
