/* SPDX-License-Identifier: MIT */
/* What granule protection stops, and what is told of it.  3.25 */
#include "rooted.h"
#include "run.h"

#include <smmu/decode.h>
#include <smmu/inspect.h>

#include <check.h>
#include <string.h>

#define PAGE (RAM_AT + 0x123000) /* of which a test says who may access it */

/* Of word 1 of a record: bit 80 */
#define GPCF (UINT64_C(1) << 16)

enum { F_STE_FETCH = 0x03, F_CD_FETCH = 0x09, F_WALK_EABT = 0x0b };

static struct smmu3_outcome ask(struct machine *m, struct smmu3_txn txn)
{
	struct smmu3_outcome outcome;

	if (!txn.bytes)
		txn.bytes = 4;
	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

static const char *why_of(const struct smmu3_outcome *outcome)
{
	return smmu3_why(outcome->why)->name;
}

/* A client's access was stopped: no event, nothing recorded. */
static void expect_stopped(struct machine *m, const struct smmu3_outcome *outcome,
			   enum smmu3_verdict verdict)
{
	ck_assert_uint_eq(outcome->verdict, verdict);
	ck_assert_uint_eq(outcome->decider, SMMU3_BY_GPC);
	ck_assert_uint_eq(outcome->event, 0);
	ck_assert_uint_eq(outcome->recorded, 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(reg(m, GERROR), 0);
}

/* ---- Clients ---- */

struct reached {
	uint64_t bytes, last;
	bool wrong;
};

static int note_reached(void *context, const struct smmu3_reach *reach)
{
	struct reached *reached = context;

	reached->wrong |= reach->input != reach->pa ||
			  (reach->pa <= PAGE && reach->pa + reach->size > PAGE);
	reached->bytes += reach->size;
	reached->last = reach->pa + reach->size;
	return 0;
}

/* GPC-09, inspect.h: a stage maps the GB of RAM; a granule of it that may not be accessed is not
 * reached.  Granules are looked up one by one: some are enough. */
START_TEST(what_is_stopped_is_not_reached)
{
	struct machine *m = rooted();
	const struct smmu3_txn who = { .bytes = 1, .sid = 1 + (uint32_t)_i };
	struct reached reached = { 0 };
	uint64_t budget = 4000;

	make_streams(m);
	set_gpi(m, PAGE, GPI_ROOT);
	ck_assert_int_eq(smmu3_inspect_reach(m->smmu, &who, &budget, note_reached, NULL, &reached),
			 -SMMU3_E_LIMIT);
	ck_assert(!reached.wrong);
	ck_assert_uint_gt(reached.last, PAGE + 0x1000);
	ck_assert_uint_eq(reached.bytes, reached.last - RAM_AT - 0x1000);
	expect_told(m, GPF_FAR, 0);
	close_machine(m);
}
END_TEST

/* RME-015, GPC-09: however an access comes to its address, it is stopped there; no event, whatever
 * CD.A, R and STE.S2R say.  The streams of make_streams have A, R and S2R set.  3.25.1 */
START_TEST(a_client_is_stopped_at_its_output_address)
{
	struct machine *m = rooted();

	make_streams(m);
	set_gpi(m, PAGE, _i < 4 ? GPI_NONE : GPI_ROOT);
	const uint32_t sid = 1 + (uint32_t)_i % 4;

	for (unsigned again = 0; again < 2; again++) { /* cached, too */
		const struct smmu3_outcome outcome = read_by(m, sid, PAGE + 0x18);

		expect_stopped(m, &outcome, SMMU3_ABORT);
		ck_assert_str_eq(why_of(&outcome), "gpc-denied");
		expect_told(m, GPF_FAR, FAR_TRANSACTION | PAGE | FPAS_NS);
	}
	ck_assert_uint_eq(root_reg64(m, GPT_CFG_FAR), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPF_FAR), 2);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPT_CFG_FAR), 0);
	ck_assert_uint_eq(read_by(m, sid, PAGE + 0x1000).verdict, SMMU3_OK);
	ck_assert_uint_eq(read_by(m, sid, PAGE - 4).verdict, SMMU3_OK);
	set_gpi(m, PAGE, GPI_NS);
	ck_assert_uint_eq(read_by(m, sid, PAGE).verdict, SMMU3_OK);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), 0);
	close_machine(m);
}
END_TEST

