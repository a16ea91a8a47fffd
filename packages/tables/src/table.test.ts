import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { suite, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { openTable, sniff, TableProblem } from './index.ts'
import { inPieces, rowsOf } from './testing.ts'

const plain = 'id,ocena,kraj\n1,7,Črnomelj\n2,,Žalec\n'

async function recordsOf(bytes: Uint8Array | string, size?: number): Promise<Record<string, string>[]> {
  return (await rowsOf(inPieces(bytes, size))).map(({ record }) => ({ ...record }))
}

async function problemOf(bytes: Uint8Array | string): Promise<{ code: string; line: number | null }> {
  try {
    await rowsOf(inPieces(bytes))
  } catch (error) {
    assert.ok(error instanceof TableProblem, String(error))
    return { code: error.code, line: error.line }
  }
  return assert.fail('it was read')
}

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

/** The few letters beyond ASCII that these tests need, as Windows-1250 writes them. */
function windows1250(text: string): Buffer {
  const bytes: Record<string, number> = { š: 0x9a, ž: 0x9e, č: 0xe8, Š: 0x8a, Ž: 0x8e, Č: 0xc8 }
  return Buffer.from([...text].map((letter) => bytes[letter] ?? letter.charCodeAt(0)))
}

suite('encodings', () => {
  const wanted = [
    { id: '1', ocena: '7', kraj: 'Črnomelj' },
    { id: '2', ocena: '', kraj: 'Žalec' },
  ]
  const mark = '\ufeff'
  const cases: [name: string, encoding: string, bytes: Buffer][] = [
    ['UTF-8', 'utf-8', Buffer.from(plain)],
    ['UTF-8 with a mark', 'utf-8', Buffer.from(mark + plain)],
    ['UTF-16LE with a mark', 'utf-16le', Buffer.from(mark + plain, 'utf16le')],
    ['UTF-16BE with a mark', 'utf-16be', utf16be(mark + plain)],
    ['Windows-1250', 'windows-1250', windows1250(plain)],
  ]
  for (const [name, encoding, bytes] of cases) {
    test(name, async () => {
      assert.equal((await sniff(inPieces(bytes))).encoding, encoding)
      assert.deepEqual(await recordsOf(bytes), wanted)
      assert.deepEqual(await recordsOf(bytes, 1), wanted)
    })
  }

  test('UTF-16 without a mark is told by its zero bytes', async () => {
    const ascii = 'id,score\n1,7\n'
    assert.deepEqual(await recordsOf(Buffer.from(ascii, 'utf16le')), [{ id: '1', score: '7' }])
    assert.deepEqual(await recordsOf(utf16be(ascii)), [{ id: '1', score: '7' }])
  })

  test('letters of Windows-1250 in a column name', async () => {
    assert.deepEqual((await sniff(inPieces(windows1250('težavnost;šifra;čas\n1;2;3\n')))).columns, [
      'težavnost',
      'šifra',
      'čas',
    ])
  })

  test('a file that was ASCII for long may still turn out to be Windows-1250 or UTF-8', async () => {
    const long = `id,kraj\n${'1,Ljubljana\n'.repeat(30_000)}`
    const last = (rows: Record<string, string>[]) => rows.at(-1)?.['kraj']
    for (const size of [65_536, 100_003]) {
      assert.equal(last(await recordsOf(windows1250(`${long}2,Čatež\n`), size)), 'Čatež')
      assert.equal(last(await recordsOf(Buffer.from(`${long}2,Čatež\n`), size)), 'Čatež')
    }
    assert.equal(last(await recordsOf(windows1250(`${long}2,Bož`))), 'Bož')
  })

  test('one broken character does not make a UTF-8 file another one', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\nč,š\nž,'), Buffer.from([0xe8]), Buffer.from('\n')])
    assert.deepEqual((await recordsOf(bytes))[0], { a: 'č', b: 'š' })
  })
})

