/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <unistd.h>

#include "test.h"
#include "base/cleanup.h"
#include "document/snapshot.h"
#include "input/json/read_baseline.h"
#include "rules/baseline.h"

#define PRINT "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int read_text(const char *text, size_t len, struct efimap_baseline **ret_baseline,
		     struct efimap_err *err)
{
	char path[] = "/tmp/efimap-baseline-XXXXXX";
	int fd = mkstemp(path), ret;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	ret = efimap_baseline_read(path, ret_baseline, err);
	unlink(path);
	return ret;
}

TEST(written_and_read)
{
	static uint64_t phys[] = { 0, 0x1000, UINT64_MAX };
	const struct efimap_accepted rows[] = {
		{ .rule = efimap_rule_get(EFIMAP_RULE_TABLE_IN_RAM), .severity = EFIMAP_ERROR,
		  .phys = phys, .n_phys = 3 },
		{ .rule = efimap_rule_get(EFIMAP_RULE_RSDP_MISSING),
		  .comment = "why \xe2\x82\xac" },
	};
	struct efimap_baseline *baseline efimap_auto_baseline, *back efimap_auto_baseline;
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_out again efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_machine *machine;

	assert_int_equal(efimap_baseline_new(&baseline), 0);
	assert_int_equal(efimap_baseline_add_machine(baseline, &machine), 0);
	machine->fingerprint = PRINT;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(efimap_baseline_add_accepted(baseline, machine, &rows[i]), 0);
	assert_int_equal(efimap_baseline_add_machine(baseline, &machine), 0);
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		machine->dmi[i] = " x ";
	machine->comment = "all";
	assert_int_equal(efimap_baseline_write(baseline, "/", &out), 0);
	if (read_text(out.data, out.used, &back, &err))
		fail_msg("%s", err.text);
	assert_int_equal(back->n_machines, 2);
	assert_int_equal(back->n_rows, 2);
	assert_int_equal(back->machines[0].accepted[0].phys[2], UINT64_MAX);
	assert_int_equal(back->machines[0].accepted[1].n_phys, 0);
	assert_int_equal(efimap_baseline_write(back, "/", &again), 0);
	assert_int_equal(again.used, out.used);
	assert_memory_equal(again.data, out.data, out.used);
}

TEST(order_and_limit)
{
	static const char head[] = "{\"document\":\"efimap-baseline\",\"version\":1,\"machines\":"
				   "[{\"match\":{\"fingerprint\":\"" PRINT "\"},\"accepted\":[",
			  row[] = "{\"rule\":\"rsdp-missing\",\"severity\":\"note\",\"phys_addr\":"
				  "[\"0x2\",\"0x1\"]}",
			  middle[] = "]},{\"match\":{\"fingerprint\":\"" PRINT "\"},\"accepted\":[",
			  tail[] = "]}]}";

	for (size_t over = 0; over < 2; over++) {
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		struct efimap_baseline *baseline efimap_auto_baseline = NULL;
		struct efimap_err err = EFIMAP_ERR_INIT;

		efimap_out_puts(&out, head);
		for (size_t i = 0; i < EFIMAP_BASELINE_MAX_ROWS; i++) {
			efimap_out_puts(&out, i ? "," : "");
			efimap_out_puts(&out, row);
		}
		efimap_out_puts(&out, middle);
		efimap_out_puts(&out, over ? row : "");
		efimap_out_puts(&out, tail);
		assert_int_equal(read_text(out.data, out.used, &baseline, &err),
				 over ? -EBADMSG : 0);
		if (over) {
			assert_non_null(strstr(err.text, "machines[1].accepted: more than 20000 "
							 "findings in the document"));
			continue;
		}
		assert_int_equal(baseline->machines[0].accepted[9].phys[0], 1);
		assert_int_equal(baseline->machines[0].accepted[9].phys[1], 2);
	}
}
