/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl predict: every virtual address recomputed beside the one in the map. What the
 * algorithm yields is the emulate room's business, what that means the check room's.
 */
#include <unistd.h>

#include "check/predict.h"
#include "cli/cli.h"
#include "format/emulation.h"
#include "model/traits.h"

struct predict {
	struct common common;
	const char *source;
	bool json;
	bool noheadings;
};

static const struct argp_option options[] = {
	{ "json", 'J', NULL, 0, "write a JSON document", 0 },
	{ "noheadings", 'n', NULL, 0, "write rows only: no headings, nothing below them", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct predict *predict = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &predict->common;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			usage_error(state, "too many sources: '%s'", arg);
		predict->source = common_file(state, "SOURCE", arg);
		return 0;
	case 'J':
		predict->json = true;
		return 0;
	case 'n':
		predict->noheadings = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp predict_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[SOURCE]",
	.doc = "Recompute every virtual address of a runtime map with the kernel's layout "
	       "algorithm, and say where the map differs. Status 1 when an address is one that "
	       "the algorithm cannot yield.",
	.children = common_children,
};

static enum status show(const struct predict *predict, const struct efimap *map)
{
	efimap_auto_prediction struct efimap_prediction prediction = { 0 };
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	const struct efimap_emulation_options how = {
		.headings = !predict->noheadings,
		.color = common_color(&predict->common),
		.verbose = predict->common.verbose,
	};
	enum status status;
	int ret = efimap_predict(map, &prediction);

	if (ret < 0)
		return say_errno(map->name, ret);
	if (predict->json)
		ret = efimap_prediction_write_json(map, &prediction.layout, prediction.report,
						   &out);
	else
		ret = efimap_prediction_write_text(map, &prediction.layout, prediction.report,
						   &how, &out);
	if (ret < 0 && !out.error)
		out.error = ret;
	status = output_end(&out);
	return status_worse(status, prediction.n_impossible ? STATUS_FINDINGS : STATUS_OK);
}

static enum status run(int argc, char **argv, const struct common *common)
{
	struct predict predict = { .common = *common };
	efimap_auto_map struct efimap *map = NULL;
	enum status status;

	common_parse(&predict_argp, argc, argv, 0, NULL, &predict);
	status = source_open_map(predict.source, &map);
	if (status != STATUS_OK)
		return status;
	/* kexec_load shuffles a map, so not even a bound can be computed. */
	if (map->map_from == EFIMAP_MAP_FROM_RECEIVED) {
		say("%s: the map that a kexec'ed kernel received: another kernel has chosen its "
		    "virtual addresses, and they cannot be computed from this log", map->name);
		return STATUS_NOT_APPLICABLE;
	}
	if (efimap_is_32bit_kernel(map)) {
		say("%s: a 32-bit kernel: it maps each region where its direct map or its ioremap "
		    "has it, and no algorithm tells where that is",
		    map->name);
		return STATUS_NOT_APPLICABLE;
	}
	return show(&predict, map);
}

const struct command cmd_predict = {
	.name = "predict",
	.summary = "recompute virtual addresses",
	.run = run,
};
