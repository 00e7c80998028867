/* SPDX-License-Identifier: MIT */
/* Granule protection of hints and of what endpoints ask for, of an SMMU that does what
 * docs/choices.md says is also allowed where IDR0.RME_IMPL is 0.  smmu/adversity.h */
#include "adverse.h"
#include "rooted.h"
#include "run.h"

#define PAGE (RAM_AT + 0x123000)

static struct machine *without_rme(const char *word)
{
	struct machine *m = rooted_machine();

	m->config.idr[0] = (m->config.idr[0] & ~RME_IMPL) | 1u << 10; /* ATS */
	start_rooted_machine(m);
	make_streams(m);
	demand(m, word);
	return m;
}

static struct smmu3_outcome asked(struct machine *m, uint32_t sid, uint64_t addr, unsigned ats,
				  unsigned txn_class, unsigned flags)
{
	const struct smmu3_txn txn = { .addr = addr,
				       .bytes = 4,
				       .sid = sid,
				       .flags = (uint16_t)flags,
				       .ats = (uint8_t)ats,
				       .txn_class = (uint8_t)txn_class };
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

/* GPC-11, RME-018: Root software is told of what stops a hint, and nobody else; of a probe never */
START_TEST(what_stops_a_hint_is_told)
{
	static const uint8_t hints[] = { SMMU3_CLASS_PREFETCH, SMMU3_CLASS_DESTRUCTIVE_HINT };
	struct machine *m = without_rme("hints-stopped-by-protection=told");

	set_gpi(m, PAGE, GPI_NONE);
	ck_assert_uint_eq(asked(m, 4, PAGE, 0, hints[_i], SMMU3_TXN_PROBE).verdict, SMMU3_NO_OP);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), 0);
	ck_assert_uint_eq(asked(m, 4, PAGE, 0, hints[_i], 0).verdict, SMMU3_NO_OP);
	ck_assert_uint_ne(root_reg64(m, GPF_FAR), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPF_FAR), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* RME-019: a completion is not checked, and reaches as far as its translation; a transaction that
 * uses it is */
START_TEST(a_completion_is_not_checked)
{
	struct machine *m = without_rme("gpc-ats-request=unchecked");

	ram_at(m, STREAMS_AT + 64)[1] |= STE1_EATS(1);
	set_gpi(m, PAGE, GPI_NONE);
	const struct smmu3_outcome outcome = asked(m, 1, PAGE, SMMU3_ATS_REQUEST, 0, 0);

	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	ck_assert_uint_eq(outcome.span, GB);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), 0);
	ck_assert_uint_eq(asked(m, 1, PAGE, SMMU3_ATS_TRANSLATED, 0, 0).verdict, SMMU3_ABORT);
	ck_assert_uint_ne(root_reg64(m, GPF_FAR), 0);
	close_machine(m);
}
END_TEST

/* A range of 2MB of RAM: all that its entries say is this, but for one.  D9.6.1 */
static void put_range(struct machine *m, unsigned gpi, unsigned but, unsigned of_that)
{
	for (unsigned i = 0; i < 32; i++)
		*root_ram_at(m, GRANULES_AT + 8 * (64 + (uint64_t)i)) = 1 |
									(i == but ? of_that : gpi)
										<< 4 |
									1 << 8;
}

/* GPC-14: a range whose entries differ is as its first one says, wherever */
START_TEST(a_range_is_as_its_first_entry_says)
{
	static const struct {
		uint8_t gpi, but, of_that;
		bool own, first; /* is the second granule let through by what it, the first says? */
	} rows[] = {
		{ GPI_ANY, 1, GPI_NONE, false, true },
		{ GPI_ANY, 0, GPI_NONE, true, false },
		{ GPI_ANY, 0, 0xe, true, true }, /* which is reserved: nobody asks it */
		{ GPI_ANY, 9, GPI_NONE, true, true },
	};

	for (unsigned first = 0; first < 2; first++) {
		struct machine *m = rooted();

		make_streams(m);
		if (first)
			demand(m, "gpt-kept-overlap=first");
		put_range(m, rows[_i].gpi, rows[_i].but, rows[_i].of_that);
		tlbi_by_pa(m, TLBI_ALL);
		ck_assert_uint_eq(asked(m, 4, RAM_AT + 0x410000, 0, 0, 0).verdict,
				  (first ? rows[_i].first : rows[_i].own) ? SMMU3_OK : SMMU3_ABORT);
		close_machine(m);
	}
}
END_TEST

/* RME-018, RME-019: with RME_IMPL, or without Root registers, there is nothing to choose */
START_TEST(with_rme_impl_nothing_is_chosen)
{
	struct machine *m = _i ? machine("generic-3.3") : rooted_machine();

	create_machine(m);
	ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "hints-stopped-by-protection=told", NULL),
			 -SMMU3_E_INCONSISTENT);
	ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "gpc-ats-request=unchecked", NULL),
			 -SMMU3_E_INCONSISTENT);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, what_stops_a_hint_is_told, 0, 2);
	tcase_add_test(tests, a_completion_is_not_checked);
	tcase_add_loop_test(tests, a_range_is_as_its_first_entry_says, 0, 4);
	tcase_add_loop_test(tests, with_rme_impl_nothing_is_chosen, 0, 2);
}

int main(void)
{
	return run("adverse protection", add);
}