/* GPC-01, RME-003: with SMMUEN = 0, too, by GBPA; and not while GPCEN is 0 */
START_TEST(a_disabled_smmu_is_checked_likewise)
{
	struct machine *m = rooted();

	set_reg(m, CR0, 0);
	set_reg(m, GBPA, 0x80001000); /* pass, shareability as it comes */
	set_gpi(m, PAGE, GPI_S);
	const struct smmu3_outcome outcome = read_by(m, 1, PAGE);

	expect_stopped(m, &outcome, SMMU3_ABORT);
	expect_told(m, GPF_FAR, FAR_TRANSACTION | PAGE | FPAS_NS);
	update_root(m, ACCESSEN);
	ck_assert_uint_eq(read_by(m, 1, PAGE).verdict, SMMU3_OK);
	update_root(m, ACCESSEN | GPCEN);
	ck_assert_uint_eq(read_by(m, 1, PAGE).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

/* RME-014: a PA beyond PPS passes in the Non-secure space */
START_TEST(non_secure_addresses_beyond_the_table_pass)
{
	struct machine *m = rooted();

	make_streams(m);
	ck_assert_uint_eq(read_by(m, 4, UINT64_C(1) << 36).verdict, SMMU3_OK);
	ck_assert_uint_eq(read_by(m, 4, (UINT64_C(1) << 36) - 4).verdict, SMMU3_OK);
	put_gpt0(m, 63, 0);
	tlbi_by_pa(m, TLBI_ALL);
	ck_assert_uint_eq(read_by(m, 4, UINT64_C(1) << 36).verdict, SMMU3_OK);
	ck_assert_uint_eq(read_by(m, 4, (UINT64_C(1) << 36) - 4).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

/* GPC-01: an outcome reaches no farther than what passes alike: of a bypass, and of a block of 1GB,
 * to the end of the granule; span is its size */
START_TEST(an_outcome_answers_for_what_passes_alike)
{
	struct machine *m = rooted();

	make_streams(m);
	set_gpi(m, PAGE, GPI_NS);
	for (uint32_t sid = 1; sid <= 4; sid++) {
		const struct smmu3_outcome outcome = ask(m,
							 (struct smmu3_txn){ .addr = PAGE + 0x800,
									     .bytes = 0x10000,
									     .sid = sid });

		ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
		ck_assert_uint_eq(outcome.bytes, 0x800);
		ck_assert_uint_eq(outcome.span, sid == 4 ? 0 : 0x1000);
	}
	/* another GB is a block of 1GB in the table, and of stage 1 */
	put_descriptor(m, S1_TABLE_AT, 1, s1_block(GB));
	const struct smmu3_outcome outcome = ask(m, (struct smmu3_txn){ .addr = GB,
									.bytes = 4 * GB,
									.sid = 1 });

	ck_assert_uint_eq(outcome.bytes, GB);
	ck_assert_uint_eq(outcome.span, GB);
	close_machine(m);
}
END_TEST

static void look_at_far(struct machine *m, const struct happening *now)
{
	uint64_t *seen = m->context;

	if (now->kind == INTERRUPT && now->about == SMMU3_INTERRUPT_GPF_FAR)
		seen[0] = root_reg64(m, GPF_FAR);
	if (now->kind == WRITES && now->access.reason == SMMU3_REASON_EVENTQ)
		seen[1] = root_reg64(m, GPF_FAR);
	if (now->kind == INTERRUPT && now->about == SMMU3_INTERRUPT_GERROR)
		seen[2] = root_reg64(m, GPF_FAR);
}

/* ---- First fault wins ---- */

/* RME-012, RME-013, GPC-08: the first fault stands until FAULT is written 0, which clears all of
 * it; 1 and upper halves do nothing.  Others go on being stopped, untold, and what passes passes */
START_TEST(the_first_fault_stands_until_it_is_cleared)
{
	const uint64_t told = FAR_TRANSACTION | PAGE | FPAS_NS;
	struct machine *m = rooted();

	make_streams(m);
	set_root64(m, GPF_FAR, UINT64_MAX); /* makes none */
	set_root64(m, GPT_CFG_FAR, UINT64_MAX);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR) | root_reg64(m, GPT_CFG_FAR), 0);
	put_gpi(m, PAGE, GPI_NONE);
	set_gpi(m, PAGE + 0x1000, GPI_REALM);
	(void)read_by(m, 4, PAGE);
	ck_assert_uint_eq(read_by(m, 4, PAGE + 0x1000).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(read_by(m, 4, PAGE + 0x2000).verdict, SMMU3_OK);
	set_root64(m, GPF_FAR, 1);
	set_root64(m, GPF_FAR, UINT64_MAX);
	set_root(m, GPF_FAR + 4, 0);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), told);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPF_FAR), 1);
	if (_i == 0)
		set_root64(m, GPF_FAR, ~UINT64_C(1));
	else
		set_root(m, GPF_FAR, 0xfffffffe);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), 0);
	(void)read_by(m, 4, PAGE + 0x1000);
	expect_told(m, GPF_FAR, told + 0x1000);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPF_FAR), 2);
	close_machine(m);
}
END_TEST

