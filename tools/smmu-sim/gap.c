/* SPDX-License-Identifier: MIT */
#include "gap.h"

#include <smmu/decode.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

/* ---- Lists ---- */

/* The list with room for one more. */
static void *with_room(void *list, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? 2 * *room : 16;
	void *larger = reallocarray(list, *room, size);

	if (!larger)
		out_of_memory();
	return larger;
}

static void add(struct gap_lines *lines, const struct session_line *line)
{
	lines->line = with_room(lines->line, lines->count, &lines->room, sizeof(*lines->line));
	lines->line[lines->count++] = *line;
}

void gap_free(struct gap *gap)
{
	free(gap->expected.line);
	free(gap->came.line);
	free(gap->claims.line);
	free(gap->announced);
}

/* The place of a claim: how many lines are expected before it. */
bool gap_expect(struct gap *gap, const struct session_line *line)
{
	struct session_line claim = *line;

	if (gap->expected.count + gap->claims.count >= GAP_MOST)
		return false;
	claim.place = gap->expected.count;
	if (line->kind == SESSION_V)
		add(&gap->claims, &claim);
	else
		add(&gap->expected, line);
	return true;
}

void gap_came(struct gap *gap, const struct session_line *line)
{
	add(&gap->came, line);
}

void gap_announce(struct gap *gap, const struct smmu3_invalidation *scope,
		  const uint64_t command[2])
{
	gap->announced = with_room(gap->announced, gap->announced_count, &gap->announced_room,
				   sizeof(*gap->announced));
	gap->announced[gap->announced_count++] = (struct gap_announced){ *scope,
									 { command[0], command[1] },
									 gap->came.count };
}

/* ---- What was written and pulsed ---- */

/* How far the comparison has come, in both lists. */
struct pairing {
	const struct gap_lines *expected, *came;
	size_t i, j;
};

static bool same_at(const struct pairing *pairing, size_t i, size_t j)
{
	return i < pairing->expected->count && j < pairing->came->count &&
	       session_same(&pairing->expected->line[i], &pairing->came->line[j]);
}

static bool alike(const struct pairing *pairing)
{
	return pairing->i < pairing->expected->count && pairing->j < pairing->came->count &&
	       pairing->expected->line[pairing->i].kind == pairing->came->line[pairing->j].kind;
}

/* Is the next line that came one more than was recorded?  Where nothing fits, of the lists the
 * longer has the line that the other lacks. */
static bool additional(const struct pairing *pairing)
{
	const size_t expected = pairing->expected->count - pairing->i;
	const size_t came = pairing->came->count - pairing->j;

	if (same_at(pairing, pairing->i, pairing->j + 1))
		return true;
	return came && came > expected && !same_at(pairing, pairing->i + 1, pairing->j);
}

static bool missing(const struct pairing *pairing)
{
	return pairing->came->count == pairing->j || same_at(pairing, pairing->i + 1, pairing->j);
}

/* The next pair.  Lines of a kind that belong nowhere else are each other's. */
static void pair_next(struct pairing *pairing, const struct session_line **expected,
		      const struct session_line **came)
{
	const bool fits = same_at(pairing, pairing->i, pairing->j) ||
			  (alike(pairing) && !same_at(pairing, pairing->i, pairing->j + 1) &&
			   !same_at(pairing, pairing->i + 1, pairing->j));
	const bool more = !fits && !missing(pairing) && additional(pairing);
	const bool less = !fits && !more;

	*expected = more ? NULL : &pairing->expected->line[pairing->i++];
	*came = less ? NULL : &pairing->came->line[pairing->j++];
}

/* The place of an expected line: how many lines had come with that which came for it; 0, none did.
 */
