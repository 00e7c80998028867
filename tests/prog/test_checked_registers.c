/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h: what is out of date because a register is another, with nothing in
 * memory that has changed: which, whose, what it was, and what it wants.  6.3 */
#include "keeping.h"
#include "permitted.h"
#include "realm.h"
#include "rooted.h"
#include "run.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct space ONE = { 1, STAGE_1, 3, 5 };
static const struct space HOST = { 2, STAGE_1, 3, 4 };

#define OTHER_STREAMS (RAM_AT + 0x600000)
#define HYP (1u << 9) /* IDR0 */
#define E2H 1u        /* CR2 */
#define GARBAGE UINT64_C(0x1234567812345670)

enum { ON = CMDQEN | EVENTQEN | SMMUEN, RECINVSID = 2 };

static struct machine *checked(void)
{
	struct machine *m = keeping(0);

	m->config.check = SMMU3_CHECK_ON;
	m->config.idr[0] |= HYP;
	start_machine(m);
	put_space(m, &ONE);
	put_s1(m, &ONE, 1, s1_page(HERE));
	return m;
}

/* Registers that are read-only while there are translations are written; nothing is invalidated. */
static void move_streams(struct machine *m, uint64_t to)
{
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg64(m, STRTAB_BASE, to);
	set_reg(m, CR0, ON);
}

static void set_e2h(struct machine *m, uint32_t e2h)
{
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg(m, CR2, RECINVSID | e2h);
	set_reg(m, CR0, ON);
}

/* The n-th finding is that, and nothing in memory is to blame. */
static void names_register(const struct machine *m, unsigned n, uint32_t offset, uint64_t was,
			   uint64_t now)
{
	ck_assert_uint_gt(m->found_count, n);
	const struct smmu3_changed_register *reg = &m->found[n].changed_register;

	ck_assert_uint_eq(m->found[n].changed.words, 0);
	ck_assert_uint_eq(reg->offset, offset);
	ck_assert_uint_eq(reg->was, was);
	ck_assert_uint_eq(reg->now, now);
}

static void names(const struct machine *m, unsigned n, struct command command, unsigned queue)
{
	ck_assert_uint_eq(m->found[n].commands, 1);
	ck_assert_uint_eq(m->found[n].command[0].word[0], command.word[0]);
	ck_assert_uint_eq(m->found[n].command[0].word[1], command.word[1]);
	ck_assert_uint_eq(m->found[n].command[0].queue, queue);
}

/* STR-001, CMD-CFGI-ALL, 6.3.24: the Stream table is another, whose STEs have V = 0, and what was
 * read of the one before is kept: all of it must go.  One register is one cause. */
START_TEST(another_stream_table)
{
	struct machine *m = checked();

	put_s1(m, &ONE, 2, s1_page(THERE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	move_streams(m, OTHER_STREAMS);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	ck_assert_uint_eq(m->found_count, 2);
	names_register(m, 0, STRTAB_BASE, STREAMS_AT, OTHER_STREAMS);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_STALE);
	ck_assert_uint_eq(m->found[0].changed_register.bytes, 8);
	ck_assert_uint_eq(m->found[0].changed_register.sec_sid, SMMU3_PAS_NS);
	ck_assert_uint_eq(m->found[0].changed_register.access, 2);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_STE);
	ck_assert_uint_eq(m->found[0].cause, 1);
	ck_assert_uint_eq(m->found[1].cause, 1);
	names(m, 0, CFGI_ALL, SMMU3_PAS_NS);
	ck_assert_str_eq(m->found_text[0],
			 "stale use: access 3, StreamID 0x1, read of 0x1000\n"
			 "  answered: ok, pa 0x10000000 in ns space\n"
			 "  in memory: C_BAD_STE\n"
			 "  used: the STE of StreamID 0x1, kept since access 1\n"
			 "  changed: SMMU_STRTAB_BASE (ADDR) was 0x80000000, is 0x80600000, after "
			 "access 2\n"
			 "  needed: CMD_CFGI_ALL, then CMD_SYNC\n");
	finish(m, CFGI_ALL);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 2);
	close_machine(m);
}
END_TEST

/* STR-001, 6.3.24, check.h: the old one is somebody else's memory by now: a use after free, of an
 * STE whose words are each told of. */
