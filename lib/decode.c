/* SPDX-License-Identifier: MIT */
#include "arch/attr.h"
#include "arch/names.h"
#include "arch/why.h"
#include <smmu/decode.h>
#include <stdio.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Equal but for letter case? */
static bool same_name(const char *a, const char *b)
{
	for (; *a && lower(*a) == lower(*b); a++, b++)
		;
	return lower(*a) == lower(*b);
}

static bool is_register(const struct smmu3_layout *layout)
{
	return strncmp(layout->name, "SMMU_", 5) == 0;
}

const struct smmu3_layout *smmu3_layout_at(size_t index)
{
	return layout_at(index);
}

const struct smmu3_layout *smmu3_layout(const char *name)
{
	const struct smmu3_layout *layout;

	for (size_t i = 0; name && (layout = layout_at(i)); i++) {
		if (same_name(layout->name, name))
			return layout;
	}
	return NULL;
}

const struct smmu3_layout *smmu3_command_layout(unsigned opcode)
{
	return smmu3_layout(command_name(opcode));
}

const struct smmu3_layout *smmu3_event_layout(unsigned number)
{
	return smmu3_layout(event_name(number));
}

const char *smmu3_event_name(unsigned number)
{
	const char *name = event_name(number);

	return name ? name : number == 0 ? "none" : "reserved";
}

const struct smmu3_layout *smmu3_register_layout(const char *name)
{
	const struct smmu3_layout *layout;

	for (size_t i = 0; name && (layout = layout_at(i)); i++) {
		if (is_register(layout) &&
		    (same_name(layout->name, name) || same_name(layout->name + 5, name)))
			return layout;
	}
	return NULL;
}

const struct smmu3_layout *smmu3_register_at(uint64_t offset)
{
	const struct smmu3_layout *layout;
	uint64_t first = first_of_array(offset);

	for (size_t i = 0; (layout = layout_at(i)); i++) {
		if (is_register(layout) && layout->offset == first)
			return layout;
	}
	return NULL;
}

const struct smmu3_field *smmu3_field(const struct smmu3_layout *layout, const char *name)
{
	if (!layout || !name)
		return NULL;
	for (size_t i = 0; i < layout->fields; i++) {
		if (same_name(layout->field[i].name, name))
			return &layout->field[i];
	}
	return NULL;
}

/* ---- Values ---- */

/* Does it lie in one word?  Ours do; a caller may have made its own. */
static bool is_field(const struct smmu3_field *field)
{
	return field && field->lsb <= field->msb && field->msb < 512 &&
	       field->lsb / 64 == field->msb / 64;
}

uint64_t smmu3_field_get(const uint64_t *words, const struct smmu3_field *field)
{
	if (!words || !is_field(field))
		return 0;
	return field->address ? field_in_place(words, FIELD(field->msb, field->lsb)) :
				field_value(words, FIELD(field->msb, field->lsb));
}

int smmu3_field_set(uint64_t *words, const struct smmu3_field *field, uint64_t value)
{
	if (!words || !is_field(field))
		return -SMMU3_E_ARGUMENT;

	unsigned shift = field->lsb % 64u;
	uint64_t mask = field_mask(FIELD(field->msb, field->lsb));
	uint64_t *word = &words[field->lsb / 64];

	if (field->address ? value & ~mask : value & ~(mask >> shift))
		return -SMMU3_E_ARGUMENT;
	*word = (*word & ~mask) | (field->address ? value : value << shift);
	return 0;
}

/* ---- Meanings ---- */

/* Copies length characters, or as many as fit, and ends them. */
static void copy(char *text, size_t size, const char *from, size_t length)
{
	if (!text || size == 0)
		return;
	if (length > size - 1)
		length = size - 1;
	memcpy(text, from, length);
	text[length] = '\0';
}

static const char *read_number(const char *at, uint64_t *number)
{
	for (*number = 0; *at >= '0' && *at <= '9'; at++)
		*number = *number * 10 + (uint64_t)(*at - '0');
	return at;
}

