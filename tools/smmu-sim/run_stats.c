/* SPDX-License-Identifier: MIT */
#include <smmu/decode.h>
#include <smmu/stats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "run.h"
#include "say.h"

static void add_figure(json_object *object, const struct smmu3_figure *figure, const void *stats)
{
	uint64_t value;

	memcpy(&value, (const char *)stats + figure->offset, sizeof(value));
	if (value)
		json_count(object, figure->name, value);
}

static json_object *figures_of(const struct smmu3_stats *stats)
{
	json_object *figures = json_new();
	const struct smmu3_figure *figure;

	for (size_t i = 0; (figure = smmu3_stats_figure(i)); i++)
		add_figure(figures, figure, stats);
	return figures;
}

/* ---- StreamIDs, ascending ---- */

struct rows {
	struct smmu3_stream_stats *row;
	size_t count;
};

static int add_row(void *context, const struct smmu3_stream_stats *stats)
{
	struct rows *rows = context;
	struct smmu3_stream_stats *grown = realloc(rows->row,
						   (rows->count + 1) * sizeof(*rows->row));

	if (!grown)
		out_of_memory();
	rows->row = grown;
	rows->row[rows->count++] = *stats;
	return 0;
}

static int by_sid(const void *one, const void *other)
{
	const struct smmu3_stream_stats *a = one, *b = other;

	if (a->sec_sid != b->sec_sid)
		return a->sec_sid < b->sec_sid ? -1 : 1;
	return (a->sid > b->sid) - (a->sid < b->sid);
}

static json_object *row_of(const struct smmu3_stream_stats *stats)
{
	json_object *object = json_new();
	const struct smmu3_figure *figure;

	json_hex(object, "sid", stats->sid);
	json_text(object, "sec_sid", smmu3_pas_name((unsigned)stats->sec_sid));
	for (size_t i = 0; (figure = smmu3_stream_figure(i)); i++)
		add_figure(object, figure, stats);
	return object;
}

static json_object *streams_of(struct smmu3 *smmu)
{
	struct rows rows = { 0 };
	json_object *list = json_list();

	smmu3_stats_streams(smmu, add_row, &rows);
	if (rows.count)
		qsort(rows.row, rows.count, sizeof(*rows.row), by_sid);
	for (size_t i = 0; i < rows.count; i++)
		json_append(list, row_of(&rows.row[i]));
	free(rows.row);
	return list;
}

/* ---- The whole ---- */

json_object *run_stats(const struct run *run)
{
	json_object *list = json_list();
	struct smmu3 *smmu;

	for (size_t i = 0; (smmu = smmu3_machine_smmu(run->machine, i)); i++) {
		json_object *object = json_new();
		struct smmu3_stats stats;

		(void)smmu3_stats_read(smmu, &stats);
		json_text(object, "smmu", smmu3_machine_smmu_name(run->machine, i));
		json_add(object, "figures", figures_of(&stats));
		json_add(object, "streams", streams_of(smmu));
		json_append(list, object);
	}
	return list;
}

static void print_figures(json_object *figures)
{
	json_object_object_foreach(figures, name, value)
		printf("  %-24s %s\n", name, json_object_get_string(value));
}

static void print_stream(json_object *stream)
{
	const char *state = json_string(stream, "sec_sid");

	printf("  sid %s%s%s:", json_string(stream, "sid"), strcmp(state, "ns") ? " " : "",
	       strcmp(state, "ns") ? state : "");
	json_object_object_foreach(stream, name, value) if (strcmp(name, "sid") != 0 &&
							    strcmp(name, "sec_sid") != 0)
		printf(" %s=%s", name, json_object_get_string(value));
	putchar('\n');
}

void run_stats_print(json_object *stats)
{
	for (size_t i = 0; i < json_object_array_length(stats); i++) {
		json_object *object = json_object_array_get_idx(stats, i);
		json_object *streams = json_array(object, "streams");

		printf("statistics of %s:\n", json_string(object, "smmu"));
		print_figures(json_object_object_get(object, "figures"));
		for (size_t n = 0; n < json_object_array_length(streams); n++)
			print_stream(json_object_array_get_idx(streams, n));
	}
}
