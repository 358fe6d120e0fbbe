/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Set the values that sentences about loads contain. */
#include <inttypes.h>

#include "rules/load_rules.h"

void report_kernel(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;

	if (load->is_assumed && *load->release.text)
		set_format(match, VALUE_KERNEL, "kernel %s (assumed)", load->release.text);
	else if (*load->release.text)
		set_format(match, VALUE_KERNEL, "kernel %s", load->release.text);
	else if (load->plan.image)
		set_text(match, VALUE_KERNEL, mark_data(match, load->plan.image->name));
	else
		set_text(match, VALUE_KERNEL, "the next kernel");
	if (load->release.major)
		set_format(match, VALUE_VERSION, "Linux %u.%u", load->release.major,
			   load->release.minor);
	else
		set_text(match, VALUE_VERSION, "the kernel");
	set_text(match, VALUE_LOADER, loader_call(load->loader));
}

/* Round the needed size up and the available size down, so that the message shows a difference. */
void report_memory(struct match *match, uint64_t needed, uint64_t available)
{
	set_format(match, VALUE_NEEDED, "%" PRIu64 " MiB", needed_mib(needed));
	set_format(match, VALUE_AVAILABLE, "%" PRIu64 " MiB", available / MIB);
}

void report_image_size(const struct facts_for_rules *c, struct match *match)
{
	set_number(match, VALUE_BYTES, c->load->image_size);
	set_number(match, VALUE_EXPECTED, c->load->plan.image->file_size);
}
