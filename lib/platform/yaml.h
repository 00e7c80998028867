/* SPDX-License-Identifier: MIT */
/* A YAML document as a tree whose every value knows its place, within bounds. */
#ifndef SMMU_PLATFORM_YAML_H
#define SMMU_PLATFORM_YAML_H

#include "platform/arena.h"
#include "platform/diag.h"

enum {
	YAML_BYTES_MOST = 64 << 20,
	YAML_NODES_MOST = 1 << 20,
	YAML_DEPTH_MOST = 32,
	YAML_SCALAR_MOST = 4096,
};

enum node_kind {
	NODE_SCALAR,
	NODE_LIST,
	NODE_MAP,
};

struct node {
	enum node_kind kind;
	bool plain; /* scalar: without quotes */
	unsigned line, column, length;
	size_t count;     /* children */
	const char *text; /* scalar, NUL-terminated, without NUL inside */
	size_t text_length;
	const struct node *key;    /* where this is a value of a map */
	struct node *child, *next; /* in the order of the text */
};

/* The one document of a source, or NULL after a complaint. */
const struct node *yaml_read(const struct source *source, struct arena *arena,
			     struct complaints *complaints);

/* The value of a key of a map, or NULL. */
const struct node *node_value(const struct node *map, const char *key);

static inline struct place node_place(const struct source *source, const struct node *node)
{
	return (struct place){ source, node->line, node->column, node->length };
}

#endif
