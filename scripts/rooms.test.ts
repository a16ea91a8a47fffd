import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { wanted, written } from './rooms.ts'

const oxlint = fileURLToPath(new URL('../node_modules/oxlint/bin/oxlint', import.meta.url))
let folder: string

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'lahko-rooms-'))
  writeFileSync(join(folder, '.oxlintrc.json'), wanted())
})
after(() => rmSync(folder, { recursive: true }))

/** Lints one planted file as if it stood at that place in the house. */
function lint(place: string, text: string): string {
  const file = join(folder, place)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${text}\n`)
  const { stdout } = spawnSync(process.execPath, [oxlint, '--quiet', place], { cwd: folder, encoding: 'utf8' })
  rmSync(file)
  return stdout
}

const importing = (what: string) => `import { x } from '${what}'\nvoid x`
const surveysFile = 'apps/server/src/modules/surveys/planted.ts'
const refused: [place: string, text: string, says: RegExp][] = [
  ['packages/effort/src/planted.ts', "import { readFile } from 'node:fs'\nvoid readFile", /nothing but itself/],
  ['packages/effort/src/planted.ts', "import { z } from 'zod'\nvoid z", /nothing but itself/],
  ['packages/effort/src/planted.ts', importing('../../../apps/server/src/app.ts'), /nothing but itself/],
  ['packages/effort/src/planted.ts', importing('../../contract/src/index.ts'), /nothing but itself/],
  ['packages/effort/src/planted.ts', 'export const now = () => Date.now()', /knows no clock/],
  ['packages/effort/src/planted.ts', 'export const now = () => globalThis.Date.now()', /knows no clock/],
  ['packages/effort/src/planted.ts', 'setInterval(() => undefined, 1)', /knows no clock/],
  ['packages/effort/src/planted.ts', 'queueMicrotask(() => undefined)', /knows no clock/],
  ['packages/effort/src/planted.ts', 'export const roll = () => Math.random()', /Pass randomness in/],
  ['packages/contract/src/planted.ts', "import fastify from 'fastify'\nvoid fastify", /validator and the mathematics/],
  [
    'packages/contract/src/planted.ts',
    "import { useState } from 'react'\nvoid useState",
    /validator and the mathematics/,
  ],
  ['packages/contract/src/planted.ts', importing('../../../apps/server/src/app.ts'), /validator and the mathematics/],
  ['packages/tables/src/planted.ts', importing('../../../apps/server/src/app.ts'), /works on bytes/],
  ['packages/tables/src/planted.ts', importing('@lahko/contract'), /works on bytes/],
  ['packages/tables/src/planted.ts', "import { readFile } from 'node:fs'\nvoid readFile", /works on bytes/],
  ['apps/server/src/platform/planted.ts', "import { surveys } from '#surveys'\nvoid surveys", /knows no module/],
  ['apps/server/src/platform/planted.ts', "import { x } from '../modules/surveys/x.ts'\nvoid x", /knows no module/],
  ['apps/server/src/platform/planted.ts', importing('../app.ts'), /stand on it/],
  ['apps/server/src/platform/planted.ts', importing('../commands/key.ts'), /stand on it/],
  ['apps/server/src/platform/embedded/planted.ts', importing('../../demo/index.ts'), /stand on it/],
  ['apps/server/src/platform/planted.ts', importing('#demo'), /stand on it/],
  [surveysFile, "import { insight } from '#insight'\nvoid insight", /only doors above/],
  [surveysFile, "import { x } from '../touchpoints/touchpoints.queries.ts'\nvoid x", /entered by its door/],
  [surveysFile, "import { buildApp } from '../../app.ts'\nvoid buildApp", /mounted by app/],
  [surveysFile, importing('#demo'), /mounted by app/],
  [surveysFile, importing('../../demo/index.ts'), /mounted by app/],
  [surveysFile, importing('../../commands/key.ts'), /mounted by app/],
  [surveysFile, importing('../../testing/visitor.ts'), /serves only tests/],
  [surveysFile, importing('#platform/testing/house.ts'), /serves only tests/],
  [surveysFile, importing('react'), /live in apps\/workspace/],
  [surveysFile, importing('@lahko/style'), /live in apps\/workspace/],
  ['apps/workspace/src/planted.tsx', importing('node:fs'), /has no Node/],
  ['apps/workspace/src/planted.tsx', importing('../../../packages/effort/src/index.ts'), /use the API/],
  ['apps/cli/src/planted.ts', importing('react'), /no screens/],
  ['apps/workspace/src/planted.tsx', "import { x } from '@lahko/server'\nvoid x", /use the API/],
  ['apps/cli/src/planted.ts', "import { x } from '../../server/src/app.ts'\nvoid x", /use the API/],
]

for (const [place, text, says] of refused) {
  test(`refused in ${dirname(place)}: ${text.split('\n')[0]}`, () => assert.match(lint(place, text), says))
}

test('what the house allows is not refused', () => {
  assert.equal(
    lint(surveysFile, "import { touchpoints } from '#touchpoints'\nvoid touchpoints").includes('no-restricted'),
    false,
  )
  assert.equal(
    lint(surveysFile, "import { route } from '#platform/http.ts'\nvoid route").includes('no-restricted'),
    false,
  )
})

test('the lint rules are the ones made of the list of rooms', () => assert.equal(written(), wanted()))
