/* SPDX-License-Identifier: MIT */
/* Bytes are a trace, text or the records of a binary one, read in pieces, line by line, written in
 * either form, and carried out. */
#include "bytes.h"
#include "files.h"
#include "trace_forms.h"
#include "trace_same.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- However a trace is read, its lines mean the same ---- */

enum { LINES_MOST = 64 };

struct lines {
	struct smmu3_trace_op op[LINES_MOST];
	unsigned count;
	int end; /* what ended it: 0, or a code */
};

static void read_trace(const char *data, size_t size, size_t piece, struct lines *lines)
{
	struct text text = { data, size, piece };
	struct complaints_heard heard = { 0 };
	struct smmu3_trace *trace = smmu3_trace_open(text_read, &text, "fuzz.trace", hear, &heard);
	struct smmu3_trace_op op;
	int code;

	DEMAND(trace);
	lines->count = 0;
	while ((code = smmu3_trace_next(trace, &op)) == 1 && lines->count < LINES_MOST)
		lines->op[lines->count++] = op;
	DEMAND(code <= 1 && heard.code == (code < 0 ? code : 0));
	DEMAND(code >= 0 || smmu3_trace_next(trace, &op) == code); /* once wrong, it stays wrong */
	lines->end = code;
	smmu3_trace_close(trace);
}

/* Whose acts a line may be: of the built interfaces, where they have their own. */
static unsigned last_state(const struct smmu3_trace_op *op)
{
	const bool own = op->kind == SMMU3_TRACE_COMMAND || op->kind == SMMU3_TRACE_RECOVER ||
			 op->kind == SMMU3_TRACE_EXPECT || op->kind == SMMU3_TRACE_DVM ||
			 op->kind == SMMU3_TRACE_STATS;

	if (op->kind == SMMU3_TRACE_DIRECT ||
	    (op->kind == SMMU3_TRACE_EXPECT && op->pas == SMMU3_PAS_ROOT))
		return SMMU3_PAS_ROOT;
	return own ? SMMU3_PAS_REALM : SMMU3_PAS_NS;
}

static bool well_formed(const struct smmu3_trace_op *op)
{
	if (op->kind == SMMU3_TRACE_ACCESS)
		return op->txn.bytes && op->txn.bytes - 1 <= UINT64_MAX - op->txn.addr &&
		       op->txn.ssid < 1u << 20 && strlen(op->master) < sizeof(op->master);
	if (op->kind >= SMMU3_TRACE_COMMAND)
		return op->kind <= SMMU3_TRACE_ADVERSITY && op->pas <= last_state(op) &&
		       op->answer <= SMMU3_QUEUE_CERROR_ATC_INV_SYNC && !(op->value & ~op->mask);
	return (op->size == 4 || op->size == 8) && op->offset % op->size == 0 &&
	       (op->size == 8 || !(op->value >> 32));
}

/* An act told is that act.  What an access it lets go on comes to is not told. */
static void tell(const struct smmu3_trace_op *op)
{
	char text[SMMU3_ACT_TEXT];
	struct smmu3_trace_op again;

	if (op->kind == SMMU3_TRACE_ACCESS)
		return;
	smmu3_trace_act_text(op, text, sizeof(text));
	DEMAND(smmu3_trace_parse(text, "told", 1, &again, NULL, NULL) == 1);
	DEMAND(again.kind == op->kind && again.pas == op->pas && again.size == op->size &&
	       again.offset == op->offset && same_act(&again, op) &&
	       (op->kind != SMMU3_TRACE_DIRECT || same_txn(&again.txn, &op->txn)) &&
	       !strcmp(again.adversity, op->adversity) && same_stats(&again.stats, &op->stats));
}

static void read_twice(const char *data, size_t size, size_t piece, struct lines *lines)
{
	static struct lines in_pieces;

	read_trace(data, size, 0, lines);
	read_trace(data, size, piece, &in_pieces);
	DEMAND(lines->count == in_pieces.count && lines->end == in_pieces.end);
	for (unsigned i = 0; i < lines->count; i++) {
		DEMAND(same_op(&lines->op[i], &in_pieces.op[i]));
		DEMAND(well_formed(&lines->op[i]));
		tell(&lines->op[i]);
	}
}

