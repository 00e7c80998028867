/* SPDX-License-Identifier: MIT */
#include "view.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "say.h"

struct view {
	struct libscols_table *table;
	const struct view_column *columns;
	size_t count;
	const char *children;
};

static void add_rows(const struct view *view, json_object *rows, struct libscols_line *parent);

static void add_row(const struct view *view, json_object *row, struct libscols_line *parent)
{
	struct libscols_line *line = scols_table_new_line(view->table, parent);

	if (!line)
		out_of_memory();
	for (size_t i = 0; i < view->count; i++) {
		const struct view_column *column = &view->columns[i];
		const char *key = parent && column->child_key ? column->child_key : column->key;

		if (scols_line_set_data(line, i, json_string(row, key)))
			out_of_memory();
	}
	json_object *below = view->children ? json_array(row, view->children) : NULL;

	if (below)
		add_rows(view, below, line);
}

static void add_rows(const struct view *view, json_object *rows, struct libscols_line *parent)
{
	for (size_t i = 0; i < json_object_array_length(rows); i++)
		add_row(view, json_object_array_get_idx(rows, i), parent);
}

/* The same bytes wherever they go: no terminal is asked for its width, and branches are ASCII. */
static struct libscols_table *plain_table(void)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		out_of_memory();
	if (scols_table_enable_ascii(table, 1) || scols_table_enable_minout(table, 1) ||
	    scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER) ||
	    scols_table_set_column_separator(table, "  ") || scols_table_set_stream(table, stdout))
		out_of_memory();
	return table;
}

struct view *view_open(const struct view_column *columns, size_t count, const char *children)
{
	struct view *view = calloc(1, sizeof(*view));

	if (!view)
		out_of_memory();
	*view = (struct view){ plain_table(), columns, count, children };
	for (size_t i = 0; i < count; i++) {
		const int flags = (columns[i].flags & VIEW_RIGHT ? SCOLS_FL_RIGHT : 0) |
				  (columns[i].flags & VIEW_TREE ? SCOLS_FL_TREE : 0);

		if (!scols_table_new_column(view->table, columns[i].title, 0, flags))
			out_of_memory();
	}
	return view;
}

void view_add(struct view *view, json_object *row)
{
	add_row(view, row, NULL);
}

/* Where memory ends libsmartcols may print blanks for words, and not say so. */
static bool print(struct libscols_table *table)
{
	errno = 0;
	return !scols_print_table(table) && errno != ENOMEM;
}

void view_close(struct view *view)
{
	if (scols_table_get_nlines(view->table) && !print(view->table) && !ferror(stdout))
		out_of_memory();
	scols_unref_table(view->table);
	free(view);
}

void view_rows(json_object *rows, const struct view_column *columns, size_t count,
	       const char *children)
{
	struct view *view = view_open(columns, count, children);

	add_rows(view, rows, NULL);
	view_close(view);
}
