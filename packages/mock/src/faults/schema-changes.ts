import type { Change } from '../schema/change.ts';
import { dropField } from '../schema/drop-field.ts';
import { emptyArray } from '../schema/empty-array.ts';
import { extraField } from '../schema/extra-field.ts';
import { newEnum } from '../schema/new-enum.ts';
import { nullField } from '../schema/null-field.ts';
import { renameField } from '../schema/rename-field.ts';
import { retypeField } from '../schema/retype-field.ts';

/** Every change that a schema fault can make; each is a kind of fault, and `drift` takes one. */
export const SCHEMA_CHANGES: readonly Change[] = [
  dropField,
  nullField,
  retypeField,
  renameField,
  extraField,
  newEnum,
  emptyArray,
];