/* RME-013, GPC-08: the two registers are told each for itself */
START_TEST(the_two_registers_are_apart)
{
	struct machine *m = rooted();

	make_streams(m);
	put_gpi(m, PAGE, GPI_NONE);
	put_gpt0(m, 5, 0xf2); /* no entry is of type 2 */
	tlbi_by_pa(m, TLBI_ALL);
	(void)read_by(m, 4, PAGE);
	const struct smmu3_outcome outcome = read_by(m, 4, 5 * GB);

	expect_stopped(m, &outcome, SMMU3_ABORT);
	ck_assert_str_eq(why_of(&outcome), "gpc-lookup");
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPF_FAR), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPT_CFG_FAR), 1);
	expect_told(m, GPT_CFG_FAR, FAR_TRANSACTION | 5 * GB | CFG_ERR(3) | FPAS_NS);
	expect_told(m, GPF_FAR, FAR_TRANSACTION | PAGE | FPAS_NS);
	close_machine(m);
}
END_TEST

/* RME-010: how a lookup errs: registers, base, fetch, entry, next table */
START_TEST(a_lookup_error_says_which)
{
	static const struct {
		uint64_t base, cfg, entry;
		unsigned cfg_err;
	} rows[] = {
		{ GPT_AT, 0x3507, 0xf1, 0 },              /* PPS reserved */
		{ GPT_AT, 0x0001, 0xf1, 0 },              /* Non-cacheable, but Non-shareable */
		{ UINT64_C(0x1000000000), 0x3501, 0, 1 }, /* beyond 36 bits */
		{ NO_MEMORY, 0x3501, 0, 2 },              /* aborts */
		{ GPT_AT, 0x3501, 0x71, 3 },              /* GPI 7 is reserved */
		{ GPT_AT, 0x3501, UINT64_C(0x1000000003), 4 }, /* a table beyond 36 bits */
	};
	struct machine *m = rooted();

	make_streams(m);
	set_reg(m, CR0, 0);
	set_reg(m, GBPA, 0x80001000);
	update_root(m, ACCESSEN);
	set_root64(m, GPT_BASE, rows[_i].base);
	set_root64(m, GPT_BASE_CFG, rows[_i].cfg);
	put_gpt0(m, 5, rows[_i].entry);
	update_root(m, ACCESSEN | GPCEN);
	tlbi_by_pa(m, TLBI_ALL);
	(void)read_by(m, 4, 5 * GB);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), 0);
	expect_told(m, GPT_CFG_FAR, FAR_TRANSACTION | 5 * GB | CFG_ERR(rows[_i].cfg_err) | FPAS_NS);
	close_machine(m);
}
END_TEST

/* ---- The SMMU's own accesses ---- */

/* Structures, by the access that is stopped: who asks, and what is told. */
static const struct fetch {
	uint32_t sid;
	uint64_t at;
	uint8_t event, code;
} fetches[] = {
	{ 1, STREAMS_AT + 64, F_STE_FETCH, 0x03 },
	{ 1, CDS_AT, F_CD_FETCH, 0x09 },
	{ 1, S1_TABLE_AT + 16, F_WALK_EABT, 0x0b },
	{ 2, S2_TABLE_AT + 16, F_WALK_EABT, 0x0b },
	{ 3, CDS_AT, F_CD_FETCH, 0x09 },
	{ 3, S1_TABLE_AT + 16, F_WALK_EABT, 0x0b },
};

/* RME-016, GPC-10, RME-009, RME-011, EVT-20, ORD-12: as an external abort there, with GPCF where
 * there is RME_IMPL; whatever A, R, S and S2S say: here both stages would stall */
START_TEST(a_structure_that_is_stopped_is_an_external_abort)
{
	const struct fetch *fetch = &fetches[_i / 2];
	const bool rme = _i % 2;
	struct machine *m = rooted_machine();

	if (!rme)
		m->config.idr[0] &= ~RME_IMPL;
	start_rooted_machine(m);
	make_streams(m);
	set_gpi(m, fetch->at, GPI_REALM);
	const struct smmu3_outcome outcome = read_by(m, fetch->sid, PAGE);

	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, fetch->event);
	ck_assert_uint_eq(outcome.recorded, 1);
	ck_assert_str_eq(why_of(&outcome), "gpc-denied");
	ck_assert_uint_eq(outcome.fault_addr, fetch->at);
	expect_told(m, GPF_FAR,
		    FAR_TRANSLATION(fetch->code) | (fetch->at & ~UINT64_C(0xfff)) | FPAS_NS);
	const uint64_t *const record = ram_at(m, event_at(m, 0));

	ck_assert_uint_eq(record[0] & 0xff, fetch->event);
	ck_assert_uint_eq(record[1] & GPCF, rme ? GPCF : 0);
	ck_assert_uint_eq(record[3], fetch->at);
	close_machine(m);
}
END_TEST