static void compare_lines(struct gap *gap, gap_report_fn *report, void *context)
{
	struct pairing pairing = { &gap->expected, &gap->came, 0, 0 };
	const struct session_line *expected, *came;

	while (pairing.i < gap->expected.count || pairing.j < gap->came.count) {
		pair_next(&pairing, &expected, &came);
		report(context, expected, came);
		if (expected)
			gap->expected.line[pairing.i - 1].place = came ? pairing.j : 0;
	}
}

/* ---- What was announced ---- */

static int by_address(const void *a, const void *b)
{
	const struct gap_announced *left = a, *right = b;

	return (left->scope.addr > right->scope.addr) - (left->scope.addr < right->scope.addr);
}

/* What follows a claim in the recording, and came: the claim must have been announced before.  How
 * many lines that leaves before it. */
static size_t deadline(const struct gap *gap, const struct session_line *claim)
{
	for (size_t i = claim->place; i < gap->expected.count; i++)
		if (gap->expected.line[i].place)
			return gap->expected.line[i].place - 1;
	return SIZE_MAX;
}

static bool is_everything(const struct session_line *claim)
{
	return claim->asid == SESSION_ANY && claim->vmid == SESSION_ANY && !claim->bytes;
}

/* A command that invalidates all of an ASID, announced as just that. */
static bool is_one_asid(const struct gap_announced *announced)
{
	const struct smmu3_layout *layout = smmu3_command_layout(
		(unsigned)(announced->command[0] & 0xff));
	const struct smmu3_field *asid = layout ? smmu3_field(layout, "ASID") : NULL;

	return asid && !announced->scope.bytes &&
	       announced->scope.asid == smmu3_field_get(announced->command, asid);
}

static bool stage_1(const struct gap_announced *announced)
{
	return announced->scope.kind == SMMU3_INVALIDATES_STAGE1 ||
	       announced->scope.kind == SMMU3_INVALIDATES_STAGES;
}

/* Is it about the translations that the claim names, apart from their addresses?  The recorded SMMU
 * may have announced everything for an invalidation by ASID. */
static bool concerns(const struct gap_announced *announced, const struct session_line *claim)
{
	const struct smmu3_invalidation *scope = &announced->scope;

	if (!stage_1(announced))
		return false;
	if (is_everything(claim) && is_one_asid(announced))
		return true;
	return (scope->any_asid || scope->asid == claim->asid) &&
	       (scope->any_vmid || scope->vmid == claim->vmid);
}

static uint64_t last_of(uint64_t at, uint64_t bytes)
{
	return bytes ? at + bytes - 1 : UINT64_MAX;
}

/* Do the announcements, in order of their addresses, cover the claim together? */
static bool covered(const struct gap *gap, const struct session_line *claim)
{
	const uint64_t last = last_of(claim->at, claim->bytes);
	const size_t before = deadline(gap, claim);
	uint64_t next = claim->at; /* the first byte not covered yet */

	for (size_t i = 0; i < gap->announced_count; i++) {
		const struct gap_announced *announced = &gap->announced[i];
		const uint64_t end = last_of(announced->scope.addr, announced->scope.bytes);

		if (announced->scope.addr > next)
			return false;
		if (end < next || announced->before > before || !concerns(announced, claim))
			continue;
		if (end >= last)
			return true;
		next = end + 1;
	}
	return false;
}

static void compare_claims(struct gap *gap, gap_report_fn *report, void *context)
{
	if (gap->claims.count && gap->announced_count > 1)
		qsort(gap->announced, gap->announced_count, sizeof(*gap->announced), by_address);
	for (size_t i = 0; i < gap->claims.count; i++) {
		const struct session_line *claim = &gap->claims.line[i];

		report(context, claim, covered(gap, claim) ? claim : NULL);
	}
}

void gap_clear(struct gap *gap)
{
	gap->expected.count = gap->came.count = gap->claims.count = gap->announced_count = 0;
}

void gap_compare(struct gap *gap, gap_report_fn *report, void *context)
{
	compare_lines(gap, report, context);
	compare_claims(gap, report, context);
	gap_clear(gap);
}
