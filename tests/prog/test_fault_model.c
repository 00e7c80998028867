/* SPDX-License-Identifier: MIT */
/* What a fault does to its access and to the Event queue, where every fault terminates; and what a
 * record shows of the access.  3.12, 5.5, 7.3 */
#include "run.h"
#include "streams.h"

#include <check.h>

#define CD0_S (UINT64_C(1) << 44)
#define CD0_TBI0 (UINT64_C(1) << 38)
#define STE1_S1STALLD (UINT64_C(1) << 27)
#define STE1_PRIVCFG(n) ((uint64_t)(n) << 48)
#define STE1_INSTCFG(n) ((uint64_t)(n) << 50)

enum { SID = 2 };

/* A stream with an STE and a CD; pages 0 good, 1 unmapped, 2 without AF, 3 read-only, 4 too far,
 * each of 1GB. */
static struct machine *with_stream(const char *profile, struct ste ste, struct cd cd)
{
	struct machine *m = machine(profile);

	start_machine(m);
	put_ste(m, SID, ste);
	put_cd(m, CDS_AT, cd);
	put_descriptor(m, S1_TABLE_AT, 0, s1_block(RAM_AT));
	put_descriptor(m, S1_TABLE_AT, 2, s1_block(RAM_AT) & ~TTD_AF);
	put_descriptor(m, S1_TABLE_AT, 3, s1_block(RAM_AT) | TTD_AP(2));
	put_descriptor(m, S1_TABLE_AT, 4, s1_block(64 * GB));
	put_descriptor(m, S2_TABLE_AT, 0, s2_block(RAM_AT));
	put_descriptor(m, S2_TABLE_AT, 2, s2_block(RAM_AT));
	return m;
}

static struct smmu3_outcome write_by(struct machine *m, uint64_t address)
{
	const struct smmu3_txn txn = {
		.addr = address, .bytes = 4, .sid = SID, .flags = SMMU3_TXN_WRITE
	};
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

/* FLTI-002: A says how each of the four ends, R whether it is recorded */
START_TEST(a_and_r_of_the_cd_each_speak_for_itself)
{
	static const unsigned events[] = { 0, 0x10, 0x12, 0x13, 0x11 }; /* of the pages */
	const bool a = _i & 1, r = _i & 2;
	struct cd cd = cd_of(S1_TABLE_AT);

	cd.word[0] &= ~(CD0_A | CD0_R);
	cd.word[0] |= (a ? CD0_A : 0) | (r ? CD0_R : 0);
	struct machine *m = with_stream("generic-3.1", ste_of(STAGE_1, CDS_AT), cd);

	ck_assert_int_eq(write_by(m, 0x1000).verdict, SMMU3_OK);
	for (unsigned page = 1; page <= 4; page++) {
		const uint32_t at = reg(m, EVENTQ_PROD);

		ck_assert_int_eq(write_by(m, page * GB).verdict, a ? SMMU3_ABORT : SMMU3_RAZ_WI);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), at + r);
		if (r)
			ck_assert_uint_eq(*ram_at(m, event_at(m, at)),
					  (uint64_t)SID << 32 | events[page]);
	}
	close_machine(m);
}
END_TEST

/* FLTI-002: TERM_MODEL = 1 has aborts alone, and A = 0 is ILLEGAL whatever the access */
START_TEST(with_term_model_1_a_cd_says_abort)
{
	struct cd cd = cd_of(S1_TABLE_AT);
	struct machine *m = with_stream("linux-session", ste_of(STAGE_1, CDS_AT), cd);

	ck_assert_int_eq(write_by(m, 0x1000).verdict, SMMU3_OK);
	cd.word[0] &= ~CD0_A;
	put_cd(m, CDS_AT, cd);
	maintain(m);
	ck_assert_int_eq(write_by(m, 0x1000).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), (uint64_t)SID << 32 | 0x0a);
	close_machine(m);
}
END_TEST

