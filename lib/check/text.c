/* SPDX-License-Identifier: MIT */
/* Findings in words. */
#include <smmu/check.h>
#include <smmu/decode.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct text {
	char *at;
	size_t room, needed;
};

__attribute__((format(printf, 2, 3))) static void say(struct text *text, const char *format, ...)
{
	const bool fits = text->needed < text->room;
	va_list arguments;

	va_start(arguments, format);
	const int more = vsnprintf(fits ? text->at + text->needed : NULL,
				   fits ? text->room - text->needed : 0, format, arguments);

	va_end(arguments);
	text->needed += more > 0 ? (size_t)more : 0;
}

static const char *pas_name(unsigned pas)
{
	static const char *const names[] = { "ns", "secure", "realm", "root" };

	return names[pas & 3];
}

/* ---- Commands ---- */

/* A parameter that a command may have, as it is written. */
static const struct parameter {
	const char *field, *written;
	bool hex, always;
} parameters[] = {
	{ "StreamID", "sid", true, true }, { "SubstreamID", "ssid", true, false },
	{ "VMID", "vmid", false, false },  { "ASID", "asid", false, true },
	{ "Address", "addr", true, true }, { "NS", "ns", false, false },
	{ "Leaf", "leaf", false, false },  { "Size", "size", false, false },
	{ "SSV", "ssv", false, false },    { "Global", "global", false, false },
};

static const char *written_as(const struct smmu3_layout *layout, const struct parameter *parameter)
{
	if (strcmp(parameter->field, "Address"))
		return parameter->written;
	return strstr(layout->name, "S2_IPA") ? "ipa" : strstr(layout->name, "PA") ? "pa" : "va";
}

static void say_parameters(struct text *text, const struct smmu3_layout *layout,
			   const uint64_t *word)
{
	for (size_t i = 0; i < sizeof(parameters) / sizeof(*parameters); i++) {
		const struct parameter *parameter = &parameters[i];
		const struct smmu3_field *field = smmu3_field(layout, parameter->field);

		if (!field)
			continue;
		const uint64_t value = smmu3_field_get(word, field);

		if (!value && !parameter->always)
			continue;
		say(text, parameter->hex ? " %s=0x%" PRIx64 : " %s=%" PRIu64,
		    written_as(layout, parameter), value);
	}
}

/* A range of all StreamIDs has a name of its own.  4.3.6 */
static const struct smmu3_layout *layout_of(const struct smmu3_remedy *remedy)
{
	enum { CFGI_STE_RANGE = 0x04, RANGE_MASK = 31, ALL = 31 };
	const unsigned opcode = (unsigned)(remedy->word[0] & 0xff);

	return opcode == CFGI_STE_RANGE && (remedy->word[1] & RANGE_MASK) == ALL ?
		       smmu3_layout("CMD_CFGI_ALL") :
		       smmu3_command_layout(opcode);
}

static void say_command(struct text *text, const struct smmu3_remedy *remedy)
{
	const struct smmu3_layout *layout = layout_of(remedy);

	if (remedy->queue != SMMU3_PAS_NS)
		say(text, "%s: ", pas_name(remedy->queue));
	say(text, "%s", layout ? layout->name : "reserved");
	if (layout)
		say_parameters(text, layout, remedy->word);
}

size_t smmu3_remedy_text(const struct smmu3_remedy *remedy, char *text, size_t size)
{
	struct text to = { text, size, 0 };

	say_command(&to, remedy);
	return to.needed;
}

/* ---- Findings ---- */

