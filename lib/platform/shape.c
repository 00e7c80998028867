/* SPDX-License-Identifier: MIT */
/* Collections: maps by rows, lists, maps of named things, structures by field. */
#include "platform/shape.h"

#include <smmu/decode.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void *member_of(void *item, const struct row *row)
{
	return (char *)item + row->offset;
}

/* ---- Maps ---- */

static const struct row *row_of(const struct shape *shape, const char *key)
{
	const struct row *row = shape->rows;

	while (row->key && strcmp(row->key, key) != 0)
		row++;
	return row->key ? row : NULL;
}

static void unknown_key(struct loader *loader, const struct shape *shape, const struct node *key)
{
	struct guess guess = { .text = key->text, .length = key->text_length };
	char text[80];

	for (const struct row *row = shape->rows; row->key; row++)
		guess_offer(&guess, row->key);
	COMPLAIN(loader, key, "unknown key '%.64s' of %s%s", key->text, shape->what,
		 guess_text(&guess, text, sizeof(text)));
}

static bool holds_number(const struct row *row)
{
	return row->type == &number_value || row->type == &count_value ||
	       row->type == &bool_value || row->type == &word_value || row->type == &attr_value;
}

void shape_defaults(const struct shape *shape, void *item)
{
	for (const struct row *row = shape->rows; row->key; row++) {
		if (holds_number(row))
			*(uint64_t *)member_of(item, row) = row->fallback;
		else if (row->type == &map_value)
			shape_defaults(row->of, member_of(item, row));
	}
}

bool collection_expected(struct loader *loader, const struct node *node, enum node_kind kind,
			 const char *what)
{
	if (node->kind == kind)
		return true;
	COMPLAIN(loader, node, "%s is %s", what,
		 kind == NODE_MAP ? "a map: 'key: value' lines, or {key: value, ...}" :
				    "a list: lines that begin with '-', or [...]");
	return false;
}

static void require_rows(struct loader *loader, const struct shape *shape, const struct node *map)
{
	for (const struct row *row = shape->rows; row->key; row++) {
		if (row->required && !node_value(map, row->key))
			COMPLAIN(loader, map, "%s needs '%s'", shape->what, row->key);
	}
}

void shape_read(struct loader *loader, const struct shape *shape, const struct node *map,
		void *item)
{
	shape_defaults(shape, item);
	*(const struct node **)item = map;
	if (!collection_expected(loader, map, NODE_MAP, shape->what))
		return;
	for (const struct node *child = map->child; child && !complaints_full(loader->complaints);
	     child = child->next) {
		const struct row *const row = row_of(shape, child->key->text);

		if (row)
			row->type->read(loader, row, child, member_of(item, row));
		else
			unknown_key(loader, shape, child->key);
	}
	require_rows(loader, shape, map);
}

static bool is_set_map(const struct row *row, const void *member)
{
	(void)row;
	return *(const struct node *const *)member != NULL;
}

static void read_map(struct loader *loader, const struct row *row, const struct node *node,
		     void *member)
{
	shape_read(loader, row->of, node, member);
}

static void print_map(struct printer *printer, const struct row *row, const void *member)
{
	printer->indent += 2;
	print_text(printer, "\n%*s", (int)printer->indent, "");
	shape_print(printer, row->of, member);
	printer->indent -= 2;
}

const struct value_type map_value = { read_map, print_map, is_set_map };

/* ---- Lists ---- */

static bool is_set_list(const struct row *row, const void *member)
{
	(void)row;
	return ((const struct list *)member)->item != NULL;
}

void *list_reserve(struct loader *loader, const struct node *node, size_t size, struct list *list)
{
	*list = (struct list){ arena_take(loader->arena, node->count * size + 1), 0 };
	if (!list->item)
		complain_memory(loader, node);
	return list->item;
}

static void read_list(struct loader *loader, const struct row *row, const struct node *node,
		      void *member)
{
	const struct shape *const shape = row->of;
	struct list *const list = member;
	char *item;

	if (!collection_expected(loader, node, NODE_LIST, row->key))
		return;
	item = list_reserve(loader, node, shape->size, list);
	for (const struct node *child = node->child; item && child;
	     child = child->next, item += shape->size) {
		shape_read(loader, shape, child, item);
		list->count++;
	}
}

static void print_list(struct printer *printer, const struct row *row, const void *member)
{
	const struct shape *const shape = row->of;
	const struct list *const list = member;

	if (!list->count)
		print_text(printer, " []");
	for (size_t i = 0; i < list->count; i++) {
		print_text(printer, "\n%*s- ", (int)printer->indent + 2, "");
		printer->indent += 4;
		shape_print(printer, shape, (const char *)list->item + i * shape->size);
		printer->indent -= 4;
	}
}

const struct value_type list_value = { read_list, print_list, is_set_list };

/* ---- Maps of named things ---- */

struct named {
	const struct node *at;
	const char *name;
};

static void read_named(struct loader *loader, const struct row *row, const struct node *node,
		       void *member)
{
	const struct shape *const shape = row->of;
	struct list *const list = member;
	char *item;

	if (!collection_expected(loader, node, NODE_MAP, row->key))
		return;
	item = list_reserve(loader, node, shape->size, list);
	for (const struct node *child = node->child; item && child;
	     child = child->next, item += shape->size) {
		shape_read(loader, shape, child, item);
		name_value.read(loader, row, child->key, &((struct named *)(void *)item)->name);
		list->count++;
	}
}

