/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measure the minimum cost of reading a JSON document: parse it with jansson, and discard the
 * result.
 */
#include <stdio.h>

#include <jansson.h>

int main(int argc, char **argv)
{
	static char text[4 << 20];
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	json_t *root;

	if (!file)
		return 2;
	root = json_loadb(text, fread(text, 1, sizeof(text), file), JSON_REJECT_DUPLICATES, NULL);
	if (!root)
		return 1;
	json_decref(root);
	return 0;
}