/* EVT-20: memory's own abort has no GPCF, and no FAR is told */
START_TEST(an_abort_of_memory_is_none_of_protection)
{
	struct machine *m = rooted();

	make_streams(m);
	m->aborts[0] = fetches[_i].at;
	const struct smmu3_outcome outcome = read_by(m, fetches[_i].sid, PAGE);

	ck_assert_uint_eq(outcome.event, fetches[_i].event);
	ck_assert_uint_eq(ram_at(m, event_at(m, 0))[1] & GPCF, 0);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR) | root_reg64(m, GPT_CFG_FAR), 0);
	close_machine(m);
}
END_TEST

/* RME-017: GPT entries are read in the Root space, where the table itself forbids it, too; with the
 * attributes of GPT_BASE_CFG */
START_TEST(the_table_is_read_unchecked_in_the_root_space)
{
	struct machine *m = rooted();

	make_streams(m);
	put_gpi(m, GPT_AT, GPI_NONE);
	set_gpi(m, GRANULES_AT, GPI_NONE);
	set_gpi(m, GRANULES_AT + (PAGE & (GB - 1)) / 0x10000 * 8, GPI_NONE);
	look_away(m);
	ck_assert_uint_eq(read_by(m, 4, PAGE).verdict, SMMU3_OK);
	const struct smmu3_mem_access *access = &first_for(m, SMMU3_REASON_GPT)->access;

	ck_assert_uint_eq(access->pas, SMMU3_PAS_ROOT);
	ck_assert_uint_eq(access->attr.mair, 0xff);
	ck_assert_uint_eq(access->attr.sh, SMMU3_ISH);
	close_machine(m);
}
END_TEST

/* RME-025: what the record of a stopped fetch says is in the FAR before, and so is its interrupt */
START_TEST(the_far_is_told_before_the_record)
{
	uint64_t seen[3] = { 0 };
	struct machine *m = rooted();

	make_streams(m);
	set_gpi(m, CDS_AT, GPI_NONE);
	m->inside = look_at_far;
	m->context = seen;
	look_away(m);
	(void)read_by(m, 1, PAGE);
	ck_assert_uint_eq(seen[0], FAR_TRANSLATION(0x09) | CDS_AT | FPAS_NS);
	ck_assert_uint_eq(seen[1], seen[0]);
	ck_assert_uint_eq(first(m, INTERRUPT)->about, SMMU3_INTERRUPT_GPF_FAR);
	ck_assert_uint_eq(first(m, INTERRUPT)->eventq_prod, 0);
	close_machine(m);
}
END_TEST

/* RME-018, GPC-11: a probe, and an explanation, are stopped, and nobody is told; without RME_IMPL
 * neither */
START_TEST(a_probe_is_told_to_nobody)
{
	struct machine *m = rooted_machine();

	if (_i)
		m->config.idr[0] &= ~RME_IMPL;
	start_rooted_machine(m);
	make_streams(m);
	put_gpi(m, CDS_AT, GPI_NONE);
	set_gpi(m, PAGE, GPI_NONE);
	for (uint32_t sid = 1; sid <= 4; sid++) {
		const struct smmu3_txn txn = {
			.addr = PAGE, .bytes = 4, .sid = sid, .flags = SMMU3_TXN_PROBE
		};
		const struct smmu3_outcome outcome = ask(m, txn);

		ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
		ck_assert_uint_eq(outcome.event, sid == 1 || sid == 3 ? F_CD_FETCH : 0);
		ck_assert_uint_eq(outcome.recorded, 0);
	}
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPF_FAR), 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* GPC-11, RME-018: what a hint meets, of a CD and of where it goes, nobody is told; other classes
 * are reads and writes like any.  Without RME_IMPL libsmmu does not tell either. */
