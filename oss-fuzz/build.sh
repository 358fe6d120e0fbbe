#!/bin/bash -eu
# SPDX-License-Identifier: GPL-2.0-or-later
# What OSS-Fuzz runs in its container: every target of tests/fuzz/ with its corpus and
# dictionary, linked with the engine that it names. Those for crash dumps need libkdumpfile,
# which its image has not.
cd "$SRC/efimapctl"
meson setup build-oss -Dfuzz=true -Dfuzz_engine="$LIB_FUZZING_ENGINE" -Db_lundef=false \
	-Dsysfs=disabled -Dsmartcols=disabled -Darchive=disabled -Dvmcore=disabled \
	-Dwerror=false --default-library=static --prefer-static
for corpus in tests/fuzz/corpus/*/; do
	name=$(basename "$corpus")
	target=tests/fuzz/fuzz-$name
	case $name in
	flattened | vmcore) continue ;;
	esac
	ninja -C build-oss "$target"
	cp "build-oss/$target" "$OUT/"
	zip -qj "$OUT/fuzz-${name}_seed_corpus.zip" "$corpus"*
	if [ -e "tests/fuzz/dict/$name.dict" ]; then
		cp "tests/fuzz/dict/$name.dict" "$OUT/fuzz-$name.dict"
	fi
done
