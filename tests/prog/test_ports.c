/* SPDX-License-Identifier: MIT */
/* Ports: opening and closing, hits, handles and batches, whose answers, events and stalls are those
 * of smmu3_translate.  port.h */
#include "ported.h"
#include "run.h"
#include "stalls.h"

#include <check.h>
#include <smmu/inspect.h>
#include <stdlib.h>
#include <string.h>

/* ---- Opening ---- */

/* port.h: sizes are powers of two up to 1024, or both 0 */
START_TEST(a_port_of_no_such_size_is_refused)
{
	static const struct {
		uint32_t micro, streams;
		bool legal;
	} rows[] = {
		{ 0, 0, true },    { 1, 1, true },      { 64, 1, true },     { 1024, 16, true },
		{ 1, 1024, true }, { 0, 1, false },     { 1, 0, false },     { 3, 4, false },
		{ 64, 6, false },  { 2048, 16, false }, { 64, 2048, false },
	};
	struct machine *m = portable(16, true);
	struct smmu3_port_config config;
	struct smmu3_error error;

	start_machine(m);
	smmu3_port_config_init(m->smmu, &config);
	ck_assert_uint_eq(config.size, sizeof(config));
	ck_assert_uint_eq(config.micro, MICRO);
	ck_assert_uint_eq(config.micro_streams, MICRO_STREAMS);
	for (int i = 0; i < COUNT(rows); i++) {
		config.micro = rows[i].micro;
		config.micro_streams = rows[i].streams;
		struct smmu3_port *port = smmu3_port_open(m->smmu, &config, &error);

		ck_assert_int_eq(port != NULL, rows[i].legal);
		ck_assert_int_eq(error.code, rows[i].legal ? 0 : -SMMU3_E_ARGUMENT);
		ck_assert_int_eq(error.text[0] == '\0', rows[i].legal);
		smmu3_port_close(port);
	}
	smmu3_port_config_init(m->smmu, &config);
	config.size--;
	ck_assert_ptr_null(smmu3_port_open(m->smmu, &config, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_ARGUMENT);
	ck_assert_ptr_null(smmu3_port_open(m->smmu, &config, NULL));
	smmu3_port_close(NULL);
	close_machine(m);
}
END_TEST

/* port.h: a handle is for accesses that there are, and not for ATS and probes */
START_TEST(a_handle_of_no_access_is_refused)
{
	static const struct smmu3_txn rows[] = {
		{ .bytes = 0, .sid = 1 },
		{ .bytes = 1, .sid = 1, .reserved = 1 },
		{ .bytes = 1, .sid = 1, .flags = 0x8000 },
		{ .bytes = 1, .sid = 1, .sec_sid = SMMU3_PAS_SECURE },
		{ .bytes = 1, .sid = 1, .ats = SMMU3_ATS_REQUEST },
		{ .bytes = 1, .sid = 1, .flags = SMMU3_TXN_PROBE },
	};
	struct ported p = ported(16, true);
	struct smmu3_error error;

	for (int i = 0; i < COUNT(rows); i++) {
		ck_assert_ptr_null(smmu3_stream_open(p.port, &rows[i], &error));
		ck_assert_int_eq(error.code, -SMMU3_E_ARGUMENT);
		ck_assert_ptr_null(smmu3_stream_open(p.port, &rows[i], NULL));
	}
	smmu3_stream_close(NULL);
	close_ported(&p);
}
END_TEST

/* port.h: handles are closed in any order, or with their port */
START_TEST(handles_close_in_any_order)
{
	struct ported p = ported(16, true);

	expect_goes(&p, 1, HERE + PAGE(1));
	smmu3_stream_close(p.handle[1]);
	ck_assert_uint_eq(page_goes(&p, 0, BY_HANDLE), HERE + PAGE(1));
	ck_assert_uint_eq(page_goes(&p, 2, BY_HANDLE), HERE + PAGE(1));
	smmu3_stream_close(p.handle[2]);
	ck_assert_uint_eq(handle_has(&p, 0), HERE + PAGE(1));
	close_ported(&p);
}
END_TEST

/* port.h: an access of another stream than the handle's is the caller's mistake */
START_TEST(a_handle_refuses_what_is_not_of_its_stream)
{
	static const struct smmu3_txn others[] = {
		{ .addr = PAGE(1), .bytes = 4, .sid = 2 },
		{ .addr = PAGE(1), .bytes = 4, .sid = 1, .flags = SMMU3_TXN_SSV },
		{ .addr = PAGE(1), .bytes = 4, .sid = 1, .txn_class = SMMU3_CLASS_ATOMIC },
		{ .addr = PAGE(1), .bytes = 4, .sid = 1, .sec_sid = SMMU3_PAS_SECURE },
		{ .addr = PAGE(1), .bytes = 4, .sid = 1, .ats = SMMU3_ATS_REQUEST },
	};
	static const unsigned own[] = { 0, SMMU3_TXN_WRITE, SMMU3_TXN_INSTRUCTION,
					SMMU3_TXN_PRIVILEGED, SMMU3_TXN_NO_STALL };
	struct ported p = ported(16, true);

	for (int i = 0; i < COUNT(others); i++) {
		struct smmu3_outcome outcome;

		ck_assert_int_eq(smmu3_stream_translate(p.handle[0], &others[i], &outcome),
				 SMMU3_ERROR);
		ck_assert_uint_eq(outcome.verdict, SMMU3_ERROR);
		ck_assert_uint_eq(outcome.decider, SMMU3_BY_CALLER);
		ck_assert_uint_ne(outcome.why, 0);
	}
	for (int i = 0; i < COUNT(own); i++) {
		const struct smmu3_txn txn = {
			.addr = PAGE(1), .bytes = 4, .sid = 1, .flags = (uint16_t)own[i]
		};

		ck_assert_uint_eq(outcome_of(&p, &txn, BY_HANDLE).verdict, SMMU3_OK);
	}
	close_ported(&p);
}
END_TEST

/* port.h, TXN-03, TXN-05: what a port knows of reads is not taken for an access of another class,
 * in a batch either, nor what these come to learnt */
START_TEST(classes_beyond_atomics_are_answered_for_themselves)
{
	static const enum smmu3_class classes[] = { SMMU3_CLASS_DESTRUCTIVE_READ,
						    SMMU3_CLASS_INVALIDATE,
						    SMMU3_CLASS_CLEAN_TO_PERSISTENCE,
						    SMMU3_CLASS_PREFETCH };
	struct ported p = ported(16, true);

	expect_goes(&p, 1, HERE + PAGE(1));
	for (int i = 0; i < COUNT(classes); i++) {
		struct smmu3_txn txn[2] = { { .addr = PAGE(1), .bytes = 4, .sid = 1 },
					    { .addr = PAGE(1), .bytes = 4, .sid = 1 } };
		struct smmu3_outcome outcome[2], alone;

		txn[1].txn_class = (uint8_t)classes[i];
		for (unsigned turn = 0; turn < 3; turn++) {
			(void)smmu3_translate(p.m->smmu, &txn[1], &alone);
			smmu3_port_translate_batch(p.port, txn, outcome, 2);
			ck_assert_mem_eq(&outcome[1], &alone, sizeof(alone));
			ck_assert_uint_eq(outcome[0].becomes, 0);
			ck_assert_uint_eq(smmu3_port_hit(p.port, &txn[1]).word, 0);
		}
		ck_assert_uint_eq(alone.verdict, i < 3 ? SMMU3_OK : SMMU3_NO_OP);
		ck_assert_uint_eq(alone.becomes, i == 1 ? SMMU3_CLASS_CLEAN_INVALIDATE :
						 i == 2 ? SMMU3_CLASS_CLEAN_TO_PERSISTENCE :
							  SMMU3_CLASS_ORDINARY);
	}
	close_ported(&p);
}
END_TEST

/* ---- Hits ---- */

static void ignore_step(void *context, const struct smmu3_step *step)
{
	(void)context;
	(void)step;
}

static void expect_hit_says(struct smmu3_hit hit, const struct smmu3_txn *txn,
			    const struct smmu3_outcome *outcome)
{
	ck_assert_uint_eq(hit.pa, outcome->pa);
	ck_assert_uint_eq(smmu3_hit_perm(hit), outcome->perm);
	ck_assert_uint_eq(smmu3_hit_pas(hit), outcome->pas);
	ck_assert_uint_eq(smmu3_hit_attr(hit).mair, outcome->attr.mair);
	ck_assert_uint_eq(smmu3_hit_attr(hit).sh, outcome->attr.sh);
	if (outcome->span) /* where nothing translates a hit answers for its page alone */
		ck_assert_uint_eq(smmu3_hit_bytes(hit, txn->addr, txn->bytes), outcome->bytes);
}

/* An access of each kind, before and after it has been learnt: nothing, then what it comes to. */
static void expect_hits(struct ported *p, struct smmu3_txn txn)
{
	struct smmu3_outcome afresh, now;

	for (unsigned i = 0; i < 8; i++) {
		txn.flags = (uint16_t)(i << 1);
		memset(&afresh, 0, sizeof(afresh));
		memset(&now, 0, sizeof(now));
		smmu3_explain(p->m->smmu, &txn, &afresh, ignore_step, NULL);
		now = outcome_of(p, &txn, BY_PORT);
		for (unsigned again = 0; again < 2; again++) {
			const struct smmu3_hit hit = smmu3_port_hit(p->port, &txn);
			const struct smmu3_hit by_ids = smmu3_port_hit_by_ids(
				p->port, smmu3_stream_ids(txn.sid, txn.ssid), txn.addr,
				txn.flags | (uint32_t)txn.sec_sid << 16);

			ck_assert_int_eq(hit.word != 0, afresh.verdict == SMMU3_OK);
			ck_assert_mem_eq(&by_ids, &hit, sizeof(hit));
			if (hit.word)
				expect_hit_says(hit, &txn, &afresh);
			afresh.recorded = now.recorded;
			ck_assert_mem_eq(&now, &afresh, sizeof(now));
			now = outcome_of(p, &txn, again ? BY_NO_PORT : BY_BATCH);
		}
	}
}

/* PERM-01, STE-18: a read-only page, a page for privileged accesses, a block, bytes over its end,
 * and what is bypassed, each by every kind of access */
START_TEST(hits_say_what_outcomes_say)
{
	static const uint64_t bytes[] = { 1, 4, 4096, 8192, UINT64_C(1) << 31 };
	struct ported p = ported(16, true);
	const struct space *one = &ported_spaces[0];

	put_s1(p.m, one, 2, (s1_page(HERE) & ~TTD_AP(3)) | TTD_AP(3));
	put_s1(p.m, one, 3, s1_page(HERE) & ~TTD_AP(3));
	put_descriptor(p.m, table1(one, 1), 1, s1_block(GB) | NG);
	put_ste(p.m, 4, ste_of(BYPASSES, 0));
	for (int i = 0; i < COUNT(bytes); i++) {
		for (unsigned page = 0; page < 5; page++)
			expect_hits(&p, (struct smmu3_txn){ .addr = PAGE(page) + 8,
							    .bytes = bytes[i],
							    .sid = 1 });
		for (uint32_t sid = 1; sid <= 5; sid++)
			expect_hits(&p, (struct smmu3_txn){ .addr = GB + PAGE(1),
							    .bytes = bytes[i],
							    .sid = sid });
	}
	close_ported(&p);
}
END_TEST

/* port.h: what is malformed is refused as ever, though the page is known; the last bytes that
 * there are */
START_TEST(what_is_malformed_is_no_hit)
{
	static const struct smmu3_txn rows[] = {
		{ .addr = PAGE(1), .bytes = 0, .sid = 1 },
		{ .addr = PAGE(1), .bytes = UINT64_MAX, .sid = 1 },
		{ .addr = PAGE(1), .bytes = 4, .sid = 1, .reserved = 1 },
		{ .addr = PAGE(1), .bytes = 4, .sid = 1, .flags = 0x8000 },
	};
	struct ported p = ported(16, true);

	expect_goes(&p, 0, HERE + PAGE(1));
	for (int i = 0; i < COUNT(rows); i++)
		for (enum way way = 0; way < WAYS; way++)
			ck_assert_uint_eq(outcome_of(&p, &rows[i], way).verdict, SMMU3_ERROR);
	put_ste(p.m, 4, ste_of(BYPASSES, 0));
	for (int i = 0; i < 3; i++) {
		const struct smmu3_txn last = { .addr = UINT64_C(0xfffffffff),
						.bytes = 1,
						.sid = 4 };

		ck_assert_uint_eq(outcome_of(&p, &last, BY_PORT).verdict, SMMU3_OK);
		ck_assert_uint_eq(outcome_of(&p, &last, BY_PORT).bytes, 1);
	}
	close_ported(&p);
}
END_TEST

/* ---- Batches ---- */

enum { MANY = 300 };

/* Accesses by chance: known pages, unknown ones, faults, faults that stall, and malformed ones. */
static struct smmu3_txn some_access(unsigned n, uint64_t random)
{
	struct smmu3_txn txn = { .addr = PAGE(random % 6) + (random >> 8 & 0xff0),
				 .bytes = 4,
				 .sid = (uint32_t)(1 + (random >> 16) % 7),
				 .flags = (uint16_t)(random >> 24 & 0xe),
				 .cookie = n };

	if (random >> 32 & 0x1f)
		return txn;
	txn.bytes = 0;
	return txn;
}

static void make_accesses(struct smmu3_txn *txn, uint64_t seed)
{
	for (unsigned i = 0; i < MANY; i++) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		txn[i] = some_access(i, seed >> 20);
	}
}