START_TEST(an_ste_of_a_stream_table_that_was_left)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	move_streams(m, OTHER_STREAMS);
	uint64_t *ste = ram_at(m, STREAMS_AT + 64);
	const uint64_t was = ste[2];
	char freed[256];

	ste[2] = ste[3] = GARBAGE;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_FREED);
	ck_assert_uint_eq(m->found[0].freed.reason, SMMU3_REASON_STE);
	(void)snprintf(
		freed, sizeof(freed),
		"  freed: the table with the STE at 0x80000040 in ns space is no longer part "
		"of the walk, and was used for something else while it was kept, word 2 was "
		"0x%" PRIx64 ", is 0x1234567812345670, word 3 was 0x0, is "
		"0x1234567812345670\n",
		was);
	ck_assert_ptr_nonnull(strstr(m->found_text[0], freed));
	close_machine(m);
}
END_TEST

/* STR-003, 6.3.25: it has two levels now, and its first descriptor, which was an STE of zeros,
 * leads nowhere: C_BAD_STREAMID. */
START_TEST(a_stream_table_of_another_form)
{
	enum { LINEAR = 3, TWO_LEVELS = 1 << 16 | 6 << 6 | 3 };
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg(m, STRTAB_BASE_CFG, TWO_LEVELS);
	set_reg(m, CR0, ON);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	names_register(m, 0, STRTAB_BASE_CFG, LINEAR, TWO_LEVELS);
	names(m, 0, CFGI_ALL, SMMU3_PAS_NS);
	close_machine(m);
}
END_TEST

/* STR-001, CMD-TLBI-NH-ALL, 6.3.24: the other Stream table gives the stream another CD with the
 * same VMID: the translations that the CD before has made are left, where structures alone are
 * invalidated. */
START_TEST(translations_of_another_stream_table)
{
	struct machine *m = checked();
	struct space other = ONE;
	struct ste ste = ste_of(STAGE_1, cd_at(&HOST, 0));

	other.asid = 7;
	put_space(m, &other);
	put_s1(m, &other, 1, s1_page(THERE));
	put_space(m, &ONE);
	struct cd cd = cd_of(table1(&other, 1));

	cd.word[0] = (cd.word[0] & ~CD0_ASID(0xffff)) | CD0_ASID(5);
	put_cd(m, cd_at(&HOST, 0), cd);
	ste.word[2] = (ste.word[2] & ~UINT64_C(0xffff)) | 3;
	memcpy(ram_at(m, OTHER_STREAMS + 64), ste.word, sizeof(ste.word));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	move_streams(m, OTHER_STREAMS);
	finish(m, CFGI_ALL);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	names_register(m, 0, STRTAB_BASE, STREAMS_AT, OTHER_STREAMS);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_TRANSLATION);
	names(m, 0, nh_all(3), SMMU3_PAS_NS);
	finish(m, nh_all(3));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), THERE);
	close_machine(m);
}
END_TEST

/* check.h: the memory of the table that was left has another owner by now: it is used after it was
 * freed, because of the register, not because of what is written there. */
START_TEST(what_was_left_is_used_for_something_else)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	move_streams(m, OTHER_STREAMS);
	*ram_at(m, STREAMS_AT + 64) = GARBAGE;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	names_register(m, 0, STRTAB_BASE, STREAMS_AT, OTHER_STREAMS);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_FREED);
	ck_assert_uint_eq(m->found[0].freed_is, SMMU3_FREED_CHANGED);
	ck_assert_uint_eq(m->found[0].freed.pa, STREAMS_AT + 64);
	close_machine(m);
}
END_TEST

/* check.h: the Stream table moved, with the same STE in it, and is invalidated; then a page is
 * unmapped: that is what its translation is out of date by, whoever has the old table by now. */
START_TEST(memory_that_is_led_to_counts_more)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	memcpy(ram_at(m, OTHER_STREAMS + 64), ram_at(m, STREAMS_AT + 64), 64);
	move_streams(m, OTHER_STREAMS);
	finish(m, CFGI_ALL);
	if (_i)
		*ram_at(m, STREAMS_AT + 64) = GARBAGE;
	put_s1(m, &ONE, 1, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_int_eq(m->found[0].kind, SMMU3_FINDING_STALE);
	ck_assert_uint_eq(m->found[0].changed.pa, table1(&ONE, 3) + 8);
	ck_assert_uint_eq(m->found[0].changed_register.bytes, 0);
	names(m, 0, nh_va(3, 5, PAGE(1), 1), SMMU3_PAS_NS);
	close_machine(m);
}
END_TEST

