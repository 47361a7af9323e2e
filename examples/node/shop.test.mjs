// A merchant's server in Node and its test, with nothing but Node itself:
//   node --test examples/node/shop.test.mjs
// The gateway is a process beside the test; `jeongsan` must be on the PATH.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const jeongsan = promisify(execFile);
let gateway; // { url, database, mId, secretKeys: { test, live } }
let serving;
let shop;
const webhooks = [];

/** Ask the gateway, as its shop. */
async function ask(method, path, body) {
  const answer = await fetch(gateway.url + path, {
    method,
    headers: {
      authorization: `Basic ${btoa(`${gateway.secretKeys.live}:`)}`,
      'content-type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
  const json = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(json));
  return json;
}

/** The merchant's server: the page a buyer comes back to, and the receiver of webhooks. */
async function shopServer(request, response) {
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = JSON.parse(text);
  if (request.url === '/success') {
    response.end(JSON.stringify(await ask('POST', '/v1/payments/confirm', body)));
  } else {
    webhooks.push(body);
    shop.emit('webhook');
    response.end();
  }
}

async function webhook(status) {
  const wanted = () => webhooks.find((body) => body.data.status === status);
  while (!wanted()) await once(shop, 'webhook', { signal: AbortSignal.timeout(5000) });
  return wanted().data;
}

before(async () => {
  // The first line says that it is ready. It ends when its standard input does: with this test, in any case.
  serving = spawn(
    'jeongsan',
    ['serve', '--ephemeral', '--json', '--port', '0', '--until-stdin-closes',
      '--clock', '2025-04-25T11:08:10+09:00', '--clock-mode', 'frozen'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const [line] = await once(createInterface(serving.stdout), 'line');
  gateway = JSON.parse(line);
  shop = http.createServer(shopServer).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  await ask('POST', '/jeongsan/v1/webhooks', { url: `http://127.0.0.1:${shop.address().port}/webhook` });
  await ask('PUT', `/jeongsan/v1/shops/${gateway.mId}`, { rate: 3.6, businessDays: 6 });
});

after(async () => {
  shop.close();
  shop.closeAllConnections();
  serving.stdin.end();
  const [code] = await once(serving, 'exit');
  assert.equal(code, 0);
});

test('a cancel in the merchant admin is heard of and reaches its settlement row', async () => {
  // The buyer pays, and the shop confirms.
  const order = { orderId: 'order-0001', orderName: '티셔츠', amount: 1600 };
  const paid = await ask('POST', '/jeongsan/v1/sandbox/payments', order);
  const success = `http://127.0.0.1:${shop.address().port}/success`;
  const payment = await (await fetch(success, { method: 'POST', body: JSON.stringify(paid) })).json();
  assert.equal(payment.status, 'DONE');
  assert.deepEqual(await webhook('DONE'), payment);

  // Somebody cancels, not the shop's program; it learns of it by its webhook.
  await jeongsan('jeongsan', ['cancel', payment.paymentKey, '--channel', 'merchant-admin',
    '--database', gateway.database, '--json']);
  assert.equal((await webhook('CANCELED')).balanceAmount, 0);

  // One business day on, the day is closed, and both rows can be read.
  await ask('POST', '/jeongsan/v1/clock', { businessDays: 1 });
  const rows = await ask('GET', '/v1/settlements?startDate=2025-04-25&endDate=2025-04-25');
  assert.deepEqual(rows.map((row) => [row.amount, row.fee, row.paidOutDate]), [
    [1600, 63, '2025-05-08'],
    [-1600, -63, '2025-05-08'],
  ]);
});
