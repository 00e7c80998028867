/* SPDX-License-Identifier: MIT */
/* Scalars: numbers, bools, words, memory types, names, files. */
#include "platform/number.h"
#include "platform/shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 63 };

void complain_memory(struct loader *loader, const struct node *node)
{
	complain(loader->complaints, -SMMU3_E_MEMORY, node_place(loader->source, node),
		 "out of memory");
}

/* Is it one word?  what is expected goes into the complaint. */
static bool scalar_expected(struct loader *loader, const struct node *node, const char *what)
{
	static const char *const kind[] = { "a word", "a list", "a map" };

	if (node->kind == NODE_SCALAR)
		return true;
	COMPLAIN(loader, node, "this is %s; '%s' takes %s", kind[node->kind],
		 node->key ? node->key->text : "an item", what);
	return false;
}

static bool is_set_number(const struct row *row, const void *member)
{
	(void)row;
	return *(const uint64_t *)member != UNSET;
}

static bool is_set_pointer(const struct row *row, const void *member)
{
	(void)row;
	return *(const void *const *)member != NULL;
}

/* ---- Numbers ---- */

static void complain_of_range(struct loader *loader, const struct row *row, const struct node *node)
{
	if (row->max <= 0xffff)
		COMPLAIN(loader, node, "'%s' is out of range: %" PRIu64 " to %" PRIu64, node->text,
			 row->min, row->max);
	else
		COMPLAIN(loader, node, "'%s' is out of range: 0x%" PRIx64 " to 0x%" PRIx64,
			 node->text, row->min, row->max);
}

int scalar_number(struct loader *loader, const struct row *row, const struct node *node,
		  uint64_t *value)
{
	const char *wrong;

	if (!scalar_expected(loader, node, "a number"))
		return -1;
	wrong = node->plain ? number_parse(node->text, node->text_length, value) :
			      "is no number: it stands in quotes";
	if (wrong)
		COMPLAIN(loader, node, "'%.64s' %s", node->text, wrong);
	else if (*value < row->min || *value > row->max)
		complain_of_range(loader, row, node);
	else
		return 0;
	return -1;
}

static void read_number(struct loader *loader, const struct row *row, const struct node *node,
			void *member)
{
	uint64_t value;

	if (!scalar_number(loader, row, node, &value))
		*(uint64_t *)member = value;
}

static void print_number(struct printer *printer, const struct row *row, const void *member)
{
	(void)row;
	print_text(printer, "0x%" PRIx64, *(const uint64_t *)member);
}

static void print_count(struct printer *printer, const struct row *row, const void *member)
{
	(void)row;
	print_text(printer, "%" PRIu64, *(const uint64_t *)member);
}

const struct value_type number_value = { read_number, print_number, is_set_number };
const struct value_type count_value = { read_number, print_count, is_set_number };

/* ---- Words ---- */

static void read_word_of(struct loader *loader, const struct node *node, const struct word *words,
			 const char *what, uint64_t *member)
{
	char suggestion[80];
	const struct word *word;

	if (!scalar_expected(loader, node, what))
		return;
	word = word_find(words, node->text, node->text_length);
	if (word)
		*member = word->value;
	else
		COMPLAIN(loader, node, "'%.64s' is not %s%s", node->text, what,
			 word_suggestion(words, node->text, node->text_length, suggestion,
					 sizeof(suggestion)));
}

/* "one of a, b, c" */
static const char *words_text(const struct word *words, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "one of");

	for (const struct word *word = words; word->name && used < size; word++)
		used += (size_t)snprintf(text + used, size - used, "%s %s",
					 word == words ? "" : ",", word->name);
	return text;
}

static void read_word(struct loader *loader, const struct row *row, const struct node *node,
		      void *member)
{
	char what[160];

	read_word_of(loader, node, row->of, words_text(row->of, what, sizeof(what)), member);
}

static void print_word(struct printer *printer, const struct row *row, const void *member)
{
	print_text(printer, "%s", word_name(row->of, *(const uint64_t *)member));
}

const struct value_type word_value = { read_word, print_word, is_set_number };

static const struct word bool_words[] = { { "false", 0 }, { "true", 1 }, { NULL, 0 } };

static void read_bool(struct loader *loader, const struct row *row, const struct node *node,
		      void *member)
{
	(void)row;
	if (node->kind == NODE_SCALAR && !node->plain)
		COMPLAIN(loader, node, "'%.64s' stands in quotes: write true or false", node->text);
	else
		read_word_of(loader, node, bool_words, "true or false", member);
}

static void print_bool(struct printer *printer, const struct row *row, const void *member)
{
	(void)row;
	print_text(printer, "%s", *(const uint64_t *)member ? "true" : "false");
}

const struct value_type bool_value = { read_bool, print_bool, is_set_number };

/* ---- Memory types ---- */

static void read_attr(struct loader *loader, const struct row *row, const struct node *node,
		      void *member)
{
	uint8_t mair;
	bool exact;

	(void)row;
	if (!scalar_expected(loader, node, "a memory type"))
		return;
	if (attr_parse(node->text, node->text_length, &mair, &exact))
		*(uint64_t *)member = mair;
	else
		COMPLAIN(
			loader, node,
			"'%.64s' is no memory type: wb, wt, nc, nGnRnE, nGnRE, nGRE, GRE, iwb-onc and the like, or "
			"a byte of CD.MAIR",
			node->text);
}

