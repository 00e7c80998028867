/* SPDX-License-Identifier: MIT */
#include "platform/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* A document under construction: the collections that are open, the innermost last. */
struct reading {
	const struct source *source;
	struct arena *arena;
	struct complaints *complaints;
	struct node *open[YAML_DEPTH_MOST];
	struct node *last[YAML_DEPTH_MOST]; /* newest child of each */
	struct node *key[YAML_DEPTH_MOST];  /* of a map: read, its value not yet */
	unsigned depth, nodes;
	struct node *root;
	bool ended;
};

static struct place mark_place(const struct reading *reading, yaml_mark_t mark, size_t length)
{
	return (struct place){ reading->source, (unsigned)mark.line + 1, (unsigned)mark.column + 1,
			       (unsigned)length };
}

static int refuse(struct reading *reading, const yaml_event_t *event, const char *sentence)
{
	complain(reading->complaints, -SMMU3_E_FORMAT, mark_place(reading, event->start_mark, 0),
		 "%s", sentence);
	return -1;
}

static int out_of_memory(struct reading *reading, const yaml_event_t *event)
{
	complain(reading->complaints, -SMMU3_E_MEMORY, mark_place(reading, event->start_mark, 0),
		 "out of memory");
	return -1;
}

/* ---- Errors of the YAML itself ---- */

/* What a line that is indented wrongly is to libyaml. */
static const char *indentation_hint(const char *problem)
{
	const bool indented = problem &&
			      (!strcmp(problem, "mapping values are not allowed in this context") ||
			       !strcmp(problem, "did not find expected '-' indicator") ||
			       !strcmp(problem, "did not find expected key"));

	return indented ? "; is the line indented like its neighbours?" : "";
}

/* The reader gives a byte offset where the scanner gives a mark. */
static void malformed(struct reading *reading, const yaml_parser_t *parser)
{
	struct place place = mark_place(reading, parser->problem_mark, 0);

	if (parser->error == YAML_MEMORY_ERROR) {
		complain(reading->complaints, -SMMU3_E_MEMORY, place, "out of memory");
		return;
	}
	if (parser->error == YAML_READER_ERROR)
		place = place_at(reading->source, parser->problem_offset);
	complain(reading->complaints, -SMMU3_E_FORMAT, place, "%s%s%s%s",
		 parser->problem ? parser->problem : "malformed", parser->context ? " " : "",
		 parser->context ? parser->context : "", indentation_hint(parser->problem));
	if (parser->context && parser->context_mark.line != parser->problem_mark.line)
		remark(reading->complaints, mark_place(reading, parser->context_mark, 0), "%s",
		       parser->context);
}

/* ---- Keys ---- */

static int compare_keys(const void *a, const void *b)
{
	const struct node *const left = (*(const struct node *const *)a)->key;
	const struct node *const right = (*(const struct node *const *)b)->key;
	const int order = strcmp(left->text, right->text);

	return order ? order :
	       left->line != right->line ?
		       (left->line > right->line) - (left->line < right->line) :
		       (left->column > right->column) - (left->column < right->column);
}

static void complain_of_twins(struct reading *reading, const struct node **value, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct node *const key = value[i]->key;

		if (!strcmp(value[i - 1]->key->text, key->text))
			complain(reading->complaints, -SMMU3_E_FORMAT,
				 node_place(reading->source, key),
				 "duplicate key '%.64s' (first set on line %u)", key->text,
				 value[i - 1]->key->line);
	}
}

/* By sorting, since a map may have a hundred thousand keys. */
static int check_twins(struct reading *reading, const struct node *map)
{
	const struct node **const value = malloc((map->count + 1) * sizeof(const struct node *));
	size_t count = 0;

	if (!value) {
		complain(reading->complaints, -SMMU3_E_MEMORY, node_place(reading->source, map),
			 "out of memory");
		return -1;
	}
	for (const struct node *child = map->child; child; child = child->next)
		value[count++] = child;
	qsort(value, count, sizeof(const struct node *), compare_keys);
	complain_of_twins(reading, value, count);
	free(value);
	return 0;
}

/* ---- Nodes ---- */

static struct node *new_node(struct reading *reading, const yaml_event_t *event,
			     enum node_kind kind)
{
	struct node *const node = arena_take(reading->arena, sizeof(*node));

	if (!node) {
		(void)out_of_memory(reading, event);
		return NULL;
	}
	if (++reading->nodes > YAML_NODES_MOST) {
		(void)refuse(reading, event,
			     "too many values: a configuration has at most 1048576");
		return NULL;
	}
	node->kind = kind;
	node->line = (unsigned)event->start_mark.line + 1;
	node->column = (unsigned)event->start_mark.column + 1;
	node->length = event->end_mark.line == event->start_mark.line ?
			       (unsigned)(event->end_mark.column - event->start_mark.column) :
			       1;
	return node;
}