/* Stream 6 stalls; of stream 5 there is nothing, of 7 a bypass. */
static struct machine *mixed(uint32_t micro, bool window)
{
	struct machine *m = portable(0, window);

	m->config.caches.micro = micro;
	m->config.caches.micro_streams = micro ? MICRO_STREAMS : 0;
	m->config.idr[0] &= ~(UINT32_C(3) << 24); /* STALL_MODEL: both */
	m->config.idr[5] |= UINT32_C(64) << 16;   /* STALL_MAX */
	m->eventq_lg2 = 9;
	start_machine(m);
	return m;
}

static struct ported open_mixed(struct machine *m)
{
	struct ported p = open_ported(m);

	make_stream(m, 6, S1_ONLY);
	put_ste(m, 7, ste_of(BYPASSES, 0));
	return p;
}

static void expect_same_events(struct machine *a, struct machine *b)
{
	ck_assert_uint_eq(reg(a, EVENTQ_PROD), reg(b, EVENTQ_PROD));
	ck_assert_uint_eq(reg(a, GERROR), reg(b, GERROR));
	for (uint32_t i = 0; i < reg(a, EVENTQ_PROD); i++)
		ck_assert_mem_eq(ram_at(a, event_at(a, i)), ram_at(b, event_at(b, i)), 32);
}

