/* SPDX-License-Identifier: MIT */
/* The grammar of a session as rows: a line is its letter and its parts. */
#include "session_kinds.h"

/* ---- What a kind asks of its parts together: a sentence, or NULL ---- */

static const char *judge_register(const struct session_line *line)
{
	if (line->bytes != 4 && line->bytes != 8)
		return "a register access has 4 or 8 bytes";
	if (line->at % line->bytes)
		return "a register access is aligned to its size";
	return line->bytes == 4 && line->value > UINT32_MAX ?
		       "the value does not fit the register access" :
		       NULL;
}

static const char *judge_word(const struct session_line *line)
{
	return line->at % 8 ? "a word of memory is aligned to 8 bytes" : NULL;
}

static const char *judge_write(const struct session_line *line)
{
	return line->bytes ? NULL : "a write of no bytes";
}

static const char *judge_range(const struct session_line *line)
{
	if (!line->bytes && line->at)
		return "size 0 means every address: va is 0 then";
	return line->bytes && line->bytes - 1 > UINT64_MAX - line->at ?
		       "the range passes the end of the address space" :
		       NULL;
}

static const char *judge_access(const struct session_line *line)
{
	if (!line->want)
		return "an access reads (1), writes (2) or both (3)";
	return line->mask & (line->mask + 1) ? "a mask is a power of two less 1" : NULL;
}

/* ---- The kinds ---- */

#define MEMBER(name) offsetof(struct session_line, name)

#define HEX(name, member)                                        \
	{                                                        \
		PART_HEX, name, NULL, MEMBER(member), UINT64_MAX \
	}
#define DECIMAL(name, member, max)                            \
	{                                                     \
		PART_DECIMAL, name, NULL, MEMBER(member), max \
	}
#define SIZE DECIMAL("size", bytes, 8)

const struct kind session_kinds[SESSION_KINDS] = {
	[SESSION_C] = { 'C',
			NULL,
			{ { PART_MEMBER, "member", NULL, MEMBER(at), 0 },
			  { PART_HEX, "value", NULL, MEMBER(value), UINT32_MAX } } },
	[SESSION_W] = { 'W', judge_register, { HEX("offset", at), SIZE, HEX("value", value) } },
	[SESSION_R] = { 'R', judge_register, { HEX("offset", at), SIZE, HEX("value", value) } },
	[SESSION_M] = { 'M', judge_word, { HEX("address", at), HEX("value", value) } },
	[SESSION_D] = { 'D',
			judge_write,
			{ HEX("address", at),
			  DECIMAL("length", bytes, SESSION_DATA_MOST),
			  { PART_DATA, "bytes", NULL, 0, 0 } } },
	[SESSION_I] = { 'I', NULL, { DECIMAL("interrupt", at, 3) } },
	[SESSION_E] = { 'E', NULL, { { PART_END, NULL, NULL, 0, 0 } } },
	[SESSION_V] = { 'V',
			judge_range,
			{ { PART_ID, "ASID", "asid=", MEMBER(asid), UINT16_MAX },
			  { PART_ID, "VMID", "vmid=", MEMBER(vmid), UINT16_MAX },
			  { PART_HEX, "address", "va=", MEMBER(at), UINT64_MAX },
			  { PART_HEX, "size", "size=", MEMBER(bytes), UINT64_MAX } } },
	[SESSION_T] = { 'T',
			judge_access,
			{ { PART_HEX, "StreamID", NULL, MEMBER(sid), UINT32_MAX },
			  HEX("address", at),
			  DECIMAL("want", want, 3),
			  { PART_EQUALS, "'='", NULL, 0, 0 },
			  { PART_RESULT, "result", NULL, MEMBER(event), 255 },
			  HEX("physical address", pa),
			  HEX("mask", mask),
			  DECIMAL("permission", perm, 3) } },
};

const char *session_judge(const struct session_line *line)
{
	const struct kind *kind = &session_kinds[line->kind];

	return kind->judge ? kind->judge(line) : NULL;
}

char session_letter(enum session_kind kind)
{
	return session_kinds[kind].letter;
}
