/* SPDX-License-Identifier: MIT */
#include "change.h"

#include "stalls.h"

struct machine *plain(struct blob *blob)
{
	struct machine *m = stalling(5);

	start_machine(m);
	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	stall(m, 1, 7);
	stall(m, 2, 8);
	*blob = saved(m);
	renew(m);
	return m;
}

void change(struct blob *blob, const struct change *change)
{
	put_at(section(blob, change->section) + change->at, change->value, change->bytes);
	seal(blob);
}

void expect_changes_refused(const struct change *changes, int count)
{
	struct blob good;
	struct machine *m = plain(&good);

	for (int i = 0; i < count; i++) {
		struct blob blob = good;

		change(&blob, &changes[i]);
		expect_refused(m, &blob, SMMU3_E_FORMAT, changes[i].why);
	}
	load(m, &good);
	close_machine(m);
}