/* The first line alone, as a command line would have it. */
static void parse_first(const char *data, size_t size, const struct lines *lines)
{
	const char *const end = size ? memchr(data, '\n', size) : NULL;
	const size_t length = end ? (size_t)(end - data) : size;
	char *const line = malloc(length + 1);
	struct complaints_heard heard = { 0 };
	struct smmu3_trace_op op;

	DEMAND(line);
	memcpy(line, size ? data : "", length);
	line[length] = '\0';
	const int code = smmu3_trace_parse(line, "line", 1, &op, hear, &heard);

	DEMAND(code <= 1 && heard.code == (code < 0 ? code : 0));
	if (strlen(line) == length)
		DEMAND(code != 1 || (lines->count && same_op(&op, &lines->op[0])));
	free(line);
}

/* ---- Carried out ---- */

/* Of all that a trace can be about there is some. */
static const char machine_text[] =
	"version: 1\n"
	"smmu:\n"
	"  - profile: realm-3.3\n"
	"    e2h: true\n"
	"    features: {ats: true, pri: true, priqs: 1, msi: true, sev: true, stall_model: 0, "
	"stall_max: 2, atos: true, vatos: true, vmw: true, dpt: true, secure: true, s_msi: true, "
	"sel2: true}\n"
	"    stream_table: {format: linear}\n"
	"    command_queue: {log2size: 3}\n"
	"    event_queue: {log2size: 2}\n"
	"    secure: {command_queue: {log2size: 3}, event_queue: {log2size: 1}, e2h: true}\n"
	"    realm: {command_queue: {log2size: 3}, event_queue: {log2size: 1}, pri_queue: {log2size: 1}, "
	"mecid: 1}\n"
	"    caches: {all: 4, contiguous: true}\n"
	"    statistics: {streams: 4}\n"
	"    pmcg: {counters: 2, counter_bits: 32, msi: true}\n"
	"    dpt: {bits: 32, granule: 64K, map: [{pa: 0x80000000, size: 64K, vmid: 3}, {pa: 0x80010000, size: 64K}]}\n"
	"memory: [{name: ram, base: 0x80000000, size: 2M}, "
	"{name: s_ram, base: 0x70000000, size: 1M, pas: secure}, "
	"{name: r_ram, base: 0x60000000, size: 1M, pas: realm}]\n"
	"tables:\n"
	"  t: {stage: 2, ipa_bits: 32, map: [{ipa: 0x1000, "
	"pa: 0x80001000, size: 64K}]}\n"
	"  sp: {stage: 2, vmid: 1, ipa_bits: 31, map: [{ipa: 0x1000, pa: 0x70001000, size: 64K}]}\n"
	"  sp-ns: {stage: 2, ipa_bits: 32, tables_in: ram, map: [{ipa: 0x1000, pa: 0x80001000, "
	"size: 64K}]}\n"
	"  rs2: {stage: 2, vmid: 1, ipa_bits: 31, map: [{ipa: 0x1000, pa: 0x60001000, size: 64K}, {ipa: "
	"0x20000, pa: 0x80001000, size: 64K}]}\n"
	"  ras: {stage: 1, va_bits: 32, at_ipa: 0x100000, map: [{va: 0x1000, ipa: 0x1000, size: 4K}, "
	"{va: 0x2000, ipa: 0x20000, size: 4K}]}\n"
	"  as: {stage: 1, va_bits: 32, at_ipa: 0x100000, map: [{va: 0x1000, ipa: 0x1000, size: 4K}, "
	"{va: 0x2000, ipa: 0x1000, size: 4K, ns: true}]}\n"
	"masters:\n"
	"  - {name: nic, stream_id: 1, count: 4, bus_width: 40, asid: 1, "
	"map: [{va: 0x1000, pa: 0x80001000, size: 64K, perm: ro}]}\n"
	"  - {name: vf, stream_id: 8, stage2: t, ste: {EATS: 3}, atc: {entries: 1}}\n"
	"  - {name: acc, stream_id: 10, cd: {S: 1}, "
	"map: [{va: 0x1000, pa: 0x80001000, size: 64K}]}\n"
	"  - {name: ep, stream_id: 12, asid: 2, ste: {EATS: 1}, atc: {entries: 2}, "
	"map: [{va: 0x1000, pa: 0x80001000, size: 64K}]}\n"
	"  - {name: host, stream_id: 13, world: el2, asid: 5, "
	"map: [{va: 0x1000, pa: 0x80001000, size: 64K}]}\n"
	"  - {name: sec, security: secure, stream_id: 1, count: 2, cd: {S: 1}, "
	"map: [{va: 0x1000, pa: 0x80001000, size: 64K}, {va: 0x20000, pa: 0x70000000, size: 4K}]}\n"
	"  - {name: out, security: secure, ns: true, stream_id: 9, mode: bypass}\n"
	"  - {name: sp, security: secure, stream_id: 12, table: as, stage2: sp, stage2_ns: sp-ns, asid: "
	"1, cd_at_ipa: 0x110000}\n"
	"  - {name: spm, security: secure, stream_id: 13, world: el2, asid: 5, "
	"map: [{va: 0x1000, pa: 0x70001000, size: 64K}]}\n"
	"  - {name: rlm, security: realm, stream_id: 14, table: ras, stage2: rs2, cd_at_ipa: 0x110000, "
	"ste: {MECID: 3}}\n"
	"  - {name: rep, security: realm, stream_id: 15, asid: 2, ste: {EATS: 1, MECID: 4}, atc: {entries: "
	"2}, map: [{va: 0x1000, pa: 0x60001000, size: 64K}]}\n"
	"  - {name: off, stream_id: 9, mode: bypass}\n"
	"  - {name: bare, smmu: none, security: secure}\n"
	"firewall:\n"
	"  mode: tzc400\n"
	"  regions:\n"
	"    - {name: low, base: 0x80000000, size: 32K, ns: rw, secure: rw}\n"
	"    - {name: few, base: 0x80008000, size: 4K, ns_read: [acc, smmu0], ns_write: [nic, bare], secure: ro}\n"
	"    - {name: high, base: 0x80009000, size: 0x1f7000, ns: rw, secure: rw}\n"
	"    - {name: vault, memory: s_ram, secure: rw}\n"
	"    - {name: r_vault, memory: r_ram, realm: rw}\n";

