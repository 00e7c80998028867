/* SPDX-License-Identifier: MIT */
/* The Root registers in what is saved.  smmu.h, docs/save.md */
#include "blob.h"
#include "rooted.h"
#include "run.h"
#include "waiting.h"

#include <check.h>

#define PAGE (RAM_AT + 0x123000)

/* Where ROOT has what: CR0 (4), then 8 each, RUN (4), BASE2 (8), pulses (1). */
enum { AT_CR0 = 0, AT_BASE = 4, AT_CFG = 12, AT_GPF = 20, AT_CFG_FAR = 28, AT_TLBI = 36 };
enum { AT_RUN = 44, AT_BASE2 = 48, AT_PULSES = 56, BYTES = 57 };

/* Both registers tell of a fault. */
static struct machine *told(void)
{
	struct machine *m = rooted();

	m->quiet = true;
	make_streams(m);
	put_gpt0(m, 5, 2);
	set_gpi(m, PAGE, GPI_NONE);
	set_root64(m, ROOT_TLBI, PAGE | 2);
	set_root64(m, GPT_BASE2, RAM_AT);
	(void)read_by(m, 4, PAGE);
	(void)read_by(m, 4, 5 * GB);
	return m;
}

/* smmu.h, RME-012: the registers go on, and what they do: a fault that is told stands, another is
 * told of after it is cleared */
START_TEST(the_registers_go_on_in_another_smmu)
{
	struct machine *m = told();
	struct blob blob = saved(m);

	ck_assert_uint_eq(section_bytes(&blob, "ROOT"), BYTES);
	reload(m);
	ck_assert_uint_eq(root_reg64(m, ROOT_CR0), UINT64_C(0x300000003));
	ck_assert_uint_eq(root_reg64(m, GPT_BASE), GPT_AT);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE_CFG), GPT_CFG_OF_TESTS);
	ck_assert_uint_eq(root_reg64(m, ROOT_TLBI), PAGE | 2);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE2), RAM_AT);
	ck_assert_uint_eq(read_by(m, 4, PAGE + 0x1000).verdict, SMMU3_OK);
	expect_told(m, GPT_CFG_FAR, FAR_TRANSACTION | 5 * GB | CFG_ERR(3) | FPAS_NS);
	expect_told(m, GPF_FAR, FAR_TRANSACTION | PAGE | FPAS_NS);
	ck_assert_uint_eq(read_by(m, 4, PAGE).verdict, SMMU3_ABORT);
	expect_told(m, GPF_FAR, FAR_TRANSACTION | PAGE | FPAS_NS);
	close_machine(m);
}
END_TEST

/* smmu.h: what is due goes on, too: pulses, an invalidation */
START_TEST(what_is_due_of_root_is_done_after_a_load)
{
	struct machine *m = told();

	set_root64(m, GPF_FAR, 0);
	set_root64(m, GPT_CFG_FAR, 0);
	look_away(m);
	pause_work(m);
	(void)read_by(m, 4, PAGE);
	(void)read_by(m, 4, 5 * GB);
	set_root(m, ROOT_TLBI_CTRL, 1);
	ck_assert_uint_eq(m->seen_count - count(m, READS), 0);
	(void)do_acts(m, 0);
	reload(m);
	look_away(m);
	ck_assert_uint_eq(root_reg(m, ROOT_CR0), 3);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPF_FAR), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GPT_CFG_FAR), 1);
	ck_assert_uint_eq(first(m, INVALIDATES)->scope.addr, PAGE);
	ck_assert_uint_eq(root_reg(m, ROOT_TLBI_CTRL), 0);
	close_machine(m);
}
END_TEST

