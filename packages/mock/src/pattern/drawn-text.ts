import type { Random } from '../random.ts';
import type { Part } from './syntax.ts';

/** The characters that are drawn from: what can be printed. */
const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
const LETTERS = PRINTABLE.filter((character) => /[a-z0-9]/i.test(character));
/** How much oftener than needed something without limit is repeated. */
const SPARE_REPEATS = 8;

/** A text that an expression fits; empty characters where nothing printable fits. */
export function drawnText(part: Part, random: Random): string {
  switch (part.kind) {
    case 'one': {
      const letters = LETTERS.filter(part.fits);
      const fitting = letters.length > 0 ? letters : PRINTABLE.filter(part.fits);
      return fitting[Math.floor(random() * fitting.length)] ?? '';
    }
    case 'edge':
      return '';
    case 'all':
      return part.parts.map((one) => drawnText(one, random)).join('');
    case 'any': {
      const choice = part.parts[Math.floor(random() * part.parts.length)];
      return choice === undefined ? '' : drawnText(choice, random);
    }
    case 'repeat':
  }
  const most = Math.min(part.most, part.least + SPARE_REPEATS);
  const times = part.least + Math.floor(random() * (most - part.least + 1));
  return Array.from({ length: times }, () => drawnText(part.part, random)).join('');
}
