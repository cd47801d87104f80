// A provider calls the app through the recorder; later the tape calls the app in its place.

import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Stripe } from 'stripe';
import twilio from 'twilio';
import { describe, expect, test } from 'vitest';
import { calltape, emptyFolder, serve, type Finished } from './run-cli.ts';
import { standIn } from './stand-in.ts';

const { webhooks } = new Stripe('sk_test_any');
const OLD = 'whsec_of_the_day_it_was_recorded';
const NEW = 'whsec_of_today';
const EVENT = '{\n  "id": "evt_1",\n  "type": "charge.succeeded", "amount": 1.10\n}';

interface App {
  readonly url: string;
  /** What was verified, by its event's id. */
  readonly verified: string[];
  readonly bodies: string[];
  readonly retryNumbers: (string | undefined)[];
  /** What is answered to good webhooks from now on. */
  status: number;
  secret: string;
}

/** A shop that takes webhooks of Stripe, and answers 400 where Stripe's own library says no. */
async function startApp(): Promise<App> {
  const app: App = {
    url: '',
    verified: [],
    bodies: [],
    retryNumbers: [],
    status: 200,
    secret: OLD,
  };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    app.bodies.push(body);
    try {
      const signature = request.headers['stripe-signature'] ?? '';
      app.verified.push(webhooks.constructEvent(body, signature, app.secret).id);
      response.writeHead(app.status).end();
    } catch {
      response.writeHead(400).end();
    }
  };
  return Object.assign(app, {
    url: await standIn((request, response) => void take(request, response)),
  });
}

/** Calls as Stripe does. */
async function deliver(url: string, payload: string): Promise<number> {
  const signature = webhooks.generateTestHeaderString({ payload, secret: OLD });
  const { status } = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    body: payload,
  });
  return status;
}

/** Records deliveries in front of an app, onto the tape of the folder. */
async function record(
  cwd: string,
  args: readonly string[],
  calls: (recorder: string) => Promise<unknown>,
): Promise<void> {
  const recorder = await serve(['record', ...args, '--port', '0'], { cwd });
  await calls(recorder.url);
  expect(await recorder.stop()).toMatchObject({ code: 0 });
}

async function recordedShop(
  payloads: readonly string[] = [EVENT],
): Promise<{ app: App; cwd: string }> {
  const [app, cwd] = [await startApp(), await emptyFolder()];
  await record(cwd, [app.url], async (recorder) => {
    for (const payload of payloads)
      expect(await deliver(`${recorder}/hooks/in`, payload)).toBe(200);
  });
  return { app: Object.assign(app, { secret: NEW, verified: [], bodies: [] }), cwd };
}