/* EVTQ-009, STALL-01: the outcomes of a batch, the events and their order, STAGs and the order of
 * stalls are those of the same accesses one after the other, by an SMMU that keeps nothing */
START_TEST(a_batch_is_its_accesses_one_after_the_other)
{
	struct smmu3_txn *txn = calloc(MANY, sizeof(*txn));
	struct smmu3_outcome *outcome = calloc(MANY, sizeof(*outcome));
	struct ported p = open_mixed(mixed(MICRO, _i & 1));
	struct ported plain = open_mixed(mixed(0, true));

	for (unsigned round = 0; round < 3; round++) {
		make_accesses(txn, 1 + (uint64_t)_i * 3 + round);
		set_reg(p.m, EVENTQ_CONS, reg(p.m, EVENTQ_PROD));
		set_reg(plain.m, EVENTQ_CONS, reg(plain.m, EVENTQ_PROD));
		smmu3_port_translate_batch(p.port, txn, outcome, MANY);
		for (unsigned i = 0; i < MANY; i++) {
			struct smmu3_outcome alone;

			memset(&alone, 0, sizeof(alone));
			smmu3_translate(plain.m->smmu, &txn[i], &alone);
			ck_assert_mem_eq(&outcome[i], &alone, sizeof(alone));
		}
		expect_same_events(p.m, plain.m);
		submit(p.m, stall_term(6));
		submit(plain.m, stall_term(6));
		ck_assert_uint_eq(count(p.m, ENDED), count(plain.m, ENDED));
	}
	ck_assert_uint_gt(count(p.m, ENDED), 0);
	close_ported(&p);
	close_ported(&plain);
	free(txn);
	free(outcome);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_port_of_no_such_size_is_refused);
	tcase_add_test(tests, a_handle_of_no_access_is_refused);
	tcase_add_test(tests, handles_close_in_any_order);
	tcase_add_test(tests, a_handle_refuses_what_is_not_of_its_stream);
	tcase_add_test(tests, classes_beyond_atomics_are_answered_for_themselves);
	tcase_add_test(tests, hits_say_what_outcomes_say);
	tcase_add_test(tests, what_is_malformed_is_no_hit);
	tcase_add_loop_test(tests, a_batch_is_its_accesses_one_after_the_other, 0, 8);
}

int main(void)
{
	return run("ports", add);
}
