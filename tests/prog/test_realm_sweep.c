/* SPDX-License-Identifier: MIT */
/* Whatever Non-secure and Secure software writes wherever, nothing Realm is read or changed; nor
 * anything Secure by Realm software.  3.10.3, 6.2.7 */
#include "blob.h"
#include "realm.h"
#include "run.h"

#include <check.h>
#include <string.h>

/* The pages of the SMMU, and those of performance monitors. */
static const struct {
	uint64_t from, to;
} pages[] = { { 0, 0x60000 }, { 0xb0000, 0xd0000 } };

enum { PATTERNS = 4 };

/* What is not to be reached. */
struct forbidden {
	uint64_t from, to; /* registers */
	enum smmu3_pas pas;
	const char *work, *endpoints; /* sections of what is saved */
};

static const struct forbidden realm = { 0x40000, 0x60000, SMMU3_PAS_REALM, "RWRK", "RPCI" };
static const struct forbidden secure = { 0x8000, 0x10000, SMMU3_PAS_SECURE, "SWRK", "SPCI" };

struct sweep {
	struct machine *m;
	enum smmu3_pas from;
	const struct forbidden *forbidden;
	uint64_t chance;
};

/* Zero, all ones, and two at random. */
static uint64_t pattern(struct sweep *sweep, unsigned n)
{
	sweep->chance = sweep->chance * UINT64_C(6364136223846793005) + 1;
	return n < 2 ? 0 - (uint64_t)n : sweep->chance ^ sweep->chance >> 29;
}

/* An assertion that holds costs a system call. */
static void expect_zero(struct sweep *sweep, uint64_t offset, unsigned size)
{
	uint64_t value;

	if (smmu3_mmio_read(sweep->m->smmu, sweep->from, offset, size, &value) || value)
		ck_abort_msg("0x%llx reads 0x%llx", (unsigned long long)offset,
			     (unsigned long long)value);
}

static void visit(struct sweep *sweep, uint64_t offset, unsigned size)
{
	const bool is_forbidden = offset >= sweep->forbidden->from && offset < sweep->forbidden->to;

	if (is_forbidden)
		expect_zero(sweep, offset, size);
	for (unsigned n = 0; n < PATTERNS; n++)
		if (smmu3_mmio_write(sweep->m->smmu, sweep->from, offset, size, pattern(sweep, n)))
			ck_abort_msg("0x%llx cannot be written", (unsigned long long)offset);
	if (is_forbidden)
		expect_zero(sweep, offset, size);
}

static void visit_all(struct sweep *sweep, unsigned size)
{
	for (int i = 0; i < COUNT(pages); i++)
		for (uint64_t offset = pages[i].from; offset < pages[i].to; offset += size)
			visit(sweep, offset, size);
}

/* ---- What is saved of it ---- */

static struct blob rows_of(struct blob *blob, enum smmu3_pas pas)
{
	const uint8_t *const rows = section(blob, "REGS");
	struct blob own = { .size = 0 };

	for (size_t at = 0; at < section_bytes(blob, "REGS"); at += 16)
		if (number_at(rows + at, 4) == pas) {
			memcpy(own.at + own.size, rows + at, 16);
			own.size += 16;
		}
	return own;
}

static bool same_section(struct blob *a, struct blob *b, const char *name)
{
	return section_bytes(a, name) == section_bytes(b, name) &&
	       !memcmp(section(a, name), section(b, name), section_bytes(a, name));
}

static bool same_state(struct blob *a, struct blob *b, const struct forbidden *forbidden)
{
	const struct blob before = rows_of(a, forbidden->pas), after = rows_of(b, forbidden->pas);

	return before.size > 16 * 8 && same_blob(&before, &after) &&
	       same_section(a, b, forbidden->work) && same_section(a, b, forbidden->endpoints);
}

/* ---- The sweep ---- */

/* Software of every state is at work: a queue in error with a reason, records, interrupts; Realm
 * page requests, an encryption context, an ATC that is asked. */
static struct machine *worked(bool enabled)
{
	struct machine *m = realm_machine();

	m->config.pmcg_cfgr = 0x701f07; /* eight counters of 32 bits, messages */
	m->quiet = true;
	open_realm_machine(m);
	set_realm64(m, GERROR_IRQ_CFG0, UINT64_C(1) << 63 | DOORBELL);
	set_realm(m, IRQ_CTRL, GERROR_IRQEN);
	set_realm(m, R_GMECID, 0x1234);
	set_realm64(m, R_DPT_BASE, RAM_AT);
	set_realm(m, CR0, REALM_ON);
	submit_realm(m, (struct command){ { 0x40, 52 } }); /* CMD_ATC_INV */
	submit_realm(m, ILLEGAL);
	realm_fault(m, 2);
	set_secure64(m, GERROR_IRQ_CFG0, DOORBELL);
	set_secure(m, IRQ_CTRL, GERROR_IRQEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	submit_secure(m, PREFETCH);
	submit_secure(m, ILLEGAL);
	secure_fault(m, 2);
	if (enabled)
		set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	return m;
}

static void expect_untouched(struct sweep *sweep, unsigned size)
{
	struct blob before = saved(sweep->m);

	look_away(sweep->m);
	visit_all(sweep, size);
	struct blob after = saved(sweep->m);

	ck_assert(same_state(&before, &after, sweep->forbidden));
	ck_assert(!same_section(&before, &after, "REGS"));
	for (unsigned i = 0; i < sweep->m->seen_count && i < HAPPENINGS; i++) {
		const struct happening *now = &sweep->m->seen[i];

		ck_assert(now->kind > WRITTEN || now->access.pas != sweep->forbidden->pas);
		ck_assert(now->kind != INVALIDATES || now->scope.sec_sid != sweep->forbidden->pas);
	}
	close_machine(sweep->m);
}

/* REG-021, RLM-004, CR-018, GER-009: every aligned offset, of 4 and 8 bytes, with the Non-secure
 * queues disabled and enabled */
START_TEST(nothing_realm_is_read_or_changed)
{
	struct sweep sweep = { worked(_i & 1), _i & 2 ? SMMU3_PAS_SECURE : SMMU3_PAS_NS, &realm,
			       (uint64_t)_i };

	expect_untouched(&sweep, _i & 4 ? 8 : 4);
}
END_TEST

/* REG-018, SEC-010: the same of what is Secure, by Realm software, which reaches the Realm pages */
START_TEST(realm_software_reads_and_changes_nothing_secure)
{
	struct sweep sweep = { worked(true), SMMU3_PAS_REALM, &secure, (uint64_t)_i };

	expect_untouched(&sweep, _i & 1 ? 8 : 4);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, nothing_realm_is_read_or_changed, 0, 8);
	tcase_add_loop_test(tests, realm_software_reads_and_changes_nothing_secure, 0, 2);
}

int main(void)
{
	return run("realm-sweep", add);
}
