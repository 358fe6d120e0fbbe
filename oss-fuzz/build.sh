#!/bin/bash -eu
# SPDX-License-Identifier: GPL-2.0-or-later
# OSS-Fuzz runs this script in its container. It builds the targets of tests/fuzz/, each with its
# corpus and dictionary, linked with the given engine.
cd "$SRC/efimapctl"
meson setup build-oss -Dfuzz=true -Dfuzz_engine="$LIB_FUZZING_ENGINE" -Db_lundef=false \
	-Dsysfs=disabled \
	-Dwerror=false --default-library=static --prefer-static
ninja -C build-oss tests/fuzz/captures.stamp
for source in tests/fuzz/fuzz-*.c; do
	name=$(basename "$source" .c)
	name=${name#fuzz-}
	target=tests/fuzz/fuzz-$name
	corpora=("tests/fuzz/corpus/$name")
	! grep -q '"capture.h"' "$source" ||
		corpora=(tests/fuzz/corpus/captures build-oss/tests/fuzz/captures)
	ninja -C build-oss "$target"
	cp "build-oss/$target" "$OUT/"
	zip -qjr "$OUT/fuzz-${name}_seed_corpus.zip" "${corpora[@]}"
	if [ -e "tests/fuzz/dict/$name.dict" ]; then
		cp "tests/fuzz/dict/$name.dict" "$OUT/fuzz-$name.dict"
	fi
done