START_TEST(what_stops_a_hint_is_told_to_nobody)
{
	static const uint8_t classes[] = { SMMU3_CLASS_PREFETCH, SMMU3_CLASS_DESTRUCTIVE_HINT,
					   SMMU3_CLASS_CLEAN, SMMU3_CLASS_READ_CLEAN_INVALIDATE };
	const bool hint = _i % 4 < 2;
	struct machine *m = rooted_machine();

	if (_i / 4)
		m->config.idr[0] &= ~RME_IMPL;
	start_rooted_machine(m);
	make_streams(m);
	put_gpi(m, CDS_AT, GPI_NONE);
	set_gpi(m, PAGE, GPI_NONE);
	for (uint32_t sid = 1; sid <= 4; sid++) {
		const struct smmu3_txn txn = {
			.addr = PAGE, .bytes = 4, .sid = sid, .txn_class = classes[_i % 4]
		};
		const struct smmu3_outcome outcome = ask(m, txn);

		ck_assert_uint_eq(outcome.verdict, hint ? SMMU3_NO_OP : SMMU3_ABORT);
		ck_assert_uint_eq(outcome.recorded, !hint && (sid == 1 || sid == 3));
		ck_assert_uint_eq(outcome.becomes, 0);
	}
	ck_assert_uint_eq(root_reg64(m, GPF_FAR) != 0, !hint);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPF_FAR) != 0, !hint);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD) != 0, !hint);
	close_machine(m);
}
END_TEST

static void note_step(void *context, const struct smmu3_step *step)
{
	unsigned *seen = context;

	seen[0] += step->reason == SMMU3_REASON_GPT;
	seen[1] |= step->reason == SMMU3_REASON_GPT && step->input == PAGE + 8 ? 1u << step->level :
										 0u;
}

/* inspect.h, RME-017: an explanation tells entries of the table, as they are read: two for the STE,
 * two for where a bypassing access goes */
START_TEST(an_explanation_tells_entries_of_the_table)
{
	unsigned seen[2] = { 0 };
	struct machine *m = rooted();
	const struct smmu3_txn txn = { .addr = PAGE + 8, .bytes = 4, .sid = 4 };
	struct smmu3_outcome outcome;

	make_streams(m);
	set_gpi(m, PAGE, GPI_NONE);
	ck_assert_uint_eq(smmu3_explain(m->smmu, &txn, &outcome, note_step, seen), SMMU3_ABORT);
	ck_assert_uint_eq(seen[0], 4);
	ck_assert_uint_eq(seen[1], 3);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), 0);
	close_machine(m);
}
END_TEST

/* ---- Queues and messages ---- */

/* RME-016, RME-011, RME-025, CMDQ-007: a command that cannot be read: CERROR_ABT, GERROR.CMDQ_ERR,
 * the FAR before */
START_TEST(a_command_that_is_stopped_stops_its_queue)
{
	uint64_t seen[3] = { 0 };
	struct machine *m = rooted();
	const uint64_t told = FAR_GERROR(0x00) | COMMANDS_AT | FPAS_NS;

	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	set_gpi(m, COMMANDS_AT, GPI_S);
	m->inside = look_at_far;
	m->context = seen;
	submit(m, PREFETCH);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), (uint32_t)CERROR_ABT << 24);
	ck_assert_uint_eq(seen[0], told);
	ck_assert_uint_eq(seen[2], told);
	expect_told(m, GPF_FAR, told);
	/* mended, and acknowledged: it goes on */
	set_gpi(m, COMMANDS_AT, GPI_NS);
	set_reg(m, GERRORN, CMDQ_ERR);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	close_machine(m);
}
END_TEST

/* RME-016, RME-011: a record that cannot be written: GERROR.EVENTQ_ABT_ERR */
START_TEST(a_record_that_is_stopped_is_an_error_of_its_queue)
{
	struct machine *m = rooted();

	set_gpi(m, EVENTS_AT, GPI_NONE);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, GERROR), EVENTQ_ABT_ERR);
	expect_told(m, GPF_FAR, FAR_GERROR(0x02) | EVENTS_AT | FPAS_NS);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), 0);
	close_machine(m);
}
END_TEST

/* What asks for a message, and of whom the FAR speaks. */
static const struct message {
	uint32_t error;
	uint8_t code;
} messages[] = { { MSI_CMDQ_ABT_ERR, 0x04 },
		 { MSI_EVENTQ_ABT_ERR, 0x05 },
		 { MSI_GERROR_ABT_ERR, 0x07 } };