/* FLTI-007: what asks for a stall is ILLEGAL where there is none */
START_TEST(where_faults_only_terminate_a_stall_is_not_configured)
{
	static const struct {
		unsigned config;
		uint64_t cd0, ste1, ste2;
		uint64_t event;
	} rows[] = {
		{ STAGE_1, 0, 0, 0, 0 },
		{ STAGE_1, CD0_S, 0, 0, 0x0a },
		{ STAGE_1, 0, STE1_S1STALLD, 0, 0x04 },
		{ STAGE_1, 0, 0, STE2_S2S, 0 }, /* of a stage that is off */
		{ BOTH_STAGES, CD0_S, 0, 0, 0x0a },
		{ BOTH_STAGES, 0, 0, STE2_S2S, 0x04 },
		{ STAGE_2, 0, 0, STE2_S2S, 0x04 },
		{ STAGE_2, 0, STE1_S1STALLD, 0, 0 },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct ste ste = ste_of(rows[i].config, CDS_AT);
		struct cd cd = cd_of(S1_TABLE_AT);

		ste.word[1] |= rows[i].ste1;
		ste.word[2] |= rows[i].ste2;
		cd.word[0] |= rows[i].cd0;
		struct machine *m = with_stream("generic-3.1", ste, cd);

		put_descriptor(m, S1_TABLE_AT, 0, s1_block(0)); /* what both stages map */
		ck_assert_uint_eq(write_by(m, 0x1000).event, rows[i].event);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), rows[i].event != 0);
		if (rows[i].event)
			ck_assert_uint_eq(*ram_at(m, EVENTS_AT),
					  (uint64_t)SID << 32 | rows[i].event);
		close_machine(m);
	}
}
END_TEST

/* EVT-002, EVT-003, FLT-09: the access after PRIVCFG and INSTCFG, never an instruction that is
 * written; all 64 bits of its address, the byte that TBI leaves out included */
START_TEST(a_record_shows_the_access_after_overrides_and_its_whole_address)
{
	static const struct {
		unsigned flags, privcfg, instcfg;
		uint64_t shown; /* PnU [33], InD [34], RnW [35] */
	} rows[] = {
		{ 0, 0, 0, 0x8 },
		{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, 0, 0, 0xe },
		{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, 2, 2, 0x8 },
		{ 0, 3, 3, 0xe },
		{ SMMU3_TXN_WRITE, 3, 3, 0x2 },
		{ SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION, 0, 0, 0x0 },
	};
	const uint64_t address = UINT64_C(0xab00000040001234);
	struct cd cd = cd_of(S1_TABLE_AT);

	cd.word[0] |= CD0_TBI0;
	for (int i = 0; i < COUNT(rows); i++) {
		struct ste ste = ste_of(STAGE_1, CDS_AT);
		const struct smmu3_txn txn = {
			.addr = address, .bytes = 4, .sid = SID, .flags = (uint16_t)rows[i].flags
		};
		struct smmu3_outcome outcome;

		ste.word[1] |= STE1_PRIVCFG(rows[i].privcfg) | STE1_INSTCFG(rows[i].instcfg);
		struct machine *m = with_stream("generic-3.1", ste, cd);

		smmu3_translate(m->smmu, &txn, &outcome);
		ck_assert_uint_eq(*ram_at(m, EVENTS_AT), (uint64_t)SID << 32 | 0x10);
		ck_assert_uint_eq(*ram_at(m, EVENTS_AT + 8), rows[i].shown << 32 | UINT64_C(2)
											   << 40);
		ck_assert_uint_eq(*ram_at(m, EVENTS_AT + 16), address);
		close_machine(m);
	}
}
END_TEST

/* EVT-007, FLT-13: OAS is 44.  The pointer of an L1STD, the CD pointer as an IPA; bits 51:44 of
 * both are set and stand in no record */
START_TEST(addresses_of_a_record_end_at_oas)
{
	const uint64_t beyond = UINT64_C(0xff) << 44;
	struct ste ste = ste_of(BOTH_STAGES, beyond | CDS_AT);
	struct machine *m = with_stream("linux-capture", ste, cd_of(S1_TABLE_AT));

	ck_assert_int_eq(write_by(m, 0x1000).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT) & 0xff, 0x10);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT + 24), CDS_AT);
	update(m, CR0, EVENTQEN);
	*ram_at(m, L2_STREAMS_AT) = beyond | STREAMS_AT | 7; /* Span: 64 STEs */
	set_reg64(m, STRTAB_BASE, L2_STREAMS_AT);
	set_reg(m, STRTAB_BASE_CFG, 1 << 16 | 6 << 6 | 6);
	maintain(m);
	update(m, CR0, EVENTQEN | SMMUEN);
	ck_assert_int_eq(write_by(m, 0x1000).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT + 32) & 0xff, 0x03);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT + 32 + 24), STREAMS_AT + 64 * SID);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_and_r_of_the_cd_each_speak_for_itself, 0, 4);
	tcase_add_test(tests, with_term_model_1_a_cd_says_abort);
	tcase_add_test(tests, where_faults_only_terminate_a_stall_is_not_configured);
	tcase_add_test(tests, a_record_shows_the_access_after_overrides_and_its_whole_address);
	tcase_add_test(tests, addresses_of_a_record_end_at_oas);
}

int main(void)
{
	return run("fault-model", add);
}