static struct smmu3_machine *new_machine(void)
{
	struct files files;
	struct complaints_heard heard = { 0 };
	struct smmu3_machine *machine;

	files_cut(&files, machine_text, sizeof(machine_text) - 1, 0);
	machine = smmu3_machine_load("machine.yaml", files_open, &files, hear, &heard, NULL);
	if (!machine)
		demand_failed(heard.first, "machine.yaml", __LINE__);
	return machine;
}

/* What goes on the firewall judges, and somebody blocked what does not; whoever it was has a name.
 */
static void guard_is_whole(const struct smmu3_guard *guard, const struct smmu3_outcome *outcome)
{
	const bool denied = guard->firewall == SMMU3_FIREWALL_DENIES;
	const bool went_on = outcome->verdict == SMMU3_OK && !denied;

	DEMAND(went_on == (guard->blocker == SMMU3_BLOCKER_NONE));
	DEMAND(!guard->firewall || (outcome->verdict == SMMU3_OK && guard->region));
	DEMAND(!denied || guard->blocker == SMMU3_BLOCKER_FIREWALL);
	DEMAND(smmu3_guard_name(guard)[0]);
}

/* True: the machine is as it was. */
static bool carry_out(struct smmu3_machine *machine, struct smmu3_trace_op *op)
{
	struct smmu3_outcome outcome;
	struct smmu3_error error;
	char text[200];
	const int code = smmu3_machine_perform(machine, op, &outcome, &error);

	DEMAND(code == (op->kind == SMMU3_TRACE_ACCESS) || (code < 0 && code == error.code));
	if (code == 1 && !smmu3_expect_met(&op->expect, &outcome, text, sizeof(text)))
		DEMAND(text[0]);
	if (code == 1 && !smmu3_expect_atc_met(&op->expect, op, text, sizeof(text)))
		DEMAND(text[0]);
	if (code == 1 && !smmu3_expect_guard_met(&op->expect, op, text, sizeof(text)))
		DEMAND(text[0]);
	if (code == 1)
		guard_is_whole(&op->guard, &outcome);
	(void)smmu3_expect_complete(&op->expect);
	if (code == 0)
		DEMAND(op->result.failed == (op->result.difference[0] != '\0'));
	return code < 0 || (code == 1 && outcome.verdict == SMMU3_OK && !op->atc && !op->txn.ats);
}