/* RME-011, RME-016, IRQ-012: messages: of a CMD_SYNC, of the Event queue, of GERROR */
START_TEST(a_message_that_is_stopped_is_an_error)
{
	struct machine *m = rooted_machine();

	m->config.idr[0] |= 1u << 13; /* MSI */
	start_rooted_machine(m);
	set_reg64(m, EVENTQ_IRQ_CFG0, DOORBELL);
	set_reg64(m, GERROR_IRQ_CFG0, DOORBELL);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | (_i == 2 ? GERROR_IRQEN : 0));
	set_gpi(m, DOORBELL, GPI_NONE);
	if (_i == 0)
		submit(m, sync_irq(DOORBELL, 5));
	if (_i == 1)
		fault(m, 1);
	if (_i == 2)
		submit(m, ILLEGAL);
	ck_assert_uint_eq(reg(m, GERROR) & ~(uint32_t)CMDQ_ERR, messages[_i].error);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 0);
	expect_told(m, GPF_FAR, FAR_GERROR(messages[_i].code) | DOORBELL | FPAS_NS);
	close_machine(m);
}
END_TEST

/* RME-011, 6.3.116: that of performance monitors is told as no queue's: OTHER_GPF; 10.5.2.24:
 * IRQ_ABT */
START_TEST(a_message_of_monitors_that_is_stopped_is_no_queues)
{
	struct machine *m = rooted_machine();

	m->config.pmcg_cfgr = 3 | 31 << 8 | 1 << 20 | 1 << 21; /* RELOC_CTRS, MSI */
	start_rooted_machine(m);
	set_reg(m, 0xb0400, 1);          /* EVTYPER0: transactions */
	set_reg(m, 0xb0a00, 1);          /* SMR0 */
	set_reg(m, 0xc0000, 0xffffffff); /* EVCNTR0 */
	set_reg64(m, 0xb0c40, 1);        /* INTENSET0 */
	set_reg64(m, 0xb0c00, 1);        /* CNTENSET0 */
	set_reg64(m, 0xb0e58, DOORBELL); /* IRQ_CFG0 */
	set_reg(m, 0xb0e50, 1);          /* IRQ_CTRL */
	set_reg(m, 0xb0e04, 1);          /* CR */
	set_gpi(m, DOORBELL, GPI_NONE);
	(void)read_by(m, 1, PAGE);
	expect_told(m, GPF_FAR, FAR_GERROR(0x10) | DOORBELL | FPAS_NS);
	ck_assert_uint_eq(reg(m, 0xb0e68) & 1, 1); /* IRQ_STATUS */
	ck_assert_uint_eq(reg(m, GERROR), 0);
	close_machine(m);
}
END_TEST

/* ---- ACCESSEN ---- */

/* RME-002, RME-004: with ACCESSEN = 0 nothing is let through, and no entry of the table is read,
 * whatever GPCEN is: clients as by a fault of their output, structures as by one there */
START_TEST(without_accessen_nothing_is_let_through)
{
	struct machine *m = rooted();
	const unsigned gpcen = _i ? GPCEN : 0;

	make_streams(m);
	update_root(m, gpcen);
	look_away(m);
	const struct smmu3_outcome outcome = read_by(m, 4, PAGE);

	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, F_STE_FETCH);
	ck_assert_str_eq(why_of(&outcome), "gpc-disabled");
	ck_assert_uint_eq(count(m, READS), 0);
	ck_assert_uint_eq(count(m, WRITES), 0);
	/* its record was stopped, too */
	ck_assert_uint_eq(reg(m, GERROR), EVENTQ_ABT_ERR);
	expect_told(m, GPF_FAR, FAR_TRANSLATION(0x03) | STREAMS_AT | FPAS_NS);
	submit(m, PREFETCH);
	expect_told(m, GPF_FAR, FAR_GERROR(0x00) | COMMANDS_AT | FPAS_NS);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), (uint32_t)CERROR_ABT << 24);
	update_root(m, gpcen | ACCESSEN);
	ck_assert_uint_eq(read_by(m, 4, PAGE).verdict, SMMU3_OK);
	close_machine(m);
}
END_TEST

