import { writeFileSync } from 'node:fs';
import { compareAll, Lessons, DRIFT_KINDS } from '@calltape/drift';
import { callsOf, changed, objectType, randomOf, type Type } from './api-model.ts';
const learned = (type: Type, n: number, random: () => number): Lessons => {
  const lessons = new Lessons();
  for (const call of callsOf(type, n, random)) lessons.add(call);
  return lessons;
};
const [from = 1, count = 100, lo = 15, hi = 40] = process.argv.slice(2, 6).map(Number);
const trials: unknown[] = [];
const places = (type: Type): number => {
  if (type.kind === 'object') return type.fields.reduce((s, f) => s + 1 + places(f.type), 0);
  if (type.kind === 'array') return places(type.items);
  if (type.kind === 'map') return places(type.values);
  if (type.kind === 'union') return [...type.variants.values()].flat().reduce((s, f) => s + 1 + places(f.type), 0);
  return 0;
};
for (let seed = from; seed < from + count; seed += 1) {
  const random = randomOf(seed * 7919);
  const type = objectType(random);
  const n = () => Math.floor(lo + random() * (hi - lo));
  const before = learned(type, n(), random);
  const P = places(type);
  const push = (r: ReturnType<typeof compareAll>, change: unknown) => trials.push({ seed, P, change, found: [...r.drifts, ...r.notes].filter((d) => d.chance < 0.06).map((d) => ({ kind: d.kind, location: d.location, k: d.before.count, n: d.before.of, m: d.after.count, M: d.after.of, chance: d.chance, sev: d.severity, was: d.was, is: d.is })) });
  for (let i = 0; i < 4; i++) push(compareAll(before, learned(type, n(), random)), null);
  for (const kind of DRIFT_KINDS) {
    const result = changed(type, kind, random);
    if (result === undefined) continue;
    push(compareAll(before, learned(result.type, n(), random)), result.change);
  }
}
writeFileSync('/tmp/drift/trials.json', JSON.stringify(trials));
