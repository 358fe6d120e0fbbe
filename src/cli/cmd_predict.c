/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl predict: every virtual address recomputed beside the one in the map. What the
 * algorithm yields is the emulate room's business, what that means the check room's.
 */
#include <unistd.h>

#include "check/verify.h"
#include "cli/cli.h"
#include "format/format.h"
#include "model/traits.h"

static const struct command_option options[] = {
	OPTION_JSON(""),
	OPTION_NOHEADINGS,
	{ 0 },
};

static enum status show_prediction(const struct common *common, const struct efimap *map)
{
	efimap_auto_prediction struct efimap_prediction prediction = { 0 };
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	const struct efimap_text_options how = common_text(common);
	enum status status;
	int ret = efimap_predict(map, &prediction);

	if (ret < 0)
		return say_errno(map->name, ret);
	if (common->json)
		ret = efimap_prediction_write_json(map, &prediction.layout, prediction.report,
						   &out);
	else
		ret = efimap_prediction_write_text(map, &prediction.layout, prediction.report,
						   &how, &out);
	status = output_finish(NULL, 0644, ret, &out);
	return status_worse(status, prediction.layout.n_impossible ? STATUS_FINDINGS : STATUS_OK);
}

static enum status predict_run(void *args)
{
	const struct common *common = args;
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_open_map(common->source, &map);

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
	return show_prediction(common, map);
}

const struct command cmd_predict = {
	.name = "predict",
	.summary = "recompute virtual addresses",
	.options = options,
	.doc = "Recompute every virtual address of a runtime map with the kernel's layout "
	       "algorithm, and say where the map differs. Status 1 when an address is one that "
	       "the algorithm cannot yield.",
	.run = predict_run,
};