static void say_outcome(struct text *text, const struct smmu3_outcome *outcome)
{
	static const char *const verdicts[] = {
		[SMMU3_OK] = "ok",           [SMMU3_ABORT] = "abort",  [SMMU3_RAZ_WI] = "RAZ/WI",
		[SMMU3_STALLED] = "stalled", [SMMU3_BUSY] = "stalled",
	};
	const bool known = outcome->verdict < sizeof(verdicts) / sizeof(*verdicts) &&
			   verdicts[outcome->verdict];

	if (outcome->verdict == SMMU3_OK && outcome->ats) {
		say(text, "a completion with pa 0x%" PRIx64 ", %s%s", outcome->pa,
		    outcome->ats & SMMU3_ATS_R ? "R" : "", outcome->ats & SMMU3_ATS_W ? "W" : "");
		return;
	}
	if (outcome->verdict == SMMU3_OK) {
		say(text, "ok, pa 0x%" PRIx64 " in %s space", outcome->pa, pas_name(outcome->pas));
		return;
	}
	if (outcome->event)
		say(text, "%s", smmu3_event_name(outcome->event));
	else
		say(text, "%s", known ? verdicts[outcome->verdict] : "no access");
	if (outcome->fault_stage)
		say(text, " of stage %u", outcome->fault_stage);
	if (outcome->fault_level != SMMU3_NO_LEVEL)
		say(text, ", level %d", outcome->fault_level);
}

static void say_tags(struct text *text, const struct smmu3_kept *kept)
{
	const bool el1 = kept->world == SMMU3_WORLD_EL1;
	const bool asids = kept->stage == 1 && (el1 || kept->world == SMMU3_WORLD_EL2_E2H);

	if (asids)
		say(text, ", asid %u%s", kept->asid, kept->global ? " (global)" : "");
	if (el1)
		say(text, ", vmid %u", kept->vmid);
	else
		say(text, ", of %s", kept->world == SMMU3_WORLD_EL3 ? "EL3" : "EL2");
}

static void say_size(struct text *text, uint64_t bytes)
{
	static const char units[] = "KMGT";
	unsigned unit = 0;

	for (bytes >>= 10; bytes >= 1024 && unit < 3; unit++)
		bytes >>= 10;
	say(text, "%" PRIu64 "%cB", bytes, units[unit]);
}

static void say_since(struct text *text, const struct smmu3_kept *kept)
{
	static const char *const others[] = {
		[SMMU3_KEPT_FOR_LOOKUP] = "a request of ATOS",
		[SMMU3_KEPT_FOR_ITSELF] = "an access of the SMMU's own",
		[SMMU3_KEPT_FOR_DIRECT] = "a direct access",
	};

	if (kept->kept_for)
		say(text, ", kept since %s after access %" PRIu64, others[kept->kept_for & 3],
		    kept->access);
	else if (kept->access)
		say(text, ", kept since access %" PRIu64, kept->access);
}

static void say_kept(struct text *text, const struct smmu3_kept *kept)
{
	static const char *const pending[] = {
		[SMMU3_PENDING_NONE] = "",
		[SMMU3_PENDING_SYNC] = ", whose removal waits for a CMD_SYNC",
		[SMMU3_PENDING_QUEUED] = ", whose removal stands in a queue, not consumed",
		[SMMU3_PENDING_HINT] = ", which an invalidation passed by for its TG or TTL",
	};

	switch (kept->kind) {
	case SMMU3_KEPT_L1STD:
		say(text, "the L1STD of StreamIDs from 0x%x", kept->sid);
		break;
	case SMMU3_KEPT_STE:
		say(text, "the STE of StreamID 0x%x", kept->sid);
		break;
	case SMMU3_KEPT_CD:
		say(text, "the CD of StreamID 0x%x, SubstreamID 0x%x", kept->sid, kept->ssid);
		break;
	case SMMU3_KEPT_L1CD:
		say(text, "the L1CD of StreamID 0x%x, SubstreamIDs from 0x%x", kept->sid,
		    kept->ssid);
		break;
	case SMMU3_KEPT_TRANSLATION:
	case SMMU3_KEPT_TABLE:
		say(text, "%s of %s 0x%" PRIx64 ", ",
		    kept->kind == SMMU3_KEPT_TABLE ? "the table" :
		    kept->both                     ? "the translation by both stages" :
						     "the translation",
		    kept->stage == 1 ? "VA" : "IPA", kept->addr);
		say_size(text, kept->bytes);
		say_tags(text, kept);
		break;
	case SMMU3_KEPT_ATC:
		say(text, "what the ATC of StreamID 0x%x was given for 0x%" PRIx64 ", ", kept->sid,
		    kept->addr);
		say_size(text, kept->bytes);
		break;
	default:
		say(text, "what the %s says of PA 0x%" PRIx64,
		    kept->kind == SMMU3_KEPT_DPT ? "DPT" : "GPT", kept->addr);
	}
	say_since(text, kept);
	say(text, "%s", pending[kept->pending & 3]);
}