/* RME-002: from reset on, with SMMUEN = 0 */
START_TEST(at_reset_no_client_gets_through)
{
	struct machine *m = rooted_machine();

	m->config.gbpa_reset = 0x1000;
	open_machine(m);
	const struct smmu3_outcome outcome = read_by(m, 1, PAGE);

	expect_stopped(m, &outcome, SMMU3_ABORT);
	ck_assert_str_eq(why_of(&outcome), "gpc-disabled");
	expect_told(m, GPF_FAR, FAR_TRANSACTION | PAGE | FPAS_NS);
	update_root(m, ACCESSEN);
	ck_assert_uint_eq(read_by(m, 1, PAGE).verdict, SMMU3_OK);
	smmu3_reset(m->smmu);
	ck_assert_uint_eq(read_by(m, 1, PAGE).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

/* ---- Devices without a StreamID ---- */

static struct smmu3_outcome direct(struct machine *m, struct smmu3_direct access)
{
	struct smmu3_outcome outcome;

	access.bytes = 0x2000;
	ck_assert_uint_eq(smmu3_access_direct(m->smmu, &access, &outcome), outcome.verdict);
	return outcome;
}

/* RME-020, GPC-12, RME-009: granule protection of the PA space that it says, and nothing else */
START_TEST(a_device_without_streamid_is_checked)
{
	static const unsigned gpis[] = { GPI_NS, GPI_S, GPI_REALM, GPI_ROOT };
	static const uint64_t fpas[] = { 1, 0, 3, 2 };
	const enum smmu3_pas pas = (enum smmu3_pas)(_i / 4);
	const bool passes = _i / 4 == _i % 4;
	struct machine *m = rooted();

	set_gpi(m, PAGE, gpis[_i % 4]);
	set_reg(m, CR0, 0);
	set_reg(m, GBPA, 0x80101000); /* abort: it is no stream */
	const struct smmu3_outcome outcome = direct(m,
						    (struct smmu3_direct){ .addr = PAGE + 0x10,
									   .pas = (uint8_t)pas });

	ck_assert_uint_eq(outcome.decider, SMMU3_BY_GPC);
	ck_assert_uint_eq(outcome.verdict, passes ? SMMU3_OK : SMMU3_ABORT);
	ck_assert_uint_eq(outcome.recorded, 0);
	ck_assert_uint_eq(outcome.bytes, 0xff0);
	if (passes) {
		ck_assert_uint_eq(outcome.pa, PAGE + 0x10);
		ck_assert_uint_eq(outcome.pas, pas);
		ck_assert_uint_eq(outcome.span, 0);
	}
	expect_told(m, GPF_FAR, passes ? 0 : FAR_TRANSACTION | PAGE | fpas[pas] << 62);
	close_machine(m);
}
END_TEST

/* RME-020, GPC-12, RME-014: beyond OAS it aborts untold; beyond PPS it is told but in the
 * Non-secure space; a probe tells nothing */
START_TEST(addresses_of_devices_without_streamid_are_bounded)
{
	struct machine *m = rooted_machine();
	const uint64_t beyond_table = UINT64_C(1) << 36, beyond_oas = UINT64_C(1) << 48;

	m->config.idr[5] = (m->config.idr[5] & ~7u) | 5;
	start_rooted_machine(m);
	struct smmu3_outcome outcome = direct(m, (struct smmu3_direct){ .addr = beyond_oas });

	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_str_eq(why_of(&outcome), "gpc-address");
	ck_assert_uint_eq(direct(m, (struct smmu3_direct){ .addr = beyond_table }).verdict,
			  SMMU3_OK);
	const struct smmu3_direct probe = { .addr = beyond_table,
					    .pas = SMMU3_PAS_ROOT,
					    .flags = SMMU3_TXN_PROBE };

	ck_assert_uint_eq(direct(m, probe).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), 0);
	outcome = direct(m, (struct smmu3_direct){ .addr = beyond_table, .pas = SMMU3_PAS_SECURE });
	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	expect_told(m, GPF_FAR, FAR_TRANSACTION | beyond_table);
	close_machine(m);
}
END_TEST

/* smmu.h: what is malformed is the caller's mistake */
START_TEST(a_malformed_direct_access_is_an_error)
{
	static const struct {
		struct smmu3_direct access;
		const char *why;
	} rows[] = {
		{ { .addr = 0, .bytes = 0 }, "txn-bytes" },
		{ { .addr = 2, .bytes = UINT64_MAX }, "txn-wrap" },
		{ { .bytes = 1, .flags = SMMU3_TXN_SSV }, "txn-flags" },
		{ { .bytes = 1, .reserved = 1 }, "txn-flags" },
		{ { .bytes = 1, .pas = 4 }, "txn-pas" },
	};
	struct machine *m = rooted();
	struct smmu3_outcome outcome;

	ck_assert_uint_eq(smmu3_access_direct(m->smmu, &rows[_i].access, &outcome), SMMU3_ERROR);
	ck_assert_uint_eq(outcome.decider, SMMU3_BY_CALLER);
	ck_assert_str_eq(why_of(&outcome), rows[_i].why);
	close_machine(m);
}
END_TEST

/* ---- Broadcast ---- */

/* RME-024: TLBI *PA* of EL3 with BGPTM, whatever BTM is; without, and not from EL3, not */
START_TEST(broadcasts_by_pa_are_obeyed_with_bgptm)
{
	const bool obeyed = _i;
	const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_GPT,
						  .sec_sid = SMMU3_PAS_ROOT,
						  .addr = PAGE,
						  .bytes = 0x1000 };
	struct smmu3_invalidation wrong = scope;
	struct machine *m = rooted_machine();

	m->config.caches = (struct smmu3_caches){ .gpt = 16 };
	m->config.idr[0] &= ~(1u << 5); /* BTM */
	m->config.root_idr0 = HAS_ROOT | RGPTM | (obeyed ? BGPTM : 0);
	start_rooted_machine(m);
	make_streams(m);
	ck_assert_uint_eq(read_by(m, 4, PAGE).verdict, SMMU3_OK);
	put_gpi(m, PAGE, GPI_NONE);
	ck_assert_uint_eq(read_by(m, 4, PAGE).verdict, SMMU3_OK);
	wrong.sec_sid = SMMU3_PAS_NS;
	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &wrong), -SMMU3_E_ARGUMENT);
	wrong = scope;
	wrong.addr++;
	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &wrong), -SMMU3_E_ARGUMENT);
	ck_assert_uint_eq(read_by(m, 4, PAGE).verdict, SMMU3_OK);
	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &scope), 0);
	ck_assert_uint_eq(read_by(m, 4, PAGE).verdict, obeyed ? SMMU3_ABORT : SMMU3_OK);
	close_machine(m);
}
END_TEST