function jsonLines({ stdout }: Finished): unknown[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a webhook that was recorded in front of the app', () => {
  test('is listed, and sent again so that the library of its provider accepts it', async () => {
    const { app, cwd } = await recordedShop();
    const listed = await calltape(['webhooks'], { cwd });
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    const [heading, row] = listed.stdout.split('\n');
    expect(heading).toMatch(/^ID +TIME \(UTC\) +PROVIDER +EVENT +STATUS +ATTEMPTS +URL$/);
    expect(row).toMatch(/^ *1 +20.+ +stripe +charge\.succeeded +200 +1 +http:\S+\/hooks\/in$/);

    const sent = await calltape(
      ['webhooks', 'send', 'last', '--to', app.url, '--secret-env', 'SHOP_SECRET'],
      { cwd, env: { SHOP_SECRET: NEW } },
    );
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    expect(sent.stdout).toMatch(
      /^1 {2}stripe {2}charge\.succeeded {2}attempt 1 {2}200 {2}accepted {2}[\d.]+ ms {2}http:\S+\/hooks\/in\n$/,
    );
    expect(app).toMatchObject({ verified: ['evt_1'], bodies: [EVENT] });
  });

  test('is sent with the secret of a file, or of the variable, and never with another', async () => {
    const { app, cwd } = await recordedShop();
    await writeFile(join(cwd, 'whsec.txt'), `${NEW}\n`);
    const send = ['webhooks', 'send', '1', '--to', app.url];
    expect((await calltape([...send, '--secret-file', 'whsec.txt'], { cwd })).code).toBe(0);
    const env = { CALLTAPE_WEBHOOK_SECRET: NEW };
    expect((await calltape(send, { cwd, env })).code).toBe(0);
    const told = await calltape([...send, '--secret', NEW], { cwd });
    expect(told.code).toBe(0);
    expect(told.stderr).toContain('a secret on the command line is seen by other programs');
    expect(app.verified).toEqual(['evt_1', 'evt_1', 'evt_1']);
    const wrong = await calltape([...send, '--json'], {
      cwd,
      env: { CALLTAPE_WEBHOOK_SECRET: OLD },
    });
    expect(wrong.code).toBe(1);
    expect(jsonLines(wrong)).toMatchObject([{ id: 1, attempt: 1, status: 400, accepted: false }]);
  });

  test('is tried again as the provider would when the app fails', async () => {
    const { app, cwd } = await recordedShop();
    app.status = 500;
    const env = { CALLTAPE_WEBHOOK_SECRET: NEW };
    const send = ['webhooks', 'send', '1', '--to', app.url, '--speed', 'max', '--json'];
    const failed = await calltape([...send, '--retries', 'real'], { cwd, env });
    expect(failed.code).toBe(1);
    expect(jsonLines(failed)).toHaveLength(9);
    expect(app.verified).toHaveLength(9);
    expect(jsonLines(await calltape([...send, '--retries', '2'], { cwd, env }))).toEqual(
      [1, 2, 3].map((attempt) => ({
        id: 1,
        provider: 'stripe',
        event: 'charge.succeeded',
        attempt,
        started_at: expect.stringMatching(/^20.+Z$/),
        url: `${app.url}/hooks/in`,
        status: 500,
        error: null,
        accepted: false,
        duration_ms: expect.any(Number),
        next_ms: attempt === 3 ? null : 0,
      })),
    );
  });

  test('has placeholders on the tape, and goes out with them and a signature that fits', async () => {
    const key = 'sk_live_51HxYzAbCdEfGhIjKlMnOpQr';
    const { app, cwd } = await recordedShop([`{"id":"evt_2","object":"event","key":"${key}"}`]);
    const env = { CALLTAPE_WEBHOOK_SECRET: NEW };
    expect((await calltape(['webhooks', 'send', '1', '--to', app.url], { cwd, env })).code).toBe(0);
    expect(app.verified).toEqual(['evt_2']);
    expect(app.bodies[0]).toMatch(/"key":"sk_live_\w{24}"/);
    expect(app.bodies[0]).not.toContain(key);
  });

  test('is refused in a clear sentence when the tape has half of it', async () => {
    const [app, cwd] = [await startApp(), await emptyFolder()];
    await record(cwd, [app.url, '--body-limit', '10b'], (recorder) =>
      deliver(`${recorder}/in`, EVENT),
    );
    const env = { CALLTAPE_WEBHOOK_SECRET: NEW };
    const sent = await calltape(
      ['webhooks', 'send', '1', '--to', app.url, '--provider', 'stripe'],
      { cwd, env },
    );
    expect(sent.code).toBe(2);
    expect(sent.stderr).toContain(`the tape has 10 of the ${EVENT.length} bytes of its body`);
    expect(app.bodies).toHaveLength(1);
  });
});

test('webhooks behind a route, and those that sign the URL they call', async () => {
  const cwd = await emptyFolder();
  const valid: boolean[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fields = Object.fromEntries(new URLSearchParams(await text(request)));
    const signature = String(request.headers['x-twilio-signature']);
    valid.push(
      twilio.validateRequest(
        'new token',
        signature,
        `http://${request.headers.host}${request.url}`,
        fields,
      ),
    );
    response.end();
  };
  const url = await standIn((request, response) => void take(request, response));
  await record(cwd, ['--route', `/app=${url}`], (recorder) =>
    fetch(`${recorder}/app/sms?x=1`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': 'of the old token',
        'i-twilio-idempotency-token': 't1',
      },
      body: 'SmsStatus=received&Body=caf%C3%A9+%26+more',
    }),
  );
  expect(jsonLines(await calltape(['webhooks', 'list', '--json'], { cwd }))).toMatchObject([
    { id: 1, provider: 'twilio', event: 'message.received', url: `${url}/sms?x=1`, status: 200 },
  ]);
  const env = { CALLTAPE_WEBHOOK_SECRET: 'new token' };
  expect((await calltape(['webhooks', 'send', '1', '--to', url], { cwd, env })).code).toBe(0);
  expect(valid).toEqual([false, true]);
});