static const char *structure_name_of(unsigned reason)
{
	static const char *const names[] = {
		[SMMU3_REASON_L1STD] = "L1STD",
		[SMMU3_REASON_STE] = "STE",
		[SMMU3_REASON_L1CD] = "L1CD",
		[SMMU3_REASON_CD] = "CD",
		[SMMU3_REASON_S1_TTD] = "stage 1 descriptor",
		[SMMU3_REASON_S2_TTD] = "stage 2 descriptor",
		[SMMU3_REASON_DPT] = "DPT descriptor",
		[SMMU3_REASON_GPT] = "GPT entry",
	};

	return reason < sizeof(names) / sizeof(*names) && names[reason] ? names[reason] :
									  "structure";
}

static void say_words(struct text *text, const struct smmu3_changed *changed)
{
	for (unsigned i = 0; i < changed->words; i++) {
		if (changed->readable && changed->was[i] == changed->now[i])
			continue;
		if (changed->words > 1)
			say(text, ", word %u", i);
		say(text, " was 0x%" PRIx64, changed->was[i]);
		if (changed->readable)
			say(text, ", is 0x%" PRIx64, changed->now[i]);
	}
	if (!changed->readable)
		say(text, ", cannot be read");
}

static void say_structure(struct text *text, const struct smmu3_changed *changed)
{
	const bool descriptor = changed->reason == SMMU3_REASON_S1_TTD ||
				changed->reason == SMMU3_REASON_S2_TTD;

	say(text, "%s at 0x%" PRIx64 " in %s space", structure_name_of(changed->reason),
	    changed->pa, pas_name(changed->pas));
	if (descriptor)
		say(text, " (level %d)", changed->level);
}

static void say_change(struct text *text, const struct smmu3_changed *changed)
{
	say(text, "  changed: ");
	say_structure(text, changed);
	say_words(text, changed);
	say(text, "\n");
}

/* The fields of it that count and are others. */
static void say_fields(struct text *text, const struct smmu3_layout *layout,
		       const struct smmu3_changed_register *reg)
{
	const uint64_t differs = (reg->was ^ reg->now) & reg->counts;
	const char *between = " (";

	for (unsigned i = 0; i < layout->fields; i++) {
		if (!smmu3_field_get(&differs, &layout->field[i]))
			continue;
		say(text, "%s%s", between, layout->field[i].name);
		between = ", ";
	}
	if (*between == ',')
		say(text, ")");
}

static void say_register(struct text *text, const struct smmu3_changed_register *reg)
{
	const struct smmu3_layout *layout = smmu3_register_at(reg->offset);

	say(text, "  changed: %s", layout ? layout->name : "a register");
	if (layout)
		say_fields(text, layout, reg);
	say(text, " was 0x%" PRIx64 ", is 0x%" PRIx64, reg->was, reg->now);
	if (reg->access)
		say(text, ", after access %" PRIu64, reg->access);
	say(text, "\n");
}

/* What was read holds what it held when it was read. */
static void say_freed(struct text *text, const struct smmu3_finding *finding)
{
	const struct smmu3_changed *freed = &finding->freed;

	say(text, "  freed: the table with the ");
	say_structure(text, freed);
	if (finding->freed_is == SMMU3_FREED_CHANGED) {
		say(text,
		    " is no longer part of the walk, and was used for something else while "
		    "it was kept%s",
		    freed->words > 1 ? "" : ":");
		say_words(text, freed);
	} else {
		say(text, " is no longer part of the walk, and was read%s all the same: 0x%" PRIx64,
		    finding->freed_is == SMMU3_FREED_WRITTEN ? " and updated" : "", freed->was[0]);
	}
	say(text, "\n");
}

