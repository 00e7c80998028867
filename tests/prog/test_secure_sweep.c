/* SPDX-License-Identifier: MIT */
/* Whatever Non-secure software writes wherever, nothing Secure is read or changed.  3.10.2.1, 6.2
 */
#include "blob.h"
#include "run.h"
#include "secure.h"

#include <check.h>
#include <string.h>

/* The pages of the SMMU, and those of performance monitors. */
static const struct {
	uint64_t from, to;
} pages[] = { { 0, 0x40000 }, { 0xb0000, 0xd0000 } };

enum { PAGE_S = 0x8000, PAGE_S_END = 0x10000, PATTERNS = 4 };

struct sweep {
	struct machine *m;
	enum smmu3_pas from;
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
		ck_abort_msg("0x%llx of the Secure page reads 0x%llx", (unsigned long long)offset,
			     (unsigned long long)value);
}

static void visit(struct sweep *sweep, uint64_t offset, unsigned size)
{
	const bool secure = offset >= PAGE_S && offset < PAGE_S_END;

	if (secure)
		expect_zero(sweep, offset, size);
	for (unsigned n = 0; n < PATTERNS; n++)
		if (smmu3_mmio_write(sweep->m->smmu, sweep->from, offset, size, pattern(sweep, n)))
			ck_abort_msg("0x%llx cannot be written", (unsigned long long)offset);
	if (secure)
		expect_zero(sweep, offset, size);
}

static void visit_all(struct sweep *sweep, unsigned size)
{
	for (int i = 0; i < COUNT(pages); i++)
		for (uint64_t offset = pages[i].from; offset < pages[i].to; offset += size)
			visit(sweep, offset, size);
}

/* ---- What is Secure in what is saved ---- */

/* The Secure registers. */
static struct blob secure_rows(struct blob *blob)
{
	const uint8_t *const rows = section(blob, "REGS");
	struct blob secure = { .size = 0 };

	for (size_t at = 0; at < section_bytes(blob, "REGS"); at += 16)
		if (number_at(rows + at, 4) == SMMU3_PAS_SECURE) {
			memcpy(secure.at + secure.size, rows + at, 16);
			secure.size += 16;
		}
	return secure;
}

static bool same_section(struct blob *a, struct blob *b, const char *name)
{
	return section_bytes(a, name) == section_bytes(b, name) &&
	       !memcmp(section(a, name), section(b, name), section_bytes(a, name));
}

static bool same_secure(struct blob *a, struct blob *b)
{
	const struct blob before = secure_rows(a), after = secure_rows(b);

	return before.size > 16 * 8 && same_blob(&before, &after) && same_section(a, b, "SWRK") &&
	       same_section(a, b, "SPCI");
}

/* ---- The sweep ---- */

/* Secure software is at work: a queue in error with a reason, a record, interrupts, NSSTALLD. */
static struct machine *worked(bool enabled)
{
	struct machine *m = secure_machine();

	m->config.idr[0] |= 1u << 15;   /* ATOS */
	m->config.pmcg_cfgr = 0x701f07; /* eight counters of 32 bits, messages */
	m->quiet = true;
	open_secure_machine(m);
	set_secure64(m, GERROR_IRQ_CFG0, DOORBELL);
	set_secure(m, IRQ_CTRL, GERROR_IRQEN);
	set_secure64(m, 0x108, UINT64_C(0x21) << 48 | 1); /* GATOS_SID */
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN | NSSTALLD);
	submit_secure(m, PREFETCH);
	submit_secure(m, ILLEGAL);
	secure_fault(m, 2);
	if (enabled)
		set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	return m;
}

/* REG-018, SEC-010, CR-018, GER-009: every aligned offset, of 4 and 8 bytes, from the Non-secure
 * and the Realm PA space, with the Non-secure queues disabled and enabled */
START_TEST(nothing_secure_is_read_or_changed)
{
	static const enum smmu3_pas froms[] = { SMMU3_PAS_NS, SMMU3_PAS_REALM };
	struct sweep sweep = { worked(_i & 1), froms[_i >> 1 & 1], (uint64_t)_i };
	struct blob before = saved(sweep.m);

	look_away(sweep.m);
	visit_all(&sweep, _i & 4 ? 8 : 4);
	struct blob after = saved(sweep.m);

	ck_assert(same_secure(&before, &after));
	ck_assert(!same_section(&before, &after, "REGS"));
	for (unsigned i = 0; i < sweep.m->seen_count && i < HAPPENINGS; i++) {
		const struct happening *now = &sweep.m->seen[i];

		ck_assert(now->kind > WRITTEN || now->access.pas == SMMU3_PAS_NS);
		ck_assert(now->kind != INTERRUPT || now->about < SMMU3_INTERRUPT_S_EVENTQ);
	}
	close_machine(sweep.m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, nothing_secure_is_read_or_changed, 0, 8);
}

int main(void)
{
	return run("secure-sweep", add);
}
