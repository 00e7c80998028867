/* SPDX-License-Identifier: MIT */
/* Which commands the Non-secure queue takes.  4.1.1 to 4.7.3 */
#include "driver.h"
#include "run.h"
#include "states.h"

#include <check.h>
#include <string.h>

/* Submits one command; the reason why it stopped the queue, which is resumed without it. */
static unsigned error_of(struct machine *m, struct command command)
{
	submit(m, command);
	const unsigned error = reg(m, CMDQ_CONS) >> 24;

	ck_assert_uint_eq((reg(m, GERROR) ^ reg(m, GERRORN)) & CMDQ_ERR, error ? CMDQ_ERR : 0);
	if (error) {
		*ram_at(m, command_at(m, m->prod - 1)) = 0x46;
		set_reg(m, GERRORN, reg(m, GERROR));
	}
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	return error;
}

/* ---- Opcodes ---- */

#define ONE(n) (UINT64_C(1) << ((n) % 64))

/* Opcodes that are legal with every parameter 0; what exceeds 0x7f never is. */
struct opcodes {
	const char *profile;
	bool without_s1;
	uint64_t legal[2]; /* 0x00 to 0x3f, 0x40 to 0x7f */
};

static const struct opcodes opcodes[] = {
	/* both stages; no Hyp, ATS, PRI, MPAM, DPT, stall */
	{ "generic-3.1",
	  false,
	  { ONE(0x01) | ONE(0x02) | ONE(0x03) | ONE(0x04) | ONE(0x05) | ONE(0x06) | ONE(0x10) |
		    ONE(0x11) | ONE(0x12) | ONE(0x13) | ONE(0x28) | ONE(0x2a) | ONE(0x30),
	    ONE(0x46) } },
	/* stage 1 alone */
	{ "minimal-3.0",
	  false,
	  { ONE(0x01) | ONE(0x02) | ONE(0x03) | ONE(0x04) | ONE(0x05) | ONE(0x06) | ONE(0x10) |
		    ONE(0x11) | ONE(0x12) | ONE(0x13) | ONE(0x30),
	    ONE(0x46) } },
	/* stage 2 alone */
	{ "generic-3.1",
	  true,
	  { ONE(0x01) | ONE(0x02) | ONE(0x03) | ONE(0x04) | ONE(0x28) | ONE(0x2a) | ONE(0x30),
	    ONE(0x46) } },
};

static struct machine *machine_with(const struct opcodes *row)
{
	struct machine *m = machine(row->profile);

	if (row->without_s1) {
		m->config.idr[0] &= ~(1u << 1 | 1u << 19); /* S1P, CD2L */
		m->config.idr[1] &= ~(0x1fu << 6);         /* SSIDSIZE */
		m->config.idr[3] &= ~(1u << 2);            /* HAD */
	}
	start_machine(m);
	return m;
}

/* CMD-001, CMDQ-012, CMD-CFGI-CD, CMD-CFGI-CD-ALL, CMD-CFGI-VMS-PIDM, CMD-TLBI-NH-ALL,
 * CMD-TLBI-NH-ASID, CMD-TLBI-NH-VA, CMD-TLBI-NH-VAA, CMD-TLBI-EL3-ALL, CMD-TLBI-EL3-VA,
 * CMD-TLBI-EL2-ALL, CMD-TLBI-EL2-ASID, CMD-TLBI-EL2-VA, CMD-TLBI-EL2-VAA, CMD-TLBI-S12-VMALL,
 * CMD-TLBI-S2-IPA, CMD-TLBI-S-EL2-ALL, CMD-TLBI-S-EL2-ASID, CMD-TLBI-S-EL2-VA, CMD-TLBI-S-EL2-VAA,
 * CMD-TLBI-S-S12-VMALL, CMD-TLBI-S-S2-IPA, CMD-TLBI-SNH-ALL, CMD-ATC-INV-1, CMD-PRI-RESP-1,
 * CMD-DPTI-1, CMD-RESUME-1, CMD-STALL-TERM, IDR-012, TLB-22: what is reserved, another queue's, or
 * needs what is not implemented is CERROR_ILL */
START_TEST(a_command_needs_what_it_is_about)
{
	const struct opcodes *row = &opcodes[_i];
	struct machine *m = machine_with(row);

	for (unsigned opcode = 0; opcode <= 0xff; opcode++) {
		const bool legal = opcode < 0x80 && row->legal[opcode / 64] & ONE(opcode);

		ck_assert_msg(error_of(m, (struct command){ { opcode, 0 } }) ==
				      (legal ? 0 : CERROR_ILL),
			      "opcode 0x%02x", opcode);
	}
	close_machine(m);
}
END_TEST

