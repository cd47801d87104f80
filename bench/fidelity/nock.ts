import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import nock from 'nock';
import type { FidelityContender } from './contender.ts';
import { ask, askAll } from './seen.ts';

export const contender: FidelityContender = {
  name: 'nock 15.0.6',
  record: async (url, paths, folder) => {
    nock.restore();
    const sent = await askAll(url, paths);
    nock.recorder.rec({ dont_print: true, output_objects: true });
    for (const path of paths) await ask(url + path);
    writeFileSync(join(folder, 'nock.json'), JSON.stringify(nock.recorder.play()));
    nock.restore();
    return sent;
  },
  replay: async (url, paths, folder) => {
    nock.activate();
    nock.define(JSON.parse(readFileSync(join(folder, 'nock.json'), 'utf8')));
    return await askAll(url, paths);
  },
};