/* Puts a node where the text has it: the root, the next of a list, the next key or value of a map.
 */
static int attach(struct reading *reading, const yaml_event_t *event, struct node *node)
{
	const unsigned top = reading->depth - 1;
	struct node *parent;

	if (!reading->depth) {
		reading->root = node;
		return 0;
	}
	parent = reading->open[top];
	if (parent->kind == NODE_MAP && !reading->key[top]) {
		reading->key[top] = node;
		return node->kind == NODE_SCALAR ? 0 : refuse(reading, event, "a key is one word");
	}
	node->key = reading->key[top];
	reading->key[top] = NULL;
	if (reading->last[top])
		reading->last[top]->next = node;
	else
		parent->child = node;
	reading->last[top] = node;
	parent->count++;
	return 0;
}

static int on_scalar(struct reading *reading, const yaml_event_t *event)
{
	const char *const text = (const char *)event->data.scalar.value;
	const size_t length = event->data.scalar.length;
	struct node *const node = new_node(reading, event, NODE_SCALAR);

	if (!node)
		return -1;
	if (event->data.scalar.anchor)
		return refuse(reading, event, "no anchors or aliases");
	if (event->data.scalar.tag)
		return refuse(reading, event, "no tags");
	if (length > YAML_SCALAR_MOST || memchr(text, '\0', length))
		return refuse(reading, event, "a value has at most 4096 bytes, and no NUL");
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->text = arena_copy(reading->arena, text, length);
	node->text_length = length;
	return node->text ? attach(reading, event, node) : out_of_memory(reading, event);
}

static int on_start(struct reading *reading, const yaml_event_t *event, enum node_kind kind)
{
	const bool map = kind == NODE_MAP;
	const void *const anchor = map ? event->data.mapping_start.anchor :
					 event->data.sequence_start.anchor;
	const void *const tag = map ? event->data.mapping_start.tag :
				      event->data.sequence_start.tag;
	struct node *const node = new_node(reading, event, kind);

	if (!node)
		return -1;
	if (anchor || tag)
		return refuse(reading, event, anchor ? "no anchors or aliases" : "no tags");
	if (attach(reading, event, node))
		return -1;
	if (reading->depth == YAML_DEPTH_MOST)
		return refuse(reading, event, "nested too deeply: at most 32 levels");
	reading->open[reading->depth] = node;
	reading->last[reading->depth] = NULL;
	reading->key[reading->depth] = NULL;
	reading->depth++;
	return 0;
}

static int on_end(struct reading *reading)
{
	const struct node *const node = reading->open[--reading->depth];

	return node->kind == NODE_MAP ? check_twins(reading, node) : 0;
}

/* Returns 0 to go on, 1 at the end, -1 after a complaint. */
static int on_event(struct reading *reading, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_STREAM_END_EVENT:
		return 1;
	case YAML_DOCUMENT_START_EVENT:
		return reading->ended ? refuse(reading, event, "one document only") : 0;
	case YAML_DOCUMENT_END_EVENT:
		reading->ended = true;
		return 0;
	case YAML_ALIAS_EVENT:
		return refuse(reading, event, "no anchors or aliases");
	case YAML_SCALAR_EVENT:
		return on_scalar(reading, event);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(reading, event, NODE_LIST);
	case YAML_MAPPING_START_EVENT:
		return on_start(reading, event, NODE_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return on_end(reading);
	default:
		return 0;
	}
}

static int read_events(struct reading *reading, yaml_parser_t *parser)
{
	int code = 0;

	while (!code) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event)) {
			malformed(reading, parser);
			return -1;
		}
		code = on_event(reading, &event);
		yaml_event_delete(&event);
	}
	return code < 0 ? -1 : 0;
}

const struct node *yaml_read(const struct source *source, struct arena *arena,
			     struct complaints *complaints)
{
	static const char bom[] = "\xef\xbb\xbf";
	const size_t skip = source->size >= 3 && !memcmp(source->text, bom, 3) ? 3 : 0;
	struct reading reading = { .source = source, .arena = arena, .complaints = complaints };
	yaml_parser_t parser;
	int code;

	if (!yaml_parser_initialize(&parser)) {
		complain(complaints, -SMMU3_E_MEMORY, (struct place){ source, 1, 1, 0 },
			 "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)source->text + skip,
				     source->size - skip);
	code = read_events(&reading, &parser);
	yaml_parser_delete(&parser);
	if (!code && !reading.root)
		complain(complaints, -SMMU3_E_FORMAT, (struct place){ source, 1, 1, 0 },
			 "nothing in it: a configuration begins with 'version: 1'");
	return code ? NULL : reading.root;
}

const struct node *node_value(const struct node *map, const char *key)
{
	const struct node *child = map && map->kind == NODE_MAP ? map->child : NULL;

	while (child && strcmp(child->key->text, key) != 0)
		child = child->next;
	return child;
}
