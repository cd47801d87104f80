// Run as a child process and killed by its parent: finishes 300 calls, leaves one open, waits.
import { newDraft, openWriter } from '@calltape/store';

const file = process.argv[2] ?? '';
const writer = await openWriter(file, { name: 'killed', source: 'proxy' }, { pendingAfterMs: 10 });
const hanging = newDraft('GET', 'http://localhost/hangs');
hanging.startedAt -= 20;
writer.begin(hanging);
setTimeout(() => {
  for (let n = 0; n < 300; n += 1) {
    const draft = newDraft('GET', `http://localhost/things/${n}`);
    draft.outcome = 'complete';
    writer.begin(draft);
    writer.finish(draft);
  }
  void writer.flush().then(() => process.stdout.write('flushed\n'));
}, 50);
