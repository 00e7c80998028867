/* SPDX-License-Identifier: MIT */
#include "prog/atos.h"

#include "prog/adversity.h"
#include "prog/fields.h"

/* A register group.  Those of the Secure bank are at the same places of it. */
struct group {
	enum prog_register ctrl, sid, addr, par;
	enum prog_register sel; /* its requests are for one VM; 0: for all */
};

static const struct group groups[ATOS_GROUPS] = {
	{ PROG_GATOS_CTRL, PROG_GATOS_SID, PROG_GATOS_ADDR, PROG_GATOS_PAR, 0 },
	{ PROG_VATOS_CTRL, PROG_VATOS_SID, PROG_VATOS_ADDR, PROG_VATOS_PAR, PROG_VATOS_SEL },
};

static bool runs(const struct prog *prog, enum prog_register ctrl)
{
	return prog_get(prog, ctrl, ATOS_CTRL_RUN);
}

static bool enabled(const struct prog *prog)
{
	return prog_get(prog, PROG_CR0, CR0_SMMUEN);
}

/* A Secure group asks of Non-secure streams, too, which the Non-secure SMMUEN enables.  9 */
static bool asks_of_non_secure(const struct prog *prog, const struct group *group)
{
	return prog->bank == BANK_S && !reg_get(prog->value[group->sid], ATOS_SID_SSEC);
}

static bool allowed(const struct prog *prog, const struct work *work, const struct group *group)
{
	return enabled(prog) &&
	       (!asks_of_non_secure(prog, group) || enabled(work->non_secure.prog));
}

/* ---- What may be written now ---- */

static uint64_t locked_if(bool locked)
{
	return locked ? UINT64_MAX : 0;
}

static uint64_t locked(const struct prog *prog, enum prog_register ctrl)
{
	return locked_if(runs(prog, ctrl) && !CHOSEN(prog, ATOS_WRITTEN_WHILE_RUNNING));
}

/* Not after 0 has been written to SMMUEN, be it not in force yet.  6.3.37 */
static bool may_begin(const struct prog *prog)
{
	return unlikely(prog->adversity) ? adverse_enabled(prog) : enabled(prog);
}

static uint64_t run_locked(const struct prog *prog, enum prog_register ctrl)
{
	return locked_if(runs(prog, ctrl) ||
			 (!may_begin(prog) && !CHOSEN(prog, ATOS_RUN_DISABLED)));
}

uint64_t gatos_locked(const struct prog *prog, uint64_t written)
{
	(void)written;
	return locked(prog, PROG_GATOS_CTRL);
}

uint64_t vatos_locked(const struct prog *prog, uint64_t written)
{
	(void)written;
	return locked(prog, PROG_VATOS_CTRL);
}

uint64_t gatos_run_locked(const struct prog *prog, uint64_t written)
{
	(void)written;
	return run_locked(prog, PROG_GATOS_CTRL);
}

uint64_t vatos_run_locked(const struct prog *prog, uint64_t written)
{
	(void)written;
	return run_locked(prog, PROG_VATOS_CTRL);
}

/* ---- A request ---- */

static struct atos_request request_of(const struct prog *prog, const struct group *group)
{
	const uint64_t sid = prog->value[group->sid], addr = prog->value[group->addr];

	return (struct atos_request){
		.secure_group = prog->bank == BANK_S,
		.sec_sid = asks_of_non_secure(prog, group) ? SMMU3_PAS_NS : (uint8_t)prog->bank,
		.sid = (uint32_t)reg_get(sid, ATOS_SID_STREAMID),
		.ssid = (uint32_t)reg_get(sid, ATOS_SID_SUBSTREAMID),
		.ssv = reg_get(sid, ATOS_SID_SSID_VALID),
		.type = (uint8_t)reg_get(addr, ATOS_ADDR_TYPE),
		.write = !reg_get(addr, ATOS_ADDR_RNW),
		.instruction = reg_get(addr, ATOS_ADDR_IND),
		.privileged = reg_get(addr, ATOS_ADDR_PNU),
		.ns = reg_get(addr, ATOS_ADDR_NS),
		.inhibits = reg_get(addr, ATOS_ADDR_HTTUI),
		.one_vm = group->sel,
		.vmid = group->sel ? (uint16_t)prog_get(prog, group->sel, VATOS_SEL_VMID) : 0,
		.addr = reg_address(addr, ATOS_ADDR_ADDR),
	};
}

