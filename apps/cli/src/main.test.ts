import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { suite, test } from 'node:test'
import { commands } from './commands.ts'
import { main } from './main.ts'
import { bin, file, folder, run } from './testing.ts'

suite('the list of commands and their help', () => {
  test('lahko, lahko help and --help list every command', async () => {
    for (const args of [[], ['help'], ['--help']]) {
      const { code, out } = await run(args)
      assert.equal(code, 0)
      for (const { name, line } of commands) assert.ok(out.includes(name) && out.includes(line))
      assert.ok(out.split('\n').every((line) => line.length <= 100))
    }
  })

  test('score explains itself with examples', async () => {
    const byHelp = await run(['help', 'score'])
    assert.match(byHelp.out, /--time-zone[^]*Examples\n {2}lahko score /)
    assert.deepEqual(await run(['score', 'x.csv', '--help']), byHelp)
  })

  test('a mistyped command or flag gets one sentence, a suggestion and exit code 2', async () => {
    const cases: [args: string[], sentence: string][] = [
      [['scroe', 'x'], 'There is no command scroe. Did you mean score?'],
      [['frobnicate'], 'There is no command frobnicate. lahko help lists what there is.'],
      [['--verison'], 'There is no flag --verison. Did you mean --version?'],
      [['version', 'x'], 'lahko version takes nothing after it, and there is x.'],
      [['help', 'keys'], 'There is no command keys. Did you mean key?'],
      [['score', 'x', '--sclae', 'ces-7'], 'There is no flag --sclae. Did you mean --scale?'],
    ]
    for (const [args, sentence] of cases)
      assert.deepEqual(await run(args), { code: 2, out: '', err: `${sentence}\n` }, args.join(' '))
  })

  test('version', async () => {
    assert.match((await run(['version'])).out, /^lahko \d+\.\d+\.\d+, Node 2[4-9]/)
  })

  test('a command of the server really runs there', async () => {
    const { code, out } = await run(['help', 'key'])
    assert.equal(code, 0)
    assert.match(out, /^lahko key create\|list\|revoke\n/)
  })

  test('the commands of the server and start are handed over as they were typed', async () => {
    const calls: unknown[] = []
    const runInHouse = async (path: string, args: readonly string[]): Promise<number> => calls.push([path, ...args])
    assert.equal(await main(['key', 'create', '--scope', 'x'], runInHouse), 1)
    assert.equal(await main(['help', 'doctor'], runInHouse), 2)
    assert.equal(await main(['start', '--workspace', 'acme'], runInHouse), 3)
    assert.deepEqual(calls, [
      ['apps/server/src/commands/main.ts', 'key', 'create', '--scope', 'x'],
      ['apps/server/src/commands/main.ts', 'doctor', '--help'],
      ['scripts/start.mjs', '--workspace', 'acme'],
    ])
  })
})

suite('as a program among programs', () => {
  test('a reader that stops early ends it quietly', async () => {
    await file('many.csv', `team,score\n${Array.from({ length: 5000 }, (_, i) => `t${i},8\n`).join('')}`)
    const child = spawn(process.execPath, [bin, 'score', 'many.csv', '--by', 'team', '--json'], { cwd: folder })
    let err = ''
    child.stderr.on('data', (part: Buffer) => (err += part.toString()))
    child.stdout.once('data', () => child.stdout.destroy())
    const code = await new Promise((resolve) => child.on('close', resolve))
    assert.equal(code, 0)
    assert.doesNotMatch(err, /Error|EPIPE/)
  })

  test('what it started ends when it is killed', { timeout: 60_000 }, async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const env = { ...process.env, DATABASE_URL: `postgres://lahko:x@127.0.0.1:${port}/lahko` }
    await file('one.eml', 'Subject: x')
    const child = spawn(process.execPath, [bin, 'mail', 'import', 'one.eml'], { cwd: folder, env })
    const [connection] = (await once(silent, 'connection')) as [Socket]
    child.kill('SIGKILL')
    connection.resume()
    await once(connection, 'close')
    silent.close()
  })

  const older = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path))

  test('an older Node hands over to Node 24: output, exit code, signals', { skip: older === undefined }, async () => {
    const done = await run(['score', '-'], 'id,score\n1,8\n', older)
    assert.deepEqual([done.code, done.err], [0, ''])
    assert.equal((await run(['score', '-', '--strict', '--scale', 'ces-7'], 'score\nx\n', older)).code, 2)
    assert.match((await run(['version'], '', older)).out, /Node 24/)
    const child = spawn(older!, [bin, 'score', '-'], { cwd: folder })
    // A pipe holds 64 kB, so that somebody reads once more than that is gone.
    await new Promise((resolve) => child.stdin.write(`id,score\n${'1,8\n'.repeat(100_000)}`, resolve))
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)))
    child.kill('SIGTERM')
    const found = await ended
    assert.ok(found === 143 || found === 'SIGTERM', String(found))
  })
})
