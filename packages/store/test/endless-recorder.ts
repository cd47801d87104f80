// Run as a child process and killed by its parent: records calls with the same lines and others until then.
import { newDraft, openWriter } from '@calltape/store';

const writer = await openWriter(process.argv[2] ?? '', { name: 'killed', source: 'proxy' });
for (let n = 0; ; n += 1) {
  const draft = newDraft('GET', `http://localhost/things/${n}`);
  draft.headers = ['Accept', '*/*', 'X-Part', String(Math.floor(n / 10)), 'X-Own', String(n)];
  draft.body = { pieces: [Buffer.alloc(10_000, String(n))], size: 10_000, hash: null };
  draft.outcome = 'complete';
  writer.finish(draft);
  if (n % 100 === 99) {
    await writer.flush();
    process.stdout.write(`${n}\n`);
  }
}
