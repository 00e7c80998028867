/* SPDX-License-Identifier: MIT */
/* What is well-formed of a Secure state, and none that an SMMU could have come to.  docs/save.md */
#include "change.h"
#include "run.h"
#include "secure.h"
#include "secure_stalls.h"

#include <check.h>
#include <string.h>

/* A Secure stall 0 and a Non-secure stall 1, both recorded, and a record of each; nothing due. */
static struct machine *two_states(struct blob *blob)
{
	struct machine *m = secure_machine();

	m->config.idr[5] = (m->config.idr[5] & 0xffff) | 4u << 16;
	m->config.s_idr[1] = 1u << 31 | 8;
	make_stream(m, 1, S1_ONLY);
	start_secure_machine(m);
	set_secure(m, IRQ_CTRL, EVENTQ_IRQEN);
	(void)secure_stall(m, 1, 20);
	(void)stall(m, 1, 10);
	*blob = saved(m);
	renew(m);
	return m;
}

/* Of STAL: the first stall's state and Security state, and its StreamID; the second's. */
enum { STATE_0 = 4, SEC_0 = 5, SID_0 = 6, SEC_1 = 2 + 16 + 3 };
/* Of PCIE and SPCI: the last tag, and how many page requests wait. */
enum { TAG = 0, ANSWER = 10, PAGES = 12 };

/* SEC-018, CR-018, STALL-12: each in turn, of what is good */
START_TEST(what_is_said_of_a_secure_state_can_be)
{
	static const char range[] = "a number of SWRK is out of range";
	static const char command[] = "the command under way is none";
	static const char interrupt[] = "an interrupt is due that is disabled";
	static const char table[] = "STAL is no table";
	static const struct change changes[] = {
		{ "SWRK", COMMAND, 8, 0x30, command },
		{ "SWRK", UNDER_WAY, 1, 3, command },
		{ "SWRK", UNDER_WAY, 1, 5, range },
		{ "SWRK", PULSES, 1, 2, interrupt },    /* PRI: there is no Secure one */
		{ "SWRK", MESSAGES, 1, 8, interrupt },  /* GERROR, disabled */
		{ "SWRK", PULSES, 1, 0x10, interrupt }, /* of performance monitors */
		{ "SWRK", PULSES, 1, 0x20, interrupt }, /* S_EVENTQ, by the host's name */
		{ "SWRK", DISABLING, 1, 1, "stalls are being ended" },
		{ "SWRK", TERMINATE_AT, 2, 1, range },
		{ "SWRK", AHEAD, 2, 1, range },
		{ "SPCI", PAGES, 1, 1, "a number of SPCI" },
		{ "SPCI", ANSWER, 1, 2, "" },
		{ "STAL", STATE_0, 1, 1, "stalls that are to be recorded and records" },
		{ "STAL", SEC_0, 1, 3, table },
		{ "STAL", SEC_0, 1, 2, "" }, /* Realm */
		{ "STAL", SID_0, 4, 1 << 8, "no StreamID of this SMMU" },
		{ "TURN", 0, 1, 2, "no queue whose turn it is" },
	};
	struct blob good;
	struct machine *m = two_states(&good);

	for (int i = 0; i < COUNT(changes); i++) {
		struct blob blob = good;

		change(&blob, &changes[i]);
		expect_refused(m, &blob, SMMU3_E_FORMAT, changes[i].why);
	}
	load(m, &good);
	close_machine(m);
}
END_TEST

/* SEC-018: a stall may be of either state, as long as its record has not to be written */
START_TEST(a_stall_is_of_the_state_that_is_said)
{
	const struct change changes[] = { { "STAL", SEC_0, 1, SMMU3_PAS_NS, "" },
					  { "STAL", SEC_1, 1, SMMU3_PAS_SECURE, "" } };
	struct blob blob;
	struct machine *m = two_states(&blob);

	change(&blob, &changes[0]);
	change(&blob, &changes[1]);
	load(m, &blob);
	set_secure(m, CR0, 0);
	ck_assert_uint_eq(count(m, ENDED), 1);
	ck_assert_uint_eq(end_of(m, 0)->cookie, 10);
	close_machine(m);
}
END_TEST