static void say_commands(struct text *text, const struct smmu3_finding *finding)
{
	say(text, "  needed: ");
	for (unsigned i = 0; i < finding->commands; i++) {
		say(text, "%s", !i ? "" : finding->command[i].alternative ? " or " : ", ");
		say_command(text, &finding->command[i]);
	}
	if (finding->more_commands)
		say(text, ", and %" PRIu32 " more", finding->more_commands);
	say(text, "%sCMD_SYNC\n", finding->commands ? ", then " : "");
}

/* There is an access. */
static bool is_use(const struct smmu3_finding *finding)
{
	return finding->kind == SMMU3_FINDING_STALE || finding->kind == SMMU3_FINDING_FREED;
}

static bool is_of_registers(const struct smmu3_finding *finding)
{
	return !finding->commands && finding->kepts && finding->kept[0].kind == SMMU3_KEPT_GPT;
}

static void say_access(struct text *text, const struct smmu3_finding *finding)
{
	const struct smmu3_txn *txn = finding->txn;

	say(text, "%s: access %" PRIu64 ", StreamID 0x%x",
	    finding->kind == SMMU3_FINDING_FREED ? "use after free" : "stale use", finding->access,
	    txn->sid);
	if (txn->flags & SMMU3_TXN_SSV)
		say(text, ".0x%x", txn->ssid);
	say(text,
	    ", %s of 0x%" PRIx64 "\n  answered: ", txn->flags & SMMU3_TXN_WRITE ? "write" : "read",
	    txn->addr);
	say_outcome(text, finding->outcome);
	say(text, "\n  in memory: ");
	say_outcome(text, finding->fresh);
	say(text, "\n");
}

static void say_breaks(struct text *text, unsigned breaks)
{
	static const char *const changes[] = {
		[SMMU3_BREAK_SIZE] = "the size of a block or table is another",
		[SMMU3_BREAK_OUTPUT] = "the output address of what can be written is another",
		[SMMU3_BREAK_TYPE] = "the memory type or shareability is another",
		[SMMU3_BREAK_CONTIGUOUS] = "the Contiguous bit is another",
		[SMMU3_BREAK_GLOBAL] = "what was of one ASID is global",
	};

	if (breaks && breaks < sizeof(changes) / sizeof(*changes))
		say(text, "  wrong: %s, without an invalid descriptor, invalidated, in between\n",
		    changes[breaks]);
}

static void say_needed(struct text *text, const struct smmu3_finding *finding)
{
	if (is_of_registers(finding))
		say(text, "  needed: an invalidation %s, of Root registers or of CPUs\n",
		    finding->changed_register.bytes ? "of all PAs" : "by PA");
	else
		say_commands(text, finding);
}

size_t smmu3_finding_text(const struct smmu3_finding *finding, char *text, size_t size)
{
	struct text to = { text, size, 0 };

	if (is_use(finding))
		say_access(&to, finding);
	else
		say(&to, "%s: as it is invalidated after access %" PRIu64 "\n",
		    finding->kind == SMMU3_FINDING_TORN ? "torn change" :
							  "change without break-before-make",
		    finding->access);
	for (unsigned i = 0; i < finding->kepts; i++) {
		say(&to, "  used: ");
		say_kept(&to, &finding->kept[i]);
		say(&to, "\n");
	}
	if (finding->more_kept)
		say(&to, "  used: and %" PRIu32 " more\n", finding->more_kept);
	if (finding->changed.words)
		say_change(&to, &finding->changed);
	if (finding->changed_register.bytes)
		say_register(&to, &finding->changed_register);
	if (finding->freed_is)
		say_freed(&to, finding);
	say_breaks(&to, finding->breaks);
	if (finding->kind == SMMU3_FINDING_TORN)
		say(&to, "  wrong: words that count have changed while it was valid: the SMMU may "
			 "read some of the old and some of the new\n");
	if (is_use(finding))
		say_needed(&to, finding);
	return to.needed;
}