/* CMD-TLBI-EL2-ALL, CMD-TLBI-EL2-ASID, CMD-TLBI-EL2-VA, CMD-TLBI-EL2-VAA: with Hyp */
START_TEST(commands_of_el2_need_hyp)
{
	for (unsigned opcode = 0x20; opcode <= 0x23; opcode++) {
		const struct cmd cmd = { { opcode, 0 } };
		struct features features = { .s1p = true, .s2p = true, .hyp = true };
		const struct command_rules rules = non_secure_commands(&features);

		ck_assert_int_eq(command_effect(&rules, &cmd), EFFECT_INVALIDATE);
		features.hyp = false;
		ck_assert_int_eq(command_effect(&rules, &cmd), EFFECT_ILLEGAL);
	}
}
END_TEST

/* ---- Parameters ---- */

/* CMDQ-016, CMDQ-013: SSec = 1 is another queue's, also of a command that would be ignored */
START_TEST(a_command_of_the_non_secure_queue_has_no_secure_stream)
{
	struct machine *m = machine("generic-3.1");

	open_machine(m);
	set_reg(m, CR0, CMDQEN); /* SMMUEN is 0: prefetches are ignored */
	for (unsigned opcode = 1; opcode <= 7; opcode++)
		ck_assert_uint_eq(error_of(m, (struct command){ { opcode | 1 << 10, 0 } }),
				  CERROR_ILL);
	ck_assert_uint_eq(error_of(m, (struct command){ { 0x04 | 1 << 10, 31 } }), CERROR_ILL);
	ck_assert_uint_eq(count(m, INVALIDATES), 0);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-1 */
START_TEST(a_sync_has_three_signals)
{
	struct machine *m = started("linux-session");

	for (unsigned cs = 0; cs <= 3; cs++)
		ck_assert_uint_eq(error_of(m, (struct command){ { 0x46 | cs << 12, 0 } }),
				  cs == 3 ? CERROR_ILL : 0);
	close_machine(m);
}
END_TEST

/* A command by address: TG, NUM, SCALE, TTL */
static struct command by_address(unsigned opcode, unsigned tg, unsigned num, unsigned scale,
				 unsigned ttl)
{
	return (struct command){ { opcode | num << 12 | scale << 20,
				   (uint64_t)tg << 10 | ttl << 8 } };
}

/* RIL-006, RIL-007, RIL-012, TLB-31: a granule without a range and without a level is reserved;
 * TTL 1 of 16KB is no level without DS; bit 25 is no bit of SCALE then */
static const struct {
	unsigned tg, num, scale, ttl;
	bool legal, with_ds;
} ranges[] = {
	{ 0, 0, 0, 0, true, true },     { 0, 5, 3, 2, true, true },
	{ 1, 0, 0, 0, false, false },   { 2, 0, 0, 0, false, false },
	{ 3, 0, 0, 0, false, false },   { 1, 1, 0, 0, true, true },
	{ 1, 0, 1, 0, true, true },     { 1, 0, 0, 1, true, true },
	{ 1, 0, 0, 2, true, true },     { 1, 0, 0, 3, true, true },
	{ 2, 0, 0, 1, false, true },    { 2, 0, 0, 2, true, true },
	{ 2, 0, 0, 3, true, true },     { 2, 1, 0, 1, true, true },
	{ 2, 0, 1, 1, true, true },     { 3, 0, 0, 1, true, true },
	{ 1, 0, 0x20, 0, false, true }, { 2, 0, 0x20, 1, false, true },
	{ 3, 31, 31, 3, true, true },
};

START_TEST(a_granule_needs_a_range_or_a_level)
{
	static const unsigned commands[] = { 0x12, 0x13, 0x2a };
	struct machine *m = started("generic-3.1");

	for (int i = 0; i < COUNT(ranges); i++)
		for (int j = 0; j < COUNT(commands); j++)
			ck_assert_msg(error_of(m,
					       by_address(commands[j], ranges[i].tg, ranges[i].num,
							  ranges[i].scale, ranges[i].ttl)) ==
					      (ranges[i].legal ? 0 : CERROR_ILL),
				      "row %d of 0x%02x", i, commands[j]);
	close_machine(m);
}
END_TEST

/* RIL-002, RIL-007: with DS, which makes SCALE six bits wide */
START_TEST(with_ds_a_level_1_of_16kb_is_a_level)
{
	const struct features features = { .s1p = true, .ril = true, .ds = true };
	const struct command_rules rules = non_secure_commands(&features);

	for (int i = 0; i < COUNT(ranges); i++) {
		const struct command command = by_address(0x12, ranges[i].tg, ranges[i].num,
							  ranges[i].scale, ranges[i].ttl);
		const struct cmd cmd = { { command.word[0], command.word[1] } };

		ck_assert_msg((command_effect(&rules, &cmd) == EFFECT_INVALIDATE) ==
				      ranges[i].with_ds,
			      "row %d", i);
	}
}
END_TEST

/* RIL-001: without RIL none of these fields is one */
START_TEST(without_ril_every_range_is_one_address)
{
	struct machine *m = started("minimal-3.0");

	for (int i = 0; i < COUNT(ranges); i++)
		ck_assert_uint_eq(error_of(m, by_address(0x12, ranges[i].tg, ranges[i].num,
							 ranges[i].scale, ranges[i].ttl)),
				  0);
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == INVALIDATES)
			ck_assert_uint_eq(m->seen[i].scope.bytes, 0x1000);
	ck_assert_uint_eq(count(m, INVALIDATES), COUNT(ranges));
	close_machine(m);
}
END_TEST