/* REG-019: an SMMU without a Secure state has no Secure stalls and no Secure registers */
START_TEST(an_smmu_without_a_secure_state_has_nothing_secure)
{
	static const struct change changes[] = {
		{ "STAL", SEC_0, 1, SMMU3_PAS_SECURE, "stalled" },
		{ "REGS", 16 * 8, 4, 1, "Secure register at" },
	};

	expect_changes_refused(changes, COUNT(changes));
}
END_TEST

/* CMD-RESUME: of one transaction at a time the host is to be told that it is resumed */
START_TEST(two_resumes_are_not_under_way_at_once)
{
	struct blob blob;
	struct machine *m = two_states(&blob);
	const uint64_t words[2] = { 0x44 | RETRY | UINT64_C(1) << 32, 2 };

	for (unsigned i = 0; i < 2; i++) {
		const char *const name = i ? "SWRK" : "WORK";

		put_at(section(&blob, name) + COMMAND, words[0], 8);
		put_at(section(&blob, name) + COMMAND + 8, words[1], 8);
		put_at(section(&blob, name) + UNDER_WAY, 3, 1);
		seal(&blob);
		if (i)
			expect_refused(m, &blob, SMMU3_E_FORMAT, "a number of SWRK");
		else
			load(m, &blob);
		m->quiet = true;
		smmu3_reset(m->smmu);
		m->quiet = false;
	}
	close_machine(m);
}
END_TEST

/* SEC-018: a record of a stall of the other state is none of this queue's */
START_TEST(a_record_waits_for_the_queue_of_its_state)
{
	struct blob blob;
	struct machine *m = two_states(&blob);
	uint8_t record[32] = { 0x10, 0, 0, 0, 1 };

	record[11] = 0x80; /* Stall, STAG 0: the Secure one, about to be recorded */
	section(&blob, "STAL")[STATE_0] = 1;
	struct blob wrong = blob;

	put_at(section(&blob, "SWRK") + RECORDS, 1, 2);
	insert(&blob, "SWRK", RECORDS + 2, record, sizeof(record));
	seal(&blob);
	load(m, &blob);
	m->quiet = true;
	smmu3_reset(m->smmu);
	m->quiet = false;
	put_at(section(&wrong, "WORK") + RECORDS, 1, 2);
	insert(&wrong, "WORK", RECORDS + 2, record, sizeof(record));
	seal(&wrong);
	expect_refused(m, &wrong, SMMU3_E_FORMAT, "stalls that are to be recorded and records");
	close_machine(m);
}
END_TEST

/* Sections of a Secure state are there with it, and not without. */
START_TEST(secure_sections_are_of_smmus_with_a_secure_state)
{
	static const char *const names[] = { "SWRK", "SPCI", "TURN" };
	struct blob good;
	struct machine *m = two_states(&good);

	for (int i = 0; i < COUNT(names); i++) {
		struct blob without = good;
		uint8_t *const head = section(&without, names[i]) - 12;
		const size_t bytes = 12 + section_bytes(&without, names[i]);

		memmove(head, head + bytes, (size_t)(without.at + without.size - head) - bytes);
		without.size -= bytes;
		seal(&without);
		ck_assert_int_lt(smmu3_load(m->smmu, without.at, without.size, NULL), 0);
	}
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_is_said_of_a_secure_state_can_be);
	tcase_add_test(tests, a_stall_is_of_the_state_that_is_said);
	tcase_add_test(tests, an_smmu_without_a_secure_state_has_nothing_secure);
	tcase_add_test(tests, two_resumes_are_not_under_way_at_once);
	tcase_add_test(tests, a_record_waits_for_the_queue_of_its_state);
	tcase_add_test(tests, secure_sections_are_of_smmus_with_a_secure_state);
}

int main(void)
{
	return run("save-secure-hostile", add);
}