suite('delimited text', () => {
  test('each delimiter is found', async () => {
    for (const delimiter of [',', ';', '\t', '|']) {
      const text = plain.replaceAll(',', delimiter)
      const shape = await sniff(inPieces(text))
      assert.equal(shape.delimiter, delimiter)
      assert.equal(shape.format, delimiter === '\t' ? 'tsv' : 'csv')
      assert.deepEqual(shape.columns, ['id', 'ocena', 'kraj'])
    }
  })

  test('decimal commas do not pass for delimiters', async () => {
    assert.equal((await sniff(inPieces('id;ocena;čas\n1;7,0;3,5\n2;8,0;4,25\n'))).delimiter, ';')
    assert.deepEqual(await recordsOf('ocena\n7,0\n8,0\n'), [{ ocena: '7,0' }, { ocena: '8,0' }])
  })

  test('text with commas does not outvote the delimiter', async () => {
    const text = 'ocena;opomba\n7;"dobro, hitro, prijazno"\n8;slabo, res\n9;nič\n'
    assert.deepEqual((await sniff(inPieces(text))).columns, ['ocena', 'opomba'])
  })

  test('a declared delimiter is taken and its line left out', async () => {
    const rows = await rowsOf(inPieces('sep=;\r\nid;score\r\n1;7\r\n'))
    assert.deepEqual(rows, [
      { line: 3, record: Object.assign(Object.create(null), { id: '1', score: '7' }), problem: null },
    ])
  })

  test('CRLF, lone CR, and a last line without an end', async () => {
    const wanted = [
      { id: '1', score: '7' },
      { id: '2', score: '8' },
    ]
    assert.deepEqual(await recordsOf('id,score\r\n1,7\r\n2,8'), wanted)
    assert.deepEqual(await recordsOf('id,score\r1,7\r2,8\r'), wanted)
    assert.deepEqual(await recordsOf('"id","score"\r\n"1","7"\r\n"2","8"\r\n'), wanted)
  })

  test('quoted newlines, delimiters and quotation marks; lines are counted as in an editor', async () => {
    const rows = await rowsOf(inPieces('id,note\n1,"two\nlines, and ""marks"""\n2,"a\r\nb"\n3,5" wide\n4,"odd" end\n'))
    assert.deepEqual(
      rows.map(({ line, record }) => [line, record['note']]),
      [
        [2, 'two\nlines, and "marks"'],
        [4, 'a\r\nb'],
        [6, '5" wide'],
        [7, 'odd end'],
      ],
    )
  })

  test('empty lines are nothing in a wide table and empty cells in a narrow one, but for those at the end', async () => {
    assert.equal((await recordsOf('id,score\n\n1,7\n\n\n2,8\n\n')).length, 2)
    const narrow = await rowsOf(inPieces('score\n7\n\n8\n\n\n'))
    assert.deepEqual(
      narrow.map(({ line, record }) => [line, record['score']]),
      [
        [2, '7'],
        [3, ''],
        [4, '8'],
      ],
    )
    assert.deepEqual(await recordsOf('score\n""\n'), [{ score: '' }])
  })

  test('rows that are too short or too long', async () => {
    const rows = await rowsOf(inPieces('id,score,note\n1\n2,7,ok,,\n3,7,well, really\n'))
    assert.deepEqual(
      rows.map(({ record, problem }) => [record['score'], problem]),
      [
        ['', null],
        ['7', null],
        ['7', 'too-many-cells'],
      ],
    )
  })

  test('columns without a name or with the same one', async () => {
    assert.deepEqual((await sniff(inPieces('score,,score, kraj \n1,2,3,4\n'))).columns, [
      'score',
      'column 2',
      'score (2)',
      'kraj',
    ])
  })

  test('hundreds of columns', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `q${i}`)
    const [row] = await recordsOf(`${names.join('|')}\n${names.map((_, i) => i).join('|')}\n`)
    assert.deepEqual(
      Object.values(row!),
      names.map((_, i) => String(i)),
    )
  })

  test('a column called __proto__ is a column', async () => {
    const [row] = await rowsOf(inPieces('__proto__,score\nx,7\n'))
    assert.equal(row!.record['__proto__'], 'x')
  })

  test('batches hold as many rows as asked', async () => {
    const text = `id,score\n${Array.from({ length: 2500 }, (_, i) => `${i},7\n`).join('')}`
    const table = await openTable(inPieces(text, 777))
    const sizes: number[] = []
    for await (const batch of table.rows()) sizes.push(batch.length)
    assert.deepEqual(sizes, [1000, 1000, 500])
  })

  test('a source that is left early is closed', async () => {
    let closed = false
    async function* source() {
      try {
        for (;;) yield Buffer.from('id,score\n1,7\n'.repeat(20_000))
      } finally {
        closed = true
      }
    }
    const table = await openTable(source())
    for await (const _batch of table.rows()) break
    assert.equal(closed, true)
    closed = false
    await sniff(source())
    assert.equal(closed, true)
  })
})

