// SPDX-License-Identifier: GPL-2.0-or-later
// Run SQL with the npm package @duckdb/node-api as the program duckdb does.
// usage: node duckdb.js [-list] [-noheader] DATABASE [-c SQL]
// Without -c, the SQL is read from standard input. The rows of the last statement are printed with
// "|" between the columns.
'use strict';
const fs = require('fs');
const { DuckDBInstance } = require('@duckdb/node-api');

async function main(words) {
	const at = words.indexOf('-c');
	const sql = at < 0 ? fs.readFileSync(0, 'utf8') : words[at + 1];
	const [database] = (at < 0 ? words : words.slice(0, at)).filter((w) => !w.startsWith('-'));
	const connection = await (await DuckDBInstance.create(database)).connect();
	const statements = await connection.extractStatements(sql);
	let rows = [];
	for (let i = 0; i < statements.count; i++)
		rows = (await (await statements.prepare(i)).runAndReadAll()).getRows();
	for (const row of rows)
		console.log(row.map((value) => (value === null ? '' : String(value))).join('|'));
	connection.closeSync();
}

main(process.argv.slice(2)).catch((error) => {
	console.error(error.message);
	process.exit(1);
});