/* check.h: likewise where the CD moved, the STE was invalidated, and the memory of the old CD has
 * another owner: neither is why the page's translation is out of date. */
START_TEST(structures_that_were_invalidated_count_less)
{
	const uint64_t other = RAM_AT + 0x610000, pointer = UINT64_C(0xfffffffffffc0);
	struct machine *m = checked();
	uint64_t *const ste = ram_at(m, STREAMS_AT + 64);
	const uint64_t context = *ste & pointer;

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	memcpy(ram_at(m, other), ram_at(m, context), 64);
	*ste = (*ste & ~pointer) | other;
	finish(m, cfgi_ste(1, 1));
	*ram_at(m, context) = GARBAGE;
	put_s1(m, &ONE, 1, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_int_eq(m->found[0].kind, SMMU3_FINDING_STALE);
	ck_assert_uint_eq(m->found[0].changed.pa, table1(&ONE, 3) + 8);
	ck_assert_uint_eq(m->found[0].freed_is, SMMU3_FREED_NONE);
	names(m, 0, nh_va(3, 5, PAGE(1), 1), SMMU3_PAS_NS);
	close_machine(m);
}
END_TEST

/* CR-028, 6.3.12.3: of a hypervisor's stream, whose page is not for unprivileged software.  EL2 has
 * no such thing, EL2-E2H has, and the STE was read for EL2. */
START_TEST(another_regime_of_the_hypervisor)
{
	struct machine *m = checked();

	put_space(m, &HOST);
	*ram_at(m, STREAMS_AT + 64 * 2 + 8) |= STE1_STRW(2);
	put_s1(m, &HOST, 1, s1_page(HERE) & ~TTD_AP(1));
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	set_e2h(m, E2H);
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	names_register(m, 0, CR2, RECINVSID, RECINVSID | E2H);
	ck_assert_uint_eq(m->found[0].changed_register.bytes, 4);
	ck_assert_ptr_nonnull(
		strstr(m->found_text[0],
		       "  changed: SMMU_CR2 (E2H) was 0x2, is 0x3, after access 1\n"));
	names(m, 0, cfgi_ste(2, 1), SMMU3_PAS_NS);
	finish(m, cfgi_ste(2, 1));
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* ---- The Device Permission Table ---- */

static struct machine *dpt_checked(void)
{
	struct machine *m = dpt_machine();

	m->config.check = SMMU3_CHECK_ON;
	start_dpt_machine(m);
	put_level1(m, 0, 3 | GRANT_ANY | GRANT_W | UPPER(GRANT_ANY));
	expect_passes(m, GB1, 0);
	return m;
}

/* It is used all the same, by this register. */
static void finds_dpt(struct machine *m, uint32_t offset, uint64_t was, uint64_t now)
{
	ck_assert_uint_eq(translated(m, GB1, 0).verdict, SMMU3_OK);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_DPT);
	names_register(m, 0, offset, was, now);
	names(m, 0, dpti_all(), SMMU3_PAS_NS);
	finish(m, dpti_all());
	ck_assert_uint_eq(translated(m, GB1, 0).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}

/* CR-021, DPT-09: the table is not to be walked any more, and what is kept of it answers. */
START_TEST(a_permission_table_that_is_switched_off)
{
	struct machine *m = dpt_checked();

	update(m, CR0, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	finds_dpt(m, CR0, ALL_CHECKED, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
}
END_TEST

/* DPT-09, CMD-DPTI-ALL, 6.3.46: another table, with nothing but No Access */
START_TEST(another_permission_table)
{
	struct machine *m = dpt_checked();
	const uint64_t other = RAM_AT + 0x700000;

	update(m, CR0, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	set_reg64(m, DPT_BASE, other);
	update(m, CR0, ALL_CHECKED);
	finds_dpt(m, DPT_BASE, LEVEL0_AT, other);
}
END_TEST

/* DPT-09, 6.3.47: DPTGS = 0b11 is reserved */
START_TEST(a_permission_table_of_another_granule)
{
	struct machine *m = dpt_checked();

	update(m, CR0, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	set_reg(m, DPT_BASE_CFG, CFG_OF(1, 3, 0));
	update(m, CR0, ALL_CHECKED);
	finds_dpt(m, DPT_BASE_CFG, CFG_OF(1, 0, 0), CFG_OF(1, 3, 0));
}
END_TEST

/* ---- The granule protection table ---- */

#define OTHER_GPT (GPT_AT + 0x80000)
#define OTHER_GRANULES (GRANULES_AT + 0x80000)
#define GRANULE (RAM_AT + 0x700000)

/* RME-008, 6.3.121: another table is taken at once, by which nobody may access a granule; and no
 * command can remove what is kept of the one before. */
START_TEST(another_granule_protection_table)
{
	struct machine *m = rooted_machine();

	m->config.check = SMMU3_CHECK_ON;
	start_rooted_machine(m);
	make_streams(m);
	put_gpi(m, GRANULE, GPI_NONE);
	memcpy(root_ram_at(m, OTHER_GPT), root_ram_at(m, GPT_AT), 0x1000);
	memcpy(root_ram_at(m, OTHER_GRANULES), root_ram_at(m, GRANULES_AT), 0x20000);
	*root_ram_at(m, OTHER_GPT + 2 * 8) = OTHER_GRANULES | 3;
	put_gpi(m, GRANULE, GPI_ANY);
	ck_assert_uint_eq(reached(m, 4, GRANULE), GRANULE);
	set_root64(m, GPT_BASE2, OTHER_GPT);
	set_root(m, GPT_BASE_UPDATE, 1);
	ck_assert_uint_eq(reached(m, 4, GRANULE), GRANULE);
	ck_assert_uint_eq(m->found_count, 1);
	names_register(m, 0, 0xa0000 + GPT_BASE, GPT_AT, OTHER_GPT);
	ck_assert_uint_eq(m->found[0].changed_register.sec_sid, SMMU3_PAS_ROOT);
	ck_assert_uint_eq(m->found[0].commands, 0);
	ck_assert_ptr_nonnull(
		strstr(m->found_text[0],
		       "  needed: an invalidation of all PAs, of Root registers or of "
		       "CPUs\n"));
	tlbi_by_pa(m, TLBI_ALL);
	ck_assert_uint_eq(reached(m, 4, GRANULE), NOWHERE);
	close_machine(m);
}
END_TEST

/* RME-006, RME-007: by granules of 64KB it is the entry of what is the 112th granule of 4KB that
 * says who may access the 1792nd. */
START_TEST(a_granule_protection_table_of_another_granule)
{
	const uint64_t larger = GPT_CFG_OF_TESTS | UINT64_C(1) << 14; /* PGS */
	struct machine *m = rooted_machine();

	m->config.check = SMMU3_CHECK_ON;
	start_rooted_machine(m);
	make_streams(m);
	put_gpi(m, RAM_AT + PAGE(112), GPI_NONE);
	ck_assert_uint_eq(reached(m, 4, RAM_AT + PAGE(1792)), GRANULE);
	update_root(m, ACCESSEN);
	set_root64(m, GPT_BASE_CFG, larger);
	update_root(m, ACCESSEN | GPCEN);
	ck_assert_uint_eq(reached(m, 4, GRANULE), GRANULE);
	ck_assert_uint_eq(m->found_count, 1);
	names_register(m, 0, 0xa0000 + GPT_BASE_CFG, GPT_CFG_OF_TESTS, larger);
	close_machine(m);
}
END_TEST

/* ---- Other Security states ---- */

/* What bypasses by its STE, in the state's own memory, is read of the table before. */
static void finds_of_state(struct machine *m, unsigned sec_sid, uint32_t offset, uint64_t ssec)
{
	const struct smmu3_txn txn = {
		.addr = GRANULE, .bytes = 4, .sid = 1, .sec_sid = (uint8_t)sec_sid
	};
	struct smmu3_outcome outcome;

	(void)smmu3_translate(m->smmu, &txn, &outcome);
	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	ck_assert_uint_eq(m->found_count, 1);
	names_register(m, 0, offset, STREAMS_AT, OTHER_STREAMS);
	ck_assert_uint_eq(m->found[0].changed_register.sec_sid, sec_sid);
	names(m, 0, (struct command){ { 0x04 | ssec, 31 } }, sec_sid);
	close_machine(m);
}

static void bypass_once(struct machine *m, unsigned sec_sid, uint64_t *ste)
{
	const struct smmu3_txn txn = {
		.addr = GRANULE, .bytes = 4, .sid = 1, .sec_sid = (uint8_t)sec_sid
	};
	struct smmu3_outcome outcome;

	ste[0] = 1 | STE0_CONFIG(BYPASSES);
	ste[1] = STE1_SHCFG_INCOMING;
	ck_assert_uint_eq(smmu3_translate(m->smmu, &txn, &outcome), SMMU3_OK);
}

/* STR-001, SEC-002, CMD-CFGI-SEC: S_STRTAB_BASE is of Secure streams, and the command is for the
 * Secure queue. */
START_TEST(another_stream_table_of_secure_streams)
{
	struct machine *m = secure_machine();

	m->config.check = SMMU3_CHECK_ON;
	start_secure_machine(m);
	bypass_once(m, SMMU3_PAS_SECURE, secure_at(m, STREAMS_AT + 64));
	update_secure(m, CR0, CMDQEN | EVENTQEN);
	set_secure64(m, STRTAB_BASE, OTHER_STREAMS);
	update_secure(m, CR0, ON);
	finds_of_state(m, SMMU3_PAS_SECURE, 0x8080, SSEC);
}
END_TEST

/* STR-001: and R_STRTAB_BASE of Realm streams */
START_TEST(another_stream_table_of_realm_streams)
{
	struct machine *m = realm_machine();

	m->config.check = SMMU3_CHECK_ON;
	start_realm_machine(m);
	bypass_once(m, SMMU3_PAS_REALM, realm_at(m, STREAMS_AT + 64));
	set_realm(m, CR0, CMDQEN | EVENTQEN);
	set_realm64(m, STRTAB_BASE, OTHER_STREAMS);
	set_realm(m, CR0, ON);
	finds_of_state(m, SMMU3_PAS_REALM, 0x40080, 0);
}
END_TEST

/* SEC-006, CR-028: Secure software forbids Non-secure streams to stall, by which an STE that is
 * kept has become ILLEGAL; CR2.E2H, which has changed too, means nothing to it. */
START_TEST(stalls_that_are_forbidden)
{
	static const struct space stalls = { 2, STAGE_2, 4, 0 };
	struct machine *m = secure_machine();

	m->config.check = SMMU3_CHECK_ON;
	start_secure_machine(m);
	put_space(m, &stalls);
	*ram_at(m, STREAMS_AT + 64 * 2 + 16) |= STE2_S2S;
	put_s2(m, &stalls, 1, s2_page(HERE));
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	set_e2h(m, E2H);
	update_secure(m, CR0, ON | NSSTALLD);
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	names_register(m, 0, 0x8020, ON, ON | NSSTALLD);
	ck_assert_uint_eq(m->found[0].changed_register.sec_sid, SMMU3_PAS_SECURE);
	names(m, 0, cfgi_ste(2, 1), SMMU3_PAS_NS);
	close_machine(m);
}
END_TEST

/* check.h: a register that was another meanwhile, and is what it was, explains nothing; what was
 * kept after a change is not out of date by it. */
START_TEST(a_register_that_is_what_it_was)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	move_streams(m, OTHER_STREAMS);
	move_streams(m, STREAMS_AT);
	put_s1(m, &ONE, 1, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].changed_register.bytes, 0);
	ck_assert_uint_eq(m->found[0].changed.words, 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, another_stream_table);
	tcase_add_test(tests, an_ste_of_a_stream_table_that_was_left);
	tcase_add_test(tests, a_stream_table_of_another_form);
	tcase_add_test(tests, translations_of_another_stream_table);
	tcase_add_test(tests, what_was_left_is_used_for_something_else);
	tcase_add_loop_test(tests, memory_that_is_led_to_counts_more, 0, 2);
	tcase_add_test(tests, structures_that_were_invalidated_count_less);
	tcase_add_test(tests, another_regime_of_the_hypervisor);
	tcase_add_test(tests, a_permission_table_that_is_switched_off);
	tcase_add_test(tests, another_permission_table);
	tcase_add_test(tests, a_permission_table_of_another_granule);
	tcase_add_test(tests, another_granule_protection_table);
	tcase_add_test(tests, a_granule_protection_table_of_another_granule);
	tcase_add_test(tests, another_stream_table_of_secure_streams);
	tcase_add_test(tests, another_stream_table_of_realm_streams);
	tcase_add_test(tests, stalls_that_are_forbidden);
	tcase_add_test(tests, a_register_that_is_what_it_was);
}

int main(void)
{
	return run("checked_registers", add);
}
