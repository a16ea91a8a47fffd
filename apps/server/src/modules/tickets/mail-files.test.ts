import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { arrivalIn, mailsIn, type FiledMail } from './mail-files.ts'

async function mails(text: string, mostBytes = 10_000): Promise<FiledMail[]> {
  const all: FiledMail[] = []
  for await (const mail of mailsIn(Readable.from([Buffer.from(text)]), mostBytes)) all.push(mail)
  return all
}
const now = new Date('2026-11-26T12:00:00Z')
const second = 'From: c@d.example\n\nTwo\n'

for (const begin of [
  'From nives@mail.example Tue Nov 24 10:00:00 2026',
  'From - Tue Nov 24 10:00:00 2026',
  'From MAILER-DAEMON Tue Nov 24 10:00:00 2026',
  'From 18443@xxx Tue Nov 24 10:00:00 +0000 2026',
  'From nives@mail.example 2026-11-24 10:00',
  'From nives Tue Nov 24 10:00:00 2026 +0100',
]) {
  test(`a message begins at: ${begin}`, async () => {
    const found = await mails(`${begin}\nFrom: a@b.example\n\nOne\n\n${begin}\n${second}`)
    assert.deepEqual(
      found.map(({ raw }) => raw.toString()),
      ['From: a@b.example\n\nOne\n', second],
    )
  })
}

for (const sentence of [
  'From there we went home.',
  'From there we went home in 2024',
  'From now on please write to help@shop.example',
  'From nives@mail.example we have heard nothing',
]) {
  test(`none begins at: ${sentence}`, async () => {
    const [one, ...others] = await mails(`From - Tue Nov 24 10:00:00 2026\nSubject: x\n\nHi,\n\n${sentence}\n`)
    assert.deepEqual(others, [])
    assert.equal(one!.raw.toString(), `Subject: x\n\nHi,\n\n${sentence}\n`)
  })
}

test('a mark of the byte order at the beginning is none of the message', async () => {
  assert.equal(
    (await mails('\ufeffFrom - Tue Nov 24 10:00:00 2026\nSubject: x\n\nHi\n'))[0]!.raw.toString(),
    'Subject: x\n\nHi\n',
  )
  assert.equal((await mails('\ufeffSubject: x\n\nHi\n'))[0]!.raw.toString(), 'Subject: x\n\nHi\n')
})

test('without a date that can be read a message came when it was filed', async () => {
  const arrivals = async (begin: string, headers: string) =>
    (await mails(`${begin}\n${headers}\n\nHi\n`)).map((mail) => arrivalIn(mail, now)?.toISOString())
  const begin = 'From a@b.example Tue Nov 24 10:00:00 2026'
  assert.deepEqual(await arrivals(begin, 'Date: yesterday'), ['2026-11-24T10:00:00.000Z'])
  assert.deepEqual(await arrivals(`${begin} +0100`, 'Subject: x'), ['2026-11-24T09:00:00.000Z'])
  assert.deepEqual(await arrivals('From 1@xxx Tue Nov 24 10:00:00 +0000 2026', 'Subject: x'), [
    '2026-11-24T10:00:00.000Z',
  ])
  assert.deepEqual(await arrivals(begin, 'Date: Mon, 23 Nov 2026 08:00:00 +0000'), ['2026-11-23T08:00:00.000Z'])
  assert.deepEqual(await arrivals('From a@b.example Tue Nov 24 10:00:00 2099', 'Date: x'), [undefined])
})

test('a message that is too large is known by its size and its line, held in part, and ends where it ends', async () => {
  const begin = 'From - Tue Nov 24 10:00:00 2026\n'
  const large = `From: a@b.example\nSubject: Large\n\n${'>From here\n'.repeat(1_000)}`
  const found = await mails(`${begin}${second}\n${begin}${large}\n${begin}${second}`, 5_000)
  assert.deepEqual(
    found.map(({ line, size }) => [line, size > 5_000]),
    [
      [1, false],
      [6, true],
      [1_011, false],
    ],
  )
  assert.ok(found[1]!.raw.length < 7_000)
  assert.deepEqual([found[0]!.raw.toString(), found[2]!.raw.toString()], [second, second])
  const whole = await mails(large, 5_000)
  assert.deepEqual([whole.length, whole[0]!.size], [1, large.length])
  assert.equal((await mails(`${begin}${large}`, 12_000))[0]!.size, large.length - 1_000, 'without its signs')
  assert.equal((await mails('x'.repeat(9_000), 5_000))[0]!.size, 9_000)
})

test('a line without an end is counted and not held, and the message is too large, by its line', async () => {
  const megabyte = 2 ** 20
  let most = 0
  async function* parts() {
    yield Buffer.from(
      'From - Tue Nov 24 10:00:00 2026\nSubject: small\n\nHi\n\nFrom - Tue Nov 24 10:00:00 2026\nSubject: x\n\n',
    )
    for (let count = 0; count < 512; count++) {
      most = Math.max(most, process.memoryUsage().arrayBuffers)
      yield Buffer.alloc(megabyte, 120)
    }
    yield Buffer.from('\n\nFrom - Tue Nov 24 10:00:00 2026\nSubject: last\n\nHi\n')
  }
  const before = process.memoryUsage().arrayBuffers
  const found: [number, boolean][] = []
  for await (const { size, line, raw } of mailsIn(Readable.from(parts()), 10_000)) {
    found.push([line, size > 10_000])
    assert.ok(raw.length <= 11_000)
  }
  assert.deepEqual(found, [
    [1, false],
    [6, true],
    [11, false],
  ])
  assert.ok(most - before < 256 * megabyte, `${(most - before) / megabyte} MB`)
})
