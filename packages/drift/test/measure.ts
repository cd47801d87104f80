import { compare, compareAll, Lessons, DRIFT_KINDS } from '@calltape/drift';
import { callsOf, changed, objectType, randomOf, type Type } from './api-model.ts';

const learned = (type: Type, n: number, random: () => number): Lessons => {
  const lessons = new Lessons();
  for (const call of callsOf(type, n, random)) lessons.add(call);
  return lessons;
};
const [from = 1, count = 100, lo = 15, hi = 40] = process.argv.slice(2, 6).map(Number);
const verbose = process.argv[6];
let alarms = 0, right = 0, severe = 0, severityRight = 0, controls = 0, falseControls = 0, falseLoud = 0, clear = 0, clearFound = 0;
const by = new Map<string, [number, number, number]>();
const wrong = new Map<string, number>();
for (let seed = from; seed < from + count; seed += 1) {
  const random = randomOf(seed * 7919);
  const type = objectType(random);
  const n = () => Math.floor(lo + random() * (hi - lo));
  const before = learned(type, n(), random);
  const same = compare(before, learned(type, n(), random));
  controls += 1;
  if (same.length > 0) { falseControls += 1; if (same.some((d) => d.severity !== 'info')) falseLoud += 1; }
  for (const d of same) { wrong.set('control ' + d.kind, (wrong.get('control ' + d.kind) ?? 0) + 1); if (verbose === 'wrong') console.log(seed, d.kind, d.location, d.was, d.is, d.before, d.after, d.chance); }
  for (const kind of DRIFT_KINDS) {
    const result = changed(type, kind, random);
    if (result === undefined) continue;
    const { change } = result;
    const { drifts, notes } = compareAll(before, learned(result.type, n(), random));
    const row = by.get(kind) ?? [0, 0, 0];
    by.set(kind, row);
    row[0] += 1;
    const hit = drifts.find((d) => d.kind === change.kind && d.location === change.location);
    if (hit) row[1] += 1;
    if (change.isClear && change.severity === 'breaking') { clear += 1; if (hit) clearFound += 1; else if (verbose === 'missed') console.log(seed, change, notes.find((d) => d.location === change.location), drifts.map((d) => d.kind + d.location)); }
    if (!hit && verbose === kind) console.log(seed, change, notes.filter((d) => d.location.includes(change.location)).map((d) => [d.kind, d.location, d.before, d.after, d.chance]), drifts.map((d) => [d.kind, d.location]));
    if (hit && hit.severity === change.severity) severityRight += 1; else if (hit && verbose === 'severity') console.log(seed, change, hit.severity, hit.was, hit.is);
    if (hit) severe += 1;
    for (const d of drifts) {
      alarms += 1;
      if (d === hit || d.location.startsWith(change.location)) { right += 1; if (d !== hit) row[2] += 1; }
      else { wrong.set(kind + ' > ' + d.kind, (wrong.get(kind + ' > ' + d.kind) ?? 0) + 1); if (verbose === 'wrong') console.log(seed, change, d.kind, d.location, d.was, d.is, d.before, d.after, d.chance); }
    }
  }
}
for (const [kind, [all, found, other]] of by) console.log(kind.padEnd(20), `${found}/${all}`, ((100 * found) / all).toFixed(0) + ' %', 'other at place', other);
const recalls = [...by.values()].map(([a, f]) => f / a);
console.log('precision', (right / alarms).toFixed(3), 'control false', (falseControls / controls).toFixed(3), 'loud', (falseLoud / controls).toFixed(3), 'clear', (clearFound / clear).toFixed(3), clear, 'mean recall', (recalls.reduce((a, b) => a + b) / recalls.length).toFixed(3), 'severity', (severityRight / severe).toFixed(3));
console.log(Object.fromEntries([...wrong].sort((a, b) => b[1] - a[1]).slice(0, 15)));