static void print_named(struct printer *printer, const struct row *row, const void *member)
{
	const struct shape *const shape = row->of;
	const struct list *const list = member;

	if (!list->count)
		print_text(printer, " {}");
	for (size_t i = 0; i < list->count; i++) {
		const void *const item = (const char *)list->item + i * shape->size;

		print_text(printer, "\n%*s%s:\n", (int)printer->indent + 2, "",
			   ((const struct named *)item)->name);
		printer->indent += 4;
		print_text(printer, "%*s", (int)printer->indent, "");
		shape_print(printer, shape, item);
		printer->indent -= 4;
	}
}

const struct value_type named_value = { read_named, print_named, is_set_list };

/* ---- Structures: eight words, or fields by name ---- */

static void read_words8(struct loader *loader, const struct row *row, const struct node *node,
			void *member)
{
	const struct row any = { .key = row->key, .max = UINT64_MAX };
	uint64_t *const word = arena_take(loader->arena, 8 * sizeof(*word));
	unsigned count = 0;

	if (!collection_expected(loader, node, NODE_LIST, row->key))
		return;
	if (!word) {
		complain_memory(loader, node);
		return;
	}
	if (node->count != 8) {
		COMPLAIN(loader, node, "%s is a list of 8 words; there are %zu", row->key,
			 node->count);
		return;
	}
	for (const struct node *child = node->child; child; child = child->next) {
		if (scalar_number(loader, &any, child, &word[count++]))
			return;
	}
	*(const uint64_t **)member = word;
}

static bool is_set_words8(const struct row *row, const void *member)
{
	(void)row;
	return *(const uint64_t *const *)member != NULL;
}

static void print_words8(struct printer *printer, const struct row *row, const void *member)
{
	const uint64_t *const word = *(const uint64_t *const *)member;

	(void)row;
	for (unsigned i = 0; i < 8; i++)
		print_text(printer, "%s0x%" PRIx64, i ? ", " : "[", word[i]);
	print_text(printer, "]");
}

const struct value_type words8_value = { read_words8, print_words8, is_set_words8 };

static void unknown_field(struct loader *loader, const struct smmu3_layout *layout,
			  const struct node *key)
{
	struct guess guess = { .text = key->text, .length = key->text_length };
	char text[80];

	for (unsigned i = 0; i < layout->fields; i++)
		guess_offer(&guess, layout->field[i].name);
	COMPLAIN(loader, key, "'%.64s' is no field of %s%s", key->text, layout->name,
		 guess_text(&guess, text, sizeof(text)));
}

/* A name that is no single field: RES0 and the like stand for many. */
static bool is_field_name(const char *name)
{
	static const struct word nameless[] = {
		{ "RES0", 0 }, { "IMPDEF", 0 }, { "IGNORED", 0 }, { NULL, 0 }
	};

	return !word_find(nameless, name, strlen(name));
}

static void read_field(struct loader *loader, const struct row *row, const struct node *node,
		       struct list *list)
{
	const struct smmu3_layout *const layout = smmu3_layout(row->of);
	const struct smmu3_field *const field = smmu3_field(layout, node->key->text);
	const struct row any = { .key = node->key->text, .max = UINT64_MAX };
	uint64_t scratch[8] = { 0 };
	struct field_setting *const setting = (struct field_setting *)list->item + list->count;

	*setting = (struct field_setting){ .at = node, .field = field };
	if (!field || !is_field_name(field->name))
		unknown_field(loader, layout, node->key);
	else if (scalar_number(loader, &any, node, &setting->value))
		return;
	else if (smmu3_field_set(scratch, field, setting->value))
		COMPLAIN(loader, node, "0x%" PRIx64 " does not fit %s.%s, bits %u to %u",
			 setting->value, layout->name, field->name, (unsigned)field->msb,
			 (unsigned)field->lsb);
	else
		list->count++;
}

static void read_fields(struct loader *loader, const struct row *row, const struct node *node,
			void *member)
{
	struct list *const list = member;

	if (!collection_expected(loader, node, NODE_MAP, row->key) ||
	    !list_reserve(loader, node, sizeof(struct field_setting), list))
		return;
	for (const struct node *child = node->child; child && !complaints_full(loader->complaints);
	     child = child->next)
		read_field(loader, row, child, list);
}

static void print_fields(struct printer *printer, const struct row *row, const void *member)
{
	const struct list *const list = member;
	const struct field_setting *const setting = list->item;

	(void)row;
	print_text(printer, "{");
	for (size_t i = 0; i < list->count; i++)
		print_text(printer, "%s%s: 0x%" PRIx64, i ? ", " : "", setting[i].field->name,
			   setting[i].value);
	print_text(printer, "}");
}

const struct value_type fields_value = { read_fields, print_fields, is_set_list };

/* ---- Printing ---- */

void print_text(struct printer *printer, const char *format, ...)
{
	char text[512];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length > 0 && !printer->code)
		printer->code = printer->write(printer->context, text, strlen(text));
}

/* Values that begin on a line of their own. */
static bool prints_lines(const struct row *row)
{
	return row->type == &map_value || row->type == &list_value || row->type == &named_value;
}

void shape_print(struct printer *printer, const struct shape *shape, const void *item)
{
	bool first = true;

	for (const struct row *row = shape->rows; row->key; row++) {
		const void *const member = (const char *)item + row->offset;

		if (row->type->is_set && !row->type->is_set(row, member))
			continue;
		if (!first)
			print_text(printer, "\n%*s", (int)printer->indent, "");
		print_text(printer, "%s:%s", row->key, prints_lines(row) ? "" : " ");
		row->type->print(printer, row, member);
		first = false;
	}
}
