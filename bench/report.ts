import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { memoryReadNs } from './yardstick.ts'

/** What every bench returns: one table and the checks that it stands or falls by. */
export interface BenchResult {
  name: string
  columns: string[]
  rows: (string | number)[][]
  checks: { check: string; value: number | string; wanted: string; holds: boolean }[]
}

/** Prints the table, the checks and the machine; numbers end on the right. */
export function printReport(result: BenchResult): void {
  console.log(`\n${result.name}\n`)
  printTable([result.columns, ...result.rows])
  console.log('')
  const checks = result.checks.map(({ check, value, wanted, holds }) => [
    holds ? 'holds' : 'FAILS',
    check,
    value,
    wanted,
  ])
  printTable([['', 'check', 'value', 'wanted'], ...checks])
  const { cpu, cores, memoryGb, node, memoryReadNs: ns } = machine()
  console.log(`\n${cpu}, ${cores} cores, ${memoryGb} GB (a read at random ${ns} ns), Node ${node}`)
}

/** Writes the result and the machine as JSON into `bench/results/<name>.json`; returns the file's path. */
export async function writeReport(result: BenchResult): Promise<string> {
  const folder = new URL('./results/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const file = new URL(`${result.name}.json`, folder)
  const report = { ...result, machine: machine(), date: new Date().toISOString() }
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
  return file.pathname
}

let asMeasured: number | undefined

function machine() {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processor'
  return {
    cpu,
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    memoryReadNs: (asMeasured ??= Math.round(memoryReadNs())),
    node: process.version,
  }
}

function printTable(lines: readonly (readonly (string | number)[])[]): void {
  const texts = lines.map((line) => line.map((cell) => (typeof cell === 'number' ? shortened(cell) : cell)))
  const columns = texts[0]?.map((_, column) => column) ?? []
  const widths = columns.map((column) => Math.max(...texts.map((line) => line[column]?.length ?? 0)))
  texts.forEach((line, index) => {
    const cells = line.map((text, column) =>
      typeof lines[index]?.[column] === 'number' ? text.padStart(widths[column]!) : text.padEnd(widths[column]!),
    )
    console.log(cells.join('  ').trimEnd())
  })
}

function shortened(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))
}
