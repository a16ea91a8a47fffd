import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mentionsIn } from './mentions.ts'

const members = ['Ana Novak', 'Ana Zajc', 'Bor Kos', 'Žiga Đurić-Zajc', "Niamh O'Neill (IT)", 'C++ [dev]'].map(
  (name) => ({
    id: name,
    name,
  }),
)

const cases: [text: string, mentioned: string[]][] = [
  ['@Ana Novak, look', ['Ana Novak']],
  ['@ana zajc: and @bor', ['Ana Zajc', 'Bor Kos']],
  ['@Ana, whichever', []],
  ['bor@Bor.example is no mention of them', []],
  ['@žiga đurić-zajc', ['Žiga Đurić-Zajc']],
  ["(@Niamh O'Neill (IT))", ["Niamh O'Neill (IT)"]],
  ['@C++ [dev].', ['C++ [dev]']],
  ['@Borut is somebody else', []],
]

for (const [text, mentioned] of cases) {
  test(text, () => assert.deepEqual(mentionsIn(text, members), mentioned))
}
