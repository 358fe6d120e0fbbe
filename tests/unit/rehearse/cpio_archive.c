/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "cpio_archive.h"

#define MAP "sys/firmware/efi/runtime-map/0/"

static char sent[8192];
static size_t n_sent;

static void put(const char *name, const char *content)
{
	n_sent += (size_t)snprintf(sent + n_sent, sizeof(sent) - n_sent,
				   "070701%048x%08zx%032x%08zx%08x%s", 0, strlen(content), 0,
				   strlen(name) + 1, 0, name) +
		  1;
	for (; n_sent % 4; n_sent++)
		sent[n_sent] = '\0';
	memcpy(sent + n_sent, content, strlen(content));
	for (n_sent += strlen(content); n_sent % 4; n_sent++)
		sent[n_sent] = '\0';
}

static void put_files(void)
{
	put(MAP "type", "0x5\n");
	put(MAP "attribute", "0x800000000000000f\n");
	put(MAP "phys_addr", "0x7a000000\n");
	put(MAP "virt_addr", "0xfffffffeff000000\n");
	put(MAP "num_pages", "0x2\n");
	put("../../proc/cmdline", "elsewhere\n");
	put("proc/version", "Linux version 6.1.0-56-amd64 (x)\n");
}

static void put_machine(void)
{
	put_files();
	put("TRAILER!!!", "");
}

static struct efimap *read_bytes(size_t size, int error)
{
	struct err err = EFIMAP_ERR_INIT;
	const char *at = sent;
	auto_recording struct recording recording = { 0 };
	struct efimap *map = NULL;

	if (archive_read(&at, sent + size, &recording, &map, &err) != -error)
		fail_msg("%zu bytes: expected the error %d: %s", size, error, err.text);
	return map;
}

/* If a guest's kernel has started another kernel, both have sent an archive. */
TEST(reads_all_archives)
{
	struct err err = EFIMAP_ERR_INIT;
	const char *at = sent;
	struct efimap *map;

	n_sent = 0;
	put_machine();
	put_machine();
	for (int i = 0; i < 3; i++) {
		auto_recording struct recording recording = { 0 };

		assert_int_equal(archive_read(&at, sent + n_sent, &recording, &map, &err), 0);
		assert_int_equal(map != NULL, i < 2);
		if (!map)
			continue;
		assert_int_equal(map->n_entries, 1);
		assert_int_equal(map->entries[0].virt, 0xfffffffeff000000);
		assert_string_equal(map->release.text, "6.1.0-56-amd64");
		/* Files outside of the tree are ignored. */
		assert_string_equal(map->cmdline, "");
		capture_free(map);
	}
}

/* Entry 0, a file with the name of entry 1, and entry 10 are next to each other when sorted. */
TEST(reads_directories)
{
	auto_map struct efimap *map = NULL;

	n_sent = 0;
	put("sys/firmware/efi/runtime-map/10/type", "0x6\n");
	put("sys/firmware/efi/runtime-map/1", "");
	put_files();
	put(MAP "type", "0xb\n");
	put("sys/firmware/efi/runtime-map/0/type/below", "");
	put("TRAILER!!!", "");
	map = read_bytes(n_sent, 0);
	assert_int_equal(map->n_entries, 1);
	/* The first of two members with the same name is used. */
	assert_int_equal(map->entries[0].type, 5);
	/* Entry 1 is not missing, but cannot be read. */
	assert_int_equal(map->n_names, 3);
	assert_int_equal(map->names[2], 10);
}

TEST(needs_the_trailer)
{
	n_sent = 0;
	put_machine();
	for (size_t size = 0; size < n_sent; size++)
		assert_null(read_bytes(size, 0));
	capture_free(read_bytes(n_sent, 0));
}

/* A byte to change in the first header or in the name after it */
struct damage {
	size_t at;
	char byte;
};

TEST(refuses_invalid_bytes)
{
	static const struct damage damages[] = {
		{ 0, '1' },  { 5, '2' },   { 54, 'x' },
		{ 94, '-' }, { 101, '1' }, { 110 + sizeof(MAP "type") - 1, 'x' },
	};

	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		n_sent = 0;
		put_machine();
		sent[damages[i].at] = damages[i].byte;
		assert_null(read_bytes(n_sent, EBADMSG));
	}
}

TEST(waits_for_the_announced_size)
{
	n_sent = 0;
	put_machine();
	memset(sent + 54, 'f', 8);
	assert_null(read_bytes(n_sent, 0));
	memset(sent + 94, 'f', 8);
	assert_null(read_bytes(n_sent, 0));
}