/* smmu.h: what these registers could never have come to is refused */
START_TEST(what_the_registers_cannot_hold_is_refused)
{
	static const struct {
		size_t at;
		unsigned bytes;
		uint64_t value;
	} wrong[] = {
		{ AT_CR0, 4, 4 },
		{ AT_BASE, 8, 0x800 },
		{ AT_CFG, 8, 8 },
		{ AT_CFG, 8, UINT64_C(1) << 20 }, /* L0GPTSZ */
		{ AT_TLBI, 8, 4 },
		{ AT_RUN, 4, 2 },
		{ AT_BASE2, 8, 1 },
		{ AT_PULSES, 1, 4 },
		{ AT_GPF, 8, FAR_TRANSACTION & ~UINT64_C(1) }, /* of no fault */
		{ AT_GPF, 8, FAR_TRANSACTION | CFG_ERR(1) },
		{ AT_GPF, 8, FAR_TRANSACTION | 0x10 }, /* it has no FAULTCODE */
		{ AT_GPF, 8, FAR_TRANSLATION(0x24) },  /* of no structure */
		{ AT_GPF, 8, FAR_GERROR(0x01) },
		{ AT_GPF, 8, UINT64_C(1) }, /* REASON 0 */
		{ AT_GPF, 8, FAR_TRANSACTION | UINT64_C(1) << 60 },
		{ AT_GPF, 8, FAR_TRANSACTION | UINT64_C(1) << 48 }, /* beyond OAS */
		{ AT_CFG_FAR, 8, FAR_TRANSACTION | CFG_ERR(5) },
		{ AT_CFG_FAR, 8, FAR_TRANSACTION | UINT64_C(1) << 61 },
	};
	struct machine *m = rooted_machine();

	m->config.idr[5] = (m->config.idr[5] & ~7u) | 5; /* OAS: 48 bits */
	start_rooted_machine(m);
	struct blob blob = saved(m);

	put_at(section(&blob, "ROOT") + wrong[_i].at, wrong[_i].value, wrong[_i].bytes);
	seal(&blob);
	expect_refused(m, &blob, SMMU3_E_FORMAT, "a Root register has bits that it cannot have");
	close_machine(m);
}
END_TEST

/* smmu.h: and what they could is taken, and saved again as the same bytes */
START_TEST(what_the_registers_can_hold_is_taken)
{
	static const uint64_t fars[] = {
		FAR_TRANSLATION(0x03), FAR_TRANSLATION(0x09), FAR_TRANSLATION(0x0b),
		FAR_GERROR(0x00),      FAR_GERROR(0x02),      FAR_GERROR(0x03),
		FAR_GERROR(0x04),      FAR_GERROR(0x05),      FAR_GERROR(0x06),
		FAR_GERROR(0x07),      FAR_GERROR(0x10),      FAR_TRANSACTION | UINT64_C(3) << 62,
	};
	struct machine *m = rooted();
	struct blob blob = saved(m);

	put_at(section(&blob, "ROOT") + AT_GPF, fars[_i], 8);
	put_at(section(&blob, "ROOT") + AT_CFG_FAR, fars[_i] | CFG_ERR(4), 8);
	seal(&blob);
	load(m, &blob);
	struct blob again = saved(m);

	ck_assert(same_blob(&blob, &again));
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), fars[_i]);
	close_machine(m);
}
END_TEST

/* smmu.h: whatever the bytes are, they are refused, or saved again as they were */
START_TEST(bytes_at_random_are_refused_or_saved_again)
{
	struct machine *m = rooted();
	const struct blob good = saved(m);
	uint64_t chance = 1;
	unsigned taken = 0;

	m->quiet = true;
	for (unsigned n = 0; n < 1000; n++) {
		struct blob blob = good;
		uint8_t *const bytes = section(&blob, "ROOT");

		for (unsigned i = 0; i < 1 + n % 3; i++) {
			chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407u;
			bytes[(chance >> 40) % BYTES] ^= (uint8_t)(1u << (chance >> 61));
		}
		seal(&blob);
		if (smmu3_load(m->smmu, blob.at, blob.size, NULL))
			continue;
		const struct blob again = saved(m);

		taken++;
		if (!same_blob(&blob, &again))
			ck_abort_msg("state %u is saved otherwise", n);
	}
	ck_assert_uint_gt(taken, 25);
	ck_assert_uint_lt(taken, 975);
	close_machine(m);
}
END_TEST

/* smmu.h: an SMMU without the interface has no such section, and takes none */
START_TEST(an_smmu_without_root_takes_none)
{
	struct machine *with = rooted(), *without = machine("generic-3.3");
	struct blob blob = saved(with);

	start_machine(without);
	expect_refused(without, &blob, SMMU3_E_INCONSISTENT, "IDR0");
	close_machine(with);
	close_machine(without);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, the_registers_go_on_in_another_smmu);
	tcase_add_test(tests, what_is_due_of_root_is_done_after_a_load);
	tcase_add_loop_test(tests, what_the_registers_cannot_hold_is_refused, 0, 18);
	tcase_add_loop_test(tests, what_the_registers_can_hold_is_taken, 0, 12);
	tcase_add_test(tests, bytes_at_random_are_refused_or_saved_again);
	tcase_add_test(tests, an_smmu_without_root_takes_none);
}

int main(void)
{
	return run("root-save", add);
}