/* It was set while the SMMU was disabled, and begins nothing. */
static bool is_stored(const struct prog *prog, unsigned group)
{
	return unlikely(prog->adversity) && adverse_run_stored(prog, group);
}

/* Groups take turns. */
bool next_lookup(const struct prog *prog, struct work *work, struct act *act)
{
	for (unsigned i = 0; i < ATOS_GROUPS; i++) {
		const unsigned group = (work->lookup_turn + i) % ATOS_GROUPS;

		if (!runs(prog, groups[group].ctrl) || is_stored(prog, group))
			continue;
		*act = (struct act){ .kind = ACT_LOOK_UP };
		act->lookup.group = group;
		act->lookup.request = request_of(prog, &groups[group]);
		work->looking_up = 1u << group;
		work->lookup_turn = group + 1;
		return true;
	}
	return false;
}

/* PAR first, then RUN: software sees both at once. */
static void answer(struct prog *prog, struct work *work, unsigned group, uint64_t par)
{
	prog->value[groups[group].par] = par;
	prog_put(prog, groups[group].ctrl, ATOS_CTRL_RUN, 0);
	work->lookup_tries[group] = 0;
	if (unlikely(prog->adversity))
		adverse_answered(prog, group);
}

/* One that was under way when SMMUEN was cleared may have been aborted for all that.  6.3.37 */
static bool is_aborted(const struct prog *prog, const struct work *work, const struct group *group)
{
	return CHOSEN(prog, ATOS_DISABLED) && !allowed(prog, work, group);
}

static uint64_t result(const struct prog *prog, const struct act *act, bool ok)
{
	const uint64_t par = ok ? act->lookup.par : atos_ended(&act->lookup.request);

	return unlikely(prog->adversity) ? adverse_par(prog, act->lookup.group, par) : par;
}

void lookup_done(struct prog *prog, struct work *work, const struct act *act, bool ok)
{
	enum { TRIES = 64 };
	const unsigned group = act->lookup.group;
	const bool again = !ok && allowed(prog, work, &groups[group]) &&
			   ++work->lookup_tries[group] < TRIES;

	work->looking_up = 0;
	if (!again)
		answer(prog, work, group,
		       result(prog, act, ok && !is_aborted(prog, work, &groups[group])));
}

/* SMMUEN is 1, and no request comes of what was stored before.  6.3.37 */
static COLD void end_stored(struct prog *prog)
{
	const uint8_t over = adverse_end_stored(prog);

	for (unsigned i = 0; i < ATOS_GROUPS; i++)
		if (over & 1u << i)
			prog_put(prog, groups[i].ctrl, ATOS_CTRL_RUN, 0);
}

void end_lookups_of_disabled(struct prog *prog, struct work *work)
{
	if (unlikely(prog->adversity))
		end_stored(prog);
	for (unsigned i = 0; i < ATOS_GROUPS; i++) {
		const struct atos_request request = request_of(prog, &groups[i]);

		if (runs(prog, groups[i].ctrl) && !is_stored(prog, i) &&
		    !allowed(prog, work, &groups[i]) && !(work->looking_up & 1u << i))
			answer(prog, work, i, atos_ended(&request));
	}
}

/* ---- Can this be? ---- */

bool lookups_fit(const struct prog *prog, const struct work *work, const struct features *features)
{
	bool fit = true;

	for (unsigned i = 0; i < ATOS_GROUPS; i++) {
		fit &= allowed(prog, work, &groups[i]) || !runs(prog, groups[i].ctrl);
		fit &= !prog->value[groups[i].par] ||
		       atos_par_fits(features, groups[i].sel, prog->value[groups[i].par]);
	}
	return fit;
}