static void print_attr(struct printer *printer, const struct row *row, const void *member)
{
	char text[16];

	(void)row;
	print_text(printer, "%s", attr_text((uint8_t) * (const uint64_t *)member, text));
}

const struct value_type attr_value = { read_attr, print_attr, is_set_number };

/* ---- Names and files ---- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool value_is_name(const char *text, size_t length)
{
	if (!length || !is_letter(text[0]) || length > NAME_MOST)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!is_letter(text[i]) && !(text[i] >= '0' && text[i] <= '9') && text[i] != '_' &&
		    text[i] != '-')
			return false;
	}
	return true;
}

static void read_name(struct loader *loader, const struct row *row, const struct node *node,
		      void *member)
{
	(void)row;
	if (!scalar_expected(loader, node, "a name"))
		return;
	if (value_is_name(node->text, node->text_length))
		*(const char **)member = node->text;
	else
		COMPLAIN(loader, node,
			 "'%.64s' is no name: 1 to 63 letters, digits, '_', '-', a letter first",
			 node->text);
}

static void read_file(struct loader *loader, const struct row *row, const struct node *node,
		      void *member)
{
	(void)row;
	if (!scalar_expected(loader, node, "a file"))
		return;
	if (node->text_length)
		*(const char **)member = node->text;
	else
		COMPLAIN(loader, node, "no file is named");
}

static void print_name(struct printer *printer, const struct row *row, const void *member)
{
	(void)row;
	print_text(printer, "%s", *(const char *const *)member);
}

/* A file's name in quotes: it may hold anything. */
static void print_file(struct printer *printer, const struct row *row, const void *member)
{
	(void)row;
	print_text(printer, "\"");
	for (const char *c = *(const char *const *)member; *c; c++) {
		if (*c == '"' || *c == '\\')
			print_text(printer, "\\%c", *c);
		else if ((unsigned char)*c < 0x20 || *c == 0x7f)
			print_text(printer, "\\x%02x", (unsigned)(unsigned char)*c);
		else
			print_text(printer, "%c", *c);
	}
	print_text(printer, "\"");
}

/* Profiles have dots in their names, so they are not names of ours. */
const struct value_type name_value = { read_name, print_name, is_set_pointer };
const struct value_type file_value = { read_file, print_file, is_set_pointer };

/* ---- Lists of names ---- */

static void read_each(struct loader *loader, const struct row *row, const struct node *node,
		      struct list *list, const struct value_type *type)
{
	struct name_spec *name;

	if (!collection_expected(loader, node, NODE_LIST, row->key))
		return;
	name = list_reserve(loader, node, sizeof(*name), list);
	for (const struct node *child = node->child;
	     name && child && !complaints_full(loader->complaints); child = child->next, name++) {
		*name = (struct name_spec){ .at = child };
		type->read(loader, row, child, &name->name);
		list->count++;
	}
}

static void read_names(struct loader *loader, const struct row *row, const struct node *node,
		       void *member)
{
	read_each(loader, row, node, member, &name_value);
}

static void print_names(struct printer *printer, const struct row *row, const void *member)
{
	const struct list *const list = member;
	const struct name_spec *const name = list->item;

	(void)row;
	print_text(printer, "[");
	for (size_t i = 0; i < list->count; i++)
		print_text(printer, "%s%s", i ? ", " : "", name[i].name);
	print_text(printer, "]");
}

static bool is_set_names(const struct row *row, const void *member)
{
	(void)row;
	return ((const struct list *)member)->item != NULL;
}

const struct value_type names_value = { read_names, print_names, is_set_names };

static void read_text(struct loader *loader, const struct row *row, const struct node *node,
		      void *member)
{
	(void)row;
	if (!scalar_expected(loader, node, "a word"))
		return;
	if (node->text_length)
		*(const char **)member = node->text;
	else
		COMPLAIN(loader, node, "no word is here");
}

static const struct value_type text_value = { read_text, print_file, is_set_pointer };

static void read_texts(struct loader *loader, const struct row *row, const struct node *node,
		       void *member)
{
	read_each(loader, row, node, member, &text_value);
}

static void print_texts(struct printer *printer, const struct row *row, const void *member)
{
	const struct list *const list = member;
	const struct name_spec *const text = list->item;

	print_text(printer, "[");
	for (size_t i = 0; i < list->count; i++) {
		print_text(printer, "%s", i ? ", " : "");
		print_file(printer, row, &text[i].name);
	}
	print_text(printer, "]");
}

const struct value_type texts_value = { read_texts, print_texts, is_set_names };

/* ---- Judged later ---- */

static void read_kept(struct loader *loader, const struct row *row, const struct node *node,
		      void *member)
{
	(void)loader;
	(void)row;
	*(const struct node **)member = node;
}

static void print_kept(struct printer *printer, const struct row *row, const void *member)
{
	(void)printer;
	(void)row;
	(void)member;
}

static bool is_never_set(const struct row *row, const void *member)
{
	(void)row;
	(void)member;
	return false;
}

const struct value_type node_value_kept = { read_kept, print_kept, is_never_set };
