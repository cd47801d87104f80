import { compareAll, Lessons, DRIFT_KINDS } from '@calltape/drift';
import { callsOf, changed, objectType, randomOf, type Type } from './api-model.ts';
const learned = (type: Type, n: number, random: () => number): Lessons => {
  const lessons = new Lessons();
  for (const call of callsOf(type, n, random)) lessons.add(call);
  return lessons;
};
const [from = 1, count = 100, lo = 15, hi = 40] = process.argv.slice(2, 6).map(Number);
const rows: { kind: string; sev: string; weak: boolean; chance: number; ok: number; seed: number }[] = [];
for (let seed = from; seed < from + count; seed += 1) {
  const random = randomOf(seed * 7919);
  const type = objectType(random);
  const n = () => Math.floor(lo + random() * (hi - lo));
  const before = learned(type, n(), random);
  const push = (r: ReturnType<typeof compareAll>, loc: string | null, kind: string) => {
    for (const d of [...r.drifts, ...r.notes]) rows.push({ kind: d.kind, sev: d.severity, weak: d.before.count > 0, chance: d.chance, seed, ok: loc === null ? -1 : d.kind === kind && d.location === loc ? 1 : d.location.startsWith(loc) ? 2 : 0 });
  };
  for (let i = 0; i < 4; i++) push(compareAll(before, learned(type, n(), random)), null, '');
  for (const kind of DRIFT_KINDS) {
    const result = changed(type, kind, random);
    if (result === undefined) continue;
    push(compareAll(before, learned(result.type, n(), random)), result.change.location, kind);
  }
}
console.log('kind/weak: false in controls (per control) at <.01 .003 .001 .0003 | true found at the same');
const keys = [...new Set(rows.map((r) => `${r.kind} ${r.weak}`))].sort();
for (const key of keys) {
  const here = rows.filter((r) => `${r.kind} ${r.weak}` === key);
  const at = (ok: number[], c: number) => here.filter((r) => ok.includes(r.ok) && r.chance < c).length;
  const cs = [0.05, 0.01, 0.003, 0.001, 0.0003, 0.0001];
  console.log(key.padEnd(26), 'false', cs.map((c) => at([-1], c)).join(' ').padEnd(24), 'true', cs.map((c) => at([1], c)).join(' '), 'of', here.filter((r) => r.ok === 1).length);
}