describe('the list', () => {
  test('has a line a delivery, all inbound calls with --all, and takes filters', async () => {
    const { app, cwd } = await recordedShop([EVENT, EVENT.replace('evt_1', 'evt_2'), EVENT]);
    await record(cwd, [app.url], (recorder) => fetch(`${recorder}/cart`, { method: 'POST' }));
    const listed = async (...words: string[]): Promise<unknown[]> =>
      jsonLines(await calltape(['webhooks', ...words, '--json'], { cwd }));
    const all = await listed('--all');
    expect(all).toMatchObject([
      { id: 2, provider: 'stripe', attempts: 1, calls: [2] },
      { id: 3, provider: 'stripe', attempts: 2, calls: [1, 3] },
      { id: 4, provider: 'other', event: null, status: 400, attempts: 1 },
    ]);
    expect(Object.keys(Object(all[0]))).toEqual([
      'id',
      'started_at',
      'provider',
      'event',
      'method',
      'url',
      'status',
      'outcome',
      'attempts',
      'calls',
    ]);
    expect(await listed('list', '--limit', '1')).toMatchObject([{ id: 3 }]);
    expect(await listed('list', 'id<3')).toMatchObject([{ id: 1 }, { id: 2 }]);
    expect(await listed('-path:/hooks', '--all')).toMatchObject([{ id: 4 }]);
  });

  test('says when there are none', async () => {
    const [app, cwd] = [await startApp(), await emptyFolder()];
    await record(cwd, [app.url], (recorder) => fetch(`${recorder}/cart`));
    expect(await calltape(['webhooks'], { cwd })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('No webhooks of known providers on calls.tape.'),
    });
  });
});

test('what cannot be sent is told of before anything is sent', async () => {
  const { app, cwd } = await recordedShop();
  await record(cwd, [app.url], (recorder) =>
    fetch(`${recorder}/hub`, { method: 'POST', headers: { 'x-github-event': 'push' }, body: '{}' }),
  );
  app.bodies.length = 0;
  const refused = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await calltape(['webhooks', ...words], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    return stderr;
  };
  const to = ['--to', app.url];
  const signed = ['--secret', NEW];
  expect(await refused('send', '1', ...to)).toContain(
    'Without a secret a webhook of Stripe cannot be signed',
  );
  expect(await refused('send', '1', ...signed)).toContain('needs the address of your app');
  expect(await refused('send', ...to, ...signed)).toContain('needs an ID');
  expect(await refused('send', '1', '9', ...to, ...signed)).toContain('There is no call 9');
  expect(await refused('send', 'evt_1', ...to, ...signed)).toContain(
    '"evt_1" is not the number of a call',
  );
  expect(await refused('send', '1', '2', ...to, ...signed)).toContain('have different secrets');
  expect(await refused('send', '1', '--to', 'localhost:3000', ...signed)).toContain(
    '--to cannot be',
  );
  expect(await refused('send', '1', ...to, '--secret-env', 'NOT_SET')).toContain(
    'NOT_SET is not set',
  );
  expect(await refused('send', '1', ...to, '--secret-file', 'none')).toContain(
    'There is no file "none"',
  );
  expect(await refused('send', '1', ...to, ...signed, '--secret-env', 'A')).toContain(
    'do not go together',
  );
  expect(await refused('send', '1', ...to, ...signed, '--provider', 'strip')).toContain(
    'did you mean stripe?',
  );
  expect(await refused('send', '1', ...to, ...signed, '--retries', 'often')).toContain(
    'real, none or',
  );
  expect(await refused('send', '1', ...to, ...signed, '--all')).toContain(
    '--all is for calltape webhooks list',
  );
  expect(await refused('list', '--to', 'http://a')).toContain('--to is for calltape webhooks send');
  expect(app.bodies).toEqual([]);
});

test('a host that is not this machine is named in a warning', async () => {
  const { app, cwd } = await recordedShop();
  const to = app.url.replace('127.0.0.1', '0.0.0.0');
  const env = { CALLTAPE_WEBHOOK_SECRET: NEW };
  const { code, stderr } = await calltape(['webhooks', 'send', '1', '--to', to], { cwd, env });
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^Warning: 0\.0\.0\.0:\d+ is not this machine\. Recorded data goes there\.\n$/,
  );
});