suite('NDJSON', () => {
  test('values become text, objects inside are joined by dots', async () => {
    const text =
      '{"score":7,"customer":{"country":"SI"},"tags":["a"],"ok":true,"note":null}\r\n\n{"score":"8","extra":1.5}\n'
    assert.deepEqual(await recordsOf(text), [
      { score: '7', 'customer.country': 'SI', tags: '["a"]', ok: 'true', note: '' },
      { score: '8', extra: '1.5' },
    ])
    const shape = await sniff(inPieces(text))
    assert.equal(shape.format, 'ndjson')
    assert.deepEqual(shape.columns, ['score', 'customer.country', 'tags', 'ok', 'note', 'extra'])
  })

  test('a line that is no object is a row with a problem', async () => {
    const rows = await rowsOf(inPieces('{"score":7}\n{"score":\n[1]\n"text\n{"score":8}\n'))
    assert.deepEqual(
      rows.map(({ line, problem }) => [line, problem]),
      [
        [1, null],
        [2, 'not-json'],
        [3, 'not-json'],
        [4, 'not-json'],
        [5, null],
      ],
    )
  })
})

suite('what is no table', () => {
  const cases: [name: string, bytes: Uint8Array | string, code: string, line: number | null][] = [
    ['nothing', '', 'empty', null],
    ['only space', ' \n\n ', 'empty', null],
    ['only a mark', '\ufeff', 'empty', null],
    ['numbers instead of names', '7\n8\n', 'no-header', 1],
    ['a first line of data with a word', 'a,7\nb,8\n', 'no-header', 1],
    ['a first line of data', '2026-01-02,7\n2026-01-03,8\n', 'no-header', 1],
    ['zero bytes', Buffer.from('id,score\n1,\0\n'), 'binary', null],
    ['control bytes', Buffer.from([1, 2, 3, 4, 5, 6, 7, 14, 15, 16]), 'binary', null],
    ['a workbook', Buffer.from('PK\x03\x04rest'), 'workbook', null],
    ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0]), 'compressed', null],
    ['a JSON array', '[\n {"score": 7}\n]', 'json-array', null],
    ['an indented JSON object', '{\n  "score": 7\n}\n', 'not-json-lines', null],
    ['a mark that is never closed', 'id,note\n1,ok\n2,"open\n3,x\n', 'unclosed-quote', 3],
  ]
  for (const [name, bytes, code, line] of cases) {
    test(name, async () => assert.deepEqual(await problemOf(bytes), { code, line }))
  }

  test('a mark left open far from the end, and an endless line, stop before the memory fills', async () => {
    const open = `id,note\n1,"open\n${'2,x\n'.repeat(500_000)}`
    assert.deepEqual(await problemOf(open), { code: 'long-line', line: 2 })
    assert.deepEqual(await problemOf(`id,note\n1,${'x'.repeat(2_000_000)}\n`), { code: 'long-line', line: 2 })
  })

  test('numbers name columns beside the name of a score, or of a column that is asked for', async () => {
    const columns = async (text: string, expected: string[] = []) =>
      (await openTable(inPieces(text), expected)).shape.columns
    assert.deepEqual(await columns('2024,Ocena\n1,7\n'), ['2024', 'Ocena'])
    assert.deepEqual(await columns('x,1,2\na,7,8\n', ['X']), ['x', '1', '2'])
    await assert.rejects(columns('x,1,2\na,7,8\n', ['y']), { code: 'no-header' })
  })

  test('a column that is not there', async () => {
    const table = await openTable(inPieces('id,score\n1,7\n'))
    await assert.rejects(
      table.scan(['rating'], () => {}),
      { code: 'unknown-column' },
    )
  })
})

suite('properties', () => {
  const letters = fc.constantFrom('a', '7', ' ', ',', ';', '"', '\n', '\r\n', 'č', '€', '😀')
  const cell = fc.array(letters, { maxLength: 6 }).map((parts) => parts.join(''))
  const tableOf = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 })
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

  test('quoted text reads as another well-known reader reads it', async () => {
    await fc.assert(
      fc.asyncProperty(tableOf, async (rows) => {
        const text = [['one', 'two', 'three'], ...rows].map((row) => row.map(quoted).join(',')).join('\n')
        assert.deepEqual(await recordsOf(text), parse(text, { columns: true }))
      }),
    )
  })

  test('chunk boundaries make no difference', async () => {
    await fc.assert(
      fc.asyncProperty(
        tableOf,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('utf8', 'utf16le'),
        async (rows, size, encoding) => {
          const text = `\ufeff${[['one', 'two', 'three'], ...rows].map((row) => row.map(quoted).join(';')).join('\r\n')}\r\n`
          const bytes = Buffer.from(text, encoding as BufferEncoding)
          assert.deepEqual(await rowsOf(inPieces(bytes, size)), await rowsOf(inPieces(bytes)))
        },
      ),
    )
  })

  test('any bytes at all are rows or a problem', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 100 }).map((text) => Buffer.from(text)),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (source) => {
        try {
          await rowsOf(inPieces(source, 7))
        } catch (error) {
          assert.ok(error instanceof TableProblem, String(error))
        }
      }),
    )
  })
})