/* Accesses go on in the end, or wait; what the SMMU did is told as a line that expects it. */
static void look_around(struct smmu3_machine *machine)
{
	static const char *const whose[] = { "", "secure: ", "realm: ", "root: " };
	struct smmu3_trace_op op;
	struct smmu3_outcome outcome;
	struct smmu3_stall stall;
	const struct smmu3_own_act *act;
	struct smmu3_own_act plain;
	char text[SMMU3_ACT_TEXT], line[SMMU3_ACT_TEXT + 20];

	for (unsigned i = 0; smmu3_machine_resume(machine, &op, &outcome, &stall) > 0; i++)
		DEMAND(i < 5000 && op.kind == SMMU3_TRACE_ACCESS);
	(void)smmu3_machine_waiting(machine, 0, &op);
	act = smmu3_machine_own(machine, 0);
	/* memory may hold any record */
	if (!act || act->kind == SMMU3_OWN_EVENT || act->kind == SMMU3_OWN_PAGE)
		return;
	plain = *act;
	plain.pas = SMMU3_PAS_NS; /* whose it is stands before "expect" */
	smmu3_own_act_text(&plain, text, sizeof(text));
	(void)snprintf(line, sizeof(line), "! %sexpect %s", whose[act->pas], text);
	DEMAND(smmu3_trace_parse(line, "own", 1, &op, NULL, NULL) == 1);
	DEMAND(op.own.kind == act->kind && op.own.pas == act->pas);
}

/* A machine that nothing was written to serves the next input, too: what it has kept by then is
 * what memory holds. */
static void carry_out_all(struct lines *lines)
{
	static struct smmu3_machine *machine;
	bool written = false;

	if (!machine)
		machine = new_machine();
	for (unsigned i = 0; i < lines->count; i++) {
		lines->op[i].strict = i % 2;
		written |= !carry_out(machine, &lines->op[i]);
		look_around(machine);
	}
	if (written) {
		smmu3_machine_free(machine);
		machine = NULL;
	}
}

/* The first byte says in what pieces they come, and its highest bit that they are records. */
enum { ARE_RECORDS = 0x80 };

static void try_text(const char *text, size_t length, size_t piece, struct lines *lines)
{
	read_twice(text, length, piece, lines);
	parse_first(text, length, lines);
	check_forms(text, length);
}

static void try_records(const uint8_t *data, size_t size, size_t piece, struct lines *lines)
{
	struct made made = made_of_records(data, size);

	read_twice((const char *)made.byte, made.size, piece, lines);
	check_forms(made.byte, made.size);
	made_free(&made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct lines lines;
	const size_t piece = size ? data[0] % 64u + 1 : 1;
	const size_t used = size ? 1 : 0;

	if (size && data[0] & ARE_RECORDS)
		try_records(data + used, size - used, piece, &lines);
	else
		try_text((const char *)data + used, size - used, piece, &lines);
	if (lines.count)
		carry_out_all(&lines);
	return 0;
}
