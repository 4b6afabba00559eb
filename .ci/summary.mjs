// Adds up the vitest reports in a folder: names what failed or was skipped, then prints "N passed, N failed".
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const files = reports.flatMap((report) => report.testResults);
const tests = files.flatMap((file) => file.assertionResults);

const byStatus = (...statuses) => tests.filter(({ status }) => statuses.includes(status));
const passed = byStatus('passed').length;
const skipped = byStatus('pending', 'skipped', 'todo', 'disabled');
const broken = files.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailure));
const failed = byStatus('failed').length + broken.length;

function isFailure({ status }) {
  return status === 'failed';
}

for (const test of byStatus('failed')) console.log(`failed: ${test.fullName}`);
for (const file of broken) console.log(`failed to run: ${file.name}`);
for (const test of skipped) console.log(`skipped, which is not allowed here: ${test.fullName}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || skipped.length > 0 || passed === 0 ? 1 : 0;