/* RME-023: what is kept answers until ROOT_TLBI names it */
START_TEST(what_is_kept_answers_until_it_is_invalidated)
{
	struct machine *m = rooted_machine();

	m->config.caches = (struct smmu3_caches){ .gpt = 16 };
	start_rooted_machine(m);
	make_streams(m);
	(void)read_by(m, 4, PAGE);
	put_gpi(m, PAGE, GPI_NONE);
	tlbi_by_pa(m, (PAGE + 0x1000));
	ck_assert_uint_eq(read_by(m, 4, PAGE).verdict, SMMU3_OK);
	submit(m, CFGI_ALL);
	submit(m, NSNH_ALL);
	ck_assert_uint_eq(read_by(m, 4, PAGE).verdict, SMMU3_OK);
	tlbi_by_pa(m, PAGE);
	ck_assert_uint_eq(read_by(m, 4, PAGE).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, what_is_stopped_is_not_reached, 0, 3);
	tcase_add_loop_test(tests, a_client_is_stopped_at_its_output_address, 0, 8);
	tcase_add_test(tests, a_disabled_smmu_is_checked_likewise);
	tcase_add_test(tests, non_secure_addresses_beyond_the_table_pass);
	tcase_add_test(tests, an_outcome_answers_for_what_passes_alike);
	tcase_add_loop_test(tests, the_first_fault_stands_until_it_is_cleared, 0, 2);
	tcase_add_test(tests, the_two_registers_are_apart);
	tcase_add_loop_test(tests, a_lookup_error_says_which, 0, 6);
	tcase_add_loop_test(tests, a_structure_that_is_stopped_is_an_external_abort, 0,
			    2 * COUNT(fetches));
	tcase_add_loop_test(tests, an_abort_of_memory_is_none_of_protection, 0, COUNT(fetches));
	tcase_add_test(tests, the_table_is_read_unchecked_in_the_root_space);
	tcase_add_test(tests, the_far_is_told_before_the_record);
	tcase_add_loop_test(tests, a_probe_is_told_to_nobody, 0, 2);
	tcase_add_loop_test(tests, what_stops_a_hint_is_told_to_nobody, 0, 8);
	tcase_add_test(tests, an_explanation_tells_entries_of_the_table);
	tcase_add_test(tests, a_command_that_is_stopped_stops_its_queue);
	tcase_add_test(tests, a_record_that_is_stopped_is_an_error_of_its_queue);
	tcase_add_loop_test(tests, a_message_that_is_stopped_is_an_error, 0, COUNT(messages));
	tcase_add_test(tests, a_message_of_monitors_that_is_stopped_is_no_queues);
	tcase_add_loop_test(tests, without_accessen_nothing_is_let_through, 0, 2);
	tcase_add_test(tests, at_reset_no_client_gets_through);
	tcase_add_loop_test(tests, a_device_without_streamid_is_checked, 0, 16);
	tcase_add_test(tests, addresses_of_devices_without_streamid_are_bounded);
	tcase_add_loop_test(tests, a_malformed_direct_access_is_an_error, 0, 5);
	tcase_add_loop_test(tests, broadcasts_by_pa_are_obeyed_with_bgptm, 0, 2);
	tcase_add_test(tests, what_is_kept_answers_until_it_is_invalidated);
}

int main(void)
{
	return run("root-checks", add);
}