/* CMDQ-012, CMD-PREFETCH-3, RIL-012: bits that a command does not define are not looked at.  4.1.5
 */
START_TEST(reserved_bits_of_a_command_are_ignored)
{
	static const struct command commands[] = {
		{ { 0x01 | 0x300, ~UINT64_C(0) } },
		{ { 0x02 | 0x300, 0x00000c00 } }, /* Size, Stride, NS */
		{ { 0x03 | 0xfffffb00, ~UINT64_C(1) } },
		{ { 0x04 | 0xfffffb00, ~UINT64_C(0x1f) } },
		{ { 0x05 | 0xb00, ~UINT64_C(1) } },
		{ { 0x06 | 0xfffffb00, ~UINT64_C(0) } },
		{ { 0x10 | UINT64_C(0xffff0000ffffff00), ~UINT64_C(0) } },
		{ { 0x11 | UINT64_C(0x00000000ffffff00), ~UINT64_C(0) } },
		{ { 0x12 | 0xfc0e0f00, 0xfe } }, /* TG is 0: no TTL, no TTL128 either */
		{ { 0x28 | UINT64_C(0xffff0000ffffff00), ~UINT64_C(0) } },
		{ { 0x2a | UINT64_C(0xffff0000fc0e0f00), UINT64_C(0xff000000000000fe) } },
		{ { 0x30 | ~UINT64_C(0xff), ~UINT64_C(0) } },
		{ { 0x46 | 0xf03fcf00, UINT64_C(0xff00000000000003) } },
	};
	struct machine *m = started("generic-3.1");

	for (int i = 0; i < COUNT(commands); i++)
		ck_assert_msg(error_of(m, commands[i]) == 0, "row %d", i);
	close_machine(m);
}
END_TEST

/* CMDQ-014, CMD-009, CMD-CFGI-CD-2, CMD-PREFETCH-1, CMD-PREFETCH-2: beyond 64 streams, without
 * substreams, beyond 40 bits, with 8 bits of ASID and VMID */
START_TEST(a_parameter_out_of_range_is_no_error)
{
	static const struct command commands[] = {
		{ { 0x01 | UINT64_C(0xffffffff) << 32, 0 } },
		{ { 0x01 | 1 << 11 | 0xfffff000, 0 } },
		{ { 0x02 | UINT64_C(5) << 32, ~UINT64_C(0xfff) } },
		{ { 0x03 | UINT64_C(0xffffffff) << 32, 0 } },
		{ { 0x05 | UINT64_C(0xffffffff) << 32, 0 } },
		{ { 0x05 | 0xfffff000, 0 } },
		{ { 0x06 | UINT64_C(64) << 32, 0 } },
		{ { 0x11 | UINT64_C(0xffffffff) << 32, 0 } },
		{ { 0x12, UINT64_C(0x0123456789abc000) } },
	};
	struct machine *m = started("minimal-3.0");

	for (int i = 0; i < COUNT(commands); i++)
		ck_assert_msg(error_of(m, commands[i]) == 0, "row %d", i);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* CMD-PREFETCH-CONFIG, CMD-PREFETCH-ADDR, CMD-PREFETCH-1, EVTQ-011, ORD-16: prefetches read nothing
 * and record nothing, though stream 1 has no legal STE and stream 99 none at all */
START_TEST(a_prefetch_is_silent)
{
	struct machine *m = started("generic-3.1");

	submit(m, (struct command){ { 0x01 | UINT64_C(1) << 32, 0 } });
	submit(m, (struct command){ { 0x02 | UINT64_C(1) << 32, 0x1000 | 0x1f } });
	submit(m, (struct command){ { 0x01 | UINT64_C(99) << 32 | 1 << 11, 0 } });
	ck_assert_uint_eq(m->seen_count, 3); /* the commands */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_command_needs_what_it_is_about, 0, COUNT(opcodes));
	tcase_add_test(tests, commands_of_el2_need_hyp);
	tcase_add_test(tests, a_command_of_the_non_secure_queue_has_no_secure_stream);
	tcase_add_test(tests, a_sync_has_three_signals);
	tcase_add_test(tests, a_granule_needs_a_range_or_a_level);
	tcase_add_test(tests, with_ds_a_level_1_of_16kb_is_a_level);
	tcase_add_test(tests, without_ril_every_range_is_one_address);
	tcase_add_test(tests, reserved_bits_of_a_command_are_ignored);
	tcase_add_test(tests, a_parameter_out_of_range_is_no_error);
	tcase_add_test(tests, a_prefetch_is_silent);
}

int main(void)
{
	return run("commands", add);
}