/* Finds value in "0=abort|1-3=reserved|4=bypass": the start of its words, or NULL. */
static const char *find_meaning(const char *meanings, uint64_t value)
{
	for (const char *at = meanings; at; at = strchr(at, '|')) {
		uint64_t from, to;

		at = read_number(at + (*at == '|'), &from);
		to = from;
		if (*at == '-')
			at = read_number(at + 1, &to);
		if (*at == '=' && from <= value && value <= to)
			return at + 1;
	}
	return NULL;
}

void smmu3_field_meaning(const struct smmu3_field *field, uint64_t value, char *text, size_t size)
{
	const char *meaning = field ? find_meaning(field->meanings, value) : NULL;

	copy(text, size, meaning ? meaning : "", meaning ? strcspn(meaning, "|") : 0);
}

/* ---- Rules and names ---- */

const struct smmu3_rule *smmu3_why(unsigned why)
{
	return why_rule(why);
}

#define NAME_OF(names, number, otherwise) \
	((number) < ARRAY_SIZE(names) ? (names)[number] : (otherwise))

const char *smmu3_pas_name(unsigned pas)
{
	static const char *const names[] = { "ns", "secure", "realm", "root" };

	return NAME_OF(names, pas, "unknown");
}

const char *smmu3_verdict_name(unsigned verdict)
{
	static const char *const names[] = { "OK",    "ABORT",     "RAZ_WI", "STALLED", "BUSY",
					     "ERROR", "NO_ACCESS", "UR",     "CA",      "NO_OP" };

	return NAME_OF(names, verdict, "unknown");
}

const char *smmu3_shareability_name(unsigned sh)
{
	static const char *const names[] = { "nsh", "reserved", "osh", "ish" };

	return NAME_OF(names, sh, "unknown");
}

const char *smmu3_fault_class_name(unsigned fault_class)
{
	static const char *const names[] = { "CD", "TT", "IN" };

	return NAME_OF(names, fault_class, "reserved");
}

const char *smmu3_class_name(unsigned txn_class)
{
	static const char *const names[] = {
		"ordinary", "atomic",       "RCI", "DR", "W-DCP",   "NW-DCP", "CLEAN",
		"CLEANINV", "CLEANPERSIST", "INV", "DH", "BARRIER", "DVM",    "CMO",
	};

	return NAME_OF(names, txn_class, "unknown");
}

/* ---- Memory types ---- */

/* One half of a MAIR byte of Normal memory, as words.  5.4 */
struct half {
	const char *type;
	const char *hints; /* empty: read- and write-allocate, or none to give */
};

static struct half half_name(unsigned half)
{
	static const char *const hints[2][4] = {
		{ "-nRAnWA-TR", "-nRAWA-TR", "-RAnWA-TR", "-TR" }, /* transient */
		{ "-nRAnWA", "-nRAWA", "-RAnWA", "" },
	};
	bool write_back = half & 4;
	bool keeps = half & 8;

	if (half == MAIR_HALF_NC)
		return (struct half){ "NC", "" };
	if (half == 0) /* reserved: as with both hints */
		half = MAIR_HALF_WT_TRANSIENT | MAIR_HALF_HINTS;
	return (struct half){ write_back ? "WB" : "WT", hints[keeps][half & MAIR_HALF_HINTS] };
}

void smmu3_attr_name(struct smmu3_attr attr, char *text, size_t size)
{
	static const char *const device[] = {
		"Device-nGnRnE",
		"Device-nGnRE",
		"Device-nGRE",
		"Device-GRE",
	};
	char name[48];
	struct half inner = half_name(mair_inner(attr.mair));
	struct half outer = half_name(mair_outer(attr.mair));

	if (mair_is_device(attr.mair))
		snprintf(name, sizeof(name), "%s", device[mair_inner(attr.mair) >> 2]);
	else if (strcmp(inner.type, outer.type) == 0 && strcmp(inner.hints, outer.hints) == 0)
		snprintf(name, sizeof(name), "Normal-%s%s", inner.type, inner.hints);
	else
		snprintf(name, sizeof(name), "Normal-i%s%s-o%s%s", inner.type, inner.hints,
			 outer.type, outer.hints);
	copy(text, size, name, strlen(name));
}
