import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ReportJson } from './score/report.ts'

/** What stands behind the command `lahko`. */
export const bin = fileURLToPath(new URL('../bin.mjs', import.meta.url))

/** The folder in which the commands of one test file run. */
export const folder = await mkdtemp(join(tmpdir(), 'lahko-cli-'))
after(() => rm(folder, { recursive: true }))

interface Ended {
  code: number | null
  out: string
  err: string
}

/** Runs `lahko` with these arguments and this standard input. */
export function run(args: string[], input: string | Uint8Array = '', node = process.execPath): Promise<Ended> {
  const child = spawn(node, [bin, ...args], { cwd: folder, env: { ...process.env, TZ: 'Europe/Ljubljana' } })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const ended: Ended = { code: null, out: '', err: '' }
  child.stdout.on('data', (part: Buffer) => (ended.out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (ended.err += part.toString()))
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ended, code })))
}

/** Puts a file into the folder and returns its name. */
export async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content)
  return name
}

/** What `lahko score --json` says. */
export async function json(args: string[], input: string | Uint8Array = ''): Promise<ReportJson> {
  const { code, out, err } = await run(['score', '--json', ...args], input)
  assert.equal(code, 0, err)
  return JSON.parse(out)
}
